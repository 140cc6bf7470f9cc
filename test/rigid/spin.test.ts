/** Free bodies: the flip of the T-handle, the top that stays up, and what collisions must preserve. */
import { addBody, type BodyDesc, type Physics, shapeInfo, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, DT, inCube, type Random, randomDirection, run } from '../physics/harness.ts'
import { axisOf, box, boxInertia, type Motion, motionOf, rigidWorld, turn, type Vec3 } from './rigid.ts'

const SPACE = { gravity: [0, 0, 0] as Vec3, sleep: false as const }

/** A bar along x with a handle along −y. */
const handle = (more: Partial<BodyDesc> = {}): BodyDesc => ({
  shape: {
    type: 'compound',
    children: [
      { shape: { type: 'box', halfExtents: [1, 0.15, 0.15] } },
      { shape: { type: 'box', halfExtents: [0.15, 0.35, 0.15] }, position: [0, -0.5, 0] },
    ],
  },
  density: 100,
  ...more,
})

/** Inertia per unit mass of a body without products of inertia. */
function unitInertia(physics: Physics, eid: number): Vec3 {
  const [xx, yy, zz, xy, xz, yz] = shapeInfo(physics, eid).inertia
  const m = physics.components.Mass.value[eid]
  expect(Math.max(Math.abs(xy), Math.abs(xz), Math.abs(yz))).toBeLessThan(1e-4 * xx)
  return [xx / m, yy / m, zz / m]
}

describe('a T-handle in space', () => {
  test('turned about its middle axis it flips periodically; angular momentum to 1e-4 and energy over 60 s', async () => {
    const physics = await rigidWorld(SPACE)
    const eid = addBody(physics, handle())
    const unit = unitInertia(physics, eid)
    const order = [0, 1, 2].sort((a, b) => unit[a] - unit[b])
    const middle = order[1] as 0 | 1 | 2
    const w: Vec3 = [0.3, 0.3, 0.3]
    w[middle] = 6
    const { AngularVelocity } = physics.components
    ;[AngularVelocity.x[eid], AngularVelocity.y[eid], AngularVelocity.z[eid]] = w
    const start = motionOf(physics, eid, unit)
    const flips: number[] = []
    let up = true
    let [worst, energy] = [0, 0]
    for (let i = 0; i < 3600; i++) {
      step(physics, DT)
      const now = motionOf(physics, eid, unit)
      worst = Math.max(worst, distance(now.spin, start.spin) / Math.hypot(...start.spin))
      energy = Math.max(energy, Math.abs(now.energy / start.energy - 1))
      const along = axisOf(physics, eid, middle)[middle]
      if (up ? along < -0.5 : along > 0.5) {
        up = !up
        flips.push(i * DT)
      }
    }
    expect(worst).toBeLessThan(1e-4)
    expect(energy).toBeLessThan(0.01)
    expect(flips.length).toBeGreaterThan(6)
    const periods = flips.slice(1).map((time, i) => time - flips[i])
    // The midpoint rule lets a thousandth of the energy go in a minute, and the period of the flip is sensitive to that: it changes slowly.
    for (let i = 1; i < periods.length; i++) expect(Math.abs(periods[i] / periods[i - 1] - 1)).toBeLessThan(0.15)
    expect(Math.max(...periods) / Math.min(...periods)).toBeLessThan(1.6)
  })

  test.each([0, 2])('turned about its least or greatest axis (%d of three) it does not', async (rank) => {
    const physics = await rigidWorld(SPACE)
    const eid = addBody(physics, handle())
    const unit = unitInertia(physics, eid)
    const axis = [0, 1, 2].sort((a, b) => unit[a] - unit[b])[rank] as 0 | 1 | 2
    const w: Vec3 = [0.05, 0.05, 0.05]
    w[axis] = 6
    const { AngularVelocity } = physics.components
    ;[AngularVelocity.x[eid], AngularVelocity.y[eid], AngularVelocity.z[eid]] = w
    for (let i = 0; i < 1800; i++) {
      step(physics, DT)
      if (i % 10 === 0) expect(axisOf(physics, eid, axis)[axis]).toBeGreaterThan(0.95)
    }
  })

  test('very fast spin in long steps stays finite and keeps its angular momentum to 1 %', async () => {
    const physics = await rigidWorld(SPACE)
    const eid = addBody(physics, handle({ angularVelocity: [20, 35, 15] }))
    const unit = unitInertia(physics, eid)
    const start = motionOf(physics, eid, unit)
    run(physics, 600, 1 / 30)
    const end = motionOf(physics, eid, unit)
    expect(Math.abs(Math.hypot(...end.spin) / Math.hypot(...start.spin) - 1)).toBeLessThan(0.01)
    expect(end.energy / start.energy).toBeLessThan(1.05)
  })
})

test('a symmetric top precesses at (I₃ − I₁) / I₁ · ω₃ about its own axis', async () => {
  const physics = await rigidWorld(SPACE)
  const half: Vec3 = [0.5, 0.1, 0.5]
  const eid = addBody(physics, box([0, 0, 0], half, { angularVelocity: [1, 8, 0] }))
  const unit = boxInertia(half)
  // In space the axis turns about the angular momentum at L / I₁.
  const { spin } = motionOf(physics, eid, unit)
  const m = physics.components.Mass.value[eid]
  const rate = Math.hypot(...spin) / (m * unit[0])
  const n = spin.map((c) => c / Math.hypot(...spin)) as Vec3
  const steps = 600
  let [turned, before] = [0, around(axisOf(physics, eid, 1), n)]
  for (let i = 0; i < steps; i++) {
    step(physics, DT)
    const now = around(axisOf(physics, eid, 1), n)
    turned += ((now - before + 3 * Math.PI) % (2 * Math.PI)) - Math.PI
    before = now
  }
  expect(Math.abs(turned / (rate * steps * DT) - 1)).toBeLessThan(0.01)
})

/** Angle of a vector about `n`. */
function around(v: Vec3, n: Vec3): number {
  const e1: Vec3 = normalized([n[1], -n[0], 0])
  const e2: Vec3 = [n[1] * e1[2] - n[2] * e1[1], n[2] * e1[0] - n[0] * e1[2], n[0] * e1[1] - n[1] * e1[0]]
  return Math.atan2(v[0] * e2[0] + v[1] * e2[1] + v[2] * e2[2], v[0] * e1[0] + v[1] * e1[1] + v[2] * e1[2])
}

const normalized = (v: Vec3): Vec3 => v.map((c) => c / Math.hypot(...v)) as Vec3
const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])

describe('boxes that collide in space', () => {
  interface Crowd {
    physics: Physics
    bodies: { eid: number; unit: Vec3 }[]
  }

  async function crowd(
    count: number,
    seed: number,
    options: { restitution: number; friction: number },
  ): Promise<Crowd> {
    const physics = await rigidWorld(SPACE)
    const random: Random = createRandom(seed)
    const side = Math.ceil(Math.cbrt(count))
    const bodies = Array.from({ length: count }, (_, i) => {
      const half: Vec3 = [between(random, 0.2, 0.5), between(random, 0.2, 0.5), between(random, 0.2, 0.5)]
      const cell = [i % side, Math.floor(i / side) % side, Math.floor(i / side / side)]
      const position = cell.map((c) => (c - (side - 1) / 2) * 2) as Vec3
      // Towards the middle, so that all meet.
      const linearVelocity = position.map((c) => -c * 1.5 + between(random, -1, 1)) as Vec3
      const rotation = turn(randomDirection(random, [0, 0, 0]) as Vec3, between(random, 0, 3))
      const angularVelocity = inCube(random, 3)
      const eid = addBody(physics, box(position, half, { rotation, linearVelocity, angularVelocity, ...options }))
      return { eid, unit: boxInertia(half) }
    })
    return { physics, bodies }
  }

  const total = ({ physics, bodies }: Crowd): Motion & { gross: number; grossTurn: number } => {
    const sum = { energy: 0, momentum: [0, 0, 0] as Vec3, angular: [0, 0, 0] as Vec3, spin: [0, 0, 0] as Vec3 }
    let [gross, grossTurn] = [0, 0]
    for (const { eid, unit } of bodies) {
      const one = motionOf(physics, eid, unit)
      sum.energy += one.energy
      for (let k = 0; k < 3; k++) {
        sum.momentum[k] += one.momentum[k]
        sum.angular[k] += one.angular[k]
      }
      gross += Math.hypot(...one.momentum)
      grossTurn += Math.hypot(...one.angular)
    }
    return { ...sum, gross, grossTurn }
  }

  test.each([
    { restitution: 0, friction: 0 },
    { restitution: 0, friction: 0.5 },
    { restitution: 0.6, friction: 0.3 },
    { restitution: 1, friction: 0 },
  ])('%j: momentum to 1e-5, angular momentum to 2 %, and energy never grows', async (options) => {
    const scene = await crowd(64, 5, options)
    const start = total(scene)
    let energy = start.energy
    let grown = 0
    for (let i = 0; i < 240; i++) {
      step(scene.physics, DT)
      const now = total(scene).energy
      grown = Math.max(grown, (now - energy) / start.energy)
      energy = now
    }
    const end = total(scene)
    expect(distance(end.momentum, start.momentum) / start.gross).toBeLessThan(1e-5)
    // The arms of a contact are those of the start of the step: what turns fast errs by that.
    expect(distance(end.angular, start.angular) / start.grossTurn).toBeLessThan(0.02)
    // They met.
    expect(Math.abs(end.energy / start.energy - 1)).toBeGreaterThan(1e-6)
    // Without loss the bounces of one body with several others in one step are solved one after the other: each may give a little.
    const allowed = options.restitution === 1 ? 0.01 : 1e-6
    expect(grown).toBeLessThan(allowed)
    expect(end.energy).toBeLessThan(start.energy * (1 + 1e-6))
  })
})
