/** What a second thread gains: two identical battles, one on one thread and one on two, frame by frame in turn. */
import { disposeGalaxy, type Galaxy } from '../../examples/galactic-wars/sim/index.ts'
import {
  type BattleSamples,
  battleRow,
  createBattle,
  createBattleSamples,
  timedFrame,
  warmUpBattle,
} from '../harness/battle.ts'
import { type Bench, DEFAULT_THREADS, warmUpFor } from '../harness/bench.ts'
import { startProgress } from '../harness/progress.ts'
import type { Row } from '../harness/report.ts'

const WARM_UP = 300
const FRAMES = 1_200

interface Runner {
  galaxy: Galaxy
  samples: BattleSamples
}

async function createRunner(threads: number, frames: number, seed: number): Promise<Runner> {
  const galaxy = await createBattle({ threads, seed })
  return { galaxy, samples: createBattleSamples(frames) }
}

/** Both compute the same frame, so the ratio of medians compares like with like. */
function addSpeedUp(rows: Row[]): void {
  const [one, many] = rows
  many.speedUp = (one.ms?.p50 ?? 0) / (many.ms?.p50 ?? 1)
  many.speedUpMean = (one.ms?.mean ?? 0) / (many.ms?.mean ?? 1)
}

export const threads: Bench = {
  name: 'threads',
  about: 'the whole space battle on one thread against two, interleaved',
  columns: ['speedUp'],
  verdict(rows) {
    const hashes = new Set(rows.map((row) => row.hash))
    return hashes.size > 1 ? 'one and two threads do not end in the same state' : undefined
  },
  async run({ threads: most = DEFAULT_THREADS, frames = FRAMES, seed }) {
    const warmUp = warmUpFor(WARM_UP, frames)
    const progress = startProgress('threads', 2 * (frames + warmUp))
    const runners: Runner[] = []
    try {
      for (const count of [1, most]) runners.push(await createRunner(count, frames, seed))
      for (const { galaxy } of runners) warmUpBattle(galaxy, warmUp, progress)
      for (let frame = 0; frame < frames; frame++) {
        for (const { galaxy, samples } of runners) timedFrame(galaxy, samples, frame)
        progress.advance(runners.length)
      }
      const rows = runners.map(({ galaxy, samples }) => battleRow('threads', galaxy, samples))
      addSpeedUp(rows)
      return rows
    } finally {
      progress.stop()
      for (const { galaxy } of runners) disposeGalaxy(galaxy)
    }
  },
}
