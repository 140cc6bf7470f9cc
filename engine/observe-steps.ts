import { checkNumber } from './errors.ts'
import { type Internals, type Physics, part, use } from './internals.ts'
import { countAbove, type Summary, summarize, WINDOW } from './percentiles.ts'
import { BUDGET_MS, FRAME_BUDGET_MS, type FrameStats, frameStats, STAGES } from './stats.ts'

/** Milliseconds of the last steps or frames, by nearest rank. */
export interface Percentiles extends Summary {
  /** How many of them were over their budget: 8 ms a step, 25 ms a frame. */
  overBudget: number
}

/** Milliseconds of the last steps. One reused object a world. */
export interface StepTimes extends Percentiles {
  /** Steps that count: at most 600. */
  steps: number
}

/** Milliseconds between frames. One reused object a world. */
export interface FrameTimes extends Percentiles {
  /** Frames that count: at most 600. */
  frames: number
}

/** The last times, a ring. */
interface Ring {
  readonly times: Float64Array
  /** How many were seen. */
  seen: number
}

interface Windows {
  readonly steps: Ring
  readonly frames: Ring
  readonly sorted: Float64Array
  readonly stepTimes: StepTimes
  readonly frameTimes: FrameTimes
}

const windows = /* @__PURE__ */ new WeakMap<Internals, Windows>()

function makeWindows({ stepped, framed, stats }: Internals): Windows {
  const empty: Percentiles = { mean: 0, p50: 0, p95: 0, p99: 0, p998: 0, max: 0, overBudget: 0 }
  const ring = (): Ring => ({ times: new Float64Array(WINDOW), seen: 0 })
  const made: Windows = {
    steps: ring(),
    frames: ring(),
    sorted: new Float64Array(WINDOW),
    stepTimes: { steps: 0, ...empty },
    frameTimes: { frames: 0, ...empty },
  }
  const { steps, frames } = made
  stepped.push(() => {
    steps.times[steps.seen++ % WINDOW] = stats.physicsMs
  })
  framed.push(() => {
    frames.times[frames.seen++ % WINDOW] = stats.frameMs
  })
  return made
}

/**
 * How long the last steps took, at most 600: watching begins with the first call of this or of `frameTimes`. Fixed memory, and nothing is
 * allocated after the first call; the percentiles are sorted out when asked for (about 20 µs).
 * @throws PhysicsError E_DISPOSED
 */
export function stepTimes(physics: Physics): StepTimes {
  const { steps, stepTimes: times, sorted } = part(windows, use(physics, 'stepTimes'), makeWindows)
  times.steps = summarize(steps.times, steps.seen, sorted, times)
  times.overBudget = countAbove(sorted, BUDGET_MS)
  return times
}

/**
 * How long the last frames took, at most 600: the time from one call of `advance` to the next, as it was told. Watching begins with the first call
 * of this or of `stepTimes`. Nothing is allocated after it.
 * @throws PhysicsError E_DISPOSED
 */
export function frameTimes(physics: Physics): FrameTimes {
  const { frames, frameTimes: times, sorted } = part(windows, use(physics, 'frameTimes'), makeWindows)
  times.frames = summarize(frames.times, frames.seen, sorted, times)
  times.overBudget = countAbove(sorted, FRAME_BUDGET_MS)
  return times
}

/**
 * Calls back after steps, with the world's statistics. What the callback throws comes out of `step`, when the step is complete.
 * @param options `every`: steps from one call to the next, ≥ 1. Default 1.
 * @returns what ends it; twice is no error
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function onStep(
  physics: Physics,
  callback: (stats: FrameStats) => void,
  options: { every?: number } = EACH,
): () => void {
  return subscribe(physics, 'onStep', 'stepped', callback, options)
}

/**
 * Calls back at the end of `advance`, also when it made no step, with the world's statistics.
 * @param options `every`: frames from one call to the next, ≥ 1. Default 1.
 * @returns what ends it; twice is no error
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function onFrame(
  physics: Physics,
  callback: (stats: FrameStats) => void,
  options: { every?: number } = EACH,
): () => void {
  return subscribe(physics, 'onFrame', 'framed', callback, options)
}

const EACH: { every?: number } = {}

function subscribe(
  physics: Physics,
  call: string,
  list: 'stepped' | 'framed',
  callback: (stats: FrameStats) => void,
  options: { every?: number },
): () => void {
  const internals = use(physics, call)
  const every = checkNumber(call, 'every', options.every ?? 1, { min: 1, integer: true })
  let seen = 0
  let ended = false
  const listener = (): void => {
    if (!ended && ++seen % every === 0) callback(frameStats(physics))
  }
  internals[list].push(listener)
  return () => {
    ended = true
    // A new list: who ends it may be in the middle of the old one.
    internals[list] = internals[list].filter((other) => other !== listener)
  }
}

/**
 * Marks each step in the timeline of the browser's performance tools, its stages below it: measures `manybody step` and `manybody solve` … of
 * the User Timing API. For a session of profiling: the browser keeps every mark until `performance.clearMeasures()`.
 * @returns what ends it
 * @throws PhysicsError E_DISPOSED
 */
export function markSteps(physics: Physics): () => void {
  return subscribe(physics, 'markSteps', 'stepped', mark, EACH)
}

function mark({ physicsMs, stages }: FrameStats): void {
  const end = performance.now()
  let start = end - physicsMs
  performance.measure('manybody step', { start, end })
  for (const stage of STAGES) {
    const ms = stages[stage]
    if (stage === 'pack' || ms === 0) continue
    performance.measure(`manybody ${stage}`, { start, end: start + ms })
    start += ms
  }
}
