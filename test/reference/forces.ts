import { longRangeAcceleration } from './long-range.ts'
import { add, scale } from './vec.ts'
import { inverseInertia, inverseMass, movingBodies, type ReferenceWorld } from './world.ts'

/** Accelerations of the dynamic bodies: uniform gravity, applied force and torque, long-range forces at the mid-points. */
export function forces(world: ReferenceWorld, dt: number): void {
  for (const body of movingBodies(world)) {
    const falling = scale(world.gravity, body.gravityScale)
    const applied = scale(body.force, inverseMass(body))
    const attracted = longRangeAcceleration(world, body, dt)
    body.motion.acceleration = add(add(falling, applied), attracted)
    body.motion.angularAcceleration = scale(body.torque, inverseInertia(body))
  }
}
