/**
 * `npm run budget`: the demo in a real headless browser against 60 frames a second.
 *
 * Physics and main-thread work are judged everywhere, presented frames only where a graphics device draws: a software
 * renderer takes longer than a frame for the picture alone. Exit status 1 when what is judged is over budget.
 */
import { parseArgs } from 'node:util'
import {
  chromiumPath,
  launchBrowser,
  lowerRasteriser,
  openPage,
  quietIntervals,
  rendererName,
} from './budget/browser.ts'
import { collectFrames, type DemoFrames, openDemo } from './budget/demo.ts'
import { isSoftwareRenderer, type Judgement, judge, verdictLine } from './budget/judge.ts'
import { buildDemo, serveDemo } from './budget/serve.ts'
import { distribution, mean } from './harness/quantile.ts'
import { createReport, printRows, REPOSITORY, type Report, type Row, writeJson } from './harness/report.ts'
import { plotFrameTimes, writePlot } from './plot.ts'

const USAGE = `npm run budget -- [--frames N] [--json FILE] [--plot FILE] [--query TEXT] [--hardware] [--no-build]
  --query     added to the demo's address (default: quality=points on a software renderer)
  --hardware  leave the graphics device on`

const FRAMES = 1_800
const WARM_UP = 300
const QUIET_FRAMES = 300
/** Goal for the first frame, page load to interactive, served locally (ms). */
const FIRST_FRAME_GOAL = 1_000

interface BudgetOptions {
  frames: number
  json: string
  plot: string
  query?: string
  hardware: boolean
  build: boolean
}

function readOptions(): BudgetOptions {
  const { values } = parseArgs({
    options: {
      frames: { type: 'string', default: String(FRAMES) },
      json: { type: 'string', default: `${REPOSITORY}bench/results/local/budget.json` },
      plot: { type: 'string', default: `${REPOSITORY}bench/results/local/budget.svg` },
      query: { type: 'string' },
      hardware: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const frames = Number(values.frames)
  if (!Number.isSafeInteger(frames) || frames < 1)
    throw new Error(`--frames "${values.frames}": an integer of at least 1`)
  const { json, plot, query, hardware } = values
  return { frames, json, plot, query, hardware, build: !values['no-build'] }
}

/** What one load of the page took until it was interactive. */
interface FirstFrame {
  isolated: boolean
  tier: string
  threads: number
  reasons: string[]
  quality: string
  firstFrameMs: number
}

interface Measured extends DemoFrames {
  renderer: string
  quiet: Float64Array
  firstFrames: FirstFrame[]
  query: string
  /** Threads of the software renderer that run at the lowest priority. */
  loweredThreads: number
}

/** Isolated and not: the page must work, and start quickly, in both. Frames are measured in the isolated one. */
async function measure(options: BudgetOptions): Promise<Measured> {
  const browser = await launchBrowser(options.hardware)
  const servers = [await serveDemo(true), await serveDemo(false)]
  try {
    const blank = await openPage(await browser.newContext())
    const renderer = await rendererName(blank)
    const quiet = await quietIntervals(blank, QUIET_FRAMES)
    await blank.close()
    const query = options.query ?? (isSoftwareRenderer(renderer) ? 'quality=points' : '')
    const firstFrames: FirstFrame[] = []
    let loweredThreads = 0
    let frames: DemoFrames | undefined
    for (const { url } of [...servers].reverse()) {
      const { page, context, firstFrameMs, quality, backend, isolated } = await openDemo(browser, `${url}?${query}`)
      firstFrames.push({ isolated, firstFrameMs, quality, ...backend })
      if (isSoftwareRenderer(renderer)) loweredThreads = await lowerRasteriser(browser)
      if (isolated) frames = await collectFrames(page, options.frames, WARM_UP)
      await context.close()
    }
    if (!frames) throw new Error('the page was not cross-origin isolated in spite of its headers')
    return { ...frames, renderer, quiet, firstFrames, query, loweredThreads }
  } finally {
    await browser.close()
    for (const server of servers) await server.close()
  }
}

function createRows(measured: Measured, judgements: Judgement[]): Row[] {
  const { renderer, quiet, stages, counts, dropped, firstFrames, query, loweredThreads, log } = measured
  const isolated = firstFrames.find((load) => load.isolated)
  const common = {
    bench: 'budget',
    engine: 'manybody',
    tier: isolated?.tier ?? '',
    threads: isolated?.threads ?? 0,
    bodies: (counts.ships ?? 0) + (counts.asteroids ?? 0) + (counts.projectiles ?? 0),
    particles: counts.particles ?? 0,
  }
  const means = Object.fromEntries(Object.entries(stages).map(([stage, samples]) => [stage, mean(samples)]))
  const rows: Row[] = judgements.map(({ series, ms, limit, frames, overBudget, within, judged, ok }) => ({
    ...common,
    scene: `galactic-wars · ${series}`,
    frames,
    ms,
    overBudget,
    limit,
    within,
    judged,
    ok,
    ...(series === 'physics' ? { stages: means } : {}),
    samples: { [series]: [...log[series]] },
    renderer,
    query,
    counts,
    dropped,
    loweredThreads,
  }))
  const none = { ...common, engine: 'none', tier: '', threads: 0, bodies: 0, particles: 0 }
  rows.push({ ...none, scene: 'quiet page · presented', frames: quiet.length, ms: distribution(quiet), renderer })
  for (const { isolated: alone, firstFrameMs, ...load } of firstFrames) {
    const scene = `first frame · ${alone ? 'isolated' : 'not isolated'}`
    rows.push({ ...common, ...load, scene, frames: 1, firstFrameMs, ok: firstFrameMs <= FIRST_FRAME_GOAL })
  }
  return rows
}

function writePicture(report: Report, measured: Measured, judgements: Judgement[], file: string): void {
  const names = { physics: 'physics', main: 'main thread', presented: 'presented' }
  const series = judgements.map((item) => ({
    name: item.judged ? names[item.series] : `${names[item.series]} (not judged)`,
    samples: [...measured.log[item.series]],
    limit: item.limit,
  }))
  writePlot(file, plotFrameTimes(`${report.machine.cpu}, ${measured.renderer}`, series))
}

async function run(options: BudgetOptions): Promise<number> {
  if (options.build) await buildDemo()
  const measured = await measure(options)
  const judgements = judge(measured.log, measured.renderer)
  const rows = createRows(measured, judgements)
  const report = createReport(['budget'], rows)
  writeJson(options.json, report)
  writePicture(report, measured, judgements, options.plot)
  printRows(`budget: ${measured.renderer}`, rows, ['within', 'judged', 'firstFrameMs', 'ok'])
  for (const judgement of judgements) console.log(verdictLine(judgement))
  return judgements.every(({ ok }) => ok) ? 0 : 1
}

/** 0 within budget, 1 over it, 2 when nothing could be measured. */
async function main(): Promise<number> {
  let options: BudgetOptions
  try {
    options = readOptions()
  } catch (error) {
    console.error(`budget: ${(error as Error).message}\n${USAGE}`)
    return 2
  }
  if (!chromiumPath()) {
    console.error('budget: no Chromium found; install it or name it in CHROMIUM_PATH')
    return 2
  }
  return run(options).catch((error: Error) => {
    console.error(`budget: ${error.message}`)
    return 2
  })
}

process.exit(await main())
