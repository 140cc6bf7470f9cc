/** FrameStats: what the last step took and met, in one reused object. */
import { addBodies, addBody, emitBurst, frameStats, packInstances, STAGES, step } from 'manybody'
import { expect, test } from 'vitest'
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
