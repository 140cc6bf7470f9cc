/** Sensors: who is inside, told once when it enters and once when it leaves, asleep or not. */
import { addBody, isAsleep, type Physics, removeBody, step, teleport } from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, run, sphere } from '../physics/harness.ts'
import { pairs, record } from './events.ts'
import { addFloor, box, capsule, rigidWorld } from './rigid.ts'

const ZONES = {
  box: box([0, 2, 0], [1, 1, 1], { type: 'static', sensor: true }),
  sphere: sphere([0, 2, 0], { type: 'static', sensor: true }),
  capsule: capsule([0, 2, 0], 0.8, 0.5, { type: 'static', sensor: true }),
} as const

const VISITORS = {
  sphere: sphere([0, 6, 0], { shape: { type: 'sphere', radius: 0.3 } }),
  box: box([0, 6, 0], [0.3, 0.3, 0.3]),
  capsule: capsule([0, 6, 0], 0.2, 0.2),
} as const

describe.each(Object.keys(ZONES) as (keyof typeof ZONES)[])('a zone that is a %s', (zone) => {
  test.each(Object.keys(VISITORS) as (keyof typeof VISITORS)[])(
    'a %s falls through: one begin, one end, and it is not slowed',
    async (visitor) => {
      const physics = await rigidWorld()
      const sensor = addBody(physics, ZONES[zone])
      const body = addBody(physics, VISITORS[visitor])
      const log = record(physics, 90)
      expect(pairs(log.sensorBegins)).toEqual([`${sensor} ${body}`])
      expect(pairs(log.sensorEnds)).toEqual([`${sensor} ${body}`])
      expect([log.begins, log.ends]).toEqual([[], []])
      expect(physics.components.LinearVelocity.y[body]).toBeCloseTo(-9.81 * 1.5, 2)
      // It enters when its foot reaches the top of the zone.
      const entered = Number.parseInt(log.sensorBegins[0], 10)
      const foot = visitor === 'capsule' ? 0.4 : 0.3
      const top = zone === 'capsule' ? 3.3 : 3
      expect(Math.abs(entered - Math.sqrt((2 * (6 - foot - top)) / 9.81) * 60)).toBeLessThan(2)
    },
  )
})

async function withSleeper(): Promise<{ physics: Physics; sensor: number; body: number; pair: string }> {
  const physics = await rigidWorld()
  addFloor(physics)
  const sensor = addBody(physics, box([0, 0.5, 0], [1, 1, 1], { type: 'static', sensor: true }))
  const body = addBody(physics, box([0, 0.3, 0], [0.3, 0.3, 0.3]))
  const pair = `${sensor} ${body}`
  const log = record(physics, 120)
  expect(pairs(log.sensorBegins)).toEqual([pair])
  expect(log.sensorEnds).toEqual([])
  expect(isAsleep(physics, body)).toBe(true)
  return { physics, sensor, body, pair }
}

test('a body that falls asleep inside neither leaves nor enters anew; waking and rolling out it leaves', async () => {
  const { physics, body, pair } = await withSleeper()
  const asleep = record(physics, 30)
  expect([asleep.sensorBegins, asleep.sensorEnds]).toEqual([[], []])
  physics.components.LinearVelocity.x[body] = 8
  const log = record(physics, 60)
  expect(log.sensorBegins).toEqual([])
  expect(pairs(log.sensorEnds)).toEqual([pair])
})

test('a sleeper removed, or the sensor removed: it has left', async () => {
  for (const which of ['body', 'sensor'] as const) {
    const { physics, sensor, body, pair } = await withSleeper()
    removeBody(physics, which === 'body' ? body : sensor)
    expect(pairs(record(physics, 3).sensorEnds)).toEqual([pair])
  }
})

test('a body teleported into and out of a sensor', async () => {
  const physics = await rigidWorld({ gravity: [0, 0, 0] })
  const sensor = addBody(physics, box([0, 0, 0], [1, 1, 1], { type: 'static', sensor: true }))
  const body = addBody(physics, box([9, 0, 0], [0.3, 0.3, 0.3]))
  run(physics, 2)
  teleport(physics, body, { position: [0.5, 0, 0] })
  expect(pairs(record(physics, 3).sensorBegins)).toEqual([`${sensor} ${body}`])
  teleport(physics, body, { position: [9, 0, 0] })
  expect(pairs(record(physics, 3).sensorEnds)).toEqual([`${sensor} ${body}`])
})

test('a sensor that is moved over a sleeper finds it, and lets it sleep', async () => {
  const { physics, body } = await withSleeper()
  const rover = addBody(
    physics,
    box([-6, 0.5, 0], [0.5, 0.5, 0.5], { type: 'kinematic', sensor: true, linearVelocity: [6, 0, 0] }),
  )
  const log = record(physics, 150)
  expect(pairs(log.sensorBegins)).toEqual([`${rover} ${body}`])
  expect(pairs(log.sensorEnds)).toEqual([`${rover} ${body}`])
  expect(isAsleep(physics, body)).toBe(true)
})

test('a sensor sees what its mask lets it see, and no other sensor', async () => {
  const physics = await rigidWorld({ gravity: [0, 0, 0] })
  const sensor = addBody(physics, box([0, 0, 0], [2, 2, 2], { type: 'static', sensor: true, mask: 2 }))
  addBody(physics, box([0, 0, 0], [0.3, 0.3, 0.3], { group: 1 }))
  const seen = addBody(physics, box([1, 0, 0], [0.3, 0.3, 0.3], { group: 2 }))
  addBody(physics, box([-1, 0, 0], [0.3, 0.3, 0.3], { type: 'kinematic', sensor: true, group: 2 }))
  const log = record(physics, 5)
  expect(pairs(log.sensorBegins)).toEqual([`${sensor} ${seen}`])
  step(physics, DT)
})
