/** Many questions at once give what single ones give, on any number of threads. */
import { castRay, castRays, nearest, nearestMany, overlapSphere, overlapSpheres } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom } from '../physics/harness.ts'
import type { Vec3 } from '../reference/vec.ts'
import { crowd } from './scenes.ts'

describe('bulk', () => {
  test.each([1, 2])('equals singles on %i threads, in chunks and in either array type', async (threads) => {
    const { physics } = await crowd(400, 20, threads)
    const random = createRandom(21)
    const count = 17_000
    const [origins, directions] = [new Float64Array(3 * count), new Float32Array(3 * count)]
    const far = new Float32Array(count)
    for (let i = 0; i < 3 * count; i++) {
      origins[i] = Math.fround(between(random, -14, 14))
      directions[i] = between(random, -3, 3)
      if (i < count) far[i] = between(random, 0, 12)
    }
    const out = {
      entities: new Uint32Array(count),
      distances: new Float64Array(count),
      points: new Float32Array(3 * count),
      normals: new Float64Array(3 * count),
    }
    const hits = castRays(physics, { origins, directions, maxDistance: far }, out)
    expect(hits).toBe(out.entities.filter((e) => e !== 0).length)
    expect(hits).toBeGreaterThan(3000)
    const close = { entities: new Uint32Array(count), distances: new Float64Array(count) }
    nearestMany(physics, { points: origins, maxDistance: far }, close)
    const lists = { starts: new Uint32Array(count + 1), entities: new Uint32Array(4_000_000) }
    const total = overlapSpheres(physics, { centers: origins, radius: far }, lists)
    expect(total).toBe(lists.starts[count])
    expect(total).toBeGreaterThan(50_000)
    const found = new Uint32Array(500)
    for (const i of [0, 1, 777, 16_383, 16_384, 16_999]) {
      const three = (v: ArrayLike<number>): Vec3 => [v[3 * i], v[3 * i + 1], v[3 * i + 2]]
      const single = castRay(physics, three(origins), three(directions), far[i])
      expect(out.entities[i]).toBe(single?.entity ?? 0)
      expect(out.distances[i]).toBe(single?.distance ?? Infinity)
      if (single) expect(three(out.normals)).toEqual([single.nx, single.ny, single.nz])
      const near = nearest(physics, three(origins), far[i])
      expect([close.entities[i], close.distances[i]]).toEqual([near?.entity ?? 0, near?.distance ?? Infinity])
      const seen = [...found.subarray(0, overlapSphere(physics, three(origins), far[i], found))]
      expect([...lists.entities.subarray(lists.starts[i], lists.starts[i + 1])]).toEqual(seen)
    }
  })

  test('lists that do not fit are counted, not written', async () => {
    const { physics } = await crowd(50, 22)
    const lists = { starts: new Uint32Array(3), entities: new Uint32Array(60).fill(7) }
    const balls = { centers: new Float32Array(6), radius: 1000 }
    expect(overlapSpheres(physics, balls, lists)).toBe(100)
    expect([...lists.starts]).toEqual([0, 50, 100])
    expect([...lists.entities.subarray(0, 10)]).toEqual([...lists.entities.subarray(50, 60)])
  })

  test('the same with one thread and two', async () => {
    const answers = []
    for (const threads of [1, 2]) {
      const { physics } = await crowd(1000, 23, threads)
      const random = createRandom(24)
      const origins = Float32Array.from({ length: 6000 }, () => between(random, -20, 20))
      const directions = Float32Array.from({ length: 6000 }, () => between(random, -1, 1))
      const out = { entities: new Uint32Array(2000), points: new Float64Array(6000), normals: new Float64Array(6000) }
      castRays(physics, { origins, directions, maxDistance: 50 }, out)
      answers.push(out)
    }
    expect(answers[1]).toEqual(answers[0])
  })
})
