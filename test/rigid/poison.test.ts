/** Garbage in any column of a body with a shape: it is left out, and all others are bit for bit as if it were not there. */
import { addBodies, addBody, type BodyDesc, frameStats, type Physics, removeBody, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { columnsOf, expectSameColumns } from '../errors/expect-error.ts'
import { expectSameGarbage, lane } from '../errors/garbage.ts'
import { between, createRandom, DT, inCube, run } from '../physics/harness.ts'
import { addFloor, rigidWorld, stone } from './rigid.ts'

const LANES = [
  'Position.x',
  'Position.z',
  'Rotation.x',
  'Rotation.w',
  'LinearVelocity.y',
  'AngularVelocity.x',
  'AngularVelocity.z',
  'Mass.value',
  'RigidBody.radius',
  'RigidBody.friction',
  'RigidBody.restitution',
  'RigidBody.rollingResistance',
  'RigidBody.linearDamping',
  'RigidBody.angularDamping',
  'RigidBody.gravityScale',
  'Force.y',
  'Torque.x',
]

const COUNT = 60
const HULL = { type: 'hull', points: stone(6, 0.45) } as const
const CROSS = {
  type: 'compound',
  children: [
    { shape: { type: 'box', halfExtents: [0.5, 0.15, 0.15] } },
    { shape: { type: 'capsule', radius: 0.15, halfHeight: 0.4 } },
  ],
} as const
const SHAPES: BodyDesc['shape'][] = [
  { type: 'box', halfExtents: [0.4, 0.3, 0.35] },
  { type: 'capsule', radius: 0.25, halfHeight: 0.3 },
  HULL,
  CROSS,
  { type: 'sphere', radius: 0.4 },
]

/** A heap that touches, with a few bullets, after some steps. */
async function heap(seed: number): Promise<{ physics: Physics; bodies: Uint32Array }> {
  const physics = await rigidWorld()
  addFloor(physics, 'box')
  const random = createRandom(seed)
  const bodies = addBodies(
    physics,
    Array.from(
      { length: COUNT },
      (_, i): BodyDesc => ({
        shape: SHAPES[i % SHAPES.length],
        mass: 1,
        position: [(i % 4) - 1.5 + between(random, -0.1, 0.1), 0.6 + Math.floor(i / 16), (Math.floor(i / 4) % 4) - 1.5],
        angularVelocity: inCube(random, 2),
        bullet: i % 20 === 19,
      }),
    ),
  )
  run(physics, 25)
  return { physics, bodies }
}

function without(physics: Physics, eid: number): ReturnType<typeof columnsOf> {
  const columns = columnsOf(physics)
  for (const column of Object.values(columns)) column[eid] = 0
  // Indices into the table of shapes count references: a removed body gives its own back.
  return columns
}

describe.each(LANES)('%s', (name) => {
  test.each([Number.NaN, Infinity])('%f: quarantined; the others are as if it were removed', async (value) => {
    const index = LANES.indexOf(name) % SHAPES.length
    const [sick, well] = [await heap(3), await heap(3)]
    const eid = sick.bodies[20 + index]
    lane(sick.physics, name)[eid] = value
    removeBody(well.physics, eid)
    const once = name.startsWith('Force') || name.startsWith('Torque')
    for (let i = 0; i < (once ? 1 : 15); i++) {
      step(sick.physics, DT)
      step(well.physics, DT)
      expect(frameStats(sick.physics).quarantined).toBe(1)
    }
    expectSameColumns(without(sick.physics, eid), without(well.physics, eid))
  })
})

test('a rotation of length 0 or far from 1 does no harm to others', async () => {
  for (const scale of [0, 1e-30, 1e30]) {
    const { physics, bodies } = await heap(4)
    const { Rotation, Position } = physics.components
    for (const axis of ['x', 'y', 'z', 'w'] as const) Rotation[axis][bodies[7]] *= scale
    run(physics, 30)
    for (const eid of bodies) if (eid !== bodies[7]) expect(Number.isFinite(Position.y[eid])).toBe(true)
  }
})

test('a shape index that does not exist does no harm to others, and does not trap', async () => {
  for (const value of [0, 4095, 0xffff_ffff]) {
    const { physics, bodies } = await heap(5)
    const { RigidBody, Position } = physics.components
    RigidBody.shape[bodies[8]] = value
    run(physics, 10)
    for (const eid of bodies) if (eid !== bodies[8]) expect(Number.isFinite(Position.y[eid])).toBe(true)
  }
})

test('garbage in random lanes of shaped bodies for 200 steps: it never hangs, and the hash is the same twice', async () => {
  await expectSameGarbage(LANES, 200, () => heap(6))
})

test('a body that is sick and comes back lands on the heap again', async () => {
  const { physics, bodies } = await heap(7)
  const { Position } = physics.components
  const eid = bodies[0]
  Position.y[eid] = Number.NaN
  run(physics, 5)
  expect(frameStats(physics).quarantined).toBe(1)
  Position.y[eid] = 12
  run(physics, 240)
  expect(frameStats(physics).quarantined).toBe(0)
  expect(Position.y[eid]).toBeLessThan(6)
  expect(Position.y[eid]).toBeGreaterThan(0)
  expect(addBody(physics, { shape: HULL, position: [0, 50, 0] })).toBeGreaterThan(0)
})
