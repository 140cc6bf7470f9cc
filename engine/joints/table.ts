import { JOINTED } from '../flags.ts'
import { INTERNALS, type Physics, writeSetting } from '../internals.ts'
import type { RealArray } from '../memory/views.ts'
import { countReleased, countTaken } from '../pool.ts'

/** Kinds of joints, as `physics-wasm/src/stages/joint.rs` numbers them; a test compares the two. */
export const KIND = { fixed: 1, ball: 2, hinge: 3, slider: 4, distance: 5 } as const

/** Bits of a joint's flags, as in the kernel. */
export const BIT = {
  broken: 1,
  justBroken: 2,
  breakable: 4,
  collide: 8,
  limited: 16,
  speedMotor: 32,
  targetMotor: 64,
  cone: 128,
  spring: 256,
} as const

/** Places of a joint's numbers, as in the kernel. */
export const PARAMETER = {
  anchorA: 0,
  frameA: 3,
  anchorB: 7,
  frameB: 10,
  lower: 14,
  upper: 15,
  speed: 16,
  target: 17,
  motorHertz: 18,
  motorDamping: 19,
  motorMax: 20,
  hertz: 21,
  damping: 22,
  cone: 23,
  breakForce: 24,
  breakTorque: 25,
  friction: 26,
} as const

/** Places of the mean force and torque in a joint's state, as in the kernel. */
export const STATE = { force: 10, torque: 13 } as const

/** An id is `(generation + 1) · INDICES + index`, as the handle of an entity: below 2⁵³, and never that of another joint. */
const INDICES = 2 ** 20

/** The joints of a world: the kernel's columns, and who is joined by what. Joint 0 is none. */
export interface JointTable {
  readonly kind: Uint32Array
  readonly a: Uint32Array
  readonly b: Uint32Array
  readonly flags: Uint32Array
  readonly real: RealArray
  readonly state: RealArray
  readonly broken: Uint32Array
  /** Numbers of one joint in `real` and in `state`. */
  readonly reals: number
  readonly states: number
  /** Raised when an index is taken again. */
  readonly generations: Float64Array
  /** The highest generation that an index has had: never lowered, not even by an older state that is restored. */
  readonly raised: Float64Array
  readonly free: number[]
  /** One more than the highest index ever used. */
  high: number
  count: number
  /** Links of each body's list: link 2·joint is the joint's end a, 2·joint + 1 its end b; 0 ends a list. */
  readonly first: Uint32Array
  readonly next: Uint32Array
  readonly previous: Uint32Array
}

const tables = new WeakMap<Physics, JointTable>()

/** The table of a world, made at first need. */
export function jointTable(physics: Physics): JointTable {
  let table = tables.get(physics)
  if (!table) {
    table = createTable(physics)
    tables.set(physics, table)
  }
  return table
}

/** The table of a world that has had joints. */
export function existingTable(physics: Physics): JointTable | undefined {
  return tables.get(physics)
}

function createTable(physics: Physics): JointTable {
  const { views } = physics[INTERNALS]
  const kind = views.u32('Joint.kind')
  const slots = kind.length
  const real = views.real('Joint.real')
  const state = views.real('Joint.state')
  return {
    kind,
    a: views.u32('Joint.a'),
    b: views.u32('Joint.b'),
    flags: views.u32('Joint.flags'),
    real,
    state,
    broken: views.u32('joints.broken'),
    reals: real.length / slots,
    states: state.length / slots,
    generations: new Float64Array(slots),
    raised: new Float64Array(slots).fill(-1),
    free: [],
    high: 1,
    count: 0,
    first: new Uint32Array(physics.capacity.entities),
    next: new Uint32Array(2 * slots),
    previous: new Uint32Array(2 * slots),
  }
}

/** The id of the joint with an index. */
export function jointId(table: JointTable, index: number): number {
  return (table.generations[index]! + 1) * INDICES + index
}

/** The index of a joint; 0 when the id is none or stale. */
export function jointIndex(table: JointTable | undefined, id: unknown): number {
  if (!table || typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) return 0
  const index = id % INDICES
  return index < table.high && table.kind[index] !== 0 && jointId(table, index) === id ? index : 0
}

/** Takes an index; the capacity has been checked. */
export function takeIndex(physics: Physics, table: JointTable): number {
  const again = table.free.pop()
  const index = again ?? table.high++
  // Also of an index that is free because an older state was restored.
  table.raised[index]!++
  table.generations[index] = table.raised[index]!
  table.count++
  const internals = physics[INTERNALS]
  countTaken(internals.pools.joints, again !== undefined)
  writeSetting(internals, 'joints', table.high)
  return index
}

/** Enters a joint at both its bodies, and marks them. */
export function link(physics: Physics, table: JointTable, index: number): void {
  const { flags } = physics.components.RigidBody
  for (const [end, body] of [table.a[index]!, table.b[index]!].entries()) {
    const edge = 2 * index + end
    const head = table.first[body]!
    table.next[edge] = head
    table.previous[edge] = 0
    if (head) table.previous[head] = edge
    table.first[body] = edge
    flags[body]! |= JOINTED
  }
}

/** Takes a joint away: its bodies lose it, its index is free, its id is stale. */
export function unlink(physics: Physics, table: JointTable, index: number): void {
  const { flags } = physics.components.RigidBody
  for (const [end, body] of [table.a[index]!, table.b[index]!].entries()) {
    const edge = 2 * index + end
    const { [edge]: next } = table.next
    const { [edge]: previous } = table.previous
    if (next) table.previous[next] = previous!
    if (previous) table.next[previous] = next!
    else table.first[body] = next!
    if (!table.first[body]) flags[body]! &= ~JOINTED
  }
  table.kind[index] = 0
  table.flags[index] = 0
  table.real.fill(0, index * table.reals, (index + 1) * table.reals)
  table.state.fill(0, index * table.states, (index + 1) * table.states)
  table.free.push(index)
  table.count--
  countReleased(physics[INTERNALS].pools.joints)
}
