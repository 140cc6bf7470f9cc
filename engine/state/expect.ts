import { type Internals, type Physics, part } from '../internals.ts'
import type { RealArray } from '../memory/views.ts'
import { REAL, STRIDE, WORD } from '../particles/layout.ts'
import { viewBlocks } from './blocks.ts'
import { type Extent, type Range, rangesOf } from './columns.ts'
import { type Desk, deskOf } from './desk.ts'
import { FIELDS, PAGE, pageRanges } from './pages.ts'
import { fly } from './particles.ts'
import type { Frame, Place } from './plan.ts'
import { predictPositions, predictRotations, predictVelocities, type Sight, type StepNumbers } from './predict.ts'
import { ENGINE, extentOf, roomsOf, type Scalars } from './scalars.ts'
import { membersRange, sourcesRange } from './snapshot.ts'

/** What a base lets one expect of a state some steps on: the base itself, and where what flies freely is then. */

/** What tells or hears the ranges one by one. */
export interface Visitor {
  /** Gives what the range is now. `before`: its place in the base, if it has one there. */
  range(range: Range, guess: () => Uint32Array, before: Place | undefined): () => Uint32Array
}

/** Goes through the ranges of a state in order, with what the base lets one expect of each. Whoever tells and whoever hears go the same way. */
export function walk(physics: Physics, internals: Internals, base: Frame, scalars: Scalars, visitor: Visitor): void {
  const extent = extentOf(internals, scalars)
  const heard = new Map<string, () => Uint32Array>()
  const before = placesOf(base)
  const sight = sightOf(internals, { base, before, heard, extent })
  const flight = flights(deskOf(internals), sight, stepNumbers(internals, base, scalars, extent))
  const parts = new Map<string, number>()
  const ranges = rangesOf(internals, extent, roomsOf(internals))
  ranges.push(sourcesRange(physics, extent.entities), membersRange(NONE, extent.entities))
  for (const range of ranges) {
    const { name } = range.column
    const part = parts.get(name) ?? 0
    parts.set(name, part + 1)
    const place = before.get(`${name} ${part}`)
    const guess = (): Uint32Array => {
      const better = part === 0 ? flight(name) : undefined
      return sized(better ?? (place ? wordsAt(base, place) : NONE), range.count)
    }
    const words = visitor.range(range, guess, place)
    if (part === 0) heard.set(name, words)
  }
  walkPages(internals, base, scalars, extent, { heard, visitor })
}

/** The words of a range of a snapshot. */
export function wordsAt({ words }: Frame, { range, at }: Place): Uint32Array {
  return viewBlocks(words, at, { count: range.count, size: range.column.size })
}

/** The places of the columns, by name and part. */
function placesOf({ places, members }: Frame): Map<string, Place> {
  const byName = new Map<string, Place>()
  for (const place of [...places, members]) {
    const { name } = place.range.column
    byName.set(byName.has(`${name} 0`) ? `${name} 1` : `${name} 0`, place)
  }
  return byName
}

const NONE = new Uint32Array(0)

/** As many words, zeros behind the last. */
export function sized(words: Uint32Array, count: number): Uint32Array {
  if (words.length === count) return words
  const out = new Uint32Array(count)
  out.set(words.subarray(0, count))
  return out
}

interface Looks {
  base: Frame
  before: Map<string, Place>
  heard: Map<string, () => Uint32Array>
  extent: Extent
}

function sightOf({ layout }: Internals, { base, before, heard, extent: { entities } }: Looks): Sight {
  const size = layout.columns.get('Position.x')!.type === 'f64' ? 2 : 1
  const real = (words: Uint32Array): RealArray => {
    if (size === 1) return new Float32Array(words.buffer, words.byteOffset, words.length)
    return new Float64Array(words.slice().buffer)
  }
  const read = (name: string): Uint32Array => wordsAt(base, before.get(`${name} 0`)!)
  return {
    base: (name) => real(sized(read(name), entities * size)),
    baseWords: (name) => sized(read(name), entities),
    now: (name) => real(heard.get(name)!()),
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

/** What is expected of a column of what flies; nothing of others. */
function flights(desk: Desk, sight: Sight, step: StepNumbers): (name: string) => Uint32Array | undefined {
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
      speeds ??= predictVelocities(desk, sight, step)
      return words(speeds.velocity[axis]!)
    }
    if (component === 'Position') {
      speeds ??= predictVelocities(desk, sight, step)
      positions ??= predictPositions(desk, sight, step, speeds)
      return words(positions[axis]!)
    }
    if (component === 'Rotation') {
      rotations ??= predictRotations(desk, sight, step)
      return words(rotations[axis]!)
    }
    const kept = ['keptX', 'keptY', 'keptZ'].indexOf(field)
    // A list that this step made is of the places before it.
    if (component === 'scratch' && kept >= 0) return words(sight.base(`Position.${'xyz'[kept]}`))
    return undefined
  }
}

interface PageWalk {
  heard: Map<string, () => Uint32Array>
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
  const words = heard.get('System.word')!()
  const systemAt = heard.get('Particle.pageSystem')!()
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
    const guess = (): Uint32Array =>
      (main ? flown.moved(system, k) : undefined) ?? (before ? wordsAt(base, before) : new Uint32Array(range.count))
    visitor.range(range, guess, before)
  }
}

interface Flown {
  base(name: string, system: number, k: number): Place | undefined
  moved(system: number, k: number): Uint32Array | undefined
}

const rooms = new WeakMap<Internals, { words: Uint32Array }>()

/** Memory for the particles of all pages. */
function pageRoom(internals: Internals, pages: number): Uint32Array {
  const room = part(rooms, internals, () => ({ words: NONE }))
  if (room.words.length < pages * FIELDS * PAGE) room.words = new Uint32Array(2 * pages * FIELDS * PAGE)
  return room.words
}

function flyOn(internals: Internals, base: Frame, scalars: Scalars, extent: Extent, now: Uint32Array): Flown {
  const lists = new Map<string, Place[]>()
  const systemAt = base.columns.read('Particle.pageSystem')
  let page = -1
  for (const place of base.pages) {
    if (place.range.column.name === 'Particle.page') page++
    const key = `${place.range.column.name} ${systemAt[page]}`
    const list = lists.get(key)
    if (list) list.push(place)
    else lists.set(key, [place])
  }
  const step = stepNumbers(internals, base, scalars, extent)
  const words = base.columns.read('System.word')
  const reals = new Float32Array(base.columns.read('System.real').slice().buffer)
  const moved = new Map<number, Float32Array[]>()
  const room = pageRoom(internals, base.extent.pages)
  const desk = deskOf(internals)
  let used = 0
  for (let s = 0; s < base.extent.systems && s < extent.systems && step.steps > 0; s++) {
    const pages = lists.get(`Particle.page ${s}`)
    if (!pages) continue
    const copies = pages.map((place) => {
      const copy = room.subarray(used, used + FIELDS * PAGE)
      used += FIELDS * PAGE
      copy.set(wordsAt(base, place))
      return floats(copy)
    })
    const extras = s === 0 ? lists.get('Particle.extra 0')!.map((place) => floats(wordsAt(base, place))) : undefined
    const real = (index: number): number => reals[s * STRIDE.reals + index]!
    const motion = { dt: step.dt, gravity: step.gravity, drag: real(REAL.drag), share: real(REAL.gravity), extras }
    const at = s * STRIDE.words + WORD.count
    for (let k = 0; k < step.steps; k++) {
      fly(desk, copies, { count: words[at]!, after: now[at]! }, motion)
    }
    moved.set(s, copies)
  }
  return {
    base: (name, system, k) => lists.get(`${name} ${system}`)?.[k],
    moved: (system, k) => {
      const list = moved.get(system)?.[k]
      return list && new Uint32Array(list.buffer, list.byteOffset, list.length)
    },
  }
}

function floats(words: Uint32Array): Float32Array {
  return new Float32Array(words.buffer, words.byteOffset, words.length)
}
