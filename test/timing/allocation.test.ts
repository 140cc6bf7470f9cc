/**
 * A world in its steady state makes no objects in JavaScript: no array, no closure, no string. What is left are the
 * boxes of single numbers, above all the readings of the clock that time the stages. Measured as the growth of the
 * heap over thousands of calls.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  addBodies,
  addBody,
  addEmitter,
  advance,
  applyForce,
  contactHits,
  emitBurst,
  frameStats,
  type Physics,
  type PhysicsOptions,
  packInstances,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, ground, makePhysics, sphere } from '../physics/harness.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Calls before measuring: by then the code is compiled and the counters are as large as they get. */
const WARM_UP = 3000
const CALLS = 1000
/**
 * How long rounds go on, in nanoseconds: on a busy machine the optimising compiler, which works in the background, can be
 * later than all the calls of the warm-up, and until it is done numbers are boxed.
 */
const MEASURING = 700_000_000n

/** Bytes that one call leaves on the heap: the least of many rounds, since the test runner itself allocates now and then. */
function bytesPerCall(call: () => void): number {
  for (let i = 0; i < WARM_UP; i++) call()
  let least = Infinity
  const until = process.hrtime.bigint() + MEASURING
  for (let round = 0; round < 5 || process.hrtime.bigint() < until; round++) {
    collect()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < CALLS; i++) call()
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / CALLS)
  }
  return least
}

async function busyWorld(options: PhysicsOptions): Promise<Physics> {
  const physics = await makePhysics({ gravity: [0, -9.81, 0], instanceGroups: { rock: 100 }, ...options })
  addBody(physics, ground())
  addBodies(physics, 40, (i, desc) => {
    desc.position = [(i % 5) * 1.1, 1 + Math.floor(i / 5), 0]
    desc.instanceGroup = 'rock'
  })
  const emission = { position: [0, 0, 0], speed: [1, 1], life: [0.2, 0.5], size: [1, 1], color: [1, 1, 1] } as const
  addEmitter(physics, { ...emission, rate: 600 })
  emitBurst(physics, { ...emission, count: 100 })
  return physics
}

/** What is left to the measuring: well below one boxed number (12 bytes) a call. */
const NOTHING = 4
/** A number handed from one language to the other is boxed, unless the call was inlined: 16 to 20 bytes each. */
const BOX = 21
/** Readings of the clock in a step: one at its start and one at the end of each stage; each gives such a number. */
const READINGS = 11
/** Numbers that a step and a pack hand over besides. */
const HANDED = 3

/** Measures with the true clock, and with one that stands still at a whole number, which needs no box: what is left is the engine's own. */
function measure(call: () => void): { bytes: number; besidesTheClock: number } {
  Object.defineProperty(performance, 'now', { value: () => 1, configurable: true, writable: true })
  const besidesTheClock = bytesPerCall(call)
  Reflect.deleteProperty(performance, 'now')
  return { bytes: bytesPerCall(call), besidesTheClock }
}

describe.each([{ tier: 'threads', threads: 2 }, { tier: 'simd' }] as const)('%j', (options) => {
  test('step: its readings of the clock, and a few numbers handed over', async () => {
    const physics = await busyWorld(options)
    const { bytes, besidesTheClock } = measure(() => step(physics, DT))
    expect(besidesTheClock).toBeLessThan(HANDED * BOX)
    expect(bytes).toBeLessThan(READINGS * BOX)
  })

  test('advance, with its options in one object: as one step', async () => {
    const physics = await busyWorld(options)
    const clock = { fixedDt: DT, maxSteps: 3 }
    const { bytes, besidesTheClock } = measure(() => advance(physics, DT, clock))
    expect(besidesTheClock).toBeLessThan(HANDED * BOX)
    expect(bytes).toBeLessThan(READINGS * BOX)
  })

  test('packInstances, with its options in one object: likewise', async () => {
    const physics = await busyWorld(options)
    const view = { origin: [1, 2, 3], alpha: 0.5 }
    const { bytes, besidesTheClock } = measure(() => packInstances(physics, view))
    expect(besidesTheClock).toBeLessThan(HANDED * BOX)
    expect(bytes).toBeLessThan(4 * BOX)
  })

  test('frameStats and contactHits: nothing', async () => {
    const physics = await busyWorld(options)
    step(physics, DT)
    let sum = 0
    const read = (): void => {
      sum += frameStats(physics).contacts + contactHits(physics).count
    }
    expect(bytesPerCall(read)).toBeLessThan(NOTHING)
    expect(sum).toBeGreaterThan(0)
  })

  test('applyForce: nothing', async () => {
    const physics = await busyWorld(options)
    const body = addBody(physics, sphere([0, 50, 0]))
    const force = [1, 0, 0]
    expect(bytesPerCall(() => applyForce(physics, body, force))).toBeLessThan(NOTHING)
  })

  test('emitBurst and a step: as a step', async () => {
    const physics = await busyWorld(options)
    const burst = {
      position: [0, 0, 0],
      count: 0,
      speed: [1, 2],
      life: [1, 2],
      size: [1, 1],
      color: [1, 1, 1],
    } as const
    const emit = (): void => {
      emitBurst(physics, burst)
      step(physics, DT)
    }
    expect(measure(emit).besidesTheClock).toBeLessThan((HANDED + 1) * BOX)
  })
})
