import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countAbove, distribution, mean, median, quantile } from '../../bench/harness/quantile.ts'

describe('quantile', () => {
  test('is the sample of the nearest rank', () => {
    const sorted = Float64Array.from({ length: 1000 }, (_, index) => index + 1)
    expect(quantile(sorted, 0.5)).toBe(500)
    expect(quantile(sorted, 0.998)).toBe(998)
    expect(quantile(sorted, 0)).toBe(1)
    expect(quantile(sorted, 1)).toBe(1000)
  })

  test('rounding of p · n does not move the rank', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1)
    expect(quantile(sorted, 0.07)).toBe(7)
    expect(quantile(sorted, 0.29)).toBe(29)
  })

  test('p50 of 3,600 frames with 8 slow ones: p998 shows them, p99 does not', () => {
    const samples = new Float64Array(3600).fill(2)
    samples.fill(9, 100, 108)
    const ms = distribution(samples)
    expect(ms).toMatchObject({ p50: 2, p95: 2, p99: 2, p998: 9, max: 9 })
    expect(countAbove(samples, 8)).toBe(8)
  })

  test('is a sample, in order, and at least the share p lies at or below it', () => {
    const samples = fc.array(fc.double({ noNaN: true, min: 0, max: 1e3 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(samples, fc.double({ noNaN: true, min: 0, max: 1 }), (values, p) => {
        const sorted = Float64Array.from(values).sort()
        const value = quantile(sorted, p)
        expect(sorted).toContain(value)
        const below = sorted.filter((sample) => sample <= value).length
        expect(below / sorted.length).toBeGreaterThanOrEqual(p - 1e-9)
      }),
    )
  })

  test('a distribution leaves its samples as they were and refuses none at all', () => {
    const samples = Float64Array.of(3, 1, 2)
    expect(distribution(samples)).toEqual({ mean: 2, p50: 2, p95: 3, p99: 3, p998: 3, max: 3 })
    expect([...samples]).toEqual([3, 1, 2])
    expect(mean(samples)).toBe(2)
    expect(median(samples)).toBe(2)
    expect(() => distribution(new Float64Array())).toThrow('no samples')
  })
})
