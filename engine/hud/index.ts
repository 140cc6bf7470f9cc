/** A panel with what a world takes and holds. `import … from 'manybody/hud'`. */
import { frameStats, onStep, type Physics, stepTimes } from '../index.ts'
import { add, write } from './element.ts'
import { createFigures, type Figures, type HudFigures, writeFigures } from './figures.ts'
import { createGraph, drawGraph, type Graph, SERIES } from './graph.ts'
import { createStages, type StageBar, writeStages } from './stages.ts'
import { addStyle } from './style.ts'
import { createTimes, type Times, writeTimes } from './times.ts'
import { createFrames, type Frames, type FrameTimes, pushFrame, readFrames, recentMean } from './window.ts'

export type { HudFigures } from './figures.ts'
export type { FrameTimes } from './window.ts'

/** How a panel is made. */
export interface HudOptions {
  /** What the panel goes into. Default the page's body. */
  parent?: HTMLElement
  /** The first line. Default 'manybody'. */
  title?: string
  /** Whether stages, percentiles and counts are open from the start. Default true. */
  open?: boolean
  /** Figures of the page's own, by their labels; read twice a second. An empty text leaves a figure out. */
  figures?: HudFigures
  /** Lines of the page's own below all others; read twice a second. An empty text leaves a line out. */
  notes?: readonly (() => string)[]
}

/** A panel. */
export interface Hud {
  /** What is on the page; `root.hidden` hides it. */
  readonly root: HTMLElement
  /** @internal */
  readonly parts: Parts
}

interface Parts {
  physics: Physics
  /** Ends the counting of the world's steps. */
  leave: () => void
  readonly frames: Frames
  readonly graph: Graph
  readonly bar: StageBar
  readonly times: Times
  readonly figures: Figures
  readonly details: HTMLDetailsElement
  readonly pace: HTMLElement
  readonly means: Readonly<Record<keyof typeof SERIES, HTMLElement>>
  readonly backend: HTMLElement
  readonly reasons: HTMLElement
  readonly notes: readonly (readonly [element: HTMLElement, read: () => string])[]
  /** ms of the steps since the last frame. */
  physicsMs: number
  steps: number
  /** ms: when the graph was drawn and when the figures were written. */
  drawn: number
  written: number
}

/** ms between two pictures of the graph, and between two changes of the figures. */
const DRAW_MS = 100
const WRITE_MS = 500

/**
 * Makes a panel for a world: a graph of the frames, the stages of the step, percentiles, counts and memory. It is brought up to
 * date ten times a second; in between, and while it is hidden, a frame costs it a few numbers. It counts the world's steps from now on.
 * @throws PhysicsError E_DISPOSED
 */
export function createHud(physics: Physics, options: HudOptions = {}): Hud {
  const { parent = document.body, title = 'manybody', open = true, figures = {}, notes = [] } = options
  const root = document.createElement('aside')
  root.className = 'manybody-hud'
  const shadow = root.attachShadow({ mode: 'open' })
  addStyle(shadow)
  const header = add(shadow, 'header')
  add(header, 'strong').textContent = title
  const pace = add(header, 'span')
  const graph = createGraph(add(shadow, 'canvas'))
  const means = createMeans(add(shadow, 'p', 'key'))
  const bar = add(shadow, 'div', 'bar')
  const details = add(shadow, 'details')
  details.open = open
  add(details, 'summary').textContent = 'stages and counts'
  const legend = add(details, 'div', 'legend')
  const parts: Parts = {
    physics,
    leave: () => {},
    frames: createFrames(),
    graph,
    bar: createStages(bar, legend),
    times: createTimes(details),
    figures: createFigures(details, figures),
    details,
    pace,
    means,
    backend: add(shadow, 'p'),
    reasons: add(shadow, 'p', 'small'),
    notes: notes.map((read) => [add(shadow, 'p', 'small'), read] as const),
    physicsMs: 0,
    steps: 0,
    drawn: 0,
    written: 0,
  }
  const hud = { root, parts }
  watchPhysics(hud, physics)
  parent.append(root)
  return hud
}

function createMeans(line: HTMLElement): Parts['means'] {
  const made = (Object.keys(SERIES) as (keyof typeof SERIES)[]).map((name) => {
    add(line, 'i').style.background = SERIES[name]
    line.append(name === 'presented' ? 'frame' : name)
    return [name, add(line, 'b')] as const
  })
  return Object.fromEntries(made) as Record<keyof typeof SERIES, HTMLElement>
}

/**
 * Shows another world from now on: a game that begins again makes a new one.
 * @throws PhysicsError E_DISPOSED
 */
export function watchPhysics({ parts }: Hud, physics: Physics): void {
  const leave = onStep(physics, (stats) => {
    parts.physicsMs += stats.physicsMs
    parts.steps++
  })
  parts.leave()
  parts.leave = leave
  parts.physics = physics
  // Begins to keep the times of its steps.
  stepTimes(physics)
}

/**
 * Counts a frame, and brings the panel up to date when its time has come. Call it once a frame; most calls only write three numbers.
 * @param now when the frame began, ms, as `requestAnimationFrame` says it. Default now.
 * @param main what the page's own work took in this frame, ms, physics included: the graph's blue part. Default none.
 * @throws PhysicsError E_DISPOSED
 */
export function updateHud(hud: Hud, now: number = performance.now(), main = 0): void {
  const { root, parts } = hud
  pushFrame(parts.frames, now, main, parts.physicsMs)
  parts.physicsMs = 0
  if (root.hidden || now - parts.drawn < DRAW_MS) return
  parts.drawn = now
  const stats = frameStats(parts.physics)
  drawGraph(parts.graph, parts.frames)
  writeStages(parts.bar, stats, parts.details.open)
  if (now - parts.written < WRITE_MS) return
  parts.written = now
  writeHead(parts)
  if (parts.details.open) {
    writeTimes(parts.times, readFrames(parts.frames), stepTimes(parts.physics))
    writeFigures(parts.figures, stats)
  }
  for (const [element, read] of parts.notes) write(element, read())
}

function writeHead(parts: Parts): void {
  const { frames, means, physics } = parts
  const presented = recentMean(frames, frames.presented)
  const idle = parts.steps === 0
  parts.steps = 0
  write(parts.pace, idle ? 'paused' : `${Math.round(1000 / Math.max(presented, 1))} fps`)
  write(means.physics, recentMean(frames, frames.physics).toFixed(2))
  write(means.main, recentMean(frames, frames.main).toFixed(1))
  write(means.presented, presented.toFixed(1))
  const { tier, threads, precision, reasons } = physics.backend
  write(parts.backend, `${tier} · ${threads} thread${threads === 1 ? '' : 's'} · ${precision}`)
  write(parts.reasons, reasons.join(' '))
}

/** The times of the last frames that the panel counted, at most 600. One reused object a panel. */
export function frameTimes({ parts }: Hud): FrameTimes {
  return readFrames(parts.frames)
}

/** Takes the panel off the page. */
export function removeHud({ root, parts }: Hud): void {
  parts.leave()
  root.remove()
}
