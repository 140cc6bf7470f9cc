import { INTERNALS, type Physics } from '../internals.ts'
import { openJoints } from '../joints/joint.ts'
import { existingTable, KIND } from '../joints/table.ts'
import { setLive } from '../pool.ts'
import { refused } from './format.ts'

/**
 * What a world knows of its joints beside the kernel's columns: which numbers are free, in the order of their return, and the order of each body's
 * joints; both decide which number the next joint gets and in which order a body's joints go.
 */

/** Writes the free numbers, the generations, and the links of the bodies' lists. */
export function writeJoints(physics: Physics, put: (words: ArrayLike<number>) => void): void {
  const { settings, layout } = physics[INTERNALS]
  // A world that went back to before its first joint has a table still.
  const table = settings[layout.settings.get('joints')!] ? existingTable(physics) : undefined
  put([table ? table.free.length : 0])
  if (!table) return
  put(table.free)
  put(new Uint32Array(table.generations.slice(0, table.high).buffer))
  put(table.next.subarray(0, 2 * table.high))
}

/** The joints of a snapshot, checked. */
export interface Joints {
  readonly high: number
  readonly free: Uint32Array
  readonly generations: Float64Array
  readonly next: Uint32Array
  /** First link of each body that has any. */
  readonly first: Map<number, number>
  readonly count: number
}

/** What the columns of a snapshot say of its joints. */
export interface JointColumns {
  kind: Uint32Array
  a: Uint32Array
  b: Uint32Array
  /** Whether an id is a body. */
  isBody(eid: number): boolean
}

/** Reads and checks them: each number is free or a joint of two bodies, each end is in its body's list once. */
export function readJoints(high: number, take: (count: number) => Uint32Array, columns: JointColumns): Joints {
  const freeCount = take(1)[0]!
  const free = take(freeCount)
  const generations = new Float64Array(take(2 * high).slice().buffer)
  const next = take(2 * high)
  const known = new Uint8Array(high)
  let count = 0
  for (let j = 1; j < high; j++) {
    const kind = columns.kind[j]!
    if (kind === 0) continue
    if (kind > KIND.distance) throw refused('Joint.kind', kind, 'is no kind of joint')
    const [a, b] = [columns.a[j]!, columns.b[j]!]
    if (a === b || !columns.isBody(a) || !columns.isBody(b)) throw refused('Joint.a', a, 'does not join two bodies')
    known[j] = 1
    count++
  }
  for (const j of free) {
    if (j === 0 || j >= high || known[j]) throw refused('joints', j, 'is free twice, or a joint')
    known[j] = 1
  }
  if (freeCount + count !== Math.max(0, high - 1))
    throw refused('joints', freeCount, 'some number is neither free nor a joint')
  for (const g of generations) if (!(Number.isSafeInteger(g) && g >= 0)) throw refused('joints', g, 'is no generation')
  const owner = (edge: number): number => (edge & 1 ? columns.b : columns.a)[edge >>> 1]!
  return { high, free, generations, next, first: listHeads(high, next, columns.kind, owner), count }
}

/** The first link of each body's list; refuses links that are no lists of one body each. */
function listHeads(
  high: number,
  next: Uint32Array,
  kind: Uint32Array,
  owner: (edge: number) => number,
): Map<number, number> {
  const followed = new Uint8Array(2 * high)
  for (let edge = 2; edge < 2 * high; edge++) {
    const to = next[edge]!
    if (kind[edge >>> 1] === 0 || to === 0) continue
    if (to >= 2 * high || kind[to >>> 1] === 0 || followed[to] || owner(to) !== owner(edge) || to === edge) {
      throw refused('joints', to, 'is no link of a list')
    }
    followed[to] = 1
  }
  const first = new Map<number, number>()
  let reached = 0
  let ends = 0
  for (let edge = 2; edge < 2 * high; edge++) {
    if (kind[edge >>> 1] === 0) continue
    ends++
    if (followed[edge]) continue
    if (first.has(owner(edge))) throw refused('joints', edge, 'begins a second list of its body')
    first.set(owner(edge), edge)
    for (let at = edge; at !== 0; at = next[at]!) reached++
  }
  if (reached !== ends) throw refused('joints', ends - reached, 'links that no list reaches')
  return first
}

/** Takes the joints over; the kernel's columns have been. Ids that were given out since stay stale. */
export function restoreJoints(physics: Physics, joints: Joints): void {
  const had = existingTable(physics)
  if (!had && joints.high <= 1) return
  const table = openJoints(physics)
  const { high, free, generations, next, first, count } = joints
  const most = Math.max(high, table.high)
  table.first.fill(0)
  table.next.fill(0, 0, 2 * most)
  table.previous.fill(0, 0, 2 * most)
  for (let j = 1; j < most; j++) {
    const alive = j < high && table.kind[j] !== 0
    table.raised[j] = Math.max(table.raised[j]!, table.generations[j]!, generations[j] ?? 0)
    table.generations[j] = generations[j] ?? table.raised[j]!
    if (!alive) continue
    for (const edge of [2 * j, 2 * j + 1]) {
      const to = next[edge]!
      table.next[edge] = to
      if (to) table.previous[to] = edge
    }
  }
  for (const [body, edge] of first) table.first[body] = edge
  table.free.length = 0
  for (const j of free) table.free.push(j)
  table.high = Math.max(1, high)
  table.count = count
  setLive(physics[INTERNALS].pools.joints, count)
}
