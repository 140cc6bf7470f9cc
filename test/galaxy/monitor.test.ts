import { kineticEnergy, longRangeError, potentialEnergy } from 'manybody'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createMerger,
  createMonitor,
  disposeMerger,
  type Merger,
  type Monitor,
  observe,
  observeAll,
  updateMerger,
} from '../../examples/galaxy/sim/index.ts'

let merger: Merger
let monitor: Monitor

beforeAll(async () => {
  merger = await createMerger({ count: 2000, method: 'tree' })
  monitor = createMonitor(merger.physics)
  for (let i = 0; i < 20; i++) updateMerger(merger)
})
afterAll(() => disposeMerger(merger))

test('knows nothing before the first measurement', () => {
  expect(monitor.truth.rms).toBeNaN()
  expect(monitor.truth.energyDrift).toBe(0)
})

test('measures by turns, and not before its time', () => {
  expect(observe(monitor, 0)).toBe(true)
  const { rms, p99 } = longRangeError(merger.physics, 64)
  expect(monitor.truth).toMatchObject({ rms, p99, energyDrift: 0 })
  expect(rms).toBeGreaterThan(1e-5)
  expect(rms).toBeLessThan(0.02)

  const { due } = monitor
  expect(due).toBeGreaterThanOrEqual(1000)
  expect(observe(monitor, due - 1)).toBe(false)
  expect(observe(monitor, due)).toBe(true)
  expect(monitor.truth.energyDrift).not.toBe(0)
  expect(monitor.due).toBeGreaterThanOrEqual(due + 1000)
})

test('the drifts are what changed since the start', () => {
  for (let i = 0; i < 20; i++) updateMerger(merger)
  observeAll(monitor)
  const { physics } = merger
  const energy = kineticEnergy(physics) + potentialEnergy(physics)
  expect(monitor.truth.energyDrift).toBeCloseTo((energy - monitor.start.energy) / -monitor.start.energy, 12)
  expect(Math.abs(monitor.truth.energyDrift)).toBeLessThan(1e-3)

  const { LinearVelocity, Mass } = physics.components
  const eid = merger.galaxies[0][0]
  const kick = (0.01 * monitor.start.scale) / Mass.value[eid]
  const before = monitor.truth.momentumDrift
  expect(before).toBeLessThan(1e-3)
  LinearVelocity.y[eid] += kick
  observeAll(monitor)
  expect(Math.abs(monitor.truth.momentumDrift - 0.01)).toBeLessThan(before + 1e-5)
  LinearVelocity.y[eid] -= kick
})
