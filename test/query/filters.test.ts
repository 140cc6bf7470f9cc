/** Which bodies queries find, and of which of two at the same distance they tell. */
import { addBody, type BodyDesc, castRay, castShape, nearest, overlapSphere } from 'manybody'
import { describe, expect, test } from 'vitest'
import { makePhysics } from '../physics/harness.ts'
import { useIndex } from './scenes.ts'

describe('filters', () => {
  test('by group, mask, id, type, sensor and bullet', async () => {
    const physics = await makePhysics()
    const shape = { type: 'box', halfExtents: [1, 1, 1] } as const
    const at = (x: number, more: Partial<BodyDesc>): number =>
      addBody(physics, { shape, position: [x, 0, 0], ...more } as BodyDesc)
    const [first, second, third] = [at(5, { group: 1 }), at(10, { group: 2, mask: 4 }), at(15, { type: 'static' })]
    const [sensor, bullet] = [at(20, { sensor: true }), at(25, { bullet: true, type: 'kinematic' })]
    const ask = (filter?: object): number => castRay(physics, [0, 0, 0], [1, 0, 0], 100, filter)?.entity ?? 0
    expect(ask()).toBe(first)
    expect(ask({ mask: 2 })).toBe(second)
    expect(ask({ group: 1, exclude: first })).toBe(third)
    expect(ask({ group: 4, mask: 2 })).toBe(second)
    expect(ask({ exclude: first })).toBe(second)
    expect(ask({ types: ['static'] })).toBe(third)
    expect(ask({ types: ['kinematic'] })).toBe(0)
    expect(ask({ types: ['kinematic'], bullets: true })).toBe(bullet)
    expect(ask({ types: [] })).toBe(0)
    const seen = (filter?: object): number[] => {
      const out = new Uint32Array(9)
      return [...out.subarray(0, overlapSphere(physics, [15, 0, 0], 50, out, filter))]
    }
    expect(seen()).toEqual([first, second, third, sensor, bullet])
    expect(seen({ sensors: false })).toEqual([first, second, third, bullet])
    expect(seen({ bullets: false, exclude: second })).toEqual([first, third, sensor])
    expect(nearest(physics, [21, 0, 0], 9, { sensors: false })?.entity).toBe(bullet)
    const cast = { shape, position: [0, 0, 0], path: [30, 0, 0] } as const
    expect(castShape(physics, { ...cast, filter: { types: ['static'] } })?.entity).toBe(third)
    expect(castShape(physics, { ...cast, filter: { mask: 0 } })).toBeNull()
  })

  test('of two at the same distance the lower id answers', async () => {
    for (const patient of [false, true]) {
      const physics = await makePhysics()
      const bodies = [0, 1, 2].map(() =>
        addBody(physics, { shape: { type: 'sphere', radius: 1 }, position: [5, 0, 0], type: 'static' }),
      )
      if (patient) useIndex(physics)
      expect(castRay(physics, [0, 0, 0], [1, 0, 0], 9)?.entity).toBe(bodies[0])
      expect(castRay(physics, [5, 0, 0], [1, 0, 0], 9, { exclude: bodies[0] })?.entity).toBe(bodies[1])
      expect(nearest(physics, [5, 0, 0], 9)?.entity).toBe(bodies[0])
      expect(
        castShape(physics, { shape: { type: 'sphere', radius: 1 }, position: [0, 0, 0], path: [9, 0, 0] })?.entity,
      ).toBe(bodies[0])
    }
  })
})
