import { EMBODIED, RETIRED, SEEN } from '../alive.ts'
import { BODY } from '../flags.ts'
import { publishTransforms } from '../hierarchy.ts'
import { change, type Internals, type Physics, part, writeSetting } from '../internals.ts'
import { setLive } from '../pool.ts'
import { forgetIndex } from '../query/columns.ts'
import { dropFresh, holdEntry, releaseEntry } from '../shapes/table.ts'
import { readBlocks } from './blocks.ts'
import { stateColumns } from './columns.ts'
import { restoreEmitters } from './emitters.ts'
import { FULL } from './format.ts'
import { checkHead } from './head.ts'
import { restoreJoints } from './joints.ts'
import { firstChange, highestId, type Members, readMembers, restoreMembers } from './members.ts'
import { type Plan, readPlan } from './plan.ts'
import { ENGINE } from './scalars.ts'
import { noteSystems, restoreSources, restoreSystems } from './systems.ts'

/**
 * Puts a world back into the state of a snapshot: its own, or that of a world with the same options. What follows is the same, bit for bit, on
 * every tier and with every number of threads.
 *
 * Entities that came since are removed from the bitECS world, and those that went come back with their ids, with this package's components alone;
 * an entity that has none of them stays, unless its id is needed. Handles from before the snapshot are good again; those made since are stale
 * for ever. The bytes may come from anywhere: they are checked as a whole first.
 * @param bytes what `snapshot` gave; deltas go to `restoreDelta`
 * @throws PhysicsError E_SNAPSHOT, its `field` naming what is wrong or differs, with the world as it was; E_BUSY, E_DISPOSED
 */
export function restore(physics: Physics, bytes: Uint8Array): void {
  const internals = change(physics, 'restore')
  restoreWords(physics, internals, checkHead(physics, internals, bytes, FULL))
}

/** Restores a snapshot whose head is sound. @internal */
export function restoreWords(physics: Physics, internals: Internals, words: Uint32Array): void {
  try {
    const plan = readPlan(physics, internals, words)
    commit(physics, internals, plan)
  } finally {
    dropFresh(internals.shapes)
  }
}

/** Words of the members, and generations, of a world before a restore; kept so that restoring again and again allocates little. */
interface Before {
  readonly members: Uint32Array
  readonly generations: Uint32Array
}

const befores = new WeakMap<Internals, Before>()

function beforeOf(internals: Internals): Before {
  return part(befores, internals, ({ generations: { length } }) => ({
    members: new Uint32Array(length),
    generations: new Uint32Array(length),
  }))
}

/** Writes a checked snapshot into the world. Nothing here refuses. */
function commit(physics: Physics, internals: Internals, plan: Plan): void {
  const { generations, family, kernel } = internals
  const { flags, shape } = physics.components.RigidBody
  const keep = beforeOf(internals)
  const { entities } = plan.extent
  const known = Math.max(entities, highestKnown(physics, internals))
  const held = shapesOf(internals, plan, shape, known)
  const systems = noteSystems(internals)
  const { nodes } = family
  keep.generations.set(generations.subarray(0, known))
  readMembers(physics, known, keep.members)
  const members: Members = {
    now: keep.members.subarray(0, known),
    after: plan.members,
    lives: keep.generations,
    livesAfter: plan.generations,
    free: plan.freeIds,
    highest: plan.scalars.engine[ENGINE.highest]!,
  }
  const changed = firstChange(members) < known
  if (changed) {
    // Who goes is nobody's affair any more: with no flags and no place, the observers see no body and no node.
    flags.fill(0, 0, known)
    shape.fill(0, 0, known)
    family.isNode.fill(0)
  }
  let thrown: unknown
  internals.direct = true
  try {
    restoreMembers(physics, members)
  } catch (error) {
    thrown = error
  } finally {
    internals.direct = false
  }
  writeColumns(internals, plan, known)
  if (changed) restoreLife(internals, plan, keep, known)
  restoreShapes(internals, plan, shape, held)
  writeScalars(internals, plan)
  restoreJoints(physics, plan.joints)
  restoreEmitters(internals, plan.extent.emitters, plan.emitters)
  restoreSystems(physics, plan.extent.systems, systems, plan.shapeOf)
  if (internals.sources.size > 0 || plan.sourced) restoreSources(physics, plan.members, known)
  restoreFamily(internals, plan)
  kernel.exports.state_load()
  if (family.nodes + nodes > 0) kernel.exports.update_transforms(0, 1)
  publishTransforms(internals)
  forgetIndex(internals)
  for (const tell of internals.restored) tell()
  if (thrown !== undefined) throw thrown
}

/** The shapes that bodies have now; none where there were none and will be none. */
function shapesOf({ shapes }: Internals, { shapeOf }: Plan, shape: Uint32Array, known: number): Uint32Array {
  return shapeOf.size === 0 && shapes.used === 0 ? NONE : shape.slice(0, known)
}

const NONE = new Uint32Array(0)

/** Who has which shape: new holders first, so that nothing goes that is still wanted. */
function restoreShapes({ shapes }: Internals, { shapeOf }: Plan, shape: Uint32Array, held: Uint32Array): void {
  for (let eid = 0; eid < held.length; eid++) {
    if (shape[eid] === 0) continue
    const entry = shapeOf.get(shape[eid]!)!
    shape[eid] = entry
    if (entry !== held[eid]) holdEntry(shapes, entry)
  }
  for (let eid = 0; eid < held.length; eid++) if (held[eid] !== shape[eid]) releaseEntry(shapes, held[eid]!)
}

/** One more than the highest id whose columns may not be zero. */
function highestKnown({ capacity, world }: Physics, { high }: Internals): number {
  return Math.min(capacity.entities, Math.max(high, highestId(world) + 1))
}

const GENERATION = 'RigidBody.generation'

function writeColumns(internals: Internals, plan: Plan, known: number): void {
  const { words } = plan
  const pageList = internals.views.u32('Particle.pageList')
  for (const { range, at } of plan.places) {
    const { column, start, count } = range
    readBlocks(words, at, { count, size: column.size }, column.words, start, internals.kernel)
  }
  for (let k = 0; k < plan.extent.pages; k++) pageList[k] = k
  // What the world had beyond: nothing, as when the snapshot was taken.
  const { entities } = plan.extent
  for (const { name, words: column, size, perEntity } of stateColumns(internals)) {
    if (perEntity && name !== GENERATION) column.fill(0, entities * size, known * size)
  }
}

/** Whose id is whose: those of the snapshot have their generations, and no later one gets any that was given out. */
function restoreLife(
  { generations, raised, life }: Internals,
  { scalars, extent, flags }: Plan,
  keep: Before,
  known: number,
): void {
  const highest = Math.min(scalars.engine[ENGINE.highest]!, known - 1)
  const before = keep.generations
  for (let eid = 1; eid <= highest; eid++) {
    if (before[eid] !== raised[eid] && before[eid]! > raised[eid]!) raised[eid] = before[eid]!
    const now = (life[eid]! & ~RETIRED) | SEEN | (flags[eid]! & BODY ? EMBODIED : 0)
    if (now !== life[eid]) life[eid] = now
  }
  for (let eid = 1; eid < extent.entities; eid++) {
    if (generations[eid] !== raised[eid] && generations[eid]! > raised[eid]!) raised[eid] = generations[eid]!
  }
}

function writeScalars(internals: Internals, { scalars, extent, counts }: Plan): void {
  const { settings, counters, views, layout } = internals
  const joints = Math.max(settings[layout.settings.get('joints')!]!, extent.joints)
  views.u32('Joint.kind').fill(0, extent.joints, joints)
  const shown = settings[layout.settings.get('shown')!]!
  settings.set(scalars.settings)
  writeSetting(internals, 'shown', shown)
  counters.set(scalars.counters)
  views.f64('State.kept').set(scalars.kept)
  internals.high = scalars.engine[ENGINE.high]!
  internals.lastDt = scalars.engine[ENGINE.lastDt]!
  internals.pending = scalars.engine[ENGINE.pending]!
  internals.bodies = counts.bodies
  setLive(internals.pools.bodies, counts.bodies)
  internals.planes = counts.planes
  internals.added.component = undefined
  internals.stats.particles = extent.particles
  writeSetting(internals, 'high', internals.high)
  writeSetting(internals, 'joints', extent.joints)
  writeSetting(internals, 'nodesStale', 1)
  counters[layout.counters.get('particlePages')!] = extent.pages
  counters[layout.counters.get('freePages')!] = 0
}

function restoreFamily({ family, pools }: Internals, { nodes }: Plan): void {
  family.isNode.fill(0)
  for (const eid of nodes) family.isNode[eid] = 1
  family.nodes = nodes.length
  setLive(pools.nodes, nodes.length)
}
