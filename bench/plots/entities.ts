/** The entity system: a bar a kind of work, what one of it takes, and the goal where there is one. */
import * as Plot from '@observablehq/plot'
import type { Report } from '../harness/report.ts'
import { draw, LIMIT, OTHERS, OURS } from './draw.ts'

/** Room for the figures behind the longest bar, as a factor on the logarithmic axis. */
const LABEL_ROOM = 25

export function plotEntities({ rows, machine }: Report): string {
  const bars = rows
    .filter(({ bench }) => bench === 'entities')
    .map(({ scene, engine, eachUs, goalUs }) => ({
      what: engine === 'manybody' ? scene : `${scene} (${engine.replace('manybody, ', '')})`,
      us: eachUs as number,
      goal: goalUs as number | undefined,
      ours: engine !== 'bitecs',
      text: figures(eachUs as number, goalUs as number | undefined),
    }))
  const values = bars.flatMap(({ us, goal }) => [us, goal ?? us])
  const origin = 10 ** Math.floor(Math.log10(Math.min(...values)))
  const goals = bars.filter(({ goal }) => goal !== undefined)
  return draw({
    height: 100 + bars.length * 26,
    marginLeft: 300,
    marginRight: 20,
    marginTop: 30,
    marginBottom: 50,
    x: {
      type: 'log',
      label: `µs each, median (${machine.cpu}, ${machine.cores} cores, ${machine.runtime}); red: the goal →`,
      labelOffset: 42,
      domain: [origin, Math.max(...values) * LABEL_ROOM],
      grid: true,
      ticks: 6,
      tickFormat: 'g',
    },
    y: { label: null, domain: bars.map(({ what }) => what) },
    marks: [
      Plot.barX(bars, { x1: origin, x2: 'us', y: 'what', fill: (bar) => (bar.ours ? OURS : OTHERS) }),
      Plot.tickX(goals, { x: 'goal', y: 'what', stroke: LIMIT, strokeWidth: 2 }),
      Plot.text(bars, {
        x: ({ us, goal }) => Math.max(us, goal ?? 0),
        y: 'what',
        text: 'text',
        textAnchor: 'start',
        dx: 6,
      }),
    ],
  })
}

function figures(us: number, goal: number | undefined): string {
  const of = goal === undefined ? '' : ` of ${goal}`
  return `${us < 100 ? us.toPrecision(2) : us.toFixed(0)}${of} µs`
}
