/** Bodies that all attract one another: time and error against their number, both axes logarithmic. */
import * as Plot from '@observablehq/plot'
import { FRAME_BUDGET, PHYSICS_BUDGET, type Report, type Row } from '../harness/report.ts'
import { draw, LIMIT } from './draw.ts'

const COLOURS = ['#2166ac', '#d95f02', '#1b9e77']
/** Error that the default setting promises: RMS and 99th percentile. */
const ERROR_LIMITS = [
  { limit: 0.01, name: 'RMS ≤ 1 %' },
  { limit: 0.05, name: '99th percentile ≤ 5 %' },
]
/** Room on the right for the legend. */
const MARGINS = { marginLeft: 60, marginRight: 150, marginTop: 30, marginBottom: 50 }
const DASHES: Record<string, string> = { direct: '6,4', '99th percentile': '2,3' }
/** How a kind of line looks in the legend. */
const SAMPLES: Record<string, string> = { direct: '╌╌', '99th percentile': '┈┈' }

/** One point of a curve; a curve is a scene and a kind of line. */
interface CurvePoint {
  n: number
  value: number
  scene: string
  line: string
}

const scalingRows = (report: Report): Row[] => report.rows.filter((row) => row.kind === 'scaling')

/** The long-range forces alone, direct dashed, tree solid, and the lines of a frame. */
export function plotTime(report: Report): string {
  const points = scalingRows(report).map((row) => point(row, row.forces, String(row.method)))
  const { cpu, cores, runtime } = report.machine
  const threads = scalingRows(report)[0]?.threads
  return drawCurves(points, {
    y: `long-range forces, median ms a step, ${threads} threads (${cpu}, ${cores} cores, ${runtime})`,
    limits: [PHYSICS_BUDGET, FRAME_BUDGET].map((limit) => ({ limit, name: `${limit} ms` })),
    tickFormat: 'g',
  })
}

/** The tree's error against a direct sum in f64: RMS solid, 99th percentile dotted. */
export function plotError(report: Report): string {
  const points = scalingRows(report)
    .filter((row) => row.method === 'tree')
    .flatMap((row) => [point(row, row.rmsError, 'RMS'), point(row, row.p99Error, '99th percentile')])
  return drawCurves(points, {
    y: 'relative error of the tree against a direct f64 sum',
    limits: ERROR_LIMITS,
    tickFormat: '~%',
  })
}

const point = (row: Row, value: unknown, line: string): CurvePoint => ({
  n: row.bodies,
  value: Number(value),
  scene: row.scene,
  line,
})

function drawCurves(
  points: readonly CurvePoint[],
  axis: { y: string; limits: readonly { limit: number; name: string }[]; tickFormat: string },
): string {
  const lines = [...new Set(points.map(({ line }) => line))]
  const scenes = [...new Set(points.map(({ scene }) => scene))]
  return draw({
    ...MARGINS,
    height: 520,
    x: { type: 'log', label: 'bodies →', labelOffset: 42, grid: true, ticks: 6, tickFormat: '~s' },
    y: { type: 'log', label: axis.y, grid: true, ticks: 6, tickFormat: axis.tickFormat },
    color: { domain: scenes, range: COLOURS },
    marks: [
      Plot.ruleY(axis.limits, { y: 'limit', stroke: LIMIT, strokeDasharray: '4,3' }),
      Plot.text(axis.limits, {
        y: 'limit',
        text: 'name',
        frameAnchor: 'left',
        textAnchor: 'start',
        dx: 4,
        dy: -7,
        fill: LIMIT,
      }),
      ...lines.map((line) =>
        Plot.lineY(
          points.filter((each) => each.line === line),
          {
            x: 'n',
            y: 'value',
            stroke: 'scene',
            z: 'scene',
            strokeWidth: 2,
            strokeDasharray: DASHES[line],
            marker: 'dot',
          },
        ),
      ),
      ...legend(scenes, lines),
    ],
  })
}

/** The scenes in their colours, then the kinds of line, beside the frame. */
function legend(scenes: readonly string[], lines: readonly string[]): Plot.Markish[] {
  const entries = [
    ...scenes.map((scene, index) => ({ text: `━━ ${scene}`, fill: COLOURS[index] })),
    ...lines.map((line) => ({ text: `${SAMPLES[line] ?? '━━'} ${line}`, fill: '#222' })),
  ]
  return entries.map(({ text, fill }, index) =>
    Plot.text([text], { fill, frameAnchor: 'top-right', textAnchor: 'start', dx: 12, dy: 20 * index }),
  )
}
