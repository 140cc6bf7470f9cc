/** overlapSphere, castRay and the measures against brute force. */
import {
  addBodies,
  addBody,
  angularMomentum,
  castRay,
  centerOfMass,
  kineticEnergy,
  momentum,
  overlapSphere,
  type Physics,
  potentialEnergy,
  removeBody,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import {
  addTwin,
  between,
  createRandom,
  ground,
  inCube,
  makePhysics,
  makeTwin,
  positionOf,
  randomDirection,
  sphere,
} from '../physics/harness.ts'
import * as oracle from '../reference/measures.ts'
import { addScaled, dot, length, subtract, type Vec3 } from '../reference/vec.ts'

async function crowd(count: number, seed: number): Promise<{ physics: Physics; bodies: Uint32Array }> {
  const physics = await makePhysics()
  const random = createRandom(seed)
  const bodies = addBodies(
    physics,
    Array.from({ length: count }, (_, i) => ({
      ...sphere(inCube(random, 20)),
      type: (['dynamic', 'static', 'kinematic'] as const)[i % 3],
      shape: { type: 'sphere', radius: between(random, 0.1, 2) } as const,
    })),
  )
  return { physics, bodies }
}

describe('overlapSphere', () => {
  test('finds what brute force finds, in ascending order', async () => {
    const { physics, bodies } = await crowd(800, 1)
    const random = createRandom(2)
    const out = new Uint32Array(1000)
    for (let i = 0; i < 50; i++) {
      const center = inCube(random, 25)
      const radius = between(random, 0, 12)
      const count = overlapSphere(physics, center, radius, out)
      const touching = (e: number): boolean => {
        const reach = radius + physics.components.RigidBody.radius[e]
        return length(subtract(positionOf(physics, e), center)) <= reach
      }
      expect([...out.subarray(0, count)]).toEqual([...bodies].filter(touching))
    }
  })

  test('gives as many as fit', async () => {
    const { physics, bodies } = await crowd(100, 3)
    const out = new Uint32Array(10)
    expect(overlapSphere(physics, [0, 0, 0], 1000, out)).toBe(10)
    expect([...out]).toEqual([...bodies.subarray(0, 10)])
    expect(overlapSphere(physics, [0, 0, 0], 1000, new Uint32Array(0))).toBe(0)
  })

  test('sees what was written, added and removed a moment ago', async () => {
    const { physics, bodies } = await crowd(3, 4)
    physics.components.Position.x[bodies[0]] = 500
    removeBody(physics, bodies[1])
    const added = addBody(physics, sphere([501, 0, 0]))
    const out = new Uint32Array(9)
    physics.components.Position.y[bodies[0]] = 0
    physics.components.Position.z[bodies[0]] = 0
    const count = overlapSphere(physics, [500, 0, 0], 1, out)
    expect([...out.subarray(0, count)]).toEqual([bodies[0], added].sort((a, b) => a - b))
  })
})

describe('castRay', () => {
  /** The nearest body on a ray by brute force, in double precision. */
  function nearest(
    physics: Physics,
    bodies: Iterable<number>,
    origin: Vec3,
    direction: Vec3,
    far: number,
  ): [number, number] | null {
    let best: [number, number] | null = null
    for (const e of bodies) {
      const d = subtract(origin, positionOf(physics, e))
      const b = dot(d, direction)
      const c = dot(d, d) - physics.components.RigidBody.radius[e] ** 2
      const distance = c <= 0 ? 0 : b < 0 && b * b >= c ? -b - Math.sqrt(b * b - c) : Infinity
      if (distance <= far && (!best || distance < best[1])) best = [e, distance]
    }
    return best
  }

  test('hits what brute force hits, at that distance, with the point on the surface', async () => {
    const { physics, bodies } = await crowd(800, 5)
    const random = createRandom(6)
    let hits = 0
    for (let i = 0; i < 300; i++) {
      const origin = inCube(random, 40)
      const direction = randomDirection(random, [0, 0, 0])
      const far = between(random, 0, 90)
      const expected = nearest(physics, bodies, origin, direction, far)
      const seen = castRay(physics, origin, [3 * direction[0], 3 * direction[1], 3 * direction[2]], far)
      if (!expected || !seen) {
        expect(seen).toBe(expected)
        continue
      }
      hits++
      expect(seen.entity).toBe(expected[0])
      expect(Math.abs(seen.distance - expected[1])).toBeLessThan(2e-3)
      const point: Vec3 = [seen.x, seen.y, seen.z]
      expect(length(subtract(point, addScaled(origin, direction, seen.distance)))).toBeLessThan(1e-4)
      expect(Math.hypot(seen.nx, seen.ny, seen.nz)).toBeCloseTo(1, 5)
      if (seen.distance === 0) continue
      const radius = physics.components.RigidBody.radius[seen.entity]
      expect(Math.abs(length(subtract(point, positionOf(physics, seen.entity))) - radius)).toBeLessThan(5e-3)
      expect(dot([seen.nx, seen.ny, seen.nz], direction)).toBeLessThan(1e-2)
    }
    expect(hits).toBeGreaterThan(40)
  })

  test('planes are hit from above, bullets and sensors are not', async () => {
    const physics = await makePhysics()
    const floor = addBody(physics, ground())
    addBody(physics, sphere([0, 5, 0], { bullet: true }))
    addBody(physics, sphere([0, 8, 0], { sensor: true }))
    const hit = castRay(physics, [0, 10, 0], [0, -1, 0], 20)
    expect(hit).toMatchObject({ entity: floor, distance: 10, x: 0, y: 0, z: 0, nx: 0, ny: 1, nz: 0 })
    expect(castRay(physics, [0, 10, 0], [0, -1, 0], 9.9)).toBeNull()
    expect(castRay(physics, [0, -10, 0], [0, 1, 0], 100)).toBeNull()
  })

  test('from inside a body the distance is 0', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    expect(castRay(physics, [0.5, 0, 0], [1, 0, 0], 10)).toMatchObject({ entity: body, distance: 0 })
  })

  test('a ball of 1 m is hit 100 km away', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([1e5, 0.5, 0]))
    expect(castRay(physics, [0, 0, 0], [1, 0, 0], 2e5)?.entity).toBe(body)
  })
})

describe('measures', () => {
  test('energies, momenta and the centre of mass are those of the oracle', async () => {
    const twin = await makeTwin({ gravity: [1, -9.81, 2], longRange: { gravity: 2, coulomb: 3, softening: 0.5 } })
    const random = createRandom(9)
    for (let i = 0; i < 200; i++) {
      const desc = sphere(inCube(random, 20), {
        linearVelocity: inCube(random, 5),
        angularVelocity: inCube(random, 5),
        mass: between(random, 1, 9),
        charge: between(random, -1, 1),
        attracts: i % 2 === 0,
        type: i % 10 === 0 ? 'kinematic' : 'dynamic',
      })
      addTwin(twin, desc)
    }
    const { physics, world } = twin
    const near = (seen: ArrayLike<number>, wanted: Vec3): void => {
      const difference = subtract([seen[0], seen[1], seen[2]], wanted)
      expect(length(difference)).toBeLessThan(1e-6 * length(wanted))
    }
    near(momentum(physics), oracle.momentum(world))
    near(angularMomentum(physics), oracle.angularMomentum(world))
    near(centerOfMass(physics), oracle.centerOfMass(world))
    expect(kineticEnergy(physics) / oracle.kineticEnergy(world)).toBeCloseTo(1, 7)
    expect(potentialEnergy(physics) / oracle.potentialEnergy(world)).toBeCloseTo(1, 5)
  })

  test('write into the array they are given', async () => {
    const physics = await makePhysics()
    addBody(physics, sphere([1, 2, 3], { mass: 2, linearVelocity: [1, 0, 0] }))
    const out: [number, number, number] = [0, 0, 0]
    expect(momentum(physics, out)).toBe(out)
    expect(out).toEqual([2, 0, 0])
    expect(angularMomentum(physics, out)).toEqual([0, 6, -4])
    expect(centerOfMass(physics, out)).toEqual([1, 2, 3])
  })

  test('of an empty world are zero', async () => {
    const physics = await makePhysics()
    expect([kineticEnergy(physics), potentialEnergy(physics)]).toEqual([0, 0])
    expect([...momentum(physics), ...angularMomentum(physics), ...centerOfMass(physics)]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0,
    ])
  })
})
