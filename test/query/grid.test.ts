/** Many rays in an even field: what they find through the grid is what one ray finds among all bodies, on any number of threads, also after steps. */
import { addBody, castRay, castRays, nearest, refreshQueries, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, inCube, makePhysics } from '../physics/harness.ts'
import type { Vec3 } from '../reference/vec.ts'

const RAYS = 2000
const BODIES = 3000
const HALF = 40
/** A single ray that finds no tree and no grid looks at all bodies. */
const ALONE = 10

interface Field {
  maxDistance: number
  origins: Float32Array
  directions: Float32Array
}

async function field(threads: number, seed: number): Promise<Awaited<ReturnType<typeof makePhysics>>> {
  const physics = await makePhysics({ capacity: { entities: BODIES + 10 }, threads })
  const random = createRandom(seed)
  for (let i = 0; i < BODIES; i++) {
    const position = inCube(random, HALF)
    const velocity = inCube(random, 5)
    // Bodies with shapes are in the grid as the balls around them.
    if (i % 5 === 0)
      addBody(physics, { shape: { type: 'box', halfExtents: [0.5, 0.3, 0.4] }, position, linearVelocity: velocity })
    else
      addBody(physics, {
        shape: { type: 'sphere', radius: between(random, 0.3, 0.7) },
        position,
        linearVelocity: velocity,
      })
  }
  return physics
}

function rays(seed: number): Field {
  const random = createRandom(seed)
  const origins = Float32Array.from({ length: 3 * RAYS }, () => between(random, -1.5 * HALF, 1.5 * HALF))
  const directions = Float32Array.from({ length: 3 * RAYS }, () => between(random, -1, 1))
  return { origins, directions, maxDistance: 150 }
}

function answers(): Required<Parameters<typeof castRays>[2]> {
  return {
    entities: new Uint32Array(RAYS),
    distances: new Float64Array(RAYS),
    points: new Float64Array(3 * RAYS),
    normals: new Float64Array(3 * RAYS),
  }
}

describe('many rays in an even field', () => {
  test('find what single ones find among all bodies, after each step', async () => {
    const physics = await field(2, 31)
    const [asked, out] = [rays(32), answers()]
    for (let round = 0; round < 3; round++) {
      step(physics, 1 / 60)
      expect(castRays(physics, asked, out)).toBeGreaterThan(RAYS / 20)
      for (let i = round; i < RAYS; i += 17) {
        if (i % ALONE === 0) refreshQueries(physics)
        const three = (v: ArrayLike<number>): Vec3 => [v[3 * i], v[3 * i + 1], v[3 * i + 2]]
        const single = castRay(physics, three(asked.origins), three(asked.directions), asked.maxDistance)
        expect(out.entities[i]).toBe(single?.entity ?? 0)
        expect(out.distances[i]).toBe(single?.distance ?? Infinity)
        if (!single) continue
        expect(three(out.points)).toEqual([single.x, single.y, single.z])
        expect(three(out.normals)).toEqual([single.nx, single.ny, single.nz])
      }
    }
  })

  test('find the same on one thread and two, and when other questions come between', async () => {
    const found = []
    for (const threads of [1, 2]) {
      const physics = await field(threads, 33)
      const asked = rays(34)
      const [first, second] = [answers(), answers()]
      castRays(physics, asked, first)
      for (let i = 0; i < 20; i++) nearest(physics, [i, 0, 0], 50)
      castRays(physics, asked, second)
      expect(second).toEqual(first)
      found.push(first)
    }
    expect(found[1]).toEqual(found[0])
  })
})
