import { type Internals, readCounter } from './internals.ts'
import type { Capacity } from './settings.ts'

/** How full one pool is, and how often its places were used again. */
export interface PoolCount {
  /** Taken at the moment. */
  live: number
  /** Most that were ever taken at once. */
  peak: number
  /** Most that can be taken at once. */
  readonly capacity: number
  /** How often a place was taken, since creation. */
  taken: number
  /** How many of those places had been used before. */
  reused: number
}

/** The pools of a world. One reused object in fixed memory. */
export interface PoolStats {
  /** bitECS entities with an id below `capacity.entities`, prefabs included. */
  readonly entities: PoolCount
  readonly bodies: PoolCount
  readonly joints: PoolCount
  /** Entries of the shape table: bodies with equal shapes share one. */
  readonly shapes: PoolCount
  /** Particle systems. */
  readonly systems: PoolCount
  /** Counted at the end of each step. Births beyond the most that ever lived at once count as reused. */
  readonly particles: PoolCount
  readonly emitters: PoolCount
  /** Entities that have a parent or children. */
  readonly nodes: PoolCount
}

/** Pools of which nothing was taken yet. */
export function createPools(capacity: Capacity): PoolStats {
  const names = 'entities bodies joints shapes systems particles emitters nodes'.split(' ') as (keyof PoolStats)[]
  const pools = names.map((name) => [
    name,
    // Id 0 is nobody's.
    { live: 0, peak: 0, capacity: capacity[name] - (name === 'entities' ? 1 : 0), taken: 0, reused: 0 },
  ])
  return Object.fromEntries(pools)
}

/** One more is taken; `again` when its place had been used before. */
export function countTaken(pool: PoolCount, again: boolean): void {
  pool.taken++
  if (again) pool.reused++
  if (++pool.live > pool.peak) pool.peak = pool.live
}

/** One less is taken. */
export function countReleased(pool: PoolCount): void {
  pool.live--
}

/** So many are taken now: a state was restored. */
export function setLive(pool: PoolCount, live: number): void {
  pool.live = live
  if (live > pool.peak) pool.peak = live
}

/** Counts the particles after a step: those that were born, and those that live. A place in their pool is used again once the pool was fuller. */
export function countParticles(internals: Internals): void {
  const { particles } = internals.pools
  particles.live = readCounter(internals, 'particles')
  particles.taken += readCounter(internals, 'particlesBorn')
  if (particles.live > particles.peak) particles.peak = particles.live
  particles.reused = particles.taken - particles.peak
}
