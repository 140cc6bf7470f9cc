/** Where bitECS is not as we know it inside, its public calls do: the same model holds. */
import { addEntity, observe, onAdd, query, removeEntity } from 'bitecs'
import { addBodies, addBody, entityOf, handleOf, poolStats, removeBody } from 'manybody'
import { expect, test, vi } from 'vitest'
import { makePhysics, sphere } from '../physics/harness.ts'
import { runModel } from './model.ts'

vi.mock('../../engine/ecs.ts', async (original) => {
  const real = await original<typeof import('../../engine/ecs.ts')>()
  return { ...real, createEcs: (world: object) => real.createEcs(world, false) }
})

test('any commands, against the model', async () => {
  expect(await runModel(60, 7)).toBeGreaterThan(3000)
}, 60_000)

test('bodies come and go, queries and observers hear of them, handles go stale', async () => {
  const physics = await makePhysics()
  const { Position, RigidBody } = physics.components
  const told: number[] = []
  observe(physics.world, onAdd(RigidBody, Position), (eid: number) => told.push(eid))
  const body = addBody(physics, sphere([1, 2, 3]))
  const more = addBodies(physics, 2, () => {})
  const entity = addEntity(physics.world)
  const handles = [body, ...more, entity].map((eid) => handleOf(physics, eid))
  expect([told, [...query(physics.world, [Position])]]).toEqual([
    [body, ...more],
    [body, ...more],
  ])
  expect(Position.y[body]).toBe(2)
  removeBody(physics, body)
  removeEntity(physics.world, entity)
  expect(handles.map((handle) => entityOf(physics, handle))).toEqual([0, ...more, 0])
  expect(poolStats(physics).bodies).toMatchObject({ live: 2, peak: 3, taken: 3 })
  expect(addEntity(physics.world)).toBe(entity)
  expect(addBody(physics, sphere([0, 0, 0]))).toBe(body)
  expect(entityOf(physics, handles[0])).toBe(0)
})
