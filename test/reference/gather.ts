import { isFinite3, length } from './vec.ts'
import { type ReferenceBody, type ReferenceWorld, radiusOf } from './world.ts'

/** Fastest sound body, m/s, and fastest spin, rad/s; farthest from the origin, m. Beyond, single precision overflows. */
const MAX_SPEED = 1e9
const MAX_DISTANCE = 1e18

/**
 * Decides who takes part in the step. A body with any value that is not finite or beyond its limit, or without a
 * positive mass, is quarantined: no stage reads or writes it, so that nobody else can be poisoned by it.
 */
export function gather(world: ReferenceWorld): void {
  world.quarantined = 0
  for (const body of world.bodies) {
    const quarantined = !isSound(body)
    body.motion.quarantined = quarantined
    body.motion.start = body.position
    body.motion.touched = false
    if (quarantined) world.quarantined++
  }
}

function isSound(body: ReferenceBody): boolean {
  return (
    length(body.position) < MAX_DISTANCE &&
    length(body.velocity) < MAX_SPEED &&
    length(body.angularVelocity) < MAX_SPEED &&
    body.rotation.every(Number.isFinite) &&
    isFinite3(body.force) &&
    isFinite3(body.torque) &&
    [radiusOf(body), body.charge, body.friction, body.restitution].every(Number.isFinite) &&
    [body.linearDamping, body.angularDamping, body.gravityScale].every(Number.isFinite) &&
    Number.isFinite(body.mass) &&
    (body.kind !== 'dynamic' || body.mass > 0)
  )
}
