/** Scenes that break trees: everything at one point, nothing at all, far outliers, extreme masses, poison. */
import { dispose, frameStats, type Physics, removeBody, step } from 'manybody'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { DYNAMIC, STATIC } from '../../examples/scenes/scene.ts'
import { type ColumnCopies, columnsOf, expectSameColumns } from '../errors/expect-error.ts'
import { createCloud, errorOf, METHODS, type Measured, measureError, measurePulls } from './measure.ts'
import { changed, moved, plummer, pointScene, shapedScene, uniformBox } from './scenes.ts'

/** The tree's are twice those of the accuracy suite, which holds for 10,000 bodies: here are fewer, more awkwardly placed. */
const BOUNDS = { direct: { rms: 1e-4, p99: 1e-3 }, tree: { rms: 2e-2, p99: 1e-1 } }

/** A step that takes longer than this has gone wrong, however slow and busy the machine. */
const HANG = 20_000

/** The largest crowd of a method: direct sums of 31,250 bodies take a second each. */
const CROWD = { direct: 8_000, tree: 31_250 }

const SMALL = { softening: 0, minDistance: 1e-3 }

/** Every body at (1, 2, 3). */
const onePoint = (count: number, longRange: SceneData['longRange']): SceneData =>
  pointScene('one-point', count, (_, at) => at.splice(0, 3, 1, 2, 3), longRange)

/** Whether no position and no velocity is NaN or infinite. */
function finite({ components }: Physics): boolean {
  const columns = [components.Position, components.LinearVelocity].flatMap(({ x, y, z }) => [x, y, z])
  return columns.every((column) => column.every(Number.isFinite))
}

/** A scene with every length times `by`. */
const scaled = (scene: SceneData, by: number): SceneData => moved(scene, ([x, y, z]) => [x * by, y * by, z * by])

describe.each(METHODS)('%s', (method) => {
  const { rms, p99 } = BOUNDS[method]
  const measure = (scene: SceneData): Promise<Measured> => measurePulls(scene, { longRange: { method } })

  /** Expects everybody in and finite, and the error of `most` bodies within the method's bounds. */
  const expectExact = async (scene: SceneData, most?: number): Promise<void> => {
    const error = await measureError(scene, { method }, most)
    expect(error).toMatchObject({ longRange: method, quarantined: 0 })
    expect(error.rms).toBeLessThan(rms)
    expect(error.p99).toBeLessThan(p99)
  }

  describe('hardly anybody', () => {
    test('nobody', async () => {
      const { physics } = await createCloud(
        pointScene('none', 0, () => {}),
        { longRange: { method } },
      )
      onTestFinished(() => dispose(physics))
      step(physics, 1 / 60)
      expect(frameStats(physics)).toMatchObject({ bodies: 0, sources: 0 })
    })

    test('one body pulls nobody, least of all itself', async () => {
      const scene = pointScene('one', 1, (_, at) => at.fill(7), { gravity: 1, coulomb: 1 })
      scene.spheres.charge[0] = 5
      expect(await measure(scene)).toMatchObject({ pulls: new Float64Array(3), quarantined: 0 })
    })

    test('two to nine bodies', async () => {
      for (let count = 2; count < 10; count++) {
        const { pulls } = await measure(shapedScene('uniform', count, count))
        expect(errorOf(shapedScene('uniform', count, count), pulls).rms).toBeLessThan(rms)
      }
    })

    test('two bodies at one place, and a third that feels both', async () => {
      for (const softening of [0, 0.5]) {
        const place = (i: number, at: number[]): void => void at.fill(i === 2 ? 4 : 1)
        const scene = pointScene('pair', 3, place, { gravity: 1, softening, minDistance: 0 })
        const { pulls, quarantined } = await measure(scene)
        expect(quarantined).toBe(0)
        expect(errorOf(scene, pulls).worst).toBeLessThan(p99)
        expect(pulls[0]).toBe(pulls[3])
      }
    })

    test('sources without targets', async () => {
      const scene = changed(plummer(2_000), ({ kind }) => kind.fill(STATIC))
      const { pulls, quarantined } = await measure(scene)
      expect(quarantined).toBe(0)
      expect(pulls.every((a) => a === 0)).toBe(true)
    })

    test('targets without sources', async () => {
      const scene = changed(plummer(2_000), ({ attracts }) => attracts.fill(0))
      const measured = await measure(scene)
      expect(measured).toMatchObject({ longRange: 'none', sources: 0, quarantined: 0 })
      expect(measured.pulls.every((a) => a === 0)).toBe(true)
    })

    test('one source for many targets, one target for many sources', async () => {
      await expectExact(
        changed(plummer(3_000), ({ attracts }) => {
          attracts.fill(0)
          attracts[1_234] = 1
        }),
      )
      const single = changed(plummer(3_000), ({ kind }) => {
        kind.fill(STATIC)
        kind[1_234] = DYNAMIC
      })
      expect((await measureError(single, { method })).worst).toBeLessThan(p99)
    })
  })

  describe('crowds', () => {
    const crowd = CROWD[method]

    test(`${crowd} bodies at one point pull nothing`, { timeout: HANG }, async () => {
      const { pulls, quarantined } = await measure(onePoint(crowd, { gravity: 1, coulomb: 1, ...SMALL }))
      expect(quarantined).toBe(0)
      expect(pulls.every((a) => a === 0)).toBe(true)
    })

    test(`${crowd} bodies all within minDistance pull nothing`, { timeout: HANG }, async () => {
      const scene = { ...scaled(uniformBox(crowd), 1e-6), longRange: { gravity: 1, ...SMALL } }
      const { pulls, quarantined } = await measure(scene)
      expect(quarantined).toBe(0)
      expect(pulls.every((a) => a === 0)).toBe(true)
    })

    test('a minDistance larger than the scene leaves nothing', async () => {
      const scene = uniformBox(3_000)
      const { pulls } = await measure({ ...scene, longRange: { ...scene.longRange, minDistance: 1e3 } })
      expect(pulls.every((a) => a === 0)).toBe(true)
    })

    test('half at one point, half around it', { timeout: HANG }, async () => {
      await expectExact(
        changed(plummer(8_000), ({ x, y, z }) => {
          for (const column of [x, y, z]) column.fill(0.125, 0, 4_000)
        }),
        1_000,
      )
    })

    test('two clusters of 5,000 at a spacing of 1 mm, 1,000 km apart', { timeout: HANG }, async () => {
      // Far from the origin single precision puts whole millimetre lattices into one point: that is part of it.
      const scene = pointScene('far-pair', 10_000, (i, at) => {
        const [far, k] = [i % 2, Math.floor(i / 2)]
        at[0] = far * 1e6 + (k % 17) * 1e-3
        at[1] = (Math.floor(k / 17) % 17) * 1e-3
        at[2] = Math.floor(k / 289) * 1e-3
      })
      scene.longRange = { gravity: 1, softening: 0, minDistance: 1e-4 }
      const { pulls, quarantined } = await measure(scene)
      expect(quarantined).toBe(0)
      const error = errorOf(scene, pulls, 1_000)
      expect(error.rms).toBeLessThan(rms)
      expect(error.p99).toBeLessThan(p99)
    })
  })

  describe('far and near', () => {
    test.each([1e4, 1e9, 1e13, 1e17, 6e17])(
      'a body %f m away: the others keep their accuracy',
      {
        timeout: HANG,
      },
      async (far) => {
        const scene = changed(plummer(5_000), ({ x, y }) => {
          x[17] = far
          y[17] = -far / 2
        })
        await expectExact(scene, 1_000)
      },
    )

    test('outliers in every direction, each ten times as far', async () => {
      const scene = changed(plummer(4_000), ({ x, y, z }) => {
        for (let i = 0; i < 48; i++) [x, y, z][i % 3][i] = (i % 2 ? 1 : -1) * 10 ** (1 + Math.floor(i / 3))
      })
      await expectExact(scene, 1_000)
    })

    test.each([1e-6, 1e-3, 1e3, 1e6, 1e9, 1e11])('a cloud of %f m across', async (size) => {
      const scene = scaled(shapedScene('uniform', 3_000, 4, true), size)
      const constant = size ** 2
      scene.longRange = { gravity: constant, coulomb: constant, softening: 0.01 * size, minDistance: 0 }
      const { pulls, quarantined } = await measure(scene)
      expect(quarantined).toBe(0)
      expect(errorOf(scene, pulls, 1_000, true).rms).toBeLessThan(rms)
    })
  })

  describe('masses, charges and constants', () => {
    test('masses from 10⁻²⁴ to 10²⁴ kg', async () => {
      const scene = changed(shapedScene('uniform', 3_000, 5), ({ mass, radius }) => {
        for (let i = 0; i < mass.length; i++) mass[i] = 10 ** (((i * 7) % 49) - 24)
        radius.fill(1e-3)
      })
      await expectExact({ ...scene, longRange: { gravity: 1e-20, softening: 0.01 } }, 1_000)
    })

    test('masses so small that G·m is nearly or wholly zero', async () => {
      for (const gravity of [1e-26, 1e-33]) {
        const scene = changed(shapedScene('uniform', 2_000, 6), ({ mass }) => mass.fill(1e-15))
        const { pulls, quarantined } = await measure({ ...scene, longRange: { gravity } })
        expect(quarantined).toBe(0)
        expect(pulls.every(Number.isFinite)).toBe(true)
      }
    })

    test('charges of nobody, with a Coulomb constant; of one; and all of one sign', async () => {
      const longRange = { gravity: 0, coulomb: 1, softening: 0.1 }
      const box = { ...changed(uniformBox(2_000), ({ charge }) => charge.fill(0)), longRange }
      expect((await measure(box)).pulls.every((a) => a === 0)).toBe(true)
      const single = changed(box, ({ charge }) => charge.fill(3, 50, 51))
      expect((await measure(single)).pulls.every((a) => a === 0)).toBe(true)
      await expectExact(changed(box, ({ charge }) => charge.fill(-2)))
    })

    test('pairs of opposite charges at one point: every cell is neutral, to the last dipole', async () => {
      const box = uniformBox(4_000)
      const paired = changed(box, ({ x, y, z, charge }) => {
        for (const column of [x, y, z]) for (let i = 1; i < 4_000; i += 2) column[i] = column[i - 1]
        for (let i = 0; i < 4_000; i++) charge[i] = i % 2 ? 1 : -1
        charge[0] = 0
      })
      // All that is left is the field of the one charge without a partner.
      const scene = { ...paired, longRange: { gravity: 0, coulomb: 1, minDistance: 1e-6 } }
      const { pulls, quarantined } = await measure(scene)
      expect(quarantined).toBe(0)
      expect(errorOf(scene, pulls, 1_000, true).rms).toBeLessThan(rms)
    })

    test('constants at the edge of the number range leave no NaN behind', async () => {
      for (const longRange of [
        { gravity: 3e38 },
        { gravity: 1e30, coulomb: 1e30 },
        { gravity: 1, softening: 1e30 },
        { gravity: 1, minDistance: 1e30 },
        { gravity: 1e-45, coulomb: 1e-45 },
        { gravity: 1, softening: 0, minDistance: 0 },
      ]) {
        const scene = shapedScene('coincident', 600, 7, true)
        const { physics } = await createCloud({ ...scene, longRange }, { longRange: { method } })
        onTestFinished(() => dispose(physics))
        for (let i = 0; i < 3; i++) step(physics, 1 / 60)
        expect(finite(physics), JSON.stringify(longRange)).toBe(true)
      }
    })
  })

  describe('poison', () => {
    test.each(['Position.y', 'Mass.value', 'Charge.value', 'LinearVelocity.z'])(
      '%s that is not finite: the others are bit for bit as if the body were not there',
      async (lane) => {
        const scene = shapedScene('uniform', 2_000, 8, true)
        const [sick, well] = [
          await createCloud(scene, { longRange: { method } }),
          await createCloud(scene, { longRange: { method } }),
        ]
        onTestFinished(() => {
          dispose(sick.physics)
          dispose(well.physics)
        })
        const eid = sick.eids[77]
        const [component, key] = lane.split('.') as ['Position', 'y']
        sick.physics.components[component][key][eid] = Number.NaN
        removeBody(well.physics, eid)
        for (let i = 0; i < 3; i++) {
          step(sick.physics, 1 / 60)
          step(well.physics, 1 / 60)
        }
        expect(frameStats(sick.physics)).toMatchObject({ quarantined: 1, sources: 1_999 })
        const without = ({ physics }: { physics: Physics }): ColumnCopies => {
          const columns = columnsOf(physics)
          for (const column of Object.values(columns)) column[eid] = 0
          return columns
        }
        expectSameColumns(without(sick), without(well))
      },
    )

    test('everybody sick, then everybody well: as if nothing had been', async () => {
      const { physics } = await createCloud(shapedScene('clumps', 2_000, 9), { longRange: { method } })
      onTestFinished(() => dispose(physics))
      const { x } = physics.components.Position
      const before = x.slice()
      x.fill(Number.NaN)
      step(physics, 1 / 60)
      expect(frameStats(physics)).toMatchObject({ quarantined: 2_000, sources: 0, longRange: 'none' })
      x.set(before)
      step(physics, 1 / 60)
      expect(frameStats(physics)).toMatchObject({ quarantined: 0, sources: 2_000, longRange: method })
      expect(finite(physics)).toBe(true)
    })
  })
})
