/** The oracle against closed forms: what the kernel is compared with must itself be right. */
import { describe, expect, test } from 'vitest'
import { colourContacts } from './colours.ts'
import { angularMomentum, kineticEnergy, momentum, potentialEnergy } from './measures.ts'
import { stepReference } from './step.ts'
import { add, cross, dot, length, normalize, rotateBy, subtract, type Vec3 } from './vec.ts'
import {
  addReferenceBody,
  type Contact,
  createReferenceWorld,
  type ReferenceBody,
  type ReferenceBodyDesc,
  type ReferenceWorld,
} from './world.ts'

const DT = 1 / 60

const sphere = (world: ReferenceWorld, position: Vec3, more: Partial<ReferenceBodyDesc> = {}): ReferenceBody =>
  addReferenceBody(world, { shape: { type: 'sphere', radius: 1 }, mass: 1, position, ...more })

const ground = (world: ReferenceWorld, more: Partial<ReferenceBodyDesc> = {}): ReferenceBody =>
  addReferenceBody(world, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, ...more })

function run(world: ReferenceWorld, steps: number, dt = DT): void {
  for (let i = 0; i < steps; i++) stepReference(world, dt)
}

describe('free motion', () => {
  test('a fall is the exact parabola, whatever the step', () => {
    const world = createReferenceWorld({ gravity: [0, -10, 0] })
    const body = sphere(world, [0, 100, 0], { linearVelocity: [3, 4, 0] })
    run(world, 30, 0.1)
    expect(body.position[0]).toBeCloseTo(9, 10)
    expect(body.position[1]).toBeCloseTo(100 + 4 * 3 - 0.5 * 10 * 9, 10)
    expect(body.velocity[1]).toBeCloseTo(4 - 30, 10)
  })

  test('a force lasts one step', () => {
    const world = createReferenceWorld()
    const body = sphere(world, [0, 0, 0], { mass: 2 })
    body.force = [4, 0, 0]
    body.torque = [0, 0, 0.8]
    run(world, 2)
    expect(body.velocity[0]).toBeCloseTo(2 * DT, 12)
    expect(body.angularVelocity[2]).toBeCloseTo(DT, 12)
  })

  test('drag follows exp(−c t) to first order in the step', () => {
    const world = createReferenceWorld()
    const body = sphere(world, [0, 0, 0], { linearVelocity: [1, 0, 0], linearDamping: 0.5, angularVelocity: [0, 1, 0] })
    body.angularDamping = 1
    run(world, 600)
    expect(body.velocity[0]).toBeCloseTo((1 + 0.5 * DT) ** -600, 12)
    expect(body.velocity[0] / Math.exp(-5)).toBeCloseTo(1, 1)
    expect(body.angularVelocity[1]).toBeCloseTo((1 + DT) ** -600, 12)
  })

  test('a spin turns the body by ω·t', () => {
    let q = normalize([0, 0, 0, 1])
    for (let i = 0; i < 600; i++) q = rotateBy(q, [0, 0, 1], DT)
    expect(2 * Math.atan2(q[2], q[3])).toBeCloseTo(10 - 4 * Math.PI, 2)
  })

  test('dt = 0 does nothing', () => {
    const world = createReferenceWorld({ gravity: [0, -10, 0] })
    const body = sphere(world, [0, 1, 0])
    body.force = [1, 0, 0]
    run(world, 1, 0)
    expect(body).toMatchObject({ position: [0, 1, 0], velocity: [0, 0, 0], force: [1, 0, 0] })
  })
})

describe('long range', () => {
  /** A light body at the apocentre of an ellipse about a heavy one at rest: G M = 1, a = 1. */
  function kepler(eccentricity: number): { world: ReferenceWorld; planet: ReferenceBody } {
    const world = createReferenceWorld({ longRange: { gravity: 1, minDistance: 1e-9 } })
    const sun = { shape: { type: 'sphere', radius: 1e-3 }, mass: 1, attracts: true, type: 'static' } as const
    addReferenceBody(world, sun)
    const speed = Math.sqrt((1 - eccentricity) / (1 + eccentricity))
    const planet = addReferenceBody(world, {
      shape: { type: 'sphere', radius: 1e-3 },
      mass: 1e-9,
      position: [1 + eccentricity, 0, 0],
      linearVelocity: [0, speed, 0],
    })
    return { world, planet }
  }

  const energy = (planet: ReferenceBody): number =>
    dot(planet.velocity, planet.velocity) / 2 - 1 / length(planet.position)

  test('Kepler, e = 0.5: the energy error stays bounded and is of second order', () => {
    const worst = [200, 400].map((steps) => {
      const { world, planet } = kepler(0.5)
      let error = 0
      for (let i = 0; i < 20 * steps; i++) {
        stepReference(world, (2 * Math.PI) / steps)
        error = Math.max(error, Math.abs(energy(planet) / -0.5 - 1))
      }
      return error
    })
    expect(worst[0]).toBeLessThan(1e-3)
    expect(worst[0] / worst[1]).toBeGreaterThan(3.5)
    expect(worst[0] / worst[1]).toBeLessThan(4.5)
  })

  test('a charged, massive cloud keeps momentum, angular momentum and energy', () => {
    const world = createReferenceWorld({ longRange: { gravity: 1, coulomb: 1, softening: 0.3 } })
    for (let i = 0; i < 24; i++) {
      const at: Vec3 = [Math.sin(i) * 4, Math.sin(i * 1.7) * 4, Math.cos(i * 2.3) * 4]
      const shape = { type: 'sphere', radius: 0.01 } as const
      sphere(world, at, { shape, mass: 1 + (i % 3), charge: i % 2 ? 0.5 : -0.5, attracts: true, mask: 0 })
    }
    const before = kineticEnergy(world) + potentialEnergy(world)
    run(world, 300, 0.005)
    expect(length(momentum(world))).toBeLessThan(1e-11)
    expect(length(angularMomentum(world))).toBeLessThan(1e-10)
    const after = kineticEnergy(world) + potentialEnergy(world)
    expect(Math.abs(after / before - 1)).toBeLessThan(1e-4)
  })

  test('pairs closer than minDistance, and at one point, give nothing', () => {
    const world = createReferenceWorld({ longRange: { gravity: 1, minDistance: 1 } })
    const bodies = [0, 0, 0.9].map((x) => sphere(world, [x, 0, 0], { attracts: true, group: 0 }))
    run(world, 1)
    expect(bodies.map((body) => body.velocity)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ])
  })
})

describe('collisions', () => {
  /** Two spheres meet head on or obliquely; gives their velocities afterwards. */
  function collision(masses: [number, number], restitution: number, offset = 0): [Vec3, Vec3] {
    const world = createReferenceWorld()
    const more = { friction: 0, restitution }
    const a = sphere(world, [-3, offset, 0], { ...more, mass: masses[0], linearVelocity: [10, 0, 0] })
    const b = sphere(world, [3, 0, 0], { ...more, mass: masses[1], linearVelocity: [-5, 0, 0] })
    run(world, 60)
    return [a.velocity, b.velocity]
  }

  test.each([
    [1, 1, 1],
    [1, 3, 1],
    [2, 1, 0.5],
    [1, 1000, 0],
  ])('head on, masses %f and %f, e = %f: the closed form', (m1, m2, e) => {
    const [a, b] = collision([m1, m2], e)
    const centre = (m1 * 10 - m2 * 5) / (m1 + m2)
    expect(a[0]).toBeCloseTo(centre - ((m2 * e) / (m1 + m2)) * 15, 6)
    expect(b[0]).toBeCloseTo(centre + ((m1 * e) / (m1 + m2)) * 15, 6)
  })

  test('oblique and elastic: only the normal parts change, along the true normal', () => {
    const [a, b] = collision([1, 1], 1, Math.sqrt(2))
    // The centres are √2 apart sideways and 2 in all: the normal is at 45°. Equal masses swap their normal parts.
    const n: Vec3 = [Math.SQRT1_2, -Math.SQRT1_2, 0]
    const swap = 15 * n[0]
    expect(length(subtract(a, [10 - swap * n[0], -swap * n[1], 0]))).toBeLessThan(1e-6)
    expect(length(subtract(b, [-5 + swap * n[0], swap * n[1], 0]))).toBeLessThan(1e-6)
  })

  test('with friction, momentum and angular momentum stay', () => {
    const world = createReferenceWorld()
    const a = sphere(world, [-3, 0.7, 0.2], { linearVelocity: [10, 0, 0], angularVelocity: [0, 0, 9] })
    const b = sphere(world, [3, 0, 0], { linearVelocity: [-5, 0, 0], mass: 3 })
    const before = angularMomentum(world)
    const p = momentum(world)
    run(world, 60)
    expect(a.angularVelocity).not.toEqual([0, 0, 9])
    expect(length(b.angularVelocity)).toBeGreaterThan(0.1)
    expect(length(subtract(momentum(world), p))).toBeLessThan(1e-9)
    // The contact works at the surfaces, which the soft contact leaves a little apart or overlapping.
    expect(length(subtract(angularMomentum(world), before))).toBeLessThan(0.02 * length(before))
  })
})

describe('rest and friction', () => {
  test('a sphere set down on the ground stays there', () => {
    const world = createReferenceWorld({ gravity: [0, -9.81, 0] })
    ground(world)
    const body = sphere(world, [0, 1, 0])
    run(world, 300)
    expect(body.position[1]).toBeGreaterThan(0.995)
    expect(body.position[1]).toBeLessThan(1.0001)
    expect(length(body.velocity)).toBeLessThan(1e-3)
  })

  test('a sliding sphere ends up rolling at 5/7 of its speed', () => {
    const world = createReferenceWorld({ gravity: [0, -9.81, 0] })
    ground(world)
    const body = sphere(world, [0, 1, 0], { linearVelocity: [7, 0, 0] })
    run(world, 120)
    expect(body.velocity[0]).toBeCloseTo(5, 2)
    expect(body.angularVelocity[2]).toBeCloseTo(-5, 2)
  })

  test.each([0, 0.5, 1])('e = %f: bounces to e²·h', (restitution) => {
    const world = createReferenceWorld({ gravity: [0, -9.81, 0] })
    ground(world)
    const body = sphere(world, [0, 6, 0], { restitution })
    let turned = false
    let top = 0
    for (let i = 0; i < 600; i++) {
      stepReference(world, 1 / 240)
      turned ||= body.velocity[1] > 0
      if (turned) top = Math.max(top, body.position[1] - 1)
    }
    expect(Math.abs(top - 5 * restitution ** 2)).toBeLessThan(0.05)
  })

  test('colours hold each dynamic body once, static ones any number of times', () => {
    const world = createReferenceWorld()
    const floor = ground(world)
    const bodies = [0, 1, 2, 3].map((x) => sphere(world, [x, 0, 0]))
    const pairs = [...bodies.map((b) => [floor, b]), [bodies[0], bodies[1]], [bodies[1], bodies[2]]]
    const colours = colourContacts(pairs.map(([a, b]) => ({ a, b }) as Contact))
    expect(colours.map((colour) => colour.length)).toEqual([4, 1, 1])
  })
})

describe('bullets', () => {
  test('a fast bullet stops at a thin target: point, time and impulse', () => {
    const world = createReferenceWorld()
    const wall = sphere(world, [100, 0, 0], { type: 'static', shape: { type: 'sphere', radius: 0.05 } })
    const shape = { type: 'sphere', radius: 0.05 } as const
    const bullet = sphere(world, [95, 0, 0], { shape, bullet: true, linearVelocity: [1000, 0, 0], mass: 0.01 })
    run(world, 1)
    expect(world.hits).toHaveLength(1)
    const hit = world.hits[0]
    expect(hit.other).toBe(wall)
    expect(hit.time).toBeCloseTo(4.9 / (1000 * DT), 10)
    expect(hit.point[0]).toBeCloseTo(99.95, 10)
    expect(hit.impulse).toBeCloseTo(10, 10)
    expect(bullet.position[0]).toBeCloseTo(99.9, 10)
    expect(bullet.velocity).toEqual([0, 0, 0])
  })

  test('a plane stops it too, and a masked body does not', () => {
    const world = createReferenceWorld()
    ground(world)
    sphere(world, [0, 3, 0], { group: 2 })
    const bullet = sphere(world, [0, 8, 0], { bullet: true, linearVelocity: [0, -1000, 0], mask: 1 })
    run(world, 1)
    expect(bullet.position[1]).toBeCloseTo(1, 10)
  })
})

test('a poisoned body is left out, and returns when it is sound again', () => {
  const world = createReferenceWorld({ gravity: [0, -1, 0] })
  const sick = sphere(world, [0, Number.NaN, 0])
  const well = sphere(world, [0, 0, 0])
  run(world, 1)
  expect(world.quarantined).toBe(1)
  expect(sick.velocity).toEqual([0, 0, 0])
  expect(well.velocity[1]).toBeCloseTo(-DT, 12)
  sick.position = add([0, 9, 0], cross([1, 0, 0], [0, 1, 0]))
  run(world, 1)
  expect(world.quarantined).toBe(0)
  expect(sick.velocity[1]).toBeCloseTo(-DT, 12)
})
