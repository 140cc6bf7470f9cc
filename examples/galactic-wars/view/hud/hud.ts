import type { FrameStats, Physics } from 'manybody'
import { createHud as createPanel, type Hud as Panel, updateHud as updatePanel, watchPhysics } from 'manybody/hud'
import type { CameraName } from '../knobs.ts'
import { type Button, type Buttons, createButtons, lightButtons } from './buttons.ts'

export interface Counts {
  ships: number
  asteroids: number
  projectiles: number
  particles: number
}

/** What the HUD shows beside the figures of the engine. */
export interface HudSource {
  renderer: string
  quality: string
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
  bookmark(): void
  goBack(): void
  toggleHud(): void
  settings(): void
}

/** The panel of the engine, and the buttons below. */
export interface Hud {
  readonly root: HTMLElement
  readonly panel: Panel
  readonly source: HudSource
  readonly buttons: Buttons<HudSource>
}

const never = (): boolean => false
const camera = (label: string, title: string, mode: CameraName): Button<HudSource, HudCommands> => [
  label,
  title,
  (source) => source.camera() === mode,
  (commands) => commands.camera(mode),
]

const BUTTONS: readonly Button<HudSource, HudCommands>[] = [
  camera('Orbit', '1', 'orbit'),
  camera('Fly', '2: WASD, E/Q, drag', 'fly'),
  camera('Fight', '3', 'fight'),
  camera('Ship', '4: again for the next one', 'ship'),
  ['❙❙', 'space: pause', (s) => s.paused(), (c) => c.togglePause()],
  ['❙▶', '. single step', never, (c) => c.step()],
  ['↺', 'R: reset', never, (c) => c.reset()],
  ['◆', 'B: keep this moment', never, (c) => c.bookmark()],
  ['◀◆', 'N: back to the moment that was kept', never, (c) => c.goBack()],
  ['⚙', 'settings', never, (c) => c.settings()],
  ['H', 'H: hide', never, (c) => c.toggleHud()],
]

/** Builds the HUD into `root`. */
export function createHud(root: HTMLElement, physics: Physics, source: HudSource, commands: HudCommands): Hud {
  const settings = document.createElement('div')
  settings.className = 'settings'
  root.replaceChildren(settings)
  const panel = createPanel(physics, {
    parent: root,
    title: 'Galactic Wars',
    // A small window shows the battle first.
    open: window.innerWidth > 640 && window.innerHeight > 640,
    figures: {
      ships: () => source.counts().ships,
      asteroids: () => source.counts().asteroids,
      shots: () => source.counts().projectiles,
    },
    notes: [() => sayGravity(source.stats()), () => sayView(source), () => source.renderer],
  })
  return { root, panel, source, buttons: createButtons(root, BUTTONS, commands) }
}

function sayGravity({ longRange, stages, sources }: FrameStats): string {
  const many = `${sources.toLocaleString('en')} source${sources === 1 ? '' : 's'}`
  return `gravity ${longRange} ${stages.longRange.toFixed(1)} ms · ${many}`
}

function sayView({ quality, dropped }: HudSource): string {
  const lost = dropped()
  return `view ${quality}${lost < 0.05 ? '' : ` · ${lost.toFixed(1)} s dropped`}`
}

/** Counts a frame. @param now when it began, @param main the page's work, ms */
export function updateHud({ root, panel, source, buttons }: Hud, now: number, main: number): void {
  panel.root.hidden = root.hidden
  updatePanel(panel, now, main)
  if (!root.hidden) lightButtons(buttons, source, now)
}

/** Shows the figures of another game. */
export function watch({ panel }: Hud, physics: Physics): void {
  watchPhysics(panel, physics)
}
