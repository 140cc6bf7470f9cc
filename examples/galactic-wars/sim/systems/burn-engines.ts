import { emit } from 'manybody'
import { FIXED_DT } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'
import { addScaled, readVector, scratch } from '../vec.ts'

/** Ships whose engines emit in one step at most: the others wait for their turn. */
const MAX_BURNS = 250

const at = scratch()
const velocity = scratch()
const nose = scratch()
const direction = scratch()
const place = { at, velocity, direction, scale: 1 }

/** Lets every engine emit what is due: ships take turns where they are very many. */
export function burnEngines(galaxy: Galaxy): void {
  const { ships, engines, frame, Ship, options } = galaxy
  if (options.particles === 0) return
  const stride = Math.ceil(ships.length / MAX_BURNS)
  for (let i = frame % stride; i < ships.length; i += stride) {
    const eid = ships[i]
    const due = engines.due[i] + engines.rates[Ship.type[eid]] * FIXED_DT * stride
    const count = Math.floor(due)
    engines.due[i] = due - count
    if (count > 0) emitExhaust(galaxy, eid, count, 1)
  }
}

/** Emits particles behind a ship, away from its nose, with its velocity. */
export function emitExhaust(galaxy: Galaxy, eid: number, count: number, scale: number): void {
  const { physics, clouds, bursts, Ship } = galaxy
  const { Position, LinearVelocity, RigidBody } = physics.components
  readVector(Ship.nose, eid, nose)
  readVector(Position, eid, at)
  readVector(LinearVelocity, eid, velocity)
  addScaled(at, nose, -RigidBody.radius[eid])
  for (let axis = 0; axis < 3; axis++) direction[axis] = -nose[axis]
  place.scale = scale
  emit(physics, clouds.exhausts[Ship.fleet[eid]][Ship.type[eid]], count, place)
  bursts.emitted += count
}
