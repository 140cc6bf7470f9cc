/** What pointers and keys did since the last frame. One record, emptied by `clearInput`. */
export interface Input {
  /** pixels dragged to the right and down */
  dragX: number
  dragY: number
  /** wheel notches and pinches: above 0 away from the scene */
  zoom: number
  /** movement keys held down, by `KeyboardEvent.code` */
  readonly held: Record<string, boolean>
  /** touched since the start: the opening shot ends */
  used: boolean
}

export interface InputHandlers {
  /** a click or tap that did not drag, in CSS pixels of the canvas */
  tap(x: number, y: number): void
  /** a key that is no movement key went down; true when it meant something */
  key(code: string): boolean
}

const MOVES = [
  'KeyW',
  'KeyA',
  'KeyS',
  'KeyD',
  'KeyQ',
  'KeyE',
  'ShiftLeft',
  'ShiftRight',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
]
/** A tap moves less than this, CSS pixels, and lasts no longer than this, ms. */
const TAP_SLOP = 6
const TAP_MS = 350
const PINCH = 0.012
const WHEEL = 0.0016

interface Finger {
  id: number
  x: number
  y: number
}

/** Listens on the canvas and the window. */
export function createInput(canvas: HTMLCanvasElement, handlers: InputHandlers): Input {
  const held = Object.fromEntries(MOVES.map((code) => [code, false]))
  const input: Input = { dragX: 0, dragY: 0, zoom: 0, held, used: false }
  listenPointers(canvas, input, handlers)
  listenKeys(input, handlers)
  return input
}

/** Forgets what was dragged and turned; keys stay held. */
export function clearInput(input: Input): void {
  input.dragX = 0
  input.dragY = 0
  input.zoom = 0
}

function listenPointers(canvas: HTMLCanvasElement, input: Input, handlers: InputHandlers): void {
  const fingers: Finger[] = []
  let moved = 0
  let since = 0
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId)
    // A second finger makes it a pinch: no tap.
    moved = fingers.length === 0 ? 0 : TAP_SLOP * 2
    if (fingers.length === 0) since = event.timeStamp
    fingers.push({ id: event.pointerId, x: event.offsetX, y: event.offsetY })
  })
  canvas.addEventListener('pointermove', (event) => {
    const finger = fingers.find(({ id }) => id === event.pointerId)
    if (!finger) return
    const [dx, dy] = [event.offsetX - finger.x, event.offsetY - finger.y]
    moved += Math.abs(dx) + Math.abs(dy)
    const before = spreadOf(fingers)
    finger.x = event.offsetX
    finger.y = event.offsetY
    if (moved <= TAP_SLOP) return
    input.used = true
    if (fingers.length > 1) input.zoom += (before - spreadOf(fingers)) * PINCH
    else {
      input.dragX += dx
      input.dragY += dy
    }
  })
  const lift = (event: PointerEvent): void => {
    const at = fingers.findIndex(({ id }) => id === event.pointerId)
    if (at < 0) return
    fingers.splice(at, 1)
    const quick = event.timeStamp - since < TAP_MS && moved <= TAP_SLOP
    if (event.type === 'pointerup' && fingers.length === 0 && quick) handlers.tap(event.offsetX, event.offsetY)
  }
  canvas.addEventListener('pointerup', lift)
  canvas.addEventListener('pointercancel', lift)
  canvas.addEventListener('contextmenu', (event) => event.preventDefault())
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    input.used = true
    input.zoom += event.deltaY * WHEEL * (event.deltaMode === 1 ? 30 : 1)
  }
  canvas.addEventListener('wheel', onWheel, { passive: false })
}

/** Distance of the first two fingers; 0 for one. */
function spreadOf(fingers: Finger[]): number {
  return fingers.length < 2 ? 0 : Math.hypot(fingers[0].x - fingers[1].x, fingers[0].y - fingers[1].y)
}

function listenKeys(input: Input, handlers: InputHandlers): void {
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
    if (event.code in input.held) {
      input.held[event.code] = true
      input.used = true
    } else if (event.repeat || !handlers.key(event.code)) return
    event.preventDefault()
  })
  window.addEventListener('keyup', (event) => {
    if (event.code in input.held) input.held[event.code] = false
  })
  // Keys let go while another window has the keyboard would stay down for ever.
  window.addEventListener('blur', () => {
    for (const code of MOVES) input.held[code] = false
  })
}
