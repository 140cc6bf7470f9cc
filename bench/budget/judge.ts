/** What of a budget run is judged, and by which line. Pure: numbers in, sentences out. */
import { countAbove, type Distribution, distribution } from '../harness/quantile.ts'
import { FRAME_BUDGET, PHYSICS_BUDGET, WITHIN_BUDGET } from '../harness/report.ts'

/** Frames as the page logged them: milliseconds, one sample a frame. */
export interface FrameLog {
  physics: Float64Array
  /** Game systems + physics step + render submission on the page's main thread. */
  main: Float64Array
  /** From one presented frame to the next. */
  presented: Float64Array
}

export type Series = keyof FrameLog

/** One judged or reported series. */
export interface Judgement {
  series: Series
  ms: Distribution
  limit: number
  frames: number
  overBudget: number
  /** Share of frames within the limit. */
  within: number
  judged: boolean
  ok: boolean
}

/** A display shows a late frame one refresh later: presented intervals may exceed the line by one refresh of jitter. */
export const VSYNC = 1000 / 60

export const LIMITS: Record<Series, number> = {
  physics: PHYSICS_BUDGET,
  main: FRAME_BUDGET,
  presented: FRAME_BUDGET + VSYNC,
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** True when the browser draws on the processor: frame pacing then says nothing of the physics. */
export function isSoftwareRenderer(renderer: string): boolean {
  return SOFTWARE.test(renderer)
}

/** Judges physics and main-thread work everywhere, presented frames on hardware only. */
export function judge(log: FrameLog, renderer: string): Judgement[] {
  const software = isSoftwareRenderer(renderer)
  return (Object.keys(LIMITS) as Series[]).map((series) => {
    const samples = log[series]
    const overBudget = countAbove(samples, LIMITS[series])
    const within = 1 - overBudget / samples.length
    const judged = series !== 'presented' || !software
    return {
      series,
      ms: distribution(samples),
      limit: LIMITS[series],
      frames: samples.length,
      overBudget,
      within,
      judged,
      ok: !judged || within >= WITHIN_BUDGET,
    }
  })
}

/** One line a series: `physics: 99.97 % of 3600 frames within 8 ms: ok`. */
export function verdictLine({ series, within, frames, limit, judged, ok }: Judgement): string {
  const share = `${(100 * within).toFixed(2)} % of ${frames} frames within ${limit.toFixed(2)} ms`
  if (!judged) return `${series}: ${share} (reported only: software renderer)`
  return `${series}: ${share}: ${ok ? 'ok' : `OVER BUDGET (needs ${100 * WITHIN_BUDGET} %)`}`
}
