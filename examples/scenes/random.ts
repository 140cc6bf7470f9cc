import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Draws of the generator that are thrown away first: neighbouring seeds start from nearly the same state. */
const WARM_UP = 32

/** A deterministic source of numbers, uniform in [0, 1) with 24 bits: exact in single precision. */
export type Random = () => number

/**
 * A deterministic random source for building scenes (xoroshiro128+ of pure-rand).
 *
 * @param seed any integer; the same seed gives the same numbers on every machine
 */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0)
  for (let i = 0; i < WARM_UP; i++) generator.next()
  return () => (generator.next() >>> 8) / 0x1000000
}

/** A number uniform in [min, max). */
export function between(random: Random, min: number, max: number): number {
  return min + (max - min) * random()
}

/**
 * Writes a unit vector, uniform on the sphere, into `out`. By rejection in the unit ball (Marsaglia's way, without
 * sine and cosine, whose last bits differ between JavaScript engines).
 */
export function randomDirection(random: Random, out: [number, number, number]): [number, number, number] {
  for (;;) {
    const x = between(random, -1, 1)
    const y = between(random, -1, 1)
    const z = between(random, -1, 1)
    const squared = x * x + y * y + z * z
    if (squared > 1 || squared < 1e-4) continue
    const scale = 1 / Math.sqrt(squared)
    out[0] = x * scale
    out[1] = y * scale
    out[2] = z * scale
    return out
  }
}
