/** Times whole steps of one physics world, frame by frame, into arrays made beforehand. */
import { frameStats, type Physics, STAGES, stateHash, step } from 'manybody'
import { DT } from './bench.ts'
import type { Progress } from './progress.ts'
import { countAbove, distribution, mean, quantile } from './quantile.ts'
import { PHYSICS_BUDGET, type Row } from './report.ts'

/** One sample a frame, in milliseconds. */
export interface FrameSamples {
  /** Wall time of `step()` as its caller sees it. */
  wall: Float64Array
  /** Sum of the stages, as the kernel's own clock has it. */
  kernel: Float64Array
  stages: Record<string, Float64Array>
}

export function createSamples(frames: number): FrameSamples {
  const column = (): Float64Array => new Float64Array(frames)
  return { wall: column(), kernel: column(), stages: Object.fromEntries(STAGES.map((stage) => [stage, column()])) }
}

/** One timed step; the sample goes to `index`. */
export function timedStep(physics: Physics, samples: FrameSamples, index: number): void {
  const start = performance.now()
  step(physics, DT)
  samples.wall[index] = performance.now() - start
  const stats = frameStats(physics)
  samples.kernel[index] = stats.physicsMs
  for (const stage of STAGES) samples.stages[stage][index] = stats.stages[stage]
}

/** Steps `warmUp` times untimed (V8 optimises, contacts form), then `frames` times timed. */
export function measureSteps(
  physics: Physics,
  run: { frames: number; warmUp: number; progress: Progress },
): FrameSamples {
  const samples = createSamples(run.frames)
  for (let frame = 0; frame < run.warmUp; frame++) {
    step(physics, DT)
    run.progress.advance()
  }
  for (let frame = 0; frame < run.frames; frame++) {
    timedStep(physics, samples, frame)
    run.progress.advance()
  }
  return samples
}

/** The row of a measured world: wall time of the step in `ms`, the kernel's own sum in `kernelMs`, stages as means. */
export function timingRow(bench: string, scene: string, physics: Physics, samples: FrameSamples): Row {
  const stats = frameStats(physics)
  return {
    bench,
    scene,
    engine: 'manybody',
    tier: physics.backend.tier,
    threads: physics.backend.threads,
    bodies: stats.bodies,
    particles: stats.particles,
    frames: samples.wall.length,
    ms: distribution(samples.wall),
    kernelMs: distribution(samples.kernel),
    stages: mapValues(samples.stages, mean),
    stagesP998: mapValues(samples.stages, (column) => quantile(column.slice().sort(), 0.998)),
    overBudget: countAbove(samples.wall, PHYSICS_BUDGET),
    pairs: stats.pairs,
    contacts: stats.contacts,
    hash: stateHash(physics),
  }
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
