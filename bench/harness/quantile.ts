/** Milliseconds of a run's frames: mean, percentiles and the worst one. */
export interface Distribution {
  mean: number
  p50: number
  p95: number
  p99: number
  p998: number
  max: number
}

/**
 * The exact quantile by nearest rank: the smallest sample that at least the share `p` of all samples does not exceed.
 *
 * @param sorted ascending, at least one sample
 * @param p share in [0, 1]
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  // The tiny amount keeps 0.07 × 100 = 7.000000000000001 on rank 7.
  const rank = Math.ceil(p * sorted.length - 1e-9)
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]
}

/** Distribution of at least one sample; `samples` is not changed. */
export function distribution(samples: Float64Array): Distribution {
  if (samples.length === 0) throw new Error('distribution: no samples')
  const sorted = samples.slice().sort()
  return {
    mean: mean(samples),
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    p998: quantile(sorted, 0.998),
    max: sorted[sorted.length - 1],
  }
}

export function mean(samples: Float64Array): number {
  let sum = 0
  for (const sample of samples) sum += sample
  return sum / samples.length
}

export function median(samples: Float64Array): number {
  return quantile(samples.slice().sort(), 0.5)
}

/** How many samples lie above `limit`. */
export function countAbove(samples: Float64Array, limit: number): number {
  let count = 0
  for (const sample of samples) if (sample > limit) count++
  return count
}
