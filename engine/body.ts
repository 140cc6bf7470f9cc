import { addComponents, addEntity, removeEntity } from 'bitecs'
import { checkAlive } from './alive.ts'
import { type BodyDesc, checkBody } from './body-desc.ts'
import { writeBody } from './body-write.ts'
import { checkNumber, PhysicsError } from './errors.ts'
import { BODY } from './flags.ts'
import { INTERNALS, type Physics, use } from './internals.ts'
import { allComponents, clearEntity } from './membership.ts'
import { dropFresh } from './shape-table.ts'

/**
 * Adds a body: a new bitECS entity with every component of this package.
 * @returns the entity id
 * @throws PhysicsError E_CAPACITY, E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_DISPOSED; nothing is added then
 */
export function addBody(physics: Physics, desc: BodyDesc): number {
  try {
    return create(physics, 'addBody', desc)
  } finally {
    dropFresh(physics[INTERNALS].shapes)
  }
}

/**
 * Adds many bodies, from descriptions or by a function that fills one reused description a body.
 * Fields that `fill` leaves alone keep what the body before had.
 * @returns entity ids, in order
 * @throws PhysicsError as `addBody`, and what `fill` throws; no body is added then
 */
export function addBodies(physics: Physics, descs: readonly BodyDesc[]): Uint32Array
export function addBodies(physics: Physics, count: number, fill: (index: number, desc: BodyDesc) => void): Uint32Array
export function addBodies(
  physics: Physics,
  descs: readonly BodyDesc[] | number,
  fill?: (index: number, desc: BodyDesc) => void,
): Uint32Array {
  const internals = use(physics, 'addBodies')
  const listed = typeof descs === 'number' ? undefined : descs
  const count = listed ? listed.length : checkNumber('addBodies', 'count', descs, { min: 0, integer: true })
  if (internals.bodies + count > physics.capacity.bodies) {
    const room = physics.capacity.bodies - internals.bodies
    throw new PhysicsError('E_CAPACITY', 'addBodies', `room for ${room} more bodies`, { field: 'count', value: count })
  }
  const eids = new Uint32Array(count)
  const desc: BodyDesc = {
    position: [0, 0, 0],
    linearVelocity: [0, 0, 0],
    angularVelocity: [0, 0, 0],
    shape: { type: 'sphere', radius: 0.5 },
  }
  let added = 0
  try {
    if (listed) for (const one of listed) checkBody(internals, 'addBodies', one)
    for (; added < count; added++) {
      fill?.(added, desc)
      eids[added] = create(physics, 'addBodies', listed?.[added] ?? desc)
    }
  } catch (error) {
    // All or none: ids go back in reverse, so that bitECS gives them out again in the same order.
    while (added > 0) {
      const eid = eids[--added]!
      removeEntity(physics.world, eid)
      clearEntity(physics, eid)
    }
    throw error
  } finally {
    dropFresh(internals.shapes)
  }
  return eids
}

/**
 * Removes a body and its entity.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function removeBody(physics: Physics, eid: number): void {
  checkAlive(physics, 'removeBody', eid)
  removeEntity(physics.world, eid)
}

/** Bodies alive. @throws PhysicsError E_DISPOSED */
export function bodyCount(physics: Physics): number {
  return use(physics, 'bodyCount').bodies
}

/** Whether `eid` is a body now, and, when a generation is given, still the one that had it. False in a world that was disposed. */
export function isAlive(physics: Physics, eid: number, generation?: number): boolean {
  const { generations, disposed } = physics[INTERNALS]
  if (disposed || !(physics.components.RigidBody.flags[eid]! & BODY)) return false
  return generation === undefined || generations[eid] === generation
}

/**
 * How often the id has been freed: keep it beside an id to know later whether it is still the same body (bitECS reuses ids at once).
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function generation(physics: Physics, eid: number): number {
  checkAlive(physics, 'generation', eid)
  return physics[INTERNALS].generations[eid]!
}

function create(physics: Physics, call: string, desc: BodyDesc): number {
  const internals = use(physics, call)
  const checked = checkBody(internals, call, desc)
  if (internals.bodies >= physics.capacity.bodies) {
    throw new PhysicsError('E_CAPACITY', call, 'no room for another body', {
      field: 'capacity.bodies',
      value: physics.capacity.bodies,
    })
  }
  const eid = addEntity(physics.world)
  if (eid >= physics.capacity.entities) {
    removeEntity(physics.world, eid)
    throw new PhysicsError('E_CAPACITY', call, 'the entity id is beyond the columns', {
      entity: eid,
      field: 'capacity.entities',
      value: physics.capacity.entities,
    })
  }
  internals.direct = true
  try {
    addComponents(physics.world, eid, allComponents(physics.components))
  } finally {
    internals.direct = false
  }
  clearEntity(physics, eid)
  writeBody(physics, eid, desc, checked)
  return eid
}
