import { PhysicsError } from '../errors.ts'
import type { Internals } from '../internals.ts'
import type { Layout } from '../memory/layout.ts'

/**
 * The head of a snapshot, in words of 32 bits, little-endian:
 * magic, version, kind, layout, precision, length in bytes, checksum (2), checksum of the base (2), number of capacities, capacities.
 */
export const HEAD = {
  magic: 0,
  version: 1,
  kind: 2,
  layout: 3,
  precision: 4,
  length: 5,
  checksum: 6,
  base: 8,
  capacities: 10,
} as const
/** 'MBst'. */
export const MAGIC = 0x7473_424d
/** Raised when the meaning of the bytes changes. */
export const VERSION = 2
/** What a block holds. */
export const FULL = 1
export const DELTA = 2
export const RECORDING = 3

/** A snapshot that is refused: `field` names what is wrong with it. The world is as it was. */
export class SnapshotError extends PhysicsError {
  constructor(call: string, field: string, value: unknown, reason: string) {
    super('E_SNAPSHOT', call, reason, { field, value })
  }
}

/** An error of `restore`. */
export function refused(field: string, value: unknown, reason: string): SnapshotError {
  return new SnapshotError('restore', field, value, reason)
}

/** The words of a block of bytes: a view where it lies on a word, else a copy. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const whole = bytes.byteLength >>> 2
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, whole)
  return new Uint32Array(bytes.slice(0, 4 * whole).buffer)
}

/** The same words, signed: beyond 2³¹ they would be doubles, and each pass over them slower. */
export function signed(words: Uint32Array): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length)
}

/** Where to write `length` words: the caller's block when it is large enough and on a word, else a new one. */
export function room(into: Uint8Array | undefined, length: number): Uint32Array {
  if (into && into.byteOffset % 4 === 0 && into.byteLength >= 4 * length) {
    return new Uint32Array(into.buffer, into.byteOffset, length)
  }
  return new Uint32Array(length)
}

/** The bytes of words. */
export function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

/** Sums of a checksum; words of a row of it; rows that fit on the kernel's desk, and from how many on asking it pays. */
const LANES = 16
const ROW = 2 * LANES
const DESK_ROWS = 512
const FEW_ROWS = 8
const FACTOR = 0x9e37_79b1

/**
 * The checksum of a block: two words over all others, by sixteen sums that multiply every other word. The kernel takes most of them in, four at a
 * time: 6 MB take 0.6 ms, half of what they would here. Taken piece by piece while the block is written, it finds the words still in the cache.
 * Finds slips, not malice.
 */
export class Checksum {
  private readonly list: Int32Array
  private readonly lanes: Int32Array
  private readonly internals: Internals | undefined
  private at: number = HEAD.checksum + 2

  /** @param internals the world whose kernel helps; the same comes of it without */
  constructor(words: Uint32Array, internals?: Internals) {
    this.list = signed(words)
    this.lanes = Int32Array.from({ length: LANES }, (_, k) => Math.imul(k + 1, 0x85eb_ca6b))
    this.internals = internals
  }

  /** Takes in the words before `end` that make whole rows; the rest comes with the next call. */
  advance(end: number): void {
    const { list, lanes, internals } = this
    const rows = Math.floor((end - this.at) / ROW)
    if (internals && rows >= FEW_ROWS) {
      this.ask(internals, rows)
      return
    }
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < LANES; k++) {
        const at = this.at + k
        lanes[k] = Math.imul(lanes[k]! ^ list[at]!, FACTOR) + list[at + LANES]!
      }
      this.at += ROW
    }
  }

  /** Has the kernel take in some rows. */
  private ask({ views, kernel }: Internals, rows: number): void {
    const { list, lanes } = this
    const desk = signed(views.u32('State.desk'))
    desk.set(lanes)
    for (let left = rows; left > 0; left -= DESK_ROWS) {
      const count = Math.min(left, DESK_ROWS)
      desk.set(list.subarray(this.at, this.at + count * ROW), LANES)
      kernel.exports.state_sum(count)
      this.at += count * ROW
    }
    lanes.set(desk.subarray(0, LANES))
  }

  /** The two words, when all is there: the last words and the head come in too. */
  finish(): [number, number] {
    const { list, lanes } = this
    this.advance(list.length)
    let [low, high] = [0, list.length]
    const add = (word: number): void => {
      low = mix(low, word)
      high = mix(word, high)
    }
    for (let k = 0; k < LANES; k++) add(lanes[k]!)
    for (let i = this.at; i < list.length; i++) add(list[i]!)
    for (let k = 0; k < HEAD.checksum; k++) add(list[k]!)
    return [low >>> 0, high >>> 0]
  }
}

function mix(x: number, y: number): number {
  let h = Math.imul(x ^ (y >>> 16), 0x85eb_ca6b)
  h = Math.imul(h ^ (h >>> 13) ^ y, 0xc2b2_ae35)
  return h ^ (h >>> 16)
}

/** Writes length and checksum into a finished block. `sum` has seen some of it already. */
export function seal(words: Uint32Array, sum = new Checksum(words)): void {
  words[HEAD.length] = 4 * words.length
  const [low, high] = sum.finish()
  words[HEAD.checksum] = low
  words[HEAD.checksum + 1] = high
}

const hashes = /* @__PURE__ */ new WeakMap<Layout, number>()

/** A hash of the names and types of columns, settings and counters: what the numbers of a snapshot mean. */
export function layoutHash(layout: Layout): number {
  let hash = hashes.get(layout)
  if (hash === undefined) {
    const names = [...layout.columns].map(([name, { type }]) => `${name} ${type === 'f64' ? 'real' : type}`)
    hash = 0x811c_9dc5
    for (const text of [...names, ...layout.settings.keys(), ...layout.counters.keys()]) {
      for (let i = 0; i <= text.length; i++) hash = Math.imul(hash ^ (text.charCodeAt(i) || 10), 0x0100_0193)
    }
    hash >>>= 0
    hashes.set(layout, hash)
  }
  return hash
}
