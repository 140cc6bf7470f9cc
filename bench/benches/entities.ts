/** The entity system: bodies that come and go, handles, queries, the hierarchy, and bitECS alone for the same. */
import { createPhysics, dispose } from 'manybody'
import { bulkRows } from '../entities/bulk.ts'
import { churnRow, SPAWNS } from '../entities/churn.ts'
import { freeRow, hierarchyRows } from '../entities/frames.ts'
import { bitecsComings, bodyComings, goings, looks } from '../entities/lives.ts'
import { workRows } from '../entities/passes.ts'
import { type Bench, warmUpFor } from '../harness/bench.ts'
import { startProgress } from '../harness/progress.ts'

const ITEMS = 10_000
const PASSES = 100
const WARM_UP = 30
/** Spawns for each frame of a short run. */
const SPAWNS_PER_FRAME = 1_000

export const entities: Bench = {
  name: 'entities',
  about: 'bodies that come and go, handles, queries, hierarchy; goals: 2 µs a body singly, 0.5 in bulk, ≥ 99 % reused',
  columns: ['eachUs', 'goalUs', 'met', 'reusedPercent', 'heapGrowth'],
  published: true,
  async run(options) {
    const passes = options.frames ?? PASSES
    const warmUp = warmUpFor(WARM_UP, passes)
    const spawns = Math.min(SPAWNS, SPAWNS_PER_FRAME * passes * (options.frames ? 1 : 10))
    const progress = startProgress('entities', spawns + 4)
    const capacity = { bodies: 2 * ITEMS, particles: 0, contacts: 64 }
    const physics = await createPhysics({ capacity, threads: 1, tier: options.tier ?? 'auto' })
    try {
      const comings = [...bodyComings(physics, ITEMS), ...bitecsComings(ITEMS), ...goings(physics, ITEMS)]
      const lives = workRows(comings, passes, warmUp)
      progress.advance()
      const seen = workRows(looks(physics, ITEMS), passes, warmUp)
      progress.advance()
      const { tier } = physics.backend
      const rows = [...lives, ...seen].map((row) => ({ ...row, tier: row.engine === 'bitecs' ? '' : tier }))
      rows.push(await churnRow(spawns, progress))
      rows.push(...(await hierarchyRows(options, 4 * passes)))
      progress.advance()
      rows.push(await freeRow(options, 4 * passes))
      rows.push(...(await bulkRows(options, 4 * passes)))
      return rows
    } finally {
      progress.stop()
      dispose(physics)
    }
  },
}
