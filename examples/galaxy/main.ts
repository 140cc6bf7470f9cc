/**
 * Two galaxies merge: `sim` steps them on the kernel, `view` draws the packed instances straight from the kernel's memory. This file
 * joins the two and runs the loop.
 */
import { type Backend, frameStats, packInstances, stateHash } from 'manybody'
import { createFrameLog, type FrameLog, logFrame, resetFrameLog } from '../galactic-wars/view/frame-log.ts'
import {
  createMerger,
  createMonitor,
  disposeMerger,
  INSTANCE_GROUPS,
  type Merger,
  type Monitor,
  mergerTime,
  observe,
  observeAll,
  updateMerger,
} from './sim/index.ts'
import { createDirector, type Director, directCamera, toggleLead } from './view/director.ts'
import type { Hud, HudCommands } from './view/hud/hud.ts'
import { type Knobs, readKnobs } from './view/knobs.ts'
import { attachView, createView, drawView, resizeView, type View } from './view/view.ts'

/** Everything that runs, in one record. */
interface Page {
  readonly knobs: Knobs
  readonly view: View
  readonly director: Director
  readonly log: FrameLog
  readonly clock: Clock
  merger: Merger
  monitor: Monitor
  hud: Hud | null
  hudModule: HudModule | null
  /** something else steps, or the merger is being made anew */
  busy: boolean
}

/** Loaded when the galaxies are on the screen already. */
type HudModule = typeof import('./view/hud/hud.ts')

/** The clock between presented frames and steps: one step a sixtieth of a second, never two in a frame. */
interface Clock {
  paused: boolean
  /** single steps asked for while paused */
  pending: number
  /** presented and not yet stepped, ms */
  left: number
  /** timestamp of the last frame, ms; below 0 when there is none to count from */
  last: number
}

const STEP_MS = 1000 / 60
/** A frame this much early still counts as a whole one: displays are never exactly at 60 Hz. */
const SLACK_MS = 2.2

async function init(): Promise<Page> {
  const knobs = readKnobs(location.search)
  const canvas = document.getElementById('stage') as HTMLCanvasElement
  const merger = await createMerger(knobs)
  const view = createView(canvas, INSTANCE_GROUPS, knobs.quality)
  view.showHalo = knobs.halo
  const page: Page = {
    knobs,
    view,
    director: createDirector(view.camera, canvas),
    log: createFrameLog(0),
    clock: { paused: false, pending: 0, left: 0, last: -1 },
    merger,
    monitor: createMonitor(merger.physics),
    hud: null,
    hudModule: null,
    busy: false,
  }
  attachMerger(page)
  skip(page, knobs.skip)
  new ResizeObserver(() => resizeView(view)).observe(canvas)
  document.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey && pressKey(page, event.code)) event.preventDefault()
  })
  return page
}

function attachMerger({ view, merger }: Page): void {
  const bodies = merger.galaxies.reduce((sum, { length }) => sum + length, 0)
  attachView(view, merger.physics.instances, bodies)
}

const times = { physics: 0, main: 0, presented: 0, steps: 0 }

/** One presented frame. @param now timestamp of the frame, ms */
function animate(page: Page, now: number): void {
  const { clock, log, view, director } = page
  const counted = clock.last >= 0
  const interval = counted ? now - clock.last : STEP_MS
  clock.last = now
  const begin = performance.now()

  const { merger } = page
  times.steps = 0
  if (!page.busy && isStepDue(clock, interval)) {
    // Measuring takes about as long as a step: the frame that measures lets the step be, and nobody sees it.
    if (clock.paused || !observe(page.monitor, now)) {
      updateMerger(merger)
      times.steps = 1
    }
  }
  times.physics = times.steps > 0 ? frameStats(merger.physics).physicsMs : 0

  directCamera(director, mergerTime(merger), interval / 1000)
  if (!page.busy) packInstances(merger.physics)
  drawView(view)

  times.main = performance.now() - begin
  times.presented = interval
  if (counted && times.steps > 0) logFrame(log, times, frameStats(merger.physics))
  if (page.hud) page.hudModule?.updateHud(page.hud, now, times.main)
}

function isStepDue(clock: Clock, interval: number): boolean {
  if (clock.paused) {
    if (clock.pending === 0) return false
    clock.pending--
    return true
  }
  clock.left = Math.min(clock.left + interval, 2 * STEP_MS)
  if (clock.left < STEP_MS - SLACK_MS) return false
  clock.left = Math.max(0, clock.left - STEP_MS)
  return true
}

function pressKey(page: Page, code: string): boolean {
  const commands = createCommands(page)
  if (code === 'Space') commands.togglePause()
  else if (code === 'Period') commands.step()
  else if (code === 'KeyR') commands.reset()
  else if (code === 'KeyH') commands.toggleHud()
  else if (code === 'KeyD') commands.toggleHalo()
  else if (code === 'KeyV') commands.toggleSpeed()
  else if (code === 'KeyC') commands.lead()
  else return false
  return true
}

function createCommands(page: Page): HudCommands {
  const { clock, view, director } = page
  return {
    togglePause: () => {
      clock.paused = !clock.paused
    },
    step: () => {
      clock.paused = true
      clock.pending++
    },
    reset: () => void reset(page),
    toggleHalo: () => {
      view.showHalo = !view.showHalo
    },
    toggleSpeed: () => {
      view.measures.bySpeed.value = 1 - view.measures.bySpeed.value
    },
    lead: () => toggleLead(director),
    toggleHud: () => {
      if (page.hud) page.hud.root.hidden = !page.hud.root.hidden
      else void openHud(page)
    },
  }
}

/** Begins again from the seed. */
async function reset(page: Page): Promise<void> {
  if (page.busy) return
  page.busy = true
  try {
    const old = page.merger
    page.merger = await createMerger(page.knobs)
    if (page.hud) page.hudModule?.watch(page.hud, page.merger.physics)
    disposeMerger(old)
    page.monitor = createMonitor(page.merger.physics)
    attachMerger(page)
    page.director.leads = true
    resetFrameLog(page.log)
  } finally {
    page.busy = false
  }
}

/** Does steps without drawing them. */
function skip({ merger }: Page, steps: number): void {
  for (let i = 0; i < steps; i++) updateMerger(merger)
}

/** The HUD is loaded when the galaxies are on the screen already. */
async function openHud(page: Page): Promise<void> {
  page.hudModule = await import('./view/hud/hud.ts')
  const { view, clock, director } = page
  const root = document.getElementById('hud') as HTMLElement
  const source = {
    renderer: view.rendererName,
    quality: view.quality.name,
    stats: () => frameStats(page.merger.physics),
    truth: () => page.monitor.truth,
    time: () => mergerTime(page.merger),
    paused: () => clock.paused,
    halo: () => view.showHalo,
    bySpeed: () => view.measures.bySpeed.value === 1,
    leads: () => director.leads,
  }
  page.hud = page.hudModule.createHud(root, page.merger.physics, source, createCommands(page))
  root.hidden = false
}

/** What scripts see of the page: `window.galaxy`. */
function createHandle(page: Promise<Page>) {
  let running: Page | null = null
  const get = (): Page => {
    if (!running) throw new Error('galaxy is not ready yet: await galaxy.ready')
    return running
  }
  const ready = page.then((value) => {
    running = value
    start(value)
  })
  return {
    /** fulfilled when the first frame is drawn */
    ready,
    /** the running page, for experiments in the console */
    get page(): Page {
      return get()
    },
    get backend(): Backend {
      return get().merger.physics.backend
    },
    get truth() {
      return { ...get().monitor.truth }
    },
    stats: () => structuredClone(frameStats(get().merger.physics)),
    stateHash: () => stateHash(get().merger.physics),
    time: () => mergerTime(get().merger),
    pause: () => {
      get().clock.paused = true
    },
    resume: () => {
      get().clock.paused = false
    },
    /** measures the truth of the run at once: forces and drift */
    measure: () => observeAll(get().monitor),
    /** does `steps` steps at once, without drawing them */
    skip: (steps: number) => skip(get(), steps),
    reset: () => reset(get()),
  }
}

/** Draws the first frame and starts the loop. */
function start(page: Page): void {
  animate(page, performance.now())
  page.clock.last = -1
  document.getElementById('notice')?.remove()
  const onFrame = (now: number): void => {
    // Asked for first: one frame that fails must not be the last one.
    requestAnimationFrame(onFrame)
    animate(page, now)
  }
  requestAnimationFrame(onFrame)
  if (page.knobs.hud) void openHud(page)
}

declare global {
  interface Window {
    galaxy: ReturnType<typeof createHandle>
  }
}

window.galaxy = createHandle(init())
window.galaxy.ready.catch((error: unknown) => {
  const notice = document.getElementById('notice')
  if (notice) notice.textContent = `Cannot start: ${error instanceof Error ? error.message : String(error)}`
  console.error(error)
})
