/** What every picture shares: its size, its colours, and the way from marks to an SVG file. */
import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'

export const WIDTH = 860
const FONT = 'font: 13px system-ui, sans-serif; background: white; color: #222'
export const OURS = '#2166ac'
export const OTHERS = '#b0b0b0'
export const LIMIT = '#c0392b'

/** Draws marks as the text of an SVG file. */
export function draw(options: Plot.PlotOptions): string {
  const { document } = new JSDOM('').window
  // A title makes Plot wrap the drawing in a <figure>, which is no SVG file: titles are drawn as marks instead.
  const svg = Plot.plot({ document, width: WIDTH, style: FONT, ...options })
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${svg.outerHTML}\n`
}

/** One picture out of several, under one another. */
export function stack(pictures: readonly string[]): string {
  const heights = pictures.map((svg) => Number(/ height="(\d+)"/.exec(svg)?.[1]))
  let y = 0
  const parts = pictures.map((svg, index) => {
    const part = svg.replace('<svg ', `<svg y="${y}" `)
    y += heights[index]
    return part
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}">\n${parts.join('')}</svg>\n`
}
