import { BLOCK, type Desk, TRAY } from './desk.ts'
import { signed } from './format.ts'

/**
 * Words told by how they differ from what was expected. A block of 1,024 is exactly as guessed, or is told group by group of 32 words: which of them
 * differ, and the differences, all as wide as the widest. A guess is a column of words; floats that are off by a few units in the last place are off
 * by as much as whole numbers. The kernel does the work: `stages/delta.rs`.
 */

const GROUP = 32

/** Writes words into an array that grows. */
export class Writer {
  words: Uint32Array
  at: number
  constructor(words: Uint32Array, at: number) {
    this.words = words
    this.at = at
  }
  /** Room for `count` more words. */
  reserve(count: number): void {
    if (this.at + count <= this.words.length) return
    const more = new Uint32Array(Math.max(2 * this.words.length, this.at + count))
    more.set(this.words.subarray(0, this.at))
    this.words = more
  }
  put(words: ArrayLike<number>): void {
    this.reserve(words.length)
    this.words.set(words, this.at)
    this.at += words.length
  }
}

/** Blocks of `count` words. */
function blocksOf(count: number): number {
  return Math.ceil(count / TRAY)
}

/** Words of the head: which blocks are told, a bit each, the others being as guessed; one bit more says that all is as in the base. */
function headOf(count: number): number {
  return 1 + (blocksOf(count) >>> 5)
}

/** Lays the words from `from` to `to` on the desk, and zeros behind them until the group is full. */
function lay({ words: desk }: Desk, at: number, words: Uint32Array, from: number, to: number): void {
  desk.set(words.subarray(from, to), at)
  const left = (to - from) % GROUP
  if (left > 0) desk.fill(0, at + to - from, at + to - from + GROUP - left)
}

/** Tells `words` by a guess, which is as long. */
export function tell(desk: Desk, out: Writer, words: Uint32Array, guess: Uint32Array): void {
  const head = out.at
  out.reserve(headOf(words.length))
  out.words.fill(0, head, head + headOf(words.length))
  out.at += headOf(words.length)
  for (let from = 0, k = 0; from < words.length; from += TRAY, k++) {
    const to = Math.min(from + TRAY, words.length)
    lay(desk, BLOCK.words, words, from, to)
    lay(desk, BLOCK.guess, guess, from, to)
    const count = desk.kernel.exports.state_tell(Math.ceil((to - from) / GROUP))
    if (count === 0) continue
    out.words[head + (k >>> 5)]! |= 1 << (k & 31)
    out.put(desk.words.subarray(BLOCK.told, BLOCK.told + count))
  }
}

/** Tells `count` words that are those of the base, whatever was guessed. */
export function tellSame(out: Writer, count: number): void {
  const { at } = out
  out.reserve(headOf(count))
  out.at += headOf(count)
  out.words.fill(0, at, out.at)
  out.words[out.at - 1] = 1 << (blocksOf(count) & 31)
}

/** The word after `count` words that are those of the base; −1 when they are not, or end too early. */
export function skipSame(source: Uint32Array, from: number, count: number): number {
  const next = from + headOf(count)
  return next <= source.length && source[next - 1]! >>> (blocksOf(count) & 31) === 1 ? next : -1
}

/** Reads what `tell` wrote from word `from` on; `words` holds the guess, then what was told. Gives the word after it, or −1 when it is none of it. */
export function hear(source: Uint32Array, from: number, words: Uint32Array): number {
  let at = from + headOf(words.length)
  if (at > source.length || skipSame(source, from, words.length) >= 0) return -1
  const [told, out] = [signed(source), signed(words)]
  for (let start = 0, k = 0; start < out.length; start += TRAY, k++) {
    if (((told[from + (k >>> 5)]! >>> (k & 31)) & 1) === 0) continue
    at = hearBlock(told, at, out, start, Math.min(start + TRAY, out.length))
    if (at < 0) return -1
  }
  return at
}

function hearBlock(told: Int32Array, from: number, out: Int32Array, start: number, end: number): number {
  let at = from + Math.ceil((end - start) / (4 * GROUP))
  if (at > told.length) return -1
  for (let k = start, g = 0; k < end; k += GROUP, g++) {
    const width = (told[from + (g >>> 2)]! >>> (8 * (g & 3))) & 255
    if (width === 0) continue
    if (width > 32 || at >= told.length) return -1
    at = unpack(told, at, out, k, width)
    if (at > told.length) return -1
  }
  return at
}

/** Adds the differences of a group; gives the word after them, which may be beyond the end: what is there counts as 0. */
function unpack(told: Int32Array, from: number, out: Int32Array, start: number, width: number): number {
  const most = width === 32 ? -1 : (1 << width) - 1
  let at = from + 1
  let bits = 0
  for (let mask = told[from]!; mask !== 0; mask &= mask - 1) {
    let value = told[at]! >>> bits
    bits += width
    if (bits >= 32) {
      at++
      bits -= 32
      if (bits > 0) value |= told[at]! << (width - bits)
    }
    value &= most
    const place = start + 31 - Math.clz32(mask & -mask)
    out[place] = (out[place]! + ((value >>> 1) ^ -(value & 1))) | 0
  }
  return bits > 0 ? at + 1 : at
}
