/**
 * Words told by how they differ from what was expected. In blocks of 1,024 a block is exactly one of the guesses, or is told group by group of 32
 * words: by the guess that is nearest, which of them differ from it, and the differences, all as wide as the widest. A guess is a column of words;
 * floats that are off by a few units in the last place are off by as much as whole numbers.
 */

import { signed } from './state-format.ts'

const BLOCK = 1024
const GROUP = 32
/** Kinds of blocks, two bits each: the first guess, the second, told. */
const TOLD = 2

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

/** What a group differs by from a guess: which words, and the width of the widest difference. */
interface Fit {
  mask: number
  width: number
  count: number
}

const fits: [Fit, Fit] = [
  { mask: 0, width: 0, count: 0 },
  { mask: 0, width: 0, count: 0 },
]

function measure(fit: Fit, words: Int32Array, guess: Int32Array, from: number, to: number): void {
  let mask = 0
  let all = 0
  let count = 0
  for (let i = from; i < to; i++) {
    const d = (words[i]! - guess[i]!) | 0
    if (d === 0) continue
    mask |= 1 << (i - from)
    all |= (d << 1) ^ (d >> 31)
    count++
  }
  fit.mask = mask
  fit.width = 32 - Math.clz32(all)
  fit.count = count
}

/** Bits that telling a fit takes. */
function cost({ count, width }: Fit): number {
  return count === 0 ? 0 : 32 + count * width
}

function equal(a: Int32Array, b: Int32Array, from: number, to: number): boolean {
  let i = from
  while (i < to && a[i] === b[i]) i++
  return i >= to
}

/** Words of the head: the kinds of the blocks. */
function headOf(count: number): number {
  return Math.ceil(count / (16 * BLOCK))
}

/** Tells `words` by one or two guesses, which are as long. */
export function tell(out: Writer, unsigned: Uint32Array, guesses: readonly Uint32Array[]): void {
  const words = signed(unsigned)
  const first = signed(guesses[0]!)
  const second = signed(guesses[1] ?? guesses[0]!)
  const head = out.at
  out.reserve(headOf(words.length))
  out.words.fill(0, head, head + headOf(words.length))
  out.at += headOf(words.length)
  for (let from = 0, k = 0; from < words.length; from += BLOCK, k++) {
    const to = Math.min(from + BLOCK, words.length)
    let kind = TOLD
    if (equal(words, first, from, to)) kind = 0
    else if (equal(words, second, from, to)) kind = 1
    else tellBlock(out, words, [first, second], from, to)
    out.words[head + (k >>> 4)]! |= kind << (2 * (k & 15))
  }
}

function tellBlock(
  out: Writer,
  words: Int32Array,
  guesses: readonly [Int32Array, Int32Array],
  from: number,
  to: number,
): void {
  // At most: a byte a group, a mask a group, the words themselves.
  out.reserve(8 + 2 * GROUP + BLOCK)
  const controls = out.at
  out.words.fill(0, controls, controls + 8)
  out.at += Math.ceil((to - from) / (4 * GROUP))
  for (let at = from, g = 0; at < to; at += GROUP, g++) {
    const end = Math.min(at + GROUP, to)
    measure(fits[0], words, guesses[0], at, end)
    if (fits[0].count > 0) measure(fits[1], words, guesses[1], at, end)
    const which = fits[0].count > 0 && cost(fits[1]) < cost(fits[0]) ? 1 : 0
    const { mask, width, count } = fits[which]!
    out.words[controls + (g >>> 2)]! |= ((which << 6) | width) << (8 * (g & 3))
    if (count === 0) continue
    out.words[out.at++] = mask
    pack(out, words, guesses[which]!, at, end, width)
  }
}

function pack(out: Writer, words: Int32Array, guess: Int32Array, from: number, to: number, width: number): void {
  const target = out.words
  let { at } = out
  let bits = 0
  let held = 0
  for (let i = from; i < to; i++) {
    const d = (words[i]! - guess[i]!) | 0
    if (d === 0) continue
    const value = ((d << 1) ^ (d >> 31)) >>> 0
    held |= value << bits
    bits += width
    if (bits < 32) continue
    target[at++] = held
    bits -= 32
    held = bits > 0 ? value >>> (width - bits) : 0
  }
  if (bits > 0) target[at++] = held
  out.at = at
}

/** Reads what `tell` wrote from word `from` on into `to`; gives the word after it, or −1 when it is none of it. */
export function hear(source: Uint32Array, from: number, to: Uint32Array, guesses: readonly Uint32Array[]): number {
  const head = from
  let at = from + headOf(to.length)
  for (let start = 0, k = 0; start < to.length; start += BLOCK, k++) {
    if (at > source.length) return -1
    const end = Math.min(start + BLOCK, to.length)
    const kind = (source[head + (k >>> 4)]! >>> (2 * (k & 15))) & 3
    if (kind > TOLD) return -1
    if (kind < TOLD) to.set((guesses[kind] ?? guesses[0]!).subarray(start, end), start)
    else at = hearBlock(source, at, to, guesses, start, end)
    if (at < 0) return -1
  }
  return at <= source.length ? at : -1
}

function hearBlock(
  source: Uint32Array,
  from: number,
  to: Uint32Array,
  guesses: readonly Uint32Array[],
  start: number,
  end: number,
): number {
  let at = from + Math.ceil((end - start) / (4 * GROUP))
  for (let k = start, g = 0; k < end; k += GROUP, g++) {
    const control = (source[from + (g >>> 2)]! >>> (8 * (g & 3))) & 255
    const width = control & 63
    const stop = Math.min(k + GROUP, end)
    const guess = control & 64 ? (guesses[1] ?? guesses[0]!) : guesses[0]!
    to.set(guess.subarray(k, stop), k)
    if (width === 0) continue
    if (width > 32 || control & 128 || at >= source.length) return -1
    at = unpack(source, at, to, k, stop, width)
    if (at < 0) return -1
  }
  return at
}

function unpack(
  source: Uint32Array,
  from: number,
  to: Uint32Array,
  start: number,
  stop: number,
  width: number,
): number {
  const mask = source[from]!
  let at = from + 1
  let bits = 0
  for (let i = start; i < stop; i++) {
    if (!((mask >>> (i - start)) & 1)) continue
    if (at >= source.length) return -1
    let value = source[at]! >>> bits
    bits += width
    if (bits >= 32) {
      at++
      bits -= 32
      if (bits > 0) {
        if (at >= source.length) return -1
        value |= source[at]! << (width - bits)
      }
    }
    if (width < 32) value &= 2 ** width - 1
    to[i] = to[i]! + ((value >>> 1) ^ -(value & 1))
  }
  return bits > 0 ? at + 1 : at
}
