/** Collisions against closed forms, and what they must conserve. */
import { addBody, angularMomentum, type BodyDesc, kineticEnergy, momentum, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { length, subtract, type Vec3 } from '../reference/vec.ts'
import { between, createRandom, inCube, makePhysics, run, sphere, velocityOf } from './harness.ts'

/** Two spheres that meet; gives their velocities afterwards. */
async function collide(a: Partial<BodyDesc>, b: Partial<BodyDesc>, offset = 0): Promise<[Vec3, Vec3]> {
  const physics = await makePhysics()
  const first = addBody(physics, sphere([-3, offset, 0], { friction: 0, linearVelocity: [10, 0, 0], ...a }))
  const second = addBody(physics, sphere([3, 0, 0], { friction: 0, linearVelocity: [-5, 0, 0], ...b }))
  run(physics, 60)
  return [velocityOf(physics, first), velocityOf(physics, second)]
}

describe('two spheres head on', () => {
  test.each([
    [1, 1, 1],
    [1, 1, 0],
    [1, 3, 1],
    [2, 1, 0.5],
    [1, 1000, 1],
    [1, 1e6, 0.3],
  ])('masses %f and %f, e = %f', async (m1, m2, restitution) => {
    const [a, b] = await collide({ mass: m1, restitution }, { mass: m2 })
    const centre = (m1 * 10 - m2 * 5) / (m1 + m2)
    expect(a[0]).toBeCloseTo(centre - ((m2 * restitution) / (m1 + m2)) * 15, 3)
    expect(b[0]).toBeCloseTo(centre + ((m1 * restitution) / (m1 + m2)) * 15, 3)
    expect(Math.hypot(a[1], a[2], b[1], b[2])).toBeLessThan(1e-5)
  })

  test('against a static and a kinematic sphere', async () => {
    const [fixed] = await collide({ restitution: 0.5 }, { type: 'static', linearVelocity: [0, 0, 0] })
    expect(fixed[0]).toBeCloseTo(-5, 4)
    // Approach at 15 m/s, leave at 7.5 m/s from a sphere that keeps its −5 m/s.
    const [moving, piston] = await collide({ restitution: 0.5 }, { type: 'kinematic' })
    expect(moving[0]).toBeCloseTo(-12.5, 4)
    expect(piston).toEqual([-5, 0, 0])
  })
})

test('oblique, elastic, without friction: equal masses swap the parts along the normal at impact', async () => {
  const [a, b] = await collide({ restitution: 1 }, {}, Math.SQRT2)
  const swap = 15 * Math.SQRT1_2
  expect(length(subtract(a, [10 - swap * Math.SQRT1_2, swap * Math.SQRT1_2, 0]))).toBeLessThan(2e-3)
  expect(length(subtract(b, [-5 + swap * Math.SQRT1_2, -swap * Math.SQRT1_2, 0]))).toBeLessThan(2e-3)
})

test('passing by within the reach of the step is no contact', async () => {
  const physics = await makePhysics()
  const a = addBody(physics, sphere([-3, 2.05, 0], { linearVelocity: [300, 0, 0] }))
  const b = addBody(physics, sphere([3, 0, 0], { linearVelocity: [-300, 0, 0] }))
  run(physics, 5)
  expect(velocityOf(physics, a)).toEqual([300, 0, 0])
  expect(velocityOf(physics, b)).toEqual([-300, 0, 0])
})

test('fast spheres do not tunnel: equal masses without bounce end with the speed of their centre', async () => {
  const physics = await makePhysics()
  const a = addBody(physics, sphere([-20, 0, 0], { linearVelocity: [2000, 0, 0] }))
  const b = addBody(physics, sphere([20, 0, 0], { linearVelocity: [-2000, 0, 0] }))
  run(physics, 5)
  expect(velocityOf(physics, a)[0]).toBeCloseTo(0, 1)
  expect(velocityOf(physics, b)[0]).toBeCloseTo(0, 1)
})

describe('conservation in a soup of 500 spheres, 300 steps', () => {
  async function soup(
    more: Partial<BodyDesc>,
  ): Promise<{ before: Record<string, Vec3 | number>; after: typeof before }> {
    const physics = await makePhysics()
    const random = createRandom(21)
    for (let i = 0; i < 500; i++) {
      const radius = between(random, 0.3, 1)
      const shape = { type: 'sphere', radius } as const
      addBody(
        physics,
        sphere(inCube(random, 7), { shape, mass: radius ** 3, linearVelocity: inCube(random, 6), ...more }),
      )
    }
    const measure = (): Record<string, Vec3 | number> => ({
      momentum: [...momentum(physics)] as unknown as Vec3,
      angular: [...angularMomentum(physics)] as unknown as Vec3,
      energy: kineticEnergy(physics),
    })
    // The soup starts overlapped: let it push itself apart before anything is measured.
    run(physics, 60)
    const before = measure()
    run(physics, 240)
    return { before, after: measure() }
  }

  test('momentum stays to 1e-4 of what flies about, energy does not grow', async () => {
    const { before, after } = await soup({ restitution: 0.5 })
    const flying = Math.sqrt(2 * (before.energy as number) * 200)
    expect(length(subtract(after.momentum as Vec3, before.momentum as Vec3)) / flying).toBeLessThan(1e-4)
    expect(after.energy).toBeLessThan((before.energy as number) * 1.0001)
  })

  test('elastic: energy stays within 2 %', async () => {
    const { before, after } = await soup({ restitution: 1, friction: 0 })
    expect(Math.abs((after.energy as number) / (before.energy as number) - 1)).toBeLessThan(0.02)
  })
})

test('a frictionless elastic gas between planes keeps its energy and stays inside', async () => {
  const physics = await makePhysics()
  const random = createRandom(5)
  const normals: [number, number, number][] = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ]
  for (const normal of normals) {
    addBody(physics, { type: 'static', shape: { type: 'plane', normal, offset: -10 }, friction: 0, restitution: 1 })
  }
  const bodies: number[] = []
  for (let i = 0; i < 216; i++) {
    const at: Vec3 = [(i % 6) * 3 - 7.5, (Math.floor(i / 6) % 6) * 3 - 7.5, Math.floor(i / 36) * 3 - 7.5]
    const shape = { type: 'sphere', radius: 0.5 } as const
    const desc = sphere(at, { shape, friction: 0, restitution: 1, linearVelocity: inCube(random, 8) })
    bodies.push(addBody(physics, desc))
  }
  const before = kineticEnergy(physics)
  for (let i = 0; i < 600; i++) step(physics, 1 / 60)
  expect(Math.abs(kineticEnergy(physics) / before - 1)).toBeLessThan(0.03)
  const { Position } = physics.components
  const outermost = Math.max(
    ...bodies.map((e) => Math.max(...[Position.x[e], Position.y[e], Position.z[e]].map(Math.abs))),
  )
  expect(outermost).toBeLessThan(9.6)
})
