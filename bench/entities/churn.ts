/** A million spawns in a full world: how long each takes, how many use places again, and what memory does meanwhile. */
import { addBodies, addBody, createPhysics, dispose, entityOf, handleOf, poolStats, removeBody, step } from 'manybody'
import { DT } from '../harness/bench.ts'
import { liveHeap } from '../harness/heap.ts'
import type { Progress } from '../harness/progress.ts'
import { distribution } from '../harness/quantile.ts'
import type { Row } from '../harness/report.ts'

const BODIES = 10_000
/** Spawns between two looks at the memory, which collect garbage. */
const ROUND = 50_000
export const SPAWNS = 1_000_000
const GOAL_REUSED = 99

const DESC = { position: [0, 0, 0], shape: { type: 'sphere', radius: 0.1 }, mask: 0 } as const

/** @param spawns how many; the memory's growth counts from the second round on */
export async function churnRow(spawns: number, progress: Progress): Promise<Row> {
  const physics = await createPhysics({ capacity: { bodies: BODIES, contacts: 64, particles: 0 }, threads: 1 })
  try {
    const eids = addBodies(physics, BODIES, () => {})
    const rounds = Math.max(2, Math.ceil(spawns / ROUND))
    const perRound = Math.ceil(spawns / rounds)
    const times = new Float64Array(rounds)
    const heaps: number[] = []
    let accepted = 0
    let at = 0
    for (let round = 0; round < rounds; round++) {
      const stale = handleOf(physics, eids[at])
      const start = performance.now()
      for (let i = 0; i < perRound; i++) {
        removeBody(physics, eids[at])
        eids[at] = addBody(physics, DESC)
        at = (at + 7) % BODIES
      }
      times[round] = performance.now() - start
      if (entityOf(physics, stale) !== 0) accepted++
      step(physics, DT)
      heaps.push(liveHeap())
      progress.advance(perRound)
    }
    const { bodies } = poolStats(physics)
    const ms = distribution(times)
    const reusedPercent = (100 * bodies.reused) / bodies.taken
    return {
      bench: 'entities',
      scene: 'churn: removed and spawned again',
      engine: 'manybody',
      tier: physics.backend.tier,
      threads: 1,
      bodies: BODIES,
      particles: 0,
      frames: rounds,
      ms,
      overBudget: 0,
      spawns: rounds * perRound,
      eachUs: (1000 * ms.p50) / perRound,
      reusedPercent,
      heapGrowth: heaps[heaps.length - 1] - heaps[1],
      staleAccepted: accepted,
      met: reusedPercent >= GOAL_REUSED && accepted === 0,
    }
  } finally {
    dispose(physics)
  }
}
