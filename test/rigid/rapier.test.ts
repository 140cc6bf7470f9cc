/**
 * Scenes that Rapier runs too, in the same steps: where there is a law both meet it, elsewhere the two agree within the stated bounds.
 * Rapier 0.2x, portable build, its default of 4 solver iterations; ours with 4 sub-steps.
 */
import { describe, expect, test } from 'vitest'
import { DT } from '../physics/harness.ts'
import { floorTwin, makePair, type Pair, type State, type Twin } from './rapier.ts'
import { G, slopeOf, turn, type Vec3 } from './rigid.ts'

const box = (halfExtents: Vec3, position: Vec3, more: Partial<Twin> = {}): Twin => ({
  shape: { type: 'box', halfExtents },
  position,
  ...more,
})
const ball = (radius: number, position: Vec3, more: Partial<Twin> = {}): Twin => ({
  shape: { type: 'sphere', radius },
  position,
  ...more,
})

const far = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
const SIDES = ['ours', 'theirs'] as const
const both = (pair: Pair, body: number): State[] => SIDES.map((side) => pair[side](body))

test('free fall: the same place within 1 % of the way, ours within 1e-4 of ½ g t²', async () => {
  const pair = await makePair()
  const body = pair.add(box([0.5, 0.4, 0.3], [0, 50, 0], { angularVelocity: [1, 0, 0] }))
  pair.run(120)
  const [ours, theirs] = both(pair, body)
  const fallen = 0.5 * G * 4
  expect(Math.abs((50 - ours.position[1]) / fallen - 1)).toBeLessThan(1e-4)
  // Theirs is of first order: half a step of speed ahead.
  expect(Math.abs(50 - theirs.position[1] - (50 - ours.position[1])) / fallen).toBeLessThan(0.01)
})

test.each([
  ['ball', ball(0.5, [0, 3, 0], { restitution: 0.6 })],
  ['box', box([0.5, 0.5, 0.5], [0, 3, 0], { restitution: 0.6 })],
] as const)('first bounce of a %s: ours within 2 % of e²·h, theirs within 10 % of ours', async (_, body) => {
  const pair = await makePair()
  pair.add(floorTwin())
  const id = pair.add(body)
  const tops = SIDES.map(() => 0)
  pair.run(90, (i) => {
    if (i <= 45) return
    for (const k of [0, 1]) tops[k] = Math.max(tops[k], pair[SIDES[k]](id).position[1] - 0.5)
  })
  expect(Math.abs(tops[0] / (0.36 * 2.5) - 1)).toBeLessThan(0.02)
  expect(Math.abs(tops[1] / tops[0] - 1)).toBeLessThan(0.1)
})

test.each([
  [0.2, 25],
  [0.5, 35],
])('a box slides down a slope, μ = %f, %d°: the ways of 2 s agree within 3 %', async (friction, degrees) => {
  const pair = await makePair()
  const slope = slopeOf((degrees * Math.PI) / 180)
  const [nx, ny] = slope.normal
  pair.add(box([100, 1, 5], [-nx, -ny, 0], { static: true, rotation: slope.rotation, friction }))
  const body = pair.add(box([0.5, 0.25, 0.4], [nx * 0.25, ny * 0.25, 0], { rotation: slope.rotation, friction }))
  pair.run(120)
  const [ours, theirs] = both(pair, body).map(({ position: [x, y] }) => x * slope.down[0] + y * slope.down[1])
  const wanted = 0.5 * G * (Math.sin(slope.angle) - friction * Math.cos(slope.angle)) * 4
  expect(Math.abs(ours / wanted - 1)).toBeLessThan(0.02)
  expect(Math.abs(theirs / ours - 1)).toBeLessThan(0.03)
})

test('a box pushed over the floor stops at the same place within 3 %', async () => {
  const pair = await makePair()
  pair.add(floorTwin(0.4))
  const body = pair.add(box([0.5, 0.25, 0.5], [0, 0.25, 0], { linearVelocity: [6, 0, 0], friction: 0.4 }))
  pair.run(180)
  const [ours, theirs] = both(pair, body)
  expect(Math.abs(ours.position[0] / (36 / (2 * 0.4 * G)) - 1)).toBeLessThan(0.02)
  expect(Math.abs(theirs.position[0] / ours.position[0] - 1)).toBeLessThan(0.03)
})

test('a box thrown with spin comes to rest on a face in both: the height of its centre is one of its half extents', async () => {
  const half: Vec3 = [0.6, 0.4, 0.25]
  const pair = await makePair()
  pair.add(floorTwin())
  const bodies = [0, 1, 2, 3].map((k) =>
    pair.add(
      box(half, [6 * k, 2 + 0.3 * k, 0], {
        rotation: turn([0.6, 0, 0.8], 0.4 + k),
        linearVelocity: [3, 1, k - 1],
        angularVelocity: [2 - k, 4, 3],
      }),
    ),
  )
  pair.run(480)
  for (const body of bodies) {
    for (const { position, velocity } of both(pair, body)) {
      expect(Math.min(...half.map((h) => Math.abs(position[1] - h)))).toBeLessThan(0.01)
      expect(Math.hypot(...velocity)).toBeLessThan(0.01)
    }
  }
})

/** Times of the passages of a swinging body through x = 0. */
function passages(pair: Pair, body: number, steps: number): number[][] {
  const times: number[][] = [[], []]
  const before = [0, 0]
  pair.run(steps, (i) => {
    both(pair, body).forEach(({ position: [x] }, k) => {
      if (i > 0 && before[k] > 0 !== x > 0) times[k].push((i + before[k] / (before[k] - x)) * DT)
      before[k] = x
    })
  })
  return times
}

test('a pendulum on a ball joint: the period of the closed form within 1 % in both', async () => {
  const pair = await makePair()
  const pivot = pair.add(ball(0.1, [0, 10, 0], { static: true }))
  const angle = 0.2
  const bob = pair.add(ball(0.25, [2 * Math.sin(angle), 10 - 2 * Math.cos(angle), 0]))
  pair.join(pivot, bob, [0, 10, 0])
  const inertia = 4 + 0.4 * 0.25 ** 2
  const period = 2 * Math.PI * Math.sqrt(inertia / (G * 2)) * (1 + angle ** 2 / 16)
  for (const times of passages(pair, bob, 600)) {
    const seen = ((times[times.length - 1] - times[0]) / (times.length - 1)) * 2
    expect(Math.abs(seen / period - 1)).toBeLessThan(0.01)
  }
})

test('a door on a hinge with a vertical axis: it stays level, turns on, and agrees within 2 % of its way', async () => {
  const pair = await makePair()
  const post = pair.add(box([0.1, 1, 0.1], [0, 1.5, 0], { static: true }))
  const door = pair.add(
    box([0.5, 1, 0.05], [0.6, 1.5, 0], { angularVelocity: [0, 1, 0], linearVelocity: [0, 0, -0.6] }),
  )
  pair.join(post, door, [0, 1.5, 0], [0, 1, 0])
  let [ours, theirs] = [0, 0]
  const angle = ({ position: [x, , z] }: State): number => Math.atan2(-z, x)
  const before = [0, 0]
  pair.run(180, () => {
    const now = both(pair, door).map(angle)
    const gone = now.map((a, k) => ((a - before[k] + 3 * Math.PI) % (2 * Math.PI)) - Math.PI)
    ours += gone[0]
    theirs += gone[1]
    for (const k of [0, 1]) before[k] = now[k]
    expect(Math.abs(pair.ours(door).position[1] - 1.5)).toBeLessThan(0.005)
  })
  expect(Math.abs(ours / 3 - 1)).toBeLessThan(0.02)
  expect(Math.abs(theirs / ours - 1)).toBeLessThan(0.02)
})

test('a tower of eight boxes at rest: the heights agree within 1 % of a box each, ours no lower than theirs by more', async () => {
  const pair = await makePair()
  pair.add(floorTwin())
  const tower = Array.from({ length: 8 }, (_, i) => pair.add(box([0.5, 0.5, 0.5], [0, 0.5 + i, 0])))
  pair.run(300)
  tower.forEach((body, i) => {
    const [ours, theirs] = both(pair, body)
    expect(Math.abs(ours.position[1] - theirs.position[1])).toBeLessThan(0.01 * (i + 1))
    expect(Math.abs(ours.position[1] - (0.5 + i))).toBeLessThan(0.005 * (i + 1))
  })
})

/** Height of the centre of mass and root mean square distance from the axis. */
function shapeOfPile(states: State[]): { height: number; spread: number; fastest: number } {
  const height = states.reduce((sum, { position }) => sum + position[1], 0) / states.length
  const square = states.reduce((sum, { position: [x, , z] }) => sum + x * x + z * z, 0) / states.length
  return { height, spread: Math.sqrt(square), fastest: Math.max(...states.map((s) => Math.hypot(...s.velocity))) }
}

test('a pile of 100 boxes in a pen: centre of mass within 3 %, spread within 3 %, both at rest', async () => {
  const pair = await makePair()
  pair.add(floorTwin())
  for (const side of [-1, 1]) {
    pair.add(box([0.5, 5, 3], [side * 2.5, 5, 0], { static: true }))
    pair.add(box([3, 5, 0.5], [0, 5, side * 2.5], { static: true }))
  }
  const bodies = Array.from({ length: 100 }, (_, i) => {
    const at: Vec3 = [(i % 4) * 0.95 - 1.4, 0.6 + Math.floor(i / 16) * 1.1, (Math.floor(i / 4) % 4) * 0.95 - 1.4]
    at[0] += 0.05 * Math.sin(7 * i)
    return pair.add(box([0.4, 0.35, 0.3], at, { rotation: turn([0, 1, 0], 0.3 * i) }))
  })
  pair.run(480)
  const [ours, theirs] = SIDES.map((side) => shapeOfPile(bodies.map((body) => pair[side](body))))
  expect(Math.abs(ours.height / theirs.height - 1)).toBeLessThan(0.03)
  expect(Math.abs(ours.spread / theirs.spread - 1)).toBeLessThan(0.03)
  expect(ours.fastest).toBeLessThan(0.05)
})

describe('a chain of 20 balls between two posts', () => {
  test('hangs alike: the lowest link within 1 % of the length, the ends hold within 1 cm', async () => {
    const pair = await makePair()
    const links = 20
    const left = pair.add(ball(0.1, [0, 10, 0], { static: true }))
    const bodies: number[] = []
    // Slack: laid out as a triangle, so that it hangs deep.
    const place = (k: number): Vec3 => {
      const along = (k + 0.5) / links
      return [along * 4, 10 - 3 * (1 - Math.abs(2 * along - 1)), 0]
    }
    let before = left
    let joint: Vec3 = [0, 10, 0]
    for (let k = 0; k < links; k++) {
      const body = pair.add(ball(0.1, place(k)))
      pair.join(before, body, joint)
      const next = (k + 1) / links
      joint = [next * 4, 10 - 3 * (1 - Math.abs(2 * next - 1)), 0]
      bodies.push(body)
      before = body
    }
    const right = pair.add(ball(0.1, [4, 10, 0], { static: true }))
    pair.join(before, right, [4, 10, 0])
    for (let i = 0; i < 5; i++) pair.run(240)
    const lowest = SIDES.map((side) => Math.min(...bodies.map((body) => pair[side](body).position[1])))
    const length = 2 * Math.hypot(2, 3)
    expect(Math.abs(lowest[0] - lowest[1])).toBeLessThan(0.03 * length)
    // The catenary of that length hangs deeper than the triangle is high: 10 − 3.06.
    expect(lowest[0]).toBeGreaterThan(10 - 3.3)
    expect(lowest[0]).toBeLessThan(10 - 2.7)
    const first = pair.ours(bodies[0]).position
    expect(Math.abs(far(first, [0, 10, 0]) - length / links / 2)).toBeLessThan(0.01)
  })
})
