/** Columns are the kernel's memory: aligned, apart, of fixed length, and never moved. */
import { addBodies, addBody, emitBurst, type Physics, packInstances, removeBody, step } from 'manybody'
import { expect, test } from 'vitest'
import { DT, makePhysics, run, sphere } from '../physics/harness.ts'

type View = Float32Array | Uint32Array

function views(physics: Physics): [string, View][] {
  return Object.entries(physics.components).flatMap(([name, component]) =>
    Object.entries(component as Record<string, View>).map(([key, view]): [string, View] => [`${name}.${key}`, view]),
  )
}

test.each([5, 100, 1024, 4096])(
  'with %i entities every column has that length, starts on a cache line and is padded',
  async (entities) => {
    const physics = await makePhysics({ capacity: { entities, bodies: entities - 1 } })
    const all = views(physics)
    expect(all.length).toBeGreaterThan(30)
    const spans = all.map(([name, view]) => {
      expect([name, view.length]).toEqual([name, entities])
      expect([name, view.byteOffset % 64]).toEqual([name, 0])
      return [view.byteOffset, view.byteOffset + view.byteLength]
    })
    spans.sort((a, b) => a[0] - b[0])
    // A four-lane load at the last element must stay clear of the next column.
    for (let i = 1; i < spans.length; i++) expect(spans[i][0] - spans[i - 1][1]).toBeGreaterThanOrEqual(12)
  },
)

test('every column is its own memory: a value in each is seen in that one alone', async () => {
  const physics = await makePhysics({ capacity: { entities: 16 } })
  const all = views(physics)
  for (const [i, [, view]] of all.entries()) view[3] = i + 1
  for (const [i, [name, view]] of all.entries()) expect([name, view[3]]).toEqual([name, i + 1])
})

test('views never detach: the same buffer and the same live values after filling, stepping, emitting and removing', async () => {
  const physics = await makePhysics()
  const all = views(physics)
  const before = all.map(([, view]) => view.buffer)
  const { Position } = physics.components
  const x = Position.x
  const bodies = addBodies(physics, 3000, (i, desc) => {
    desc.position = [3 * i, 0, 0]
    desc.linearVelocity = [0, 6, 0]
  })
  emitBurst(physics, { position: [0, 0, 0], count: 2000, speed: [1, 1], life: [1, 1], size: [1, 1], color: [1, 1, 1] })
  run(physics, 10)
  packInstances(physics, {})
  for (const eid of bodies.slice(0, 1000)) removeBody(physics, eid)
  run(physics, 10)
  expect(all.map(([, view]) => view.buffer)).toEqual(before)
  expect(physics.components.Position.x).toBe(x)
  expect(x.length).toBe(physics.capacity.entities)
  expect(Position.y[bodies[2999]]).toBeCloseTo(2, 4)
})

test('what a system writes is what the step reads; what the step writes is what a system reads', async () => {
  const physics = await makePhysics()
  const body = addBody(physics, sphere([0, 0, 0]))
  const { Position, LinearVelocity } = physics.components
  Position.x[body] = 10
  LinearVelocity.x[body] = 60
  step(physics, DT)
  expect(Position.x[body]).toBe(11)
  Position.x[body] += 4
  step(physics, DT)
  expect(Position.x[body]).toBe(16)
})
