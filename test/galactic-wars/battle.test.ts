import { contactHits, frameStats } from 'manybody'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  BATTLE,
  createGalacticWars,
  disposeGalaxy,
  FIXED_DT,
  type Galaxy,
  galaxyCounts,
  MOONS,
  nearestFight,
  ROLE,
  updateGalaxy,
} from '../../examples/galactic-wars/sim/index.ts'

/** Five seconds of the game at full size; what happened in each step is noted on the way. */
describe('five seconds at full size', () => {
  let galaxy: Galaxy
  const seen = { hits: 0, friendlyHits: 0, firstKill: 0, largest: 0, quarantined: 0, dropped: 0 }
  const counts = { ships: [] as number[], asteroids: [] as number[], projectiles: [] as number[] }
  const particles: number[] = []

  beforeAll(async () => {
    galaxy = await createGalacticWars()
    for (let frame = 0; frame < 300; frame++) {
      const explosions = galaxy.explosions.total
      updateGalaxy(galaxy, FIXED_DT)
      note(explosions)
    }
  })

  afterAll(() => disposeGalaxy(galaxy))

  function note(explosionsBefore: number): void {
    const now = galaxyCounts(galaxy)
    counts.ships.push(now.ships)
    counts.asteroids.push(now.asteroids)
    counts.projectiles.push(now.projectiles)
    particles.push(now.particles)
    const hits = contactHits(galaxy.physics)
    seen.hits += hits.count
    for (let i = 0; i < hits.count; i++) {
      const { bullet, other } = hits
      const ship = galaxy.Role.value[other[i]] === ROLE.ship
      if (ship && galaxy.Ship.fleet[other[i]] === galaxy.Projectile.fleet[bullet[i]]) seen.friendlyHits++
    }
    const { explosions } = galaxy
    if (explosions.total > explosionsBefore && seen.firstKill === 0) seen.firstKill = galaxy.frame
    for (let i = 0; i < explosions.capacity; i++) seen.largest = Math.max(seen.largest, explosions.strength[i])
    const stats = frameStats(galaxy.physics)
    seen.quarantined += stats.quarantined
    seen.dropped += stats.droppedContacts + stats.droppedHits + stats.droppedParticles
  }

  test('every count holds in every frame, particles within 1 %', () => {
    expect(new Set(counts.ships)).toEqual(new Set([500]))
    expect(new Set(counts.asteroids)).toEqual(new Set([25_000]))
    expect(new Set(counts.projectiles)).toEqual(new Set([15_000]))
    expect(Math.min(...particles)).toBeGreaterThan(49_500)
    expect(Math.max(...particles)).toBeLessThan(50_500)
  })

  test('there are hits, kills and a large explosion', () => {
    expect(seen.hits).toBeGreaterThan(1_000)
    expect(seen.firstKill).toBeGreaterThan(0)
    expect(galaxy.tally.fighterKills).toBeGreaterThan(5)
    expect(galaxy.tally.rockKills).toBeGreaterThan(5)
    expect(seen.largest).toBeGreaterThanOrEqual(4)
  })

  test('no shot hits its own fleet', () => {
    expect(seen.friendlyHits).toBe(0)
  })

  test('nothing is quarantined or dropped, no value is NaN', () => {
    expect(seen.quarantined).toBe(0)
    expect(seen.dropped).toBe(0)
    const { Position, Rotation, LinearVelocity } = galaxy.physics.components
    for (const { x, y, z } of [Position, Rotation, LinearVelocity, galaxy.Ship.nose, galaxy.Ship.up]) {
      for (const column of [x, y, z]) expect(column.every(Number.isFinite)).toBe(true)
    }
  })

  test('ships fly nose first, roof at a right angle to the nose, rotation unit', () => {
    const { Rotation: q, LinearVelocity: v } = galaxy.physics.components
    const { nose, up } = galaxy.Ship
    let along = 0
    for (const e of galaxy.ships) {
      const speed = Math.hypot(v.x[e], v.y[e], v.z[e])
      along += (v.x[e] * nose.x[e] + v.y[e] * nose.y[e] + v.z[e] * nose.z[e]) / Math.max(speed, 1e-3)
      expect(Math.hypot(q.x[e], q.y[e], q.z[e], q.w[e])).toBeCloseTo(1, 4)
      expect(Math.abs(nose.x[e] * up.x[e] + nose.y[e] * up.y[e] + nose.z[e] * up.z[e])).toBeLessThan(1e-4)
      // The third column of the rotation matrix is where the nose, +z, points.
      expect(2 * (q.x[e] * q.z[e] + q.w[e] * q.y[e])).toBeCloseTo(nose.x[e], 3)
      expect(2 * (q.y[e] * q.z[e] - q.w[e] * q.x[e])).toBeCloseTo(nose.y[e], 3)
      expect(1 - 2 * (q.x[e] * q.x[e] + q.y[e] * q.y[e])).toBeCloseTo(nose.z[e], 3)
    }
    expect(along / galaxy.ships.length).toBeGreaterThan(0.85)
  })

  test('ships bank: the roof leans to the side of the turn', () => {
    const { up, pull, nose } = galaxy.Ship
    let lean = 0
    for (const e of galaxy.ships) {
      // right = up of the world × nose
      const rightX = nose.z[e]
      const rightZ = -nose.x[e]
      lean += Math.sign((pull.x[e] * rightX + pull.z[e] * rightZ) * (up.x[e] * rightX + up.z[e] * rightZ))
    }
    expect(lean / galaxy.ships.length).toBeGreaterThan(0.3)
  })

  test('moons keep to their circles, rocks to their ring', () => {
    const { Position: p } = galaxy.physics.components
    galaxy.moons.forEach((e, i) => {
      const { distance, tilt } = MOONS[i]
      expect(Math.hypot(p.x[e], p.z[e]) / distance).toBeCloseTo(1, 4)
      expect(Math.abs(p.y[e])).toBeLessThanOrEqual(distance * Math.abs(tilt) + 0.1)
    })
    let out = 0
    for (const e of galaxy.rocks) {
      const distance = Math.hypot(p.x[e], p.z[e])
      if (distance < 680 || distance > 1_400 || Math.abs(p.y[e]) > 90) out++
    }
    expect(out).toBeLessThan(250)
  })

  test('the fight is where the fleets are', () => {
    const [x, y, z] = nearestFight(galaxy)
    expect(Math.hypot(x - BATTLE.x, y - BATTLE.y, z - BATTLE.z)).toBeLessThan(600)
    expect(galaxy.fight.heat).toBeGreaterThan(1)
  })

  test('instances are drawn by name: the groups hold every body', () => {
    const { groups } = galaxy.physics.instances
    expect(Object.keys(groups).sort()).toEqual(
      ['boltA', 'boltB', 'capitalA', 'capitalB', 'fighterA', 'fighterB', 'moon', 'planet'].concat(
        ['A', 'B', 'C', 'D'].map((letter) => `rock${letter}`),
      ),
    )
  })
})
