/** The opening parameter θ: smaller is more exact, and the default keeps the stated error. */
import { describe, expect, test } from 'vitest'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { measureError } from './measure.ts'
import { changed, neutralBox, plummer, shapedScene, thinDisc } from './scenes.ts'

/** Half of the bodies at one point: they weigh much and pull nothing there. */
const concentrated = (): SceneData =>
  changed(plummer(8_000, 3), ({ x, y, z }) => {
    for (const column of [x, y, z]) column.fill(0.125, 0, 4_000)
  })

/** Scenes in which one place weighs much show its own error, which scatters: they are looked at in larger strides. */
const ALL = [1, 0.7, 0.5, 0.3, 0.1]
const FEW = [1, 0.5, 0.3, 0.1]

const SCENES: [name: string, scene: SceneData, thetas: number[]][] = [
  ['Plummer sphere', plummer(8_000, 3), ALL],
  ['thin disc', thinDisc(8_000, 3), ALL],
  ['net-zero charges', neutralBox(8_000, 3), ALL],
  ['half at one point', concentrated(), FEW],
  ['clumps', shapedScene('clumps', 8_000, 3), FEW],
]
const SAMPLE = 1_000

describe.each(SCENES)('%s', (_, scene, thetas) => {
  test('RMS error and 99th percentile fall with θ', async () => {
    const errors = []
    for (const theta of thetas) errors.push(await measureError(scene, { method: 'tree', theta }, SAMPLE))
    const [coarse, fine] = [errors[0], errors[errors.length - 1]]
    for (const of of ['rms', 'p99'] as const) {
      const falling = errors.map((error) => error[of])
      expect(falling).toEqual([...falling].sort((a, b) => b - a))
    }
    expect(coarse.rms).toBeLessThan(0.1)
    expect(fine).toMatchObject({ longRange: 'tree', quarantined: 0 })
    expect(fine.rms).toBeLessThan(1e-3)
    expect(fine.p99).toBeLessThan(1e-2)
  })
})
