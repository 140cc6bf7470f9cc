/** Bytes from anywhere: refused with the world as it was, or a world that steps. */
import {
  createPhysics,
  deltaSnapshot,
  dispose,
  PhysicsError,
  type PhysicsOptions,
  restore,
  restoreDelta,
  snapshot,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { HEAD, seal, wordsOf } from '../../engine/state/format.ts'
import { between, createRandom, type Random } from '../../examples/scenes/random.ts'
import { makePhysics } from '../physics/harness.ts'
import { busyWorld, OPTIONS, populate, watch } from './busy.ts'

const whole = (random: Random, below: number): number => Math.floor(between(random, 0, below))

/** Numbers that programs stumble over. */
const ODD = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fc0_0000, 0x7f80_0000, 1023, 1024, 4096, 65_536]

/** One mutation; the first half of the block, where the numbers are, is hit more often. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes.slice()
  const place = (): number => whole(random, random() < 0.3 ? 2048 : random() < 0.5 ? out.length / 2 : out.length)
  switch (whole(random, 6)) {
    case 0:
      out[place()]! ^= 1 << whole(random, 8)
      break
    case 1:
      for (let k = 0; k < 20; k++) out[place()] = whole(random, 256)
      break
    case 2:
      new DataView(out.buffer).setUint32(4 * (place() >>> 2), ODD[whole(random, ODD.length)]!, true)
      break
    case 3:
      out = out.slice(0, 4 * (place() >>> 2))
      break
    case 4: {
      const more = new Uint8Array(out.length + 4 * (1 + whole(random, 64)))
      more.set(out)
      out = more
      break
    }
    default: {
      const [from, to, length] = [4 * (place() >>> 2), 4 * (place() >>> 2), 4 * (1 + whole(random, 500))]
      out.set(out.slice(from, from + length).subarray(0, out.length - to), to)
    }
  }
  return out
}

/** Makes length and checksum fit, so that what comes behind them is looked at. */
function forge(bytes: Uint8Array): Uint8Array {
  const words = wordsOf(bytes)
  if (words.length > HEAD.capacities) seal(words)
  return bytes
}

describe.each([
  ['a snapshot', false],
  ['a delta', true],
] as const)('%s', (_, delta) => {
  test.each([1, 2, 3, 4])('that was damaged is refused, or the world steps: %i', { timeout: 120_000 }, async (seed) => {
    const physics = await busyWorld({ tier: 'simd' })
    const game = populate(physics, 60)
    watch(physics, game, 40)
    const base = snapshot(physics)
    watch(physics, game, 5)
    const good = delta ? deltaSnapshot(physics, base) : snapshot(physics)
    watch(physics, game, 3)
    const home = snapshot(physics)
    const random = createRandom(seed)
    const tally = { refused: 0, taken: 0 }
    restore(physics, home)
    for (let k = 0; k < 90; k++) {
      let bad = mutate(good, random)
      if (k % 4 > 0) bad = forge(bad)
      const before = snapshot(physics)
      try {
        if (delta) restoreDelta(physics, bad, base)
        else restore(physics, bad)
      } catch (error) {
        if (!(error instanceof PhysicsError)) throw error
        expect(error.code).toBe('E_SNAPSHOT')
        expect(Buffer.compare(snapshot(physics), before)).toBe(0)
        tally.refused++
        continue
      }
      tally.taken++
      for (let i = 0; i < 60; i++) step(physics, 1 / 60)
      restore(physics, home)
    }
    expect(tally.refused).toBeGreaterThan(20)
    expect(tally.taken).toBeGreaterThan(5)
  })
})

test('what differs is named', async () => {
  const physics = await makePhysics(OPTIONS)
  populate(physics, 20)
  const bytes = snapshot(physics)
  const refused = async (options: PhysicsOptions, field: string): Promise<void> => {
    const other = await createPhysics(options)
    try {
      restore(other, bytes)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_SNAPSHOT', field })
    } finally {
      dispose(other)
    }
  }
  const { precision } = physics.backend
  await refused({ ...OPTIONS, precision, capacity: { ...OPTIONS.capacity, joints: 300 } }, 'capacity.joints')
  await refused({ ...OPTIONS, precision, capacity: { ...OPTIONS.capacity, particles: 1000 } }, 'capacity.particles')
  await refused({ ...OPTIONS, precision: precision === 'double' ? 'single' : 'double' }, 'precision')
  const wrong = (change: (words: Uint32Array) => void, field: string): void => {
    const copy = bytes.slice()
    change(wordsOf(copy))
    expect(() => restore(physics, copy)).toThrow(expect.objectContaining({ code: 'E_SNAPSHOT', field }))
  }
  wrong((words) => void words[HEAD.magic]!++, 'magic')
  wrong((words) => void words[HEAD.version]!++, 'version')
  wrong((words) => void words[HEAD.layout]!++, 'layout')
  wrong((words) => void words[500]!++, 'checksum')
  wrong((words) => void words[HEAD.length]!++, 'length')
  expect(() => restore(physics, new Uint8Array(0))).toThrow(expect.objectContaining({ field: 'length' }))
  expect(() => restore(physics, 'no bytes' as never)).toThrow(expect.objectContaining({ field: 'bytes' }))
  const delta = deltaSnapshot(physics, bytes)
  expect(() => restore(physics, delta)).toThrow(expect.objectContaining({ field: 'kind' }))
  expect(() => restoreDelta(physics, bytes, bytes)).toThrow(expect.objectContaining({ field: 'kind' }))
  step(physics, 1 / 60)
  expect(() => restoreDelta(physics, delta, snapshot(physics))).toThrow(expect.objectContaining({ field: 'base' }))
  restoreDelta(physics, delta, bytes)
})
