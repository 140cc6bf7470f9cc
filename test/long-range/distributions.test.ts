/** Any number of bodies in any of the arrangements that trees find hard: finite, nobody left out, within the error. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grossErrorOf, METHODS, measurePulls } from './measure.ts'
import { SHAPES, shapedScene } from './scenes.ts'

/** RMS error over the RMS of the gross pull. */
const BOUND = { direct: 1e-5, tree: 2e-2 }

describe.each(METHODS)('%s', (method) => {
  test.each(Object.keys(SHAPES))('%s: 4,000 bodies, with charges and without', async (shape) => {
    for (const charged of [false, true]) {
      const scene = shapedScene(shape, 4_000, 2, charged)
      const { pulls, quarantined } = await measurePulls(scene, { longRange: { method } })
      expect(quarantined).toBe(0)
      expect(pulls.every(Number.isFinite)).toBe(true)
      expect(grossErrorOf(scene, pulls, 1_000)).toBeLessThan(BOUND[method])
    }
  })

  test('any shape, number, seed and softening', async () => {
    const shape = fc.constantFrom(...Object.keys(SHAPES))
    const softening = fc.constantFrom(0, 1e-3, 0.03, 1)
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.integer({ min: 1, max: 700 }),
        fc.nat(9_999),
        fc.boolean(),
        softening,
        async (...[name, count, seed, charged, epsilon]) => {
          const plain = shapedScene(name, count, seed, charged)
          const scene = { ...plain, longRange: { ...plain.longRange, softening: epsilon } }
          const { pulls, quarantined } = await measurePulls(scene, { longRange: { method } })
          expect(quarantined).toBe(0)
          expect(pulls.every(Number.isFinite)).toBe(true)
          expect(grossErrorOf(scene, pulls)).toBeLessThan(BOUND[method])
        },
      ),
      { numRuns: 60, seed: 4, endOnFailure: true },
    )
  })
})
