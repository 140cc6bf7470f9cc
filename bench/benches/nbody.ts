/** Bodies that all attract one another: the goals, time and error against their number, and how many fit into a frame. */
import { dispose } from 'manybody'
import { uniformBoxScene } from '../../examples/scenes/nbody.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { type Bench, DEFAULT_THREADS, warmUpFor } from '../harness/bench.ts'
import { measureSteps, timingRow } from '../harness/measure.ts'
import type { BenchOptions } from '../harness/options.ts'
import { startProgress } from '../harness/progress.ts'
import type { Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'
import { CLOUDS } from '../nbody/cloud.ts'
import { GOALS, goalRows } from '../nbody/goals.ts'
import { crossoverRows, FULL, fitRows, largestRows, QUICK, type Run, scalingRows, sizesOf } from '../nbody/scaling.ts'

const PAIRS_BODIES = 1_000
/** Cheap steps need many of them for a steady percentile. */
const PAIRS_FRAMES = 2_000
const PAIRS_WARM_UP = 120

/** All pairs of 1,000 bodies on one thread and on two, and the same bodies without long range. */
async function pairsRows(options: BenchOptions): Promise<Row[]> {
  const scene = uniformBoxScene(PAIRS_BODIES, options.seed)
  const near: SceneData = { ...scene, name: `${scene.name}-no-long-range`, longRange: undefined }
  const threads = options.threads === undefined ? [1, DEFAULT_THREADS] : [options.threads]
  const frames = options.frames ?? PAIRS_FRAMES
  const warmUp = warmUpFor(PAIRS_WARM_UP, frames)
  const progress = startProgress('nbody: all pairs', 2 * threads.length * (frames + warmUp))
  const rows: Row[] = []
  try {
    for (const each of [scene, near]) {
      const longRange = each.longRange && { ...each.longRange, method: 'direct' as const }
      for (const count of threads) {
        const settings = { threads: count, tier: options.tier ?? ('auto' as const) }
        const { physics } = await createSceneWorld({ ...each, longRange }, settings)
        const samples = measureSteps(physics, { frames, warmUp, progress })
        rows.push({ ...timingRow('nbody', each.name, physics, samples), kind: 'pairs' })
        dispose(physics)
      }
    }
  } finally {
    progress.stop()
  }
  return rows
}

/** How many worlds or searches there are to wait for. */
function waits({ scope }: Run): number {
  const scenes = Object.keys(CLOUDS).length
  const scaling = sizesOf(scope, 'direct').length + sizesOf(scope, 'tree').length
  return GOALS + scenes * (scaling + 3)
}

export const nbody: Bench = {
  name: 'nbody',
  about: 'mutual gravity and Coulomb forces: goals, time and error for 1 K to 100 K, the most bodies in a frame',
  columns: ['kind', 'method', 'forces', 'rmsError', 'p99Error', 'what', 'value', 'goal', 'met'],
  published: true,
  async run(options) {
    const pairs = await pairsRows(options)
    let done = (_: number): void => {}
    const run: Run = {
      scope: options.quick ? QUICK : FULL,
      threads: options.threads ?? DEFAULT_THREADS,
      options,
      tick: () => done(1),
    }
    const progress = startProgress('nbody', waits(run))
    done = (by) => progress.advance(by)
    try {
      const goals = await goalRows(run)
      const scaling = await scalingRows(run)
      const like = scaling[0]
      const rows = [...pairs, ...goals, ...scaling, ...fitRows(scaling, run)]
      rows.push(...(await crossoverRows(run, like)), ...(await largestRows(run, like)))
      return rows
    } finally {
      progress.stop()
    }
  },
}
