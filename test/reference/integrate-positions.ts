import { add, addScaled, rotateBy, scale, type Vec3 } from './vec.ts'
import { liveBodies, type ReferenceBody, type ReferenceWorld } from './world.ts'

/** Moves and turns everything that is not static. Bullets turn here; `sweep` moves them. */
export function integratePositions(world: ReferenceWorld, dt: number): void {
  for (const body of liveBodies(world)) {
    if (body.kind === 'static') continue
    body.motion.displacement = wayOf(body, dt)
    body.rotation = rotateBy(body.rotation, body.angularVelocity, dt)
    if (!body.bullet) body.position = add(body.position, body.motion.displacement)
  }
}

/** The solver's displacement for a body with contacts, else dt times the mean velocity v − a·dt/2. */
function wayOf(body: ReferenceBody, dt: number): Vec3 {
  if (body.motion.touched) return body.motion.displacement
  return scale(addScaled(body.velocity, body.motion.acceleration, -dt / 2), dt)
}
