import { describe, expect, test } from 'vitest'
import { fieldEdge, fieldScene } from '../../examples/scenes/field.ts'
import { galacticRigidScene } from '../../examples/scenes/galactic-rigid.ts'
import { crowdedBoxScene, discScene, plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { DYNAMIC, type SceneData } from '../../examples/scenes/scene.ts'
import { countOverlaps, rangeOf, volumeOf } from './scene-checks.ts'

const SCENES: [string, (seed: number) => SceneData][] = [
  ['field', (seed) => fieldScene(2_000, seed)],
  ['galactic, rigid part', galacticRigidScene],
  ['pile', (seed) => spherePileScene(500, seed)],
  ['uniform box', (seed) => uniformBoxScene(500, seed)],
  ['crowded box', (seed) => crowdedBoxScene(500, seed)],
  ['Plummer sphere', (seed) => plummerScene(500, seed)],
  ['thin disc', (seed) => discScene(500, seed)],
]

describe.each(SCENES)('%s', (_name, build) => {
  test('the same seed gives the same scene, another seed another one', () => {
    expect(build(3)).toEqual(build(3))
    expect(build(3).spheres.x).not.toEqual(build(4).spheres.x)
  })

  test('every value is finite, every mass and radius positive', () => {
    const { spheres } = build(1)
    for (const column of Object.values(spheres)) {
      if (typeof column !== 'number') expect(column.every(Number.isFinite)).toBe(true)
    }
    expect(rangeOf(spheres.mass)[0]).toBeGreaterThan(0)
    expect(rangeOf(spheres.radius)[0]).toBeGreaterThan(0)
  })
})

describe('field', () => {
  const { spheres, gravity } = fieldScene()
  const edge = fieldEdge(spheres.radius, spheres.count)

  test('25,000 spheres of radius 0.5–1.5 m fill 1 % of a cube', () => {
    expect(spheres.count).toBe(25_000)
    const [least, greatest] = rangeOf(spheres.radius)
    expect(least).toBeGreaterThanOrEqual(0.5)
    expect(greatest).toBeLessThanOrEqual(1.5)
    expect(volumeOf(spheres) / edge ** 3).toBeCloseTo(0.01, 6)
    for (const column of [spheres.x, spheres.y, spheres.z]) {
      const [low, high] = rangeOf(column)
      expect(low).toBeGreaterThanOrEqual(-edge / 2)
      expect(high).toBeLessThanOrEqual(edge / 2)
      // They fill it: a uniform sample this large comes within a metre of the faces.
      expect(high - low).toBeGreaterThan(edge - 1)
    }
  })

  test('nothing overlaps', () => {
    expect(countOverlaps(spheres)).toBe(0)
  })

  test('velocities within ±5 m/s, no gravity, restitution 0.3', () => {
    for (const column of [spheres.vx, spheres.vy, spheres.vz]) {
      const [low, high] = rangeOf(column)
      expect(low).toBeGreaterThanOrEqual(-5)
      expect(low).toBeLessThan(-4.9)
      expect(high).toBeLessThanOrEqual(5)
      expect(high).toBeGreaterThan(4.9)
    }
    expect(gravity).toEqual([0, 0, 0])
    expect(rangeOf(spheres.restitution)).toEqual([Math.fround(0.3), Math.fround(0.3)])
    expect(rangeOf(spheres.kind)).toEqual([DYNAMIC, DYNAMIC])
  })
})

describe('galactic, rigid part', () => {
  const { spheres: s } = galacticRigidScene(1)
  const ships = 25_000
  const shots = 25_500

  test('is the field, 500 ships and 15,000 projectiles', () => {
    expect(s.count).toBe(40_500)
    expect(s.x.subarray(0, ships)).toEqual(fieldScene().spheres.x)
    expect(rangeOf(s.radius, ships, shots)).toEqual([3, 3])
    expect(rangeOf(s.radius, shots)).toEqual([Math.fround(0.1), Math.fround(0.1)])
    expect(rangeOf(s.bullet, 0, shots)).toEqual([0, 0])
    expect(rangeOf(s.bullet, shots)).toEqual([1, 1])
  })

  test('projectiles fly at 150 m/s, ships within ±20 m/s a component', () => {
    for (let i = shots; i < s.count; i++) expect(Math.hypot(s.vx[i], s.vy[i], s.vz[i])).toBeCloseTo(150, 3)
    for (const column of [s.vx, s.vy, s.vz]) {
      const [low, high] = rangeOf(column, ships, shots)
      expect(low).toBeGreaterThanOrEqual(-20)
      expect(high).toBeLessThanOrEqual(20)
    }
  })

  test('nothing overlaps', () => {
    expect(countOverlaps(s)).toBe(0)
  })
})

describe('pile', () => {
  const { spheres: s, gravity, planes } = spherePileScene()

  test('5,000 unit spheres above the ground, none touching another', () => {
    expect(s.count).toBe(5_000)
    expect(rangeOf(s.radius)).toEqual([0.5, 0.5])
    expect(rangeOf(s.y)[0]).toBeGreaterThan(0.5)
    expect(countOverlaps(s)).toBe(0)
    expect(gravity).toEqual([0, -9.81, 0])
    expect(planes).toEqual([{ normal: [0, 1, 0], offset: 0, friction: 0.5, restitution: 0 }])
  })

  test('the lattice is 1.1 × 1.2 × 1.1 m, but for a centimetre sideways', () => {
    expect(Math.abs(s.x[1] - s.x[0] - 1.1)).toBeLessThan(0.0201)
    expect(s.y[18 * 18] - s.y[0]).toBeCloseTo(1.2, 5)
    expect(Math.abs(s.z[18] - s.z[0] - 1.1)).toBeLessThan(0.0201)
  })
})

describe('n-body scenes', () => {
  test('the uniform box is neutral, everything attracts, 8 m³ a body', () => {
    const { spheres: s, longRange } = uniformBoxScene()
    expect(s.count).toBe(1_000)
    expect(s.charge.reduce((sum, charge) => sum + charge, 0)).toBe(0)
    expect(rangeOf(s.attracts)).toEqual([1, 1])
    expect(rangeOf(s.x)[1]).toBeLessThanOrEqual(10)
    expect(longRange).toMatchObject({ gravity: 0.001, coulomb: 0.001 })
  })

  test('the Plummer sphere is in equilibrium: half-mass radius 1.3, virial ratio 1', () => {
    const { spheres: s } = plummerScene(2_000, 5)
    const distance = Array.from(s.x, (x, i) => Math.hypot(x, s.y[i], s.z[i])).sort((a, b) => a - b)
    expect(distance[1_000]).toBeGreaterThan(1.2)
    expect(distance[1_000]).toBeLessThan(1.4)
    let kinetic = 0
    let potential = 0
    for (let i = 0; i < s.count; i++) {
      kinetic += 0.5 * s.mass[i] * (s.vx[i] ** 2 + s.vy[i] ** 2 + s.vz[i] ** 2)
      for (let j = 0; j < i; j++) {
        potential -= (s.mass[i] * s.mass[j]) / Math.hypot(s.x[i] - s.x[j], s.y[i] - s.y[j], s.z[i] - s.z[j])
      }
    }
    expect((2 * kinetic) / -potential).toBeGreaterThan(0.92)
    expect((2 * kinetic) / -potential).toBeLessThan(1.08)
  })

  test('the Plummer sphere stays where it is', () => {
    const { spheres: s } = plummerScene(2_000, 5)
    for (const column of [s.x, s.y, s.z, s.vx, s.vy, s.vz]) {
      expect(Math.abs(column.reduce((sum, value) => sum + value, 0) / s.count)).toBeLessThan(1e-6)
    }
  })

  test('the crowded box is the uniform one with larger, faster bodies, none touching another', () => {
    const { spheres: s, longRange } = crowdedBoxScene()
    const { spheres: plain, longRange: same } = uniformBoxScene()
    expect(countOverlaps(s)).toBe(0)
    expect(countOverlaps({ ...plain, radius: s.radius })).toBeGreaterThan(50)
    expect(rangeOf(s.radius)).toEqual([Math.fround(0.4), Math.fround(0.4)])
    expect([s.mass, s.charge, s.attracts, longRange]).toEqual([plain.mass, plain.charge, plain.attracts, same])
    expect(rangeOf(s.x)[0]).toBeGreaterThanOrEqual(-10)
    expect(rangeOf(s.vx)[1]).toBeGreaterThan(1.4)
    expect(rangeOf(s.vx)[1]).toBeLessThanOrEqual(1.5)
  })
})

describe('thin disc', () => {
  const { spheres: s, longRange } = discScene(4_000, 5)
  const distance = Array.from(s.x, (x, i) => Math.hypot(x, s.z[i]))
  const disc = [...distance.keys()].slice(1)

  test('everything attracts; a central mass of 1, and 0.3 in bodies alike', () => {
    expect(s.count).toBe(4_000)
    expect(rangeOf(s.attracts)).toEqual([1, 1])
    expect([s.x[0], s.y[0], s.z[0], s.mass[0]]).toEqual([0, 0, 0, 1])
    expect(rangeOf(s.mass, 1)).toEqual(Array(2).fill(Math.fround(0.3 / 3_999)))
    expect(longRange).toMatchObject({ gravity: 0.01, coulomb: 0 })
  })

  test('is thin, and its density falls exponentially from 0.2 to 5', () => {
    const [low, high] = rangeOf(s.y)
    expect(Math.max(-low, high)).toBeLessThanOrEqual(Math.fround(0.02))
    const [inner, outer] = rangeOf(distance.slice(1))
    expect(inner).toBeGreaterThanOrEqual(0.1999)
    expect(outer).toBeLessThanOrEqual(5.0001)
    const part = (r: number): number => 1 - (1 + r) * Math.exp(-r)
    for (const r of [0.5, 1, 1.7, 3]) {
      const inside = disc.filter((i) => distance[i] < r).length / disc.length
      // Three standard deviations of a share of 4,000 are 0.024 at most.
      expect(Math.abs(inside - (part(r) - part(0.2)) / (part(5) - part(0.2)))).toBeLessThan(0.024)
    }
  })

  test('turns in near circles: in no other direction, and fast enough to stay', () => {
    let scatter = 0
    for (const i of disc) {
      const along = (s.z[i] * s.vx[i] - s.x[i] * s.vz[i]) / distance[i]
      const outwards = (s.x[i] * s.vx[i] + s.z[i] * s.vz[i]) / distance[i]
      // Between the central mass alone and all of the disc inside.
      const pull = (along * along * distance[i]) / 0.01
      expect(pull).toBeGreaterThan(0.93)
      expect(pull).toBeLessThan(1.3 * 1.05)
      scatter = Math.max(scatter, Math.abs(outwards) / along, Math.abs(s.vy[i]) / along)
    }
    expect(scatter).toBeLessThan(0.04)
    expect(scatter).toBeGreaterThan(0.015)
  })

  test('as a whole rests, and turns about +y', () => {
    for (const column of [s.vx, s.vy, s.vz]) {
      expect(Math.abs(column.reduce((sum, v, i) => sum + s.mass[i] * v, 0))).toBeLessThan(1e-6)
    }
    const turn = disc.reduce((sum, i) => sum + s.mass[i] * (s.z[i] * s.vx[i] - s.x[i] * s.vz[i]), 0)
    expect(turn).toBeGreaterThan(0.03)
  })
})
