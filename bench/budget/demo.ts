/** Drives the demo's page: time to the first frame, then the frames that the page logs about itself. */
import type { FrameStats } from 'manybody'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type {} from '../../examples/galactic-wars/main.ts'
import { startProgress } from '../harness/progress.ts'
import { openPage } from './browser.ts'
import type { FrameLog } from './judge.ts'

/** One load of the page. */
export interface DemoLoad {
  page: Page
  context: BrowserContext
  /** Milliseconds from the start of navigation until the first frame at full counts was drawn. */
  firstFrameMs: number
  backend: { tier: string; threads: number; reasons: string[] }
  quality: string
  isolated: boolean
}

/** The page's frames after warm-up. */
export interface DemoFrames {
  log: FrameLog
  /** Milliseconds of each stage of single steps, taken a few times a second. */
  stages: Record<string, Float64Array>
  counts: Record<string, number>
  /** Seconds of game time that the page gave up because frames came too late. */
  dropped: number
}

const VIEWPORT = { width: 640, height: 360 }
const READY_TIMEOUT = 60_000
const POLL_INTERVAL = 500
/** No new frame for this long is a hang (ms). */
const STALL_TIMEOUT = 20_000
/** A slow machine presents few frames: warming up and measuring end after this long with what there is (ms). */
const WARM_UP_LIMIT = 30_000
const MEASURE_LIMIT = 240_000

/** Opens the demo with nothing cached and waits for its first frame. */
export async function openDemo(browser: Browser, url: string): Promise<DemoLoad> {
  const context = await browser.newContext({ viewport: VIEWPORT })
  const page = await openPage(context)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  try {
    await page.waitForFunction(() => window.galacticWars?.ready.then(() => true), undefined, { timeout: READY_TIMEOUT })
  } catch (error) {
    throw new Error(`the demo did not start: ${[(error as Error).message, ...errors].join('; ')}`)
  }
  const seen = await page.evaluate(() => {
    const { firstFrameMs, quality, backend } = window.galacticWars
    const { tier, threads, reasons } = backend
    return { firstFrameMs, quality, backend: { tier, threads, reasons: [...reasons] }, isolated: crossOriginIsolated }
  })
  return { page, context, ...seen }
}

/** Frames of the page's log, from one number on: those that were there when the page was asked. */
interface Piece {
  end: number
  series: Record<keyof FrameLog | 'steps', number[]>
  stages: FrameStats['stages']
}

function readFrames(page: Page, from: number): Promise<Piece> {
  return page.evaluate((first) => {
    const { frameLog } = window.galacticWars
    const { physics, main, presented, steps, index: end, capacity } = frameLog
    if (end - first > capacity)
      throw new Error(`${end - first - capacity} frames were overwritten before they were read`)
    const since = (ring: Float32Array | Uint8Array): number[] =>
      Array.from({ length: end - first }, (_, offset) => ring[(first + offset) % capacity])
    const series = { physics: since(physics), main: since(main), presented: since(presented), steps: since(steps) }
    return { end, series, stages: window.galacticWars.stats().stages }
  }, from)
}

/** Reads what the page logs, a few times a second, until there are `frames` more or `limit` ms have passed. */
async function followFrames(
  page: Page,
  { label, from, frames, limit }: { label: string; from: number; frames: number; limit: number },
): Promise<Piece[]> {
  const pieces: Piece[] = []
  const progress = startProgress(label, frames)
  try {
    const end = performance.now() + limit
    let read = from
    let moved = performance.now()
    while (read < from + frames && (performance.now() < end || pieces.length === 0)) {
      await page.waitForTimeout(POLL_INTERVAL)
      const piece = await readFrames(page, read)
      if (piece.end > read) moved = performance.now()
      else if (performance.now() - moved > STALL_TIMEOUT) throw new Error('the demo stopped presenting frames')
      progress.advance(piece.end - read)
      read = piece.end
      pieces.push(piece)
    }
    return pieces
  } finally {
    progress.stop()
  }
}

/** Lets the page warm up, then takes `frames` frames of its log or some more, each once and in order; fewer when it is slow. */
export async function collectFrames(page: Page, frames: number, warmUp: number): Promise<DemoFrames> {
  const start = await page.evaluate(() => window.galacticWars.frameLog.index)
  const warm = { label: 'demo, warm-up', from: start, frames: warmUp, limit: WARM_UP_LIMIT }
  const from = (await followFrames(page, warm)).at(-1)?.end ?? start
  const pieces = await followFrames(page, { label: 'demo, measured frames', from, frames, limit: MEASURE_LIMIT })
  const end = await page.evaluate(() => ({
    counts: window.galacticWars.counts(),
    dropped: window.galacticWars.dropped,
  }))
  const join = (name: keyof Piece['series']): number[] => pieces.flatMap(({ series }) => series[name])
  const steps = join('steps')
  const stageNames = Object.keys(pieces[0].stages) as (keyof Piece['stages'])[]
  return {
    log: {
      // A frame that comes early does no step: it has no physics to be judged.
      physics: Float64Array.from(join('physics').filter((_, frame) => steps[frame] > 0)),
      main: Float64Array.from(join('main')),
      presented: Float64Array.from(join('presented')),
    },
    stages: Object.fromEntries(
      stageNames.map((name) => [name, Float64Array.from(pieces, ({ stages }) => stages[name])]),
    ),
    ...end,
  }
}
