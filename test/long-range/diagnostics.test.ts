/** Measures of the state against the oracle, and the engine's own estimate of its long-range error. */
import {
  angularMomentum,
  centerOfMass,
  dispose,
  frameStats,
  kineticEnergy,
  longRangeError,
  momentum,
  type Physics,
  potentialEnergy,
  stateHash,
  step,
} from 'manybody'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { copyFromPhysics, referenceOfScene } from '../reference/copy.ts'
import * as oracle from '../reference/measures.ts'
import { pullEnergy } from '../reference/pull.ts'
import type { createReferenceWorld } from '../reference/world.ts'
import { createCloud, errorOf, fieldOf, METHODS, pullsIn } from './measure.ts'
import { changed, chargedBox, neutralBox, neutralPlummer, plummer, shapedScene, thinDisc } from './scenes.ts'

async function open(scene: SceneData, longRange = {}): Promise<{ physics: Physics; eids: Uint32Array }> {
  const made = await createCloud(scene, { longRange })
  onTestFinished(() => dispose(made.physics))
  return made
}

/** Some of every kind, in uniform gravity, moving and spinning. */
function everyKind(): SceneData {
  const scene = changed(chargedBox(1_200, 2), ({ kind, attracts, charge }) => {
    for (let i = 0; i < kind.length; i++) {
      if (i % 7 === 3) kind[i] = i % 2 ? 0 : 2
      if (i % 5 === 2) attracts[i] = 0
      if (i % 3 === 1) charge[i] = 0
    }
  })
  return { ...scene, gravity: [0.5, -9.81, 2] }
}

describe('against the oracle', () => {
  /** The world after a few steps with random spins, and the oracle's copy of it. */
  async function twin(): Promise<{ physics: Physics; world: ReturnType<typeof createReferenceWorld> }> {
    const scene = everyKind()
    const { physics, eids } = await open(scene)
    const { AngularVelocity } = physics.components
    for (const e of eids) AngularVelocity.y[e] = (e % 13) - 5
    for (let i = 0; i < 5; i++) step(physics, 1 / 60)
    const world = referenceOfScene(scene, eids)
    copyFromPhysics(world, physics)
    return { physics, world }
  }

  const expectVector = (seen: readonly number[], exact: readonly number[]): void => {
    const difference = Math.hypot(...seen.map((v, axis) => v - exact[axis]))
    expect(difference / Math.hypot(...exact)).toBeLessThan(1e-12)
  }

  test('kinetic energy, momentum, angular momentum and centre of mass to the last bits of f64', async () => {
    const { physics, world } = await twin()
    expect(kineticEnergy(physics) / oracle.kineticEnergy(world)).toBeCloseTo(1, 12)
    expectVector(momentum(physics), oracle.momentum(world))
    expectVector(angularMomentum(physics), oracle.angularMomentum(world))
    expectVector(centerOfMass(physics), oracle.centerOfMass(world))
  })

  test('potential energy by the direct sum likewise, in uniform gravity and for every kind of pair', async () => {
    const { physics, world } = await twin()
    const exact = oracle.potentialEnergy(world)
    expect(potentialEnergy(physics, { method: 'direct' }) / exact).toBeCloseTo(1, 10)
    // With 1,200 bodies the default is the direct sum.
    expect(potentialEnergy(physics)).toBe(potentialEnergy(physics, { method: 'direct' }))
  })

  test('potential energy by the tree: every kind of pair', async () => {
    const { physics } = await twin()
    const direct = potentialEnergy(physics, { method: 'direct' })
    const uniform = direct - (await pairEnergyOf(everyKind(), physics))
    const tree = potentialEnergy(physics, { method: 'tree' })
    expect(Math.abs(tree - direct) / Math.abs(direct - uniform)).toBeLessThan(1e-2)
  })
})

/** Energy of the pairs at the present positions. */
async function pairEnergyOf(scene: SceneData, physics: Physics): Promise<number> {
  const { Position } = physics.components
  const here = changed(scene, (s) => {
    for (const axis of ['x', 'y', 'z'] as const) s[axis].set(Position[axis].subarray(1, 1 + s.count))
  })
  return pullEnergy(fieldOf(here)).sum
}

describe('potential energy by the tree, 5,000 bodies', () => {
  test.each<[string, SceneData]>([
    ['Plummer sphere', plummer(5_000)],
    ['thin disc', thinDisc(5_000)],
    ['collinear', shapedScene('collinear', 5_000, 2)],
  ])('%s: within 1e-3 of the direct sum, and the default', async (_, scene) => {
    const { physics } = await open(scene)
    const exact = pullEnergy(fieldOf(scene)).sum
    expect(potentialEnergy(physics, { method: 'direct' }) / exact).toBeCloseTo(1, 9)
    expect(Math.abs(potentialEnergy(physics, { method: 'tree' }) / exact - 1)).toBeLessThan(1e-3)
    // Above 4,096 long-range bodies the default is the tree.
    expect(potentialEnergy(physics)).toBe(potentialEnergy(physics, { method: 'tree' }))
  })

  test.each<[string, SceneData]>([
    ['net-zero charges in a box', neutralBox(5_000)],
    ['net-zero charges in a Plummer sphere', neutralPlummer(5_000)],
  ])('%s: within 1e-2 of what terms of random sign add up to', async (_, scene) => {
    const { physics } = await open(scene)
    const { sum, size } = pullEnergy(fieldOf(scene))
    expect(Math.abs(potentialEnergy(physics, { method: 'tree' }) - sum) / size).toBeLessThan(1e-2)
  })
})

test.each(['auto', 'direct', 'tree'] as const)('potential energy of nobody, by %s, is zero', async (method) => {
  const { physics } = await open(plummer(0), { gravity: 1 })
  expect(potentialEnergy(physics, { method })).toBe(0)
})

describe('longRangeError', () => {
  test.each(METHODS)('%s: of all bodies, it is what the independent sum says', async (method) => {
    for (const scene of [plummer(1_000), chargedBox(1_000), thinDisc(1_000)]) {
      const { physics, eids } = await open(scene, { method })
      const exact = errorOf(scene, pullsIn(physics, eids))
      const hash = stateHash(physics)
      const { rms, p99, samples } = longRangeError(physics, 1_000)
      expect(samples).toBe(1_000)
      expect(stateHash(physics)).toBe(hash)
      // Both round in their own way; the direct method's error is nothing but rounding.
      const within = method === 'direct' ? 0.1 : 0.01
      expect(Math.abs(rms / exact.rms - 1)).toBeLessThan(within)
      expect(Math.abs(p99 / exact.p99 - 1)).toBeLessThan(within)
    }
  })

  test('256 samples are the default and enough for the order of the error', async () => {
    const { physics } = await open(plummer(4_000), { method: 'tree' })
    const [few, many] = [longRangeError(physics), longRangeError(physics, 1_024)]
    expect(longRangeError(physics, 256)).toEqual(few)
    // Whole strides: not all that were asked for.
    expect(few.samples).toBeGreaterThan(128)
    expect(few.samples).toBeLessThanOrEqual(256)
    expect(many.samples).toBeGreaterThan(512)
    expect(many.samples).toBeLessThanOrEqual(1_024)
    expect(few.rms / many.rms).toBeGreaterThan(0.5)
    expect(few.rms / many.rms).toBeLessThan(2)
  })

  test('it sees the present positions, and a larger θ as a larger error', async () => {
    const errors: number[] = []
    for (const theta of [0.4, 0.9]) {
      const { physics } = await open(plummer(4_000), { method: 'tree', theta })
      const { x } = physics.components.Position
      const still = longRangeError(physics)
      for (let e = 0; e < x.length; e += 2) x[e] *= 1.5
      expect(longRangeError(physics)).not.toEqual(still)
      errors.push(still.rms)
    }
    expect(errors[1]).toBeGreaterThan(2 * errors[0])
  })

  test('nothing to compare is no error', async () => {
    const scenes = [plummer(0), plummer(1), changed(plummer(50), ({ attracts }) => attracts.fill(0))]
    for (const scene of scenes) {
      const { physics } = await open(scene)
      expect(longRangeError(physics)).toMatchObject({ rms: 0, p99: 0 })
    }
  })
})

test.each(METHODS)('frameStats tells the method, the sources and the nodes: %s', async (method) => {
  const { physics } = await open(
    changed(plummer(2_000), ({ attracts }) => attracts.fill(0, 0, 500)),
    { method },
  )
  step(physics, 1 / 60)
  const stats = frameStats(physics)
  expect(stats).toMatchObject({ longRange: method, sources: 1_500 })
  if (method === 'tree') expect(stats.treeNodes).toBeGreaterThan(10)
  else expect(stats.treeNodes).toBe(0)
  expect(stats.treeNodes).toBeLessThan(4_000)
})
