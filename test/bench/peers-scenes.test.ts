import { describe, expect, test } from 'vitest'
import { peers } from '../../bench/benches/peers.ts'
import { parseOptions } from '../../bench/harness/options.ts'
import type { Report, Row } from '../../bench/harness/report.ts'
import { assembliesOf, jointFrames } from '../../bench/peers/frames.ts'
import { createJudge, observe } from '../../bench/peers/quality.ts'
import { plotPeers } from '../../bench/plots/peers.ts'
import { chainScene } from '../../examples/scenes/joints-chains.ts'
import { RAGDOLL_JOINTS, RAGDOLL_PARTS, ragdollScene } from '../../examples/scenes/joints-ragdolls.ts'
import { boxPileScene, mixedPileScene } from '../../examples/scenes/rigid-pile.ts'
import { pyramidScene } from '../../examples/scenes/rigid-pyramid.ts'
import { raysScene } from '../../examples/scenes/rigid-rays.ts'
import { sleepingScene } from '../../examples/scenes/rigid-sleeping.ts'
import { bodiesOf, bodyAt, capacityOf, type SceneData } from '../../examples/scenes/scene.ts'

const SCENES: [number, () => SceneData][] = [
  [64, () => boxPileScene(64)],
  [90, () => mixedPileScene(90)],
  [55, () => pyramidScene(10)],
  [6 * RAGDOLL_PARTS, () => ragdollScene(6)],
  [4 * 11, () => chainScene(4)],
  [100, () => sleepingScene(100)],
  [500, () => raysScene(20, 500)],
]

describe.each(SCENES.map(([count, make]) => [make().name, count, make] as const))('%s', (_, count, make) => {
  const scene = make()

  test('is the same every time, with as many bodies as asked for and room for them', () => {
    expect(make()).toEqual(scene)
    expect(bodiesOf(scene)).toBe(count)
    expect(capacityOf(scene).bodies).toBeGreaterThan(count)
  })

  test('begins with sound numbers, nothing in anything, joints closed', () => {
    for (let body = 0; body < count; body++) {
      const { mass, rotation, position } = bodyAt(scene, body)
      expect(mass).toBeGreaterThan(0)
      expect(Math.hypot(...rotation)).toBeCloseTo(1, 5)
      expect(position.every(Number.isFinite)).toBe(true)
    }
    const judge = createJudge(scene)
    observe(judge, judge.start, judge.start, 1 / 60)
    expect(judge.quality.deepest).toBeLessThan(1e-6)
    expect(judge.quality.jointWorst ?? 0).toBeLessThan(1e-6)
    for (const { a, b } of scene.joints ?? []) {
      expect(a).not.toBe(b)
      expect(Math.max(a, b)).toBeLessThan(count)
    }
  })
})

describe('parts of scenes', () => {
  test('the published sizes', () => {
    expect(pyramidScene().shaped!.count).toBe(5_050)
    expect(sleepingScene().shaped!.count + sleepingScene().spheres.count).toBe(10_000)
    expect(ragdollScene(2).joints).toHaveLength(2 * RAGDOLL_JOINTS)
    expect(new Set(mixedPileScene(90).shapes!.map(({ type }) => type))).toEqual(new Set(['box', 'capsule', 'hull']))
  })

  test('rays are unit vectors', () => {
    const { directions, count } = raysScene(20, 500).rays!
    for (let i = 0; i < count; i++) expect(Math.hypot(...directions.subarray(3 * i, 3 * i + 3))).toBeCloseTo(1, 6)
  })

  test('a body beyond the last one is refused', () => {
    expect(() => bodyAt(boxPileScene(8), 8)).toThrow(/no body 8/)
  })

  test('anchors and axes come into the frames of turned bodies', () => {
    const scene = chainScene(1)
    const [, second] = scene.joints!
    const frames = jointFrames(second, bodyAt(scene, second.a), bodyAt(scene, second.b))
    // The links lie along x by a quarter turn: the far end of one and the near end of the next, on their own y.
    for (const [anchor, y] of [
      [frames.anchorA, -0.25],
      [frames.anchorB, 0.25],
    ] as const) {
      expect(anchor[0]).toBeCloseTo(0, 6)
      expect(anchor[1]).toBeCloseTo(y, 6)
    }
    expect(Math.hypot(...frames.normalA)).toBeCloseTo(1, 6)
  })

  test('each ragdoll is an assembly with as many silent pairs as joints', () => {
    const assemblies = assembliesOf(ragdollScene(3).joints!)
    expect(assemblies.map(({ bodies }) => bodies.length)).toEqual([RAGDOLL_PARTS, RAGDOLL_PARTS, RAGDOLL_PARTS])
    for (const { apart } of assemblies) expect(apart).toEqual(assemblies[0].apart)
    expect(assemblies[0].apart).toHaveLength(RAGDOLL_JOINTS)
  })
})

describe('the bench', () => {
  test('refuses a scene that it does not have', async () => {
    await expect(peers.run(parseOptions(['--scene', 'nonsense'], []))).rejects.toThrow(/no scene "nonsense": field,/)
  })

  test('draws spheres, everything else and depths apart; who is absent says why', () => {
    const ms = { mean: 1, p50: 1.5, p95: 2, p99: 2, p998: 2, max: 2 }
    const quality = { deepest: 0.012, meanDepth: 0.002, drift: 0.1 }
    const rows = ['field-9', 'pile-boxes-9'].flatMap((scene) => [
      { bench: 'peers', scene, engine: 'manybody', ms, ratio: 0.5, quality },
      { bench: 'peers', scene, engine: 'other', absent: 'no boxes' },
    ]) as unknown as Row[]
    const report: Report = { bench: 'peers', commit: 'x', machine: { cpu: 'cpu', cores: 2, runtime: 'node' }, rows }
    const pictures = plotPeers(report)
    expect(pictures.map(({ suffix }) => suffix)).toEqual(['', '-rigid', '-depth'])
    const [spheres, others, depths] = pictures.map(({ svg }) => svg)
    expect(spheres).toContain('field-9')
    expect(spheres).not.toContain('pile-boxes')
    for (const text of ['pile-boxes-9', '1.50 ms = 0.50 × Havok', 'no boxes']) expect(others).toContain(text)
    expect(others.match(/<rect/g)).toHaveLength(1)
    expect(depths).toContain('12 mm, mean 2.0 mm')
    expect(depths).not.toContain('no boxes')
  })
})
