/** Events: contacts and sensors begin and end once, in the same order in every run, in objects that are reused. */
import { addBody, contactBegins, contactEnds, isAlive, removeBody, sensorBegins, sensorEnds, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, ground, makePhysics, run, sphere } from '../physics/harness.ts'

describe('contacts', () => {
  test('begin once with where, how fast and how hard, and end once', async () => {
    const physics = await makePhysics()
    const [a, b] = [
      addBody(physics, sphere([0, 0, 0])),
      addBody(physics, sphere([3, 0, 0], { linearVelocity: [-6, 0, 0], restitution: 1 })),
    ]
    const begins: unknown[] = []
    const ends: unknown[] = []
    for (let i = 0; i < 60; i++) {
      step(physics, DT)
      const begun = contactBegins(physics)
      for (let k = 0; k < begun.count; k++) {
        begins.push([
          begun.a[k],
          begun.b[k],
          begun.nx[k],
          // On the surface of b as it is after the step.
          +(begun.x[k]! - physics.components.Position.x[b]!).toFixed(5),
          +begun.speed[k]!.toFixed(3),
          +begun.impulse[k]!.toFixed(2),
        ])
      }
      const ended = contactEnds(physics)
      for (let k = 0; k < ended.count; k++) ends.push([ended.a[k], ended.b[k]])
    }
    // Equal masses: all of 1 kg · 6 m/s goes over.
    expect(begins).toEqual([[a, b, 1, -1, 6, 6]])
    expect(ends).toEqual([[a, b]])
  })

  test('of many in one step are all there, the plane first, in the same order in every run', async () => {
    const first = await manyBegins()
    expect(first.seen.map(([a]) => a)).toEqual(first.bodies.map(() => first.plane))
    expect(first.seen.map(([, b]) => b).sort((a, b) => a - b)).toEqual(first.bodies)
    expect((await manyBegins()).seen).toEqual(first.seen)
  })

  async function manyBegins(): Promise<{ seen: [number, number][]; bodies: number[]; plane: number }> {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const bodies = Array.from({ length: 20 }, (_, i) => addBody(physics, sphere([3 * ((7 * i) % 20), 1.05, 0])))
    const plane = addBody(physics, ground())
    const seen: [number, number][] = []
    for (let i = 0; i < 30; i++) {
      step(physics, DT)
      const { count, a, b } = contactBegins(physics)
      for (let k = 0; k < count; k++) seen.push([a[k]!, b[k]!])
    }
    return { seen, bodies, plane }
  }

  test('end when a body is removed, and name it', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const plane = addBody(physics, ground())
    const body = addBody(physics, sphere([0, 1, 0]))
    run(physics, 5)
    removeBody(physics, body)
    step(physics, DT)
    const { count, a, b } = contactEnds(physics)
    expect([count, a[0], b[0]]).toEqual([1, plane, body])
    expect(isAlive(physics, body)).toBe(false)
    step(physics, DT)
    expect(contactEnds(physics).count).toBe(0)
  })
})

test('sensors tell who enters and who leaves, and stop nobody', async () => {
  const physics = await makePhysics()
  const shape = { type: 'box', halfExtents: [1, 1, 1] } as const
  const sensor = addBody(physics, { type: 'static', sensor: true, shape })
  const body = addBody(physics, sphere([-4, 0, 0], { linearVelocity: [6, 0, 0] }))
  const log: string[] = []
  for (let i = 0; i < 100; i++) {
    step(physics, DT)
    const [entered, left] = [sensorBegins(physics), sensorEnds(physics)]
    for (let k = 0; k < entered.count; k++) log.push(`${entered.other[k]} in ${entered.sensor[k]}`)
    for (let k = 0; k < left.count; k++) log.push(`${left.other[k]} out of ${left.sensor[k]}`)
    expect(contactBegins(physics).count).toBe(0)
  }
  expect(log).toEqual([`${body} in ${sensor}`, `${body} out of ${sensor}`])
  expect(physics.components.LinearVelocity.x[body]).toBe(6)
})

test('the objects are the same after every step, and there are none of what did not happen', async () => {
  const physics = await makePhysics()
  addBody(physics, sphere([0, 0, 0]))
  const calls = [contactBegins, contactEnds, sensorBegins, sensorEnds]
  const before = calls.map((call) => call(physics))
  run(physics, 3)
  for (const [i, call] of calls.entries()) expect(call(physics)).toBe(before[i])
  expect(before.map((events) => events.count)).toEqual([0, 0, 0, 0])
})
