/** Friction of balls and hinges: holds what it can bear, brakes what it cannot, and brings limp bodies to rest. */
import { addJoint, isAsleep, jointTorque } from 'manybody'
import { expect, test } from 'vitest'
import { createRagdolls } from '../../examples/ragdolls/scene.ts'
import { makePhysics, positionOf, run, spinOf } from './harness.ts'
import { bob, pivot } from './joint-harness.ts'

const EARTH = { gravity: [0, -9.81, 0] as [number, number, number] }

for (const type of ['ball', 'hinge'] as const) {
  test(`friction of a ${type} above the torque of gravity holds an arm, below it does not`, async () => {
    for (const [friction, holds] of [
      [12, true],
      [6, false],
    ] as const) {
      const physics = await makePhysics(EARTH)
      const ball = bob(physics, [1, 0, 0])
      const joint = addJoint(physics, {
        type,
        a: pivot(physics),
        b: ball,
        anchor: [0, 0, 0],
        axis: [0, 0, 1],
        friction,
      })
      run(physics, 60)
      const [, y] = positionOf(physics, ball)
      if (holds) {
        expect(Math.abs(y)).toBeLessThan(0.02)
        expect(Math.abs(jointTorque(physics, joint)[2]!)).toBeCloseTo(9.81, 0)
      } else expect(y).toBeLessThan(-0.5)
    }
  })
}

test('friction takes its torque times the way out of a spinning wheel', async () => {
  const physics = await makePhysics({ gravity: [0, 0, 0] })
  const wheel = bob(physics, [0, 0, 0], { angularVelocity: [0, 0, 10], angularDamping: 0 })
  addJoint(physics, { type: 'hinge', a: pivot(physics), b: wheel, anchor: [0, 0, 0], axis: [0, 0, 1], friction: 0.05 })
  // I = ⅖ m r² = 0.016: ω falls by 0.05/0.016 in a second.
  run(physics, 60)
  expect(spinOf(physics, wheel)[2]).toBeCloseTo(10 - 0.05 / 0.016, 2)
  run(physics, 300)
  expect(Math.abs(spinOf(physics, wheel)[2]!)).toBeLessThan(1e-4)
})

test('friction is a number that is not negative', async () => {
  const physics = await makePhysics(EARTH)
  const base = { type: 'ball' as const, a: pivot(physics), b: bob(physics, [1, 0, 0]), anchor: [0, 0, 0] }
  for (const friction of [-1, Number.NaN, Infinity]) {
    expect(() => addJoint(physics, { ...base, friction })).toThrow(/friction/)
  }
})

test('ragdolls on stairs are asleep after 10 s', async () => {
  // Four falls with ends of their own: without friction 3 to 14 of 16 sleep by then.
  let asleep = 0
  for (let k = 0; k < 4; k++) {
    const { physics, dolls } = await createRagdolls({ gravity: [0, -9.81 - 0.003 * k, 0] })
    run(physics, 600)
    asleep += dolls.filter((doll) => isAsleep(physics, doll[0]!)).length
  }
  expect(asleep).toBeGreaterThanOrEqual(60)
})
