/** At 1,000 m/s against a wall of 0.1 m: nothing passes, whatever its shape, from wherever it is shot. */
import { addBodies, addBody, type BodyDesc, contactHits, type Physics, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { between, createRandom, DT, type Random } from '../physics/harness.ts'
import { box, rigidWorld, stone, turn, type Vec3 } from './rigid.ts'

const SPEED = 1000
const SHOTS = 2500
/** The wall's back; its front is at 0. */
const BACK = -0.1

/** Triangles of a wall at x = 0 that faces +x, of squares of 5 m. */
function wallMesh(): { vertices: number[]; indices: number[] } {
  const [vertices, indices]: number[][] = [[], []]
  const side = 25
  for (let i = 0; i < side * side; i++) vertices.push(0, ((i % side) - 12) * 5, (Math.floor(i / side) - 12) * 5)
  for (let row = 0; row + 1 < side; row++) {
    for (let k = 0; k + 1 < side; k++) {
      const at = row * side + k
      indices.push(at, at + 1, at + side, at + 1, at + side + 1, at + side)
    }
  }
  return { vertices, indices }
}

const WALLS: Record<string, (physics: Physics) => number> = {
  box: (physics) => addBody(physics, box([BACK / 2, 0, 0], [-BACK / 2, 60, 60], { type: 'static' })),
  mesh: (physics) => addBody(physics, { shape: { type: 'mesh', ...wallMesh() } }),
}

/** A shot from in front of the wall at a point of it, up to 60° off the normal; `size`: m from the centre that it needs. */
function shoot(random: Random, size: number, speed = SPEED): Pick<BodyDesc, 'position' | 'linearVelocity'> {
  const from: Vec3 = [size + 0.02 + between(random, 0, 25), between(random, -10, 10), between(random, -10, 10)]
  const spread = from[0] * 1.2
  const to = [0, from[1] + between(random, -spread, spread), from[2] + between(random, -spread, spread)]
  const path = to.map((c, k) => c - from[k])
  const length = Math.hypot(...path)
  return { position: from, linearVelocity: path.map((c) => (c / length) * speed) }
}

/** Bodies of group 2 touch the wall only, not each other. */
const ALONE = { group: 2, mask: 1, restitution: 0, friction: 0.3 }

/** Steps on and gives the bodies whose centre was ever at or behind `limit`: the wall's front. */
function passed(physics: Physics, bodies: Iterable<number>, steps: number, limit = 0): number[] {
  const { Position } = physics.components
  const seen = new Set<number>()
  const eids = [...bodies]
  for (let i = 0; i < steps; i++) {
    step(physics, DT)
    for (const eid of eids) if (!(Position.x[eid] > limit)) seen.add(eid)
  }
  return [...seen]
}

const room = {
  capacity: { entities: SHOTS + 8, contacts: 16_384, manifolds: 8192, hits: 4096 },
  gravity: [0, 0, 0] as Vec3,
}

describe('spheres', () => {
  test.each([
    [1, 'box'],
    [2, 'box'],
    [5, 'mesh'],
  ])('%d: 2,500 bullets of random sizes never pass a wall that is a %s', async (seed, wall) => {
    const physics = await rigidWorld(room)
    WALLS[wall](physics)
    const random = createRandom(seed)
    const bodies = addBodies(
      physics,
      Array.from({ length: SHOTS }, (): BodyDesc => {
        const radius = between(random, 0.02, 0.5)
        return { shape: { type: 'sphere', radius }, mass: 1, bullet: true, ...ALONE, ...shoot(random, radius) }
      }),
    )
    let hits = 0
    const { Position } = physics.components
    const through = new Set<number>()
    for (let i = 0; i < 6; i++) {
      step(physics, DT)
      hits += contactHits(physics).count
      for (const eid of bodies) if (!(Position.x[eid] > 0)) through.add(eid)
    }
    expect([...through]).toEqual([])
    expect(hits).toBeGreaterThanOrEqual(SHOTS)
  })

  test.each([
    [3, 'box'],
    [4, 'box'],
    [6, 'mesh'],
  ])('%d: 2,500 that are no bullets do not pass a %s either', async (seed, wall) => {
    const physics = await rigidWorld(room)
    WALLS[wall](physics)
    const random = createRandom(seed)
    const bodies = addBodies(
      physics,
      Array.from({ length: SHOTS }, (): BodyDesc => {
        const radius = between(random, 0.02, 0.5)
        return { shape: { type: 'sphere', radius }, mass: 1, ...ALONE, ...shoot(random, radius) }
      }),
    )
    expect(passed(physics, bodies, 6)).toEqual([])
  })
})

/** Shapes that fit into a ball of radius 0.4. */
const SHAPES: Record<string, BodyDesc['shape']> = {
  box: { type: 'box', halfExtents: [0.3, 0.1, 0.2] },
  needle: { type: 'box', halfExtents: [0.02, 0.39, 0.02] },
  capsule: { type: 'capsule', radius: 0.1, halfHeight: 0.25 },
  hull: { type: 'hull', points: stone(7, 0.35) },
  compound: {
    type: 'compound',
    children: [
      { shape: { type: 'box', halfExtents: [0.3, 0.05, 0.05] } },
      { shape: { type: 'sphere', radius: 0.1 }, position: [0.2, 0.05, 0] },
    ],
  },
}

describe.each(Object.keys(SHAPES))('%s', (kind) => {
  // Without `bullet` such shapes pass at this speed: they promise to stop up to 5 m/s.
  test.each([
    [true, SPEED, 'box'],
    [true, SPEED, 'mesh'],
    [false, 5, 'box'],
  ] as const)(
    'bullet: %s: 500 shots at %d m/s, spinning, never pass a wall that is a %s',
    async (bullet, speed, wall) => {
      const physics = await rigidWorld(room)
      WALLS[wall](physics)
      const random = createRandom(17)
      const bodies = addBodies(
        physics,
        Array.from({ length: 500 }, (): BodyDesc => {
          const axis: Vec3 = [0, 0, 0]
          axis[Math.floor(between(random, 0, 2.999))] = 1
          const angularVelocity = [between(random, -9, 9), between(random, -9, 9), between(random, -9, 9)]
          return {
            shape: SHAPES[kind],
            mass: 1,
            bullet,
            rotation: turn(axis, between(random, 0, 3)),
            angularVelocity,
            ...ALONE,
            ...shoot(random, 0.42, speed),
          }
        }),
      )
      // What is no bullet may press into the wall on the way, but not come out behind it.
      const limit = bullet ? 0 : BACK
      expect(passed(physics, bodies, 6 * Math.ceil(SPEED / speed), limit)).toEqual([])
    },
  )
})

test('a bullet at the speed limit hits a thin pane that moves towards it', async () => {
  const physics = await rigidWorld(room)
  const pane = addBody(physics, box([0, 0, 0], [0.01, 5, 5], { type: 'kinematic', linearVelocity: [300, 0, 0] }))
  const shape = { type: 'sphere', radius: 0.05 } as const
  const bullets = addBodies(
    physics,
    Array.from({ length: 50 }, (_, i) => ({
      shape,
      bullet: true,
      mass: 0.01,
      position: [10 + i * 0.7, (i % 7) - 3, (i % 5) - 2],
      linearVelocity: [-700, 0, 0],
      group: 2,
      mask: 1,
    })),
  )
  const { Position } = physics.components
  for (let i = 0; i < 12; i++) {
    step(physics, DT)
    for (const bullet of bullets) expect(Position.x[bullet]).toBeGreaterThan(Position.x[pane])
  }
})

test('shots through a gap between two boxes fly on: nothing is hit that is not there', async () => {
  const physics = await rigidWorld(room)
  for (const side of [-1, 1]) addBody(physics, box([0, 0, side * 3], [0.05, 4, 2.5], { type: 'static' }))
  const shape = { type: 'box', halfExtents: [0.2, 0.1, 0.1] } as const
  const bodies = addBodies(
    physics,
    Array.from({ length: 40 }, (_, i) => ({
      shape,
      mass: 1,
      bullet: i % 2 === 0,
      ...ALONE,
      position: [5 + i * 0.3, ((i % 9) - 4) * 0.5, 0],
      linearVelocity: [-SPEED, 0, 0],
    })),
  )
  for (let i = 0; i < 6; i++) step(physics, DT)
  for (const eid of bodies) {
    expect(physics.components.LinearVelocity.x[eid]).toBeCloseTo(-SPEED, 1)
    expect(physics.components.Position.x[eid]).toBeLessThan(-50)
  }
})
