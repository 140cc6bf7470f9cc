/** What moving, turning, mirroring, renumbering and scaling everything must not change, or change in a known way. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SceneData, SphereData } from '../../examples/scenes/scene.ts'
import { pullError } from '../reference/pull.ts'
import { METHODS, measurePulls } from './measure.ts'
import { changed, moved, SHAPES, shapedScene } from './scenes.ts'

const COUNT = 1_500

/** How far two runs of the same physics may be apart, RMS: rounding, or twice the error of the tree in awkward small scenes. */
const APART = { direct: 2e-5, tree: 6e-2 }

/** Not those evenly on a line, whose pulls cancel: what is left of them is smaller than any tree's error. */
const SHAPES_HERE = Object.keys(SHAPES).filter((shape) => shape !== 'axis')

const anyScene = fc
  .record({ shape: fc.constantFrom(...SHAPES_HERE), seed: fc.nat(9_999), charged: fc.boolean() })
  .map(({ shape, seed, charged }) => onGrid(shapedScene(shape, COUNT, seed, charged)))

/** The scene with every point on a grid of 2⁻¹² m, so that moving and turning it by whole numbers rounds nothing. */
const onGrid = (scene: SceneData): SceneData =>
  moved(scene, ([x, y, z]) => [Math.round(x * 4096) / 4096, Math.round(y * 4096) / 4096, Math.round(z * 4096) / 4096])

const RUNS = { numRuns: 8, seed: 3, endOnFailure: true }

describe.each(METHODS)('%s', (method) => {
  const pullsOf = async (scene: SceneData): Promise<Float64Array> => {
    const { pulls, quarantined } = await measurePulls(scene, { longRange: { method } })
    expect(quarantined).toBe(0)
    return pulls
  }
  const apart = APART[method]

  test('a shift of everything changes nothing', async () => {
    const whole = fc.integer({ min: -64, max: 64 })
    await fc.assert(
      fc.asyncProperty(anyScene, fc.tuple(whole, whole, whole), async (scene, [dx, dy, dz]) => {
        const shifted = await pullsOf(moved(scene, ([x, y, z]) => [x + dx, y + dy, z + dz]))
        const still = await pullsOf(scene)
        if (method === 'direct') expect(shifted).toEqual(still)
        expect(pullError(shifted, still).rms).toBeLessThanOrEqual(apart)
      }),
      RUNS,
    )
  })

  test('an exchange of axes exchanges the accelerations', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, async (scene) => {
        const turned = await pullsOf(moved(scene, ([x, y, z]) => [y, z, x]))
        const back = eachVector(turned, ([y, z, x]) => [x, y, z])
        expect(pullError(back, await pullsOf(scene)).rms).toBeLessThan(apart)
      }),
      RUNS,
    )
  })

  test('a mirror image has mirrored accelerations', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, async (scene) => {
        const mirrored = await pullsOf(moved(scene, ([x, y, z]) => [-x, y, z]))
        const back = eachVector(mirrored, ([x, y, z]) => [-x, y, z])
        expect(pullError(back, await pullsOf(scene)).rms).toBeLessThan(apart)
      }),
      RUNS,
    )
  })

  test('a rotation by any angle turns the accelerations', async () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true })
    const soft = { gravity: 1, softening: 0.1 }
    await fc.assert(
      fc.asyncProperty(anyScene, angle, angle, async (scene, a, b) => {
        // Rounding moves the points by 10⁻⁶: softened, so that no close pair makes much of it.
        const original = { ...scene, longRange: { ...scene.longRange, ...soft } }
        const turn = turnBy(a, b)
        const turned = await pullsOf(moved(original, turn))
        const expected = eachVector(await pullsOf(original), turn)
        expect(pullError(turned, expected).rms).toBeLessThan(method === 'direct' ? 2e-4 : apart)
      }),
      RUNS,
    )
  })

  test('the order of the bodies does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, fc.integer({ min: 1, max: COUNT - 1 }), async (scene, by) => {
        // 1,500 has no divisor 7: every seventh body, round and round, from any start.
        const place = (i: number): number => (7 * i + by) % COUNT
        const shuffled = await pullsOf(changed(scene, (s) => permute(s, scene.spheres, place)))
        const still = await pullsOf(scene)
        const expected = new Float64Array(3 * COUNT)
        for (let i = 0; i < COUNT; i++) expected.set(still.subarray(3 * place(i), 3 * place(i) + 3), 3 * i)
        expect(pullError(shuffled, expected).rms).toBeLessThan(method === 'direct' ? apart : 5e-3)
      }),
      RUNS,
    )
  })

  test('masses scaled by a power of two scale the accelerations, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, fc.integer({ min: -12, max: 12 }), async (scene, power) => {
        const original = { ...scene, longRange: { ...scene.longRange, coulomb: 0 } }
        const heavier = changed(original, ({ mass }) => {
          for (let i = 0; i < COUNT; i++) mass[i] *= 2 ** power
        })
        const expected = (await pullsOf(original)).map((a) => a * 2 ** power)
        expect(await pullsOf(heavier)).toEqual(expected)
      }),
      RUNS,
    )
  })

  test('lengths scaled by a power of two, G and k by its square, change nothing, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, fc.integer({ min: -12, max: 24 }), async (scene, power) => {
        const { gravity, coulomb, softening, minDistance } = scene.longRange as Record<string, number>
        const by = 2 ** power
        const longRange = {
          gravity: gravity * by * by,
          coulomb: coulomb * by * by,
          softening: softening * by,
          minDistance: minDistance * by,
        }
        const larger = { ...moved(scene, ([x, y, z]) => [x * by, y * by, z * by]), longRange }
        expect(await pullsOf(larger)).toEqual(await pullsOf(scene))
      }),
      RUNS,
    )
  })

  test('both forces together are the sum of each alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, async (scene) => {
        const charged = changed(scene, ({ charge }) => {
          for (let i = 0; i < COUNT; i++) charge[i] ||= i % 2 ? 0.5 : -0.5
        })
        const run = (gravity: number, coulomb: number): Promise<Float64Array> =>
          pullsOf({ ...charged, longRange: { ...charged.longRange, gravity, coulomb } })
        const [both, gravity, coulomb] = [await run(1, 1), await run(1, 0), await run(0, 1)]
        const sum = both.map((_, k) => gravity[k] + coulomb[k])
        // Each of the three has its own error, relative to its own size.
        const size = rmsOf(gravity) + rmsOf(coulomb) + rmsOf(both)
        expect(rmsOf(sum.map((a, k) => a - both[k]))).toBeLessThan((apart / 2) * size)
      }),
      RUNS,
    )
  })

  test('the net force of mutual bodies is zero: action is reaction', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, async (scene) => {
        const { mass } = scene.spheres
        const pulls = await pullsOf(scene)
        const net = [0, 0, 0]
        let size = 0
        for (let i = 0; i < COUNT; i++) {
          for (const axis of [0, 1, 2]) net[axis] += mass[i] * pulls[3 * i + axis]
          size += mass[i] * Math.hypot(...pulls.subarray(3 * i, 3 * i + 3))
        }
        expect(Math.hypot(...net) / size).toBeLessThan(method === 'direct' ? 1e-5 : 2e-2)
      }),
      RUNS,
    )
  })

  test('what a body weighs does not change how it falls', async () => {
    const scene = changed(shapedScene('uniform', COUNT, 3), ({ attracts }) => {
      for (let i = 0; i < COUNT; i += 2) attracts[i] = 0
    })
    const heavier = changed(scene, ({ mass }) => {
      for (let i = 0; i < COUNT; i += 2) mass[i] *= 1000
    })
    expect(await pullsOf(heavier)).toEqual(await pullsOf(scene))
  })
})

type Map3 = (v: [number, number, number]) => readonly [number, number, number]

function eachVector(vectors: Float64Array, map: Map3): Float64Array {
  const out = vectors.slice()
  for (let k = 0; k < out.length; k += 3) out.set(map([out[k], out[k + 1], out[k + 2]]), k)
  return out
}

/** A turn by `a` about z, then by `b` about x. */
function turnBy(a: number, b: number): Map3 {
  const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)]
  return ([x, y, z]) => {
    const [u, v] = [ca * x - sa * y, sa * x + ca * y]
    return [u, cb * v - sb * z, sb * v + cb * z]
  }
}

function permute(to: SphereData, from: SphereData, place: (i: number) => number): void {
  for (const name of ['x', 'y', 'z', 'mass', 'charge'] as const) {
    for (let i = 0; i < to.count; i++) to[name][i] = from[name][place(i)]
  }
}

const rmsOf = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length)
