/** Bodies, forces, queries and particles that are refused: the code, the message, and a world that is as it was. */

import { getAllEntities } from 'bitecs'
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
  emitBurst,
  generation,
  isAlive,
  overlapSphere,
  type Physics,
  type PhysicsErrorCode,
  packInstances,
  particleCount,
  removeBody,
  removeEmitter,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, makePhysics, run, sphere } from '../physics/harness.ts'
import { expectUnchanged } from './expect-error.ts'

const NAN = Number.NaN

type Row = [field: string, value: unknown, code: PhysicsErrorCode]

const BAD_FIELDS: Row[] = [
  ['position', [0, NAN, 0], 'E_NOT_FINITE'],
  ['position', [0, 0, -Infinity], 'E_NOT_FINITE'],
  ['position', [1e39, 0, 0], 'E_NOT_FINITE'],
  ['position', [0, 0], 'E_RANGE'],
  ['position', 'here', 'E_RANGE'],
  ['rotation', [NAN, 0, 0, 1], 'E_NOT_FINITE'],
  ['rotation', [0, 0, 0, 0], 'E_RANGE'],
  ['rotation', [0, 0, 0], 'E_RANGE'],
  ['linearVelocity', [Infinity, 0, 0], 'E_NOT_FINITE'],
  ['angularVelocity', [0, NAN, 0], 'E_NOT_FINITE'],
  ['mass', NAN, 'E_NOT_FINITE'],
  ['mass', Infinity, 'E_NOT_FINITE'],
  ['mass', 0, 'E_RANGE'],
  ['mass', -2, 'E_RANGE'],
  ['mass', '5', 'E_NOT_FINITE'],
  ['mass', 1e-50, 'E_RANGE'],
  ['density', 0, 'E_RANGE'],
  ['density', NAN, 'E_NOT_FINITE'],
  ['charge', Infinity, 'E_NOT_FINITE'],
  ['friction', -0.1, 'E_RANGE'],
  ['friction', NAN, 'E_NOT_FINITE'],
  ['restitution', -0.1, 'E_RANGE'],
  ['restitution', 1.1, 'E_RANGE'],
  ['restitution', NAN, 'E_NOT_FINITE'],
  ['linearDamping', -1, 'E_RANGE'],
  ['angularDamping', NAN, 'E_NOT_FINITE'],
  ['gravityScale', Infinity, 'E_NOT_FINITE'],
  ['group', -1, 'E_RANGE'],
  ['group', 2 ** 32, 'E_RANGE'],
  ['mask', 1.5, 'E_RANGE'],
  ['scale', NAN, 'E_NOT_FINITE'],
  ['tint', NAN, 'E_NOT_FINITE'],
  ['type', 'frozen', 'E_RANGE'],
  ['instanceGroup', 'nobody', 'E_RANGE'],
  ['shape', { type: 'sphere', radius: 0 }, 'E_RANGE'],
  ['shape', { type: 'sphere', radius: -1 }, 'E_RANGE'],
  ['shape', { type: 'sphere', radius: NAN }, 'E_NOT_FINITE'],
  ['shape', { type: 'sphere', radius: 1e-60 }, 'E_RANGE'],
  ['shape', { type: 'sphere', radius: 1e30 }, 'E_NOT_FINITE'],
  ['shape', { type: 'sphere' }, 'E_NOT_FINITE'],
  ['shape', undefined, 'E_UNSUPPORTED'],
  ['shape', null, 'E_UNSUPPORTED'],
  ['shape', { type: 'plane', normal: [0, 0, 0], offset: 0 }, 'E_RANGE'],
  ['shape', { type: 'plane', normal: [0, NAN, 0], offset: 0 }, 'E_NOT_FINITE'],
  ['shape', { type: 'plane', normal: [0, 1, 0], offset: NAN }, 'E_NOT_FINITE'],
  ['shape', { type: 'plane', normal: [0, 1], offset: 0 }, 'E_RANGE'],
]

/** A world with some life in it, so that a change would show. */
async function livelyWorld(): Promise<{ physics: Physics; body: number }> {
  const physics = await makePhysics({ gravity: [0, -9.81, 0] })
  addBody(physics, sphere([0, 0, 0], { type: 'static' }))
  const body = addBody(physics, sphere([0, 2.5, 0]))
  emitBurst(physics, { position: [0, 0, 0], count: 9, speed: [1, 2], life: [5, 9], size: [1, 1], color: [1, 1, 1] })
  run(physics, 30)
  return { physics, body }
}

describe('addBody refuses', () => {
  test.each(BAD_FIELDS)('%s = %j: %s', async (field, value, code) => {
    const { physics } = await livelyWorld()
    const base = field === 'shape' ? { mass: undefined } : {}
    const desc = { ...sphere([5, 5, 5]), ...base, [field]: value } as BodyDesc
    const entities = getAllEntities(physics.world).length
    // A radius whose mass overflows is refused for its mass.
    const named = field === 'shape' ? undefined : field
    expectUnchanged(physics, code, { call: 'addBody', field: named }, () => addBody(physics, desc))
    expect(bodyCount(physics)).toBe(2)
    expect(getAllEntities(physics.world)).toHaveLength(entities)
  })

  test('a plane that moves', async () => {
    const { physics } = await livelyWorld()
    const shape = { type: 'plane', normal: [0, 1, 0], offset: 0 } as const
    for (const type of ['dynamic', 'kinematic'] as const) {
      expectUnchanged(physics, 'E_RANGE', { call: 'addBody', field: 'type' }, () => addBody(physics, { type, shape }))
    }
  })

  test('the 65th plane', async () => {
    const { physics } = await livelyWorld()
    const plane: BodyDesc = { shape: { type: 'plane', normal: [0, 1, 0], offset: -100 } }
    for (let i = 0; i < 64; i++) addBody(physics, plane)
    expectUnchanged(physics, 'E_CAPACITY', { call: 'addBody' }, () => addBody(physics, plane))
  })

  test('the value is in the message', async () => {
    const { physics } = await livelyWorld()
    const refusal = { call: 'addBody', field: 'mass', value: -2 }
    expectUnchanged(physics, 'E_RANGE', refusal, () => addBody(physics, sphere([0, 0, 0], { mass: -2 })))
  })
})

describe('addBodies refuses as a whole', () => {
  test('a list with one bad body in the middle adds none', async () => {
    const { physics } = await livelyWorld()
    const list = [sphere([9, 0, 0]), sphere([12, 0, 0], { mass: -1 }), sphere([15, 0, 0])]
    expectUnchanged(physics, 'E_RANGE', { call: 'addBodies', field: 'mass', value: -1 }, () => addBodies(physics, list))
    expect(bodyCount(physics)).toBe(2)
  })

  test('a fill that goes wrong on the way adds none', async () => {
    const { physics } = await livelyWorld()
    const refusal = { call: 'addBodies', field: 'position' }
    expectUnchanged(physics, 'E_NOT_FINITE', refusal, () =>
      addBodies(physics, 5, (i, desc) => {
        desc.position = [i === 3 ? NAN : 10 * i, 9, 9]
      }),
    )
    expect(bodyCount(physics)).toBe(2)
  })

  test('a count that is no count', async () => {
    const { physics } = await livelyWorld()
    for (const [count, code] of [
      [-1, 'E_RANGE'],
      [1.5, 'E_RANGE'],
      [NAN, 'E_NOT_FINITE'],
    ] as const) {
      expectUnchanged(physics, code, { call: 'addBodies', field: 'count' }, () => addBodies(physics, count, () => {}))
    }
  })

  test('more than there is room for', async () => {
    const { physics } = await livelyWorld()
    const refusal = { call: 'addBodies', field: 'count', value: 5000 }
    expectUnchanged(physics, 'E_CAPACITY', refusal, () => addBodies(physics, 5000, () => {}))
  })
})

describe('capacity', () => {
  test('bodies: one fewer, exactly as many, one more', async () => {
    const physics = await makePhysics({ capacity: { entities: 64, bodies: 10 } })
    addBodies(physics, 9, () => {})
    const last = addBody(physics, sphere([9, 9, 9]))
    const refusal = { call: 'addBody', field: 'capacity.bodies', value: 10 }
    expectUnchanged(physics, 'E_CAPACITY', refusal, () => addBody(physics, sphere([0, 0, 0])))
    removeBody(physics, last)
    expect(isAlive(physics, addBody(physics, sphere([0, 0, 0])))).toBe(true)
  })

  test('entities: an id beyond the columns', async () => {
    const physics = await makePhysics({ capacity: { entities: 8, bodies: 7 } })
    addBodies(physics, 6, () => {})
    addBody(physics, sphere([0, 0, 0]))
    expect(bodyCount(physics)).toBe(7)
    expectUnchanged(physics, 'E_CAPACITY', { call: 'addBody' }, () => addBody(physics, sphere([0, 0, 0])))
  })

  test('emitters: full is an error, and a removed one makes room', async () => {
    const physics = await makePhysics({ capacity: { emitters: 2 } })
    const desc = { position: [0, 0, 0], speed: [1, 1], life: [1, 1], size: [1, 1], color: [1, 1, 1], rate: 1 } as const
    const first = addEmitter(physics, desc)
    addEmitter(physics, desc)
    expectUnchanged(physics, 'E_CAPACITY', { call: 'addEmitter', value: 2 }, () => addEmitter(physics, desc))
    removeEmitter(physics, first)
    addEmitter(physics, desc)
  })
})

describe('a stale entity', () => {
  const CALLS: Record<string, (physics: Physics, eid: number) => unknown> = {
    applyForce: (physics, eid) => applyForce(physics, eid, [1, 0, 0]),
    applyTorque: (physics, eid) => applyTorque(physics, eid, [1, 0, 0]),
    applyImpulse: (physics, eid) => applyImpulse(physics, eid, [1, 0, 0]),
    removeBody: (physics, eid) => removeBody(physics, eid),
    generation: (physics, eid) => generation(physics, eid),
  }

  test.each(Object.entries(CALLS))('%s refuses a removed body, and what never was one', async (call, act) => {
    const { physics, body } = await livelyWorld()
    removeBody(physics, body)
    for (const eid of [body, 0, 3000, 1e9, -1, 1.5, NAN]) {
      expect(isAlive(physics, eid)).toBe(false)
      expectUnchanged(physics, 'E_STALE_ENTITY', { call, field: 'entity', value: eid }, () => act(physics, eid))
    }
  })

  test('a generation tells a recycled id from the body that had it', async () => {
    const { physics, body } = await livelyWorld()
    const old = generation(physics, body)
    removeBody(physics, body)
    const again = addBody(physics, sphere([4, 4, 4]))
    expect(again).toBe(body)
    expect(isAlive(physics, body)).toBe(true)
    expect(isAlive(physics, body, old)).toBe(false)
    expect(isAlive(physics, body, generation(physics, again))).toBe(true)
  })

  test('an emitter that should follow it', async () => {
    const { physics, body } = await livelyWorld()
    removeBody(physics, body)
    const desc = { position: [0, 0, 0], speed: [1, 1], life: [1, 1], size: [1, 1], color: [1, 1, 1], rate: 1 } as const
    const refusal = { call: 'addEmitter', value: body }
    expectUnchanged(physics, 'E_STALE_ENTITY', refusal, () => addEmitter(physics, { ...desc, entity: body }))
  })
})

describe('forces and impulses', () => {
  test.each([
    ['applyForce', [NAN, 0, 0], 'E_NOT_FINITE'],
    ['applyTorque', [0, Infinity, 0], 'E_NOT_FINITE'],
    ['applyImpulse', [0, 0, 1e39], 'E_NOT_FINITE'],
    ['applyForce', [1, 2], 'E_RANGE'],
    ['applyTorque', undefined, 'E_RANGE'],
  ] as const)('%s(%j): %s', async (call, value, code) => {
    const { physics, body } = await livelyWorld()
    const act = { applyForce, applyTorque, applyImpulse }[call]
    expectUnchanged(physics, code, { call, entity: body }, () => act(physics, body, value as unknown as number[]))
  })

  test('an impulse at a point that is none', async () => {
    const { physics, body } = await livelyWorld()
    const refusal = { call: 'applyImpulse', entity: body, field: 'at' }
    expectUnchanged(physics, 'E_NOT_FINITE', refusal, () => applyImpulse(physics, body, [1, 0, 0], [NAN, 0, 0]))
  })
})

describe('steps', () => {
  test.each([
    [NAN, 'E_NOT_FINITE'],
    [Infinity, 'E_NOT_FINITE'],
    [-Infinity, 'E_NOT_FINITE'],
    [-1 / 60, 'E_RANGE'],
    [10, 'E_RANGE'],
    ['1', 'E_NOT_FINITE'],
    [undefined, 'E_NOT_FINITE'],
  ] as const)('step(%s): %s', async (dt, code) => {
    const { physics } = await livelyWorld()
    const value = String(dt)
    expectUnchanged(physics, code, { call: 'step', field: 'dt', value }, () => step(physics, dt as number))
  })

  test('advance with a time, a step or a limit that is none', async () => {
    const { physics } = await livelyWorld()
    const bad: [number, object, PhysicsErrorCode, string][] = [
      [NAN, {}, 'E_NOT_FINITE', 'elapsed'],
      [Infinity, {}, 'E_NOT_FINITE', 'elapsed'],
      [0.1, { fixedDt: 0 }, 'E_RANGE', 'fixedDt'],
      [0.1, { fixedDt: NAN }, 'E_NOT_FINITE', 'fixedDt'],
      [0.1, { maxSteps: 0 }, 'E_RANGE', 'maxSteps'],
      [0.1, { maxSteps: 1.5 }, 'E_RANGE', 'maxSteps'],
    ]
    for (const [elapsed, options, code, field] of bad) {
      expectUnchanged(physics, code, { call: 'advance', field }, () => advance(physics, elapsed, options))
    }
  })
})

describe('queries and packing', () => {
  test('a ball, a ray, an origin that are none', async () => {
    const { physics } = await livelyWorld()
    const out = new Uint32Array(4)
    const bad: [PhysicsErrorCode, string, string, () => unknown][] = [
      ['E_NOT_FINITE', 'overlapSphere', 'center', () => overlapSphere(physics, [NAN, 0, 0], 1, out)],
      ['E_RANGE', 'overlapSphere', 'radius', () => overlapSphere(physics, [0, 0, 0], -1, out)],
      ['E_NOT_FINITE', 'castRay', 'origin', () => castRay(physics, [0, Infinity, 0], [1, 0, 0], 1)],
      ['E_RANGE', 'castRay', 'direction', () => castRay(physics, [0, 0, 0], [0, 0, 0], 1)],
      ['E_RANGE', 'castRay', 'maxDistance', () => castRay(physics, [0, 0, 0], [1, 0, 0], -1)],
      ['E_NOT_FINITE', 'packInstances', 'origin', () => packInstances(physics, { origin: [NAN, 0, 0] })],
      ['E_RANGE', 'packInstances', 'alpha', () => packInstances(physics, { alpha: 1.5 })],
      ['E_NOT_FINITE', 'packInstances', 'alpha', () => packInstances(physics, { alpha: NAN })],
    ]
    for (const [code, call, field, act] of bad) expectUnchanged(physics, code, { call, field }, act)
  })
})

describe('particles', () => {
  const good = { position: [0, 0, 0], speed: [1, 2], life: [1, 2], size: [1, 1], color: [1, 1, 1] } as const
  const BAD: Row[] = [
    ['position', [NAN, 0, 0], 'E_NOT_FINITE'],
    ['velocity', [0, 0], 'E_RANGE'],
    ['direction', [0, Infinity, 0], 'E_NOT_FINITE'],
    ['speed', [2, 1], 'E_RANGE'],
    ['speed', [1], 'E_RANGE'],
    ['life', [0, 1], 'E_RANGE'],
    ['life', [1, NAN], 'E_NOT_FINITE'],
    ['size', [-1, 1], 'E_RANGE'],
    ['color', [1, 1], 'E_RANGE'],
    ['color', [-1, 1, 1], 'E_RANGE'],
    ['spread', 4, 'E_RANGE'],
    ['drag', -1, 'E_RANGE'],
    ['gravityScale', NAN, 'E_NOT_FINITE'],
    ['radius', -1, 'E_RANGE'],
  ]

  test.each(BAD)('%s = %j: %s, in bursts and emitters', async (field, value, code) => {
    const { physics } = await livelyWorld()
    const count = particleCount(physics)
    const desc = { ...good, [field]: value } as unknown as typeof good
    expectUnchanged(physics, code, { call: 'emitBurst', field }, () => emitBurst(physics, { ...desc, count: 5 }))
    expectUnchanged(physics, code, { call: 'addEmitter', field }, () => addEmitter(physics, { ...desc, rate: 60 }))
    step(physics, DT)
    expect(particleCount(physics)).toBe(count)
  })

  test('counts, rates and emitters that are none', async () => {
    const { physics } = await livelyWorld()
    const bad: [PhysicsErrorCode, string, string, () => unknown][] = [
      ['E_RANGE', 'emitBurst', 'count', () => emitBurst(physics, { ...good, count: -1 })],
      ['E_RANGE', 'emitBurst', 'count', () => emitBurst(physics, { ...good, count: 0.5 })],
      ['E_NOT_FINITE', 'emitBurst', 'count', () => emitBurst(physics, { ...good, count: NAN })],
      ['E_RANGE', 'addEmitter', 'rate', () => addEmitter(physics, { ...good, rate: -1 })],
      ['E_RANGE', 'removeEmitter', 'id', () => removeEmitter(physics, 7)],
      ['E_RANGE', 'removeEmitter', 'id', () => removeEmitter(physics, NAN)],
    ]
    for (const [code, call, field, act] of bad) expectUnchanged(physics, code, { call, field }, act)
  })

  test('a burst far larger than the pool fills it and counts the rest', async () => {
    const { physics } = await livelyWorld()
    emitBurst(physics, { ...good, count: 1e7 })
    step(physics, DT)
    expect(particleCount(physics)).toBe(physics.capacity.particles)
  })
})
