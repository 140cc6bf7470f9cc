/** The index of the queries follows the world. */
import {
  addBody,
  castRay,
  castRays,
  castShape,
  nearest,
  overlapShape,
  refreshQueries,
  removeBody,
  step,
  teleport,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { makePhysics } from '../physics/harness.ts'
import { useIndex } from './scenes.ts'

describe('the index', () => {
  test('sees steps, added, removed and moved bodies', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, {
      shape: { type: 'box', halfExtents: [1, 1, 1] },
      position: [0, 0, 0],
      linearVelocity: [600, 0, 0],
    })
    const above = (x: number): number => castRay(physics, [x, 9, 0], [0, -1, 0], 20)?.entity ?? 0
    useIndex(physics)
    expect([above(0), above(10)]).toEqual([body, 0])
    step(physics, 1 / 60)
    useIndex(physics)
    expect([above(0), above(10)]).toEqual([0, body])
    teleport(physics, body, { position: [20, 0, 0] })
    useIndex(physics)
    expect([above(10), above(20)]).toEqual([0, body])
    const other = addBody(physics, { shape: { type: 'sphere', radius: 1 }, position: [10, 0, 0] })
    useIndex(physics)
    expect(above(10)).toBe(other)
    removeBody(physics, body)
    useIndex(physics)
    expect(above(20)).toBe(0)
    physics.components.Position.x[other] = 30
    refreshQueries(physics)
    useIndex(physics)
    expect([above(10), above(30)]).toEqual([0, other])
  })

  test('of an empty world answers nothing', async () => {
    const physics = await makePhysics()
    const out = { entities: new Uint32Array(40).fill(9), distances: new Float32Array(40) }
    const rays = { origins: new Float32Array(120), directions: new Float32Array(120).fill(1), maxDistance: 9 }
    expect(castRays(physics, rays, out)).toBe(0)
    expect(out.entities.every((e) => e === 0)).toBe(true)
    expect(out.distances.every((d) => d === Infinity)).toBe(true)
    expect(nearest(physics, [0, 0, 0], 1e9)).toBeNull()
    const shape = { type: 'sphere', radius: 1 } as const
    expect(castShape(physics, { shape, position: [0, 0, 0], path: [1, 0, 0] })).toBeNull()
    expect(overlapShape(physics, { shape, position: [0, 0, 0] }, new Uint32Array(4))).toBe(0)
    expect(castRays(physics, { ...rays, origins: new Float32Array(0) }, out)).toBe(0)
  })
})
