/** What timings say beyond themselves: the exponent of growth, where two curves cross, the largest size within a limit. */

/** A size and what it took. */
export interface Point {
  n: number
  ms: number
}

/** The exponent p of ms ∝ Nᵖ: the slope of the least-squares line through the logarithms. At least two different sizes. */
export function fitExponent(points: readonly Point[]): number {
  const logs = points.map(({ n, ms }) => [Math.log(n), Math.log(ms)])
  const [x, y] = [0, 1].map((axis) => logs.reduce((sum, log) => sum + log[axis], 0) / logs.length)
  let covariance = 0
  let variance = 0
  for (const log of logs) {
    covariance += (log[0] - x) * (log[1] - y)
    variance += (log[0] - x) ** 2
  }
  return covariance / variance
}

/** What a search must know. */
export interface Search {
  /** Where it begins, and the smallest and largest size that it looks at. */
  from: number
  least: number
  most: number
  /** Relative width at which it ends. */
  precision: number
}

/**
 * The largest size for which `fits` holds, within the precision, supposing that it holds up to some size and not beyond:
 * doubles or halves from the start until the border lies between, then bisects. 0 when not even the least fits.
 */
export async function searchLargest(fits: (n: number) => Promise<boolean>, search: Search): Promise<number> {
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let n = search.from
  while (low === 0 || high === Number.POSITIVE_INFINITY) {
    if (await fits(n)) {
      low = n
      if (n >= search.most) return n
      n = Math.min(2 * n, search.most)
    } else {
      high = n
      if (n <= search.least) return 0
      n = Math.max(Math.floor(n / 2), search.least)
    }
  }
  while (high > low * (1 + search.precision)) {
    const middle = Math.round(Math.sqrt(low * high))
    if (middle <= low || middle >= high) break
    if (await fits(middle)) low = middle
    else high = middle
  }
  return low
}
