/** FrameStats: what the last step took and met, in one reused object. */
import {
  addBodies,
  addBody,
  advance,
  emitBurst,
  FRAME_BUDGET_MS,
  frameStats,
  frameTimes,
  markSteps,
  onFrame,
  onStep,
  packInstances,
  STAGES,
  step,
  stepTimes,
} from 'manybody'
import { expect, test } from 'vitest'
import { quantile } from '../../bench/harness/quantile.ts'
import { expectError } from '../errors/expect-error.ts'
import { DT, makePhysics, run, sphere } from '../physics/harness.ts'

test('the stages are those of the contract, each with a time, and sum to no more than the step', async () => {
  expect(STAGES).toEqual([
    'forces',
    'longRange',
    'integrateVelocities',
    'gather',
    'findPairs',
    'collide',
    'solve',
    'integratePositions',
    'sweep',
    'events',
    'sleep',
    'hierarchy',
    'particles',
    'pack',
  ])
  const physics = await makePhysics({ gravity: [0, -9.81, 0] })
  addBodies(physics, 3000, (i, desc) => {
    desc.position = [(i % 50) * 0.9, Math.floor(i / 50) * 0.9, 0]
  })
  run(physics, 5)
  packInstances(physics)
  const { stages, physicsMs } = frameStats(physics)
  expect(Object.keys(stages)).toEqual([...STAGES])
  for (const stage of STAGES) expect(stages[stage]).toBeGreaterThanOrEqual(0)
  expect(stages.solve).toBeGreaterThan(0)
  const sum = STAGES.filter((stage) => stage !== 'pack').reduce((total, stage) => total + stages[stage], 0)
  expect(physicsMs).toBeGreaterThanOrEqual(sum * 0.99)
  expect(physicsMs).toBeLessThan(2000)
})

test('the counts are those of the scene', async () => {
  const physics = await makePhysics()
  addBody(physics, sphere([0, 0, 0]))
  addBody(physics, sphere([1.5, 0, 0]))
  addBody(physics, sphere([50, 0, 0], { type: 'static' }))
  addBody(physics, sphere([45, 0, 0], { bullet: true, linearVelocity: [600, 0, 0] }))
  const sick = addBody(physics, sphere([0, 99, 0]))
  physics.components.Position.z[sick] = Number.NaN
  emitBurst(physics, { position: [0, 0, 0], count: 7, speed: [1, 1], life: [9, 9], size: [1, 1], color: [1, 1, 1] })
  step(physics, DT)
  const stats = frameStats(physics)
  expect(stats).toMatchObject({
    steps: 1,
    bodies: 5,
    bullets: 1,
    particles: 7,
    contacts: 1,
    colours: 1,
    hits: 1,
    quarantined: 1,
    droppedContacts: 0,
    droppedHits: 0,
    droppedParticles: 0,
  })
  expect(stats.pairs).toBeGreaterThanOrEqual(1)
  expect(stats.overBudget).toBeLessThanOrEqual(1)
})

test('one object, fixed memory', async () => {
  const physics = await makePhysics()
  const stats = frameStats(physics)
  const { memoryBytes } = stats
  expect(memoryBytes).toBeGreaterThanOrEqual(physics.components.Position.x.buffer.byteLength)
  addBodies(physics, 3000, () => {})
  run(physics, 10)
  expect(frameStats(physics)).toBe(stats)
  expect(stats.memoryBytes).toBe(memoryBytes)
  expect(stats.steps).toBe(10)
})

test('percentiles of the last 600 steps, in one object', async () => {
  const physics = await makePhysics()
  expect(stepTimes(physics)).toMatchObject({ steps: 0, p50: 0, max: 0 })
  const seen: number[] = []
  onStep(physics, ({ physicsMs }) => seen.push(physicsMs))
  for (const steps of [1, 2, 397, 500]) {
    run(physics, steps)
    const times = stepTimes(physics)
    const last = seen.slice(-600).sort((a, b) => a - b)
    expect(times).toBe(stepTimes(physics))
    expect(times.steps).toBe(last.length)
    expect(times.mean).toBeCloseTo(last.reduce((sum, ms) => sum + ms, 0) / last.length, 9)
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
      ['p998', 0.998],
      ['max', 1],
    ] as const) {
      expect(times[name]).toBe(quantile(last, share))
    }
    expect(times.overBudget).toBe(last.filter((ms) => ms > 8).length)
  }
})

test('percentiles of the time between frames', async () => {
  const physics = await makePhysics()
  expect(frameTimes(physics)).toMatchObject({ frames: 0, p50: 0, max: 0 })
  const seen: number[] = []
  for (const [index, count] of [1, 3, 700].entries()) {
    for (let i = 0; i < count; i++) {
      const frame = (10 + ((i * 7 + index) % 19)) / 1000
      seen.push(1000 * frame)
      advance(physics, frame)
    }
    const times = frameTimes(physics)
    const last = seen.slice(-600).sort((a, b) => a - b)
    expect(times).toBe(frameTimes(physics))
    expect(times.frames).toBe(last.length)
    expect(times.mean).toBeCloseTo(last.reduce((sum, ms) => sum + ms, 0) / last.length, 9)
    expect(times.p50).toBe(quantile(last, 0.5))
    expect(times.p99).toBe(quantile(last, 0.99))
    expect(times.max).toBe(quantile(last, 1))
    expect(times.overBudget).toBe(last.filter((ms) => ms > FRAME_BUDGET_MS).length)
  }
  const stats = frameStats(physics)
  expect(stats.frames).toBe(seen.length)
  expect(stats.frameMs).toBe(seen[seen.length - 1])
  expect(stats.framesOverBudget).toBe(seen.filter((ms) => ms > FRAME_BUDGET_MS).length)
})

test('calls back every so many frames, with or without steps; one ends in the middle of another', async () => {
  const physics = await makePhysics()
  const seen: string[] = []
  const stopFirst = onFrame(physics, () => {
    seen.push('first')
    stopFirst()
  })
  onFrame(physics, ({ frames }) => seen.push(`second ${frames}`), { every: 2 })
  onFrame(physics, () => seen.push('third'))
  for (let i = 0; i < 4; i++) advance(physics, 0.001)
  expect(seen).toEqual(['first', 'third', 'second 2', 'third', 'third', 'second 4', 'third'])
  expect(frameStats(physics).steps).toBe(0)
  expectError('E_RANGE', { call: 'onFrame', field: 'every', value: 0.5 }, () =>
    onFrame(physics, () => {}, { every: 0.5 }),
  )
})

test('calls back every so many steps until it is told to stop', async () => {
  const physics = await makePhysics()
  const steps: number[] = []
  const stop = onStep(physics, (stats) => steps.push(stats.steps), { every: 3 })
  run(physics, 10)
  expect(steps).toEqual([3, 6, 9])
  stop()
  stop()
  run(physics, 10)
  expect(steps).toHaveLength(3)
  expectError('E_RANGE', { call: 'onStep', field: 'every', value: 0 }, () => onStep(physics, () => {}, { every: 0 }))
  onStep(physics, () => {
    throw new Error('mine')
  })
  expect(() => step(physics, DT)).toThrow('mine')
  expect(frameStats(physics).steps).toBe(21)
})

test('marks steps and stages in the timeline', async () => {
  const physics = await makePhysics()
  addBodies(physics, 100, () => {})
  performance.clearMeasures()
  const stop = markSteps(physics)
  run(physics, 2)
  stop()
  run(physics, 2)
  const measures = performance.getEntriesByType('measure').filter(({ name }) => name.startsWith('manybody'))
  expect(measures.filter(({ name }) => name === 'manybody step')).toHaveLength(2)
  expect(measures.some(({ name }) => name === 'manybody findPairs')).toBe(true)
  const [whole] = measures
  for (const { startTime, duration } of measures.slice(1, 5)) {
    expect(startTime).toBeGreaterThanOrEqual(whole!.startTime - 0.01)
    expect(duration).toBeLessThanOrEqual(whole!.duration + 0.01)
  }
  performance.clearMeasures()
})
