import type { BenchOptions } from './options.ts'
import type { Row } from './report.ts'

/** A named measurement: takes the command line's options, gives rows. */
export interface Bench {
  readonly name: string
  /** One line for `--help`. */
  readonly about: string
  /** Row fields shown in the console table beyond the fixed ones. */
  readonly columns?: readonly string[]
  /** Its full runs go to `bench/results` as JSON and pictures under the bench's name, where no file is named. */
  readonly published?: boolean
  /** Set by benches that check rather than time: the reason why the rows are not as they must be. */
  verdict?(rows: readonly Row[]): string | undefined
  run(options: BenchOptions): Promise<Row[]>
}

/** Threads of the published numbers, the caller included. */
export const DEFAULT_THREADS = 2
/** Seconds of one step. */
export const DT = 1 / 60

/** Frames to run before the measured ones: the bench's own number, but no more than twice a short run. */
export function warmUpFor(usual: number, frames: number): number {
  return Math.min(usual, 2 * frames)
}
