import { frameStats, type Physics } from 'manybody'
import './view.css'

/** The figures in the corner. */
export interface Hud {
  readonly root: HTMLElement
  readonly figures: HTMLElement
  frames: number
  physicsMs: number
  /** ms: when the figures were last written */
  written: number
}

/** ms between two changes of the figures */
const REFRESH = 400

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['click', 'throw a ball'],
  ['drag', 'look around'],
  ['space', 'pause'],
  ['.', 'one step'],
  ['R', 'reset'],
  ['D', 'debug lines'],
  ['H', 'hide this'],
]

/** Makes the corner with title, figures and keys. */
export function createHud(title: string): Hud {
  const root = document.createElement('div')
  root.className = 'hud'
  const keys = KEYS.map(([key, does]) => `<span><kbd>${key}</kbd> ${does}</span>`).join('')
  root.innerHTML = `<h1></h1><p class="figures"></p><p class="keys">${keys}<a href="../gallery/">all examples</a></p>`
  root.querySelector('h1')!.textContent = title
  document.body.append(root)
  const figures = root.querySelector<HTMLElement>('.figures')!
  return { root, figures, frames: 0, physicsMs: 0, written: performance.now() }
}

/** Counts a frame, and writes the figures now and then. */
export function updateHud(hud: Hud, physics: Physics, now: number): void {
  const stats = frameStats(physics)
  hud.frames++
  hud.physicsMs = Math.max(hud.physicsMs, stats.physicsMs)
  if (now - hud.written < REFRESH) return
  const fps = Math.round((1000 * hud.frames) / (now - hud.written))
  const asleep = stats.asleep > 0 ? ` · ${stats.asleep} asleep` : ''
  hud.figures.textContent = `${fps} fps · physics ${hud.physicsMs.toFixed(2)} ms · ${stats.bodies} bodies${asleep}`
  hud.frames = 0
  hud.physicsMs = 0
  hud.written = now
}
