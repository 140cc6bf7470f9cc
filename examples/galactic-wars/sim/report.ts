import { particleCount } from 'manybody'
import type { Galaxy } from './galaxy.ts'

export interface GalaxyCounts {
  ships: number
  asteroids: number
  projectiles: number
  particles: number
}

const counts: GalaxyCounts = { ships: 0, asteroids: 0, projectiles: 0, particles: 0 }

/**
 * How many of each kind are alive: ships and rocks with hull left, shots in flight, particles. One reused object,
 * overwritten by the next call. Costs a pass over all bodies: for HUDs and tests, a few times a second.
 */
export function galaxyCounts(galaxy: Galaxy): GalaxyCounts {
  counts.ships = countAlive(galaxy, galaxy.ships)
  counts.asteroids = countAlive(galaxy, galaxy.rocks)
  counts.projectiles = countFlying(galaxy, galaxy.projectiles[0]) + countFlying(galaxy, galaxy.projectiles[1])
  counts.particles = particleCount(galaxy.physics)
  return counts
}

function countAlive(galaxy: Galaxy, eids: Uint32Array): number {
  const { hull } = galaxy.Health
  let alive = 0
  for (let i = 0; i < eids.length; i++) if (hull[eids[i]] > 0) alive++
  return alive
}

function countFlying(galaxy: Galaxy, eids: Uint32Array): number {
  const { expires } = galaxy.Projectile
  let flying = 0
  for (let i = 0; i < eids.length; i++) if (expires[eids[i]] >= galaxy.frame) flying++
  return flying
}

/** Where the fighting is at the moment, metres: for a camera that follows it. The galaxy's own array, kept up to date. */
export function nearestFight(galaxy: Galaxy): readonly [number, number, number] {
  return galaxy.fight.position
}
