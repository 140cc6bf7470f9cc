/** Any calls in any order with any values: every refusal is a PhysicsError, nothing traps or hangs, and a bystander is left alone. */

import fc from 'fast-check'
import {
  addBodies,
  addBody,
  addEmitter,
  advance,
  applyForce,
  applyImpulse,
  applyTorque,
  type BodyDesc,
  bodyCount,
  castRay,
  clearParticles,
  createPhysics,
  dispose,
  emitBurst,
  frameStats,
  kineticEnergy,
  overlapSphere,
  type Physics,
  PhysicsError,
  packInstances,
  particleCount,
  potentialEnergy,
  removeBody,
  removeEmitter,
  stateHash,
  step,
} from 'manybody'
import { expect, test } from 'vitest'
import { PRECISION } from '../physics/harness.ts'

const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -20, max: 20, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      -0,
      1e-45,
      1e-30,
      1e9,
      -1e20,
      3.4e38,
      -3.4e38,
      1e300,
      Number.NaN,
      Infinity,
      -Infinity,
    ),
  },
)
const vector = fc.tuple(number, number, number)
const positive = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: 0.1, max: 3, noNaN: true }) },
  { weight: 1, arbitrary: number },
)
const flag = fc.boolean()

const body = fc.record(
  {
    type: fc.constantFrom('dynamic', 'dynamic', 'kinematic', 'static'),
    position: vector,
    rotation: fc.tuple(number, number, number, number),
    linearVelocity: vector,
    angularVelocity: vector,
    mass: positive,
    charge: number,
    friction: positive,
    restitution: fc.double({ min: -0.1, max: 1, noNaN: true }),
    linearDamping: positive,
    gravityScale: number,
    attracts: flag,
    bullet: flag,
    sensor: flag,
    group: fc.constantFrom(1, 2, 3),
    mask: fc.constantFrom(1, 2, 7, 0),
    instanceGroup: fc.constantFrom('rock', 'nobody'),
    shape: fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('sphere' as const), radius: positive }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('plane' as const), normal: vector, offset: number }) },
    ),
  },
  { requiredKeys: ['shape', 'position'] },
) as fc.Arbitrary<BodyDesc>

const emission = fc.record({
  position: vector,
  direction: vector,
  speed: fc.tuple(number, number),
  life: fc.tuple(positive, positive),
  size: fc.tuple(positive, positive),
  color: vector,
})
const range = ([a, b]: [number, number]): [number, number] => (a < b ? [a, b] : [b, a])
const tidy = <T extends { speed: [number, number]; life: [number, number]; size: [number, number] }>(e: T): T => ({
  ...e,
  speed: range(e.speed),
  life: range(e.life),
  size: range(e.size),
})

type Command = (physics: Physics) => unknown

const eid = fc.nat(40)
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: body.map(
      (desc): Command =>
        (p) =>
          addBody(p, desc),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(body, { maxLength: 5 }).map(
      (list): Command =>
        (p) =>
          addBodies(p, list),
    ),
  },
  {
    weight: 3,
    arbitrary: eid.map(
      (e): Command =>
        (p) =>
          removeBody(p, e + 2),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(1 / 60, 1 / 240, 0, 1).map(
      (dt): Command =>
        (p) =>
          step(p, dt),
    ),
  },
  {
    weight: 1,
    arbitrary: number.map(
      (dt): Command =>
        (p) =>
          step(p, dt),
    ),
  },
  {
    weight: 1,
    arbitrary: number.map(
      (dt): Command =>
        (p) =>
          advance(p, dt),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(eid, vector).map(
      ([e, v]): Command =>
        (p) =>
          applyForce(p, e + 2, v),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(eid, vector).map(
      ([e, v]): Command =>
        (p) =>
          applyTorque(p, e + 2, v),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(eid, vector, vector).map(
      ([e, v, at]): Command =>
        (p) =>
          applyImpulse(p, e + 2, v, at),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(emission, fc.nat(300)).map(
      ([e, count]): Command =>
        (p) =>
          emitBurst(p, { ...tidy(e), count }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(emission, positive).map(
      ([e, rate]): Command =>
        (p) =>
          addEmitter(p, { ...tidy(e), rate }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(6).map(
      (id): Command =>
        (p) =>
          removeEmitter(p, id),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Command>((p) => clearParticles(p)) },
  {
    weight: 1,
    arbitrary: fc.tuple(vector, vector, positive).map(
      ([o, d, far]): Command =>
        (p) =>
          castRay(p, o, d, far),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(vector, positive).map(
      ([c, r]): Command =>
        (p) =>
          overlapSphere(p, c, r, new Uint32Array(8)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(vector, number).map(
      ([origin, alpha]): Command =>
        (p) =>
          packInstances(p, { origin, alpha }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Command>((p) => [kineticEnergy(p), potentialEnergy(p), stateHash(p)]) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(eid, number, fc.constantFrom('Position', 'LinearVelocity', 'AngularVelocity', 'Force', 'Torque'))
      .map(
        ([e, value, name]): Command =>
          (p) => {
            ;(p.components as unknown as Record<string, { y: Float32Array }>)[name].y[e + 2] = value
          },
      ),
  },
)

test('20,000 commands', async () => {
  const capacity = { entities: 48, bodies: 40, particles: 500, contacts: 60, emitters: 4, hits: 8 }
  const longRange = { gravity: 1, coulomb: 1, softening: 0.1 }
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 150 }), async (commands) => {
      const physics = await createPhysics({
        capacity,
        longRange,
        gravity: [0, -9.81, 0],
        instanceGroups: { rock: 20 },
        precision: PRECISION,
      })
      const still: BodyDesc = { type: 'kinematic', position: [3, 4, 5], mask: 0, shape: { type: 'sphere', radius: 1 } }
      const bystander = addBody(physics, still)
      for (const act of commands) {
        try {
          act(physics)
        } catch (error) {
          if (!(error instanceof PhysicsError)) throw error
        }
      }
      step(physics, 1 / 60)
      const { Position, Rotation, Mass } = physics.components
      const row = [Position.x, Position.y, Position.z, Rotation.w, Mass.value].map((column) => column[bystander])
      expect(row.slice(0, 4)).toEqual([3, 4, 5, 1])
      expect(bodyCount(physics)).toBe(frameStats(physics).bodies)
      expect(particleCount(physics)).toBeLessThanOrEqual(500)
      dispose(physics)
    }),
    { numRuns: 240 },
  )
})
