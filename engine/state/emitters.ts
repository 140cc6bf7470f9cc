import type { Internals } from '../internals.ts'
import { emittersOf } from '../particles/emitter.ts'
import { setLive } from '../pool.ts'
import { refused } from './format.ts'

/** Floats of an emission, and where one has its entity, as in `particles.ts`. */
const EMISSION = 24
const ENTITY = 23

/** Writes the free slots of emitters, in the order of their return, and the generations of all. */
export function writeEmitters(internals: Internals, put: (words: ArrayLike<number>) => void): void {
  const high = internals.emitterHigh
  const { free, generations } = high > 0 ? emittersOf(internals) : NONE
  put([free.length])
  put(free)
  put(new Uint32Array(generations.slice(0, high).buffer))
}

const NONE = { free: [], generations: new Float64Array(0) }

/** The emitters of a snapshot, checked. */
export interface EmitterSlots {
  readonly free: Uint32Array
  /** Generation of each slot, −1 for free ones. */
  readonly generations: Float64Array
}

/** Reads and checks them: each slot is free or has a generation. */
export function readEmitters(
  high: number,
  take: (count: number) => Uint32Array,
  columns: Float32Array,
  entities: number,
): EmitterSlots {
  const free = take(take(1)[0]!)
  const generations = new Float64Array(take(2 * high).slice().buffer)
  const known = new Uint8Array(high)
  for (const slot of free) {
    if (slot >= high || known[slot]) throw refused('emitters', slot, 'is free twice, or no emitter')
    known[slot] = 1
  }
  for (let slot = 0; slot < high; slot++) {
    const generation = generations[slot]!
    const sound = known[slot]
      ? generation === -1
      : Number.isSafeInteger(generation) && generation >= 0 && generation < 2 ** 32
    if (!sound) throw refused('emitters', generation, 'is no generation')
    const eid = columns[slot * EMISSION + ENTITY]!
    if (!(Number.isInteger(eid) && eid >= 0 && eid < entities)) throw refused('emitters', eid, 'is no entity')
  }
  return { free, generations }
}

/** Takes them over; the kernel's columns have been. */
export function restoreEmitters(internals: Internals, high: number, { free, generations }: EmitterSlots): void {
  if (high === 0 && internals.emitterHigh === 0) return
  const emitters = emittersOf(internals)
  emitters.free.length = 0
  for (const slot of free) emitters.free.push(slot)
  for (let slot = 0; slot < Math.max(high, internals.emitterHigh); slot++) {
    emitters.generations[slot] = generations[slot] ?? -1
    if (emitters.generations[slot]! > emitters.raised[slot]!) emitters.raised[slot] = emitters.generations[slot]!
  }
  emitters.followers.fill(0)
  for (let slot = 0; slot < high; slot++) {
    const eid = emitters.columns[slot * EMISSION + ENTITY]!
    if (eid > 0) emitters.followers[eid]!++
  }
  internals.emitterHigh = high
  setLive(internals.pools.emitters, high - free.length)
}
