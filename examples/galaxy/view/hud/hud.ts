import '../../../galactic-wars/view/hud/hud.css'
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
} from '../../../galactic-wars/view/hud/panel.ts'
import type { Truth } from '../../sim/index.ts'

/** What the HUD shows; all of it is read, at most ten times a second. */
export interface HudSource extends PanelSource {
  truth(): Truth
  /** of the encounter, natural units */
  time(): number
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

export type Hud = Panel<HudSource>

const MARKUP = `
  <section class="panel">${panelHead('Galaxy')}
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
    </details>${PANEL_FOOT}
  </section>
  <nav class="buttons" aria-label="camera and time"></nav>`

const never = (): boolean => false

const BUTTONS: readonly PanelButton<HudSource, HudCommands>[] = [
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
  const hud = createPanel(root, MARKUP, BUTTONS, source, commands)
  // Two columns, unlike the list of counts that this style was made for.
  ;(root.querySelector('.truth') as HTMLElement).style.gridTemplateColumns = 'auto 1fr'
  return hud
}

/** Brings the HUD up to date when its time has come. @param now ms */
export function updateHud(hud: Hud, now: number): void {
  if (!updatePanel(hud, now)) return
  writeTruth(hud)
  writeRun(hud, ` · t = ${hud.source.time().toFixed(1)}`)
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

function percent(share: number): string {
  return Number.isNaN(share) ? '…' : `${(100 * share).toFixed(3)} %`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toExponential(1)}`
}
