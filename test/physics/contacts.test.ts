/** Broad and narrow phase: the contacts that the grid finds are those that brute force finds, wherever bodies lie. */

import fc from 'fast-check'
import { addBody, type BodyDesc, frameStats, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { collide } from '../reference/collide.ts'
import { findPairs } from '../reference/find-pairs.ts'
import { forces } from '../reference/forces.ts'
import { gather } from '../reference/gather.ts'
import { integrateVelocities } from '../reference/integrate-velocities.ts'
import { stepReference } from '../reference/step.ts'
import { length, subtract, type Vec3 } from '../reference/vec.ts'
import type { ReferenceBody, ReferenceWorld } from '../reference/world.ts'
import {
  addTwin,
  between,
  createRandom,
  DT,
  inCube,
  makePhysics,
  makeTwin,
  positionOf,
  type Random,
  sphere,
  spinOf,
  type Twin,
  velocityOf,
} from './harness.ts'

type Soup = (random: Random, i: number) => BodyDesc

const ball = (radius: number, position: Vec3, linearVelocity: Vec3 = [0, 0, 0]): BodyDesc => ({
  shape: { type: 'sphere', radius },
  position: [...position],
  linearVelocity: [...linearVelocity],
  mass: radius ** 3,
})

/** Every kind of crowd that a grid can get wrong. */
const SOUPS: Record<string, Soup> = {
  'equal spheres': (random) => ball(0.5, inCube(random, 6), inCube(random, 5)),
  'fast spheres': (random) => ball(0.5, inCube(random, 20), inCube(random, 200)),
  'radii 1 : 1,000': (random) => ball(0.01 * 1000 ** (random() ** 8), inCube(random, 12), inCube(random, 3)),
  'a few giants among dust': (random, i) =>
    i % 50 === 0 ? ball(4, inCube(random, 12)) : ball(0.05, inCube(random, 8), inCube(random, 10)),
  'across the origin of the grid': (random) => ball(0.5, inCube(random, 4).map((v) => v * 0.6) as unknown as Vec3),
  'one long row': (random) => ball(0.5, [between(random, -300, 300), 0, 0], inCube(random, 2)),
  'a flat disc': (random) => ball(0.5, [between(random, -16, 16), 0.01 * random(), between(random, -16, 16)]),
  'a disc edge on, far wider than the grid': (random) =>
    ball(2, [between(random, -1e4, 1e4), between(random, -1, 1), between(random, -3, 3)]),
  'all in one cell': (random) => ball(0.5, inCube(random, 0.4)),
  'far from the origin': (random) => ball(0.5, inCube(random, 5).map((v) => v + 4096) as unknown as Vec3),
  'two crowds 1,000 km apart': (random, i) =>
    ball(0.5, [between(random, -5, 5) + (i % 2 ? 1e6 : 0), between(random, -5, 5), between(random, -2, 2)]),
  'outliers at 1e6 and 1e9 m': (random, i) => {
    const far = i % 10 === 0 ? 1e6 : i % 10 === 1 ? -1e9 : 0
    return ball(0.5, [between(random, -3, 3) + far, between(random, -3, 3) - far, between(random, -3, 3)])
  },
  'planes too': (random, i) =>
    i < 6
      ? { type: 'static', shape: { type: 'plane', normal: unit(random), offset: -6 } }
      : ball(0.5, inCube(random, 8), inCube(random, 5)),
  'static, kinematic, masked and sensing ones': (random, i) => ({
    ...ball(0.6, inCube(random, 5), inCube(random, 4)),
    type: (['dynamic', 'static', 'kinematic', 'dynamic'] as const)[i % 4],
    group: 1 << (i % 3),
    mask: i % 7 === 0 ? 1 : 7,
    sensor: i % 11 === 0,
  }),
}

function unit(random: Random): Vec3 {
  const v = inCube(random, 1)
  const size = length(v)
  return [v[0] / size, v[1] / size, v[2] / size]
}

async function makeSoup(soup: Soup, count: number, seed: number): Promise<Twin> {
  const twin = await makeTwin({ capacity: { contacts: 400_000 } })
  const random = createRandom(seed)
  for (let i = 0; i < count; i++) addTwin(twin, soup(random, i))
  return twin
}

/** The stages of the oracle up to its contacts. */
function countContacts(world: ReferenceWorld): number {
  gather(world)
  forces(world, DT)
  integrateVelocities(world, DT)
  return collide(world, findPairs(world), DT).length
}

/** The same with every radius larger by a share: what lies between two such counts is a matter of rounding. */
function countSwollen(world: ReferenceWorld, share: number): number {
  const bodies = world.bodies.map((body) => ({ ...body, motion: { ...body.motion } }))
  for (const body of bodies) {
    if (body.shape.type === 'sphere') body.shape = { type: 'sphere', radius: body.shape.radius * (1 + share) }
  }
  return countContacts({ ...world, bodies })
}

describe('the contacts of a soup', () => {
  test.each(Object.entries(SOUPS))('%s', async (_, soup) => {
    for (const [count, seed] of [
      [400, 1],
      [700, 2],
    ]) {
      const twin = await makeSoup(soup, count, seed)
      step(twin.physics, DT)
      const { contacts, droppedContacts, quarantined } = frameStats(twin.physics)
      expect({ contacts, droppedContacts, quarantined }).toEqual({
        contacts: countContacts(twin.world),
        droppedContacts: 0,
        quarantined: 0,
      })
      expect(contacts).toBeGreaterThan(20)
    }
  })

  test('any crowd, however long, flat or far from the origin: the grid wraps around in every way', async () => {
    const size = fc.integer({ min: -3, max: 9 }).map((power) => 2 ** power)
    const sizes = fc.tuple(size, size, size)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 2, max: 350 }),
        sizes,
        fc.nat(8),
        fc.nat(4),
        async (seed, count, [x, y, z], spread, far) => {
          const boxed = (random: Random): BodyDesc => {
            const [a, b, c] = inCube(random, 0.5)
            const radius = 0.1 * 2 ** (random() * spread)
            return ball(radius, [a * x + far * 100, b * y - far * 37, c * z], inCube(random, 6))
          }
          const twin = await makeSoup(boxed, count, seed)
          step(twin.physics, DT)
          const { contacts } = frameStats(twin.physics)
          expect(contacts).toBeGreaterThanOrEqual(countSwollen(twin.world, -1e-5))
          expect(contacts).toBeLessThanOrEqual(countSwollen(twin.world, 1e-5))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('all at one point: every pair once, nobody turns into NaN', async () => {
    const twin = await makeSoup(() => ball(0.5, [3, 3, 3]), 120, 1)
    step(twin.physics, DT)
    expect(frameStats(twin.physics).contacts).toBe((120 * 119) / 2)
    for (let i = 0; i < 30; i++) step(twin.physics, DT)
    expect(frameStats(twin.physics).quarantined).toBe(0)
    for (const body of twin.world.bodies) expect(length(positionOf(twin.physics, body.id))).toBeLessThan(100)
  })

  test('no contacts in an empty world, for one body, for two apart', async () => {
    const physics = await makePhysics()
    step(physics, DT)
    expect(frameStats(physics).contacts).toBe(0)
    for (const x of [0, 5]) {
      addBody(physics, sphere([x, 0, 0]))
      step(physics, DT)
      expect(frameStats(physics).contacts).toBe(0)
    }
  })
})

/** Contacts whose two bodies touch nothing else movable: their result does not depend on the order of solving. */
function lonelyBodies(world: ReferenceWorld): ReferenceBody[] {
  const degree = new Map<ReferenceBody, number>()
  const count = (body: ReferenceBody): void => void degree.set(body, (degree.get(body) ?? 0) + 1)
  for (const { a, b } of world.contacts.values()) {
    count(a)
    count(b)
  }
  const alone = (body: ReferenceBody): boolean => body.kind === 'static' || degree.get(body) === 1
  return [...world.contacts.values()].filter(({ a, b }) => alone(a) && alone(b)).flatMap(({ a, b }) => [a, b])
}

/** Separate pairs that overlap, touch or meet within the step, each in its own place. */
function pairScene(twin: Twin, pairs: number): void {
  const random = createRandom(11)
  for (let i = 0; i < pairs; i++) {
    const centre: Vec3 = [(i % 20) * 20 - 200, Math.floor(i / 20) * 20 - 100, 7]
    for (const end of [0, 1]) {
      const radius = between(random, 0.3, 2)
      const at = centre.map((v) => v + (end ? 1 : -1) * between(random, 0.2, 1.2)) as unknown as Vec3
      addTwin(twin, {
        ...ball(radius, at, inCube(random, 15)),
        angularVelocity: inCube(random, 4),
        friction: between(random, 0, 1),
        restitution: end ? between(random, 0, 1) : 0,
        type: i % 4 === 0 && end ? 'kinematic' : i % 4 === 1 && end ? 'static' : 'dynamic',
      })
    }
  }
}

test('the solver on separate pairs: velocities, spins and positions are those of the oracle, for 20 steps', async () => {
  const twin = await makeTwin({ gravity: [0, -9.81, 0] })
  pairScene(twin, 200)
  let compared = 0
  for (let i = 0; i < 20; i++) {
    step(twin.physics, DT)
    stepReference(twin.world, DT)
    for (const body of lonelyBodies(twin.world)) {
      if (body.kind !== 'dynamic') continue
      compared++
      // Single precision at 200 m: 2e-5 m, and what an error of the gap of that size gives as speed in one sub-step.
      expect(length(subtract(positionOf(twin.physics, body.id), body.position))).toBeLessThan(1e-3)
      expect(length(subtract(velocityOf(twin.physics, body.id), body.velocity))).toBeLessThan(2e-2)
      expect(length(subtract(spinOf(twin.physics, body.id), body.angularVelocity))).toBeLessThan(2e-2)
    }
  }
  expect(compared).toBeGreaterThan(500)
})
