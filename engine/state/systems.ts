import { INTERNALS, type Internals, type Physics } from '../internals.ts'
import { STRIDE, WORD } from '../particles/layout.ts'
import { systemIdOf, systemsOf } from '../particles/system.ts'
import { setLive } from '../pool.ts'
import type { InstanceRange } from '../render.ts'
import { holdEntry, releaseEntry } from '../shapes/table.ts'
import { bitOf } from './members.ts'

/** Entity of a system whose body is gone. */
const GONE = 0xffff_ffff

/** Generations of the particle systems, and the meshes that they hold, before the columns change. */
export interface SystemsBefore {
  readonly generations: Uint32Array
  readonly meshes: readonly number[]
}

/** Slots in use, the built-in system's included. */
function slotsOf({ settings, layout }: Internals): number {
  return Math.max(1, settings[layout.settings.get('systems')!]!)
}

/** What has to be known of the systems before the columns change. */
export function noteSystems(internals: Internals): SystemsBefore {
  const count = slotsOf(internals)
  return {
    generations: internals.views.u32('System.generation').slice(0, count),
    meshes: meshesOf(internals.views.u32('System.word'), count),
  }
}

function meshesOf(words: Uint32Array, count: number): number[] {
  const meshes: number[] = []
  for (let s = 1; s < count; s++) {
    const entry = words[s * STRIDE.words + WORD.mesh]!
    if (entry !== 0) meshes.push(entry)
  }
  return meshes
}

/** Takes the systems over; the kernel's columns have been, but for what is beyond them. `shapeOf`: the entry of each of the snapshot's shapes. */
export function restoreSystems(
  physics: Physics,
  count: number,
  before: SystemsBefore,
  shapeOf: ReadonlyMap<number, number>,
): void {
  const most = Math.max(count, before.generations.length)
  if (most === 1) return
  const internals = physics[INTERNALS]
  const { word, generation, raised, followers, ranges } = systemsOf(internals)
  word.fill(0, count * STRIDE.words, most * STRIDE.words)
  const blocks = physics.instances.systems as Record<number, InstanceRange>
  for (const id of Object.keys(blocks)) delete blocks[Number(id)]
  const systems = systemsOf(internals)
  ranges.length = 0
  followers.fill(0)
  for (let slot = 1; slot < most; slot++) {
    const at = slot * STRIDE.words
    raised[slot] = Math.max(raised[slot]!, before.generations[slot] ?? 0, generation[slot]!)
    if (word[at + WORD.mesh] !== 0) {
      word[at + WORD.mesh] = shapeOf.get(word[at + WORD.mesh]!)!
      holdEntry(internals.shapes, word[at + WORD.mesh]!)
    }
    if (word[at + WORD.flags] === 0) continue
    const entity = word[at + WORD.entity]!
    if (entity !== 0 && entity !== GONE) followers[entity]!++
    const range = { slot, start: 0, count: 0 }
    ranges.push(range)
    blocks[systemIdOf(systems, slot)] = range
  }
  for (const entry of before.meshes) releaseEntry(internals.shapes, entry)
  setLive(internals.pools.systems, ranges.length)
}

/**
 * Who has particles by the component: what runs is in the snapshot, the description is not. One that is known stays, for the rest it is as if they
 * had been given none.
 */
export function restoreSources(physics: Physics, members: Uint32Array, known: number): void {
  const { sources, changedSources } = physics[INTERNALS]
  const { ParticleSystem } = physics.components
  const bit = bitOf(physics, ParticleSystem)
  changedSources.clear()
  for (let eid = 0; eid < known; eid++) {
    if (((members[eid] ?? 0) & bit) === 0) sources.delete(eid)
    else if (!sources.has(eid)) sources.set(eid, UNKNOWN)
  }
}

const UNKNOWN = {} as const
