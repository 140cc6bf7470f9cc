/** What long runs keep: momentum and angular momentum of charged, massive bodies, and the energy of a Plummer sphere. */
import {
  angularMomentum,
  dispose,
  frameStats,
  kineticEnergy,
  momentum,
  type Physics,
  potentialEnergy,
  step,
} from 'manybody'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { createCloud } from './measure.ts'
import { chargedBox, plummer } from './scenes.ts'

const STEPS = 1_000

/** Seconds on a quiet machine; ten times as many on a busy one. */
const LONG = { timeout: 120_000 }

/** The charged box with forces that make it fall in on itself within the run. */
function strongBox(): SceneData {
  const scene = chargedBox()
  return { ...scene, longRange: { ...scene.longRange, gravity: 0.01, coulomb: 0.01 } }
}

/** Momentum and angular momentum, and what they are measured against: Σ m|v| and Σ m|x × v|. */
interface Totals {
  p: readonly number[]
  l: readonly number[]
  pSize: number
  lSize: number
}

function totalsOf(physics: Physics): Totals {
  const { Mass, Position: x, LinearVelocity: v } = physics.components
  let [pSize, lSize] = [0, 0]
  for (let e = 1; e <= frameStats(physics).bodies; e++) {
    pSize += Mass.value[e] * Math.hypot(v.x[e], v.y[e], v.z[e])
    const arm = [
      x.y[e] * v.z[e] - x.z[e] * v.y[e],
      x.z[e] * v.x[e] - x.x[e] * v.z[e],
      x.x[e] * v.y[e] - x.y[e] * v.x[e],
    ]
    lSize += Mass.value[e] * Math.hypot(...arm)
  }
  return { p: momentum(physics), l: angularMomentum(physics), pSize, lSize }
}

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((v, i) => v - b[i]))

/** Change from one moment to another, relative to what is in motion. */
const changeOf = (from: Totals, to: Totals): { p: number; l: number } => ({
  p: distance(from.p, to.p) / to.pSize,
  l: distance(from.l, to.l) / to.lSize,
})

function run(physics: Physics, steps: number): void {
  for (let i = 0; i < steps; i++) step(physics, 1 / 60)
}

function copyState(from: Physics, to: Physics): void {
  for (const name of ['Position', 'LinearVelocity'] as const) {
    for (const axis of ['x', 'y', 'z'] as const) to.components[name][axis].set(from.components[name][axis])
  }
}

describe('momentum and angular momentum, 10,000 charged and massive bodies, 1,000 steps', () => {
  /** Places along the way at which the direct sum steps too, and how often. */
  const [PLACES, STRETCH] = [20, 2]
  const direct = { p: 0, l: 0 }
  let tree = { p: Number.NaN, l: Number.NaN }

  /**
   * A direct run of 10¹¹ pairs takes a minute. The tree leads the bodies along the 1,000 steps instead, and at twenty
   * places the direct sum takes two steps from where they are. What these change, all taken as pointing the same way and
   * twenty-five times over, bounds what 1,000 direct steps change.
   */
  beforeAll(async () => {
    const scene = strongBox()
    const { physics: guide } = await createCloud(scene, { longRange: { method: 'tree' } })
    const { physics: exact } = await createCloud(scene, { longRange: { method: 'direct' } })
    run(guide, 1)
    run(exact, 1)
    const start = totalsOf(guide)
    for (let place = 0; place < PLACES; place++) {
      run(guide, STEPS / PLACES)
      copyState(guide, exact)
      const before = totalsOf(exact)
      run(exact, STRETCH)
      const change = changeOf(before, totalsOf(exact))
      direct.p += (change.p * STEPS) / (PLACES * STRETCH)
      direct.l += (change.l * STEPS) / (PLACES * STRETCH)
    }
    tree = changeOf(start, totalsOf(guide))
    expect([guide, exact].map((physics) => frameStats(physics).longRange)).toEqual(['tree', 'direct'])
    dispose(guide)
    dispose(exact)
  }, LONG.timeout)

  test('direct: within 1e-5 of what is in motion', () => {
    expect(direct.p).toBeLessThan(1e-5)
    expect(direct.l).toBeLessThan(1e-5)
    expect(direct.p).toBeGreaterThan(0)
  })

  test('tree: within 5e-4', () => {
    expect(tree.p).toBeLessThan(5e-4)
    expect(tree.l).toBeLessThan(5e-4)
  })
})

describe('energy', () => {
  test('Plummer sphere of 10,000, default setting, 1,000 steps: drift ≤ 1e-3', LONG, async () => {
    const { physics } = await createCloud(plummer())
    onTestFinished(() => dispose(physics))
    const energy = (): number => kineticEnergy(physics) + potentialEnergy(physics, { method: 'direct' })
    const start = energy()
    for (let i = 0; i < STEPS; i++) step(physics, 1 / 100)
    expect(frameStats(physics).longRange).toBe('tree')
    expect(Math.abs(energy() / start - 1)).toBeLessThan(1e-3)
  })
})
