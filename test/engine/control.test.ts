/** Kinematic motion that arrives, teleports, sleep, and bodies that change what they are. */
import fc from 'fast-check'
import {
  addBody,
  isAsleep,
  moveKinematic,
  type Physics,
  removeBody,
  setBodyType,
  setCanSleep,
  setLocks,
  setShape,
  shapeInfo,
  sleep,
  step,
  teleport,
  wake,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectError, expectUnchanged } from '../errors/expect-error.ts'
import { DT, ground, makePhysics, positionOf, run, sphere, spinOf, velocityOf } from '../physics/harness.ts'

const NAN = Number.NaN

function rotationOf({ components }: Physics, e: number): number[] {
  const { x, y, z, w } = components.Rotation
  return [x[e]!, y[e]!, z[e]!, w[e]!]
}

/** A pile of boxes at rest on the ground, asleep. */
async function sleepingPile(): Promise<{ physics: Physics; boxes: number[] }> {
  const physics = await makePhysics({ gravity: [0, -9.81, 0] })
  addBody(physics, ground())
  const shape = { type: 'box', halfExtents: [0.5, 0.5, 0.5] } as const
  const boxes = [0, 1, 2].map((k) => addBody(physics, { shape, position: [0, 0.5 + k, 0] }))
  run(physics, 120)
  expect(boxes.map((e) => isAsleep(physics, e))).toEqual([true, true, true])
  return { physics, boxes }
}

describe('moveKinematic', () => {
  test('the next step arrives exactly, wherever the body is and whatever the step', async () => {
    const physics = await makePhysics()
    const shape = { type: 'box', halfExtents: [1, 0.5, 0.2] } as const
    const body = addBody(physics, { type: 'kinematic', shape })
    const number = (most: number): fc.Arbitrary<number> => fc.double({ min: -most, max: most, noNaN: true })
    const pose = fc.tuple(number(50), number(50), number(50), number(1), number(1), number(1), number(1))
    fc.assert(
      fc.property(pose, pose, fc.double({ min: 1e-3, max: 0.1, noNaN: true }), (from, to, dt) => {
        const [q, t] = [from.slice(3), to.slice(3)]
        const [lengthQ, lengthT] = [Math.hypot(...q), Math.hypot(...t)]
        fc.pre(lengthQ > 0.1 && lengthT > 0.1)
        const cosine = q.reduce((sum, v, i) => sum + v * t[i]!, 0) / (lengthQ * lengthT)
        fc.pre(Math.abs(cosine) > 0.1)
        teleport(physics, body, { position: from.slice(0, 3), rotation: q })
        moveKinematic(physics, body, { position: to.slice(0, 3), rotation: t }, dt)
        step(physics, dt)
        positionOf(physics, body).forEach((v, i) => void expect(v).toBeCloseTo(to[i]!, 3))
        const arrived = rotationOf(physics, body).reduce((sum, v, i) => sum + (v * t[i]!) / lengthT, 0)
        expect(1 - Math.abs(arrived)).toBeLessThan(1e-6)
      }),
      { numRuns: 200 },
    )
  })

  test('without a rotation it does not turn', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0], { type: 'kinematic', angularVelocity: [0, 3, 0] }))
    moveKinematic(physics, body, { position: [1, 0, 0] }, DT)
    step(physics, DT)
    expect(rotationOf(physics, body)).toEqual([0, 0, 0, 1])
  })

  test('what stands on it is carried along', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const lift = addBody(physics, { type: 'kinematic', shape: { type: 'box', halfExtents: [2, 0.5, 2] } })
    const load = addBody(physics, { shape: { type: 'box', halfExtents: [0.5, 0.5, 0.5] }, position: [0, 1, 0] })
    for (let i = 1; i <= 120; i++) {
      moveKinematic(physics, lift, { position: [i / 100, i / 120, 0] }, DT)
      step(physics, DT)
    }
    const [x, y] = positionOf(physics, load)
    expect(y).toBeCloseTo(2, 1)
    expect(x).toBeCloseTo(1.2, 1)
  })

  test('refuses', async () => {
    const physics = await makePhysics()
    const [body, moved] = [
      addBody(physics, sphere([0, 0, 0], { type: 'kinematic' })),
      addBody(physics, sphere([5, 0, 0])),
    ]
    const refusal = (field: string, entity = body) => ({ call: 'moveKinematic', entity, field })
    const target = { position: [1, 0, 0] }
    expectUnchanged(physics, 'E_RANGE', refusal('type', moved), () => moveKinematic(physics, moved, target, DT))
    expectUnchanged(physics, 'E_NOT_FINITE', refusal('position'), () =>
      moveKinematic(physics, body, { position: [NAN, 0, 0] }, DT),
    )
    expectUnchanged(physics, 'E_RANGE', refusal('rotation'), () =>
      moveKinematic(physics, body, { ...target, rotation: [0, 0, 0, 0] }, DT),
    )
    // Half a turn: no angular velocity of the step's integrator arrives there.
    expectUnchanged(physics, 'E_RANGE', refusal('rotation'), () =>
      moveKinematic(physics, body, { ...target, rotation: [0, 1, 0, 0] }, DT),
    )
    expectUnchanged(physics, 'E_RANGE', refusal('dt'), () => moveKinematic(physics, body, target, 0))
    expectUnchanged(physics, 'E_NOT_FINITE', refusal('dt'), () => moveKinematic(physics, body, target, NAN))
    removeBody(physics, body)
    expectError('E_STALE_ENTITY', refusal('entity'), () => moveKinematic(physics, body, target, DT))
  })
})

describe('teleport', () => {
  test('changes what it is given and keeps the rest', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([1, 2, 3], { linearVelocity: [4, 5, 6], angularVelocity: [7, 8, 9] }))
    teleport(physics, body, { position: [10, 20, 30] })
    expect([positionOf(physics, body), velocityOf(physics, body), spinOf(physics, body)]).toEqual([
      [10, 20, 30],
      [4, 5, 6],
      [7, 8, 9],
    ])
    teleport(physics, body, { rotation: [0, 2, 0, 0], linearVelocity: [0, 0, 0], angularVelocity: [1, 0, 0] })
    expect(positionOf(physics, body)).toEqual([10, 20, 30])
    expect(rotationOf(physics, body)).toEqual([0, 1, 0, 0])
    expect([velocityOf(physics, body), spinOf(physics, body)]).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ])
  })

  test('wakes the island it leaves', async () => {
    const { physics, boxes } = await sleepingPile()
    teleport(physics, boxes[0]!, { position: [20, 5, 0] })
    expect(boxes.map((e) => isAsleep(physics, e))).toEqual([false, false, false])
    run(physics, 60)
    // What stood on it came down by its height.
    expect(positionOf(physics, boxes[1]!)[1]).toBeCloseTo(0.5, 1)
  })

  test('refuses bad numbers as a whole', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([1, 2, 3]))
    for (const field of ['position', 'linearVelocity', 'angularVelocity'] as const) {
      const to = { position: [0, 0, 0], [field]: [0, NAN, 0] }
      expectUnchanged(physics, 'E_NOT_FINITE', { call: 'teleport', entity: body, field }, () =>
        teleport(physics, body, to),
      )
    }
    const zero = { position: [9, 9, 9], rotation: [0, 0, 0, 0] }
    expectUnchanged(physics, 'E_RANGE', { call: 'teleport', entity: body, field: 'rotation' }, () =>
      teleport(physics, body, zero),
    )
  })
})

describe('sleep', () => {
  test('comes by itself, to all of a pile, and one wakes all', async () => {
    const { physics, boxes } = await sleepingPile()
    wake(physics, boxes[2]!)
    expect(boxes.map((e) => isAsleep(physics, e))).toEqual([false, false, false])
    run(physics, 60)
    expect(boxes.map((e) => isAsleep(physics, e))).toEqual([true, true, true])
  })

  test('removing a body wakes what it touched', async () => {
    const { physics, boxes } = await sleepingPile()
    removeBody(physics, boxes[0]!)
    expect(boxes.slice(1).map((e) => isAsleep(physics, e))).toEqual([false, false])
    run(physics, 60)
    expect(positionOf(physics, boxes[1]!)[1]).toBeCloseTo(0.5, 1)
  })

  test('ends when what carries it goes', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const shelf = addBody(physics, { type: 'static', shape: { type: 'box', halfExtents: [1, 1, 1] } })
    const box = addBody(physics, { shape: { type: 'box', halfExtents: [0.5, 0.5, 0.5] }, position: [0, 1.5, 0] })
    run(physics, 120)
    expect(isAsleep(physics, box)).toBe(true)
    removeBody(physics, shelf)
    expect(isAsleep(physics, box)).toBe(false)
    run(physics, 30)
    expect(positionOf(physics, box)[1]).toBeLessThan(1)
  })

  test('can be ordered, and lasts until something wakes it', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const body = addBody(physics, sphere([0, 10, 0], { linearVelocity: [3, 0, 0] }))
    sleep(physics, body)
    run(physics, 30)
    expect(isAsleep(physics, body)).toBe(true)
    expect(positionOf(physics, body)).toEqual([0, 10, 0])
    wake(physics, body)
    run(physics, 30)
    expect(positionOf(physics, body)[1]).toBeLessThan(9.5)
  })

  test('never comes to a body that may not, nor in a world without it', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    addBody(physics, ground())
    const [restless, tired] = [
      addBody(physics, sphere([0, 1, 0], { canSleep: false })),
      addBody(physics, sphere([5, 1, 0])),
    ]
    run(physics, 120)
    expect([isAsleep(physics, restless), isAsleep(physics, tired)]).toEqual([false, true])
    setCanSleep(physics, tired, false)
    setCanSleep(physics, restless, true)
    run(physics, 120)
    expect([isAsleep(physics, restless), isAsleep(physics, tired)]).toEqual([true, false])
    const without = await makePhysics({ gravity: [0, -9.81, 0], sleep: false })
    addBody(without, ground())
    const body = addBody(without, sphere([0, 1, 0], { canSleep: true }))
    run(without, 120)
    expect(isAsleep(without, body)).toBe(false)
  })

  test('is not the default where long-range forces act', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0], longRange: { coulomb: 1 } })
    addBody(physics, ground())
    const [free, asked] = [addBody(physics, sphere([0, 1, 0])), addBody(physics, sphere([5, 1, 0], { canSleep: true }))]
    run(physics, 120)
    expect([isAsleep(physics, free), isAsleep(physics, asked)]).toEqual([false, true])
  })

  test('refuses what cannot sleep', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0], { type: 'kinematic' }))
    expectUnchanged(physics, 'E_RANGE', { call: 'sleep', entity: body, field: 'type' }, () => sleep(physics, body))
  })
})

describe('setBodyType', () => {
  test('stops a body and lets it go again', async () => {
    const physics = await makePhysics({ gravity: [0, -10, 0] })
    const body = addBody(physics, sphere([0, 100, 0]))
    run(physics, 30)
    setBodyType(physics, body, 'static')
    const stopped = positionOf(physics, body)
    run(physics, 30)
    expect(positionOf(physics, body)).toEqual(stopped)
    setBodyType(physics, body, 'dynamic')
    run(physics, 30)
    expect(positionOf(physics, body)[1]).toBeLessThan(stopped[1] - 1)
    setBodyType(physics, body, 'kinematic')
    const [, speed] = velocityOf(physics, body)
    run(physics, 30)
    expect(velocityOf(physics, body)[1]).toBe(speed)
  })

  test('refuses to move planes and level geometry, and unknown types', async () => {
    const physics = await makePhysics()
    const mesh = { type: 'mesh', vertices: [0, 0, 0, 1, 0, 0, 0, 0, 1], indices: [0, 2, 1] } as const
    for (const body of [addBody(physics, ground()), addBody(physics, { shape: mesh })]) {
      for (const type of ['dynamic', 'kinematic'] as const) {
        expectUnchanged(physics, 'E_RANGE', { call: 'setBodyType', entity: body, field: 'type' }, () =>
          setBodyType(physics, body, type),
        )
      }
      setBodyType(physics, body, 'static')
    }
    const body = addBody(physics, sphere([0, 5, 0]))
    expectUnchanged(physics, 'E_RANGE', { call: 'setBodyType', field: 'type' }, () =>
      setBodyType(physics, body, 'soft' as never),
    )
  })
})

describe('setShape', () => {
  test('changes size, mass when asked to, and what it rests on', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    addBody(physics, ground())
    const body = addBody(physics, sphere([0, 1, 0], { mass: 3 }))
    run(physics, 120)
    setShape(physics, body, { type: 'box', halfExtents: [0.2, 0.4, 0.2] })
    expect(physics.components.Mass.value[body]).toBe(3)
    expect(isAsleep(physics, body)).toBe(false)
    run(physics, 120)
    expect(positionOf(physics, body)[1]).toBeCloseTo(0.4, 2)
    setShape(physics, body, { type: 'sphere', radius: 0.5 }, { density: 2 })
    expect(physics.components.Mass.value[body]).toBeCloseTo((8 / 6) * Math.PI * 0.25, 4)
    expect(shapeInfo(physics, body)).toMatchObject({ type: 'sphere', size: [0.5] })
    expect(physics.components.Scale.y[body]).toBe(0.5)
  })

  test('refuses a bad shape and a shape that cannot move, and leaves everything', async () => {
    const physics = await makePhysics({ capacity: { shapes: 1 } })
    const body = addBody(physics, { shape: { type: 'box', halfExtents: [1, 1, 1] } })
    const refusal = (field: string) => ({ call: 'setShape', entity: body, field })
    const bad = { type: 'box', halfExtents: [1, 0, 1] } as const
    expectUnchanged(physics, 'E_RANGE', refusal('shape.halfExtents'), () => setShape(physics, body, bad))
    const other = { type: 'box', halfExtents: [1, 2, 1] } as const
    expectUnchanged(physics, 'E_CAPACITY', refusal('capacity.shapes'), () => setShape(physics, body, other))
    const plane = { type: 'plane', normal: [0, 1, 0], offset: 0 } as const
    expectUnchanged(physics, 'E_RANGE', refusal('type'), () => setShape(physics, body, plane))
    expectUnchanged(physics, 'E_RANGE', refusal('mass'), () =>
      setShape(physics, body, { type: 'sphere', radius: 1 }, { mass: 0 }),
    )
    expectUnchanged(physics, 'E_RANGE', refusal('density'), () =>
      setShape(physics, body, { type: 'sphere', radius: 1 }, { density: -1 }),
    )
    removeBody(physics, body)
    addBody(physics, { shape: other })
  })
})

describe('locks', () => {
  test('keep a body on its line and upright', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const locks = { lockTranslation: [false, false, true], lockRotation: [true, true, true] } as const
    addBody(physics, ground({ shape: { type: 'plane', normal: [0.3, 1, 0.4], offset: 0 } }))
    const body = addBody(physics, {
      shape: { type: 'box', halfExtents: [0.5, 1, 0.5] },
      position: [0, 3, 0],
      friction: 0.1,
      ...locks,
    })
    run(physics, 90)
    expect(positionOf(physics, body)[2]).toBe(0)
    expect(rotationOf(physics, body)).toEqual([0, 0, 0, 1])
    expect(Math.abs(positionOf(physics, body)[0])).toBeGreaterThan(0.1)
    setLocks(physics, body, { translation: [false, false, false], rotation: [false, false, false] })
    run(physics, 60)
    expect(positionOf(physics, body)[2]).not.toBe(0)
    expect(rotationOf(physics, body)).not.toEqual([0, 0, 0, 1])
  })

  test('are three truth values each', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    const wrong = [1, 0, 0] as never
    expectUnchanged(physics, 'E_RANGE', { call: 'setLocks', entity: body, field: 'rotation' }, () =>
      setLocks(physics, body, { rotation: wrong }),
    )
    expectUnchanged(physics, 'E_RANGE', { call: 'addBody', field: 'lockTranslation' }, () =>
      addBody(physics, sphere([0, 5, 0], { lockTranslation: wrong })),
    )
  })
})
