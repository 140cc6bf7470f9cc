import { crc32, deflateSync } from 'node:zlib'

const COLORS = 256
/** Bits of each channel by which pixels are counted. */
const BITS = 5
/** Levels by which neighbours of the dither differ. */
const DITHER = 0.25

/** A range of the histogram's cells, as a box in colour space. */
interface Box {
  cells: Cell[]
  /** the widest channel, and how much splitting it would help */
  channel: number
  worth: number
}

/** Pixels of nearly one colour: how many, and the sums of their channels. */
interface Cell {
  count: number
  sums: [number, number, number]
}

/**
 * A PNG of at most 256 colours, chosen by median cut: a third of the size of one in full colour, and for stars on black hard to tell from it.
 *
 * @param pixels red, green, blue, alpha; alpha is not looked at
 * @param colors 2 … 256; fewer make a smaller file where nearly every pixel is a detail
 */
export function encodePalettePng(pixels: Uint8Array, width: number, height: number, colors = COLORS): Buffer {
  const palette = choosePalette(pixels, colors)
  const rows = Buffer.alloc((width + 1) * height)
  const nearest = new Map<number, number>()
  for (let i = 0; i < width * height; i++) {
    const color = ditheredColor(pixels, 4 * i, i % width, Math.floor(i / width))
    const index = nearest.get(color) ?? nearestIndex(palette, color)
    nearest.set(color, index)
    rows[i + Math.floor(i / width) + 1] = index
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header(width, height)),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/** Red, green and blue of at most so many colours. */
function choosePalette(pixels: Uint8Array, colors: number): Uint8Array {
  const boxes = splitBoxes([...countColors(pixels).values()], colors)
  const palette = new Uint8Array(3 * boxes.length)
  for (const [index, { cells }] of boxes.entries()) {
    const count = cells.reduce((sum, cell) => sum + cell.count, 0)
    for (let channel = 0; channel < 3; channel++) {
      palette[3 * index + channel] = cells.reduce((sum, cell) => sum + cell.sums[channel], 0) / count
    }
  }
  return palette
}

/** Thresholds of a 4 × 4 ordered dither. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]

/** A pixel's colour, dithered where it is dark: there an even sky would show as bands. */
function ditheredColor(pixels: Uint8Array, at: number, x: number, y: number): number {
  const [r, g, b] = [pixels[at], pixels[at + 1], pixels[at + 2]]
  if (Math.max(r, g, b) >= 48) return (r << 16) | (g << 8) | b
  const offset = Math.round((BAYER[(y % 4) * 4 + (x % 4)] - 7.5) * DITHER)
  const moved = (value: number): number => Math.max(0, value + offset)
  return (moved(r) << 16) | (moved(g) << 8) | moved(b)
}

function nearestIndex(palette: Uint8Array, color: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  for (let index = 0; index < palette.length / 3; index++) {
    const r = palette[3 * index] - (color >> 16)
    const g = palette[3 * index + 1] - ((color >> 8) & 255)
    const b = palette[3 * index + 2] - (color & 255)
    const distance = r * r + g * g + b * b
    if (distance < least) [best, least] = [index, distance]
  }
  return best
}

/** Dark pixels by their exact colour: there are few such colours, and steps between them would show as bands. */
function keyOf(pixels: Uint8Array, at: number): number {
  const [r, g, b] = [pixels[at], pixels[at + 1], pixels[at + 2]]
  if (Math.max(r, g, b) < 24) return 2 ** 24 + (r << 16) + (g << 8) + b
  const shift = 8 - BITS
  return ((r >> shift) << (2 * BITS)) | ((g >> shift) << BITS) | (b >> shift)
}

function countColors(pixels: Uint8Array): Map<number, Cell> {
  const cells = new Map<number, Cell>()
  for (let at = 0; at < pixels.length; at += 4) {
    const key = keyOf(pixels, at)
    const cell: Cell = cells.get(key) ?? { count: 0, sums: [0, 0, 0] }
    cells.set(key, cell)
    cell.count++
    for (let channel = 0; channel < 3; channel++) cell.sums[channel] += pixels[at + channel]
  }
  return cells
}

function splitBoxes(cells: Cell[], colors: number): Box[] {
  const boxes = [measureBox(cells)]
  while (boxes.length < colors) {
    const best = boxes.reduce((a, b) => (b.worth > a.worth ? b : a))
    if (best.worth <= 0) break
    const value = (cell: Cell): number => cell.sums[best.channel] / cell.count
    const sorted = [...best.cells].sort((a, b) => value(a) - value(b))
    const middle = splitPoint(sorted, value)
    boxes.splice(boxes.indexOf(best), 1, measureBox(sorted.slice(0, middle)), measureBox(sorted.slice(middle)))
  }
  return boxes
}

/** First cell above the weighted mean. */
function splitPoint(sorted: Cell[], value: (cell: Cell) => number): number {
  const weight = (cell: Cell): number => Math.sqrt(cell.count)
  const total = sorted.reduce((sum, cell) => sum + weight(cell), 0)
  const mean = sorted.reduce((sum, cell) => sum + weight(cell) * value(cell), 0) / total
  const place = sorted.findIndex((cell) => value(cell) > mean)
  return Math.min(Math.max(place, 1), sorted.length - 1)
}

/** Variance of the widest channel times the weight of the box. Rare colours count by the root: stars are few, but what one looks at. */
function measureBox(cells: Cell[]): Box {
  let [channel, worth] = [0, 0]
  for (let c = 0; c < 3; c++) {
    let [weights, sum, squares] = [0, 0, 0]
    for (const cell of cells) {
      const weight = Math.sqrt(cell.count)
      const value = cell.sums[c] / cell.count
      weights += weight
      sum += weight * value
      squares += weight * value * value
    }
    const spread = cells.length > 1 ? squares - (sum * sum) / weights : 0
    if (spread > worth) [channel, worth] = [c, spread]
  }
  return { cells, channel, worth }
}

function header(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(width, 0)
  bytes.writeUInt32BE(height, 4)
  // 8 bits, palette, deflate, no filter of its own, not interlaced.
  bytes.set([8, 3, 0, 0, 0], 8)
  return bytes
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
