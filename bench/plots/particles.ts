/** The picture of the particle bench: the stage's median for each scene and number of threads, and its goal. */
import * as Plot from '@observablehq/plot'
import type { Report } from '../harness/report.ts'
import { draw, LIMIT, OURS } from './draw.ts'

const LIGHT = '#92c5de'

export function plotParticles(report: Report): string {
  const rows = report.rows.filter(({ bench }) => bench === 'particles')
  const points = rows.map(({ scene, threads, stageMs, goal }) => ({
    scene,
    threads: `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ms: stageMs as number,
    goal: goal as number,
  }))
  const scenes = [...new Set(points.map(({ scene }) => scene))]
  return draw({
    height: 70 + 62 * scenes.length,
    marginLeft: 80,
    marginRight: 60,
    marginTop: 34,
    marginBottom: 40,
    x: {
      type: 'log',
      label: 'milliseconds a step, stage `particles`, median →',
      grid: true,
      tickFormat: 'g',
      ticks: 6,
    },
    y: { label: null },
    fy: { label: null, domain: scenes, padding: 0.3, axis: null },
    color: { range: [LIGHT, OURS] },
    marks: [
      Plot.ruleY(points, { y: 'threads', fy: 'scene', x1: 0.03, x2: 'ms', stroke: 'threads', strokeWidth: 9 }),
      Plot.text(points, {
        y: 'threads',
        fy: 'scene',
        x: 'ms',
        text: ({ ms }) => ms.toFixed(2),
        textAnchor: 'start',
        dx: 5,
      }),
      Plot.ruleX(
        points.filter(({ goal }) => goal > 0),
        { x: 'goal', fy: 'scene', stroke: LIMIT, strokeWidth: 1.5, strokeDasharray: '4,3' },
      ),
      Plot.text(scenes, { fy: (scene) => scene, text: (scene) => scene, frameAnchor: 'top-left', dy: -14 }),
    ],
  })
}
