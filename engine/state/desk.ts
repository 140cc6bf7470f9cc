import { type Internals, part } from '../internals.ts'
import type { Kernel } from '../kernel/exports.ts'
import type { RealArray } from '../memory/views.ts'

/** Numbers of a tray; words of a block. */
export const TRAY = 1024
/** Words of the checksum, before the trays. */
const SUMS = 16
const TRAYS = 17
/** The places of a block: its words, what was guessed, and what is told. */
export const BLOCK = { words: 0, guess: TRAY, told: 2 * TRAY } as const

/** Kinds of flights, and the trays of their numbers, as in the kernel. */
export const FLY = { velocities: 0, places: 1, rotations: 2 } as const
export const FLIGHT = {
  PLACE: 0,
  SPEED: 3,
  PULL: 6,
  FLAGS: 9,
  SCALE: 10,
  DAMPING: 11,
  NOW: 10,
  TURN: 0,
  SPIN: 4,
  NUMBERS: 16,
} as const

/** Where the kernel works on pieces of snapshots: `physics-wasm/src/stages/delta.rs`. Nobody keeps anything there. */
export interface Desk {
  readonly kernel: Kernel
  readonly words: Uint32Array
  /** Trays of numbers of the state, and of words. */
  readonly trays: readonly RealArray[]
  readonly wordTrays: readonly Uint32Array[]
}

const desks = new WeakMap<Internals, Desk>()

/** The desk of a world. */
export function deskOf(internals: Internals): Desk {
  return part(desks, internals, ({ views, kernel, layout }) => {
    const all = views.u32('State.desk')
    const words = all.subarray(SUMS)
    const double = layout.columns.get('Position.x')!.type === 'f64'
    const { buffer, byteOffset } = words
    const reals = double
      ? new Float64Array(buffer, byteOffset, TRAYS * TRAY)
      : new Float32Array(buffer, byteOffset, TRAYS * TRAY)
    const trays = Array.from({ length: TRAYS }, (_, tray) => reals.subarray(tray * TRAY, (tray + 1) * TRAY))
    const wordTrays = trays.map(({ byteOffset }) => new Uint32Array(words.buffer, byteOffset, TRAY))
    return { kernel, words, trays, wordTrays }
  })
}
