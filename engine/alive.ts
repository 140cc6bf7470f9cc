import { PhysicsError } from './errors.ts'
import { BODY } from './flags.ts'
import { type Internals, type Physics, use } from './internals.ts'

/**
 * Refuses an id that is not a body.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function checkAlive(physics: Physics, call: string, eid: number): Internals {
  const internals = use(physics, call)
  if (!(physics.components.RigidBody.flags[eid]! & BODY)) {
    throw new PhysicsError('E_STALE_ENTITY', call, 'is not a body', { entity: eid, field: 'entity', value: eid })
  }
  return internals
}
