import { change, type Internals, type Physics, part } from '../internals.ts'
import { isAsEncoded, skipBlocks } from './blocks.ts'
import type { Range } from './columns.ts'
import { deskOf } from './desk.ts'
import { sized, walk, wordsAt } from './expect.ts'
import { bytesOf, DELTA, FULL, HEAD, refused, room, seal, wordsOf } from './format.ts'
import { checkHead } from './head.ts'
import { ALIVE } from './members.ts'
import { type Frame, Reader, readFrame, readScalars } from './plan.ts'
import { hear, skipSame, tell, tellSame, Writer } from './residuals.ts'
import { restoreWords } from './restore.ts'
import { ENGINE, type Scalars, scalarParts } from './scalars.ts'
import { assemble, gather, headWords, writeHead } from './snapshot.ts'

/**
 * The state as it differs from a base, to the last bit: what lies still costs nothing, and what flies on freely next to nothing, for where it is
 * now is worked out from the base. `restoreDelta` puts it back.
 * @param base a snapshot of this world, or of one of the same options; the fewer steps ago, the smaller the delta
 * @param into a block to write into, when it is large enough
 * @throws PhysicsError E_SNAPSHOT (the base is none, or of another kind of world), E_UNSUPPORTED, E_BUSY, E_DISPOSED
 */
export function deltaSnapshot(physics: Physics, base: Uint8Array, into?: Uint8Array): Uint8Array {
  const internals = change(physics, CALL)
  checkHead(physics, internals, base, FULL)
  return bytesOf(encodeDelta(physics, internals, base, into).block)
}

const CALL = 'deltaSnapshot'

const keeps = new WeakMap<Internals, Keep>()

/** What a world keeps for its deltas, so that telling and hearing them allocates little. */
interface Keep {
  /** The state that a delta told of. */
  block: Uint8Array
  /** Its columns. */
  heard: Uint32Array
  /** What is told. */
  told: Uint32Array
}

function keepOf(internals: Internals): Keep {
  return part(keeps, internals, () => ({
    block: new Uint8Array(0),
    heard: new Uint32Array(0),
    told: new Uint32Array(1 << 16),
  }))
}

/** How the world differs from a snapshot whose head is sound, and whether it does. @internal */
export function encodeDelta(
  physics: Physics,
  internals: Internals,
  base: Uint8Array,
  into?: Uint8Array,
): { block: Uint32Array; differs: boolean } {
  const words = wordsOf(base)
  const before = readFrame(physics, internals, words)
  const { scalars, ranges, tail } = gather(physics, internals)
  const keep = keepOf(internals)
  const out = new Writer(keep.told, headWords(physics))
  const desk = deskOf(internals)
  const loose = scalarList(scalars)
  tellScalars(out, loose, scalarList(before.scalars))
  let differs = out.words[out.at - 1] !== 0
  let index = 0
  walk(physics, internals, before, scalars, {
    range(_, guess, then) {
      const range = ranges[index++]!
      const { column, start, count } = range
      const list = (): Uint32Array => column.words.subarray(start, start + count)
      if (then?.range.count === count && isAsEncoded(range, words, then.at, internals.kernel)) {
        tellSame(out, count)
      } else {
        differs = true
        tell(desk, out, list(), guess())
      }
      return list
    },
  })
  const [freeBefore, restBefore] = tailOf(before)
  const [free, rest] = [Uint32Array.from(tail[0]!), flat(tail.slice(1))]
  tellFree(out, free, freeBefore)
  out.put([rest.length])
  tell(desk, out, rest, sized(restBefore, rest.length))
  keep.told = out.words
  const block = room(into, out.at)
  block.set(out.words.subarray(0, out.at))
  writeHead(physics, internals, block, DELTA)
  block[HEAD.base] = words[HEAD.checksum]!
  block[HEAD.base + 1] = words[HEAD.checksum + 1]!
  seal(block)
  return { block, differs: differs || isOther(free, freeBefore) || isOther(rest, restBefore) }
}

/** All words in a row. */
function flat(lists: readonly ArrayLike<number>[]): Uint32Array {
  const out = new Writer(new Uint32Array(1024), 0)
  for (const list of lists) out.put(list)
  return out.words.subarray(0, out.at)
}

function isOther(a: Uint32Array, b: Uint32Array): boolean {
  return a.length !== b.length || a.some((word, i) => word !== b[i])
}

/** All loose numbers in a row. */
function scalarList(scalars: Scalars): Uint32Array {
  return flat(scalarParts(scalars))
}

/** The free ids of a snapshot, and what comes behind them. */
function tailOf({ words, reader, scalars }: Frame): [Uint32Array, Uint32Array] {
  const end = reader.at + scalars.engine[ENGINE.freeIds]!
  return [words.subarray(reader.at, end), words.subarray(end)]
}

/** Loose numbers are told as they are where they changed: halves of 64-bit floats have no differences worth telling. */
function tellScalars(out: Writer, list: Uint32Array, before: Uint32Array): void {
  const changes: number[] = []
  for (let i = 0; i < list.length; i++) if (list[i] !== before[i]) changes.push(i, list[i]!)
  out.put([changes.length / 2])
  out.put(changes)
}

function hearScalars(reader: Reader, before: Uint32Array): Uint32Array {
  const changes = reader.take(2 * Math.min(reader.take(1)[0]!, MOST_TAIL))
  const list = before.slice()
  for (let i = 0; i < changes.length; i += 2) {
    if (changes[i]! >= list.length) throw refused('settings', changes[i], 'is no number of a state')
    list[changes[i]!] = changes[i + 1]!
  }
  return list
}

/** Free ids are a stack, the next one first: tells how many were taken of the base's, then those that were put upon the rest. */
function tellFree(out: Writer, free: Uint32Array, before: Uint32Array): void {
  let same = 0
  while (same < free.length && same < before.length && free.at(-1 - same) === before.at(-1 - same)) same++
  const own = free.subarray(0, free.length - same)
  out.put([before.length - same, own.length])
  out.put(own)
}

function hearFree(reader: Reader, before: Uint32Array): Uint32Array {
  const [taken, count] = reader.take(2) as unknown as [number, number]
  const own = reader.take(count)
  if (taken > before.length) throw refused('freeIds', taken, 'are more than the base has')
  const out = new Uint32Array(count + before.length - taken)
  out.set(own)
  out.set(before.subarray(taken), count)
  return out
}

/**
 * Puts a world into the state that a delta tells of, as `restore` does with a whole snapshot.
 * @param delta what `deltaSnapshot` gave
 * @param base the snapshot that it was made against
 * @throws PhysicsError E_SNAPSHOT, with the world as it was; E_BUSY, E_DISPOSED
 */
export function restoreDelta(physics: Physics, delta: Uint8Array, base: Uint8Array): void {
  const internals = change(physics, 'restoreDelta')
  const keep = keepOf(internals)
  const after = applyDelta(physics, internals, { delta, base, strict: true, into: keep.block })
  if (after.buffer !== keep.block.buffer) keep.block = after
  restoreWords(physics, internals, wordsOf(after))
}

/** A delta and a base. */
export interface Application {
  readonly delta: Uint8Array
  readonly base: Uint8Array
  /** Whether the base must be the very one that the delta was made against, or may be one that is as it in all that matters. */
  readonly strict: boolean
  /** Memory for what comes of it, which then has no checksum. */
  readonly into?: Uint8Array
}

/**
 * The snapshot that a delta was made of, put together from the base. @internal
 * @throws PhysicsError E_SNAPSHOT
 */
export function applyDelta(
  physics: Physics,
  internals: Internals,
  { delta, base, strict, into }: Application,
): Uint8Array {
  const words = checkHead(physics, internals, delta, DELTA)
  const baseWords = checkHead(physics, internals, base, FULL)
  if (
    strict &&
    (words[HEAD.base] !== baseWords[HEAD.checksum] || words[HEAD.base + 1] !== baseWords[HEAD.checksum + 1])
  ) {
    throw refused('base', baseWords[HEAD.checksum], 'the delta was made against another snapshot')
  }
  const before = readFrame(physics, internals, baseWords)
  const reader = new Reader(words, headWords(physics))
  const loose = hearScalars(reader, scalarList(before.scalars))
  const scalars = readScalars(physics, internals, new Reader(loose, 0))
  const { [ENGINE.highest]: highest } = before.scalars.engine
  if (!strict) scalars.engine[ENGINE.highest] = Math.max(scalars.engine[ENGINE.highest]!, highest!)
  const { ranges, members } = hearRanges(physics, internals, { before, scalars, reader })
  const [freeBefore, restBefore] = tailOf(before)
  // A world that has had more ids may have one free that was new in the other.
  const known = strict ? [] : members()
  const free = hearFree(reader, freeBefore).filter((eid) => strict || !(known[eid]! & ALIVE))
  scalars.engine[ENGINE.freeIds] = free.length
  const length = reader.take(1)[0]!
  if (length > MOST_TAIL) throw refused('length', length, 'is too long')
  const rest = listen(reader, new Uint32Array(length), sized(restBefore, length))
  if (reader.at !== words.length) throw refused('length', words.length, 'goes on behind the end')
  return assemble(physics, internals, { scalars, ranges, tail: [free, rest], bare: into !== undefined }, into)
}

interface Hearing {
  before: Frame
  scalars: Scalars
  reader: Reader
}

/** Hears the ranges of a delta; what is as in the base is taken from there as it is written. */
function hearRanges(physics: Physics, internals: Internals, { before, scalars, reader }: Hearing) {
  const ranges: Range[] = []
  let members: () => Uint32Array = () => new Uint32Array(0)
  const keep = keepOf(internals)
  let used = 0
  const take = (count: number): Uint32Array => {
    // What is too much for now will find room the next time.
    if (used + count > keep.heard.length) {
      used += count
      return new Uint32Array(count)
    }
    used += count
    return keep.heard.subarray(used - count, used)
  }
  walk(physics, internals, before, scalars, {
    range(range, guess, then) {
      const { column, count } = range
      let list: () => Uint32Array
      const next = then?.range.count === count ? skipSame(reader.words, reader.at, count) : -1
      if (then && next >= 0) {
        reader.at = next
        const encoded = before.words.subarray(then.at, skipBlocks(before.words, then.at, count, column.size))
        ranges.push({ column, start: 0, count, encoded })
        list = () => wordsAt(before, then)
      } else {
        const told = listen(reader, take(count), guess())
        ranges.push({ column: { ...column, words: told }, start: 0, count })
        list = () => told
      }
      if (column.name === 'members') members = list
      return list
    },
  })
  if (used > keep.heard.length) keep.heard = new Uint32Array(2 * used)
  return { ranges, members }
}

/** Hears a range by what is guessed of it. */
function listen(reader: Reader, to: Uint32Array, guess: Uint32Array): Uint32Array {
  to.set(guess)
  reader.at = hear(reader.words, reader.at, to)
  if (reader.at < 0) throw refused('length', reader.words.length, 'is no delta')
  return to
}

/** Words behind the columns at most: shapes are the most of them. */
const MOST_TAIL = 2 ** 27
