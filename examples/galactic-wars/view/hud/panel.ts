import type { Backend, FrameStats } from 'manybody'
import { FRAME_MS, type FrameLog } from '../frame-log.ts'
import { createFrameGraph, drawFrameGraph, type FrameGraph } from './graph.ts'
import { createStageBar, type StageBar, updateStageBar } from './stages.ts'

/** What every panel shows; all of it is read, at most ten times a second. */
export interface PanelSource {
  log: FrameLog
  renderer: string
  quality: string
  backend(): Backend
  stats(): FrameStats
  paused(): boolean
}

/** A button: its label, its key and meaning, when it is lit, and what it does. */
export type PanelButton<Source, Commands> = readonly [
  label: string,
  title: string,
  lit: (source: Source) => boolean,
  run: (commands: Commands) => void,
]

/** The figures in the corner and the buttons below: of Galactic Wars, and of the examples that look like it. */
export interface Panel<Source extends PanelSource> {
  readonly root: HTMLElement
  readonly text: Record<string, HTMLElement>
  readonly graph: FrameGraph
  readonly stages: StageBar
  readonly buttons: readonly (readonly [button: HTMLButtonElement, lit: (source: Source) => boolean])[]
  readonly source: Source
  /** when it was drawn and when its slow parts were, ms */
  drawn: number
  counted: number
}

const DRAW_MS = 100
const COUNT_MS = 500

/** The head of a panel's markup: pace, graph, three times and the bar of stages. */
export const panelHead = (title: string): string => `
    <header><strong>${title}</strong><span data-text="pace"></span></header>
    <canvas class="graph"></canvas>
    <p class="keys"><i class="physics"></i>physics <b data-text="physics"></b><i class="main"></i>main <b data-text="main"></b>
      <i class="presented"></i>frame <b data-text="presented"></b></p>
    <div class="bar"></div>`

/** The foot of a panel's markup: what runs, and how often it was late. */
export const PANEL_FOOT = `
    <p data-text="tier"></p>
    <p class="small" data-text="reasons"></p>
    <p class="small" data-text="budget"></p>
    <p class="small" data-text="renderer"></p>`

/** Builds a panel of a given markup into `root`. */
export function createPanel<Source extends PanelSource, Commands>(
  root: HTMLElement,
  markup: string,
  buttons: readonly PanelButton<Source, Commands>[],
  source: Source,
  commands: Commands,
): Panel<Source> {
  root.innerHTML = markup
  const find = (selector: string): HTMLElement => root.querySelector(selector) as HTMLElement
  const text: Record<string, HTMLElement> = {}
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]'))
    text[element.dataset.text as string] = element
  const nav = find('.buttons')
  const made = buttons.map(([label, title, lit, run]) => {
    const button = nav.appendChild(document.createElement('button'))
    button.type = 'button'
    button.textContent = label
    button.title = title
    button.addEventListener('click', () => {
      run(commands)
      // Space and the letter keys belong to the page, not to the button pressed last.
      button.blur()
    })
    return [button, lit] as const
  })
  const graph = createFrameGraph(find('.graph') as HTMLCanvasElement)
  const stages = createStageBar(find('.bar'), find('.legend'))
  return { root, text, graph, stages, buttons: made, source, drawn: 0, counted: 0 }
}

/** Brings what all panels show up to date when its time has come. Gives whether it is time for the slow parts too. @param now ms */
export function updatePanel<Source extends PanelSource>(panel: Panel<Source>, now: number): boolean {
  if (panel.root.hidden || now - panel.drawn < DRAW_MS) return false
  panel.drawn = now
  const { source, text } = panel
  drawFrameGraph(panel.graph, source.log)
  updateStageBar(panel.stages, source.stats())
  const presented = recentMean(source.log, source.log.presented)
  write(text.physics, recentMean(source.log, source.log.physics).toFixed(1))
  write(text.main, recentMean(source.log, source.log.main).toFixed(1))
  write(text.presented, presented.toFixed(1))
  write(text.pace, source.paused() ? 'paused' : `${Math.round(1000 / Math.max(presented, 1))} fps`)
  if (now - panel.counted < COUNT_MS) return false
  panel.counted = now
  return true
}

/** Writes what runs and how often it was late, with a note at the end of that line, and lights the buttons. */
export function writeRun<Source extends PanelSource>({ source, text, buttons }: Panel<Source>, note: string): void {
  const { tier, threads, reasons } = source.backend()
  const { log } = source
  write(text.tier, `tier ${tier} · ${threads} thread${threads === 1 ? '' : 's'} · view ${source.quality}`)
  write(text.reasons, reasons.join(' '))
  const over = `over budget: physics ${log.physicsOver}, frames ${log.presentedOver} of ${log.count.toLocaleString('en')}`
  write(text.budget, `${over}${note}`)
  write(text.renderer, source.renderer)
  for (const [button, lit] of buttons) button.classList.toggle('on', lit(source))
}

/** Mean over about the last half second. */
export function recentMean(log: FrameLog, ring: Float32Array): number {
  const count = Math.min(log.count, Math.ceil(500 / FRAME_MS))
  let sum = 0
  for (let i = 1; i <= count; i++) sum += ring[(log.count - i) % log.capacity]
  return count === 0 ? 0 : sum / count
}

/** Writes a text, if it is another one. */
export function write(element: HTMLElement, value: string): void {
  if (element.textContent !== value) element.textContent = value
}
