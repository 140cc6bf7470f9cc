import { removeEntity } from 'bitecs'
import { checkAlive, RETIRED, resolve } from './alive.ts'
import { type BodyDesc, blankBody, checkBody, readBody } from './body-desc.ts'
import { writeFresh } from './body-write.ts'
import { announce, equip, type Kit, leaveBare, spawn } from './ecs.ts'
import { checkNumber, refuse } from './errors.ts'
import { BODY } from './flags.ts'
import { change, INTERNALS, type Internals, type Physics, use } from './internals.ts'
import { clearEntity } from './membership.ts'
import { dropFresh } from './shapes/table.ts'

/**
 * Adds a body: a new bitECS entity with every component of this package but `Parent`. Queries and observers hear of it when its values are there.
 * @returns the entity id
 * @throws PhysicsError E_CAPACITY, E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_BUSY, E_DISPOSED; nothing is added then
 */
export function addBody(physics: Physics, desc: BodyDesc): number {
  const internals = change(physics, 'addBody')
  let eid = 0
  internals.busy = 'addBody'
  try {
    eid = create(physics, internals, 'addBody', readBody(desc, internals.blank))
  } finally {
    internals.busy = ''
    dropFresh(internals.shapes)
  }
  announce(internals.kit, eid)
  return eid
}

/**
 * Adds many bodies, from descriptions or by a function that fills one reused description a body.
 * Fields that `fill` leaves alone keep what the body before had. Queries and observers hear of the bodies when all are there.
 * @returns entity ids, in order
 * @throws PhysicsError as `addBody`, and what `fill` throws; no body is added then. `fill` itself may not add, remove or step (E_BUSY).
 */
export function addBodies(physics: Physics, descs: readonly BodyDesc[]): Uint32Array
export function addBodies(physics: Physics, count: number, fill: (index: number, desc: BodyDesc) => void): Uint32Array
export function addBodies(
  physics: Physics,
  descs: readonly BodyDesc[] | number,
  fill?: (index: number, desc: BodyDesc) => void,
): Uint32Array {
  const internals = change(physics, 'addBodies')
  const listed = typeof descs === 'number' ? undefined : descs
  const count = listed ? listed.length : checkNumber('addBodies', 'count', descs, { min: 0, integer: true })
  if (internals.bodies + count > physics.capacity.bodies) {
    const room = physics.capacity.bodies - internals.bodies
    refuse('E_CAPACITY', 'addBodies', `room for ${room} more bodies`, 'count', count)
  }
  const eids = new Uint32Array(count)
  createAll(physics, internals, eids, listed, fill)
  announceAll(internals.kit, eids)
  return eids
}

/** Tells of all, whatever an observer throws: that comes out when everybody knows. */
function announceAll(kit: Kit, eids: Uint32Array): void {
  let at = 0
  try {
    while (at < eids.length) announce(kit, eids[at++]!)
  } finally {
    if (at < eids.length) announceAll(kit, eids.subarray(at))
  }
}

/** All or none. */
function createAll(
  physics: Physics,
  internals: Internals,
  eids: Uint32Array,
  listed: readonly BodyDesc[] | undefined,
  fill: ((index: number, desc: BodyDesc) => void) | undefined,
): void {
  const desc = blankBody()
  desc.position = [0, 0, 0]
  desc.linearVelocity = [0, 0, 0]
  desc.angularVelocity = [0, 0, 0]
  let added = 0
  internals.busy = 'addBodies'
  try {
    for (; added < eids.length; added++) {
      if (listed) readBody(listed[added]!, desc)
      else fill!(added, desc)
      eids[added] = create(physics, internals, 'addBodies', desc)
    }
  } catch (error) {
    internals.busy = ''
    // Ids go back in reverse, so that bitECS gives them out again in the same order.
    while (added > 0) {
      const eid = eids[--added]!
      removeEntity(physics.world, eid)
      clearEntity(physics, eid)
    }
    throw error
  } finally {
    internals.busy = ''
    dropFresh(internals.shapes)
  }
}

/**
 * Removes a body and its entity.
 * @throws PhysicsError E_STALE_ENTITY, E_BUSY, E_DISPOSED
 */
export function removeBody(physics: Physics, entity: number): void {
  const eid = checkAlive(physics, 'removeBody', entity)
  change(physics, 'removeBody')
  removeEntity(physics.world, eid)
}

/** Bodies alive. @throws PhysicsError E_DISPOSED */
export function bodyCount(physics: Physics): number {
  return use(physics, 'bodyCount').bodies
}

/**
 * Whether an id or a handle is that of a body now, and, when a generation is given with an id, still the one that had it. False in a world that
 * was disposed.
 */
export function isAlive(physics: Physics, entity: number, generation?: number): boolean {
  const internals = physics[INTERNALS]
  const eid = resolve(internals, entity)
  if (internals.disposed || !(physics.components.RigidBody.flags[eid]! & BODY)) return false
  return generation === undefined || internals.generations[eid] === generation
}

/**
 * How often the id has been freed: what `handleOf` packs together with the id.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function generation(physics: Physics, entity: number): number {
  return physics[INTERNALS].generations[checkAlive(physics, 'generation', entity)]!
}

function create(physics: Physics, internals: Internals, call: string, desc: BodyDesc): number {
  const checked = checkBody(internals, call, desc)
  const { bodies, entities } = physics.capacity
  if (internals.bodies >= bodies) refuse('E_CAPACITY', call, 'no room for another body', 'capacity.bodies', bodies)
  const { kit, life } = internals
  let eid = spawn(kit)
  // An id that ran out of generations stays taken, by an entity without components.
  while (life[eid]! & RETIRED) {
    leaveBare(kit, eid)
    eid = spawn(kit)
  }
  if (eid >= entities) {
    removeEntity(physics.world, eid)
    refuse('E_CAPACITY', call, 'the entity id is beyond the columns', 'capacity.entities', entities, eid)
  }
  internals.direct = true
  try {
    equip(kit, eid)
  } finally {
    internals.direct = false
  }
  writeFresh(physics, eid, desc, checked)
  return eid
}
