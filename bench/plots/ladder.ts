/** The ladder: a bar a rung beside the reference ladder, and what each rung spends its time on. */
import * as Plot from '@observablehq/plot'
import type { Report, Row } from '../harness/report.ts'
import { REFERENCE } from '../ladder/reference.ts'
import { draw, OTHERS, OURS, stack } from './draw.ts'

const COLOURS = ['#8c6bb1', '#fd8d3c', '#2166ac', '#41ab5d', '#c0392b', '#b0b0b0']
const MARGINS = { marginLeft: 310, marginRight: 20 }
/** Room for the figures behind the longest bar, as a factor on the logarithmic axis. */
const LABEL_ROOM = 12

export function plotLadder(report: Report): string {
  const rows = report.rows.filter((row) => row.bench === 'ladder' && row.ms)
  return stack([plotTimes(rows, report), plotShares(rows)])
}

function plotTimes(rows: readonly Row[], { machine }: Report): string {
  const ours = rows.map((row) => ({ rung: String(row.rung), p50: row.ms?.p50 ?? 0, ours: true, text: figures(row) }))
  const theirs = REFERENCE.map(({ rung, ms }) => ({ rung: rung as string, p50: ms, ours: false, text: `${ms} ms` }))
  const bars = [...ours, ...theirs]
  const times = bars.map(({ p50 }) => p50)
  const origin = 10 ** Math.floor(Math.log10(Math.min(...times)))
  return draw({
    ...MARGINS,
    height: 100 + bars.length * 28,
    marginTop: 30,
    marginBottom: 50,
    x: {
      type: 'log',
      label: `median frame, ms (${machine.cpu}, ${machine.cores} cores, ${machine.runtime}) →`,
      labelOffset: 42,
      domain: [origin, Math.max(...times) * LABEL_ROOM],
      grid: true,
      ticks: 6,
      tickFormat: 'g',
    },
    y: { label: null, domain: bars.map(({ rung }) => rung) },
    marks: [
      Plot.barX(bars, { x1: origin, x2: 'p50', y: 'rung', fill: (bar) => (bar.ours ? OURS : OTHERS) }),
      Plot.text(bars, { x: 'p50', y: 'rung', text: 'text', textAnchor: 'start', dx: 5 }),
    ],
  })
}

function figures({ ms, fps, toPrevious }: Row): string {
  const gain = toPrevious === undefined ? '' : ` · × ${Number(toPrevious).toPrecision(2)}`
  return `${(ms?.p50 ?? 0).toPrecision(3)} ms · ${formatFps(Number(fps))} FPS${gain}`
}

const formatFps = (fps: number): string => (fps < 10 ? fps.toFixed(1) : fps.toFixed(0))

function plotShares(rows: readonly Row[]): string {
  const parts = rows.flatMap((row) =>
    Object.entries(row.shares as Record<string, number>).map(([stage, share]) => ({ rung: row.rung, stage, share })),
  )
  const stages = [...new Set(parts.map(({ stage }) => stage))]
  return draw({
    ...MARGINS,
    height: 110 + rows.length * 28,
    marginTop: 50,
    marginBottom: 50,
    x: { label: 'share of each stage, % →', labelOffset: 42, domain: [0, 100] },
    y: { label: null, domain: rows.map(({ rung }) => rung as string) },
    color: { domain: stages, range: COLOURS },
    marks: [
      Plot.barX(parts, { x: 'share', y: 'rung', fill: 'stage', order: stages } as Plot.BarXOptions),
      ...stages.map((stage, index) =>
        Plot.text([stage], {
          fill: () => stage,
          fontWeight: 'bold',
          frameAnchor: 'top-left',
          dx: 105 * index,
          dy: -25,
        }),
      ),
    ],
  })
}
