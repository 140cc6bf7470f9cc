/** Joints against closed forms: periods, frequencies, limits, motors, forces. */
import {
  addBody,
  addJoint,
  brokenJoints,
  isBroken,
  isJoint,
  jointAngle,
  jointForce,
  jointGap,
  jointTorque,
  jointTranslation,
  removeBody,
  setJointLimits,
  setJointMotor,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, makePhysics, positionOf, run, spinOf, velocityOf } from './harness.ts'
import { bob, energyOf, pivot } from './joint-harness.ts'

const G = 9.81
const EARTH = { gravity: [0, -G, 0] as [number, number, number] }

/** Times at which `value` rises through zero. */
function risings(steps: number, value: () => number, advance: () => void): number[] {
  const times: number[] = []
  let before = value()
  for (let k = 0; k < steps; k++) {
    advance()
    const now = value()
    if (before < 0 && now >= 0) times.push((k - before / (now - before)) * DT)
    before = now
  }
  return times
}

describe('a pendulum', () => {
  test('has the period and keeps the energy of the closed form', async () => {
    const physics = await makePhysics(EARTH)
    const angle = 0.3
    const ball = bob(physics, [Math.sin(angle), -Math.cos(angle), 0])
    const joint = addJoint(physics, { type: 'ball', a: pivot(physics), b: ball, anchor: [0, 0, 0] })
    const start = energyOf(physics, ball, G)
    let gap = 0
    const { x } = physics.components.Position
    const times = risings(
      1200,
      () => x[ball],
      () => {
        step(physics, DT)
        gap = Math.max(gap, jointGap(physics, joint))
      },
    )
    const period = (times.at(-1)! - times[0]) / (times.length - 1)
    const exact = 2 * Math.PI * Math.sqrt((1 + 0.4 * 0.04) / G) * (1 + angle ** 2 / 16 + (11 * angle ** 4) / 3072)
    expect(times.length).toBeGreaterThan(8)
    expect(Math.abs(period / exact - 1)).toBeLessThan(1e-4)
    // The energy of its swing is 0.44 J.
    expect(Math.abs(energyOf(physics, ball, G) - start)).toBeLessThan(0.01)
    expect(gap).toBeLessThan(3e-4)
  })

  test('pulls at its pivot with its weight and the centripetal force', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [0, -2, 0], { linearVelocity: [3, 0, 0] })
    const joint = addJoint(physics, { type: 'distance', a: pivot(physics), b: ball, length: [2, 2] })
    run(physics, 1)
    expect(jointForce(physics, joint)[1]).toBeCloseTo(G + 9 / 2, 1)
  })

  test('two of them swing on without drift', async () => {
    const physics = await makePhysics(EARTH)
    const [a, b] = [bob(physics, [1, 0, 0]), bob(physics, [2, 0, 0])]
    const joints = [
      addJoint(physics, { type: 'ball', a: pivot(physics), b: a, anchor: [0, 0, 0] }),
      addJoint(physics, { type: 'ball', a, b, anchor: [1, 0, 0] }),
    ]
    const energy = (): number => energyOf(physics, a, G) + energyOf(physics, b, G)
    const start = energy()
    let gap = 0
    for (let k = 0; k < 600; k++) {
      step(physics, DT)
      for (const joint of joints) gap = Math.max(gap, jointGap(physics, joint))
    }
    expect(gap).toBeLessThan(0.02)
    // It falls by about 3 m: 30 J go to and fro.
    expect(Math.abs(energy() - start)).toBeLessThan(1.5)
  })
})

describe('a hinge', () => {
  test('stays on its axis, however it is thrown', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [1, 0, 0.5], { angularVelocity: [5, 9, 20] })
    const joint = addJoint(physics, { type: 'hinge', a: pivot(physics), b: ball, anchor: [0, 0, 0], axis: [0, 0, 1] })
    let [off, gap] = [0, 0]
    for (let k = 0; k < 300; k++) {
      step(physics, DT)
      const { Rotation } = physics.components
      // The turn beside z, of a rotation that should be about z alone.
      off = Math.max(off, 2 * Math.hypot(Rotation.x[ball], Rotation.y[ball]))
      gap = Math.max(gap, jointGap(physics, joint))
    }
    expect(off).toBeLessThan(2e-3)
    expect(gap).toBeLessThan(0.01)
  })

  test('stops at its limits and rests there', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [1, 0, 0])
    const limits = [-0.5, 0.3] as const
    const joint = addJoint(physics, {
      type: 'hinge',
      a: pivot(physics),
      b: ball,
      anchor: [0, 0, 0],
      axis: [0, 0, 1],
      limits,
    })
    let lowest = 0
    for (let k = 0; k < 240; k++) {
      step(physics, DT)
      lowest = Math.min(lowest, jointAngle(physics, joint))
    }
    expect(lowest).toBeGreaterThan(-0.505)
    expect(jointAngle(physics, joint)).toBeCloseTo(-0.5, 2)
    // The limit holds the weight at its arm.
    expect(jointTorque(physics, joint)[2]).toBeCloseTo(G * Math.cos(0.5), 1)
    setJointLimits(physics, joint, { limits: null })
    run(physics, 30)
    expect(jointAngle(physics, joint)).toBeLessThan(-0.8)
  })

  test('limits beyond half a turn', async () => {
    const physics = await makePhysics()
    const ball = bob(physics, [0, 0, 0], { angularVelocity: [0, 0, 6] })
    const hinge = { type: 'hinge', a: pivot(physics), b: ball, anchor: [0, 0, 0], axis: [0, 0, 1] } as const
    const joint = addJoint(physics, { ...hinge, limits: [0, 5] })
    let highest = 0
    for (let k = 0; k < 120; k++) {
      step(physics, DT)
      highest = Math.max(highest, jointAngle(physics, joint))
    }
    expect(highest).toBeGreaterThan(4.95)
    expect(highest).toBeLessThan(5.02)
    expect(Math.abs(spinOf(physics, ball)[2])).toBeLessThan(0.01)
  })

  test('a motor pushes with its torque until it has its speed', async () => {
    const physics = await makePhysics()
    const ball = bob(physics, [0, 0, 0], { shape: { type: 'sphere', radius: 0.5 } })
    const motor = { speed: 2, max: 0.1 }
    const joint = addJoint(physics, {
      type: 'hinge',
      a: pivot(physics),
      b: ball,
      anchor: [0, 0, 0],
      axis: [0, 1, 1],
      motor,
    })
    run(physics, 60)
    const inertia = 0.4 * 0.25
    expect(Math.hypot(...spinOf(physics, ball))).toBeCloseTo(0.1 / inertia, 3)
    expect(Math.hypot(...jointTorque(physics, joint))).toBeCloseTo(0.1, 4)
    run(physics, 120)
    expect(Math.hypot(...spinOf(physics, ball))).toBeCloseTo(2, 4)
    setJointMotor(physics, joint, null)
    run(physics, 10)
    expect(Math.hypot(...spinOf(physics, ball))).toBeCloseTo(2, 4)
  })

  test('a servo goes to its angle and holds it against a load', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [1, 0, 0])
    const motor = { target: 1, hertz: 4, dampingRatio: 0.5 }
    const a = pivot(physics)
    const joint = addJoint(physics, { type: 'hinge', a, b: ball, anchor: [0, 0, 0], axis: [0, 0, 1], motor })
    run(physics, 240)
    // A spring of k = I (2π·4)² gives way by m g cos θ / k; sub-steps make a damped one stiffer by ζωh, here 5 %.
    const give = (G * Math.cos(1)) / ((1 + 0.4 * 0.04) * (8 * Math.PI) ** 2)
    expect((1 - jointAngle(physics, joint)) / give).toBeGreaterThan(0.93)
    expect((1 - jointAngle(physics, joint)) / give).toBeLessThan(1.01)
  })
})

describe('a slider', () => {
  test('falls freely along its axis and nowhere else, and stops at its limit', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [0.3, 0, 0])
    const joint = addJoint(physics, {
      type: 'slider',
      a: pivot(physics),
      b: ball,
      anchor: [0, 0, 0],
      axis: [0, 1, 0],
      limits: [-2, 1],
    })
    run(physics, 30)
    expect(jointTranslation(physics, joint)).toBeCloseTo(-0.5 * G * 0.25, 1)
    run(physics, 60)
    expect(jointTranslation(physics, joint)).toBeCloseTo(-2, 2)
    expect(jointGap(physics, joint)).toBeLessThan(1e-3)
    expect(Math.hypot(...spinOf(physics, ball))).toBeLessThan(1e-3)
    expect(jointForce(physics, joint)[1]).toBeCloseTo(G, 2)
  })

  test('a motor has its largest force, and lifts what is lighter', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [0, 0, 0], { mass: 2 })
    const slider = { type: 'slider', a: pivot(physics), b: ball, anchor: [0, 0, 0], axis: [0, 1, 0] } as const
    const joint = addJoint(physics, { ...slider, motor: { speed: 1, max: 30 } })
    run(physics, 6)
    expect(velocityOf(physics, ball)[1]).toBeCloseTo((30 / 2 - G) * 0.1, 3)
    run(physics, 60)
    expect(velocityOf(physics, ball)[1]).toBeCloseTo(1, 4)
    expect(jointForce(physics, joint)[1]).toBeCloseTo(2 * G, 2)
  })
})

describe('a distance', () => {
  test('a rope is slack, then taut', async () => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [0, -0.5, 0])
    const joint = addJoint(physics, { type: 'distance', a: pivot(physics), b: ball, length: [0, 2] })
    run(physics, 18)
    expect(velocityOf(physics, ball)[1]).toBeCloseTo(-G * 0.3, 2)
    expect(Math.hypot(...jointForce(physics, joint))).toBe(0)
    run(physics, 120)
    expect(jointTranslation(physics, joint)).toBeCloseTo(2, 2)
    expect(jointForce(physics, joint)[1]).toBeCloseTo(G, 2)
  })

  for (const [hertz, dampingRatio] of [
    [1, 0],
    [3, 0.05],
    [0.5, 1],
    [2, 2],
  ]) {
    test(`a spring of ${hertz} Hz and damping ratio ${dampingRatio} moves as in the closed form`, async () => {
      const physics = await makePhysics()
      const ball = bob(physics, [1.5, 0, 0], { mass: 2, canSleep: false })
      const joint = addJoint(physics, {
        type: 'distance',
        a: pivot(physics),
        b: ball,
        length: [1, 1],
        spring: { hertz, dampingRatio },
      })
      let worst = 0
      for (let k = 1; k <= 300; k++) {
        step(physics, DT)
        worst = Math.max(
          worst,
          Math.abs(jointTranslation(physics, joint) - 1 - 0.5 * damped(hertz, dampingRatio, k * DT)),
        )
      }
      // Half a sub-step late: ωh/2 of the amplitude.
      expect(worst).toBeLessThan(0.5 * 0.55 * ((2 * Math.PI * hertz * DT) / 4))
    })
  }
})

/** Displacement after t of a damped oscillator let go at 1. */
function damped(hertz: number, zeta: number, t: number): number {
  const w = 2 * Math.PI * hertz
  if (zeta < 1) {
    const d = w * Math.sqrt(1 - zeta * zeta)
    return Math.exp(-zeta * w * t) * (Math.cos(d * t) + ((zeta * w) / d) * Math.sin(d * t))
  }
  if (zeta === 1) return (1 + w * t) * Math.exp(-w * t)
  const root = Math.sqrt(zeta * zeta - 1)
  const [slow, fast] = [-w * (zeta - root), -w * (zeta + root)]
  return (fast * Math.exp(slow * t) - slow * Math.exp(fast * t)) / (fast - slow)
}

test('a ball keeps to its cone and its twist', async () => {
  const physics = await makePhysics(EARTH)
  const ball = bob(physics, [1, 0, 0], { angularVelocity: [8, 3, 0] })
  const joint = addJoint(physics, {
    type: 'ball',
    a: pivot(physics),
    b: ball,
    anchor: [0, 0, 0],
    axis: [1, 0, 0],
    swing: 0.7,
    twist: [-0.4, 0.6],
  })
  for (let k = 0; k < 300; k++) {
    step(physics, DT)
    const [x, y, z] = positionOf(physics, ball)
    expect(Math.atan2(Math.hypot(y, z), x)).toBeLessThan(0.72)
    expect(jointAngle(physics, joint)).toBeGreaterThan(-0.41)
    expect(jointAngle(physics, joint)).toBeLessThan(0.61)
  }
})

test('a fixed joint holds b in the frame of a', async () => {
  const physics = await makePhysics()
  const a = bob(physics, [0, 0, 0], { angularVelocity: [1, 2, 3] })
  const b = bob(physics, [2, 0, 0])
  addJoint(physics, { type: 'fixed', a, b, anchor: [1, 0, 0] })
  run(physics, 300)
  const { Position: p, Rotation: q } = physics.components
  expect(Math.hypot(p.x[a] - p.x[b], p.y[a] - p.y[b], p.z[a] - p.z[b])).toBeCloseTo(2, 3)
  for (const axis of ['x', 'y', 'z', 'w'] as const) expect(q[axis][a]).toBeCloseTo(q[axis][b], 2)
})

describe('a joint that can break', () => {
  const hang = async (breakForce: number): Promise<[number[], boolean]> => {
    const physics = await makePhysics(EARTH)
    const ball = bob(physics, [0, -1, 0])
    const joint = addJoint(physics, { type: 'fixed', a: pivot(physics), b: ball, anchor: [0, 0, 0], breakForce })
    const seen: number[] = []
    for (let k = 0; k < 60; k++) {
      step(physics, DT)
      seen.push(...brokenJoints(physics))
    }
    expect(isJoint(physics, joint)).toBe(true)
    return [seen.map((id) => id - joint), isBroken(physics, joint)]
  }

  test('bears what is below its force', async () => {
    expect(await hang(1.05 * G)).toEqual([[], false])
  })

  test('breaks at what is above, once', async () => {
    expect(await hang(0.95 * G)).toEqual([[0], true])
  })

  test('breaks by torque', async () => {
    const physics = await makePhysics(EARTH)
    const joint = (breakTorque: number): number => {
      const ball = bob(physics, [1, 0, 0])
      return addJoint(physics, { type: 'fixed', a: pivot(physics), b: ball, anchor: [0, 0, 0], breakTorque })
    }
    const [strong, weak] = [joint(1.1 * G), joint(0.9 * G)]
    run(physics, 30)
    expect([isBroken(physics, strong), isBroken(physics, weak)]).toEqual([false, true])
  })
})

describe('what is joined', () => {
  const overlapping = async (collideConnected: boolean): Promise<number> => {
    const physics = await makePhysics()
    const body = (x: number): number => addBody(physics, { shape: { type: 'sphere', radius: 1 }, position: [x, 0, 0] })
    const [a, b] = [body(0), body(1.5)]
    addJoint(physics, { type: 'distance', a, b, length: [0, 10], collideConnected })
    run(physics, 60)
    return positionOf(physics, b)[0] - positionOf(physics, a)[0]
  }

  test('does not collide', async () => {
    expect(await overlapping(false)).toBe(1.5)
  })

  test('unless it is asked to', async () => {
    expect(await overlapping(true)).toBeGreaterThan(1.9)
  })

  test('a body takes its joints along when it goes', async () => {
    const physics = await makePhysics(EARTH)
    const [a, b] = [bob(physics, [1, 0, 0]), bob(physics, [2, 0, 0])]
    const first = addJoint(physics, { type: 'ball', a: pivot(physics), b: a, anchor: [0, 0, 0] })
    const second = addJoint(physics, { type: 'ball', a, b, anchor: [1, 0, 0] })
    removeBody(physics, a)
    expect([isJoint(physics, first), isJoint(physics, second)]).toEqual([false, false])
    run(physics, 60)
    expect(velocityOf(physics, b)[1]).toBeCloseTo(-G, 2)
  })
})
