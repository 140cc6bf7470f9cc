/** Forces and free motion: one step of everything at once, the kernel (single) against the oracle (double). */
import { addBody, applyForce, applyImpulse, applyTorque, type BodyDesc, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { stepReference } from '../reference/step.ts'
import { addScaled, length, scale, subtract } from '../reference/vec.ts'
import type { ReferenceBody } from '../reference/world.ts'
import {
  addTwin,
  between,
  createRandom,
  DT,
  inCube,
  makePhysics,
  makeTwin,
  positionOf,
  type Random,
  run,
  sphere,
  spinOf,
  type Twin,
  velocityOf,
} from './harness.ts'

const KINDS = ['dynamic', 'dynamic', 'dynamic', 'dynamic', 'static', 'kinematic'] as const

/** A body with every property drawn; it collides with nothing. */
function anything(random: Random, i: number): BodyDesc {
  return {
    type: KINDS[i % KINDS.length],
    shape: { type: 'sphere', radius: between(random, 0.1, 3) },
    position: inCube(random, 40),
    linearVelocity: inCube(random, 20),
    angularVelocity: inCube(random, 5),
    mass: 10 ** between(random, -1, 3),
    charge: i % 3 ? between(random, -2, 2) : 0,
    linearDamping: i % 2 ? between(random, 0, 2) : 0,
    angularDamping: i % 4 ? between(random, 0, 2) : 0,
    gravityScale: between(random, -1, 2),
    attracts: i % 5 < 2,
    mask: 0,
  }
}

/** Adds `count` bodies with forces and torques on them to both worlds. */
function fill(twin: Twin, count: number, seed: number): void {
  const random = createRandom(seed)
  for (let i = 0; i < count; i++) {
    const desc = anything(random, i)
    const eid = addTwin(twin, desc)
    const body = twin.world.bodies[i]
    body.force = inCube(random, 50).map(Math.fround) as [number, number, number]
    body.torque = inCube(random, 5).map(Math.fround) as [number, number, number]
    if (body.kind !== 'dynamic') continue
    applyForce(twin.physics, eid, [...body.force])
    applyTorque(twin.physics, eid, [...body.torque])
  }
}

/** Worst error of a vector over all bodies, each against its own scale. */
function worst(bodies: ReferenceBody[], error: (body: ReferenceBody) => number): number {
  return bodies.reduce((most, body) => Math.max(most, error(body)), 0)
}

const FORCES = {
  uniform: { gravity: [1, -9.81, 3] },
  gravity: { longRange: { method: 'direct', gravity: 0.8, softening: 0.2, minDistance: 0.5 } },
  coulomb: { longRange: { method: 'direct', coulomb: 90, softening: 0, minDistance: 2 } },
  everything: {
    gravity: [0, -9.81, 1],
    longRange: { method: 'direct', gravity: 0.8, coulomb: 90, softening: 0.4, minDistance: 1 },
  },
} as const

describe.each(Object.entries(FORCES))('one step of 2,000 bodies: %s', (_, options) => {
  /*
   * Bounds, in units of rounding: positions within 40 m to 2e-5 m (4 ulp); the change of the velocity in the step to
   * 2e-5 of itself plus 2 ulp of the velocity; rotations to 1e-6.
   */
  test('positions, velocities, spins and rotations', async () => {
    const twin = await makeTwin(options as unknown as Parameters<typeof makeTwin>[0])
    fill(twin, 2000, 7)
    const { bodies } = twin.world
    const before = bodies.map((body) => body.velocity)
    step(twin.physics, DT)
    stepReference(twin.world, DT)
    const { physics } = twin
    expect(worst(bodies, (b) => length(subtract(positionOf(physics, b.id), b.position)))).toBeLessThan(2e-5)
    const velocityError = (b: ReferenceBody): number => {
      const change = length(subtract(b.velocity, before[b.id - bodies[0].id]))
      const allowed = 2e-5 * change + 3e-7 * length(b.velocity) + 1e-7
      return length(subtract(velocityOf(physics, b.id), b.velocity)) / allowed
    }
    expect(worst(bodies, velocityError)).toBeLessThan(1)
    const spinError = (b: ReferenceBody): number =>
      length(subtract(spinOf(physics, b.id), b.angularVelocity)) / (1 + length(b.angularVelocity))
    expect(worst(bodies, spinError)).toBeLessThan(1e-6)
    const { Rotation } = physics.components
    const rotationError = (b: ReferenceBody): number => {
      const q = [Rotation.x[b.id], Rotation.y[b.id], Rotation.z[b.id], Rotation.w[b.id]]
      return Math.hypot(...q.map((value, axis) => value - b.rotation[axis]))
    }
    expect(worst(bodies, rotationError)).toBeLessThan(1e-6)
  })
})

test('static bodies never move; kinematic ones follow their velocity and feel nothing', async () => {
  const physics = await makePhysics({ gravity: [0, -10, 0], longRange: { gravity: 1 } })
  addBody(physics, sphere([0, 5, 0], { attracts: true, mass: 1e3 }))
  const fixed = addBody(physics, sphere([9, 0, 0], { type: 'static', linearVelocity: [1, 2, 3] }))
  const lift = addBody(physics, sphere([-9, 0, 0], { type: 'kinematic', linearVelocity: [0, 3, 0] }))
  applyForce(physics, lift, [100, 0, 0])
  run(physics, 60)
  expect(positionOf(physics, fixed)).toEqual([9, 0, 0])
  expect(length(subtract(positionOf(physics, lift), [-9, 3, 0]))).toBeLessThan(1e-5)
  expect(velocityOf(physics, lift)).toEqual([0, 3, 0])
})

describe('applied forces', () => {
  test('last for one step, and add up within it', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0], { mass: 2 }))
    applyForce(physics, body, [60, 0, 0])
    applyForce(physics, body, [60, 0, 0])
    applyTorque(physics, body, [0, 0, 48])
    run(physics, 3)
    expect(velocityOf(physics, body)[0]).toBeCloseTo(1, 6)
    expect(spinOf(physics, body)[2]).toBeCloseTo(1, 6)
    const { Force, Torque } = physics.components
    expect([Force.x[body], Torque.z[body]]).toEqual([0, 0])
  })

  test('written into the column they act the same', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    physics.components.Force.y[body] = 60
    run(physics, 2)
    expect(velocityOf(physics, body)[1]).toBeCloseTo(1, 6)
  })

  test('an impulse changes the velocity by p/m at once, and the spin by r × p / I', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([1, 2, 3], { mass: 4 }))
    applyImpulse(physics, body, [8, 0, 0])
    applyImpulse(physics, body, [0, 4, 0], [2, 2, 3])
    run(physics, 1)
    expect(length(subtract(velocityOf(physics, body), [2, 1, 0]))).toBeLessThan(1e-6)
    // r = (1, 0, 0), p = (0, 4, 0): r × p = (0, 0, 4), I = 0.4 · 4 · 1 = 1.6
    expect(length(subtract(spinOf(physics, body), [0, 0, 2.5]))).toBeLessThan(1e-6)
  })
})

test('a spinning body turns by ω·t and its quaternion stays of unit length', async () => {
  const physics = await makePhysics()
  const body = addBody(physics, sphere([0, 0, 0], { angularVelocity: [0, 2, 0] }))
  run(physics, 600)
  const { Rotation } = physics.components
  const angle = 2 * Math.atan2(Rotation.y[body], Rotation.w[body])
  // The turn of one step is 2·atan(ω dt / 2), which is ω dt to 1e-4.
  const expected = 600 * 2 * Math.atan(DT)
  expect(Math.sin((angle - expected) / 2)).toBeCloseTo(0, 4)
  expect(Math.hypot(Rotation.x[body], Rotation.y[body], Rotation.z[body], Rotation.w[body])).toBeCloseTo(1, 6)
})

test('a fall is the parabola, whatever the step', async () => {
  for (const dt of [1 / 10, 1 / 60, 1 / 240]) {
    const physics = await makePhysics({ gravity: [0, -10, 0] })
    const body = addBody(physics, sphere([0, 0, 0], { linearVelocity: [3, 20, 0] }))
    run(physics, Math.round(3 / dt), dt)
    const expected = addScaled(scale([3, 20, 0], 3), [0, -10, 0], 4.5)
    expect(length(subtract(positionOf(physics, body), expected))).toBeLessThan(2e-4)
  }
})
