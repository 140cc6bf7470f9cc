/**
 * A world in its steady state makes no objects in JavaScript: no array, no closure, no string. What is left are the
 * boxes of single numbers, above all the readings of the clock that time the stages. Measured as the growth of the
 * heap over thousands of calls.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { addComponents, addEntity } from 'bitecs'
import {
  addBodies,
  addBody,
  addEmitter,
  addParticleSystem,
  advance,
  applyForce,
  contactHits,
  emit,
  emitBurst,
  frameStats,
  frameTimes,
  normalizeAll,
  type Physics,
  type PhysicsOptions,
  packInstances,
  particleHits,
  rotateAll,
  setParent,
  step,
  stepTimes,
  updateTransforms,
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
/** A number handed from one language to the other, or not kept in a register, is boxed. */
const BOX = 16
/**
 * What a step leaves at most: boxes of single numbers, of which the twelve readings of the clock are the least. How many more
 * there are depends on what the optimising compiler inlined in this process: 11 to 28 were seen. An object or an array for each
 * body, or a closure for each stage, is beyond.
 */
const A_STEP = 40 * BOX
/** Likewise what a pack leaves, with two readings. */
const A_PACK = 12 * BOX

describe.each([{ tier: 'threads', threads: 2 }, { tier: 'simd' }] as const)('%j', (options) => {
  test('step: boxes of single numbers', async () => {
    const physics = await busyWorld(options)
    expect(bytesPerCall(() => step(physics, DT))).toBeLessThanOrEqual(A_STEP)
  })

  test('advance, with its options in one object: as one step', async () => {
    const physics = await busyWorld(options)
    const clock = { fixedDt: DT, maxSteps: 3 }
    expect(bytesPerCall(() => advance(physics, DT, clock))).toBeLessThanOrEqual(A_STEP)
  })

  test('particle systems: what steps, packs and calls leave is no more', async () => {
    const physics = await busyWorld(options)
    const id = addParticleSystem(physics, {
      rate: 600,
      speed: [1, 3],
      life: [0.2, 0.5],
      size: [1, 1],
      gravityScale: 1,
      collision: { events: true },
    })
    const hits = particleHits(physics)
    const place = { at: [0, 3, 0], velocity: [1, 0, 0], direction: [0, 0, 1], scale: 1.5 }
    const frame = (): void => {
      emit(physics, id, 3)
      emit(physics, id, 2, place)
      step(physics, DT)
    }
    expect(bytesPerCall(frame)).toBeLessThanOrEqual(A_STEP)
    expect(hits.system[0]).toBe(id)
    expect(bytesPerCall(() => packInstances(physics))).toBeLessThanOrEqual(A_STEP)
  })

  test('packInstances, with its options in one object: boxes of single numbers', async () => {
    const physics = await busyWorld(options)
    const view = { origin: [1, 2, 3], alpha: 0.5 }
    expect(bytesPerCall(() => packInstances(physics, view))).toBeLessThanOrEqual(A_PACK)
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

  test('updateTransforms: nothing', async () => {
    const physics = await busyWorld(options)
    const { Position, Rotation, Scale } = physics.components
    const [hand, sword] = [addEntity(physics.world), addEntity(physics.world)]
    for (const eid of [hand, sword]) addComponents(physics.world, eid, [Position, Rotation, Scale])
    setParent(physics, sword, hand)
    const view = { alpha: 0.5 }
    let x = 0
    const move = (): void => {
      Position.x[hand] = x = 1 - x
      updateTransforms(physics, view)
    }
    expect(bytesPerCall(move)).toBeLessThanOrEqual(A_PACK)
  })

  test('stepTimes and frameTimes: nothing', async () => {
    const physics = await busyWorld(options)
    stepTimes(physics)
    for (let i = 0; i < 700; i++) advance(physics, DT)
    let sum = 0
    const read = (): void => {
      sum += stepTimes(physics).p99 + frameTimes(physics).p50
    }
    expect(bytesPerCall(read)).toBeLessThanOrEqual(4 * BOX)
    expect(sum).toBeGreaterThan(0)
  })

  test('bulk mathematics, on a range and on a list: nothing', async () => {
    const physics = await busyWorld(options)
    const { Rotation, Position } = physics.components
    const range = { start: 1, end: 40 }
    const list = [1, 5, 7]
    const turn = (): void => {
      normalizeAll(physics, Rotation, range)
      rotateAll(physics, Position, Rotation, Position, list)
    }
    expect(bytesPerCall(turn)).toBeLessThanOrEqual(BOX)
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
    expect(bytesPerCall(emit)).toBeLessThanOrEqual(A_STEP)
  })
})
