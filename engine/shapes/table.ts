import { refuse } from '../errors.ts'
import type { Kernel } from '../kernel/exports.ts'
import { type Arena, createArena, giveRange, takeRange } from '../memory/arena.ts'
import type { RealArray, Views } from '../memory/views.ts'
import { countReleased, countTaken, type PoolCount } from '../pool.ts'
import { STATUS } from './layout.ts'
import { type Asker, type PlaneShape, refusePart, type Shape, type SphereShape } from './shape.ts'
import * as STRIDE from './stride.ts'
import * as WORD from './word.ts'

/** A shape that has an entry. */
export type TableShape = Exclude<Shape, SphereShape | PlaneShape>

/** Types of shapes that have an entry. */
export const TABLE_SHAPES: readonly string[] = ['box', 'capsule', 'hull', 'compound', 'mesh', 'heightField']

/** Whether only static bodies can have the shape. */
export function isStaticOnly(shape: Pick<Shape, 'type'>): boolean {
  return shape?.type === 'plane' || shape?.type === 'mesh' || shape?.type === 'heightField'
}

/**
 * The shape table of a world: which description has which entry of the kernel's table, and how many bodies and compounds hold it.
 * An entry that nobody holds is free. Geometry is handed out here and filled by the kernel.
 */
export interface ShapeTable {
  readonly kernel: Kernel
  readonly pool: PoolCount
  /** Entries, the one that stands for none included. */
  readonly capacity: number
  readonly real: RealArray
  readonly word: Uint32Array
  readonly staging: RealArray
  readonly geometryReal: RealArray
  readonly geometryWord: Uint32Array
  /** What the kernel answers. */
  readonly result: Float64Array
  readonly realArena: Arena
  readonly wordArena: Arena
  /** Reals and words of geometry of each entry. */
  readonly sizes: Uint32Array
  /** Holders of each entry. */
  readonly holders: Uint32Array
  /** Entries by value (a text) or by identity (a description). */
  readonly entries: Map<string | TableShape, number>
  readonly keys: (string | TableShape | undefined)[]
  /** What each entry was made from. */
  readonly shapes: (TableShape | undefined)[]
  /** Entries that the parts of a compound hold. */
  readonly parts: (readonly number[] | undefined)[]
  /** Entries that were given back; they are taken first. */
  readonly free: number[]
  /** Entries that nobody holds yet. */
  readonly fresh: number[]
  /** One more than the highest entry that was ever taken. */
  high: number
  /** Entries in use. */
  used: number
}

type Columns = Pick<ShapeTable, 'real' | 'word' | 'staging' | 'geometryReal' | 'geometryWord'>

/** An empty table. */
export function createShapeTable(kernel: Kernel, views: Views, pool: PoolCount): ShapeTable {
  const { capacity } = pool
  const columns: Columns = views.all('Shape.', 'real word staging geometryReal geometryWord')
  return {
    kernel,
    pool,
    capacity: capacity + 1,
    ...columns,
    result: views.f64('result'),
    realArena: createArena(columns.geometryReal.length),
    wordArena: createArena(columns.geometryWord.length),
    sizes: new Uint32Array(2 * (capacity + 1)),
    holders: new Uint32Array(capacity + 1),
    entries: new Map(),
    keys: [],
    shapes: [],
    parts: [],
    free: [],
    fresh: [],
    high: 1,
    used: 0,
  }
}

/** What the kernel is to build. */
export interface Order {
  kind: number
  /** Points, parts, vertices or rows. */
  count: number
  /** Triangles or columns. */
  more: number
  /** By what the entry is found again. */
  key: string | TableShape
  shape: TableShape
  /** Writes level geometry into its place. */
  fill?: (realAt: number, wordAt: number) => void
}

/** Lets the kernel build what is staged into a free entry. */
export function build(table: ShapeTable, asker: Asker, order: Order): number {
  const { kernel, result, realArena, wordArena } = table
  const { kind, count, more, key, shape } = order
  const entry = table.free[table.free.length - 1] ?? table.high
  if (entry >= table.capacity) full(asker, 'shapes', 'another shape', table.capacity - 1)
  checkStatus(table, asker, shape, kernel.exports.shape_measure(kind, count, more))
  const [reals, words, kept] = [result[0]!, result[1]!, result[2]!]
  const realAt = takeRange(realArena, reals)
  const wordAt = takeRange(wordArena, words)
  let built = false
  try {
    if (realAt < 0 || wordAt < 0) full(asker, 'geometry', 'the parts of the shape', table.geometryReal.length)
    order.fill?.(realAt, wordAt)
    checkStatus(table, asker, shape, kernel.exports.shape_build(kind, count, more, entry, realAt, wordAt))
    built = true
  } finally {
    if (!built && realAt >= 0) giveRange(realArena, realAt, reals)
    if (!built && wordAt >= 0) giveRange(wordArena, wordAt, words)
  }
  giveRange(wordArena, wordAt + kept, words - kept)
  table.sizes[2 * entry] = reals
  table.sizes[2 * entry + 1] = kept
  enter(table, entry, key, shape)
  return entry
}

/** Makes a built entry known. */
function enter(table: ShapeTable, entry: number, key: string | TableShape, shape: TableShape): void {
  countTaken(table.pool, table.free.length > 0)
  if (table.free.length > 0) table.free.pop()
  else table.high++
  table.used++
  table.holders[entry] = 0
  table.keys[entry] = key
  table.shapes[entry] = shape
  table.entries.set(key, entry)
  table.fresh.push(entry)
}

/** Turns the kernel's refusal into an error; `result` has what it is about. */
function checkStatus(table: ShapeTable, asker: Asker, shape: TableShape, status: number): void {
  if (!status) return
  if (status === STATUS.flat && shape.type === 'mesh') {
    const index = 3 * table.result[0]!
    const corners = [shape.indices[index], shape.indices[index + 1], shape.indices[index + 2]]
    refusePart(asker, 'E_RANGE', `indices[${index}]`, 'the triangle has no area', corners)
  }
  if (status === STATUS.flat) {
    const part = shape.type === 'hull' ? 'points' : 'type'
    refusePart(asker, 'E_RANGE', part, 'has no volume: points must not lie on one plane', shape.type)
  }
  refusePart(asker, 'E_RANGE', 'type', `the kernel refused the shape (${status})`, shape.type)
}

function full({ call, entity }: Asker, field: string, what: string, value: number): never {
  refuse('E_CAPACITY', call, `no room for ${what}`, `capacity.${field}`, value, entity)
}

/** One more holder. */
export function holdEntry(table: ShapeTable, entry: number): void {
  table.holders[entry]!++
}

/** One holder less; the last one frees the entry, its geometry, and its parts. */
export function releaseEntry(table: ShapeTable, entry: number): void {
  if (!table.holders[entry]) return
  if (--table.holders[entry]! === 0) freeEntry(table, entry)
}

/** Frees what was built in a call and is held by nobody. */
export function dropFresh(table: ShapeTable): void {
  const { fresh, holders } = table
  // Compounds come after their parts: dropping one lets its parts go, which are then free already.
  while (fresh.length > 0) {
    const entry = fresh.pop()!
    if (!holders[entry] && table.keys[entry] !== undefined) freeEntry(table, entry)
  }
}

function freeEntry(table: ShapeTable, entry: number): void {
  const { word } = table
  const at = entry * STRIDE.words
  giveRange(table.realArena, word[at + WORD.realAt]!, table.sizes[2 * entry]!)
  giveRange(table.wordArena, word[at + WORD.wordAt]!, table.sizes[2 * entry + 1]!)
  word[at + WORD.kind] = 0
  table.entries.delete(table.keys[entry]!)
  table.keys[entry] = undefined
  table.shapes[entry] = undefined
  table.free.push(entry)
  table.used--
  countReleased(table.pool)
  const parts = table.parts[entry]
  table.parts[entry] = undefined
  if (parts) for (const part of parts) releaseEntry(table, part)
}
