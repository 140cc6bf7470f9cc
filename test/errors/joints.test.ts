/** Joints that are refused: the code, the message, and a world that is as it was. */
import {
  addBody,
  addJoint,
  isBroken,
  isJoint,
  type JointDesc,
  jointAngle,
  jointCount,
  jointForce,
  jointGap,
  jointTorque,
  jointTranslation,
  type Physics,
  type PhysicsErrorCode,
  removeBody,
  removeJoint,
  setJointLimits,
  setJointMotor,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { makePhysics, run, sphere } from '../physics/harness.ts'
import { expectUnchanged } from './expect-error.ts'

const NAN = Number.NaN
const call = 'addJoint'

async function pair(): Promise<{ physics: Physics; a: number; b: number }> {
  const physics = await makePhysics()
  return { physics, a: addBody(physics, sphere([0, 0, 0])), b: addBody(physics, sphere([3, 0, 0])) }
}

/** What is wrong: fields laid over a good hinge, the field that the message names, the code. */
const BAD: [wrong: object, field: string, code: PhysicsErrorCode][] = [
  [{ type: 'weld' }, 'type', 'E_RANGE'],
  [{ type: 'toString' }, 'type', 'E_RANGE'],
  [{ type: undefined }, 'type', 'E_RANGE'],
  [{ anchor: undefined }, 'anchor', 'E_RANGE'],
  [{ anchor: [NAN, 0, 0] }, 'anchor', 'E_NOT_FINITE'],
  [{ anchor: [0, 0] }, 'anchor', 'E_RANGE'],
  [{ anchor: [1e30, 0, 0] }, 'anchor', 'E_RANGE'],
  [{ anchorA: [0, Infinity, 0] }, 'anchorA', 'E_NOT_FINITE'],
  [{ axis: undefined }, 'axis', 'E_RANGE'],
  [{ axis: [0, 0, 0] }, 'axis', 'E_RANGE'],
  [{ axis: [0, NAN, 0] }, 'axis', 'E_NOT_FINITE'],
  [{ axisB: [0, 0, 0] }, 'axisB', 'E_RANGE'],
  [{ limits: [1, 0] }, 'limits', 'E_RANGE'],
  [{ limits: [NAN, 1] }, 'limits', 'E_NOT_FINITE'],
  [{ limits: [-7, 0] }, 'limits', 'E_RANGE'],
  [{ limits: [-4, 4] }, 'limits', 'E_RANGE'],
  [{ limits: [0] }, 'limits', 'E_RANGE'],
  [{ limits: 1 }, 'limits', 'E_RANGE'],
  [{ motor: {} }, 'motor', 'E_RANGE'],
  [{ motor: { speed: 1, target: 1, hertz: 1 } }, 'motor', 'E_RANGE'],
  [{ motor: { speed: NAN } }, 'motor.speed', 'E_NOT_FINITE'],
  [{ motor: { speed: 1, max: -1 } }, 'motor.max', 'E_RANGE'],
  [{ motor: { target: 1, hertz: 0 } }, 'motor.hertz', 'E_RANGE'],
  [{ motor: { target: 1 } }, 'motor.hertz', 'E_NOT_FINITE'],
  [{ spring: { hertz: -1 } }, 'spring.hertz', 'E_RANGE'],
  [{ spring: { hertz: 1, dampingRatio: -1 } }, 'spring.dampingRatio', 'E_RANGE'],
  [{ spring: 3 }, 'spring', 'E_RANGE'],
  [{ breakForce: -1 }, 'breakForce', 'E_RANGE'],
  [{ breakTorque: NAN }, 'breakTorque', 'E_NOT_FINITE'],
  [{ type: 'distance', length: [2, 1] }, 'length', 'E_RANGE'],
  [{ type: 'distance', length: [-1, 1] }, 'length', 'E_RANGE'],
  [{ type: 'ball', swing: 4 }, 'swing', 'E_RANGE'],
  [{ type: 'ball', swing: NAN }, 'swing', 'E_NOT_FINITE'],
  [{ type: 'ball', twist: [-4, 0] }, 'twist', 'E_RANGE'],
]

describe('addJoint refuses', () => {
  for (const [wrong, field, code] of BAD) {
    test(`${JSON.stringify(wrong, (_, v) => (Number.isNaN(v) ? 'NaN' : (v ?? null)))}`, async () => {
      const { physics, a, b } = await pair()
      const good: JointDesc = { type: 'hinge', a, b, anchor: [1.5, 0, 0], axis: [0, 0, 1] }
      expectUnchanged(physics, code, { call, field }, () => addJoint(physics, { ...good, ...wrong } as JointDesc))
      expect(jointCount(physics)).toBe(0)
    })
  }

  test('a body with itself', async () => {
    const { physics, a } = await pair()
    const desc: JointDesc = { type: 'ball', a, b: a, anchor: [0, 0, 0] }
    expectUnchanged(physics, 'E_RANGE', { call, field: 'b', value: a }, () => addJoint(physics, desc))
  })

  test('a removed body', async () => {
    const { physics, a, b } = await pair()
    removeBody(physics, b)
    const desc: JointDesc = { type: 'ball', a, b, anchor: [0, 0, 0] }
    expectUnchanged(physics, 'E_STALE_ENTITY', { call, entity: b }, () => addJoint(physics, desc))
  })

  test('two bodies of which none is dynamic', async () => {
    const physics = await makePhysics()
    const a = addBody(physics, sphere([0, 0, 0], { type: 'static' }))
    const b = addBody(physics, sphere([3, 0, 0], { type: 'kinematic' }))
    const desc: JointDesc = { type: 'ball', a, b, anchor: [0, 0, 0] }
    expectUnchanged(physics, 'E_RANGE', { call, field: 'b' }, () => addJoint(physics, desc))
  })

  test('more than its capacity, and takes more when there is room again', async () => {
    const physics = await makePhysics({ capacity: { joints: 2 } })
    const [a, b] = [addBody(physics, sphere([0, 0, 0])), addBody(physics, sphere([3, 0, 0]))]
    const desc: JointDesc = { type: 'ball', a, b, anchor: [0, 0, 0] }
    const [first] = [addJoint(physics, desc), addJoint(physics, desc)]
    expectUnchanged(physics, 'E_CAPACITY', { call, value: 2 }, () => addJoint(physics, desc))
    removeJoint(physics, first)
    expect(addJoint(physics, desc)).not.toBe(first)
    expect(jointCount(physics)).toBe(2)
  })
})

describe('a joint that is gone', () => {
  test('is refused by every call, also when its place is taken', async () => {
    const { physics, a, b } = await pair()
    const desc: JointDesc = { type: 'hinge', a, b, anchor: [1.5, 0, 0], axis: [0, 0, 1] }
    const old = addJoint(physics, desc)
    removeJoint(physics, old)
    const joint = addJoint(physics, desc)
    expect([isJoint(physics, old), isJoint(physics, joint)]).toEqual([false, true])
    const calls: Record<string, () => unknown> = {
      removeJoint: () => removeJoint(physics, old),
      setJointMotor: () => setJointMotor(physics, old, null),
      setJointLimits: () => setJointLimits(physics, old, {}),
      jointForce: () => jointForce(physics, old),
      jointTorque: () => jointTorque(physics, old),
      jointAngle: () => jointAngle(physics, old),
      jointTranslation: () => jointTranslation(physics, old),
      jointGap: () => jointGap(physics, old),
      isBroken: () => isBroken(physics, old),
    }
    for (const [name, act] of Object.entries(calls)) {
      expectUnchanged(physics, 'E_STALE_ENTITY', { call: name, field: 'joint', value: old }, act)
    }
  })

  test('and so is what is no joint', async () => {
    const { physics } = await pair()
    for (const id of [0, -1, 1.5, NAN, Infinity, 'x', undefined, 2 ** 60]) {
      expect(isJoint(physics, id as number)).toBe(false)
      expectUnchanged(physics, 'E_STALE_ENTITY', { call: 'removeJoint' }, () => removeJoint(physics, id as number))
    }
  })
})

test('motors, limits and readings that a kind does not have are refused', async () => {
  const { physics, a, b } = await pair()
  const ball = addJoint(physics, { type: 'ball', a, b, anchor: [0, 0, 0] })
  const refused = (name: string, act: () => unknown): void => expectUnchanged(physics, 'E_RANGE', { call: name }, act)
  refused('setJointMotor', () => setJointMotor(physics, ball, { speed: 1 }))
  refused('setJointLimits', () => setJointLimits(physics, ball, { limits: [0, 1] }))
  refused('setJointLimits', () => setJointLimits(physics, ball, { swing: 9 }))
  refused('jointTranslation', () => jointTranslation(physics, ball))
})

test('extremes that are allowed leave everything finite', async () => {
  const physics = await makePhysics({ gravity: [0, -9.81, 0] })
  const ends: JointDesc[] = []
  for (let k = 0; k < 8; k++) {
    const a = addBody(physics, { ...sphere([4 * k, 0, 0]), type: k % 2 ? 'static' : 'kinematic' })
    const b = addBody(physics, sphere([4 * k, 0, 0], { mass: k % 3 ? 1e-3 : 1e6 }))
    ends.push({ type: 'ball', a, b, anchor: [4 * k, 0, 0] })
  }
  const axis = [0, 0, 1]
  addJoint(physics, { ...ends[0], type: 'distance', length: [0, 0] })
  addJoint(physics, { ...ends[1], type: 'distance', length: [0, Infinity], spring: { hertz: 1e6 } })
  addJoint(physics, { ...ends[2], type: 'hinge', axis, limits: [0, 0], motor: { speed: 1e6 } })
  addJoint(physics, { ...ends[3], type: 'hinge', axis, motor: { speed: 1e3, max: 1e15 } })
  addJoint(physics, { ...ends[4], type: 'slider', axis, limits: [-1, 1], motor: { target: 1e6, hertz: 1e6 } })
  addJoint(physics, { ...ends[5], type: 'ball', swing: 0, twist: [0, 0] })
  addJoint(physics, { ...ends[6], type: 'fixed', spring: { hertz: 1e-6, dampingRatio: 1e6 } })
  addJoint(physics, { ...ends[7], type: 'fixed', anchor: [1e6, 0, 0] })
  run(physics, 120)
  const { Position, LinearVelocity, AngularVelocity, Rotation } = physics.components
  for (const desc of ends) {
    for (const column of [Position.x, Position.y, LinearVelocity.x, LinearVelocity.y, AngularVelocity.z, Rotation.w]) {
      expect(Number.isFinite(column[desc.b])).toBe(true)
    }
  }
})
