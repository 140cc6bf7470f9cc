import { checkNumber } from './errors.ts'
import { type Internals, type Physics, use, writeSetting } from './internals.ts'
import { wakeHelpers } from './kernel/pool.ts'
import { publishStats } from './stats.ts'

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
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function step(physics: Physics, dt: number): void {
  const internals = use(physics, 'step')
  checkNumber('step', 'dt', dt, STEP_BOUNDS)
  if (dt > 0) runStep(physics, internals, dt)
}

function runStep(physics: Physics, internals: Internals, dt: number): void {
  const start = performance.now()
  writeSetting(internals, 'high', internals.high)
  writeSetting(internals, 'emitters', internals.emitterHigh)
  writeSetting(internals, 'shapes', internals.shapes.used)
  const threads = threadsFor(internals)
  if (threads > 1) wakeHelpers(internals.seat!)
  const lost = internals.kernel.exports.step(dt, threads)
  if (lost) workAlone(physics, internals)
  internals.lastDt = dt
  for (let i = 0; i < internals.stepped.length; i++) internals.stepped[i]!()
  internals.stats.threads = threads
  publishStats(internals, internals.clock[0]! - start)
}

/** A helper died inside the step. The caller finished what it could; from now on it works alone, and says so. */
function workAlone(physics: Physics, internals: Internals): void {
  internals.threads = 1
  ;(physics.backend.reasons as string[]).push('threads: a worker died inside a step; the caller steps alone')
}

/** All threads, or one when there is too little to share. Long-range work grows with the square, so it counts in thousands of pairs. */
function threadsFor(internals: Internals): number {
  if (internals.threads < 2) return 1
  const { stats } = internals
  const pull =
    stats.steps > 0 ? (internals.bodies * internals.counters[internals.layout.counters.get('sources')!]!) / 64 : 0
  return internals.bodies + stats.particles / 16 + pull >= WAKE_FROM ? internals.threads : 1
}

/**
 * Steps a render loop: as many fixed steps as the elapsed time holds, the rest kept for the next call.
 * A hidden tab or a clock that jumps costs at most `maxSteps`; what is beyond is dropped and told.
 * @param elapsed s since the last call; negative counts as 0
 * @param options `fixedDt`: s, default 1/60. `maxSteps`: default 5.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function advance(
  physics: Physics,
  elapsed: number,
  options: { fixedDt?: number; maxSteps?: number } = DEFAULTS,
): AdvanceResult {
  const internals = use(physics, 'advance')
  const { fixedDt = 1 / 60, maxSteps = 5 } = options
  checkNumber('advance', 'elapsed', elapsed)
  checkNumber('advance', 'fixedDt', fixedDt, FIXED_BOUNDS)
  checkNumber('advance', 'maxSteps', maxSteps, COUNT_BOUNDS)
  internals.pending += Math.max(0, elapsed)
  // A whole number of steps less a rounding error is that whole number.
  const due = Math.floor(internals.pending / fixedDt + 1e-9)
  const steps = Math.min(due, maxSteps)
  for (let i = 0; i < steps; i++) runStep(physics, internals, fixedDt)
  const rest = Math.max(0, internals.pending - due * fixedDt)
  const { advanced } = internals
  advanced.steps = steps
  advanced.dropped = (due - steps) * fixedDt
  advanced.alpha = Math.min(1, rest / fixedDt)
  internals.pending = rest
  return advanced
}
