/**
 * The battle's random numbers (mulberry32). The state is one 32-bit word in a typed array: a roll allocates nothing,
 * and a copy of the word is a copy of the future.
 */
export type Dice = Uint32Array

/** A number uniform in [0, 1), with 24 bits. */
export function roll(dice: Dice): number {
  dice[0] += 0x6d2b79f5
  let t = dice[0]
  t = Math.imul(t ^ (t >>> 15), t | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 8) / 0x1000000
}

/** A number uniform in [min, max). */
export function rollBetween(dice: Dice, min: number, max: number): number {
  return min + (max - min) * roll(dice)
}

/** An integer uniform in [0, count). */
export function rollIndex(dice: Dice, count: number): number {
  return Math.floor(roll(dice) * count)
}
