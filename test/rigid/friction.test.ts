/** Friction: boxes that hold and slide, wheels that roll, discs that turn on the spot; each against the closed form. */
import { addBody, type BodyDesc, type Physics, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, positionOf, run, sphere, spinOf, velocityOf } from '../physics/harness.ts'
import { dot, length, subtract } from '../reference/vec.ts'
import { addFloor, addSlope, axisOf, box, capsule, G, prism, rigidWorld, slopeOf, turn, type Vec3 } from './rigid.ts'

const along = (n: Vec3, distance: number): Vec3 => [n[0] * distance, n[1] * distance, n[2] * distance]
const SURFACES = ['plane', 'box'] as const

describe.each(SURFACES)('a box on a slope that is a %s', (surface) => {
  const half: Vec3 = [0.5, 0.25, 0.4]

  async function place(
    degrees: number,
    friction: number,
  ): Promise<{ physics: Physics; eid: number; slope: ReturnType<typeof slopeOf> }> {
    const slope = slopeOf((degrees * Math.PI) / 180)
    const physics = await rigidWorld({ sleep: false })
    addSlope(physics, surface, slope, { friction })
    const eid = addBody(physics, box(along(slope.normal, half[1]), half, { rotation: slope.rotation, friction }))
    return { physics, eid, slope }
  }

  // atan 0.5 = 26.57°
  test.each([10, 20, 26])('holds at %d° with μ = 0.5', async (degrees) => {
    const { physics, eid } = await place(degrees, 0.5)
    run(physics, 60)
    const before = positionOf(physics, eid)
    run(physics, 600)
    expect(length(subtract(positionOf(physics, eid), before))).toBeLessThan(0.001)
  })

  test.each([
    [20, 0],
    [20, 0.2],
    [30, 0.5],
    [35, 0.5],
    [35, 0.3],
  ])('slides at %d° with μ = %f: a = g (sin θ − μ cos θ) within 2 %', async (degrees, friction) => {
    const { physics, eid, slope } = await place(degrees, friction)
    run(physics, 30)
    const before = dot(velocityOf(physics, eid), slope.down)
    run(physics, 60)
    const a = dot(velocityOf(physics, eid), slope.down) - before
    const wanted = G * (Math.sin(slope.angle) - friction * Math.cos(slope.angle))
    expect(Math.abs(a / wanted - 1)).toBeLessThan(0.02)
    // It neither turns nor leaves the slope.
    expect(axisOf(physics, eid, 1)[1]).toBeCloseTo(Math.cos(slope.angle), 3)
    expect(Math.abs(dot(positionOf(physics, eid), slope.normal) - half[1])).toBeLessThan(0.01)
  })

  test('a box pushed along the level stops after v² / 2μg', async () => {
    const { physics, eid } = await place(0, 0.4)
    run(physics, 30)
    const before = positionOf(physics, eid)[0]
    physics.components.LinearVelocity.x[eid] = 5
    run(physics, 150)
    expect(length(velocityOf(physics, eid))).toBeLessThan(1e-3)
    const wanted = 25 / (2 * 0.4 * G)
    expect(Math.abs((positionOf(physics, eid)[0] - before) / wanted - 1)).toBeLessThan(0.02)
  })
})

test('a high box on a slope tips over when its centre is outside its foot, and stands when it is inside', async () => {
  const slope = slopeOf((20 * Math.PI) / 180)
  const physics = await rigidWorld()
  addSlope(physics, 'box', slope, { friction: 1 })
  const [stands, tips] = ([2, 3.4] as const).map((ratio, i) =>
    addBody(
      physics,
      box([slope.normal[0] * ratio * 0.5, slope.normal[1] * ratio * 0.5, 4 * i - 2], [0.5, 0.5 * ratio, 0.5], {
        rotation: slope.rotation,
        friction: 1,
      }),
    ),
  )
  run(physics, 180)
  // tan 20° = 0.364: the foot carries up to a height of 2.75 times its width.
  expect(dot(axisOf(physics, stands, 1), slope.normal)).toBeGreaterThan(0.999)
  expect(dot(axisOf(physics, tips, 1), slope.normal)).toBeLessThan(0.5)
})

describe('rolling down a slope of 20°', () => {
  const slope = slopeOf((20 * Math.PI) / 180)
  const solid = 2 / 3
  // A capsule about its axis: cylinder and two half balls, both of unit density.
  const [r, h] = [0.5, 0.6]
  const [cylinder, ball] = [2 * h * Math.PI * r * r, (4 / 3) * Math.PI * r ** 3]
  const capsuleUnit = (cylinder * 0.5 + ball * 0.4) / (cylinder + ball)
  const lying = turn([1, 0, 0], Math.PI / 2)

  test.each([
    ['sphere', 'plane', 5 / 7],
    ['sphere', 'box', 5 / 7],
    ['capsule', 'plane', 1 / (1 + capsuleUnit)],
    ['capsule', 'box', 1 / (1 + capsuleUnit)],
  ] as const)('a %s on a %s: a = %f · g sin θ within 2 %', async (kind, surface, share) => {
    const physics = await rigidWorld()
    addSlope(physics, surface, slope, { friction: 0.8 })
    const at = along(slope.normal, r)
    const ballShape: BodyDesc = sphere(at, { shape: { type: 'sphere', radius: r }, friction: 0.8 })
    const eid = addBody(physics, kind === 'sphere' ? ballShape : capsule(at, r, h, { rotation: lying, friction: 0.8 }))
    run(physics, 30)
    const before = dot(velocityOf(physics, eid), slope.down)
    run(physics, 60)
    const speed = dot(velocityOf(physics, eid), slope.down)
    expect(Math.abs((speed - before) / (share * G * Math.sin(slope.angle)) - 1)).toBeLessThan(0.02)
    // It rolls: the point of contact is at rest.
    expect(Math.abs(-spinOf(physics, eid)[2] * r - speed)).toBeLessThan(0.02 * speed)
    expect(solid).toBeLessThan(share)
  })
})

describe('rolling resistance', () => {
  // A torque of c·N against the spin: it rolls on with a = −c g / (r (1 + k)), k the inertia over m r².
  test.each([
    ['sphere', 'plane'],
    ['sphere', 'box'],
    ['capsule', 'plane'],
    ['capsule', 'box'],
  ] as const)('a rolling %s on a %s stops as the formula says', async (kind, surface) => {
    const [r, h, c, v] = [0.5, 0.6, 0.05, 3]
    const [cylinder, ball] = [2 * h * Math.PI * r * r, (4 / 3) * Math.PI * r ** 3]
    const k = kind === 'sphere' ? 0.4 : (cylinder * 0.5 + ball * 0.4) / (cylinder + ball)
    const physics = await rigidWorld({ sleep: false })
    addFloor(physics, surface, { friction: 0.8 })
    const more = {
      friction: 0.8,
      rollingResistance: c,
      linearVelocity: [v, 0, 0],
      angularVelocity: [0, 0, -v / r],
    }
    const shape = { type: 'sphere', radius: r } as const
    const eid = addBody(
      physics,
      kind === 'sphere'
        ? sphere([0, r, 0], { shape, ...more })
        : capsule([0, r, 0], r, h, { rotation: turn([1, 0, 0], Math.PI / 2), ...more }),
    )
    const a = (c * G) / (r * (1 + k))
    run(physics, 60)
    expect(Math.abs((v - velocityOf(physics, eid)[0]) / a - 1)).toBeLessThan(0.02)
    run(physics, Math.ceil((v / a) * 60))
    expect(length(velocityOf(physics, eid))).toBeLessThan(1e-3)
    expect(Math.abs(positionOf(physics, eid)[0] / (v ** 2 / (2 * a)) - 1)).toBeLessThan(0.03)
  })

  test('holds a ball on a slope up to tan θ = c / r, and not beyond', async () => {
    const moved: number[] = []
    for (const share of [0.8, 1.2]) {
      const physics = await rigidWorld({ sleep: false })
      const slope = slopeOf(Math.atan(share * 0.2))
      addSlope(physics, 'plane', slope, { friction: 1 })
      const ball = sphere(along(slope.normal, 0.5), { shape: { type: 'sphere', radius: 0.5 }, friction: 1 })
      const eid = addBody(physics, { ...ball, rollingResistance: 0.1 })
      run(physics, 300)
      moved.push(dot(positionOf(physics, eid), slope.down))
    }
    expect(moved[0]).toBeLessThan(0.005)
    expect(moved[1]).toBeGreaterThan(1)
  })
})

describe('twisting on the spot', () => {
  // A flat ring of pressure stops with a torque of μ N r̄. Friction acts at the centre of the points with the mean distance of the points as lever.
  test.each(SURFACES)(
    'a spinning square plate on a %s slows at μ g m r̄ / I, r̄ between ring and disc',
    async (surface) => {
      const physics = await rigidWorld({ sleep: false })
      addFloor(physics, surface, { friction: 0.5 })
      const half: Vec3 = [1, 0.1, 1]
      const eid = addBody(physics, box([0, 0.1, 0], half, { friction: 0.5 }))
      run(physics, 30)
      physics.components.AngularVelocity.y[eid] = 12
      for (let i = 0; i < 30; i++) {
        step(physics, DT)
        // Its upper corners are in reach of a step's spin: they must not stand in for the lower ones.
        expect(positionOf(physics, eid)[1]).toBeGreaterThan(0.098)
      }
      const slowed = (12 - spinOf(physics, eid)[1]) / 0.5
      const unit = 2 / 3
      // Uniform pressure: mean distance of a square's points from its centre, 0.765; pressure in the corners: √2.
      const [least, most] = [(0.5 * G * 0.765) / unit, (0.5 * G * Math.SQRT2) / unit]
      expect(slowed).toBeGreaterThan(least * 0.98)
      expect(slowed).toBeLessThan(most * 1.02)
      run(physics, 240)
      expect(length(spinOf(physics, eid))).toBeLessThan(1e-3)
      expect(length(subtract(positionOf(physics, eid), [0, 0.1, 0]))).toBeLessThan(0.01)
    },
  )

  test('a spinning disc of 16 sides slows steadily and stays where it is', async () => {
    const physics = await rigidWorld({ sleep: false })
    addFloor(physics, 'plane', { friction: 0.4 })
    const shape = { type: 'hull', points: prism(16, 1, 0.1) } as const
    const eid = addBody(physics, { shape, position: [0, 0.1, 0], friction: 0.4, density: 125 })
    run(physics, 30)
    physics.components.AngularVelocity.y[eid] = 20
    const spins: number[] = []
    for (let i = 0; i < 6; i++) {
      run(physics, 20)
      spins.push(spinOf(physics, eid)[1])
    }
    const rates = spins.slice(1).map((spin, i) => (spins[i] - spin) * 3)
    // Uniform pressure: 2/3 r; all of it on the rim: r; I = ½ m r². Friction acts at four points of the rim, whose middle is not quite the axis.
    for (const rate of rates) {
      expect(rate).toBeGreaterThan((((2 / 3) * 0.4 * G) / 0.5) * 0.97)
      expect(rate).toBeLessThan(((1 * 0.4 * G) / 0.5) * 1.2)
    }
    const p = positionOf(physics, eid)
    expect(Math.hypot(p[0], p[2])).toBeLessThan(0.01)
  })

  test('a plate that turns slides on as if without friction: friction is one cone for both', async () => {
    const travel: number[] = []
    for (const spin of [0, 30]) {
      const physics = await rigidWorld({ sleep: false })
      addFloor(physics, 'plane', { friction: 0.3 })
      const eid = addBody(physics, box([0, 0.1, 0], [1, 0.1, 1], { friction: 0.3, linearVelocity: [3, 0, 0] }))
      physics.components.AngularVelocity.y[eid] = spin
      run(physics, 300)
      travel.push(positionOf(physics, eid)[0])
    }
    expect(Math.abs(travel[0] / (9 / (2 * 0.3 * G)) - 1)).toBeLessThan(0.03)
    // Never shorter than without spin; a model with one point of friction does not make it longer.
    expect(travel[1]).toBeGreaterThan(travel[0] * 0.98)
  })
})
