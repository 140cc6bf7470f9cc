import type { Physics } from 'manybody'
import {
  createHud as createPanel,
  type HudFigures,
  type Hud as Panel,
  updateHud as updatePanel,
  watchPhysics,
} from 'manybody/hud'
import './view.css'

/** A key, what it does, and how. */
export interface Key {
  key: string
  does: string
  press: () => void
}

/** The panel in the corner and the line of keys. */
export interface Hud {
  readonly title: string
  readonly figures: HudFigures
  readonly keys: HTMLElement
  panel: Panel | null
}

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['drag', 'look around'],
  ['space', 'pause'],
  ['.', 'one step'],
  ['R', 'reset'],
  ['D', 'debug lines'],
  ['H', 'hide this'],
]

/** Makes the line of keys: first those of the example's own. */
export function createHud(title: string, own: readonly Key[], throws: boolean, figures: HudFigures = {}): Hud {
  const all = [...own.map(({ key, does }) => [key, does] as const), ...KEYS]
  if (throws) all.unshift(['click', 'throw a ball'])
  const keys = document.createElement('p')
  keys.className = 'keys'
  keys.innerHTML = '<a href="../gallery/">all examples</a>'
  for (const [key, does] of all.reverse()) {
    const item = document.createElement('span')
    item.append(Object.assign(document.createElement('kbd'), { textContent: key }), ` ${does}`)
    keys.prepend(item)
  }
  document.body.append(keys)
  return { title, figures, keys, panel: null }
}

/** Shows the figures of a world in place of the one before. */
export function showFigures(hud: Hud, physics: Physics): void {
  if (hud.panel) watchPhysics(hud.panel, physics)
  else hud.panel = createPanel(physics, { title: hud.title, open: false, figures: hud.figures })
}

/** Counts a frame. @param main ms of the page's work */
export function updateHud({ panel }: Hud, now: number, main: number): void {
  if (panel) updatePanel(panel, now, main)
}

/** Hides panel and keys, or shows them again. */
export function toggleHud({ panel, keys }: Hud): void {
  keys.hidden = !keys.hidden
  if (panel) panel.root.hidden = keys.hidden
}
