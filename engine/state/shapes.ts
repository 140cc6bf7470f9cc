import { findEntry } from '../shapes/build.ts'
import { KIND } from '../shapes/layout.ts'
import type { Asker, ChildShape, CompoundChild } from '../shapes/shape.ts'
import { readPoints } from '../shapes/shape.ts'
import type { ShapeTable, TableShape } from '../shapes/table.ts'
import { refused } from './format.ts'

/**
 * Shapes in a snapshot: the descriptions that they were built from, not what the kernel made of them. Whoever restores has them already, or builds
 * them again, with every check that a new shape meets; equal descriptions give equal bits.
 */

const SPHERE = 0
const encoded = new WeakMap<TableShape, Uint32Array>()

/** The words of a shape, made once: kind, number of numbers, 64-bit numbers; of a compound: kind, number of parts, parts. */
function encode(shape: TableShape): Uint32Array {
  let words = encoded.get(shape)
  if (!words) {
    const all: number[] = []
    writeShape(all, shape)
    words = Uint32Array.from(all)
    encoded.set(shape, words)
  }
  return words
}

const number = new Float64Array(1)
const halves = new Uint32Array(number.buffer)

function writeNumbers(out: number[], values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    number[0] = values[i]!
    out.push(halves[0]!, halves[1]!)
  }
}

const ASKER: Asker = { call: 'snapshot', field: 'shape', entity: 0 }

function pointsOf(part: string, points: Parameters<typeof readPoints>[2]): number[] {
  const flat = typeof points[0] === 'number'
  const values: number[] = []
  readPoints(ASKER, part, points, flat ? points.length / 3 : points.length, (_, value) => values.push(value))
  return values
}

function writeShape(out: number[], shape: TableShape | ChildShape): void {
  const put = (kind: number, ...lists: ArrayLike<number>[]): void => {
    out.push(kind, ...lists.map((list) => list.length))
    for (const list of lists) writeNumbers(out, list)
  }
  switch (shape.type) {
    case 'sphere':
      put(SPHERE, [shape.radius])
      return
    case 'box':
      put(KIND.box, shape.halfExtents)
      return
    case 'capsule':
      put(KIND.capsule, [shape.radius, shape.halfHeight])
      return
    case 'hull':
      put(KIND.hull, pointsOf('points', shape.points))
      return
    case 'mesh':
      out.push(KIND.mesh)
      {
        const vertices = pointsOf('vertices', shape.vertices)
        out.push(vertices.length, shape.indices.length)
        writeNumbers(out, vertices)
        for (let i = 0; i < shape.indices.length; i++) out.push(shape.indices[i]!)
      }
      return
    case 'heightField': {
      const { rows, columns, spacing, heights } = shape
      const both = typeof spacing === 'number' ? [spacing, spacing] : [spacing[0]!, spacing[1]!]
      put(KIND.heightField, [rows, columns, ...both], heights)
      return
    }
    case 'compound':
      out.push(KIND.compound, shape.children.length)
      for (const { shape: part, position, rotation } of shape.children) {
        writeNumbers(out, position ?? [0, 0, 0])
        writeNumbers(out, rotation ?? [0, 0, 0, 1])
        writeShape(out, part)
      }
  }
}

/** Reads what `writeShape` wrote; every length is checked before it is used. */
class Decoder {
  readonly words: Uint32Array
  at = 0
  constructor(words: Uint32Array) {
    this.words = words
  }
  word(): number {
    if (this.at >= this.words.length) throw refused('length', this.words.length, 'ends within a shape')
    return this.words[this.at++]!
  }
  numbers(count: number): number[] {
    if (2 * count > this.words.length - this.at) throw refused('shape', count, 'has more numbers than there are')
    const values: number[] = []
    for (let i = 0; i < count; i++) {
      halves[0] = this.words[this.at++]!
      halves[1] = this.words[this.at++]!
      values.push(number[0]!)
    }
    return values
  }
  shape(deep: boolean): TableShape | ChildShape {
    const kind = this.word()
    if (kind === KIND.compound && !deep) return this.compound()
    const count = this.word()
    const more = kind === KIND.mesh || kind === KIND.heightField ? this.word() : 0
    const values = this.numbers(count)
    switch (kind) {
      case SPHERE:
        return { type: 'sphere', radius: values[0]! }
      case KIND.box:
        return { type: 'box', halfExtents: values }
      case KIND.capsule:
        return { type: 'capsule', radius: values[0]!, halfHeight: values[1]! }
      case KIND.hull:
        return { type: 'hull', points: values }
      case KIND.mesh: {
        const indices: number[] = []
        if (more > this.words.length - this.at) throw refused('shape', more, 'has more corners than there are')
        for (let i = 0; i < more; i++) indices.push(this.word())
        return { type: 'mesh', vertices: values, indices }
      }
      case KIND.heightField: {
        const [rows, columns, x, z] = values
        return { type: 'heightField', rows: rows!, columns: columns!, spacing: [x!, z!], heights: this.numbers(more) }
      }
    }
    throw refused('shape', kind, 'is no kind of shape')
  }
  compound(): TableShape {
    const count = this.word()
    const children: CompoundChild[] = []
    for (let i = 0; i < count; i++) {
      const position = this.numbers(3)
      const rotation = this.numbers(4)
      children.push({ position, rotation, shape: this.shape(true) as ChildShape })
    }
    return { type: 'compound', children }
  }
}

/** Gives shapes numbers in the order in which they are met, so that equal states give equal bytes whatever the entries of the table are. */
export class ShapeNumbers {
  /** Entry of each number; 0 for none. */
  readonly entries: number[] = [0]
  private readonly numbers = new Map<number, number>([[0, 0]])

  /** The number of an entry. */
  of(entry: number): number {
    let number = this.numbers.get(entry)
    if (number === undefined) {
      number = this.entries.push(entry) - 1
      this.numbers.set(entry, number)
    }
    return number
  }

  /** Writes the numbers of a column's entries. */
  translate(column: Uint32Array, count: number, out: Uint32Array): void {
    for (let i = 0; i < count; i++) out[i] = column[i] === 0 ? 0 : this.of(column[i]!)
  }
}

/** Writes the shapes that were numbered: how many, then of each its number, its length in words and its words. */
export function writeShapes(
  table: ShapeTable,
  entries: readonly number[],
  put: (words: ArrayLike<number>) => void,
): void {
  put([entries.length - 1])
  for (let number = 1; number < entries.length; number++) {
    const words = encode(table.shapes[entries[number]!]!)
    put([number, words.length])
    put(words)
  }
}

/** Which entry of this table each entry of the snapshot is. New ones are held by nobody yet: `dropFresh` takes them away again. */
export function readShapes(table: ShapeTable, take: (count: number) => Uint32Array): Map<number, number> {
  const entries = new Map<number, number>()
  const count = take(1)[0]!
  for (let i = 0; i < count; i++) {
    const [entry, length] = take(2) as unknown as [number, number]
    const words = take(length)
    if (entry === 0 || entries.has(entry)) throw refused('shape', entry, 'is there twice, or none')
    entries.set(entry, rebuild(table, words))
  }
  return entries
}

function sameShape(table: ShapeTable, entry: number, words: Uint32Array): boolean {
  const shape = entry > 0 && entry < table.high ? table.shapes[entry] : undefined
  if (!shape) return false
  const own = encode(shape)
  if (own.length !== words.length) return false
  for (let i = 0; i < own.length; i++) if (own[i] !== words[i]) return false
  return true
}

function rebuild(table: ShapeTable, words: Uint32Array): number {
  const known = findEncoded(table, words)
  if (known) return known
  const decoder = new Decoder(words)
  const shape = decoder.shape(false)
  if (shape.type === 'sphere' || decoder.at !== words.length) throw refused('shape', shape.type, 'is no whole shape')
  try {
    const entry = findEntry(table, { call: 'restore', field: 'shape', entity: 0 }, shape)
    encoded.set(table.shapes[entry]!, words.slice())
    return entry
  } catch (error) {
    throw refused('shape', shape.type, error instanceof Error ? error.message : String(error))
  }
}

/** An entry with the same words, so that a level that is restored again and again is built once. */
function findEncoded(table: ShapeTable, words: Uint32Array): number {
  const likely = lately.get(table) ?? 0
  for (let k = 0; k < table.high; k++) {
    const entry = (likely + k) % table.high
    if (!sameShape(table, entry, words)) continue
    lately.set(table, entry + 1)
    return entry
  }
  return 0
}

/** Where the next shape of a snapshot is likely to be: they mostly come in the order of the table. */
const lately = new WeakMap<ShapeTable, number>()
