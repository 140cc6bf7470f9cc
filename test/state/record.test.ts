/** Recordings: what the game did comes back by itself, and a step that comes out otherwise is named. */
import { addComponent, addEntity, set } from 'bitecs'
import {
  addBody,
  addParticleSystem,
  applyForce,
  emit,
  record,
  replay,
  restore,
  snapshot,
  stateHash,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { HEAD, seal, wordsOf } from '../../engine/state/format.ts'
import { makePhysics, sphere } from '../physics/harness.ts'
import { busyWorld, play, populate } from './busy.ts'

describe('a recording', () => {
  test.each([
    [{ tier: 'simd' }, { tier: 'simd' }],
    [{ tier: 'threads', threads: 2 }, { tier: 'simd' }],
    [{ tier: 'simd' }, { tier: 'threads', threads: 4 }],
  ] as const)('made on %j plays on %j', { timeout: 120_000 }, async (from, to) => {
    const physics = await busyWorld(from)
    const game = populate(physics, 60)
    for (let k = 0; k < 30; k++) play(physics, game)
    const recorder = record(physics)
    const hashes: string[] = []
    for (let k = 0; k < 60; k++) {
      play(physics, game)
      hashes.push(stateHash(physics))
    }
    expect(recorder.steps).toBe(60)
    const tape = recorder.stop()
    play(physics, game)
    expect(recorder.stop()).toBe(tape)
    const other = await busyWorld(to)
    populate(other, 10)
    const seen: string[] = []
    expect(replay(other, tape, { onStep: () => seen.push(stateHash(other)) })).toEqual({
      steps: 60,
      divergence: undefined,
    })
    expect(seen).toEqual(hashes)
    expect(replay(physics, tape)).toEqual({ steps: 60, divergence: undefined })
  })

  test('catches columns that a system wrote, components that were set, and calls', async () => {
    const physics = await makePhysics()
    const { world, components } = physics
    const eid = addBody(physics, sphere([0, 0, 0]))
    const system = addParticleSystem(physics, { speed: [1, 2], life: [1, 2], size: [1, 1] })
    const recorder = record(physics)
    for (let k = 0; k < 20; k++) {
      if (k === 3) components.LinearVelocity.y[eid] = 7
      if (k === 5) components.Mass.value[eid] = 3
      if (k === 7) applyForce(physics, eid, [0, 0, 40])
      if (k === 9)
        addComponent(
          world,
          addEntity(world),
          set(components.RigidBody, { shape: { type: 'box', halfExtents: [1, 2, 3] }, position: [9, 9, 9] }),
        )
      if (k === 11) emit(physics, system, 30)
      step(physics, k === 13 ? 1 / 30 : 1 / 60)
    }
    const tape = recorder.stop()
    const end = stateHash(physics)
    const other = await makePhysics()
    expect(replay(other, tape)).toEqual({ steps: 20, divergence: undefined })
    expect(stateHash(other)).toBe(end)
  })

  test('names the first step that comes out otherwise', async () => {
    const physics = await makePhysics()
    const eid = addBody(physics, sphere([0, 0, 0], { linearVelocity: [1, 0, 0] }))
    const recorder = record(physics)
    for (let k = 0; k < 20; k++) step(physics, 1 / 60)
    const tape = recorder.stop()
    const spoil = (at: number) => ({
      onStep: (k: number) => {
        if (k === at) physics.components.LinearVelocity.x[eid]! += 1e-3
      },
    })
    expect(replay(physics, tape, spoil(11))).toMatchObject({ steps: 13, divergence: { step: 12 } })
    expect(replay(physics, tape, { ...spoil(4), goOn: true })).toMatchObject({ steps: 20, divergence: { step: 5 } })
    expect(replay(physics, tape).divergence).toBeUndefined()
  })

  test('that was damaged is refused, or the world steps', { timeout: 60_000 }, async () => {
    const physics = await busyWorld({ tier: 'simd' })
    const game = populate(physics, 30)
    const recorder = record(physics)
    for (let k = 0; k < 10; k++) play(physics, game)
    const tape = recorder.stop()
    const home = snapshot(physics)
    for (let k = 0; k < 60; k++) {
      const bad = tape.slice()
      const at = Math.floor(((k + 0.5) / 60) * bad.length)
      bad[at]! ^= 1 << (k % 8)
      if (k % 3 > 0) seal(wordsOf(bad))
      try {
        replay(physics, bad)
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_SNAPSHOT' })
      }
      step(physics, 1 / 60)
      restore(physics, home)
    }
    const [first] = wordsOf(tape.slice(0, 4 * HEAD.capacities))
    expect(first).toBe(0x7473_424d)
    expect(() => replay(physics, home)).toThrow(expect.objectContaining({ field: 'kind' }))
  })
})
