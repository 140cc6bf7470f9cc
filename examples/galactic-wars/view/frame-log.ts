import { type FrameStats, STAGES, type Stage } from 'manybody'

/** Frames that the log remembers at least. */
const CAPACITY = 8192

/** Milliseconds of the last frames, in rings: frame `i` is at `i % capacity`. */
export interface FrameLog {
  readonly capacity: number
  /** the slowest physics step of the frame; 0 in a frame without a step */
  readonly physics: Float32Array
  /** game systems, physics, packing and the submission of the picture: all that the main thread did */
  readonly main: Float32Array
  /** from the presented frame before to this one */
  readonly presented: Float32Array
  /** every stage of the last step */
  readonly stages: Readonly<Record<Stage, Float32Array>>
  /** steps done in the frame, 0 … 2 */
  readonly steps: Uint8Array
  /** frames logged since the start, or since `resetFrameLog` */
  count: number
  /** the same */
  readonly index: number
  /** frames over their line since the start: 8 ms, 16.67 ms, and 16.67 ms with one refresh of jitter */
  physicsOver: number
  mainOver: number
  presentedOver: number
}

export const FRAME_MS = 1000 / 60
export const PHYSICS_MS = 8

/** @param frames how many frames it must be able to hold */
export function createFrameLog(frames: number): FrameLog {
  const capacity = Math.max(CAPACITY, frames)
  const ring = (): Float32Array => new Float32Array(capacity)
  return {
    capacity,
    physics: ring(),
    main: ring(),
    presented: ring(),
    stages: Object.fromEntries(STAGES.map((stage) => [stage, ring()])) as Record<Stage, Float32Array>,
    steps: new Uint8Array(capacity),
    count: 0,
    get index(): number {
      return this.count
    },
    physicsOver: 0,
    mainOver: 0,
    presentedOver: 0,
  }
}

/** What one frame took. One record, reused by the loop. */
export interface FrameTimes {
  physics: number
  main: number
  presented: number
  steps: number
}

export function logFrame(log: FrameLog, times: FrameTimes, stats: FrameStats): void {
  const at = log.count % log.capacity
  log.physics[at] = times.physics
  log.main[at] = times.main
  log.presented[at] = times.presented
  log.steps[at] = times.steps
  for (let i = 0; i < STAGES.length; i++) log.stages[STAGES[i]][at] = stats.stages[STAGES[i]]
  log.count++
  if (times.physics > PHYSICS_MS) log.physicsOver++
  if (times.main > FRAME_MS) log.mainOver++
  if (times.presented > 2 * FRAME_MS) log.presentedOver++
}

/** Starts counting anew: after warm-up, or when the game begins again. */
export function resetFrameLog(log: FrameLog): void {
  log.count = 0
  log.physicsOver = 0
  log.mainOver = 0
  log.presentedOver = 0
}
