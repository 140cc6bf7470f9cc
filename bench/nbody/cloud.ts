/** Worlds of bodies that attract one another, timed: the whole step, and the long-range forces alone. */
import { createPhysics, dispose, frameStats, longRangeError, type Physics, step } from 'manybody'
import { discScene, plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { capacityOf, loadScene, type SceneData } from '../../examples/scenes/scene.ts'
import { DT } from '../harness/bench.ts'
import { type FrameSamples, measureSteps, timingRow } from '../harness/measure.ts'
import type { Tier } from '../harness/options.ts'
import { distribution, median } from '../harness/quantile.ts'
import type { Row } from '../harness/report.ts'

export type Method = 'auto' | 'direct' | 'tree'

/** How a world is made. */
export interface CloudOptions {
  threads: number
  tier: Tier | 'auto'
  method: Method
}

/** How long a world is timed: until the time is used up, within these bounds. */
export interface Patience {
  /** Milliseconds. */
  time: number
  least: number
  most: number
}

/** The scenes of the scaling table, by their column in it. */
/** The uniform box with gravity alone: charges cost a second field. */
export const gravityBoxScene = (count: number, seed: number): SceneData => {
  const scene = uniformBoxScene(count, seed)
  return { ...scene, name: `gravity-box-${count}`, longRange: { ...scene.longRange, coulomb: 0 } }
}

export const CLOUDS: Record<string, (count: number, seed: number) => SceneData> = {
  'uniform box': gravityBoxScene,
  'Plummer sphere': plummerScene,
  'thin disc': discScene,
}

/** Steps that are not timed (first contacts, first lists, V8), and milliseconds after which they are enough. */
const WARM_UP = 5
const WARM_TIME = 300
const SILENT = { advance(): void {}, stop(): void {} }

/** A world that holds just this scene, with the method asked for. */
export async function openCloud(scene: SceneData, { threads, tier, method }: CloudOptions): Promise<Physics> {
  const physics = await createPhysics({
    gravity: scene.gravity,
    longRange: { ...scene.longRange, method },
    capacity: capacityOf(scene),
    threads,
    tier,
  })
  loadScene(physics, scene)
  return physics
}

/** Takes every collision out of a world: what is left is the long-range forces and the integration. */
export function disableCollisions({ components }: Physics): void {
  components.RigidBody.mask.fill(0)
}

/** Times whole steps; as many as the patience holds. */
export function timeCloud(physics: Physics, patience: Patience): FrameSamples {
  let [start, last, warm] = [performance.now(), 0, 0]
  for (let frame = 0; frame < WARM_UP && warm < WARM_TIME; frame++) {
    step(physics, DT)
    const now = performance.now()
    last = now - start
    warm += last
    start = now
  }
  const frames = Math.floor(patience.time / last)
  const most = Math.max(patience.least, Math.min(patience.most, frames))
  return measureSteps(physics, { frames: most, warmUp: 0, progress: SILENT })
}

/** Median milliseconds of the long-range forces in a run. */
export const forcesOf = (samples: FrameSamples): number => median(samples.stages.longRange)

/** One timed step's long-range forces, ms. */
export function timeForces(physics: Physics): number {
  step(physics, DT)
  return frameStats(physics).stages.longRange
}

/** The row of a timed world: the whole step as `ms`, the forces alone as `forcesMs`, the method that ran. */
export function cloudRow(kind: string, scene: string, physics: Physics, samples: FrameSamples): Row {
  const { stages, ...row } = timingRow('nbody', scene, physics, samples)
  const { longRange, treeNodes, sources } = frameStats(physics)
  return {
    ...row,
    kind,
    method: longRange,
    sources,
    treeNodes,
    forces: forcesOf(samples),
    forcesMs: distribution(samples.stages.longRange),
    // Not `stages`: those are printed, and there are a few dozen rows.
    stageMs: stages,
  }
}

/** Error of the chosen method at the present positions, as fields of a row. */
export function errorFields(physics: Physics, samples: number): { rmsError: number; p99Error: number } {
  const { rms, p99 } = longRangeError(physics, samples)
  return { rmsError: rms, p99Error: p99 }
}

/** Opens a world, uses it and disposes of it. */
export async function withCloud<T>(
  scene: SceneData,
  options: CloudOptions,
  use: (physics: Physics) => T | Promise<T>,
): Promise<T> {
  const physics = await openCloud(scene, options)
  try {
    return await use(physics)
  } finally {
    dispose(physics)
  }
}
