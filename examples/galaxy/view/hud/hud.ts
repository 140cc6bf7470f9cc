import '../../../galactic-wars/view/hud/hud.css'
import type { Backend, FrameStats } from 'manybody'
import { FRAME_MS, type FrameLog } from '../../../galactic-wars/view/frame-log.ts'
import { createFrameGraph, drawFrameGraph, type FrameGraph } from '../../../galactic-wars/view/hud/graph.ts'
import { createStageBar, type StageBar, updateStageBar } from '../../../galactic-wars/view/hud/stages.ts'
import type { Truth } from '../../sim/index.ts'

/** What the HUD shows; all of it is read, at most ten times a second. */
export interface HudSource {
  log: FrameLog
  renderer: string
  quality: string
  backend(): Backend
  stats(): FrameStats
  truth(): Truth
  /** of the encounter, natural units */
  time(): number
  paused(): boolean
  halo(): boolean
  bySpeed(): boolean
  leads(): boolean
}

export interface HudCommands {
  togglePause(): void
  step(): void
  reset(): void
  toggleHalo(): void
  toggleSpeed(): void
  lead(): void
  toggleHud(): void
}

export interface Hud {
  readonly root: HTMLElement
  readonly text: Record<string, HTMLElement>
  readonly graph: FrameGraph
  readonly stages: StageBar
  readonly buttons: HTMLButtonElement[]
  readonly source: HudSource
  /** when it was drawn and when its slow parts were, ms */
  drawn: number
  counted: number
}

const DRAW_MS = 100
const COUNT_MS = 500

const MARKUP = `
  <section class="panel">
    <header><strong>Galaxy</strong><span data-text="pace"></span></header>
    <canvas class="graph"></canvas>
    <p class="keys"><i class="physics"></i>physics <b data-text="physics"></b><i class="main"></i>main <b data-text="main"></b>
      <i class="presented"></i>frame <b data-text="presented"></b></p>
    <div class="bar"></div>
    <p data-text="method"></p>
    <dl class="truth">
      <dt>force error, rms</dt><dd data-text="rms"></dd>
      <dt>99 of 100 below</dt><dd data-text="p99"></dd>
      <dt>energy drift</dt><dd data-text="energy"></dd>
      <dt>momentum drift</dt><dd data-text="momentum"></dd>
    </dl>
    <details>
      <summary>stages</summary>
      <div class="legend"></div>
    </details>
    <p data-text="tier"></p>
    <p class="small" data-text="reasons"></p>
    <p class="small" data-text="budget"></p>
    <p class="small" data-text="renderer"></p>
  </section>
  <nav class="buttons" aria-label="camera and time"></nav>`

type Light = (source: HudSource) => boolean
const never: Light = () => false

const BUTTONS: readonly [label: string, title: string, on: Light, run: (c: HudCommands) => void][] = [
  ['Camera', 'C: the camera finds its own way', (s) => s.leads(), (c) => c.lead()],
  ['Dark', 'D: show the dark halos', (s) => s.halo(), (c) => c.toggleHalo()],
  ['Speed', 'V: colour by speed', (s) => s.bySpeed(), (c) => c.toggleSpeed()],
  ['❙❙', 'space: pause', (s) => s.paused(), (c) => c.togglePause()],
  ['❙▶', '. single step', never, (c) => c.step()],
  ['↺', 'R: reset', never, (c) => c.reset()],
  ['H', 'H: hide', never, (c) => c.toggleHud()],
]

/** Builds the HUD into `root`. */
export function createHud(root: HTMLElement, source: HudSource, commands: HudCommands): Hud {
  root.innerHTML = MARKUP
  const find = (selector: string): HTMLElement => root.querySelector(selector) as HTMLElement
  // Two columns, unlike the list of counts that this style was made for.
  find('.truth').style.gridTemplateColumns = 'auto 1fr'
  const text: Hud['text'] = {}
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]'))
    text[element.dataset.text as string] = element
  const nav = find('.buttons')
  const buttons = BUTTONS.map(([label, title, , run]) => {
    const button = nav.appendChild(document.createElement('button'))
    button.type = 'button'
    button.textContent = label
    button.title = title
    button.addEventListener('click', () => {
      run(commands)
      // Space and the letter keys belong to the page, not to the button pressed last.
      button.blur()
    })
    return button
  })
  const graph = createFrameGraph(find('.graph') as HTMLCanvasElement)
  const stages = createStageBar(find('.bar'), find('.legend'))
  return { root, text, graph, stages, buttons, source, drawn: 0, counted: 0 }
}

/** Brings the HUD up to date when its time has come. @param now ms */
export function updateHud(hud: Hud, now: number): void {
  if (hud.root.hidden || now - hud.drawn < DRAW_MS) return
  hud.drawn = now
  const { source, text } = hud
  drawFrameGraph(hud.graph, source.log)
  updateStageBar(hud.stages, source.stats())
  const presented = recentMean(source.log, source.log.presented)
  write(text.physics, recentMean(source.log, source.log.physics).toFixed(1))
  write(text.main, recentMean(source.log, source.log.main).toFixed(1))
  write(text.presented, presented.toFixed(1))
  write(text.pace, source.paused() ? 'paused' : `${Math.round(1000 / Math.max(presented, 1))} fps`)
  if (now - hud.counted < COUNT_MS) return
  hud.counted = now
  writeTruth(hud)
  writeRun(hud)
}

function writeTruth({ source, text }: Hud): void {
  const stats = source.stats()
  const { rms, p99, energyDrift, momentumDrift } = source.truth()
  const long = recentMean(source.log, source.log.stages.longRange)
  write(text.method, `${stats.longRange} ${long.toFixed(1)} ms · ${stats.bodies.toLocaleString('en')} bodies attract`)
  write(text.rms, percent(rms))
  write(text.p99, percent(p99))
  write(text.energy, signed(energyDrift))
  write(text.momentum, momentumDrift.toExponential(1))
}

function writeRun({ source, text, buttons }: Hud): void {
  const { tier, threads, reasons } = source.backend()
  const { log } = source
  write(text.tier, `tier ${tier} · ${threads} thread${threads === 1 ? '' : 's'} · view ${source.quality}`)
  write(text.reasons, reasons.join(' '))
  const over = `over budget: physics ${log.physicsOver}, frames ${log.presentedOver} of ${log.count.toLocaleString('en')}`
  write(text.budget, `${over} · t = ${source.time().toFixed(1)}`)
  write(text.renderer, source.renderer)
  for (const [i, [, , on]] of BUTTONS.entries()) buttons[i].classList.toggle('on', on(source))
}

function percent(share: number): string {
  return Number.isNaN(share) ? '…' : `${(100 * share).toFixed(3)} %`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toExponential(1)}`
}

/** Mean over about the last half second. */
function recentMean(log: FrameLog, ring: Float32Array): number {
  const count = Math.min(log.count, Math.ceil(500 / FRAME_MS))
  let sum = 0
  for (let i = 1; i <= count; i++) sum += ring[(log.count - i) % log.capacity]
  return count === 0 ? 0 : sum / count
}

function write(element: HTMLElement, value: string): void {
  if (element.textContent !== value) element.textContent = value
}
