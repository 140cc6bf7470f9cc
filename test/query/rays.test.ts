/** Single rays at all shapes against marching along distance functions. */
import { castRay } from 'manybody'
import { describe, expect, test } from 'vitest'
import { createRandom, inCube, randomDirection } from '../physics/harness.ts'
import { addScaled, length, type Vec3 } from '../reference/vec.ts'
import { crowd, march, ready, WAYS } from './scenes.ts'

describe.each(WAYS)('%s', (how) => {
  test('rays hit what marching hits', async () => {
    const { physics, bodies } = await crowd(150, 1)
    const random = createRandom(2)
    let hits = 0
    for (let i = 0; i < 250; i++) {
      const origin = inCube(random, 13)
      const direction = randomDirection(random, [0, 0, 0]) as Vec3
      ready(physics, how)
      const seen = castRay(physics, origin, direction, 60)
      const expected = march(bodies, [origin, direction], 60)
      if (!expected || !seen) {
        // Grazing: within the accuracy of marching.
        if (seen) expect(Math.abs(bodies.get(seen.entity)!([seen.x, seen.y, seen.z]))).toBeLessThan(2e-3)
        else expect(expected).toBeNull()
        continue
      }
      hits++
      expect(Math.abs(seen.distance - expected[1])).toBeLessThan(5e-3)
      const distance = bodies.get(seen.entity)!
      const point: Vec3 = [seen.x, seen.y, seen.z]
      const normal: Vec3 = [seen.nx, seen.ny, seen.nz]
      expect(length(normal)).toBeCloseTo(1, 4)
      if (seen.distance === 0) continue
      expect(Math.abs(distance(point))).toBeLessThan(1e-3)
      expect(distance(addScaled(point, normal, 0.01))).toBeGreaterThan(0.008)
    }
    expect(hits).toBeGreaterThan(50)
  })
})
