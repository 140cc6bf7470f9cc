/**
 * Percentiles of the last times of a ring, by nearest rank: `stepTimes`, `frameTimes` and the panel have the same. Not exported from the package:
 * each of its entries that needs it holds it.
 */

/** Times that a ring holds: ten seconds at 60 a second. Time `i` is at `i % WINDOW`. */
export const WINDOW = 600

/** What the last times come to, ms. */
export interface Summary {
  mean: number
  p50: number
  p95: number
  p99: number
  p998: number
  max: number
}

type Times = Float32Array | Float64Array

/**
 * Sorts the times of a ring into `sorted` and fills in what they come to; all 0 when there are none. Nothing is allocated.
 * @param times the ring, of length `WINDOW`
 * @param seen how many times were entered since the beginning
 * @returns how many of them the ring has
 */
export function summarize(times: Times, seen: number, sorted: Times, out: Summary): number {
  const count = Math.min(seen, WINDOW)
  sorted.set(times)
  // What is not there sorts before all others.
  sorted.fill(-1, count)
  sorted.sort()
  let sum = 0
  for (let i = WINDOW - count; i < WINDOW; i++) sum += sorted[i]!
  out.mean = count === 0 ? 0 : sum / count
  out.p50 = rank(sorted, count, 0.5)
  out.p95 = rank(sorted, count, 0.95)
  out.p99 = rank(sorted, count, 0.99)
  out.p998 = rank(sorted, count, 0.998)
  out.max = rank(sorted, count, 1)
  return count
}

/** The time that a share of the last `count` of `sorted` does not exceed. */
function rank(sorted: Times, count: number, share: number): number {
  return count === 0 ? 0 : sorted[WINDOW - count + Math.max(0, Math.ceil(share * count - 1e-9) - 1)]!
}

/** How many of what `summarize` sorted are above a limit, ms, ≥ 0. */
export function countAbove(sorted: Times, limit: number): number {
  let above = 0
  for (let i = 0; i < WINDOW; i++) if (sorted[i]! > limit) above++
  return above
}
