import type { QuaternionComponent, VectorComponent } from './components.ts'
import { checkNumber, PhysicsError } from './errors.ts'
import { type Internals, type Physics, part, use } from './internals.ts'
import type { RealArray } from './memory/views.ts'

/**
 * Vector and quaternion mathematics for many entities at once, in the kernel, on columns that lie in its memory: those of `physics.components`
 * and those of `createColumns`. The result may be one of the arguments. Nothing is allocated.
 */

/** Entities: from `start` to before `end`, or ids one by one. */
export type Entities = ArrayLike<number> | EntityRange

/** All ids from `start` to before `end`. */
export interface EntityRange {
  readonly start: number
  readonly end: number
}

/** Three columns, or four. */
type Columns = VectorComponent | QuaternionComponent

/** Operations of the kernel: `stages::bulk`. */
const OP = { vector: 0, quaternion: 1, lerp: 2, addScaled: 3, slerp: 4, nlerp: 5, rotate: 6, integrate: 7 } as const
const AXES = ['x', 'y', 'z', 'w'] as const
/** What the kernel takes as "the ids of the list". */
const LISTED = 0xffff_ffff

interface Bulk {
  /** Columns of a call, in bytes from the first of all: result, first argument, second argument, four each. */
  readonly offsets: Uint32Array
  readonly list: Uint32Array
  /** Own columns handed out. */
  used: number
}

const bulks = /* @__PURE__ */ new WeakMap<Internals, Bulk>()

function makeBulk({ views }: Internals): Bulk {
  return { offsets: views.u32('bulk.offset'), list: views.u32('bulk.list'), used: 0 }
}

/**
 * Columns of your own in the kernel's memory, indexed by entity id, all zero: to compute with in bulk, or as a bitECS component. They are not
 * part of the state that is hashed and saved, and are not cleared when an entity goes. They last as long as the world.
 * @param names one for each column, as in `createColumns(physics, 'x', 'y', 'z')`
 * @throws PhysicsError E_CAPACITY (more than `capacity.columns` in all), E_DISPOSED
 */
export function createColumns<Name extends string>(physics: Physics, ...names: Name[]): Record<Name, RealArray> {
  const internals = use(physics, 'createColumns')
  const bulk = part(bulks, internals, makeBulk)
  const { columns, entities } = physics.capacity
  if (bulk.used + names.length > columns) {
    const detail = { field: 'capacity.columns', value: columns }
    throw new PhysicsError('E_CAPACITY', 'createColumns', `no room for ${names.length} more columns`, detail)
  }
  const all = internals.views.real('own')
  const stride = all.length / columns
  const own = {} as Record<Name, RealArray>
  for (const name of names) {
    const from = stride * bulk.used++
    own[name] = all.subarray(from, from + entities)
  }
  return own
}

/**
 * Gives vectors, or quaternions (what has a `w`), length 1. A vector without length stays zero; such a quaternion becomes no turn.
 * @param entities whose; default: every id
 * @throws PhysicsError E_UNSUPPORTED (columns outside the kernel's memory), E_NOT_FINITE, E_RANGE (an entity), E_DISPOSED
 */
export function normalizeAll(physics: Physics, columns: Columns, entities?: Entities): void {
  const turns = 'w' in columns
  run(physics, 'normalizeAll', turns ? OP.quaternion : OP.vector, columns, columns, columns, 0, entities)
}

/**
 * Vectors between two: out = a·(1 − t) + b·t.
 * @param t share of the way; any number
 * @throws PhysicsError as `normalizeAll`
 */
export function lerpAll(
  physics: Physics,
  out: VectorComponent,
  a: VectorComponent,
  b: VectorComponent,
  t: number,
  entities?: Entities,
): void {
  run(physics, 'lerpAll', OP.lerp, out, a, b, checkNumber('lerpAll', 't', t), entities)
}

/**
 * out = a + b·scale: positions after `scale` seconds at velocities `b`, for one.
 * @throws PhysicsError as `normalizeAll`
 */
export function addScaledAll(
  physics: Physics,
  out: VectorComponent,
  a: VectorComponent,
  b: VectorComponent,
  scale: number,
  entities?: Entities,
): void {
  run(physics, 'addScaledAll', OP.addScaled, out, a, b, checkNumber('addScaledAll', 'scale', scale), entities)
}

/**
 * Between unit quaternions at even speed along the shorter way: `slerp` for many.
 * @param t share of the way, 0 … 1
 * @throws PhysicsError as `normalizeAll`; E_RANGE also for `t`
 */
export function slerpAll(
  physics: Physics,
  out: QuaternionComponent,
  a: QuaternionComponent,
  b: QuaternionComponent,
  t: number,
  entities?: Entities,
): void {
  run(physics, 'slerpAll', OP.slerp, out, a, b, checkNumber('slerpAll', 't', t, SHARE), entities)
}

/**
 * Between unit quaternions, straight and back to length 1: `nlerp` for many, a third of the time of `slerpAll`.
 * @param t share of the way, 0 … 1
 * @throws PhysicsError as `slerpAll`
 */
export function nlerpAll(
  physics: Physics,
  out: QuaternionComponent,
  a: QuaternionComponent,
  b: QuaternionComponent,
  t: number,
  entities?: Entities,
): void {
  run(physics, 'nlerpAll', OP.nlerp, out, a, b, checkNumber('nlerpAll', 't', t, SHARE), entities)
}

/**
 * Vectors `v` turned by unit quaternions `q`: `rotateVector` for many.
 * @throws PhysicsError as `normalizeAll`
 */
export function rotateAll(
  physics: Physics,
  out: VectorComponent,
  q: QuaternionComponent,
  v: VectorComponent,
  entities?: Entities,
): void {
  run(physics, 'rotateAll', OP.rotate, out, q, v, 0, entities)
}

/**
 * Unit quaternions `q` after `dt` seconds at angular velocities `omega`, rad/s, in the world's axes: `integrateQuaternion` for many (the sign of
 * a quaternion that turned more than half a turn may differ, which is the same attitude).
 * @throws PhysicsError as `normalizeAll`
 */
export function integrateAll(
  physics: Physics,
  out: QuaternionComponent,
  q: QuaternionComponent,
  omega: VectorComponent,
  dt: number,
  entities?: Entities,
): void {
  run(physics, 'integrateAll', OP.integrate, out, q, omega, checkNumber('integrateAll', 'dt', dt), entities)
}

const SHARE = { min: 0, max: 1 } as const

/** Writes the offsets and calls the kernel: once for a range, once for each few thousand ids of a list. */
function run(
  physics: Physics,
  call: string,
  operation: number,
  out: Columns,
  a: Columns,
  b: Columns,
  t: number,
  entities: Entities | undefined,
): void {
  const internals = use(physics, call)
  const { offsets, list } = part(bulks, internals, makeBulk)
  const most = physics.capacity.entities
  place(internals, call, out, offsets, 0, most)
  place(internals, call, a, offsets, 4, most)
  place(internals, call, b, offsets, 8, most)
  const { bulk } = internals.kernel.exports
  if (entities === undefined || 'start' in entities) {
    const start = entities === undefined ? 0 : checkId(call, 'start', entities.start, most)
    const end = entities === undefined ? most : checkId(call, 'end', entities.end, most)
    if (end > start) bulk(operation, start, end - start, t)
    return
  }
  const ids = entities
  for (let i = 0; i < ids.length; i++) {
    if (!(ids[i]! >= 0 && ids[i]! < most && Number.isInteger(ids[i])))
      throw notAnId(call, `entities[${i}]`, ids[i]!, most)
  }
  for (let from = 0; from < ids.length; from += list.length) {
    const count = Math.min(list.length, ids.length - from)
    for (let i = 0; i < count; i++) list[i] = ids[from + i]!
    bulk(operation, LISTED, count, t)
  }
}

/** The place of each column of a component; three columns fill the fourth place too, with what nobody reads. */
function place(
  { kernel, layout }: Internals,
  call: string,
  columns: Columns,
  offsets: Uint32Array,
  at: number,
  most: number,
): void {
  const { buffer } = kernel.memory
  const base = layout.columns.get('Position.x')!.offset
  for (let k = 0; k < 4; k++) {
    const axis = AXES[k]!
    const column: RealArray | undefined = (columns as QuaternionComponent)[axis] ?? (k === 3 ? columns.x : undefined)
    if (column?.buffer !== buffer || column.length !== most) {
      const reason = 'must be a column of physics.components or createColumns: copy other arrays into one with set()'
      throw new PhysicsError('E_UNSUPPORTED', call, reason, { field: axis })
    }
    offsets[at + k] = column.byteOffset - base
  }
}

function checkId(call: string, field: string, value: number, most: number): number {
  if (!(Number.isInteger(value) && value >= 0 && value <= most)) throw notAnId(call, field, value, most)
  return value
}

function notAnId(call: string, field: string, value: number, most: number): PhysicsError {
  const code = typeof value === 'number' && Number.isFinite(value) ? 'E_RANGE' : 'E_NOT_FINITE'
  return new PhysicsError(code, call, `must be an entity id below ${most}`, { field, value })
}
