/** The whole state of the space battle: snapshots, deltas of one frame, and what recording adds to a step. */
import {
  bodyCount,
  deltaSnapshot,
  frameStats,
  type Physics,
  record,
  restore,
  restoreDelta,
  snapshot,
  step,
} from 'manybody'
import {
  disposeGalaxy,
  type Galaxy,
  SYSTEMS_AFTER_STEP,
  SYSTEMS_BEFORE_STEP,
  updateGalaxy,
} from '../../examples/galactic-wars/sim/index.ts'
import { createBattle } from '../harness/battle.ts'
import { type Bench, DT, warmUpFor } from '../harness/bench.ts'
import { type Progress, startProgress } from '../harness/progress.ts'
import { countAbove, distribution } from '../harness/quantile.ts'
import { PHYSICS_BUDGET, type Row } from '../harness/report.ts'

const ROUNDS = 150
const WARM_UP = 60
/** Frames before the first round: fights begin, particles reach their number. */
const OPENING = 60
/** Recorded steps: a recording keeps all that happened in memory. */
const RECORDED = 40
/** ms; percent of the whole. */
const GOALS = { snapshot: 5, restore: 5, make: 8, apply: 8, share: 30 }

/** Milliseconds of each round, and bytes of the whole and of the deltas. */
interface Rounds {
  snapshot: number[]
  restore: number[]
  make: number[]
  apply: number[]
  whole: number[]
  delta: number[]
}

function timed<T>(list: number[], run: () => T): T {
  const start = performance.now()
  const result = run()
  list.push(performance.now() - start)
  return result
}

/** One round: a snapshot and back, then the delta of one frame and back. */
function playRound(galaxy: Galaxy, into: Uint8Array, rounds: Rounds): void {
  const { physics } = galaxy
  const whole = timed(rounds.snapshot, () => snapshot(physics, into))
  updateGalaxy(galaxy, DT)
  timed(rounds.restore, () => restore(physics, whole))
  updateGalaxy(galaxy, DT)
  const delta = timed(rounds.make, () => deltaSnapshot(physics, whole))
  updateGalaxy(galaxy, DT)
  timed(rounds.apply, () => restoreDelta(physics, delta, whole))
  rounds.whole.push(whole.length)
  rounds.delta.push(delta.length)
}

/** Milliseconds of steps of the battle alone, without its systems, which run between them. */
function timeSteps(galaxy: Galaxy, count: number): number[] {
  const times: number[] = []
  for (let k = 0; k < count; k++) {
    for (const system of SYSTEMS_BEFORE_STEP) system(galaxy)
    timed(times, () => step(galaxy.physics, DT))
    for (const system of SYSTEMS_AFTER_STEP) system(galaxy)
    galaxy.frame++
  }
  return times
}

function rowsOf(physics: Physics, rounds: Rounds): Row[] {
  const row = (scene: string, times: number[], goal: number, bytes: number[]): Row => {
    const plain = plainRow(physics, scene, times)
    return { ...plain, goalMs: goal, met: middle(times) <= goal, bytes: middle(bytes) }
  }
  const percent = (100 * middle(rounds.delta)) / middle(rounds.whole)
  return [
    row('snapshot', rounds.snapshot, GOALS.snapshot, rounds.whole),
    row('restore', rounds.restore, GOALS.restore, rounds.whole),
    { ...row('delta of one frame, made', rounds.make, GOALS.make, rounds.delta), percent },
    { ...row('delta of one frame, restored', rounds.apply, GOALS.apply, rounds.delta), percent },
  ]
}

function plainRow(physics: Physics, scene: string, times: readonly number[]): Row {
  const { tier, threads } = physics.backend
  const bodies = bodyCount(physics)
  const { particles } = frameStats(physics)
  const samples = Float64Array.from(times)
  const measured = { ms: distribution(samples), overBudget: countAbove(samples, PHYSICS_BUDGET) }
  return {
    bench: 'state',
    scene,
    engine: 'manybody',
    tier,
    threads,
    bodies,
    particles,
    frames: times.length,
    ...measured,
  }
}

function middle(list: number[]): number {
  return distribution(Float64Array.from(list)).p50
}

function timeRounds(galaxy: Galaxy, count: number, warmUp: number, progress: Progress): Rounds {
  const rounds: Rounds = { snapshot: [], restore: [], make: [], apply: [], whole: [], delta: [] }
  const into = new Uint8Array(2 * snapshot(galaxy.physics).length)
  for (let k = 0; k < warmUp + count; k++) {
    playRound(galaxy, into, rounds)
    if (k === warmUp - 1) for (const list of Object.values(rounds) as number[][]) list.length = 0
    progress.advance()
  }
  return rounds
}

export const state: Bench = {
  name: 'state',
  about: `snapshots and deltas of the space battle; goals: ${GOALS.snapshot} ms each, a delta ≤ ${GOALS.share} % in ${GOALS.make} ms`,
  columns: ['goalMs', 'met', 'bytes', 'percent'],
  published: true,
  async run({ threads = 1, tier = 'auto' as const, frames = ROUNDS, seed }) {
    const galaxy = await createBattle({ threads, tier, seed })
    const { physics } = galaxy
    const warmUp = warmUpFor(WARM_UP, frames)
    const recorded = Math.min(RECORDED, frames)
    const progress = startProgress('state', frames + warmUp + 2)
    try {
      for (let k = 0; k < Math.min(OPENING, frames); k++) updateGalaxy(galaxy, DT)
      const rows = rowsOf(physics, timeRounds(galaxy, frames, warmUp, progress))
      rows.push(plainRow(physics, 'step, not recorded', timeSteps(galaxy, recorded)))
      progress.advance()
      const recorder = record(physics)
      const times = timeSteps(galaxy, recorded)
      const bytes = recorder.stop().length / recorded
      rows.push({ ...plainRow(physics, 'step, recorded', times), bytes })
      return rows
    } finally {
      progress.stop()
      disposeGalaxy(galaxy)
    }
  },
}
