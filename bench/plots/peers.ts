/** Engines beside one another: a panel a scene, a bar an engine, logarithmic. */
import * as Plot from '@observablehq/plot'
import type { Report, Row } from '../harness/report.ts'
import { draw, OTHERS, OURS } from './draw.ts'

/** Room for the figures behind the longest bar, as a factor on the logarithmic axis. */
const LABEL_ROOM = 6
/** A micrometre: depths below it are drawn as it. */
const LEAST_DEPTH = 1e-6
/** Scenes of spheres alone have a picture of their own. */
const SPHERE_SCENES = ['field', 'galactic', 'pile-spheres']

interface Bar {
  scene: string
  engine: string
  /** What is drawn; absent where the engine takes no part. */
  value?: number
  text: string
}

export interface PeersPicture {
  suffix: string
  svg: string
}

/** Times of spheres, times of everything else, and depths where they were measured. */
export function plotPeers({ rows, machine }: Report): PeersPicture[] {
  const own = rows.filter((row) => row.bench === 'peers')
  const spheres = own.filter(({ scene }) => SPHERE_SCENES.some((name) => scene.startsWith(name)))
  const others = own.filter((row) => !spheres.includes(row))
  const label = `median step, ms (${machine.cpu}, ${machine.cores} cores, ${machine.runtime}) →`
  const pictures: PeersPicture[] = []
  if (spheres.length > 0) pictures.push({ suffix: '', svg: plotBars(spheres.map(timeBar), label) })
  if (others.length > 0) {
    const suffix = spheres.length > 0 ? '-rigid' : ''
    pictures.push({ suffix, svg: plotBars(others.map(timeBar), label.replace('step', 'step or all rays')) })
  }
  const depths = own.flatMap(depthBar)
  if (depths.length > 0) pictures.push({ suffix: '-depth', svg: plotBars(depths, 'deepest penetration, m →') })
  return pictures
}

function timeBar({ scene, engine, ms, ratio, absent }: Row): Bar {
  if (!ms) return { scene, engine, text: String(absent ?? 'absent') }
  const compared = ratio === undefined ? '' : ` = ${Number(ratio).toPrecision(2)} × Havok`
  return { scene, engine, value: ms.p50, text: `${ms.p50.toPrecision(3)} ms${compared}` }
}

/** Depths of scenes in which bodies rest on one another; elsewhere they tell how deep an impact was. */
function depthBar({ scene, engine, quality }: Row): Bar[] {
  const { deepest, meanDepth, drift } = (quality ?? {}) as Record<string, number | undefined>
  if (deepest === undefined || drift === undefined) return []
  const mean = (1000 * (meanDepth ?? 0)).toPrecision(2)
  const text = `${(1000 * deepest).toPrecision(2)} mm, mean ${mean} mm`
  return [{ scene, engine, value: Math.max(deepest, LEAST_DEPTH), text }]
}

function plotBars(bars: readonly Bar[], label: string): string {
  const scenes = [...new Set(bars.map((bar) => bar.scene))]
  const values = bars.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const longest = Math.max(...values)
  const origin = 10 ** Math.floor(Math.log10(Math.min(...values)))
  return draw({
    height: 90 + bars.length * 26 + scenes.length * 30,
    marginLeft: 100,
    marginTop: 40,
    marginBottom: 50,
    x: {
      type: 'log',
      label,
      labelOffset: 42,
      domain: [origin, longest * LABEL_ROOM],
      grid: true,
      ticks: 6,
      tickFormat: 'g',
    },
    y: { label: null, domain: [...new Set(bars.map((bar) => bar.engine))] },
    fy: { axis: null, domain: scenes, padding: 0.22 },
    marks: [
      Plot.barX(
        bars.filter(({ value }) => value !== undefined),
        {
          x1: origin,
          x2: 'value',
          y: 'engine',
          fy: 'scene',
          fill: (bar: Bar) => (bar.engine.startsWith('manybody') ? OURS : OTHERS),
        },
      ),
      Plot.text(bars, {
        x: ({ value }: Bar) => value ?? origin,
        y: 'engine',
        fy: 'scene',
        text: 'text',
        textAnchor: 'start',
        dx: 5,
      }),
      Plot.text(scenes, {
        fy: (scene) => scene,
        text: (scene) => scene,
        frameAnchor: 'top-left',
        dy: -16,
        fontWeight: 'bold',
      }),
    ],
  })
}
