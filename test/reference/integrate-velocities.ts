import { addScaled, scale } from './vec.ts'
import { liveBodies, type ReferenceWorld, spinOf, velocityOf } from './world.ts'

/** Drag, then the kick: v1 = v/(1 + dt·damping), v = v1 + a·dt; likewise the angular velocity. Only dynamic bodies change. */
export function integrateVelocities(world: ReferenceWorld, dt: number): void {
  for (const body of liveBodies(world)) {
    const { motion } = body
    motion.coasting = velocityOf(body)
    motion.coastingSpin = spinOf(body)
    if (body.kind !== 'dynamic') continue
    motion.coasting = scale(body.velocity, 1 / (1 + dt * body.linearDamping))
    motion.coastingSpin = scale(body.angularVelocity, 1 / (1 + dt * body.angularDamping))
    body.velocity = addScaled(motion.coasting, motion.acceleration, dt)
    body.angularVelocity = addScaled(motion.coastingSpin, motion.angularAcceleration, dt)
  }
}
