/** `precision: 'double'`: every call of the engine works in it as in single, and the state keeps what single loses. */
import { addComponent, addEntity, addPrefab, getComponent, IsA, set } from 'bitecs'
import {
  addBody,
  addEmitter,
  angularMomentum,
  applyForce,
  applyImpulse,
  applyTorque,
  type BodyDesc,
  castRay,
  centerOfMass,
  createPhysics,
  dispose,
  emitBurst,
  kineticEnergy,
  momentum,
  overlapSphere,
  type Physics,
  PhysicsError,
  type Precision,
  packInstances,
  particleCount,
  potentialEnergy,
  stateHash,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, makePhysics, positionOf, run, sphere, velocityOf } from '../physics/harness.ts'

const double = (options: Parameters<typeof makePhysics>[0] = {}): Promise<Physics> =>
  makePhysics({ ...options, precision: 'double' })

describe('the columns', () => {
  test('are 64-bit floats in double and 32-bit floats in single; what the GPU reads is 32-bit in both', async () => {
    const groups = { rock: 4 }
    for (const [precision, view] of [
      ['single', Float32Array],
      ['double', Float64Array],
    ] as const) {
      const physics = await makePhysics({ precision, instanceGroups: groups })
      const { Position, Mass, RigidBody, Scale } = physics.components
      expect(physics.backend.precision).toBe(precision)
      for (const column of [Position.x, Scale.y, Mass.value, RigidBody.radius]) expect(column).toBeInstanceOf(view)
      expect(RigidBody.flags).toBeInstanceOf(Uint32Array)
      expect(physics.instances.groups.rock.data).toBeInstanceOf(Float32Array)
      expect(physics.instances.particles.data).toBeInstanceOf(Float32Array)
    }
  })

  test('keep every digit of what addBody and set give', async () => {
    const physics = await double()
    const { world, components } = physics
    const { Position, Mass } = components
    const third = 1 / 3
    const body = addBody(physics, sphere([third, 1e7 + 1e-9, -third], { mass: third }))
    expect(positionOf(physics, body)).toEqual([third, 1e7 + 1e-9, -third])
    expect(Mass.value[body]).toBe(third)
    addComponent(world, body, set(Position, { x: 0.1, y: 0.2, z: 0.3 }))
    expect(getComponent(world, body, Position)).toEqual({ x: 0.1, y: 0.2, z: 0.3 })
  })

  test('come from a prefab as they are', async () => {
    const physics = await double()
    const { world, components } = physics
    const { Position, RigidBody } = components
    const rock = addPrefab(world)
    addComponent(world, rock, set(Position, { x: 0.1, y: 0.2, z: 0.3 }))
    addComponent(world, rock, set(RigidBody, { shape: { type: 'sphere', radius: 0.7 }, mass: 0.9, friction: 0.6 }))
    const body = addEntity(world)
    addComponent(world, body, IsA(rock))
    expect(positionOf(physics, body)).toEqual([0.1, 0.2, 0.3])
    expect([RigidBody.radius[body], RigidBody.friction[body]]).toEqual([0.7, 0.6])
    const before = stateHash(physics)
    Position.x[body] += 2 ** -55
    expect(stateHash(physics)).not.toBe(before)
  })
})

describe('calls', () => {
  test('forces, torques and impulses act with all digits', async () => {
    const physics = await double()
    const body = addBody(physics, sphere([0, 0, 0], { mass: 3 }))
    applyImpulse(physics, body, [1, 0, 0])
    expect(velocityOf(physics, body)[0]).toBe(1 / 3)
    applyForce(physics, body, [0, 1, 0])
    applyTorque(physics, body, [0, 0, 1])
    step(physics, DT)
    expect(velocityOf(physics, body)[1]).toBeCloseTo(DT / 3, 15)
    expect(physics.components.AngularVelocity.z[body]).toBeCloseTo(DT / 1.2, 15)
    expect(physics.components.Force.y[body]).toBe(0)
  })

  test('queries tell a nanometre at 10,000 km', async () => {
    const physics = await double()
    const far = 1e7
    const body = addBody(physics, sphere([far, 0, 0], { type: 'static' }))
    const out = new Uint32Array(4)
    expect(overlapSphere(physics, [far - 2 - 1e-8, 0, 0], 1, out)).toBe(0)
    expect(overlapSphere(physics, [far - 2 + 1e-8, 0, 0], 1, out)).toBe(1)
    const hit = castRay(physics, [far - 3, 0, 0], [1, 0, 0], 10)
    expect(hit).toMatchObject({ entity: body, distance: 2, x: far - 1, nx: -1 })
    expect(castRay(physics, [far - 3, 1 + 1e-8, 0], [1, 0, 0], 10)).toBeNull()
  })

  test('measures have the digits of the state', async () => {
    const physics = await double({ longRange: { gravity: 1 } })
    addBody(physics, sphere([0.1, 0, 0], { linearVelocity: [0, 0.3, 0], attracts: true }))
    addBody(physics, sphere([-0.1, 10, 0], { mass: 2, linearVelocity: [0.7, 0, 0], attracts: true }))
    expect(kineticEnergy(physics)).toBeCloseTo(0.5 * 0.09 + 0.49, 15)
    expect(momentum(physics)).toEqual([1.4, 0.3, 0])
    expect(angularMomentum(physics)[2]).toBeCloseTo(0.03 - 14, 14)
    expect(centerOfMass(physics)[0]).toBeCloseTo(-0.1 / 3, 15)
    expect(potentialEnergy(physics)).toBeCloseTo(-2 / Math.sqrt(100.04), 15)
  })

  test('bursts and emitters feed particles, beside a body that they follow', async () => {
    const physics = await double()
    const body = addBody(physics, sphere([5, 0, 0], { linearVelocity: [3, 0, 0] }))
    const emission = { position: [0, 0, -1], speed: [0, 0], life: [9, 9], size: [1, 1], color: [1, 1, 1] } as const
    emitBurst(physics, { ...emission, count: 10 })
    addEmitter(physics, { ...emission, rate: 600, entity: body })
    step(physics, DT)
    packInstances(physics)
    expect(particleCount(physics)).toBeGreaterThanOrEqual(20)
    const { data } = physics.instances.particles
    expect([data[0], data[2]]).toEqual([0, -1])
    // Beside the body where the step found it or left it, moved on with its velocity.
    expect(Math.abs(data[8 * 12] - 5 - 3 * DT)).toBeLessThan(0.06)
    expect(data[8 * 12 + 2]).toBe(-1)
  })
})

describe('far from the origin', () => {
  const FAR: [number, number, number] = [1e7, -2e7, 3e7]

  test('packed instances relative to a near origin keep millimetres at 10,000 km and more', async () => {
    const physics = await double({ instanceGroups: { rock: 8 } })
    const [x, y, z] = FAR
    addBody(physics, sphere([x + 0.001, y + 0.25, z - 7.003], { instanceGroup: 'rock', linearVelocity: [0.06, 0, 0] }))
    packInstances(physics, { origin: FAR })
    const { data } = physics.instances.groups.rock
    const expected = [0.001, 0.25, -7.003]
    for (const [axis, value] of expected.entries()) expect(Math.abs(data[axis] - value)).toBeLessThan(1e-6)
    step(physics, DT)
    packInstances(physics, { origin: FAR })
    expect(Math.abs(data[0] - 0.002)).toBeLessThan(1e-6)
    packInstances(physics, { origin: FAR, alpha: 0 })
    expect(Math.abs(data[0] - 0.001)).toBeLessThan(1e-6)
  })

  test('a pair of spheres bounces there as it does at home', async () => {
    const courses: number[][] = []
    for (const [x, y, z] of [[0, 0, 0], FAR]) {
      const physics = await double()
      const a = addBody(physics, sphere([x, y, z], { linearVelocity: [1, 0, 0], restitution: 1, friction: 0 }))
      const b = addBody(physics, sphere([x + 3, y + 0.5, z], { restitution: 1, friction: 0 }))
      run(physics, 120)
      courses.push([...velocityOf(physics, a), ...velocityOf(physics, b)])
    }
    expect(courses[0][3]).toBeGreaterThan(0.4)
    for (const [k, value] of courses[1].entries()) expect(Math.abs(value - courses[0][k])).toBeLessThan(1e-6)
  })
})

/** What a call throws: code, field and message. */
function refusalOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    if (error instanceof PhysicsError) return [error.code, error.field, error.message]
    throw error
  }
  return undefined
}

test('bad input is refused alike in both precisions', async () => {
  const bad: ((physics: Physics) => unknown)[] = [
    (physics) => addBody(physics, sphere([Number.NaN, 0, 0])),
    (physics) => addBody(physics, sphere([1e39, 0, 0])),
    (physics) => addBody(physics, sphere([0, 0, 0], { mass: 0 })),
    (physics) => addBody(physics, sphere([0, 0, 0], { mass: 1e-50 })),
    (physics) => addBody(physics, sphere([0, 0, 0], { mass: 1e-30, shape: { type: 'sphere', radius: 1e-9 } })),
    (physics) => addBody(physics, sphere([0, 0, 0], { restitution: 2 })),
    (physics) => addBody(physics, { shape: { type: 'box' } } as unknown as BodyDesc),
    (physics) => step(physics, -1),
    (physics) => step(physics, 2),
    (physics) => applyForce(physics, 77, [0, 0, 0]),
    (physics) => applyForce(physics, addBody(physics, sphere([0, 0, 0])), [Infinity, 0, 0]),
    (physics) => castRay(physics, [0, 0, 0], [0, 0, 0], 1),
    (physics) => addComponent(physics.world, addEntity(physics.world), set(physics.components.Mass, { value: -1 })),
    (physics) => [dispose(physics), step(physics, DT)],
  ]
  const refusals: unknown[][] = []
  for (const precision of ['single', 'double'] as const) {
    const physics = await makePhysics({ precision })
    refusals.push(bad.map((act) => refusalOf(() => act(physics))))
  }
  for (const refusal of refusals[0]) expect(refusal).toBeDefined()
  expect(refusals[1]).toEqual(refusals[0])
})

test('any other precision is refused', async () => {
  await expect(createPhysics({ precision: 'half' as Precision })).rejects.toMatchObject({ code: 'E_RANGE' })
})
