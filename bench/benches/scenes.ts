/** Benches on plain scenes: the same data for every engine, here on ours alone. */
import { dispose } from 'manybody'
import { fieldScene } from '../../examples/scenes/field.ts'
import { galacticRigidScene } from '../../examples/scenes/galactic-rigid.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { type Bench, DEFAULT_THREADS, warmUpFor } from '../harness/bench.ts'
import { measureSteps, timingRow } from '../harness/measure.ts'
import type { BenchOptions } from '../harness/options.ts'
import { startProgress } from '../harness/progress.ts'
import type { Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'

const WARM_UP = 120
const FRAMES = 600
/** A pile is measured while it falls and settles, as others publish it. */
const PILE_FRAMES = 120

interface SceneRun {
  bench: string
  scene: SceneData
  threads: number
  frames: number
  warmUp: number
}

async function measureScene(run: SceneRun, options: BenchOptions): Promise<Row> {
  const { physics } = await createSceneWorld(run.scene, { threads: run.threads, tier: options.tier ?? 'auto' })
  const frames = options.frames ?? run.frames
  const warmUp = warmUpFor(run.warmUp, frames)
  const progress = startProgress(`${run.scene.name} · ${run.threads} threads`, frames + warmUp)
  try {
    const samples = measureSteps(physics, { frames, warmUp, progress })
    return timingRow(run.bench, run.scene.name, physics, samples)
  } finally {
    progress.stop()
    dispose(physics)
  }
}

/** 25,000 spheres at 1 % volume fraction, no gravity. */
export const field: Bench = {
  name: 'field',
  about: '25,000 spheres, sparse contacts',
  async run(options) {
    const threads = options.threads ?? DEFAULT_THREADS
    const scene = fieldScene(undefined, options.seed)
    return [await measureScene({ bench: 'field', scene, threads, frames: FRAMES, warmUp: WARM_UP }, options)]
  },
}

/** The bodies of the space battle without its rules, and a heap. */
export const rigid: Bench = {
  name: 'rigid',
  about: 'rigid part of the space battle; pile of 5,000 spheres',
  async run(options) {
    const threads = options.threads ?? DEFAULT_THREADS
    const battle = galacticRigidScene(options.seed)
    const pile = spherePileScene(undefined, options.seed)
    return [
      await measureScene({ bench: 'rigid', scene: battle, threads, frames: FRAMES, warmUp: WARM_UP }, options),
      await measureScene({ bench: 'rigid', scene: pile, threads, frames: PILE_FRAMES, warmUp: 0 }, options),
    ]
  },
}
