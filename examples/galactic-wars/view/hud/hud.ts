import type { Backend, FrameStats } from 'manybody'
import { FRAME_MS, type FrameLog } from '../frame-log.ts'
import type { CameraName } from '../knobs.ts'
import { createFrameGraph, drawFrameGraph, type FrameGraph } from './graph.ts'
import { createStageBar, type StageBar, updateStageBar } from './stages.ts'

export interface Counts {
  ships: number
  asteroids: number
  projectiles: number
  particles: number
}

/** What the HUD shows; all of it is read, at most ten times a second. */
export interface HudSource {
  log: FrameLog
  renderer: string
  quality: string
  backend(): Backend
  stats(): FrameStats
  counts(): Counts
  /** seconds given up because frames came too late */
  dropped(): number
  paused(): boolean
  camera(): CameraName
}

export interface HudCommands {
  camera(mode: CameraName): void
  togglePause(): void
  step(): void
  reset(): void
  toggleHud(): void
  settings(): void
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
    <header><strong>Galactic Wars</strong><span data-text="pace"></span></header>
    <canvas class="graph"></canvas>
    <p class="keys"><i class="physics"></i>physics <b data-text="physics"></b><i class="main"></i>main <b data-text="main"></b>
      <i class="presented"></i>frame <b data-text="presented"></b></p>
    <div class="bar"></div>
    <details>
      <summary>stages and counts</summary>
      <div class="legend"></div>
      <dl>
        <dt>ships</dt><dd data-text="ships"></dd><dt>asteroids</dt><dd data-text="asteroids"></dd>
        <dt>shots</dt><dd data-text="projectiles"></dd><dt>particles</dt><dd data-text="particles"></dd>
        <dt>pairs</dt><dd data-text="pairs"></dd><dt>contacts</dt><dd data-text="contacts"></dd>
      </dl>
    </details>
    <p data-text="gravity"></p>
    <p data-text="tier"></p>
    <p class="small" data-text="reasons"></p>
    <p class="small" data-text="budget"></p>
    <p class="small" data-text="renderer"></p>
  </section>
  <div class="settings"></div>
  <nav class="buttons" aria-label="camera and game"></nav>`

const BUTTONS: readonly [label: string, title: string, camera: CameraName | null, run: (c: HudCommands) => void][] = [
  ['Orbit', '1', 'orbit', (c) => c.camera('orbit')],
  ['Fly', '2: WASD, E/Q, drag', 'fly', (c) => c.camera('fly')],
  ['Fight', '3', 'fight', (c) => c.camera('fight')],
  ['Ship', '4: again for the next one', 'ship', (c) => c.camera('ship')],
  ['❙❙', 'space: pause', null, (c) => c.togglePause()],
  ['❙▶', '. single step', null, (c) => c.step()],
  ['↺', 'R: reset', null, (c) => c.reset()],
  ['⚙', 'settings', null, (c) => c.settings()],
  ['H', 'H: hide', null, (c) => c.toggleHud()],
]
const PAUSE_BUTTON = 4

/** Builds the HUD into `root`. */
export function createHud(root: HTMLElement, source: HudSource, commands: HudCommands): Hud {
  root.innerHTML = MARKUP
  const find = (selector: string): HTMLElement => root.querySelector(selector) as HTMLElement
  const text: Hud['text'] = {}
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]'))
    text[element.dataset.text as string] = element
  const details = root.querySelector('details') as HTMLDetailsElement
  // A phone shows the battle first.
  details.open = window.innerWidth > 640
  const nav = find('.buttons')
  const buttons = BUTTONS.map(([label, title, , run]) => {
    const button = nav.appendChild(document.createElement('button'))
    button.type = 'button'
    button.textContent = label
    button.title = title
    button.addEventListener('click', () => {
      run(commands)
      // Space and the letter keys belong to the game, not to the button pressed last.
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
  writeCounts(hud)
  writeRun(hud)
}

function writeCounts({ source, text }: Hud): void {
  const counts = source.counts()
  for (const name of ['ships', 'asteroids', 'projectiles', 'particles'] as const) {
    write(text[name], counts[name].toLocaleString('en'))
  }
  const stats = source.stats()
  write(text.pairs, stats.pairs.toLocaleString('en'))
  write(text.contacts, stats.contacts.toLocaleString('en'))
  const sources = `${stats.sources.toLocaleString('en')} source${stats.sources === 1 ? '' : 's'}`
  const ms = recentMean(source.log, source.log.stages.longRange)
  write(text.gravity, `gravity ${stats.longRange} ${ms.toFixed(1)} ms · ${sources}`)
}

function writeRun({ source, text, buttons }: Hud): void {
  const { tier, threads, reasons } = source.backend()
  const { log } = source
  write(text.tier, `tier ${tier} · ${threads} thread${threads === 1 ? '' : 's'} · view ${source.quality}`)
  write(text.reasons, reasons.join(' '))
  const over = `over budget: physics ${log.physicsOver}, frames ${log.presentedOver} of ${log.count.toLocaleString('en')}`
  const dropped = source.dropped()
  write(text.budget, dropped < 0.05 ? over : `${over} · ${dropped.toFixed(1)} s dropped`)
  write(text.renderer, source.renderer)
  const camera = source.camera()
  for (const [i, [, , mode]] of BUTTONS.entries()) buttons[i].classList.toggle('on', mode === camera)
  buttons[PAUSE_BUTTON].classList.toggle('on', source.paused())
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
