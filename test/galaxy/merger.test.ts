import { frameStats, kineticEnergy, momentum, potentialEnergy, stateHash } from 'manybody'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  createMerger,
  DISC,
  discOf,
  disposeMerger,
  INSTANCE_GROUPS,
  KIND,
  KINDS_A_GALAXY,
  type Merger,
  type MergerOptions,
  mergerTime,
  separation,
  updateMerger,
} from '../../examples/galaxy/sim/index.ts'

const made: Merger[] = []
afterEach(() => {
  for (const merger of made.splice(0)) disposeMerger(merger)
})

async function create(options: MergerOptions): Promise<Merger> {
  const merger = await createMerger(options)
  made.push(merger)
  return merger
}

function run(merger: Merger, steps: number): void {
  for (let i = 0; i < steps; i++) updateMerger(merger)
}

function totalEnergy({ physics }: Merger): number {
  return kineticEnergy(physics) + potentialEnergy(physics, { method: 'direct' })
}

/** Twice the kinetic over the potential energy: 1 in equilibrium. */
function virialRatio({ physics }: Merger): number {
  return (-2 * kineticEnergy(physics)) / potentialEnergy(physics, { method: 'direct' })
}

describe('how it begins', () => {
  test('the same seed gives the same bits, on any number of threads; another seed others', async () => {
    const hashes = []
    for (const options of [{ threads: 1 }, { threads: 2 }, { threads: 1, seed: 2 }]) {
      const merger = await create({ count: 600, ...options })
      run(merger, 20)
      hashes.push(stateHash(merger.physics))
    }
    expect(hashes[1]).toBe(hashes[0])
    expect(hashes[2]).not.toBe(hashes[0])
  })

  test('galaxies of half the count each, apart, at rest together', async () => {
    const merger = await create({ count: 4000 })
    expect(merger.galaxies.map(({ length }) => length)).toEqual([2000, 2000])
    expect(separation(merger)).toBeGreaterThan(14)
    expect(separation(merger)).toBeLessThan(16)
    for (const part of momentum(merger.physics)) expect(Math.abs(part)).toBeLessThan(1e-5)
  })

  test('on a parabola: as points the galaxies would just escape each other', async () => {
    const merger = await create({ count: 4000 })
    const alone = await create({ count: 4000, alone: true })
    const encounter = totalEnergy(merger) - 2 * totalEnergy(alone)
    // Tides and the halos' overlap are all that is left; the kinetic energy of the approach alone is 1.7.
    expect(Math.abs(encounter)).toBeLessThan(0.25)
  })

  test('a tint tells galaxy and kind; halos are a group of their own', async () => {
    const { physics, galaxies, parts } = await create({ count: 2000 })
    const { tint, instanceGroup } = physics.components.RigidBody
    galaxies.forEach((eids, galaxy) => {
      const kinds = Array.from(eids, (eid) => Math.floor(tint[eid]) - KINDS_A_GALAXY * galaxy)
      expect(new Set(kinds.slice(0, parts.disc))).toEqual(new Set([KIND.disc, KIND.young, KIND.nebula, KIND.dust]))
      expect(new Set(kinds.slice(parts.disc, parts.disc + parts.bulge))).toEqual(new Set([KIND.bulge]))
      expect(new Set(kinds.slice(parts.disc + parts.bulge))).toEqual(new Set([KIND.halo]))
      const groups = Array.from(eids, (eid) => instanceGroup[eid])
      expect(new Set(groups.slice(0, parts.disc + parts.bulge))).toEqual(new Set([1]))
      expect(new Set(groups.slice(parts.disc + parts.bulge))).toEqual(new Set([2]))
    })
    expect(Object.keys(physics.instances.groups)).toEqual([INSTANCE_GROUPS.stars, INSTANCE_GROUPS.halo])
  })

  test.each([0, 99, 1000.5, Number.NaN])('a count of %s is refused', async (count) => {
    await expect(createMerger({ count })).rejects.toThrow(RangeError)
  })
})

/** One galaxy for ten units of time: most of a turn at two scale lengths. */
describe('a galaxy alone', () => {
  let merger: Merger
  let before: ReturnType<typeof describeDisc>
  const ratios: number[] = []

  /** Median radius, thickness inside half the cut (root mean square), mean speed about the axis there. */
  function describeDisc() {
    const { Position: p, LinearVelocity: v } = merger.physics.components
    const disc = discOf(merger, 0)
    const radii = Array.from(disc, (e) => Math.hypot(p.x[e], p.z[e]))
    const inner = Array.from(disc).filter((_, i) => radii[i] < DISC.cut / 2)
    const mean = (value: (eid: number) => number): number =>
      inner.reduce((sum, eid) => sum + value(eid), 0) / inner.length
    return {
      median: radii.sort((a, b) => a - b)[radii.length >> 1],
      height: Math.sqrt(mean((e) => p.y[e] * p.y[e])),
      speed: mean((e) => (p.z[e] * v.x[e] - p.x[e] * v.z[e]) / Math.hypot(p.x[e], p.z[e])),
    }
  }

  beforeAll(async () => {
    merger = await createMerger({ count: 6000, alone: true })
    before = describeDisc()
    for (let part = 0; part < 10; part++) {
      ratios.push(virialRatio(merger))
      run(merger, 50)
    }
  })
  afterAll(() => disposeMerger(merger))

  test('is in equilibrium all the time', () => {
    expect(mergerTime(merger)).toBeCloseTo(10, 6)
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.08)
  })

  test('its disc stays a disc: as wide, thin, turning', () => {
    const after = describeDisc()
    expect(Math.abs(after.median / before.median - 1)).toBeLessThan(0.08)
    expect(before.height).toBeLessThan(0.12)
    expect(after.height).toBeLessThan(0.2)
    expect(before.speed).toBeGreaterThan(0.8)
    expect(after.speed / before.speed).toBeGreaterThan(0.9)
  })
})

/** The whole encounter with few bodies. */
describe('two galaxies', () => {
  let merger: Merger
  let drift = 0
  const distances: number[] = []
  const touched = { pairs: 0, contacts: 0, quarantined: 0 }

  beforeAll(async () => {
    merger = await createMerger({ count: 1200, method: 'direct' })
    const start = totalEnergy(merger)
    for (let part = 0; part < 40; part++) {
      distances.push(separation(merger))
      run(merger, 50)
      drift = Math.max(drift, Math.abs(totalEnergy(merger) / start - 1))
      const stats = frameStats(merger.physics)
      touched.pairs += stats.pairs
      touched.contacts += stats.contacts
      touched.quarantined += stats.quarantined
    }
  })
  afterAll(() => disposeMerger(merger))

  test('meet, part again, and merge', () => {
    const first = distances.findIndex((distance) => distance < 4.5)
    expect(first * 50).toBeLessThanOrEqual(600)
    const parted = Math.max(...distances.slice(first))
    expect(parted).toBeGreaterThan(6)
    expect(distances.at(-1)).toBeLessThan(1)
  })

  test('every body attracts, none touches another', () => {
    expect(frameStats(merger.physics).sources).toBe(1200)
    expect(touched).toEqual({ pairs: 0, contacts: 0, quarantined: 0 })
  })

  test('energy keeps to 1e-4, momentum to 1e-5 of the mass', () => {
    expect(drift).toBeGreaterThan(0)
    expect(drift).toBeLessThan(1e-4)
    for (const part of momentum(merger.physics)) expect(Math.abs(part)).toBeLessThan(1e-5 * 9.76)
  })
})
