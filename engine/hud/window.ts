import { countAbove, type Summary, summarize, WINDOW } from '../percentiles.ts'

/** Milliseconds of the last frames, by nearest rank. One reused object a panel. */
export interface FrameTimes extends Summary {
  /** Frames that count: at most 600. */
  frames: number
  /** How many of them missed a refresh of a display of 60 Hz: more than 25 ms since the one before. */
  late: number
}

/** Frames that a window holds. */
export const FRAMES = WINDOW
/** ms: one refresh of a display of 60 Hz; and from where on one was missed. */
export const FRAME_MS = 1000 / 60
const LATE_MS = 1.5 * FRAME_MS
/** ms: a longer pause is a page that was hidden, not a frame. */
const PAUSE_MS = 1000

/** The last frames, in rings: frame `i` is at `i % FRAMES`. */
export interface Frames {
  /** ms from the frame before to this one. */
  readonly presented: Float32Array
  /** ms of the page's own work, physics included; 0 where the page does not say. */
  readonly main: Float32Array
  /** ms of the frame's steps together. */
  readonly physics: Float32Array
  readonly sorted: Float32Array
  readonly times: FrameTimes
  /** Frames seen. */
  count: number
  /** ms: when the last one began; below 0 when there is none to count from. */
  last: number
}

/** No frames yet. */
export function createFrames(): Frames {
  const ring = (): Float32Array => new Float32Array(FRAMES)
  const times = { frames: 0, mean: 0, p50: 0, p95: 0, p99: 0, p998: 0, max: 0, late: 0 }
  return { presented: ring(), main: ring(), physics: ring(), sorted: ring(), times, count: 0, last: -1 }
}

/** Enters a frame that began at `now`, ms. Allocates nothing. */
export function pushFrame(frames: Frames, now: number, main: number, physics: number): void {
  const passed = now - frames.last
  const counts = frames.last >= 0 && passed > 0 && passed < PAUSE_MS
  frames.last = now
  if (!counts) return
  const at = frames.count++ % FRAMES
  frames.presented[at] = passed
  frames.main[at] = main
  frames.physics[at] = physics
}

/** Sorts the times out. */
export function readFrames({ presented, sorted, times, count }: Frames): FrameTimes {
  times.frames = summarize(presented, count, sorted, times)
  times.late = countAbove(sorted, LATE_MS)
  return times
}

/** ms: mean of a ring over about the last half second. */
export function recentMean({ count }: Frames, ring: Float32Array): number {
  const frames = Math.min(count, 30)
  let sum = 0
  for (let i = 1; i <= frames; i++) sum += ring[(count - i) % FRAMES]!
  return frames === 0 ? 0 : sum / frames
}
