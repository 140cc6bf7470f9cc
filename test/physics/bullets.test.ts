/** Swept bullets: nothing is passed at any speed, hits are exact, ordered, filtered and conserve momentum. */
import { addBody, type BodyDesc, contactHits, momentum, type Physics, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { stepReference } from '../reference/step.ts'
import { addScaled, dot, length, subtract, type Vec3 } from '../reference/vec.ts'
import {
  addTwin,
  between,
  createRandom,
  DT,
  ground,
  inCube,
  makePhysics,
  makeTwin,
  positionOf,
  randomDirection,
  run,
  sphere,
  velocityOf,
} from './harness.ts'

const bullet = (position: Vec3, linearVelocity: Vec3, more: Partial<BodyDesc> = {}): BodyDesc =>
  sphere(position, {
    shape: { type: 'sphere', radius: 0.05 },
    linearVelocity: [...linearVelocity],
    mass: 0.01,
    bullet: true,
    ...more,
  })

describe('10,000 shots at 1,000 m/s', () => {
  const capacity = { entities: 12_288, bodies: 12_000, hits: 12_000 }

  test('none leaves a closed shell of static spheres of 0.1 m', async () => {
    const physics = await makePhysics({ capacity })
    const random = createRandom(1)
    // Six planes of small spheres would need a million of them: a room of 4 m whose walls are 1,200 spheres each.
    const wall = 0.1
    const pitch = 0.115
    for (let i = -17; i <= 17; i++) {
      for (let j = -17; j <= 17; j++) {
        for (const at of faces(i * pitch, j * pitch)) {
          addBody(physics, sphere(at, { type: 'static', shape: { type: 'sphere', radius: wall } }))
        }
      }
    }
    const shots: number[] = []
    while (shots.length < 4000) {
      const direction = randomDirection(random, [0, 0, 0])
      const velocity: Vec3 = [direction[0] * 1000, direction[1] * 1000, direction[2] * 1000]
      shots.push(addBody(physics, bullet(inCube(random, 1.5), velocity)))
    }
    run(physics, 30)
    const outside = shots.filter((e) => Math.max(...positionOf(physics, e).map(Math.abs)) > 2)
    expect(outside).toEqual([])
  })

  test('none passes a plane, from any side it faces, at any angle', async () => {
    const physics = await makePhysics({ capacity })
    const normal: [number, number, number] = [0.6, 0, 0.8]
    addBody(physics, { type: 'static', shape: { type: 'plane', normal, offset: 3 } })
    const random = createRandom(2)
    const shots: number[] = []
    for (let i = 0; i < 10_000; i++) {
      const direction = randomDirection(random, [0, 0, 0])
      const at = addScaled(inCube(random, 20), normal, 45)
      shots.push(addBody(physics, bullet(at, [direction[0] * 1000, direction[1] * 1000, direction[2] * 1000])))
    }
    let hits = 0
    for (let i = 0; i < 12; i++) {
      step(physics, DT)
      hits += contactHits(physics).count
    }
    expect(hits).toBeGreaterThan(4000)
    const deepest = Math.min(...shots.map((e) => dot(positionOf(physics, e), normal) - 3))
    expect(deepest).toBeGreaterThan(0.05 - 1e-3)
  })

  test('every shot aimed at a moving sphere hits it, every shot past it misses', async () => {
    const physics = await makePhysics({ capacity })
    const random = createRandom(3)
    const expected: number[] = []
    for (let i = 0; i < 3000; i++) {
      // Each pair has its own lane along x, 4 m from the next.
      const [y, z] = [(i % 60) * 4, Math.floor(i / 60) * 4]
      const speed = between(random, -100, 100)
      const radius = between(random, 0.1, 0.5)
      const shape = { type: 'sphere', radius } as const
      const target = addBody(physics, sphere([12, y, z], { shape, linearVelocity: [speed, 0, 0], mass: 1e3 }))
      const aside = between(random, 0, 2) * (radius + 0.05)
      addBody(physics, bullet([0, y + aside, z], [1000, 0, 0]))
      if (aside < radius + 0.05) expected.push(target)
    }
    step(physics, DT)
    const hits = contactHits(physics)
    expect([...hits.other.subarray(0, hits.count)].sort((a, b) => a - b)).toEqual(expected)
  })
})

/** The same (a, b) on each wall of a cube of half size 2.05 about the origin. */
const faces = (a: number, b: number): Vec3[] => [
  [2.05, a, b],
  [-2.05, a, b],
  [a, 2.05, b],
  [a, -2.05, b],
  [a, b, 2.05],
  [a, b, -2.05],
]

describe('one hit', () => {
  test('point, normal, impulse, place and speed are those of the closed form', async () => {
    const physics = await makePhysics()
    const target = addBody(physics, sphere([8, 0.3, 0], { mass: 2, restitution: 0.5 }))
    const shot = addBody(physics, bullet([0, 0, 0], [900, 0, 0], { mass: 0.5 }))
    step(physics, DT)
    const hits = contactHits(physics)
    expect(hits.count).toBe(1)
    expect([hits.bullet[0], hits.other[0]]).toEqual([shot, target])
    const reach = 1.05
    const normal: Vec3 = [-Math.sqrt(reach ** 2 - 0.3 ** 2) / reach, -0.3 / reach, 0]
    expect(length(subtract([hits.nx[0], hits.ny[0], hits.nz[0]], normal))).toBeLessThan(1e-5)
    const point = addScaled([8, 0.3, 0], normal, 1)
    expect(length(subtract([hits.x[0], hits.y[0], hits.z[0]], point))).toBeLessThan(1e-5)
    const impulse = (1.5 * 900 * -normal[0]) / (1 / 0.5 + 1 / 2)
    expect(Math.abs(hits.impulse[0] / impulse - 1)).toBeLessThan(1e-5)
    expect(length(subtract(positionOf(physics, shot), addScaled([8, 0.3, 0], normal, reach)))).toBeLessThan(1e-5)
    expect(length(subtract(velocityOf(physics, shot), addScaled([900, 0, 0], normal, impulse / 0.5)))).toBeLessThan(
      1e-2,
    )
    expect(length(subtract(velocityOf(physics, target), addScaled([0, 0, 0], normal, -impulse / 2)))).toBeLessThan(1e-3)
  })

  test('a hit of a moving target happens where both are at that time', async () => {
    const physics = await makePhysics()
    const target = addBody(physics, sphere([10, -6.3, 0], { linearVelocity: [0, 600, 0], mass: 1e6 }))
    addBody(physics, bullet([0, 0, 0], [900, 0, 0]))
    step(physics, DT)
    const hits = contactHits(physics)
    expect(hits.count).toBe(1)
    // In the target's frame: d = (−10, 6.3), w = (15, −10) a step, |d + w t| = 1.05.
    const time = firstTime([-10, 6.3], [15, -10], 1.05)
    const centre: Vec3 = [10, -6.3 + 10 * time, 0]
    const meets: Vec3 = [15 * time, 0, 0]
    expect(length(subtract(meets, centre))).toBeCloseTo(1.05, 6)
    const point = addScaled(meets, subtract(centre, meets), 0.05 / 1.05)
    expect(length(subtract([hits.x[0], hits.y[0], hits.z[0]], point))).toBeLessThan(1e-4)
    expect(velocityOf(physics, target)[1]).toBeCloseTo(600, 2)
  })

  test('momentum stays', async () => {
    const physics = await makePhysics()
    addBody(physics, sphere([8, 0.3, 0.2], { mass: 0.02, restitution: 1 }))
    addBody(physics, bullet([0, 0, 0], [900, 0, 0]))
    const before = [...momentum(physics)]
    step(physics, DT)
    expect(contactHits(physics).count).toBe(1)
    expect(Math.hypot(...momentum(physics).map((p, axis) => p - before[axis])) / 9).toBeLessThan(1e-6)
  })
})

const firstTime = (d: [number, number], w: [number, number], reach: number): number => {
  const a = w[0] ** 2 + w[1] ** 2
  const b = d[0] * w[0] + d[1] * w[1]
  return (-b - Math.sqrt(b * b - a * (d[0] ** 2 + d[1] ** 2 - reach * reach))) / a
}

describe('who is hit', () => {
  test('the first body on the path, not the nearest to the start or the lowest id', async () => {
    const physics = await makePhysics()
    addBody(physics, sphere([12, 0, 0]))
    const first = addBody(physics, sphere([6, 0, 0]))
    addBody(physics, sphere([0, 2, 0]))
    addBody(physics, bullet([0, 0, 0], [1000, 0, 0]))
    step(physics, DT)
    expect(contactHits(physics).other[0]).toBe(first)
  })

  test('at the same moment: the lower id', async () => {
    const physics = await makePhysics()
    const lower = addBody(physics, sphere([8, 0.5, 0]))
    addBody(physics, sphere([8, -0.5, 0]))
    addBody(physics, bullet([0, 0, 0], [1000, 0, 0]))
    step(physics, DT)
    expect(contactHits(physics).other[0]).toBe(lower)
  })

  test('not what the masks forbid, not sensors, not other bullets', async () => {
    const physics = await makePhysics()
    addBody(physics, sphere([4, 0, 0], { group: 2 }))
    addBody(physics, sphere([7, 0, 0], { sensor: true }))
    addBody(physics, sphere([10, 0, 0], { mask: 4 }))
    addBody(physics, bullet([12, 0, 0], [0, 0, 0]))
    const shot = addBody(physics, bullet([0, 0, 0], [1200, 0, 0], { mask: 1 }))
    step(physics, DT)
    expect(contactHits(physics).count).toBe(0)
    expect(positionOf(physics, shot)[0]).toBeCloseTo(20, 4)
  })

  test('not what it leaves: fired from inside a body', async () => {
    const physics = await makePhysics()
    addBody(physics, sphere([0, 0, 0], { type: 'static' }))
    const shot = addBody(physics, bullet([0.9, 0, 0], [600, 0, 0]))
    step(physics, DT)
    expect(contactHits(physics).count).toBe(0)
    expect(positionOf(physics, shot)[0]).toBeCloseTo(10.9, 4)
  })
})

describe('what a bullet hit carries it on', () => {
  test('none is inside a moving body at the end of its step', async () => {
    const physics = await makePhysics()
    const random = createRandom(12)
    const ships: number[] = []
    // Far enough from one another that no bullet comes in between two.
    for (let i = 0; i < 64; i++) {
      const at: Vec3 = [(i % 4) * 9 - 13.5, (Math.floor(i / 4) % 4) * 9 - 13.5, Math.floor(i / 16) * 9 - 13.5]
      const type = i % 3 === 0 ? 'kinematic' : 'dynamic'
      ships.push(addBody(physics, sphere(at, { type, mass: 500, linearVelocity: inCube(random, 40) })))
    }
    for (let i = 0; i < 2000; i++) {
      const [x, y, z] = inCube(random, 18)
      addBody(physics, bullet([x / 4 - 30, y, z + 13], [between(random, 150, 600), y, z]))
    }
    let hits = 0
    for (let i = 0; i < 6; i++) {
      step(physics, DT)
      const { count, bullet: shots, other } = contactHits(physics)
      hits += count
      for (let k = 0; k < count; k++) {
        if (!ships.includes(other[k])) continue
        const gap = length(subtract(positionOf(physics, shots[k]), positionOf(physics, other[k]))) - 1.05
        expect(Math.abs(gap)).toBeLessThan(1e-3)
      }
    }
    expect(hits).toBeGreaterThan(100)
  })

  test.each(['kinematic', 'dynamic'] as const)('but not through a wall that lets the %s body pass', async (type) => {
    const physics = await makePhysics()
    addBody(physics, { shape: { type: 'box', halfExtents: [0.01, 5, 200] }, type: 'static' })
    const shots: number[] = []
    for (let i = 0; i < 40; i++) {
      const z = (i - 20) * 4
      // It crosses the wall in this step or the next; the bullet is in between and flies against it.
      addBody(
        physics,
        sphere([1.3 + (i % 10) * 0.2, 0, z], { type, mass: 1e4, linearVelocity: [-120, 0, 0], group: 2, mask: 4 }),
      )
      shots.push(addBody(physics, bullet([0.1 + (i % 7) * 0.02, 0, z], [30, 0, 0], { group: 4, mask: 3 })))
    }
    for (let i = 0; i < 2; i++) {
      step(physics, DT)
      for (const shot of shots) expect(positionOf(physics, shot)[0]).toBeGreaterThan(0.01)
    }
  })
})

describe('many bullets', () => {
  async function volley(threads: number): Promise<{ physics: Physics; record: number[][] }> {
    const physics = await makePhysics({ threads })
    const random = createRandom(9)
    for (let i = 0; i < 60; i++)
      addBody(physics, sphere(inCube(random, 15), { mass: 5, linearVelocity: inCube(random, 9) }))
    for (let i = 0; i < 3000; i++) addBody(physics, bullet(inCube(random, 25), inCube(random, 300)))
    const record: number[][] = []
    for (let i = 0; i < 20; i++) {
      step(physics, DT)
      const { count, bullet: shots, other, impulse } = contactHits(physics)
      for (let k = 0; k < count; k++) record.push([shots[k], other[k], impulse[k]])
    }
    return { physics, record }
  }

  test('hits come in the same order with the same numbers on any number of threads', async () => {
    const [one, two, four] = [await volley(1), await volley(2), await volley(4)]
    expect(one.record.length).toBeGreaterThan(200)
    expect(two.record).toEqual(one.record)
    expect(four.record).toEqual(one.record)
  })

  test('the hits of one step against the oracle', async () => {
    const twin = await makeTwin({ gravity: [0, -9.81, 0] })
    const random = createRandom(4)
    addTwin(twin, ground())
    for (let i = 0; i < 80; i++) {
      addTwin(twin, sphere([(i % 9) * 4 - 16, 3 + (i % 2), Math.floor(i / 9) * 4 - 16], { mass: 50, restitution: 0.3 }))
    }
    for (let i = 0; i < 800; i++) {
      const [x, y, z] = inCube(random, 18)
      addTwin(twin, bullet([x, y + 20, z], inCube(random, 900)))
    }
    step(twin.physics, DT)
    stepReference(twin.world, DT)
    const hits = contactHits(twin.physics)
    const kernel = Array.from({ length: hits.count }, (_, i) => `${hits.bullet[i]}-${hits.other[i]}`)
    const oracle = twin.world.hits.map((hit) => `${hit.bullet.id}-${hit.other.id}`)
    expect(oracle.length).toBeGreaterThan(60)
    expect(kernel.sort()).toEqual(oracle.sort())
    for (const body of twin.world.bodies) {
      if (body.shape.type === 'plane') continue
      expect(length(subtract(positionOf(twin.physics, body.id), body.position))).toBeLessThan(5e-4)
    }
  })

  test('a target that is knocked away within the step is met on its new way', async () => {
    for (const x of [2, 5, 8]) {
      const twin = await makeTwin()
      addTwin(twin, sphere([-3, 0, 0], { mass: 1e4, linearVelocity: [600, 0, 0] }))
      addTwin(twin, sphere([0, 0, 0], { mass: 1, shape: { type: 'sphere', radius: 0.5 } }))
      for (let i = 0; i < 40; i++) addTwin(twin, bullet([x, -10 + 0.2 * i, 0], [0, 600, 0]))
      step(twin.physics, DT)
      stepReference(twin.world, DT)
      const hits = contactHits(twin.physics)
      const oracle = twin.world.hits.map((hit) => hit.bullet.id)
      expect(oracle.length).toBeGreaterThan(5)
      expect([...hits.bullet.subarray(0, hits.count)]).toEqual(oracle)
    }
  })
})
