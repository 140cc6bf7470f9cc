import '../../../galactic-wars/view/hud/hud.css'
import type { FrameStats, Physics } from 'manybody'
import { createHud as createPanel, type Hud as Panel, updateHud as updatePanel, watchPhysics } from 'manybody/hud'
import { type Button, type Buttons, createButtons, lightButtons } from '../../../galactic-wars/view/hud/buttons.ts'
import type { Truth } from '../../sim/index.ts'

/** What the HUD shows beside the figures of the engine. */
export interface HudSource {
  renderer: string
  quality: string
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

/** The panel of the engine, and the buttons below. */
export interface Hud {
  readonly root: HTMLElement
  readonly panel: Panel
  readonly source: HudSource
  readonly buttons: Buttons<HudSource>
}

const never = (): boolean => false

const BUTTONS: readonly Button<HudSource, HudCommands>[] = [
  ['Camera', 'C: the camera finds its own way', (s) => s.leads(), (c) => c.lead()],
  ['Dark', 'D: show the dark halos', (s) => s.halo(), (c) => c.toggleHalo()],
  ['Speed', 'V: colour by speed', (s) => s.bySpeed(), (c) => c.toggleSpeed()],
  ['❙❙', 'space: pause', (s) => s.paused(), (c) => c.togglePause()],
  ['❙▶', '. single step', never, (c) => c.step()],
  ['↺', 'R: reset', never, (c) => c.reset()],
  ['H', 'H: hide', never, (c) => c.toggleHud()],
]

/** Builds the HUD into `root`. */
export function createHud(root: HTMLElement, physics: Physics, source: HudSource, commands: HudCommands): Hud {
  root.replaceChildren()
  const panel = createPanel(physics, {
    parent: root,
    title: 'Galaxy',
    open: window.innerWidth > 640 && window.innerHeight > 640,
    figures: {
      'error, rms': () => percent(source.truth().rms),
      'error, p99': () => percent(source.truth().p99),
      energy: () => signed(source.truth().energyDrift),
      momentum: () => source.truth().momentumDrift.toExponential(1),
    },
    notes: [
      () => sayMethod(source.stats()),
      () => 'Errors of the forces against an exact sum; drifts since the start.',
      () => `view ${source.quality} · t = ${source.time().toFixed(1)}`,
      () => source.renderer,
    ],
  })
  return { root, panel, source, buttons: createButtons(root, BUTTONS, commands) }
}

/** Counts a frame. @param now when it began, @param main the page's work, ms */
export function updateHud({ root, panel, source, buttons }: Hud, now: number, main: number): void {
  panel.root.hidden = root.hidden
  updatePanel(panel, now, main)
  if (!root.hidden) lightButtons(buttons, source, now)
}

/** Shows the figures of another merger. */
export function watch({ panel }: Hud, physics: Physics): void {
  watchPhysics(panel, physics)
}

function sayMethod({ longRange, stages, bodies }: FrameStats): string {
  return `${longRange} ${stages.longRange.toFixed(1)} ms · ${bodies.toLocaleString('en')} bodies attract`
}

function percent(share: number): string {
  return Number.isNaN(share) ? '…' : `${(100 * share).toFixed(3)} %`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toExponential(1)}`
}
