/** Friction, bounces, stacks and weights: contacts that last. */
import { addBody, frameStats, kineticEnergy, type Physics, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { dot, length, subtract, type Vec3 } from '../reference/vec.ts'
import {
  between,
  createRandom,
  DT,
  ground,
  makePhysics,
  positionOf,
  run,
  sphere,
  spinOf,
  tube,
  velocityOf,
} from './harness.ts'

const GRAVITY: [number, number, number] = [0, -9.81, 0]

describe('friction on a plane', () => {
  test('a sliding sphere slows by μ·g, then rolls at 5/7 of its speed', async () => {
    const physics = await makePhysics({ gravity: GRAVITY })
    addBody(physics, ground({ friction: 0.2 }))
    const ball = addBody(physics, sphere([0, 1, 0], { friction: 0.2, linearVelocity: [7, 0, 0] }))
    run(physics, 30)
    expect(Math.abs(velocityOf(physics, ball)[0] / (7 - 0.2 * 9.81 * 0.5) - 1)).toBeLessThan(0.01)
    run(physics, 270)
    expect(velocityOf(physics, ball)[0]).toBeCloseTo(5, 1)
    expect(spinOf(physics, ball)[2]).toBeCloseTo(-velocityOf(physics, ball)[0], 2)
  })

  test('a spinning sphere put down rolls off at 2/7 of its surface speed', async () => {
    const physics = await makePhysics({ gravity: GRAVITY })
    addBody(physics, ground())
    const ball = addBody(physics, sphere([0, 1, 0], { angularVelocity: [0, 0, -14] }))
    run(physics, 240)
    expect(velocityOf(physics, ball)[0]).toBeCloseTo(4, 1)
  })

  test.each([
    [0.5, 5 / 7, 'rolls: a = 5/7 g sin θ'],
    [0.05, 0, 'slides: a = g (sin θ − μ cos θ)'],
  ])('on a slope of 20° with μ = %f it %3$s', async (friction, rolling) => {
    const angle = (20 * Math.PI) / 180
    const normal: [number, number, number] = [Math.sin(angle), Math.cos(angle), 0]
    const physics = await makePhysics({ gravity: GRAVITY })
    addBody(physics, ground({ shape: { type: 'plane', normal, offset: 0 }, friction }))
    const ball = addBody(physics, sphere(normal, { friction }))
    run(physics, 60)
    const along: Vec3 = [Math.cos(angle), -Math.sin(angle), 0]
    const expected = 9.81 * (rolling ? rolling * Math.sin(angle) : Math.sin(angle) - friction * Math.cos(angle))
    expect(Math.abs(dot(velocityOf(physics, ball), along) / expected - 1)).toBeLessThan(0.02)
    expect(Math.abs(dot(positionOf(physics, ball), normal) - 1)).toBeLessThan(0.01)
  })

  test('without friction nothing turns', async () => {
    const physics = await makePhysics({ gravity: GRAVITY })
    addBody(physics, ground({ friction: 0 }))
    const ball = addBody(physics, sphere([0, 1, 0], { linearVelocity: [7, 0, 0] }))
    run(physics, 60)
    expect(velocityOf(physics, ball)[0]).toBe(7)
    expect(spinOf(physics, ball)).toEqual([0, 0, 0])
  })
})

/** Heights above the ground, as energy in metres, after each of the first bounces. */
function bounces(physics: Physics, ball: number, count: number): number[] {
  const tops: number[] = []
  let rising = false
  let height = positionOf(physics, ball)[1]
  for (let i = 0; i < 20_000 && tops.length < count; i++) {
    step(physics, DT)
    const now = positionOf(physics, ball)[1]
    // At the turn the height falls between two steps: the energy is the height of the true top.
    if (rising && now < height) tops.push(now - 1 + velocityOf(physics, ball)[1] ** 2 / (2 * 9.81))
    rising = now > height
    height = now
  }
  return tops
}

describe('restitution', () => {
  async function drop(restitution: number): Promise<{ physics: Physics; ball: number }> {
    const physics = await makePhysics({ gravity: GRAVITY })
    addBody(physics, ground())
    return { physics, ball: addBody(physics, sphere([0, 6, 0], { restitution })) }
  }

  test('e = 0.5 from 5 m: 1.25 m within 1 %, then 0.3125 m within 1 %', async () => {
    const { physics, ball } = await drop(0.5)
    const [first, second] = bounces(physics, ball, 2)
    expect(Math.abs(first / 1.25 - 1)).toBeLessThan(0.01)
    expect(Math.abs(second / 0.3125 - 1)).toBeLessThan(0.01)
  })

  test('e = 1: back to 5 m within 1 %; no energy is gained in 100 bounces, and at most 5 % lost', async () => {
    const { physics, ball } = await drop(1)
    const tops = bounces(physics, ball, 100)
    expect(tops).toHaveLength(100)
    expect(Math.abs(tops[0] / 5 - 1)).toBeLessThan(0.01)
    expect(Math.max(...tops)).toBeLessThanOrEqual(5 * (1 + 1e-5))
    expect(tops[99]).toBeGreaterThan(4.75)
  })

  test('e = 0: stays down', async () => {
    const { physics, ball } = await drop(0)
    run(physics, 90)
    let highest = 0
    for (let i = 0; i < 120; i++) {
      step(physics, DT)
      highest = Math.max(highest, positionOf(physics, ball)[1] - 1)
    }
    expect(highest).toBeLessThan(0.01 * 5)
    expect(positionOf(physics, ball)[1]).toBeGreaterThan(0.99)
  })
})

describe('stacks', () => {
  test('five spheres in a tube stand for 10 s: they sink less than 1 % and end at rest', async () => {
    const physics = await makePhysics({ gravity: GRAVITY })
    for (const desc of tube(1.02)) addBody(physics, desc)
    const stack = [0, 1, 2, 3, 4].map((i) =>
      addBody(physics, sphere([0.01 * Math.sin(i), 1 + 2.02 * i, 0.01 * Math.cos(i)])),
    )
    run(physics, 600)
    stack.forEach((ball, i) => {
      const height = positionOf(physics, ball)[1]
      expect(height).toBeGreaterThan((1 + 2 * i) * 0.99)
      expect(height).toBeLessThan(1 + 2 * i + 0.01)
    })
    expect(kineticEnergy(physics)).toBeLessThan(1e-4)
  })

  test('a heap of 200 spheres in a box comes to rest without sinking into itself', async () => {
    // Kept awake: what sleeps lists no contacts, and rests by no merit of the solver.
    const physics = await makePhysics({ gravity: GRAVITY, sleep: false })
    for (const desc of tube(3)) addBody(physics, desc)
    const random = createRandom(3)
    const shape = { type: 'sphere', radius: 0.5 } as const
    const balls = Array.from({ length: 200 }, (_, i) => {
      const at: Vec3 = [(i % 4) * 1.1 - 1.65, 0.6 + Math.floor(i / 16) * 1.1, (Math.floor(i / 4) % 4) * 1.1 - 1.65]
      const moved: Vec3 = [at[0] + between(random, -0.1, 0.1), at[1], at[2] + between(random, -0.1, 0.1)]
      return addBody(physics, sphere(moved, { shape }))
    })
    run(physics, 1200)
    // Judged by speed: points of contact do not brake a ball that spins about their common axis, here or in nature.
    const speeds = balls.map((ball) => length(velocityOf(physics, ball)))
    expect(Math.max(...speeds)).toBeLessThan(0.05)
    expect(speeds.reduce((sum, v) => sum + (v * v) / 2, 0) / 200).toBeLessThan(1e-5)
    const places = balls.map((ball) => positionOf(physics, ball))
    // The bottom carries eleven layers: no pair overlaps by more than 5 % of a diameter.
    let deepest = 0
    for (const a of places) for (const b of places) if (a !== b) deepest = Math.max(deepest, 1 - length(subtract(a, b)))
    expect(deepest).toBeLessThan(0.05)
    expect(Math.min(...places.map((at) => at[1]))).toBeGreaterThan(0.475)
    expect(frameStats(physics).contacts).toBeGreaterThan(400)
  })

  test('1,000 kg on 1 kg, eight sub-steps: the small sphere is pressed in by less than 5 % of its size', async () => {
    const physics = await makePhysics({ gravity: GRAVITY, subSteps: 8 })
    for (const desc of tube(0.505)) addBody(physics, desc)
    const shape = { type: 'sphere', radius: 0.5 } as const
    const small = addBody(physics, sphere([0, 0.5, 0], { shape, mass: 1 }))
    const heavy = addBody(physics, sphere([0, 1.5, 0], { shape, mass: 1000 }))
    run(physics, 600)
    expect(positionOf(physics, small)[1]).toBeGreaterThan(0.45)
    expect(positionOf(physics, heavy)[1]).toBeGreaterThan(1.4)
    expect(positionOf(physics, heavy)[1]).toBeLessThan(1.51)
  })
})

test('a sphere on a kinematic lift rides along', async () => {
  const physics = await makePhysics({ gravity: GRAVITY })
  const shape = { type: 'sphere', radius: 50 } as const
  const lift = addBody(physics, sphere([0, -50, 0], { type: 'kinematic', shape, linearVelocity: [0, 2, 0] }))
  const rider = addBody(physics, sphere([0, 1, 0]))
  run(physics, 120)
  expect(velocityOf(physics, rider)[1]).toBeCloseTo(2, 2)
  expect(positionOf(physics, rider)[1] - positionOf(physics, lift)[1]).toBeCloseTo(51, 1)
})
