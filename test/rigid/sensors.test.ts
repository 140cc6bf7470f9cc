/** Sensors: who is inside, told once when it enters and once when it leaves, asleep or not. */
import {
  addBodies,
  addBody,
  type BodyDesc,
  contactHits,
  frameStats,
  isAsleep,
  type Physics,
  type PhysicsOptions,
  removeBody,
  step,
  teleport,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, DT, inCube, run, sphere } from '../physics/harness.ts'
import { type Log, pairs, record } from './events.ts'
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

describe('bullets', () => {
  const weightless: PhysicsOptions = { gravity: [0, 0, 0] }
  const BULLETS = {
    sphere: sphere([-20, 2, 0], { shape: { type: 'sphere', radius: 0.1 }, bullet: true }),
    box: box([-20, 2, 0], [0.1, 0.05, 0.1], { bullet: true }),
    capsule: capsule([-20, 2, 0], 0.05, 0.1, { bullet: true }),
  } as const
  const fired = (kind: keyof typeof BULLETS, speed: number): BodyDesc => ({
    ...BULLETS[kind],
    linearVelocity: [speed, 0, 0],
  })

  describe.each(Object.keys(ZONES) as (keyof typeof ZONES)[])('a zone that is a %s', (zone) => {
    test.each(Object.keys(BULLETS) as (keyof typeof BULLETS)[])('a %s at 1,000 and at 30 m/s', async (kind) => {
      for (const speed of [1000, 30]) {
        const physics = await rigidWorld(weightless)
        const sensor = addBody(physics, ZONES[zone])
        const bullet = addBody(physics, fired(kind, speed))
        const log = record(physics, 60)
        expect(pairs(log.sensorBegins)).toEqual([`${sensor} ${bullet}`])
        expect(pairs(log.sensorEnds)).toEqual([`${sensor} ${bullet}`])
        expect(physics.components.LinearVelocity.x[bullet]).toBeCloseTo(speed, 3)
        // It is in the zone in every step whose path touches it, and has left in the next.
        const reach = { box: 1, sphere: 0.5, capsule: 0.8 }[zone]
        const [enter, leave] = [20 - reach - 0.2, 20 + reach + 0.2].map((way) => (way / speed) * 60)
        const at = (events: string[]): number => Number.parseInt(events[0], 10)
        expect(Math.abs(at(log.sensorBegins) - Math.floor(enter))).toBeLessThanOrEqual(1)
        expect(Math.abs(at(log.sensorEnds) - Math.floor(leave) - 1)).toBeLessThanOrEqual(1)
        expect(at(log.sensorEnds)).toBeGreaterThan(at(log.sensorBegins))
      }
    })
  })

  test('what stops it keeps it out of the sensors behind, not of those before', async () => {
    const physics = await rigidWorld(weightless)
    const before = addBody(physics, box([-5, 2, 0], [1, 1, 1], { type: 'static', sensor: true }))
    addBody(physics, box([5, 2, 0], [1, 1, 1], { type: 'static', sensor: true }))
    addBody(physics, box([0, 2, 0], [0.1, 3, 3], { type: 'static', restitution: 1 }))
    const bullet = addBody(physics, { ...fired('sphere', 1500), restitution: 0 })
    step(physics, DT)
    expect(contactHits(physics).count).toBe(1)
    const log = record(physics, 20)
    expect(pairs(log.sensorEnds)).toEqual([`${before} ${bullet}`])
    // It flies back through the first one.
    expect(pairs(log.sensorBegins)).toEqual([])
  })

  test('a plane, a mesh and a moving zone', async () => {
    const physics = await rigidWorld(weightless)
    const mesh = {
      type: 'mesh',
      vertices: [-1, 0, -1, 1, 0, -1, 1, 0, 1, -1, 0, 1],
      indices: [0, 2, 1, 0, 3, 2],
    } as const
    const plane = addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: -5 }, sensor: true })
    const flat = addBody(physics, { shape: mesh, position: [0, 2, 0], sensor: true })
    const moving = addBody(
      physics,
      box([30, 0, 0], [1, 1, 1], { type: 'kinematic', sensor: true, linearVelocity: [-1800, 0, 0] }),
    )
    const bullet = addBody(physics, { ...fired('sphere', 0), position: [0, 8, 0], linearVelocity: [0, -120, 0] })
    const log = record(physics, 30)
    expect(pairs(log.sensorBegins).sort()).toEqual([`${flat} ${bullet}`, `${plane} ${bullet}`].sort())
    expect(pairs(log.sensorEnds)).toEqual([`${flat} ${bullet}`])
    expect(physics.components.LinearVelocity.y[bullet]).toBeCloseTo(-120, 3)
    teleport(physics, moving, { position: [5, 0, 0] })
    const still = addBody(physics, { ...fired('sphere', 0), position: [-5, 0, 0] })
    const swept = record(physics, 4)
    expect(pairs(swept.sensorBegins)).toEqual([`${moving} ${still}`])
    expect(pairs(swept.sensorEnds)).toEqual([`${moving} ${still}`])
  })

  test('a mask that does not see it; a bullet removed inside has left; what comes with its id enters anew', async () => {
    const physics = await rigidWorld(weightless)
    addBody(physics, box([0, 2, 0], [2, 2, 2], { type: 'static', sensor: true, mask: 2 }))
    const sensor = addBody(physics, box([0, 2, 0], [2, 2, 2], { type: 'static', sensor: true }))
    const inside = { ...fired('sphere', 0), position: [0, 2, 0] }
    const bullet = addBody(physics, inside)
    expect(pairs(record(physics, 3).sensorBegins)).toEqual([`${sensor} ${bullet}`])
    removeBody(physics, bullet)
    expect(addBody(physics, inside)).toBe(bullet)
    const log = record(physics, 3)
    expect([pairs(log.sensorEnds), pairs(log.sensorBegins)]).toEqual([[`${sensor} ${bullet}`], [`${sensor} ${bullet}`]])
    removeBody(physics, bullet)
    expect(pairs(record(physics, 3).sensorEnds)).toEqual([`${sensor} ${bullet}`])
  })

  async function storm(options: PhysicsOptions): Promise<{ log: Log; dropped: number[] }> {
    const physics = await rigidWorld({ ...weightless, ...options })
    const random = createRandom(5)
    const shapes = [ZONES.box.shape, ZONES.sphere.shape, ZONES.capsule.shape]
    addBodies(
      physics,
      Array.from({ length: 60 }, (_, i) => ({
        shape: shapes[i % 3],
        type: 'static',
        sensor: true,
        position: inCube(random, 10),
      })),
    )
    addBodies(
      physics,
      Array.from({ length: 3000 }, (_, i) => ({
        ...BULLETS[i % 3 ? 'sphere' : 'box'],
        position: inCube(random, 14),
        linearVelocity: inCube(random, between(random, 1, 600)),
      })),
    )
    const dropped: number[] = []
    const log = record(physics, 8, () => dropped.push(frameStats(physics).droppedEvents))
    return { log, dropped }
  }

  test('thousands of them: the same events on every tier and with any number of threads, each begins before it ends', async () => {
    const { log } = await storm({ tier: 'simd' })
    expect(log.sensorBegins.length).toBeGreaterThan(500)
    expect(log.sensorEnds.length).toBeGreaterThan(300)
    const open = new Set<string>()
    for (let i = 0; i < 8; i++) {
      const of = (events: string[]): string[] => pairs(events.filter((event) => Number.parseInt(event, 10) === i))
      for (const pair of of(log.sensorEnds)) expect(open.delete(pair)).toBe(true)
      for (const pair of of(log.sensorBegins)) {
        expect(open.has(pair)).toBe(false)
        open.add(pair)
      }
    }
    for (const threads of [2, 4]) expect((await storm({ tier: 'threads', threads })).log).toEqual(log)
  })

  test('too many to report: all of the step are dropped and counted, whoever came first', async () => {
    const [one, three] = [
      await storm({ capacity: { events: 50 } }),
      await storm({ capacity: { events: 50 }, tier: 'threads', threads: 3 }),
    ]
    expect(Math.max(...one.dropped)).toBeGreaterThan(50)
    expect(three).toEqual(one)
  })
})
