import { type Internals, type Physics, readCounter, use } from './internals.ts'
import { existingTable } from './joints/table.ts'
import type { PoolCount, PoolStats } from './pool.ts'

/**
 * How full the pools are: counters that are kept up to date, so reading them costs the same whatever the world holds, and allocates nothing.
 * @throws PhysicsError E_DISPOSED
 */
export function poolStats(physics: Physics): PoolStats {
  const internals = use(physics, 'poolStats')
  syncPools(physics, internals)
  return internals.pools
}

/** Takes over what lives from those who have it: a state that was restored brings its own. @internal */
export function syncPools(physics: Physics, internals: Internals): void {
  const { pools, family, shapes } = internals
  sync(pools.bodies, internals.bodies)
  sync(pools.joints, existingTable(physics)?.count ?? 0)
  sync(pools.shapes, shapes.used)
  sync(pools.particles, readCounter(internals, 'particles'))
  sync(pools.nodes, family.nodes)
}

function sync(pool: PoolCount, live: number): void {
  pool.live = live
  if (live > pool.peak) pool.peak = live
}
