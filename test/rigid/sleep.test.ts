/** Sleep: what rests falls asleep with all it touches, and wakes by everything that could move it. */
import {
  addBody,
  applyForce,
  applyImpulse,
  frameStats,
  isAsleep,
  moveKinematic,
  type Physics,
  removeBody,
  setBodyType,
  setCanSleep,
  setShape,
  sleep,
  step,
  teleport,
  wake,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, positionOf, run, sphere, velocityOf } from '../physics/harness.ts'
import { addFloor, box, capsule, rigidWorld, runUntil, type Vec3 } from './rigid.ts'

const HALF: Vec3 = [0.5, 0.5, 0.5]

/** A stack of boxes on a floor that sleeps. */
async function sleepingStack(count: number): Promise<{ physics: Physics; floor: number; stack: number[] }> {
  const physics = await rigidWorld()
  const floor = addFloor(physics, 'box')
  const stack = Array.from({ length: count }, (_, i) => addBody(physics, box([0, 0.5 + i, 0], HALF)))
  run(physics, 120)
  for (const eid of stack) expect(isAsleep(physics, eid)).toBe(true)
  return { physics, floor, stack }
}

const asleep = (physics: Physics, bodies: number[]): boolean[] => bodies.map((eid) => isAsleep(physics, eid))

test('what rests for half a second sleeps, at rest to the bit, and costs no contacts', async () => {
  const { physics, stack } = await sleepingStack(3)
  const before = stack.map((eid) => positionOf(physics, eid))
  run(physics, 600)
  expect(stack.map((eid) => positionOf(physics, eid))).toEqual(before)
  for (const eid of stack) expect(velocityOf(physics, eid)).toEqual([0, 0, 0])
  const stats = frameStats(physics)
  expect([stats.awake, stats.asleep, stats.contacts]).toEqual([0, 3, 0])
})

test('not before the time, and not above the speed of the options', async () => {
  for (const [time, speed] of [
    [0.5, 0.05],
    [2, 0.05],
    [0.25, 0.5],
  ]) {
    const physics = await rigidWorld({ sleep: { time, speed } })
    addFloor(physics)
    const eid = addBody(physics, box([0, 0.5, 0], HALF))
    const seconds = runUntil(physics, 5, () => isAsleep(physics, eid))
    expect(seconds).toBeGreaterThanOrEqual(time - DT)
    expect(seconds).toBeLessThan(time + 0.25)
  }
})

describe('a sleeping stack of three wakes by', () => {
  const causes: Record<string, (physics: Physics, stack: number[], floor: number) => void> = {
    'a velocity that is written': (physics, stack) => {
      physics.components.LinearVelocity.x[stack[1]] = 0.3
    },
    'an angular velocity that is written': (physics, stack) => {
      physics.components.AngularVelocity.y[stack[1]] = 0.5
    },
    'a force': (physics, stack) => applyForce(physics, stack[0], [0, 0, 5000]),
    'a force that is written': (physics, stack) => {
      physics.components.Torque.y[stack[2]] = 100
    },
    'an impulse': (physics, stack) => applyImpulse(physics, stack[2], [50, 0, 0]),
    wake: (physics, stack) => wake(physics, stack[1]),
    teleport: (physics, stack) => teleport(physics, stack[2], { position: [0, 4, 0] }),
    'removal of the floor': (physics, _, floor) => removeBody(physics, floor),
    'the floor becoming dynamic': (physics, _, floor) => setBodyType(physics, floor, 'dynamic'),
    'teleport of the floor': (physics, _, floor) => teleport(physics, floor, { position: [0, -3, 0] }),
    'another shape of one of them': (physics, stack) =>
      setShape(physics, stack[0], { type: 'box', halfExtents: [0.4, 0.4, 0.4] }),
    'being forbidden to sleep': (physics, stack) => setCanSleep(physics, stack[0], false),
    'a body that falls on it': (physics) => {
      addBody(physics, sphere([0, 3.55, 0], { shape: { type: 'sphere', radius: 0.5 }, linearVelocity: [0, -3, 0] }))
    },
    'a kinematic body that runs into it': (physics) => {
      addBody(physics, box([-1.05, 0.5, 0], HALF, { type: 'kinematic', linearVelocity: [3, 0, 0] }))
    },
    'a bullet': (physics) => {
      const shape = { type: 'sphere', radius: 0.05 } as const
      addBody(physics, sphere([-5, 1.5, 0], { shape, bullet: true, mass: 1, linearVelocity: [300, 0, 0] }))
    },
  }

  test.each(Object.keys(causes))('%s', async (cause) => {
    const { physics, floor, stack } = await sleepingStack(3)
    causes[cause](physics, stack, floor)
    run(physics, 3)
    // The whole island, at once.
    expect(asleep(physics, stack)).toEqual([false, false, false])
  })
})

test('removing the lowest of a stack: the others wake and fall', async () => {
  const { physics, stack } = await sleepingStack(3)
  removeBody(physics, stack[0])
  run(physics, 60)
  expect(positionOf(physics, stack[1])[1]).toBeCloseTo(0.5, 1)
  run(physics, 240)
  expect(asleep(physics, stack.slice(1))).toEqual([true, true])
})

test('a position that is written does not wake by itself, a teleport does', async () => {
  const { physics, stack } = await sleepingStack(1)
  teleport(physics, stack[0], { position: [4, 3, 0] })
  run(physics, 30)
  expect(positionOf(physics, stack[0])[1]).toBeLessThan(2.5)
})

test('islands sleep by themselves: a neighbour that never rests keeps no other stack awake', async () => {
  const physics = await rigidWorld()
  addFloor(physics)
  const restless = addBody(physics, box([5, 0.5, 0], HALF, { canSleep: false }))
  const onTop = addBody(physics, box([5, 1.5, 0], HALF))
  const apart = [0, 1].map((i) => addBody(physics, box([0, 0.5 + i, 0], HALF)))
  run(physics, 180)
  expect(asleep(physics, apart)).toEqual([true, true])
  // What touches the restless one is of its island.
  expect(asleep(physics, [restless, onTop])).toEqual([false, false])
})

test('two stacks that a plank joins sleep in the same step, and wake together', async () => {
  const physics = await rigidWorld()
  addFloor(physics)
  const pillars = [-1.5, 1.5].map((x) => addBody(physics, box([x, 0.5, 0], HALF)))
  const plank = addBody(physics, box([0, 1.1, 0], [2, 0.1, 0.4]))
  const all = [...pillars, plank]
  let first = -1
  for (let i = 0; i < 240; i++) {
    step(physics, DT)
    const seen = asleep(physics, all)
    expect(new Set(seen).size).toBe(1)
    if (seen[0] && first < 0) first = i
  }
  expect(first).toBeGreaterThan(25)
  applyImpulse(physics, pillars[0], [0, 0, 100])
  step(physics, DT)
  expect(asleep(physics, all)).toEqual([false, false, false])
})

describe('what drifts in space never sleeps', () => {
  test('a pair that touches and drifts slowly', async () => {
    const physics = await rigidWorld({ gravity: [0, 0, 0] })
    const pair = [0, 1].map((i) => addBody(physics, box([i * 0.999, 0, 0], HALF, { linearVelocity: [0.01, 0, 0] })))
    run(physics, 300)
    expect(asleep(physics, pair)).toEqual([false, false])
    expect(velocityOf(physics, pair[0])[0] + velocityOf(physics, pair[1])[0]).toBeCloseTo(0.02, 5)
  })

  test('a body at rest without weight and contact', async () => {
    const physics = await rigidWorld({ gravity: [0, 0, 0] })
    const eid = addBody(physics, box([0, 0, 0], HALF))
    run(physics, 300)
    expect(isAsleep(physics, eid)).toBe(false)
  })

  test('a ball thrown up, at its highest point', async () => {
    const physics = await rigidWorld({ gravity: [0, -0.02, 0] })
    addFloor(physics)
    const eid = addBody(physics, sphere([0, 2, 0], { linearVelocity: [0, 0.04, 0] }))
    for (let i = 0; i < 400; i++) {
      step(physics, DT)
      expect(isAsleep(physics, eid)).toBe(false)
    }
  })
})

test('a ball that rolls slowly down a slope of 1° never sleeps on it', async () => {
  const physics = await rigidWorld()
  const angle = Math.PI / 180
  addBody(physics, {
    type: 'static',
    shape: { type: 'plane', normal: [Math.sin(angle), Math.cos(angle), 0], offset: 0 },
  })
  const eid = addBody(physics, sphere([Math.sin(angle), Math.cos(angle), 0]))
  run(physics, 600)
  expect(isAsleep(physics, eid)).toBe(false)
  expect(positionOf(physics, eid)[0]).toBeGreaterThan(5)
})

describe('on a kinematic platform', () => {
  test('what rides on one that moves stays awake and rides along', async () => {
    const physics = await rigidWorld()
    const lift = addBody(physics, box([0, -0.5, 0], [3, 0.5, 3], { type: 'kinematic', linearVelocity: [0.5, 0.02, 0] }))
    const rider = addBody(physics, box([0, 0.5, 0], HALF))
    const ball = addBody(physics, capsule([1.5, 0.8, 0], 0.3, 0.5))
    run(physics, 240)
    expect(isAsleep(physics, rider)).toBe(false)
    expect(velocityOf(physics, rider)[0]).toBeCloseTo(0.5, 2)
    expect(positionOf(physics, rider)[0] - positionOf(physics, lift)[0]).toBeCloseTo(0, 1)
    expect(isAsleep(physics, ball)).toBe(false)
  })

  test('one that stops lets it sleep, and one that starts again takes it along', async () => {
    const physics = await rigidWorld()
    const lift = addBody(physics, box([0, -0.5, 0], [3, 0.5, 3], { type: 'kinematic' }))
    const rider = addBody(physics, box([0, 0.5, 0], HALF))
    run(physics, 120)
    expect(isAsleep(physics, rider)).toBe(true)
    for (let i = 1; i <= 60; i++) {
      moveKinematic(physics, lift, { position: [0, -0.5 + i * DT, 0] }, DT)
      step(physics, DT)
    }
    expect(isAsleep(physics, rider)).toBe(false)
    expect(positionOf(physics, rider)[1]).toBeCloseTo(1.5, 1)
    physics.components.LinearVelocity.y[lift] = 0
    run(physics, 120)
    expect(isAsleep(physics, rider)).toBe(true)
    // A velocity that is written, without a call.
    physics.components.LinearVelocity.y[lift] = -0.5
    run(physics, 30)
    expect(isAsleep(physics, rider)).toBe(false)
    expect(positionOf(physics, rider)[1]).toBeLessThan(1.4)
  })
})

test('sleep() puts a falling body to rest in mid-air, and a touch wakes it', async () => {
  const physics = await rigidWorld()
  const eid = addBody(physics, box([0, 5, 0], HALF))
  run(physics, 10)
  sleep(physics, eid)
  const at = positionOf(physics, eid)
  run(physics, 60)
  expect(positionOf(physics, eid)).toEqual(at)
  addBody(physics, sphere([0, at[1] + 2, 0], { shape: { type: 'sphere', radius: 0.5 } }))
  run(physics, 90)
  expect(isAsleep(physics, eid)).toBe(false)
  expect(positionOf(physics, eid)[1]).toBeLessThan(at[1] - 0.5)
})

test('sleep: false and canSleep: false', async () => {
  const physics = await rigidWorld({ sleep: false })
  addFloor(physics)
  const eid = addBody(physics, box([0, 0.5, 0], HALF))
  run(physics, 180)
  expect(isAsleep(physics, eid)).toBe(false)
  const other = await rigidWorld()
  addFloor(other)
  const never = addBody(other, box([0, 0.5, 0], HALF, { canSleep: false }))
  run(other, 180)
  expect(isAsleep(other, never)).toBe(false)
  setCanSleep(other, never, true)
  run(other, 90)
  expect(isAsleep(other, never)).toBe(true)
})

test('a sleeper is as solid as a wall until it wakes: rays of balls bounce off a sleeping heavy box', async () => {
  const physics = await rigidWorld()
  addFloor(physics)
  const heavy = addBody(physics, box([0, 1, 0], [1, 1, 1], { mass: 1e5 }))
  run(physics, 120)
  expect(isAsleep(physics, heavy)).toBe(true)
  const shape = { type: 'sphere', radius: 0.2 } as const
  const ball = addBody(
    physics,
    sphere([-4, 0.6, 0], { shape, mass: 0.01, linearVelocity: [8, 0, 0], restitution: 0.8 }),
  )
  run(physics, 60)
  expect(positionOf(physics, ball)[0]).toBeLessThan(-1.19)
  expect(Math.abs(positionOf(physics, heavy)[0])).toBeLessThan(1e-3)
})
