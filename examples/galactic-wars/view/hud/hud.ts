import type { CameraName } from '../knobs.ts'
import {
  createPanel,
  PANEL_FOOT,
  type Panel,
  type PanelButton,
  type PanelSource,
  panelHead,
  recentMean,
  updatePanel,
  write,
  writeRun,
} from './panel.ts'

export interface Counts {
  ships: number
  asteroids: number
  projectiles: number
  particles: number
}

/** What the HUD shows; all of it is read, at most ten times a second. */
export interface HudSource extends PanelSource {
  counts(): Counts
  /** seconds given up because frames came too late */
  dropped(): number
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

export type Hud = Panel<HudSource>

const MARKUP = `
  <section class="panel">${panelHead('Galactic Wars')}
    <details>
      <summary>stages and counts</summary>
      <div class="legend"></div>
      <dl>
        <dt>ships</dt><dd data-text="ships"></dd><dt>asteroids</dt><dd data-text="asteroids"></dd>
        <dt>shots</dt><dd data-text="projectiles"></dd><dt>particles</dt><dd data-text="particles"></dd>
        <dt>pairs</dt><dd data-text="pairs"></dd><dt>contacts</dt><dd data-text="contacts"></dd>
      </dl>
    </details>
    <p data-text="gravity"></p>${PANEL_FOOT}
  </section>
  <div class="settings"></div>
  <nav class="buttons" aria-label="camera and game"></nav>`

type Button = PanelButton<HudSource, HudCommands>
const never = (): boolean => false
const camera = (label: string, title: string, mode: CameraName): Button => [
  label,
  title,
  (source) => source.camera() === mode,
  (commands) => commands.camera(mode),
]

const BUTTONS: readonly Button[] = [
  camera('Orbit', '1', 'orbit'),
  camera('Fly', '2: WASD, E/Q, drag', 'fly'),
  camera('Fight', '3', 'fight'),
  camera('Ship', '4: again for the next one', 'ship'),
  ['❙❙', 'space: pause', (s) => s.paused(), (c) => c.togglePause()],
  ['❙▶', '. single step', never, (c) => c.step()],
  ['↺', 'R: reset', never, (c) => c.reset()],
  ['⚙', 'settings', never, (c) => c.settings()],
  ['H', 'H: hide', never, (c) => c.toggleHud()],
]

/** Builds the HUD into `root`. */
export function createHud(root: HTMLElement, source: HudSource, commands: HudCommands): Hud {
  const hud = createPanel(root, MARKUP, BUTTONS, source, commands)
  const details = root.querySelector('details') as HTMLDetailsElement
  // A phone shows the battle first.
  details.open = window.innerWidth > 640
  return hud
}

/** Brings the HUD up to date when its time has come. @param now ms */
export function updateHud(hud: Hud, now: number): void {
  if (!updatePanel(hud, now)) return
  writeCounts(hud)
  const dropped = hud.source.dropped()
  writeRun(hud, dropped < 0.05 ? '' : ` · ${dropped.toFixed(1)} s dropped`)
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
