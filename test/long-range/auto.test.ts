/** `method: 'auto'`: the direct sum for few pairs, the tree for many, told in frameStats, and the same bits as asked for. */
import { dispose, frameStats, removeBody, step } from 'manybody'
import { expect, onTestFinished, test } from 'vitest'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { createCloud, measurePulls } from './measure.ts'
import { changed, chargedBox, fewSources, fewTargets, plummer } from './scenes.ts'

const none = (count: number): SceneData => changed(plummer(count), ({ attracts }) => attracts.fill(0))

test.each<[used: string, of: string, scene: SceneData]>([
  ['none', 'nobody', none(0)],
  ['none', '10,000 without a source', none(10_000)],
  ['direct', 'two', plummer(2)],
  ['direct', '200', plummer(200)],
  ['direct', '10,000 that feel four', fewSources(10_000, 4)],
  ['direct', 'four among 10,000 attractors', fewTargets(10_000, 4)],
  ['tree', '10,000', plummer()],
  ['tree', '10,000 charged', chargedBox()],
])('%s for %s, bit for bit as when asked for', async (used, _, scene) => {
  const auto = await measurePulls(scene)
  expect(auto).toMatchObject({ longRange: used, quarantined: 0 })
  if (used === 'none') return expect(auto.pulls.every((a) => a === 0)).toBe(true)
  const asked = await measurePulls(scene, { longRange: { method: used as 'direct' | 'tree' } })
  expect(auto.pulls).toEqual(asked.pulls)
})

test('it is the default, and follows the number of bodies from step to step', async () => {
  const { physics, eids } = await createCloud(plummer(8_000))
  onTestFinished(() => dispose(physics))
  step(physics, 1 / 100)
  expect(frameStats(physics)).toMatchObject({ longRange: 'tree', sources: 8_000 })
  for (const eid of eids.subarray(100)) removeBody(physics, eid)
  step(physics, 1 / 100)
  expect(frameStats(physics)).toMatchObject({ longRange: 'direct', sources: 100, treeNodes: 0 })
})
