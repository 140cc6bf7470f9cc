import { BUDGET_MS } from '../index.ts'
import { FRAME_MS, FRAMES, type Frames } from './window.ts'

/** Frames shown: the last five seconds at 60 Hz. */
const SHOWN = 300
/** Top of the graph, ms. */
const TOP = 36

/** Colours of the three series, which the text beside them has too. */
export const SERIES = { physics: '#f0a83c', main: '#7aa7d8', presented: '#59636f' } as const

/** Stacked history of the frames: grey until presented, blue while the page worked, amber for the physics in it. */
export interface Graph {
  readonly canvas: HTMLCanvasElement
  /** Null where the browser has no canvas to draw on: the graph stays empty. */
  readonly pen: CanvasRenderingContext2D | null
}

/** Takes a canvas. */
export function createGraph(canvas: HTMLCanvasElement): Graph {
  return { canvas, pen: canvas.getContext('2d') }
}

/** Draws the last frames. */
export function drawGraph({ canvas, pen }: Graph, frames: Frames): void {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  if (!pen || width === 0) return
  const ratio = Math.min(2, devicePixelRatio || 1)
  if (canvas.width !== Math.round(width * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, width, height)
  drawSeries(pen, frames.count, frames.presented, SERIES.presented, width, height)
  drawSeries(pen, frames.count, frames.main, SERIES.main, width, height)
  drawSeries(pen, frames.count, frames.physics, SERIES.physics, width, height)
  drawLine(pen, FRAME_MS, '16.67', width, height)
  drawLine(pen, BUDGET_MS, '8 ms', width, height)
}

function drawSeries(
  pen: CanvasRenderingContext2D,
  count: number,
  ring: Float32Array,
  color: string,
  width: number,
  height: number,
): void {
  const shown = Math.min(SHOWN, count)
  const step = width / SHOWN
  pen.fillStyle = color
  pen.beginPath()
  for (let i = 0; i < shown; i++) {
    const tall = Math.min(1, ring[(count - shown + i) % FRAMES]! / TOP) * height
    pen.rect(width - (shown - i) * step, height - tall, step, tall)
  }
  pen.fill()
}

function drawLine(pen: CanvasRenderingContext2D, ms: number, label: string, width: number, height: number): void {
  const y = Math.round(height - (ms / TOP) * height) + 0.5
  pen.strokeStyle = 'rgb(255 255 255 / 34%)'
  pen.setLineDash([3, 3])
  pen.beginPath()
  pen.moveTo(0, y)
  pen.lineTo(width, y)
  pen.stroke()
  pen.fillStyle = 'rgb(255 255 255 / 72%)'
  pen.font = '9px ui-monospace, monospace'
  pen.fillText(label, 3, y - 2)
}
