/** Steps of the game in one presented frame, at most: after a hitch it slows down rather than chokes. */
const MAX_STEPS = 2
/** A frame this close to a whole step, s, counts as one: displays are never exactly at 60 Hz. */
const SNAP = 0.0022

/** The clock between presented frames and fixed steps. */
export interface Clock {
  readonly dt: number
  paused: boolean
  /** single steps asked for while paused */
  pending: number
  /** time that was presented and not yet stepped, s */
  left: number
  /** time that was given up, s */
  dropped: number
  /** share of the last step that is shown */
  alpha: number
  /** timestamp of the last presented frame, ms; below 0 when there is none to count from */
  last: number
}

/** @param dt length of a step, s */
export function createClock(dt: number): Clock {
  return { dt, paused: false, pending: 0, left: 0, dropped: 0, alpha: 1, last: -1 }
}

/**
 * Says how many steps this frame does, and sets `alpha`.
 *
 * @param interval since the last presented frame, s
 */
export function planSteps(clock: Clock, interval: number): number {
  const { dt } = clock
  if (clock.paused) {
    const steps = Math.min(clock.pending, MAX_STEPS)
    clock.pending -= steps
    clock.alpha = 1
    return steps
  }
  clock.left += Math.abs(interval - dt) < SNAP ? dt : interval
  const due = Math.floor(clock.left / dt + 1e-6)
  const steps = Math.min(due, MAX_STEPS)
  clock.left -= due * dt
  clock.dropped += (due - steps) * dt
  clock.alpha = Math.min(1, Math.max(0, clock.left / dt))
  // A whole number of steps shows their end: the newest state there is.
  if (clock.alpha < 1e-3) clock.alpha = 1
  return steps
}
