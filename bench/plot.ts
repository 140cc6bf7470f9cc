/**
 * Pictures of reports, as SVG.
 *
 * `tsx bench/plot.ts REPORT.json PICTURE.svg` draws a report again from its JSON.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as Plot from '@observablehq/plot'
import { FRAME_BUDGET, PHYSICS_BUDGET, type Report, type Row } from './harness/report.ts'
import { draw, LIMIT, OURS } from './plots/draw.ts'
import { plotEntities } from './plots/entities.ts'
import { plotLadder } from './plots/ladder.ts'
import { plotError, plotTime } from './plots/nbody.ts'
import { plotParticles } from './plots/particles.ts'
import { plotPeers } from './plots/peers.ts'

/** A drawn report: what its file's name gets before `.svg`, and the picture. */
export interface Picture {
  suffix: string
  svg: string
}

/** One curve of frame times to draw. */
export interface FrameTimes {
  name: string
  /** Milliseconds, one a frame, in the order they happened. */
  samples: readonly number[]
  /** Line drawn across, ms. */
  limit: number
}

/** Width of a histogram bar, ms. */
const BIN = 0.25

/** Frame-time distributions under one another: a histogram with a logarithmic count, and the line it must stay left of. */
export function plotFrameTimes(title: string, series: readonly FrameTimes[]): string {
  const points = series.flatMap(({ name, samples }) => samples.map((ms) => ({ name, ms })))
  const limits = series.map(({ name, limit }) => ({ name, limit }))
  const largest = Math.max(...points.map((point) => point.ms), FRAME_BUDGET)
  return draw({
    height: 90 + series.length * 130,
    marginLeft: 60,
    marginRight: 90,
    marginTop: 40,
    marginBottom: 50,
    x: { label: `${title}: milliseconds a frame →`, labelOffset: 42, domain: [0, largest * 1.02] },
    y: { type: 'log', label: 'frames', grid: true, domain: [0.8, points.length], ticks: 4, tickFormat: 'g' },
    fy: { label: null, domain: series.map(({ name }) => name), padding: 0.15 },
    marks: [
      Plot.rectY(
        points,
        Plot.binX({ y2: 'count' }, {
          x: 'ms',
          y1: 0.8,
          fy: 'name',
          thresholds: binEdges(largest),
          fill: OURS,
        } as Plot.BinXInputs<Plot.RectYOptions>),
      ),
      Plot.ruleX(limits, { x: 'limit', fy: 'name', stroke: LIMIT, strokeWidth: 1.5, strokeDasharray: '4,3' }),
      Plot.text(limits, {
        x: 'limit',
        fy: 'name',
        text: ({ limit }) => `${limit} ms`,
        frameAnchor: 'top',
        textAnchor: 'start',
        dx: 4,
        fill: LIMIT,
      }),
    ],
  })
}

function binEdges(largest: number): number[] {
  return Array.from({ length: Math.ceil(largest / BIN) + 2 }, (_, index) => index * BIN)
}

/** The pictures that suit a report; none when it holds neither rungs, nor engines to compare, nor single frames. */
export function plotReport(report: Report): Picture[] {
  const has = (bench: string): boolean => report.rows.some((row) => row.bench === bench)
  const pictures: Picture[] = []
  if (has('peers')) pictures.push(...plotPeers(report))
  if (has('ladder')) pictures.push({ suffix: pictures.length > 0 ? '-ladder' : '', svg: plotLadder(report) })
  if (has('nbody')) {
    pictures.push({ suffix: '-time', svg: plotTime(report) }, { suffix: '-error', svg: plotError(report) })
  }
  if (has('entities')) pictures.push({ suffix: pictures.length > 0 ? '-entities' : '', svg: plotEntities(report) })
  if (has('particles')) pictures.push({ suffix: pictures.length > 0 ? '-particles' : '', svg: plotParticles(report) })
  const series = report.rows.flatMap(framesOf)
  if (pictures.length === 0 && series.length > 0) {
    pictures.push({ suffix: '', svg: plotFrameTimes(report.bench, series) })
  }
  return pictures
}

function framesOf(row: Row): FrameTimes[] {
  const samples = row.samples as Record<string, number[]> | undefined
  return Object.entries(samples ?? {}).map(([name, values]) => ({
    name,
    samples: values,
    limit: name === 'physics' ? PHYSICS_BUDGET : FRAME_BUDGET,
  }))
}

/** Writes a report's pictures beside one another: `file` with each one's suffix. */
export function writePictures(file: string, pictures: readonly Picture[]): void {
  for (const { suffix, svg } of pictures) writePlot(file.replace(/(\.svg)?$/, `${suffix}.svg`), svg)
}

export function writePlot(file: string, svg: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, svg)
}

function main([input, output]: string[]): void {
  if (!input || !output) throw new Error('plot: REPORT.json PICTURE.svg are needed')
  const pictures = plotReport(JSON.parse(readFileSync(input, 'utf8')) as Report)
  if (pictures.length === 0) throw new Error(`plot: nothing to draw in ${input}`)
  writePictures(output, pictures)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2))
