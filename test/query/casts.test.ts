/** Shapes that move, against marching and against overlaps on the way. */
import { addBody, castShape, nearest, overlapBox, overlapShape } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, ground, inCube, makePhysics, randomDirection } from '../physics/harness.ts'
import { addScaled, dot, length, type Vec3 } from '../reference/vec.ts'
import { crowd, makeShape, march, randomQuat, ready, WAYS } from './scenes.ts'

describe.each(WAYS)('%s', (how) => {
  test('moving balls stop where marching stops', async () => {
    const { physics, bodies } = await crowd(120, 7)
    const random = createRandom(8)
    let hits = 0
    for (let i = 0; i < 150; i++) {
      const position = inCube(random, 12)
      const direction = randomDirection(random, [0, 0, 0]) as Vec3
      const [far, radius] = [between(random, 1, 40), between(random, 0.05, 1)]
      const path = addScaled([0, 0, 0], direction, far)
      ready(physics, how)
      const seen = castShape(physics, { shape: { type: 'sphere', radius }, position, path })
      const expected = march(bodies, [position, direction], far, radius)
      if (!expected || !seen) {
        if (seen) {
          const at = addScaled(position, direction, seen.share * far)
          expect(Math.abs(bodies.get(seen.entity)!(at) - radius)).toBeLessThan(5e-3)
        } else if (expected) expect(expected[1]).toBeGreaterThan(far - 1e-2)
        continue
      }
      hits++
      expect(Math.abs(seen.share * far - expected[1])).toBeLessThan(1e-2)
      const on = bodies.get(seen.entity)!([seen.x, seen.y, seen.z])
      if (seen.share > 0) expect(Math.abs(on)).toBeLessThan(5e-3)
    }
    expect(hits).toBeGreaterThan(40)
  })

  test('moving boxes, capsules and hulls touch nothing before they stop, and something after', async () => {
    const { physics } = await crowd(120, 9)
    const random = createRandom(10)
    const out = new Uint32Array(200)
    let hits = 0
    for (let i = 0; i < 90; i++) {
      const shape = makeShape(random, 1 + (i % 3)).shape as { type: 'box'; halfExtents: Vec3 }
      const [position, rotation] = [inCube(random, 12), randomQuat(random)]
      const path = inCube(random, 13)
      const at = (share: number): Vec3 => addScaled(position, path, share)
      const touching = (share: number): number[] => {
        ready(physics, how)
        return [...out.subarray(0, overlapShape(physics, { shape, position: at(share), rotation }, out))]
      }
      ready(physics, how)
      const seen = castShape(physics, { shape, position, rotation, path })
      const away = 2e-3 / length(path)
      if (!seen) {
        expect(touching(1 - away)).toEqual([])
        continue
      }
      if (seen.share === 0) {
        expect(touching(away)).toContain(seen.entity)
        continue
      }
      hits++
      expect(touching(seen.share - away)).toEqual([])
      // Grazing bodies are left again at once.
      const normal: Vec3 = [seen.nx, seen.ny, seen.nz]
      if (dot(normal, path) < -0.2 * length(path)) expect(touching(seen.share + away)).toContain(seen.entity)
    }
    expect(hits).toBeGreaterThan(20)
  })
})

describe('planes', () => {
  test('stop what moves and are near, and overlap nothing', async () => {
    const physics = await makePhysics()
    const floor = addBody(physics, ground())
    const box = { type: 'box', halfExtents: [1, 2, 3] } as const
    expect(castShape(physics, { shape: box, position: [0, 10, 0], path: [0, -16, 0] })).toMatchObject({
      entity: floor,
      share: 0.5,
      y: 0,
      ny: 1,
    })
    expect(castShape(physics, { shape: box, position: [0, 10, 0], path: [0, -7.9, 0] })).toBeNull()
    expect(castShape(physics, { shape: box, position: [0, 10, 0], path: [9, 1, 0] })).toBeNull()
    expect(castShape(physics, { shape: box, position: [0, 1, 0], path: [0, 1, 0] })).toMatchObject({ share: 0 })
    expect(nearest(physics, [3, 4, 5], 10)).toEqual({ entity: floor, distance: 4, x: 3, y: 0, z: 5 })
    expect(nearest(physics, [3, -4, 5], 10)).toMatchObject({ entity: floor, distance: 0, y: -4 })
    expect(nearest(physics, [3, 4, 5], 3.9)).toBeNull()
    expect(overlapBox(physics, { center: [0, 0, 0], halfExtents: [1, 1, 1] }, new Uint32Array(4))).toBe(0)
  })
})

describe('a hull', () => {
  test('asks from the frame of its points', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 1 }, position: [0, 0, 0] })
    const points = [2, 4].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z): Vec3 => [x, y, z])))
    const shape = { type: 'hull', points } as const
    const hit = castShape(physics, { shape, position: [10, 0, 0], path: [-20, 0, 0] })
    expect(hit?.entity).toBe(body)
    expect(hit!.share).toBeCloseTo(11 / 20, 4)
    const half = Math.SQRT1_2
    const turned = castShape(physics, { shape, position: [0, 0, 0], rotation: [0, 0, half, half], path: [0, -9, 0] })
    expect(turned!.share).toBeCloseTo(1 / 9, 4)
  })
})
