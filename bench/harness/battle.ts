/** The space battle without its view: the game's own systems around the step, each part timed by itself. */
import { frameStats, packInstances, STAGES, stateHash, step } from 'manybody'
import {
  createGalacticWars,
  type Galaxy,
  type GalaxyOptions,
  galaxyCounts,
  SYSTEMS_AFTER_STEP,
  SYSTEMS_BEFORE_STEP,
  updateGalaxy,
} from '../../examples/galactic-wars/sim/index.ts'
import { DT } from './bench.ts'
import { createSamples, type FrameSamples, timingRow } from './measure.ts'
import type { Progress } from './progress.ts'
import { countAbove, distribution } from './quantile.ts'
import { FRAME_BUDGET, type Row } from './report.ts'

/** A battle small enough for many runs; every kind of object is in it. */
export const REDUCED: GalaxyOptions = { ships: 60, asteroids: 2_500, projectiles: 1_500, particles: 5_000 }

/** Samples of the step as `FrameSamples`, and around them the game's JavaScript and the packing for the GPU. Milliseconds. */
export interface BattleSamples extends FrameSamples {
  systems: Float64Array
  packing: Float64Array
  /** Systems + step + packing: all that the frame computes before it is drawn. */
  frame: Float64Array
}

export function createBattle(options: GalaxyOptions): Promise<Galaxy> {
  return createGalacticWars(options)
}

export function createBattleSamples(frames: number): BattleSamples {
  const column = (): Float64Array => new Float64Array(frames)
  return {
    ...createSamples(frames),
    systems: column(),
    packing: column(),
    frame: column(),
  }
}

/** Untimed frames: V8 optimises, fights begin, particles reach their number. */
export function warmUpBattle(galaxy: Galaxy, frames: number, progress: Progress): void {
  for (let frame = 0; frame < frames; frame++) {
    updateGalaxy(galaxy, DT)
    packInstances(galaxy.physics)
    progress.advance()
  }
}

/** One frame as the demo computes it (`updateGalaxy`, then the packing), with a clock between its parts. */
export function timedFrame(galaxy: Galaxy, samples: BattleSamples, index: number): void {
  const { physics } = galaxy
  const start = performance.now()
  for (let i = 0; i < SYSTEMS_BEFORE_STEP.length; i++) SYSTEMS_BEFORE_STEP[i](galaxy)
  const stepStart = performance.now()
  step(physics, DT)
  const stepEnd = performance.now()
  for (let i = 0; i < SYSTEMS_AFTER_STEP.length; i++) SYSTEMS_AFTER_STEP[i](galaxy)
  galaxy.frame++
  const packStart = performance.now()
  packInstances(physics)
  const end = performance.now()
  samples.wall[index] = stepEnd - stepStart
  samples.systems[index] = stepStart - start + (packStart - stepEnd)
  samples.packing[index] = end - packStart
  samples.frame[index] = end - start
  const { physicsMs, stages } = frameStats(physics)
  samples.kernel[index] = physicsMs
  for (const stage of STAGES) samples.stages[stage][index] = stages[stage]
}

/** The row of a measured battle. `ms` is the physics step; systems, packing and the whole frame stand beside it. */
export function battleRow(bench: string, galaxy: Galaxy, samples: BattleSamples): Row {
  const { ships, asteroids, projectiles, particles } = galaxyCounts(galaxy)
  const { longRange, sources } = frameStats(galaxy.physics)
  return {
    ...timingRow(bench, 'galactic', galaxy.physics, samples),
    longRange,
    sources,
    counts: { ships, asteroids, projectiles, particles },
    systemsMs: distribution(samples.systems),
    systemsP50: distribution(samples.systems).p50,
    packMs: distribution(samples.packing),
    frameMs: distribution(samples.frame),
    frameP50: distribution(samples.frame).p50,
    overFrame: countAbove(samples.frame, FRAME_BUDGET),
    hash: stateHash(galaxy.physics),
  }
}
