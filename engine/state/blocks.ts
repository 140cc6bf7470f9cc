import type { Kernel } from '../kernel/exports.ts'
import type { Range, StateColumn } from './columns.ts'
import { type Checksum, signed } from './format.ts'

/**
 * How a range of a column is written: in blocks of 1,024 words, each as it is or, when all its elements are alike, as one of them. First the kinds
 * of the blocks, a bit each, then the blocks.
 */
export const BLOCK = 1024

/** Words that the kinds of the blocks of `count` words take. */
function headOf(count: number): number {
  return Math.ceil(count / (32 * BLOCK))
}

/** Whether the words from `start` to `end` repeat the first `size` of them. Eight at a time take a third of the time. */
function isUniform(words: Int32Array, start: number, end: number, size: number): boolean {
  const even = words[start]!
  const odd = words[start + size - 1]!
  let i = start
  for (const stop = end - 7; i < stop; i += 8) {
    const evens = (words[i]! ^ even) | (words[i + 2]! ^ even) | (words[i + 4]! ^ even) | (words[i + 6]! ^ even)
    const odds = (words[i + 1]! ^ odd) | (words[i + 3]! ^ odd) | (words[i + 5]! ^ odd) | (words[i + 7]! ^ odd)
    if ((evens | odds) !== 0) return false
  }
  for (; i < end; i++) if (words[i] !== ((i - start) & 1 ? odd : even)) return false
  return true
}

/** Finds out which blocks of the ranges are uniform, 1 each in `kinds`; gives the words that all of them take. */
export function planBlocks(kernel: Kernel, ranges: readonly Range[], kinds: Uint8Array): number {
  let words = 0
  let block = 0
  for (const { column, start, count, encoded } of ranges) {
    if (encoded) {
      words += encoded.length
      continue
    }
    words += headOf(count)
    const end = start + count
    for (let at = start; at < end; at += BLOCK) {
      const stop = Math.min(at + BLOCK, end)
      const uniform = isUniformIn(kernel, column, at, stop)
      kinds[block++] = uniform ? 1 : 0
      words += uniform ? column.size : stop - at
    }
  }
  return words
}

/** How many blocks the ranges have. */
export function countBlocks(ranges: readonly Range[]): number {
  let blocks = 0
  for (const { count, encoded } of ranges) if (!encoded) blocks += Math.ceil(count / BLOCK)
  return blocks
}

/** Where blocks are written: into which words, from which on, and the checksum that takes them in as they come. */
export interface BlockTarget {
  readonly words: Uint32Array
  readonly at: number
  readonly sum: Checksum | undefined
}

/** Writes the ranges as planned; gives the word after them. */
export function writeBlocks(
  ranges: readonly Range[],
  kinds: Uint8Array,
  { words: out, at: to, sum }: BlockTarget,
): number {
  let block = 0
  let at = to
  for (const { column, start, count, encoded } of ranges) {
    if (encoded) {
      copy(out, at, encoded, 0, encoded.length)
      at += encoded.length
      sum?.advance(at)
      continue
    }
    const head = at
    at += headOf(count)
    out.fill(0, head, at)
    const end = start + count
    // Blocks that lie side by side are copied together.
    let first = start
    for (let from = start, k = 0; from < end; from += BLOCK, k++) {
      if (kinds[block++] !== 1) continue
      out[head + (k >>> 5)]! |= 1 << (k & 31)
      copy(out, at, column.words, first, from + column.size)
      at += from + column.size - first
      first = Math.min(from + BLOCK, end)
    }
    copy(out, at, column.words, first, end)
    at += end - first
    sum?.advance(at)
  }
  return at
}

/** Short pieces word by word: `subarray` alone takes longer. */
function copy(to: Uint32Array, at: number, from: Uint32Array, start: number, end: number): void {
  if (end - start > 16) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at + i - start] = from[i]!
}

/** The word after a range that begins at word `from`, or −1 when it does not end within `words`. */
export function skipBlocks(words: Uint32Array, from: number, count: number, size: number): number {
  let at = from + headOf(count)
  for (let k = 0, left = count; left > 0 && at <= words.length; k++, left -= BLOCK) {
    const uniform = (words[from + (k >>> 5)]! >>> (k & 31)) & 1
    at += uniform ? Math.min(size, left) : Math.min(BLOCK, left)
  }
  return at <= words.length ? at : -1
}

/** The largest word of a range that begins at word `from`. The range has been skipped once. */
export function largestOf(words: Uint32Array, from: number, count: number): number {
  let most = 0
  let at = from + headOf(count)
  for (let k = 0, left = count; left > 0; k++, left -= BLOCK) {
    const uniform = (words[from + (k >>> 5)]! >>> (k & 31)) & 1
    const end = at + (uniform ? 1 : Math.min(BLOCK, left))
    for (; at < end; at++) if (words[at]! > most) most = words[at]!
  }
  return most
}

/** Reads a range that begins at word `from` into `to`, from `start` on; gives the word after it. The range has been skipped once. */
export function readBlocks(
  words: Uint32Array,
  from: number,
  { count, size }: { count: number; size: number },
  to: Uint32Array,
  start: number,
  kernel?: Kernel,
): number {
  let at = from + headOf(count)
  // Blocks that lie side by side are copied together.
  let waiting = 0
  for (let k = 0, done = 0; done < count; k++, done += BLOCK) {
    const length = Math.min(BLOCK, count - done)
    if (!((words[from + (k >>> 5)]! >>> (k & 31)) & 1)) {
      waiting += length
      continue
    }
    copy(to, start + done - waiting, words, at, at + waiting)
    at += waiting
    waiting = 0
    const element = Math.min(size, length)
    if (!repeats(to, start + done, length, { words, at, element }, kernel))
      spread(words, at, element, to, start + done, length)
    at += element
  }
  copy(to, start + count - waiting, words, at, at + waiting)
  return at + waiting
}

/** Whether a block of the kernel's memory repeats an element already: asking takes less than writing. */
function repeats(
  to: Uint32Array,
  start: number,
  length: number,
  { words, at, element }: { words: Uint32Array; at: number; element: number },
  kernel: Kernel | undefined,
): boolean {
  if (kernel === undefined || to.buffer !== kernel.memory.buffer) return false
  for (let i = 0; i < element; i++) if (to[start + i] !== words[at + i]) return false
  return kernel.exports.state_uniform(to.byteOffset + 4 * start, length, element) !== 0
}

/** Repeats one element over a block. */
function spread(words: Uint32Array, at: number, size: number, to: Uint32Array, start: number, length: number): void {
  if (size === 1) to.fill(words[at]!, start, start + length)
  else for (let i = 0; i < length; i++) to[start + i] = words[at + (i % size)]!
}

/** The words of a range that begins at word `from`: those of the snapshot themselves where none of its blocks is uniform. It has been skipped once. */
export function viewBlocks(
  words: Uint32Array,
  from: number,
  { count, size }: { count: number; size: number },
): Uint32Array {
  const head = from + headOf(count)
  let kinds = 0
  for (let i = from; i < head; i++) kinds |= words[i]!
  if (kinds === 0) return words.subarray(head, head + count)
  const out = new Uint32Array(count)
  readBlocks(words, from, { count, size }, out, 0)
  return out
}

/** Whether a range of the world is what a snapshot has from word `from` on: as many words. */
export function isAsEncoded(
  { column, start, count }: Range,
  words: Uint32Array,
  from: number,
  kernel: Kernel,
): boolean {
  const [live, then] = [signed(column.words), signed(words)]
  let at = from + headOf(count)
  for (let k = 0, done = 0; done < count; k++, done += BLOCK) {
    const length = Math.min(BLOCK, count - done)
    const uniform = (then[from + (k >>> 5)]! >>> (k & 31)) & 1
    const told = uniform ? Math.min(column.size, length) : length
    if (!isEqual(live, start + done, { b: then, at }, told)) return false
    if (uniform && !isUniformIn(kernel, column, start + done, start + done + length)) return false
    at += told
  }
  return true
}

/** Whether words are alike. Eight at a time take a third of the time. */
function isEqual(a: Int32Array, from: number, { b, at }: { b: Int32Array; at: number }, count: number): boolean {
  let i = 0
  for (const stop = count - 7; i < stop; i += 8) {
    const p = from + i
    const q = at + i
    const first = (a[p]! ^ b[q]!) | (a[p + 1]! ^ b[q + 1]!) | (a[p + 2]! ^ b[q + 2]!) | (a[p + 3]! ^ b[q + 3]!)
    const second = (a[p + 4]! ^ b[q + 4]!) | (a[p + 5]! ^ b[q + 5]!) | (a[p + 6]! ^ b[q + 6]!) | (a[p + 7]! ^ b[q + 7]!)
    if ((first | second) !== 0) return false
  }
  while (i < count && a[from + i] === b[at + i]) i++
  return i === count
}

/** Whether a block of a column repeats its first element. Of its own columns the kernel knows. */
function isUniformIn({ exports, memory }: Kernel, { words, size }: StateColumn, start: number, stop: number): boolean {
  const { buffer, byteOffset } = words
  if (buffer === memory.buffer) return exports.state_uniform(byteOffset + 4 * start, stop - start, size) !== 0
  return isUniform(signed(words), start, stop, size)
}
