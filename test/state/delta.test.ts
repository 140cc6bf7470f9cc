/** Deltas: the same bytes again, and few of them. */
import { addBody, deltaSnapshot, type Physics, restoreDelta, snapshot, stateHash, step } from 'manybody'
import { expect, test } from 'vitest'
import { REDUCED } from '../../bench/harness/battle.ts'
import { INTERNALS } from '../../engine/internals.ts'
import { applyDelta } from '../../engine/state/delta.ts'
import { createGalacticWars, disposeGalaxy, updateGalaxy } from '../../examples/galactic-wars/sim/index.ts'
import { makePhysics, sphere } from '../physics/harness.ts'
import { busyWorld, look, play, populate, watch } from './busy.ts'

const apply = (physics: Physics, delta: Uint8Array, base: Uint8Array): Uint8Array =>
  applyDelta(physics, physics[INTERNALS], { delta, base, strict: true })

test('what it gives with its base is the snapshot, byte for byte', { timeout: 60_000 }, async () => {
  const physics = await busyWorld()
  const game = populate(physics)
  watch(physics, game, 30)
  for (const steps of [0, 1, 1, 2, 5, 17, 60]) {
    const base = snapshot(physics)
    for (let k = 0; k < steps; k++) play(physics, game)
    const now = snapshot(physics)
    const delta = deltaSnapshot(physics, base)
    expect(Buffer.compare(apply(physics, delta, base), now)).toBe(0)
    expect(deltaSnapshot(physics, base, new Uint8Array(now.length))).toEqual(delta)
    // Of nothing: a head, and one kind a block.
    if (steps === 0) expect(delta.length).toBeLessThan(2500)
  }
})

test('restored, the world goes the same way, here and elsewhere', { timeout: 60_000 }, async () => {
  const [physics, other] = [await busyWorld(), await busyWorld()]
  const game = populate(physics)
  watch(physics, game, 30)
  const base = snapshot(physics)
  watch(physics, game, 4)
  const delta = deltaSnapshot(physics, base)
  const then = structuredClone(game)
  const seen = look(physics)
  const future = watch(physics, game, 30)
  for (const world of [other, physics]) {
    restoreDelta(world, delta, base)
    expect(look(world)).toBe(seen)
    expect(watch(world, structuredClone(then), 30)).toEqual(future)
  }
})

test('one frame of a battle takes a tenth of the whole', { timeout: 120_000 }, async () => {
  const galaxy = await createGalacticWars(REDUCED)
  const { physics } = galaxy
  try {
    for (let k = 0; k < 120; k++) updateGalaxy(galaxy)
    for (let k = 0; k < 12; k++) {
      const base = snapshot(physics)
      updateGalaxy(galaxy)
      const delta = deltaSnapshot(physics, base)
      const now = snapshot(physics)
      expect(delta.length / now.length).toBeLessThan(0.1)
      const hash = stateHash(physics)
      restoreDelta(physics, delta, base)
      expect(stateHash(physics)).toBe(hash)
    }
  } finally {
    disposeGalaxy(galaxy)
  }
})

test('bodies that fly freely cost next to nothing', async () => {
  const physics = await makePhysics({ gravity: [0, -9.81, 0], longRange: { gravity: 1 } })
  addBody(physics, sphere([0, 0, 0], { mass: 1000, attracts: true, type: 'static' }))
  for (let i = 0; i < 1000; i++) {
    const spin = { angularVelocity: [0.1 * (i % 7), 1, 0] as [number, number, number], linearDamping: 0.01 * (i % 3) }
    addBody(
      physics,
      sphere([30 + 5 * i, (i % 10) * 5, 0], { linearVelocity: [0, i % 13, 1], canSleep: false, ...spin }),
    )
  }
  step(physics, 1 / 60)
  const base = snapshot(physics)
  step(physics, 1 / 60)
  const delta = deltaSnapshot(physics, base)
  expect(snapshot(physics).length).toBeGreaterThan(40_000)
  // What pairs are searched with, and who has left it: places, velocities and rotations are all as expected.
  expect(delta.length).toBeLessThan(physics.backend.precision === 'double' ? 16_000 : 8000)
})
