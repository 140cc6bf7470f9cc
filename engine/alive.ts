import { PhysicsError } from './errors.ts'
import { BODY } from './flags.ts'
import { type Internals, type Physics, use } from './internals.ts'

/** Ids are below this; what is not is a handle: (generation + 1) · IDS + id. */
export const IDS = 2 ** 20

/** Bits of `Internals.life`: there is such an entity now; there was one; one of them was a body; the id has no generation left. */
export const ALIVE = 1
export const SEEN = 2
export const EMBODIED = 4
export const RETIRED = 8

/** The id of what may be an id or a handle: ids as they are, 0 for stale handles. */
export function resolve({ life, generations }: Internals, entity: number): number {
  if (entity < IDS) return entity
  // Not by %, which takes as long as all the rest of a call.
  const lives = Math.floor(entity / IDS)
  const eid = entity - lives * IDS
  return life[eid]! & ALIVE && lives - 1 === generations[eid] ? eid : 0
}

/**
 * The id of what may be an id or a handle. Ids pass as they are, whatever they are.
 * @throws PhysicsError E_STALE_ENTITY for a stale handle
 */
export function idOf(internals: Internals, call: string, entity: number, field = 'entity'): number {
  const eid = resolve(internals, entity)
  if (eid === 0 && entity !== 0) throw stale(call, entity, field, 'is not an entity')
  return eid
}

/**
 * The id of a body, which may be given by its handle.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function checkAlive(physics: Physics, call: string, entity: number, field = 'entity'): number {
  const eid = resolve(use(physics, call), entity)
  if (!(physics.components.RigidBody.flags[eid]! & BODY)) throw stale(call, entity, field, 'is not a body')
  return eid
}

/**
 * The id of an entity, body or not, which may be given by its handle.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function checkEntity(physics: Physics, call: string, entity: number, field = 'entity'): number {
  const internals = use(physics, call)
  const eid = resolve(internals, entity)
  if (!(internals.life[eid]! & ALIVE)) throw stale(call, entity, field, 'is not an entity')
  return eid
}

function stale(call: string, entity: number, field: string, reason: string): PhysicsError {
  const id = entity >= IDS ? entity % IDS : entity
  return new PhysicsError('E_STALE_ENTITY', call, reason, { entity: id, field, value: entity })
}
