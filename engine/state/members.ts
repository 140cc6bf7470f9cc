import { $internal, addComponent, addEntity, Prefab, removeComponent, removeEntity, type World } from 'bitecs'
import type { Components } from '../components.ts'
import type { Physics } from '../internals.ts'
import { signed } from './format.ts'

/**
 * Who has which of this package's components. bitECS has no calls for giving an entity a certain id, so its list of ids is put into order first:
 * `addEntity` then hands out exactly those that come back, and afterwards the free ones in the order in which it would have handed them out.
 */

/** What of bitECS 0.4 is read and written here. */
interface Inside {
  entityIndex: { aliveCount: number; dense: number[]; sparse: number[]; maxId: number; versioning: boolean }
  entityMasks: number[][]
  componentMap: Map<object, { generationId: number; bitflag: number }>
}

/** Bit of what bitECS knows, whoever made it; bit of a prefab. The others are the components, in the order of `components`. */
export const ALIVE = 2 ** 31
const PREFAB = 2 ** 30

function inside(world: World): Inside {
  return (world as unknown as Record<symbol, Inside>)[$internal as unknown as symbol]!
}

/** Whether the world numbers entities anew at each reuse: such ids are no indices of columns. */
export function hasVersions(world: World): boolean {
  return inside(world).entityIndex.versioning
}

/** The highest id that the world has handed out. */
export function highestId(world: World): number {
  return inside(world).entityIndex.maxId
}

/** Free ids, the next one first. */
export function freeIds(world: World): number[] {
  const { dense, aliveCount } = inside(world).entityIndex
  return dense.slice(aliveCount)
}

/** Writes the word of each id below `count` into `out`: its components' bits and `ALIVE`. */
export function readMembers({ world, components }: Physics, count: number, out: Uint32Array): void {
  const { entityIndex, entityMasks } = inside(world)
  out.fill(0, 0, count)
  // Signed: the highest bit would make doubles of the words.
  const list = signed(out)
  for (const [masks, flags] of flagsOf(world, components)) {
    let seen = 0
    let word = 0
    const all = flags.reduce((sum, [flag]) => sum | flag, 0)
    const { [masks]: column } = entityMasks
    for (let eid = 0; eid < count; eid++) {
      const mask = (column![eid] ?? 0) & all
      if (mask !== seen) {
        seen = mask
        word = 0
        for (const [flag, bit] of flags) if (mask & flag) word |= bit
      }
      list[eid]! |= word
    }
  }
  const { dense, aliveCount } = entityIndex
  for (let i = 0; i < aliveCount; i++) if (dense[i]! < count) list[dense[i]!]! |= ALIVE
}

/** By group of bitECS's masks: its flag and our bit of each component that it knows. */
function flagsOf(world: World, components: Components): Map<number, [flag: number, bit: number][]> {
  const { componentMap } = inside(world)
  const flags = new Map<number, [number, number][]>()
  for (const [index, component] of listed(components).entries()) {
    const data = componentMap.get(component)
    if (!data) continue
    const bit = component === Prefab ? PREFAB : 1 << index
    const list = flags.get(data.generationId) ?? []
    list.push([data.bitflag, bit])
    flags.set(data.generationId, list)
  }
  return flags
}

function listed(components: Components): object[] {
  return [...Object.values(components), Prefab]
}

/** Whether an id has any of this package's components. */
export function isMember(word: number): boolean {
  return (word & ~(ALIVE | PREFAB)) !== 0
}

/** The bits that a word can have. */
export function knownBits({ components }: Physics): number {
  return ALIVE | PREFAB | ((1 << Object.keys(components).length) - 1)
}

/** The bit of a component. */
export function bitOf({ components }: Physics, component: object): number {
  return 1 << Object.values(components).indexOf(component as never)
}

/** Whether a word is that of a prefab. */
export function isPrefab(word: number): boolean {
  return (word & PREFAB) !== 0
}

/** What membership was and shall be. */
export interface Members {
  /** Words of the ids now and then; ids beyond a list have none. */
  now: Uint32Array
  after: Uint32Array
  /** Generations of the ids now and then: where they differ, the id is another entity. */
  lives: Uint32Array
  livesAfter: Uint32Array
  /** Free ids of then, the next one first, and the highest id. */
  free: Uint32Array
  highest: number
}

/**
 * Gives the bitECS world the members of a snapshot. Entities that have none of this package's components stay, unless their id is needed. What
 * observers throw is thrown when all is done.
 */
export function restoreMembers(physics: Physics, members: Members): void {
  const { world } = physics
  const { now, after: then } = members
  const errors: unknown[] = []
  const attempt = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      errors.push(error)
    }
  }
  const create: number[] = []
  const { lives, livesAfter } = members
  const most = Math.max(now.length, then.length)
  for (let eid = firstChange(members); eid < most; eid++) {
    const before = eid < now.length ? now[eid]! | 0 : 0
    const after = eid < then.length ? then[eid]! | 0 : 0
    const ours = isMember(after)
    const other = ours && isMember(before) && lives[eid] !== livesAfter[eid]
    if (before === after && !other) continue
    if ((isMember(before) && (!ours || other)) || (ours && before === (ALIVE | 0)))
      attempt(() => removeEntity(world, eid))
    else if (ours && before) {
      attempt(() => change(physics, eid, before, after))
      continue
    }
    if (ours) create.push(eid)
  }
  orderIds(inside(world), create, members)
  for (const eid of create) {
    attempt(() => void addEntity(world))
    attempt(() => change(physics, eid, 0, then[eid]!))
  }
  if (errors.length > 0) throw errors[0]
}

/** The first id that is not as it was; none is before it. */
export function firstChange({ now, after, lives, livesAfter }: Members): number {
  const common = Math.min(now.length, after.length)
  // Signed: the highest bit is set in most, and would make doubles of them.
  const [was, is] = [signed(now), signed(after)]
  const [life, lifeAfter] = [signed(lives), signed(livesAfter)]
  let eid = 1
  while (eid < common && was[eid] === is[eid] && life[eid] === lifeAfter[eid]) eid++
  return eid
}

function change({ world, components }: Physics, eid: number, before: number, after: number): void {
  if (after & PREFAB && !(before & PREFAB)) addComponent(world, eid, Prefab)
  if (before & PREFAB && !(after & PREFAB)) removeComponent(world, eid, Prefab)
  for (const [index, component] of Object.values(components).entries()) {
    const bit = 1 << index
    if (after & bit && !(before & bit)) addComponent(world, eid, component)
    if (before & bit && !(after & bit)) removeComponent(world, eid, component)
  }
}

/** Puts the free ids into order: first those that come back, then as they would have been handed out, then what else is free. */
function orderIds({ entityIndex }: Inside, create: number[], { free, highest }: Members): void {
  const { dense, sparse, aliveCount } = entityIndex
  const rest = dense.slice(aliveCount)
  for (let eid = entityIndex.maxId + 1; eid <= highest; eid++) rest.push(eid)
  entityIndex.maxId = Math.max(entityIndex.maxId, highest)
  const open = new Uint8Array(entityIndex.maxId + 1)
  for (const eid of rest) open[eid] = 1
  dense.length = aliveCount
  const offer = (eid: number): void => {
    if (open[eid] !== 1) return
    open[eid] = 0
    sparse[eid] = dense.length
    dense.push(eid)
  }
  for (let i = 0; i < create.length; i++) offer(create[i]!)
  for (let i = 0; i < free.length; i++) offer(free[i]!)
  // Then those that were still to come, in the order of their numbers; then those that were somebody else's.
  rest.sort((a, b) => a - b)
  for (const eid of rest) if (eid > highest) offer(eid)
  for (const eid of rest) offer(eid)
}
