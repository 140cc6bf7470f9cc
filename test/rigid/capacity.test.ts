/** Room that runs out: flagged and counted, never garbage, and nobody else notices. */
import { addBodies, addBody, type BodyDesc, frameStats, type Physics, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, positionOf, run, sphere } from '../physics/harness.ts'
import { addFloor, box, rigidWorld, type Vec3 } from './rigid.ts'

const HALF: Vec3 = [0.5, 0.5, 0.5]

/** A box has one contact and one manifold: what is scarce is the one, with plenty of the other. */
const scarce = (what: 'contacts' | 'manifolds', room: number): { contacts: number; manifolds: number } => ({
  contacts: 8192,
  manifolds: 4096,
  [what]: room,
})

/** Boxes side by side on a floor, one manifold each, and one far away that falls freely. */
async function row(
  count: number,
  capacity: { contacts?: number; manifolds?: number },
): Promise<{ physics: Physics; boxes: Uint32Array; free: number }> {
  const physics = await rigidWorld({ capacity, sleep: false })
  addFloor(physics)
  const boxes = addBodies(
    physics,
    Array.from({ length: count }, (_, i) => box([i * 1.5, 0.5, 0], HALF)),
  )
  const free = addBody(physics, box([0, 1000, 50], HALF, { angularVelocity: [1, 2, 3] }))
  return { physics, boxes, free }
}

/** Every number of every body. */
function isSound(physics: Physics, bodies: Iterable<number>): boolean {
  const { Position, Rotation, LinearVelocity, AngularVelocity } = physics.components
  for (const eid of bodies) {
    for (const column of [Position, LinearVelocity, AngularVelocity]) {
      if (![column.x, column.y, column.z].every((values) => Number.isFinite(values[eid]))) return false
    }
    const length = Math.hypot(Rotation.x[eid], Rotation.y[eid], Rotation.z[eid], Rotation.w[eid])
    if (!(Math.abs(length - 1) < 1e-3)) return false
  }
  return true
}

describe.each(['contacts', 'manifolds'] as const)('%s', (what) => {
  const counter = what === 'contacts' ? 'droppedContacts' : 'droppedManifolds'

  test('exactly full: nothing is dropped; one more: counted, and the rest stands as before', async () => {
    const room = 64
    const plenty = await row(room, {})
    const full = await row(room, scarce(what, room))
    for (const { physics } of [plenty, full]) run(physics, 60)
    expect(frameStats(full.physics)[counter]).toBe(0)
    expect([...full.boxes].map((eid) => positionOf(full.physics, eid))).toEqual(
      [...plenty.boxes].map((eid) => positionOf(plenty.physics, eid)),
    )
    const over = await row(room + 1, scarce(what, room))
    step(over.physics, DT)
    expect(frameStats(over.physics)[counter]).toBeGreaterThanOrEqual(1)
  })

  test('far too little room: all finite, the free body is bit for bit the same, and what is left is used', async () => {
    const plenty = await row(200, {})
    const little = await row(200, scarce(what, 40))
    for (let i = 0; i < 120; i++) {
      step(plenty.physics, DT)
      step(little.physics, DT)
      expect(frameStats(little.physics)[counter]).toBeGreaterThan(0)
      expect(frameStats(little.physics).contacts).toBeLessThanOrEqual(what === 'contacts' ? 40 : 200)
    }
    expect(isSound(little.physics, little.boxes)).toBe(true)
    expect(positionOf(little.physics, little.free)).toEqual(positionOf(plenty.physics, plenty.free))
    const standing = [...little.boxes].filter((eid) => positionOf(little.physics, eid)[1] > 0.45)
    expect(standing.length).toBeGreaterThanOrEqual(20)
    expect(standing.length).toBeLessThanOrEqual(48)
  })

  test('the same result twice, and for one thread and two', async () => {
    const places: ReturnType<typeof positionOf>[][] = []
    for (const options of [{ tier: 'simd' }, { tier: 'threads', threads: 2 }, { tier: 'simd' }] as const) {
      const physics = await rigidWorld({ ...options, capacity: scarce(what, 40) })
      addFloor(physics)
      const boxes = addBodies(
        physics,
        Array.from({ length: 120 }, (_, i) => box([i * 1.5, 0.6, 0], HALF)),
      )
      run(physics, 60)
      places.push([...boxes].map((eid) => positionOf(physics, eid)))
    }
    expect(places[2]).toEqual(places[0])
    expect(places[1]).toEqual(places[0])
  })

  test('when there is room again all goes on', async () => {
    const { physics, boxes } = await row(60, scarce(what, 40))
    run(physics, 10)
    const { Position, LinearVelocity } = physics.components
    // Half of them leave.
    for (const eid of boxes.subarray(30)) Position.y[eid] = 500
    for (const eid of boxes.subarray(0, 30)) {
      Position.y[eid] = 0.6
      LinearVelocity.y[eid] = 0
    }
    run(physics, 90)
    expect(frameStats(physics)[counter]).toBe(0)
    for (const eid of boxes.subarray(0, 30)) expect(positionOf(physics, eid)[1]).toBeGreaterThan(0.49)
  })
})

test('a pile of all in one place with little room: finite, and it ends', async () => {
  const physics = await rigidWorld({ capacity: { contacts: 300, manifolds: 200, events: 16, hits: 4 } })
  addFloor(physics, 'box')
  const bodies = addBodies(
    physics,
    Array.from(
      { length: 120 },
      (_, i): BodyDesc =>
        i % 3 ? box([(i % 5) * 0.1, 1 + i * 0.01, 0], HALF) : sphere([0, 1 + i * 0.01, 0.1], { bullet: i % 2 === 0 }),
    ),
  )
  for (let i = 0; i < 120; i++) step(physics, DT)
  expect(isSound(physics, bodies)).toBe(true)
})
