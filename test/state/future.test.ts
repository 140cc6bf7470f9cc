/** A snapshot, and what follows it: the same bits, here and elsewhere. */
import { addBody, type Physics, type PhysicsOptions, restore, snapshot, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { INTERNALS } from '../../engine/internals.ts'
import { makePhysics } from '../physics/harness.ts'
import { busyWorld, type Game, look, play, populate, watch } from './busy.ts'

const copy = (game: Game): Game => structuredClone(game)
const TIERS: PhysicsOptions[] = [
  { tier: 'simd' },
  { tier: 'threads', threads: 2 },
  { tier: 'threads', threads: 4 },
  { tier: 'js' },
]

describe.each(TIERS)('%j', (options) => {
  test('restored, a world goes the same way again', { timeout: 120_000 }, async () => {
    const physics = await busyWorld(options)
    const game = populate(physics)
    watch(physics, game, 20)
    for (let round = 0; round < 6; round++) {
      watch(physics, game, 23)
      const bytes = snapshot(physics)
      const before = look(physics)
      const then = copy(game)
      const first = watch(physics, game, 40)
      restore(physics, bytes)
      expect(look(physics)).toBe(before)
      const again = copy(then)
      expect(watch(physics, again, 40)).toEqual(first)
      // Joints and emitters that were made again have other ids.
      Object.assign(game, again)
    }
  })

  test('so does a fresh one', { timeout: 120_000 }, async () => {
    const physics = await busyWorld(options)
    const game = populate(physics)
    watch(physics, game, 77)
    const bytes = snapshot(physics)
    const then = copy(game)
    const other = await busyWorld(options)
    restore(other, bytes)
    expect(look(other)).toBe(look(physics))
    expect(watch(other, then, 60)).toEqual(watch(physics, game, 60))
  })

  test('taking snapshots changes nothing', { timeout: 120_000 }, async () => {
    const [physics, other] = [await busyWorld(options), await busyWorld(options)]
    const [game, same] = [populate(physics), populate(other)]
    for (let k = 0; k < 90; k++) {
      play(physics, game)
      play(other, same)
      const bytes = snapshot(physics)
      // An assertion on the arrays themselves would take a second.
      expect(Buffer.compare(snapshot(physics), bytes)).toBe(0)
      expect(look(physics)).toBe(look(other))
    }
  })

  test('lists of pairs that stand go on standing', { timeout: 120_000 }, async () => {
    const [physics, other] = [await makePhysics({ ...QUIET, ...options }), await makePhysics({ ...QUIET, ...options })]
    addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, type: 'static' })
    for (let i = 0; i < 400; i++) {
      const shape =
        i % 3 ? { type: 'sphere' as const, radius: 0.5 } : { type: 'box' as const, halfExtents: [0.5, 0.4, 0.3] }
      const position = [1.1 * (i % 10), 0.6 + 1.1 * Math.floor(i / 100), 1.1 * (Math.floor(i / 10) % 10)] as const
      const linearVelocity = [0.3 * ((i * 7) % 5), 0, 0.2 * ((i * 3) % 7)] as const
      addBody(physics, { shape, position, linearVelocity, mass: 1 })
    }
    const bullet = { shape: { type: 'sphere' as const, radius: 0.05 }, bullet: true, mass: 0.01 }
    for (let i = 0; i < 20; i++)
      addBody(physics, { ...bullet, position: [-30 - 5 * i, 1, i % 10], linearVelocity: [60, 3, 0] })
    const kept = physics[INTERNALS].views.f64('State.kept')
    let stood = 0
    for (let round = 0; round < 8; round++) {
      for (let k = 0; k < 7; k++) step(physics, 1 / 60)
      const bytes = snapshot(physics)
      if (kept[1] && kept[3]! > 0) stood++
      const go = (world: Physics): string[] =>
        Array.from({ length: 12 }, () => {
          step(world, 1 / 60)
          return look(world)
        })
      const first = go(physics)
      restore(other, bytes)
      expect(go(other)).toEqual(first)
      restore(physics, bytes)
      expect(go(physics)).toEqual(first)
    }
    expect(stood).toBeGreaterThan(1)
  })
})

const QUIET: PhysicsOptions = { gravity: [0, -9.81, 0], capacity: { contacts: 8192, manifolds: 4096 } }
