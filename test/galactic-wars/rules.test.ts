import { bodyCount, entityOf, parentOf, particleCount, removeBody, stateHash, worldMatrix } from 'manybody'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  createGalacticWars,
  disposeGalaxy,
  type Galaxy,
  type GalaxyOptions,
  galaxyCounts,
  loadGalaxy,
  saveGalaxy,
  throwExplosion,
  updateGalaxy,
} from '../../examples/galactic-wars/sim/index.ts'
import { leadDirection } from '../../examples/galactic-wars/sim/lead.ts'
import { targetOf } from '../../examples/galactic-wars/sim/targets.ts'
import { scratch, setVector } from '../../examples/galactic-wars/sim/vec.ts'

const SMALL: GalaxyOptions = { ships: 60, asteroids: 2_000, projectiles: 1_500, particles: 4_000, threads: 1 }
const living: Galaxy[] = []

async function start(options: GalaxyOptions = {}): Promise<Galaxy> {
  const galaxy = await createGalacticWars({ ...SMALL, ...options })
  living.push(galaxy)
  return galaxy
}

async function hashAfter(frames: number, options: GalaxyOptions): Promise<string> {
  const galaxy = await start(options)
  for (let i = 0; i < frames; i++) updateGalaxy(galaxy)
  return stateHash(galaxy.physics)
}

afterEach(() => {
  vi.restoreAllMocks()
  for (const galaxy of living.splice(0)) disposeGalaxy(galaxy)
})

describe('determinism', () => {
  test('the same seed gives the same battle, another seed another one', async () => {
    const first = await hashAfter(180, { seed: 7 })
    expect(await hashAfter(180, { seed: 7 })).toBe(first)
    expect(await hashAfter(180, { seed: 8 })).not.toBe(first)
  })

  test('threads and tier do not change it', async () => {
    const first = await hashAfter(120, { seed: 3, threads: 1 })
    expect(await hashAfter(120, { seed: 3, threads: 2 })).toBe(first)
    expect(await hashAfter(120, { seed: 3, tier: 'simd' })).toBe(first)
  })

  test('two games side by side do not disturb each other', async () => {
    const [a, b] = [await start({ seed: 5 }), await start({ seed: 6 })]
    for (let i = 0; i < 90; i++) {
      updateGalaxy(a)
      updateGalaxy(b)
    }
    expect(stateHash(a.physics)).toBe(await hashAfter(90, { seed: 5 }))
  })

  test('the rules ask neither Math.random nor the date', async () => {
    const forbidden = () => {
      throw new Error('not deterministic')
    }
    vi.spyOn(Math, 'random').mockImplementation(forbidden)
    vi.spyOn(Date, 'now').mockImplementation(forbidden)
    const galaxy = await start()
    for (let i = 0; i < 30; i++) updateGalaxy(galaxy)
    expect(galaxy.frame).toBe(30)
  })
})

describe('the game keeps going', () => {
  test('a minute of a small battle keeps its counts', async () => {
    const galaxy = await start()
    const bodies = bodyCount(galaxy.physics)
    for (let i = 0; i < 3_600; i++) updateGalaxy(galaxy)
    const counts = galaxyCounts(galaxy)
    expect(counts).toMatchObject({ ships: 60, asteroids: 2_000, projectiles: 1_500 })
    expect(Math.abs(counts.particles / 4_000 - 1)).toBeLessThan(0.02)
    expect(bodyCount(galaxy.physics)).toBe(bodies)
    expect(galaxy.tally.fighterKills).toBeGreaterThan(10)
  })

  test('every ship that fights has a living enemy for a target, and the count of hunters is right', async () => {
    const galaxy = await start()
    for (let i = 0; i < 300; i++) updateGalaxy(galaxy)
    const { Ship } = galaxy
    const hunters = new Map<number, number>()
    for (const eid of galaxy.ships) {
      const target = entityOf(galaxy.physics, Ship.target[eid]!)
      if (target === 0) continue
      expect(Ship.fleet[target]).not.toBe(Ship.fleet[eid])
      hunters.set(target, (hunters.get(target) ?? 0) + 1)
    }
    for (const eid of galaxy.ships) expect(Ship.hunters[eid]).toBe(hunters.get(eid) ?? 0)
  })

  test('goes back to a moment that was kept, and the same comes again', async () => {
    const galaxy = await start()
    for (let i = 0; i < 100; i++) updateGalaxy(galaxy)
    const save = saveGalaxy(galaxy)
    const moment = stateHash(galaxy.physics)
    const play = (): string => {
      for (let i = 0; i < 150; i++) updateGalaxy(galaxy)
      return JSON.stringify([stateHash(galaxy.physics), galaxy.tally, galaxy.frame, [...galaxy.Health.hull]])
    }
    const first = play()
    for (let times = 0; times < 2; times++) {
      loadGalaxy(galaxy, save)
      expect(stateHash(galaxy.physics)).toBe(moment)
      expect(galaxy.frame).toBe(100)
      expect(play()).toBe(first)
    }
  })

  test('a target that is no more is nobody', async () => {
    const galaxy = await start()
    for (let i = 0; i < 60; i++) updateGalaxy(galaxy)
    const hunter = Array.from(galaxy.ships).find((eid) => targetOf(galaxy, eid) !== 0)!
    removeBody(galaxy.physics, targetOf(galaxy, hunter))
    expect(galaxy.Ship.target[hunter]).not.toBe(0)
    expect(targetOf(galaxy, hunter)).toBe(0)
  })

  test('turrets turn to where their ship fires, and stay what they are', async () => {
    const galaxy = await start()
    const { turrets } = galaxy.fittings
    const { RigidBody } = galaxy.physics.components
    const capitals = galaxy.capitals.reduce((sum, ships) => sum + ships.length, 0)
    expect(turrets.length).toBe(4 * capitals)
    const matrix = new Float64Array(16)
    let settled = 0
    for (let i = 0; i < 400; i++) {
      updateGalaxy(galaxy)
      for (const { ship, eid, barrels, aim, side, until } of turrets) {
        expect(parentOf(galaxy.physics, barrels)).toBe(eid)
        worldMatrix(galaxy.physics, ship, matrix)
        const above = side * (matrix[4]! * aim[0]! + matrix[5]! * aim[1]! + matrix[6]! * aim[2]!)
        worldMatrix(galaxy.physics, barrels, matrix)
        const scale = Math.hypot(matrix[8]!, matrix[9]!, matrix[10]!)
        expect(scale).toBeCloseTo(0.16 * RigidBody.radius[ship]!, 3)
        // Who took aim a while ago, at something that its own deck does not hide, points at it.
        if (until !== galaxy.frame + 10 || above < 0.05) continue
        settled++
        expect((matrix[8]! * aim[0]! + matrix[9]! * aim[1]! + matrix[10]! * aim[2]!) / scale).toBeGreaterThan(0.9)
      }
    }
    expect(settled).toBeGreaterThan(3)
  })

  test.each([
    ['no ships', { ships: 0 }, 0],
    ['two ships', { ships: 2, projectiles: 20 }, 20],
    ['three thousand ships', { ships: 3_000, particles: 20_000 }, 1_500],
    ['no rocks', { asteroids: 0 }, 1_500],
    ['no shots', { projectiles: 0 }, 0],
    ['no particles', { particles: 0 }, 1_500],
    ['odd numbers', { ships: 7, asteroids: 31, projectiles: 101, particles: 333 }, 101],
    ['rocks that attract each other', { asteroids: 200, mutual: true }, 1_500],
  ])('works with %s', async (_name, options, projectiles) => {
    const galaxy = await start(options)
    for (let i = 0; i < 60; i++) updateGalaxy(galaxy)
    const { options: settings } = galaxy
    const counts = galaxyCounts(galaxy)
    expect(counts).toMatchObject({ ships: settings.ships, asteroids: settings.asteroids, projectiles })
    expect(Math.abs(particleCount(galaxy.physics) - settings.particles)).toBeLessThan(3 + 0.03 * settings.particles)
  })

  test.each([{ ships: 1 }, { ships: -2 }, { asteroids: 1.5 }, { projectiles: Number.NaN }, { particles: 1e9 }])(
    'refuses %o',
    async (options) => {
      await expect(createGalacticWars(options)).rejects.toThrow(RangeError)
    },
  )
})

describe('explosions', () => {
  test('a thrown explosion is listed, burns, pushes rocks away and breaks small ones', async () => {
    const galaxy = await start({ ships: 0, asteroids: 4_000 })
    for (let i = 0; i < 5; i++) updateGalaxy(galaxy)
    const { Position: p, LinearVelocity: v, RigidBody } = galaxy.physics.components
    // Large enough to live through it: large rocks come first.
    const rock = galaxy.rocks.findLast((eid) => RigidBody.radius[eid] > 5.5)!
    const at = [p.x[rock] + 8, p.y[rock], p.z[rock]]
    const before = v.x[rock]
    throwExplosion(galaxy, at, 3)
    const { explosions } = galaxy
    expect(explosions.total).toBe(1)
    expect([explosions.x[0], explosions.strength[0]]).toEqual([Math.fround(at[0]), 3])
    updateGalaxy(galaxy)
    expect(v.x[rock]).toBeLessThan(before - 1)
    const small = galaxy.rocks[3_999]
    throwExplosion(galaxy, [p.x[small] + 1, p.y[small], p.z[small]], 3)
    updateGalaxy(galaxy)
    expect(galaxy.tally.rockKills).toBeGreaterThan(0)
  })

  test('hundreds at once do no harm to the counts', async () => {
    const galaxy = await start()
    const { Position: p } = galaxy.physics.components
    for (let i = 0; i < 300; i++) {
      const eid = galaxy.ships[i % galaxy.ships.length]
      throwExplosion(galaxy, [p.x[eid], p.y[eid], p.z[eid]], 1e9)
    }
    for (let i = 0; i < 60; i++) {
      updateGalaxy(galaxy)
      // One burst is a large part of so few particles; at 50,000 they stay within 1 %.
      expect(Math.abs(particleCount(galaxy.physics) / 4_000 - 1)).toBeLessThan(0.06)
    }
    expect(galaxyCounts(galaxy).ships).toBe(60)
    expect(galaxy.tally.fighterKills).toBeGreaterThan(30)
  })

  test('refuses numbers that are not finite', async () => {
    const galaxy = await start()
    expect(() => throwExplosion(galaxy, [0, Number.NaN, 0], 1)).toThrow(RangeError)
    expect(() => throwExplosion(galaxy, [0, 0, 0], Number.POSITIVE_INFINITY)).toThrow(RangeError)
    expect(() => throwExplosion(galaxy, [0, 0], 1)).toThrow(RangeError)
    expect(galaxy.explosions.total).toBe(0)
  })

  test('disposing twice is harmless', async () => {
    const galaxy = await start()
    disposeGalaxy(galaxy)
    disposeGalaxy(galaxy)
  })
})

describe('leading a shot', () => {
  test.each([
    [
      [100, 0, 0],
      [0, 0, 40],
    ],
    [
      [-300, 50, 20],
      [60, -30, 10],
    ],
    [
      [0, 80, 0],
      [0, 90, 0],
    ],
    [
      [5, 5, 5],
      [0, 0, 0],
    ],
  ])('from %o with drift %o it meets the target', (offset, drift) => {
    const out = scratch()
    leadDirection(setVector(scratch(), offset[0], offset[1], offset[2]), Float64Array.from(drift), 150, out)
    expect(Math.hypot(...out)).toBeCloseTo(1, 9)
    // The nearest distance between shot and target over the next ten seconds.
    let nearest = Number.POSITIVE_INFINITY
    for (let t = 0; t < 10; t += 0.001) {
      nearest = Math.min(nearest, Math.hypot(...offset.map((o, i) => o + (drift[i] - 150 * out[i]) * t)))
    }
    expect(nearest).toBeLessThan(0.2)
  })

  test('points straight at what it cannot catch', () => {
    const out = scratch()
    leadDirection(setVector(scratch(), 10, 0, 0), setVector(scratch(), 400, 0, 0), 150, out)
    expect(out[0]).toBeCloseTo(1, 9)
  })
})
