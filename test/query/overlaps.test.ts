/** What balls and boxes overlap, against distance functions. */
import { overlapBox, overlapSphere } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, inCube } from '../physics/harness.ts'
import { addScaled, length, type Vec3 } from '../reference/vec.ts'
import { crowd, randomQuat, ready, turn, WAYS } from './scenes.ts'

describe.each(WAYS)('%s', (how) => {
  test('balls overlap what is within their radius', async () => {
    const { physics, bodies } = await crowd(150, 5)
    const random = createRandom(6)
    const out = new Uint32Array(200)
    for (let i = 0; i < 100; i++) {
      const center = inCube(random, 20)
      const radius = between(random, 0, 8)
      ready(physics, how)
      const found = [...out.subarray(0, overlapSphere(physics, center, radius, out))]
      expect(found).toEqual([...found].sort((a, b) => a - b))
      for (const [e, distance] of bodies) {
        const gap = distance(center) - radius
        if (Math.abs(gap) > 1e-3) expect(found.includes(e), `gap ${gap}`).toBe(gap < 0)
      }
    }
  })

  test('boxes overlap what touches them', async () => {
    const { physics, bodies } = await crowd(150, 11)
    const random = createRandom(12)
    const out = new Uint32Array(200)
    const half: Vec3 = [3, 1, 2]
    for (let i = 0; i < 30; i++) {
      const [center, rotation] = [inCube(random, 9), randomQuat(random)]
      ready(physics, how)
      const found = [...out.subarray(0, overlapBox(physics, { center, halfExtents: half, rotation }, out))]
      // A body that has a point well inside the box is found; a body that is apart from it by more than the box's reach is not.
      for (const [e, distance] of bodies) {
        if (distance(center) < 0) expect(found).toContain(e)
        if (distance(center) > length(half) + 1e-3) expect(found).not.toContain(e)
      }
      // Dense points of the box: what one is inside of is found.
      for (let k = 0; k < 200; k++) {
        const inner: Vec3 = [between(random, -3, 3), between(random, -1, 1), between(random, -2, 2)]
        const p = addScaled(center, turn(rotation, inner), 1)
        for (const [e, distance] of bodies) if (distance(p) < -1e-3) expect(found).toContain(e)
      }
    }
  })
})
