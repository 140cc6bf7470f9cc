import { checkNumber } from './errors.ts'
import { publishTransforms } from './hierarchy.ts'
import { change, type Internals, type Physics, readCounter, writeSetting } from './internals.ts'
import { wakeHelpers } from './kernel/pool.ts'
import { countParticles } from './pool.ts'
import { publishFrame, publishStats } from './stats.ts'

/** Longest step, s. */
const MAX_DT = 1
const STEP_BOUNDS = { min: 0, max: MAX_DT }
const FIXED_BOUNDS = { above: 0, max: MAX_DT }
const COUNT_BOUNDS = { min: 1, integer: true }
const DEFAULTS: { fixedDt?: number; maxSteps?: number } = {}
/** Fewer bodies and particles than this are stepped by the caller alone: waking helpers (about 50 µs) costs more than they save. */
const WAKE_FROM = 1500

/** What `advance` did. One reused object a world. */
export interface AdvanceResult {
  /** Steps taken. */
  steps: number
  /** Share of a step that has passed since the last one, 0 … 1: give it to `packInstances`. */
  alpha: number
  /** Seconds that were dropped because they needed more than `maxSteps`. */
  dropped: number
}

/**
 * Exactly one step of `dt` seconds: one call into the kernel, whatever the number of bodies. Nothing is allocated.
 * @param dt s, 0 … 1; 0 changes nothing
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_BUSY (within another step, or within what `addBodies` calls), E_DISPOSED
 */
export function step(physics: Physics, dt: number): void {
  const internals = change(physics, 'step')
  checkNumber('step', 'dt', dt, STEP_BOUNDS)
  if (dt > 0) runStep(physics, internals, dt)
}

function runStep(physics: Physics, internals: Internals, dt: number): void {
  for (let i = 0; i < internals.beginning.length; i++) internals.beginning[i]!(dt)
  const start = performance.now()
  writeSetting(internals, 'high', internals.high)
  writeSetting(internals, 'emitters', internals.emitterHigh)
  writeSetting(internals, 'shapes', internals.shapes.used)
  const threads = threadsFor(internals)
  if (threads > 1) wakeHelpers(internals.seat!)
  const lost = stepKernel(internals, dt, threads)
  if (lost) workAlone(physics, internals)
  internals.lastDt = dt
  internals.stats.threads = threads
  countParticles(internals)
  publishStats(internals, internals.clock[0]! - start)
  publishTransforms(internals)
  const { stepped } = internals
  for (let i = 0; i < stepped.length; i++) stepped[i]!()
}

/** Nothing may come or go meanwhile: whoever is called from inside, such as a clock that was replaced, is refused. */
function stepKernel(internals: Internals, dt: number, threads: number): number {
  internals.busy = 'step'
  try {
    return internals.kernel.exports.step(dt, threads)
  } finally {
    internals.busy = ''
  }
}

/** A helper died inside the step. The caller finished what it could; from now on it works alone, and says so. */
function workAlone(physics: Physics, internals: Internals): void {
  internals.threads = 1
  ;(physics.backend.reasons as string[]).push('threads: a worker died inside a step; the caller steps alone')
}

/**
 * All threads, or one when there is too little to share. Long-range work grows with the square, so it counts in thousands of pairs; a particle that
 * meets bodies takes as long as some ten that fly freely.
 */
function threadsFor(internals: Internals): number {
  if (internals.threads < 2) return 1
  const { stats, bodies } = internals
  const pull = stats.steps > 0 ? (bodies * readCounter(internals, 'sources')) / 64 : 0
  const meeting = readCounter(internals, 'particlesMeeting') / 2
  return bodies + stats.particles / 16 + meeting + pull >= WAKE_FROM ? internals.threads : 1
}

/**
 * Steps a render loop: as many fixed steps as the elapsed time holds, the rest kept for the next call.
 * A hidden tab or a clock that jumps costs at most `maxSteps`; what is beyond is dropped, told, and summed up in `frameStats`.
 * @param elapsed s since the last call; negative counts as 0
 * @param options `fixedDt`: s, default 1/60. `maxSteps`: default 5.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_BUSY, E_DISPOSED
 */
export function advance(
  physics: Physics,
  elapsed: number,
  options: { fixedDt?: number; maxSteps?: number } = DEFAULTS,
): AdvanceResult {
  const internals = change(physics, 'advance')
  const { fixedDt = 1 / 60, maxSteps = 5 } = options
  checkNumber('advance', 'elapsed', elapsed)
  checkNumber('advance', 'fixedDt', fixedDt, FIXED_BOUNDS)
  checkNumber('advance', 'maxSteps', maxSteps, COUNT_BOUNDS)
  const passed = Math.max(0, elapsed)
  const pending = internals.pending + passed
  // A whole number of steps less a rounding error is that whole number.
  const due = Math.floor(pending / fixedDt + 1e-9)
  const steps = Math.min(due, maxSteps)
  // What is dropped can be long enough for the difference to be nothing but rounding.
  const rest = due > steps ? pending % fixedDt : Math.max(0, pending - due * fixedDt)
  const { advanced } = internals
  advanced.steps = steps
  advanced.dropped = (due - steps) * fixedDt
  advanced.alpha = Math.min(1, rest / fixedDt)
  // Before the steps: what listens to them and throws does not bring back the time.
  internals.pending = rest
  for (let i = 0; i < steps; i++) runStep(physics, internals, fixedDt)
  publishFrame(internals, passed, advanced.dropped)
  const { framed } = internals
  for (let i = 0; i < framed.length; i++) framed[i]!()
  return advanced
}
