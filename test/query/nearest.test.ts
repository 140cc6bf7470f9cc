/** The nearest body of all shapes against distance functions. */
import { nearest } from 'manybody'
import { describe, expect, test } from 'vitest'
import { createRandom, inCube } from '../physics/harness.ts'
import { length, subtract, type Vec3 } from '../reference/vec.ts'
import { crowd, ready, WAYS } from './scenes.ts'

describe.each(WAYS)('%s', (how) => {
  test('nearest is the least of the distances, and its point is on the body', async () => {
    const { physics, bodies } = await crowd(150, 3)
    const random = createRandom(4)
    for (let i = 0; i < 200; i++) {
      const point = inCube(random, 13)
      ready(physics, how)
      const seen = nearest(physics, point, 5)
      const least = Math.max(0, Math.min(...[...bodies.values()].map((distance) => distance(point))))
      if (!seen) {
        expect(least).toBeGreaterThan(4.999)
        continue
      }
      expect(Math.abs(seen.distance - least)).toBeLessThan(1e-3)
      const on: Vec3 = [seen.x, seen.y, seen.z]
      expect(bodies.get(seen.entity)!(on)).toBeLessThan(1e-3)
      expect(Math.abs(length(subtract(on, point)) - seen.distance)).toBeLessThan(1e-3)
    }
  })
})
