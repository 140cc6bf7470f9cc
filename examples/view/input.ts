import { Raycaster, Vector2 } from 'three'
import { toggleHud } from './hud.ts'
import type { View } from './view.ts'

/** A pointer that moved less than this between down and up has clicked, pixels. */
const CLICK = 5

/** Keys and clicks. */
export function listen(view: View): void {
  window.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && press(view, event.code)) event.preventDefault()
  })
  const canvas = view.renderer.domElement
  let [x, y] = [0, 0]
  canvas.addEventListener('pointerdown', (event) => {
    ;[x, y] = [event.clientX, event.clientY]
  })
  canvas.addEventListener('pointerup', (event) => {
    if (event.button === 0 && Math.hypot(event.clientX - x, event.clientY - y) < CLICK) click(view, event)
  })
}

function press(view: View, code: string): boolean {
  if (code === 'Space') view.paused = !view.paused
  else if (code === 'KeyR') view.onReset()
  else if (code === 'KeyD') view.showDebug = !view.showDebug
  else if (code === 'KeyH') toggleHud(view.hud)
  else if (view.keys[code]) view.keys[code].press()
  else if (code === 'Period') {
    view.paused = true
    view.pending++
  } else return false
  return true
}

const caster = new Raycaster()
const point = new Vector2()

function click(view: View, { clientX, clientY }: PointerEvent): void {
  const { left, top, width, height } = view.renderer.domElement.getBoundingClientRect()
  point.set((2 * (clientX - left)) / width - 1, 1 - (2 * (clientY - top)) / height)
  caster.setFromCamera(point, view.camera)
  const { origin, direction } = caster.ray
  view.onThrow({ origin: [origin.x, origin.y, origin.z], direction: [direction.x, direction.y, direction.z] })
}
