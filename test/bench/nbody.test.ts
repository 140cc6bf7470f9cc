/** The arithmetic of the n-body bench: exponents, searches, and the independent sum that the engine is checked by. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSceneWorld } from '../../bench/harness/world.ts'
import { disableCollisions } from '../../bench/nbody/cloud.ts'
import { accelerationOf, crossCheck } from '../../bench/nbody/direct-sum.ts'
import { fitExponent, searchLargest } from '../../bench/nbody/fit.ts'
import { plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { createSpheres, type SceneData } from '../../examples/scenes/scene.ts'
import { referenceOfScene } from '../reference/copy.ts'
import { longRangeAcceleration } from '../reference/long-range.ts'

describe('exponent', () => {
  test('of a power is that power', () => {
    const sizes = [1_000, 2_000, 5_000, 100_000]
    for (const power of [1, 1.09, 2]) {
      expect(fitExponent(sizes.map((n) => ({ n, ms: 3e-5 * n ** power })))).toBeCloseTo(power, 10)
    }
  })

  test('noise that rises and falls alike leaves it', () => {
    const points = [1, 10, 100, 1000].map((n, i) => ({ n, ms: n * [1.1, 1 / 1.1, 1 / 1.1, 1.1][i] }))
    expect(fitExponent(points)).toBeCloseTo(1, 10)
  })
})

describe('search for the largest size', () => {
  const search = { from: 1_000, least: 10, most: 100_000, precision: 0.02 }

  test('finds any border within the precision, in few looks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: 99_999 }), async (border) => {
        let looks = 0
        const found = await searchLargest(async (n) => {
          looks++
          expect(n).toBeGreaterThanOrEqual(10)
          expect(n).toBeLessThanOrEqual(100_000)
          return n <= border
        }, search)
        expect(found).toBeLessThanOrEqual(border)
        expect(found * 1.02 + 1).toBeGreaterThan(border)
        expect(looks).toBeLessThanOrEqual(16)
      }),
    )
  })

  test('nothing fits: 0; everything fits: the most', async () => {
    expect(await searchLargest(async () => false, search)).toBe(0)
    expect(await searchLargest(async () => true, search)).toBe(100_000)
  })
})

describe('independent sum', () => {
  test('two bodies: gravity and Coulomb force in closed form', () => {
    const s = createSpheres(2)
    s.x[1] = 2
    s.mass.set([3, 5])
    s.charge.set([1, -2])
    s.attracts[1] = 1
    const longRange = { gravity: 0.5, coulomb: 0.25, softening: 1.5 }
    const scene: SceneData = { name: 'two', gravity: [0, 0, 0], longRange, spheres: s, planes: [] }
    const cube = 2.5 ** 3
    expect(accelerationOf(scene, 0)).toEqual([(2 * (0.5 * 5 + (0.25 * 2) / 3)) / cube, 0, 0])
    // The first one does not attract, but it is charged.
    expect(accelerationOf(scene, 1)[0]).toBeCloseTo((-2 * ((0.25 * 2) / 5)) / cube, 15)
    s.x[1] = 5e-4
    expect(accelerationOf(scene, 0)).toEqual([0, 0, 0])
  })

  test('agrees with the oracle on a whole scene', () => {
    const scene = uniformBoxScene(60, 5)
    const world = referenceOfScene(scene)
    for (let i = 0; i < 60; i++) {
      const exact = longRangeAcceleration(world, world.bodies[i], 0)
      const own = accelerationOf(scene, i)
      for (let axis = 0; axis < 3; axis++) expect(own[axis]).toBeCloseTo(exact[axis], 14)
    }
  })

  test('finds the engine right to single precision, and one heavier body wrong', async () => {
    const scene = plummerScene(1_000, 2)
    const { physics, eids } = await createSceneWorld(
      { ...scene, longRange: { ...scene.longRange, method: 'direct' } },
      { threads: 1 },
    )
    disableCollisions(physics)
    const { rms, p99 } = crossCheck(scene, physics, eids, 100)
    expect(rms).toBeLessThan(1e-5)
    expect(p99).toBeLessThan(1e-4)
    expect(rms).toBeGreaterThan(0)
    for (let i = 0; i < 1_000; i++) physics.components.Mass.value[eids[i]] *= 1.1
    const wrong = crossCheck(scene, physics, eids, 100)
    expect(wrong.rms).toBeGreaterThan(0.09)
    expect(wrong.rms).toBeLessThan(0.11)
  })
})
