import { FRAME_MS, type FrameLog, PHYSICS_MS } from '../frame-log.ts'

/** Frames shown: the last five seconds at 60 Hz. */
const FRAMES = 300
/** Top of the graph, ms. */
const TOP = 36
const COLORS = {
  presented: '#39424f',
  main: '#7aa7d8',
  physics: '#f0a83c',
  line: 'rgba(255,255,255,0.34)',
  text: 'rgba(255,255,255,0.72)',
}

/** Stacked history of the frames: grey until presented, blue while the main thread worked, amber for the physics in it. */
export interface FrameGraph {
  canvas: HTMLCanvasElement
  pen: CanvasRenderingContext2D
}

export function createFrameGraph(canvas: HTMLCanvasElement): FrameGraph {
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no 2D canvas')
  return { canvas, pen }
}

export function drawFrameGraph({ canvas, pen }: FrameGraph, log: FrameLog): void {
  const ratio = Math.min(2, window.devicePixelRatio || 1)
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  if (width === 0) return
  if (canvas.width !== Math.round(width * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, width, height)
  drawSeries(pen, log, log.presented, COLORS.presented, width, height)
  drawSeries(pen, log, log.main, COLORS.main, width, height)
  drawSeries(pen, log, log.physics, COLORS.physics, width, height)
  drawLine(pen, FRAME_MS, '16.67', width, height)
  drawLine(pen, PHYSICS_MS, '8 ms', width, height)
}

function drawSeries(
  pen: CanvasRenderingContext2D,
  log: FrameLog,
  ring: Float32Array,
  color: string,
  width: number,
  height: number,
): void {
  const shown = Math.min(FRAMES, log.count, log.capacity)
  const step = width / FRAMES
  pen.fillStyle = color
  pen.beginPath()
  for (let i = 0; i < shown; i++) {
    const ms = ring[(log.count - shown + i) % log.capacity]
    const tall = Math.min(1, ms / TOP) * height
    pen.rect(width - (shown - i) * step, height - tall, step, tall)
  }
  pen.fill()
}

function drawLine(pen: CanvasRenderingContext2D, ms: number, label: string, width: number, height: number): void {
  const y = Math.round(height - (ms / TOP) * height) + 0.5
  pen.strokeStyle = COLORS.line
  pen.setLineDash([3, 3])
  pen.beginPath()
  pen.moveTo(0, y)
  pen.lineTo(width, y)
  pen.stroke()
  pen.fillStyle = COLORS.text
  pen.font = '9px ui-monospace, monospace'
  pen.fillText(label, 3, y - 2)
}
