/** Begin and end of contacts: once each, whatever ends them, in an order that does not depend on threads. */
import {
  addBodies,
  addBody,
  applyImpulse,
  type BodyDesc,
  contactBegins,
  contactEnds,
  frameStats,
  isAlive,
  isAsleep,
  type Physics,
  type PhysicsOptions,
  removeBody,
  step,
  teleport,
  wake,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, DT, makePhysics, run, sphere } from '../physics/harness.ts'
import { openPairs, pairs, record } from './events.ts'
import { addFloor, box, capsule, GRAVITY, rigidWorld, stone, turn, type Vec3 } from './rigid.ts'

const HALF: Vec3 = [0.5, 0.5, 0.5]

const KINDS: Record<string, (y: number, more?: Partial<BodyDesc>) => BodyDesc> = {
  sphere: (y, more) => sphere([0, y, 0], { shape: { type: 'sphere', radius: 0.5 }, ...more }),
  box: (y, more) => box([0, y, 0], HALF, more),
  capsule: (y, more) => capsule([0, y, 0], 0.5, 0.5, { rotation: turn([0, 0, 1], Math.PI / 2), ...more }),
}

describe.each(Object.keys(KINDS))('%s', (kind) => {
  async function resting(
    floor: 'plane' | 'box' = 'box',
  ): Promise<{ physics: Physics; ground: number; body: number; pair: string }> {
    const physics = await rigidWorld()
    const ground = addFloor(physics, floor)
    const body = addBody(physics, KINDS[kind](0.5))
    const log = record(physics, 20)
    const pair = `${ground} ${body}`
    expect(pairs(log.begins)).toEqual([pair])
    expect(log.ends).toEqual([])
    return { physics, ground, body, pair }
  }

  test.each(['plane', 'box'] as const)('bounces on a %s: one begin and one end each', async (floor) => {
    const physics = await rigidWorld()
    const ground = addFloor(physics, floor)
    addBody(physics, KINDS[kind](3, { restitution: 0.8 }))
    const log = record(physics, 150)
    expect(openPairs(log).size).toBeLessThanOrEqual(1)
    expect(log.begins.length).toBeGreaterThanOrEqual(2)
    expect(log.begins.length).toBeLessThanOrEqual(8)
    expect(new Set(pairs(log.begins))).toEqual(new Set([`${ground} 2`]))
  })

  test('an impact tells its speed, point, normal and impulse', async () => {
    const physics = await rigidWorld()
    addFloor(physics, 'box')
    const body = addBody(physics, KINDS[kind](2.5, { linearVelocity: [0, -3, 0] }))
    for (let i = 0; i < 120 && contactBegins(physics).count === 0; i++) step(physics, DT)
    const begins = contactBegins(physics)
    expect(begins.count).toBe(1)
    const speed = Math.sqrt(9 + 2 * 9.81 * 2)
    expect(Math.abs(begins.speed[0] / speed - 1)).toBeLessThan(0.04)
    const mass = physics.components.Mass.value[body]
    expect(Math.abs(begins.impulse[0] / (mass * speed) - 1)).toBeLessThan(0.06)
    expect(begins.ny[0]).toBeGreaterThan(0.999)
    expect(Math.abs(begins.y[0])).toBeLessThan(0.05)
    expect(Math.hypot(begins.x[0], begins.z[0])).toBeLessThan(0.55)
  })

  test('a slide over 5 m is one contact', async () => {
    const { physics, body } = await resting()
    physics.components.LinearVelocity.x[body] = 6
    const log = record(physics, 120)
    expect([log.begins, log.ends]).toEqual([[], []])
    expect(physics.components.Position.x[body]).toBeGreaterThan(2)
  })

  test('thrown up it ends once', async () => {
    const { physics, body, pair } = await resting()
    applyImpulse(physics, body, [0, 5 * physics.components.Mass.value[body], 0])
    const log = record(physics, 30)
    expect(pairs(log.ends)).toEqual([pair])
    expect(log.begins).toEqual([])
  })

  test.each(['body', 'ground'] as const)('the %s removed: it ends in the next step, once', async (which) => {
    const { physics, ground, body, pair } = await resting()
    const gone = which === 'body' ? body : ground
    removeBody(physics, gone)
    step(physics, DT)
    const ends = contactEnds(physics)
    expect([ends.count, `${ends.a[0]} ${ends.b[0]}`]).toEqual([1, pair])
    expect(isAlive(physics, gone)).toBe(false)
    expect(record(physics, 20).ends).toEqual([])
  })

  test('both removed: it ends, and a new body of the same id begins anew', async () => {
    const { physics, ground, body, pair } = await resting()
    removeBody(physics, body)
    removeBody(physics, ground)
    const again = addFloor(physics, 'box')
    const other = addBody(physics, KINDS[kind](0.5))
    expect(new Set([again, other])).toEqual(new Set([ground, body]))
    const log = record(physics, 10)
    expect(pairs(log.ends)).toEqual([pair])
    expect(log.begins).toHaveLength(1)
  })

  test('teleported away and back: end and begin', async () => {
    const { physics, body, pair } = await resting()
    teleport(physics, body, { position: [0, 20, 0] })
    const away = record(physics, 2)
    expect(pairs(away.ends)).toEqual([pair])
    teleport(physics, body, { position: [3, 0.5, 0], linearVelocity: [0, 0, 0] })
    const back = record(physics, 10)
    expect(pairs(back.begins)).toEqual([pair])
  })

  test('falling asleep and waking is no event; removal of a sleeper is', async () => {
    const { physics, body, pair } = await resting()
    const log = record(physics, 120)
    expect(isAsleep(physics, body)).toBe(true)
    expect([log.begins, log.ends]).toEqual([[], []])
    wake(physics, body)
    const after = record(physics, 10)
    expect(isAsleep(physics, body)).toBe(false)
    expect([after.begins, after.ends]).toEqual([[], []])
    run(physics, 120)
    expect(isAsleep(physics, body)).toBe(true)
    removeBody(physics, body)
    expect(pairs(record(physics, 3).ends)).toEqual([pair])
  })
})

/** A heap of mixed shapes over a box floor. */
async function heap(count: number, options: PhysicsOptions): Promise<{ physics: Physics; bodies: number[] }> {
  const physics = await makePhysics({ gravity: GRAVITY, ...options })
  addFloor(physics, 'box')
  const random = createRandom(5)
  const hull = { type: 'hull', points: stone(6, 0.45) } as const
  const shapes: BodyDesc['shape'][] = [
    { type: 'sphere', radius: 0.4 },
    { type: 'box', halfExtents: [0.4, 0.3, 0.35] },
    { type: 'capsule', radius: 0.25, halfHeight: 0.3 },
    hull,
  ]
  const bodies = addBodies(
    physics,
    Array.from({ length: count }, (_, i): BodyDesc => {
      const position = [(i % 4) - 1.5, 0.6 + Math.floor(i / 16) * 1.05, (Math.floor(i / 4) % 4) - 1.5]
      position[0] += between(random, -0.1, 0.1)
      return { shape: shapes[i % 4], mass: 1, position, restitution: 0.3 }
    }),
  )
  return { physics, bodies: [...bodies] }
}

test('a heap of all shapes: every pair begins and ends in turn, and what is open at the end is what touches', async () => {
  const { physics } = await heap(80, { tier: 'simd' })
  const log = record(physics, 400)
  const open = openPairs(log)
  expect(open.size).toBeGreaterThan(80)
  expect(frameStats(physics).droppedEvents).toBe(0)
})

test('the same events in the same order for any number of threads', async () => {
  const logs: string[] = []
  for (const threads of [1, 3]) {
    const { physics } = await heap(160, { tier: 'threads', threads })
    logs.push(JSON.stringify(record(physics, 150)))
  }
  expect(logs[0].length).toBeGreaterThan(5000)
  expect(logs[1]).toBe(logs[0])
})

test('both bodies of every contact removed while in contact, again and again: every begin has its end', async () => {
  const { physics, bodies } = await heap(80, { tier: 'simd', capacity: { events: 2048 } })
  const log = record(physics, 120, (i) => {
    if (i % 4 !== 3) return
    const begins = contactBegins(physics)
    const doomed = new Set<number>()
    for (let k = 0; k < begins.count; k++) doomed.add(begins.a[k]).add(begins.b[k])
    for (const eid of doomed) if (bodies.includes(eid) && isAlive(physics, eid)) removeBody(physics, eid)
  })
  for (const eid of bodies) if (isAlive(physics, eid)) removeBody(physics, eid)
  step(physics, DT)
  const last = contactEnds(physics)
  for (let k = 0; k < last.count; k++) log.ends.push(`999 ${last.a[k]} ${last.b[k]}`)
  expect(openPairs(log).size).toBe(0)
  expect(log.begins.length).toBeGreaterThan(40)
})

test('more events than there is room for: the first ones are kept, the rest counted, and nothing else suffers', async () => {
  const run = async (events: number): Promise<{ physics: Physics; bodies: Uint32Array }> => {
    const physics = await rigidWorld({ capacity: { events } })
    addFloor(physics)
    const bodies = addBodies(
      physics,
      Array.from({ length: 20 }, (_, i) => box([i * 1.5, 0.5 + 0.3, 0], HALF)),
    )
    for (let i = 0; i < 60 && contactBegins(physics).count === 0; i++) step(physics, DT)
    return { physics, bodies }
  }
  const [little, plenty] = [await run(8), await run(64)]
  expect(contactBegins(plenty.physics).count).toBe(20)
  expect(frameStats(plenty.physics).droppedEvents).toBe(0)
  expect(contactBegins(little.physics).count).toBe(8)
  expect(frameStats(little.physics).droppedEvents).toBe(12)
  expect([...contactBegins(little.physics).b.subarray(0, 8)]).toEqual([
    ...contactBegins(plenty.physics).b.subarray(0, 8),
  ])
  step(little.physics, DT)
  expect(frameStats(little.physics).droppedEvents).toBe(0)
  expect(contactBegins(little.physics).count).toBe(0)
  for (let i = 0; i < 60; i++) for (const { physics } of [little, plenty]) step(physics, DT)
  step(plenty.physics, DT)
  const height = ({ physics, bodies }: typeof little): number[] =>
    [...bodies].map((eid) => physics.components.Position.y[eid])
  expect(height(little)).toEqual(height(plenty))
})
