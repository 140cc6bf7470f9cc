/** Towers, pyramids and heavy on light: what is piled up stands, sleeps, and does not sink. */
import { addBody, frameStats, isAsleep, type Physics, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, positionOf, run, sphere } from '../physics/harness.ts'
import { addFloor, axisOf, box, rigidWorld } from './rigid.ts'

/** Farthest that any of the bodies gets from where it was after `settle` seconds, sideways, in the seconds after. */
function drift(physics: Physics, bodies: number[], settle: number, seconds: number): number {
  run(physics, Math.round(settle / DT))
  const start = bodies.map((eid) => positionOf(physics, eid))
  let most = 0
  for (let i = 0; i < seconds / DT; i++) {
    step(physics, DT)
    if (i % 10) continue
    bodies.forEach((eid, k) => {
      const p = positionOf(physics, eid)
      most = Math.max(most, Math.hypot(p[0] - start[k][0], p[1] - start[k][1], p[2] - start[k][2]))
    })
  }
  return most
}

describe.each(['plane', 'box'] as const)('on a floor that is a %s', (floor) => {
  test('a tower of 10 boxes stands 30 s without sleep, its top within 1 cm', async () => {
    const physics = await rigidWorld({ sleep: false })
    addFloor(physics, floor)
    const tower = Array.from({ length: 10 }, (_, i) => addBody(physics, box([0, 0.5 + i, 0], [0.5, 0.5, 0.5])))
    expect(drift(physics, tower, 1, 29)).toBeLessThan(0.01)
    const top = positionOf(physics, tower[9])
    expect(Math.hypot(top[0], top[2])).toBeLessThan(0.01)
    expect(Math.abs(top[1] - 9.5)).toBeLessThan(0.05)
  })

  test('a tower of 10 boxes that falls into place by 1 cm sleeps within 5 s, all at once', async () => {
    const physics = await rigidWorld()
    addFloor(physics, floor)
    const tower = Array.from({ length: 10 }, (_, i) => addBody(physics, box([0, 0.51 + 1.01 * i, 0], [0.5, 0.5, 0.5])))
    let seen = 0
    for (let i = 0; i < 300 && seen < 10; i++) {
      step(physics, DT)
      seen = tower.filter((eid) => isAsleep(physics, eid)).length
      expect([0, 10]).toContain(seen)
    }
    expect(seen).toBe(10)
    const top = positionOf(physics, tower[9])
    expect(Math.hypot(top[0], top[2])).toBeLessThan(0.01)
    run(physics, 60)
    expect(positionOf(physics, tower[9])).toEqual(top)
  })
})

test('a pyramid of 20 rows stands 30 s, its top within 1 cm, then sleeps', async () => {
  const physics = await rigidWorld()
  addFloor(physics)
  const bodies: number[] = []
  for (let row = 0; row < 20; row++) {
    for (let k = 0; k < 20 - row; k++) {
      bodies.push(
        addBody(physics, box([(k - (19 - row) / 2) * 1.05, 0.5 + row, 0], [0.5, 0.5, 0.5], { canSleep: false })),
      )
    }
  }
  expect(bodies).toHaveLength(210)
  const top = bodies[209]
  run(physics, 60)
  const start = positionOf(physics, top)
  run(physics, 29 * 60)
  const end = positionOf(physics, top)
  expect(Math.hypot(end[0] - start[0], end[1] - start[1], end[2] - start[2])).toBeLessThan(0.01)
  expect(Math.hypot(end[0], end[2])).toBeLessThan(0.01)
  // 20 rows of soft contacts give a little.
  expect(end[1]).toBeGreaterThan(19.5 - 0.1)
  const { flags } = physics.components.RigidBody
  const canSleep = 512
  for (const eid of bodies) flags[eid] |= canSleep
  run(physics, 180)
  expect(bodies.filter((eid) => !isAsleep(physics, eid))).toEqual([])
  expect(frameStats(physics).contacts).toBe(0)
})

describe('1,000 kg on 1 kg', () => {
  const half = 0.5

  test.each([
    [8, 0, 0],
    [8, 0.37, 0.11],
    [8, -2.9, 5.2],
    [16, 0, 0],
    [16, 3.3, -1.7],
  ])(
    'boxes, %d sub-steps, at (%d, %d): the small one is pressed in by less than 5 % of its size',
    async (subSteps, x, z) => {
      const physics = await rigidWorld({ subSteps, sleep: false })
      addFloor(physics)
      const small = addBody(physics, box([x, 0.5, z], [half, half, half], { mass: 1 }))
      const heavy = addBody(physics, box([x, 1.5, z], [half, half, half], { mass: 1000 }))
      run(physics, 600)
      const at = positionOf(physics, heavy)
      expect(0.5 - positionOf(physics, small)[1]).toBeLessThan(0.05)
      expect(1.5 - at[1]).toBeLessThan(0.1)
      expect(at[1]).toBeLessThan(1.505)
      // It does not rock: with less damping it leans by up to 2.6° in ten seconds and slides off.
      expect(axisOf(physics, heavy, 1)[1]).toBeGreaterThan(0.99999)
      expect(Math.hypot(at[0] - x, at[2] - z)).toBeLessThan(0.005)
    },
  )

  test('a box of 1,000 kg on four balls of 1 kg lies level, each pressed in by less than 5 %', async () => {
    const physics = await rigidWorld({ sleep: false })
    addFloor(physics)
    const shape = { type: 'sphere', radius: 0.5 } as const
    const balls = [-1, 1].flatMap((x) => [-1, 1].map((z) => addBody(physics, sphere([x, 0.5, z], { shape }))))
    const slab = addBody(physics, box([0, 1.25, 0], [1.5, 0.25, 1.5], { mass: 1000 }))
    run(physics, 600)
    for (const ball of balls) expect(0.5 - positionOf(physics, ball)[1]).toBeLessThan(0.05)
    expect(1.25 - positionOf(physics, slab)[1]).toBeLessThan(0.1)
    expect(axisOf(physics, slab, 1)[1]).toBeGreaterThan(0.999)
  })

  test('a tonne on top of two of 1 kg does not fall: none of them sinks by more than 8 %', async () => {
    const physics = await rigidWorld({ subSteps: 8, sleep: false })
    addFloor(physics)
    const tower = Array.from({ length: 3 }, (_, i) =>
      addBody(physics, box([0, 0.5 + i, 0], [0.5, 0.5, 0.5], { mass: i === 2 ? 1000 : 1 })),
    )
    run(physics, 600)
    tower.forEach((eid, i) => {
      const p = positionOf(physics, eid)
      expect(Math.hypot(p[0], p[2])).toBeLessThan(0.05)
      expect(0.5 + i - p[1]).toBeLessThan(0.08 * (i + 1))
    })
  })
})

// Where it stands changes the order in which contacts are solved, and so do the neighbours' ids: one place proves little.
test.each([
  [0, 0],
  [0.1, 0],
  [0, 0.1],
  [0.37, 0.11],
  [3.3, -1.7],
  [-2.9, 5.2],
  [10.1, 7.7],
  [-0.05, 0.23],
])('a wall of planks laid across each other at (%d, %d) comes to rest: boxes meet edge over face', async (x, z) => {
  const physics = await rigidWorld({ sleep: false })
  addFloor(physics)
  const planks: number[] = []
  for (let level = 0; level < 10; level++) {
    for (const side of [-0.8, 0.8]) {
      const across = level % 2 === 1
      const at: [number, number, number] = [x + (across ? side : 0), 0.1 + 0.2 * level, z + (across ? 0 : side)]
      planks.push(addBody(physics, box(at, across ? [0.1, 0.1, 1] : [1, 0.1, 0.1])))
    }
  }
  // A quarter of a millimetre; a centimetre and more when the manifold's even push was softer than its points.
  expect(drift(physics, planks, 1, 10)).toBeLessThan(0.001)
})
