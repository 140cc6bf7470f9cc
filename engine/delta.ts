import { change, type Internals, type Physics } from './internals.ts'
import type { RealArray } from './memory/views.ts'
import { REAL, STRIDE, WORD } from './particle-layout.ts'
import { restore } from './restore.ts'
import { assemble, headWords, membersRange, snapshot, sourcesRange, writeHead } from './snapshot.ts'
import { readBlocks } from './state-blocks.ts'
import { type Extent, type Range, rangesOf } from './state-columns.ts'
import { bytesOf, DELTA, FULL, HEAD, refused, room, seal, wordsOf } from './state-format.ts'
import { checkHead } from './state-head.ts'
import { ALIVE } from './state-members.ts'
import { pageRanges } from './state-pages.ts'
import { fly } from './state-particles.ts'
import { type Frame, Reader, readFrame, readScalars } from './state-plan.ts'
import { predictPositions, predictRotations, predictVelocities, type Sight, type StepNumbers } from './state-predict.ts'
import { hear, tell, Writer } from './state-residuals.ts'
import { ENGINE, extentOf, roomsOf, type Scalars, scalarParts } from './state-scalars.ts'

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
  return encodeDelta(physics, internals, base, snapshot(physics), into)
}

const CALL = 'deltaSnapshot'

/** How a snapshot differs from another one of the same world. @internal */
export function encodeDelta(
  physics: Physics,
  internals: Internals,
  base: Uint8Array,
  after: Uint8Array,
  into?: Uint8Array,
): Uint8Array {
  const words = wordsOf(base)
  const now = wordsOf(after)
  const before = readFrame(physics, internals, words)
  const frame = readFrame(physics, internals, now)
  const out = new Writer(new Uint32Array(1 << 16), headWords(physics))
  tellScalars(out, scalarList(frame.scalars), scalarList(before.scalars))
  const places = [...frame.places, frame.members, ...frame.pages]
  let index = 0
  walk(physics, internals, before, frame.scalars, {
    range(range, guesses) {
      const { at } = places[index++]!
      const list = new Uint32Array(range.count)
      readBlocks(now, at, { count: range.count, size: range.column.size }, list, 0)
      tell(out, list, guesses)
      return list
    },
  })
  const [free, rest] = tailOf(frame)
  const [freeBefore, restBefore] = tailOf(before)
  tellFree(out, free, freeBefore)
  out.put([rest.length])
  tell(out, rest, [sized(restBefore, rest.length)])
  const block = room(into, out.at)
  block.set(out.words.subarray(0, out.at))
  writeHead(physics, internals, block, DELTA)
  block[HEAD.base] = words[HEAD.checksum]!
  block[HEAD.base + 1] = words[HEAD.checksum + 1]!
  seal(block)
  return bytesOf(block)
}

/** All loose numbers in a row. */
function scalarList(scalars: Scalars): Uint32Array {
  const out = new Writer(new Uint32Array(1024), 0)
  for (const part of scalarParts(scalars)) out.put(part)
  return out.words.subarray(0, out.at)
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
  restore(physics, applyDelta(physics, internals, { delta, base, strict: true }))
}

/**
 * The snapshot that a delta was made of, put together from the base. `strict`: only from the very base that it was made
 * against; else from one that is as it in all that matters. @internal
 * @throws PhysicsError E_SNAPSHOT
 */
export function applyDelta(
  physics: Physics,
  internals: Internals,
  { delta, base, strict }: { delta: Uint8Array; base: Uint8Array; strict: boolean },
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
  const listen = (to: Uint32Array, guesses: readonly Uint32Array[]): Uint32Array => {
    reader.at = hear(words, reader.at, to, guesses)
    if (reader.at < 0) throw refused('length', words.length, 'is no delta')
    return to
  }
  const loose = hearScalars(reader, scalarList(before.scalars))
  const scalars = readScalars(physics, internals, new Reader(loose, 0))
  const { [ENGINE.highest]: highest } = before.scalars.engine
  if (!strict) scalars.engine[ENGINE.highest] = Math.max(scalars.engine[ENGINE.highest]!, highest!)
  const ranges: Range[] = []
  let members: Uint32Array = NONE
  walk(physics, internals, before, scalars, {
    range(range, guesses) {
      const list = listen(new Uint32Array(range.count), guesses)
      ranges.push({ column: { ...range.column, words: list }, start: 0, count: range.count })
      if (range.column.name === 'members') members = list
      return list
    },
  })
  const [freeBefore, restBefore] = tailOf(before)
  // A world that has had more ids may have one free that was new in the other.
  const free = hearFree(reader, freeBefore).filter((eid) => strict || !(members[eid]! & ALIVE))
  scalars.engine[ENGINE.freeIds] = free.length
  const length = reader.take(1)[0]!
  if (length > MOST_TAIL) throw refused('length', length, 'is too long')
  const rest = listen(new Uint32Array(length), [sized(restBefore, length)])
  if (reader.at !== words.length) throw refused('length', words.length, 'goes on behind the end')
  return assemble(physics, internals, { scalars, ranges, tail: [free, rest] }, undefined)
}

/** Words behind the columns at most: shapes are the most of them. */
const MOST_TAIL = 2 ** 27

/** What tells or hears the ranges one by one. */
interface Visitor {
  /** Gives the words that the range has now. */
  range(range: Range, guesses: readonly Uint32Array[]): Uint32Array
}

/** Goes through the ranges of a state in order, with what the base lets one expect of each. Whoever tells and whoever hears go the same way. */
function walk(physics: Physics, internals: Internals, base: Frame, scalars: Scalars, visitor: Visitor): void {
  const extent = extentOf(internals, scalars)
  const heard = new Map<string, Uint32Array>()
  const sight = sightOf(internals, base, heard, extent)
  const guess = guesser(sight, stepNumbers(internals, base, scalars, extent))
  const parts = new Map<string, number>()
  const ranges = rangesOf(internals, extent, roomsOf(internals))
  ranges.push(sourcesRange(physics, extent.entities), membersRange(NONE, extent.entities))
  for (const range of ranges) {
    const { name } = range.column
    const part = parts.get(name) ?? 0
    parts.set(name, part + 1)
    const guesses = [sized(base.columns.read(name, part), range.count)]
    const second = part === 0 ? guess(name) : undefined
    if (second) guesses.push(sized(second, range.count))
    const words = visitor.range(range, guesses)
    if (part === 0) heard.set(name, words)
  }
  walkPages(internals, base, scalars, extent, { heard, visitor })
}

const NONE = new Uint32Array(0)

/** As many words, zeros behind the last. */
function sized(words: Uint32Array, count: number): Uint32Array {
  if (words.length === count) return words
  const out = new Uint32Array(count)
  out.set(words.subarray(0, count))
  return out
}

function sightOf({ layout }: Internals, base: Frame, heard: Map<string, Uint32Array>, { entities }: Extent): Sight {
  const real = (words: Uint32Array): RealArray =>
    layout.columns.get('Position.x')!.type === 'f64'
      ? new Float64Array(words.slice().buffer)
      : new Float32Array(words.buffer, words.byteOffset, words.length)
  const size = layout.columns.get('Position.x')!.type === 'f64' ? 2 : 1
  return {
    base: (name) => real(sized(base.columns.read(name), entities * size)),
    baseWords: (name) => sized(base.columns.read(name), entities),
    now: (name) => real(heard.get(name)!),
  }
}

function stepNumbers(internals: Internals, base: Frame, scalars: Scalars, { entities }: Extent): StepNumbers {
  const { layout } = internals
  const setting = (name: string): number => scalars.settings[layout.settings.get(name)!]!
  const tick = layout.counters.get('tick')!
  const steps = (scalars.counters[tick]! - base.scalars.counters[tick]!) & 0xffff
  return {
    single: layout.columns.get('Position.x')!.type === 'f32',
    entities,
    dt: scalars.engine[ENGINE.lastDt]!,
    steps: steps > MOST_STEPS ? 0 : steps,
    gravity: [setting('gravityX'), setting('gravityY'), setting('gravityZ')],
    g: setting('G'),
    softening: setting('softening'),
    minDistance: setting('minDistance'),
  }
}

/** Steps from the base on that are worked out; beyond them the base itself is the guess. */
const MOST_STEPS = 30

/** The second guess of a column, if there is one. */
function guesser(sight: Sight, step: StepNumbers): (name: string) => Uint32Array | undefined {
  const words = (column: RealArray): Uint32Array =>
    new Uint32Array(column.buffer, column.byteOffset, column.byteLength / 4)
  let speeds: ReturnType<typeof predictVelocities> | undefined
  let positions: RealArray[] | undefined
  let rotations: RealArray[] | undefined
  return (name) => {
    if (step.steps === 0) return undefined
    const [component, field] = name.split('.') as [string, string]
    const axis = ['x', 'y', 'z', 'w'].indexOf(field)
    if (component === 'LinearVelocity') {
      speeds ??= predictVelocities(sight, step)
      return words(speeds.velocity[axis]!)
    }
    if (component === 'Position') {
      positions ??= predictPositions(sight, step, speeds!)
      return words(positions[axis]!)
    }
    if (component === 'Rotation') {
      rotations ??= predictRotations(sight, step)
      return words(rotations[axis]!)
    }
    const kept = ['keptX', 'keptY', 'keptZ'].indexOf(field)
    // A list that this step made is of the places before it.
    if (component === 'scratch' && kept >= 0) return words(sight.base(`Position.${'xyz'[kept]}`))
    return undefined
  }
}

interface PageWalk {
  heard: Map<string, Uint32Array>
  visitor: Visitor
}

/** The pages of particles, system by system, each beside the base's page of the same number, flown on. */
function walkPages(
  internals: Internals,
  base: Frame,
  scalars: Scalars,
  extent: Extent,
  { heard, visitor }: PageWalk,
): void {
  const words = heard.get('System.word')!
  const systemAt = heard.get('Particle.pageSystem')!
  const ranges = pageRanges(internals, extent.pages, { pageAt: (k) => k, systemAt, words })
  const flown = flyOn(internals, base, scalars, extent, words)
  const seen = new Map<string, number>()
  let page = -1
  for (const range of ranges) {
    const main = range.column.name === 'Particle.page'
    if (main) page++
    const system = systemAt[page]!
    const key = `${range.column.name} ${system}`
    const k = seen.get(key) ?? 0
    seen.set(key, k + 1)
    const before = flown.base(range.column.name, system, k)
    const guesses = [before ?? new Uint32Array(range.count)]
    const after = main ? flown.moved(system, k) : undefined
    if (after) guesses.push(after)
    visitor.range(range, guesses)
  }
}

interface Flown {
  base(name: string, system: number, k: number): Uint32Array | undefined
  moved(system: number, k: number): Uint32Array | undefined
}

function flyOn(internals: Internals, base: Frame, scalars: Scalars, extent: Extent, now: Uint32Array): Flown {
  const lists = new Map<string, Uint32Array[]>()
  const systemAt = base.columns.read('Particle.pageSystem')
  let page = -1
  for (const { range, at } of base.pages) {
    if (range.column.name === 'Particle.page') page++
    const key = `${range.column.name} ${systemAt[page]}`
    const list = new Uint32Array(range.count)
    readBlocks(base.words, at, { count: range.count, size: 1 }, list, 0)
    lists.set(key, [...(lists.get(key) ?? []), list])
  }
  const step = stepNumbers(internals, base, scalars, extent)
  const words = base.columns.read('System.word')
  const reals = new Float32Array(base.columns.read('System.real').slice().buffer)
  const moved = new Map<number, Float32Array[]>()
  for (let s = 0; s < base.extent.systems && s < extent.systems && step.steps > 0; s++) {
    const pages = lists.get(`Particle.page ${s}`)
    if (!pages) continue
    const copies = pages.map((list) => new Float32Array(list.slice().buffer))
    const extras = s === 0 ? lists.get('Particle.extra 0')!.map((list) => new Float32Array(list.buffer)) : undefined
    const real = (index: number): number => reals[s * STRIDE.reals + index]!
    const motion = { dt: step.dt, gravity: step.gravity, drag: real(REAL.drag), share: real(REAL.gravity), extras }
    for (let k = 0; k < step.steps; k++) {
      fly(copies, words[s * STRIDE.words + WORD.count]!, now[s * STRIDE.words + WORD.count]!, motion)
    }
    moved.set(s, copies)
  }
  return {
    base: (name, system, k) => lists.get(`${name} ${system}`)?.[k],
    moved: (system, k) => {
      const list = moved.get(system)?.[k]
      return list && new Uint32Array(list.buffer)
    },
  }
}
