import { entityExists } from 'bitecs'
import { ALIVE, checkEntity, IDS, RETIRED, resolve, SEEN } from './alive.ts'
import { type Physics, use } from './internals.ts'

/**
 * An id with its generation, one number: (generation + 1) · 2²⁰ + id, below 2⁵³. bitECS gives ids out again at once; a handle is never that of
 * another entity. Every function that takes an entity takes a handle as well, and refuses a stale one.
 *
 * It ends with its entity, and with its body: an entity whose `RigidBody` was removed has another handle afterwards.
 */
export type Handle = number

/**
 * The handle of an entity, body or not; also in the observers of its removal, where the handle itself has ended.
 * @throws PhysicsError E_STALE_ENTITY (no entity of this world, or beyond `capacity.entities`), E_DISPOSED
 */
export function handleOf(physics: Physics, eid: number): Handle {
  const { generations, life } = use(physics, 'handleOf')
  const going = (life[eid]! & (SEEN | RETIRED)) === SEEN && entityExists(physics.world, eid)
  const id = going ? eid : checkEntity(physics, 'handleOf', eid)
  return generations[id]! * IDS + IDS + id
}

/**
 * The id that a handle stands for; 0 when its entity or body is gone. An id gives itself while there is such an entity.
 * @throws PhysicsError E_DISPOSED
 */
export function entityOf(physics: Physics, handle: Handle): number {
  const internals = use(physics, 'entityOf')
  const eid = resolve(internals, handle)
  return internals.life[eid]! & ALIVE ? eid : 0
}
