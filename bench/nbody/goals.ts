/** The figures that were promised for mutual forces, each as a row with its limit. */
import { kineticEnergy, type Physics, potentialEnergy, step } from 'manybody'
import { plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import type { Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'
import {
  type CloudOptions,
  cloudRow,
  disableCollisions,
  errorFields,
  gravityBoxScene,
  type Method,
  timeCloud,
  withCloud,
} from './cloud.ts'
import { crossCheck } from './direct-sum.ts'
import type { Run } from './scaling.ts'

/** Steps over which the energy is compared, and their length in the sphere's units of time. */
const DRIFT_STEPS = 1_000
const DRIFT_DT = 1 / 100

interface TimeGoal {
  what: string
  bodies: number
  goal: number
  /** The forces alone instead of the whole step. */
  forces?: boolean
  method?: Method
}

const TIME_GOALS: readonly TimeGoal[] = [
  { what: 'all pairs, whole step', bodies: 1_000, goal: 0.5, method: 'direct' },
  { what: 'mutual, whole step with collisions', bodies: 31_250, goal: 6 },
  { what: 'mutual, whole step', bodies: 50_000, goal: 10 },
  { what: 'mutual, forces alone', bodies: 100_000, goal: 20, forces: true },
]

/** How much a quick run makes smaller, and not below. */
const QUICK_SHARE = 1 / 25
const QUICK_LEAST = 1_000

export const GOALS = TIME_GOALS.length + 3

/** A row a goal: `value` is what was measured, `goal` the limit, `met` whether it holds on this machine. */
export async function goalRows(run: Run): Promise<Row[]> {
  const rows: Row[] = []
  const add = async (row: Promise<Row>): Promise<void> => {
    rows.push(await row)
    run.tick()
  }
  for (const goal of TIME_GOALS) await add(timeRow(run, goal))
  await add(neutralRow(run))
  await add(driftRow(run))
  await add(checkRow(run))
  return rows
}

const scaled = ({ options }: Run, bodies: number): number =>
  options.quick ? Math.max(QUICK_LEAST, Math.round(bodies * QUICK_SHARE)) : bodies

const settings = ({ threads, options }: Run, method: Method): CloudOptions => ({
  threads,
  tier: options.tier ?? 'auto',
  method,
})

function timeRow(run: Run, { what, bodies, goal, forces, method = 'auto' }: TimeGoal): Promise<Row> {
  // The thousand of the ladder has charges too; the larger goals are those of gravity.
  const scene = (method === 'direct' ? uniformBoxScene : gravityBoxScene)(scaled(run, bodies), run.options.seed)
  return withCloud(scene, settings(run, method), (physics) => {
    const samples = timeCloud(physics, run.options.quick ? run.scope.patience : GOAL_PATIENCE)
    const row = cloudRow('goal', scene.name, physics, samples)
    const value = forces ? (row.forces as number) : row.ms!.p50
    return { ...row, what: `${what}, ms`, value, goal, met: value <= goal, ...errorFields(physics, run.scope.samples) }
  })
}

const GOAL_PATIENCE = { time: 2_000, least: 40, most: 1_000 }

/** Charges that add up to nothing, no gravity: a cell's total says little about it. */
function neutralRow(run: Run): Promise<Row> {
  const box = uniformBoxScene(scaled(run, 10_000), run.options.seed)
  const scene: SceneData = {
    ...box,
    name: `charged-box-${box.spheres.count}`,
    longRange: { ...box.longRange, gravity: 0 },
  }
  return withCloud(scene, settings(run, 'tree'), (physics) => {
    const samples = timeCloud(physics, run.scope.patience)
    const error = errorFields(physics, run.scope.samples)
    const row = cloudRow('goal', scene.name, physics, samples)
    return {
      ...row,
      what: 'net-zero charges, RMS error',
      value: error.rmsError,
      goal: 0.01,
      met: error.rmsError <= 0.01,
      ...error,
    }
  })
}

/** Without collisions, which take energy out by design. */
function driftRow(run: Run): Promise<Row> {
  const scene = plummerScene(scaled(run, 10_000), run.options.seed)
  return withCloud(scene, settings(run, run.options.quick ? 'tree' : 'auto'), (physics) => {
    disableCollisions(physics)
    const steps = run.options.quick ? DRIFT_STEPS / 20 : DRIFT_STEPS
    const before = energyOf(physics)
    for (let done = 0; done < steps; done++) step(physics, DRIFT_DT)
    const value = Math.abs(energyOf(physics) / before - 1)
    const samples = timeCloud(physics, run.scope.patience)
    const row = cloudRow('goal', scene.name, physics, samples)
    return {
      ...row,
      what: `energy drift over ${steps} steps`,
      steps,
      dt: DRIFT_DT,
      value,
      goal: 1e-3,
      met: value <= 1e-3,
    }
  })
}

/** By the direct sum in f64: the tree's own energy would share its error. */
const energyOf = (physics: Physics): number => kineticEnergy(physics) + potentialEnergy(physics, { method: 'direct' })

/** The tree's accelerations against a sum that shares no code with the engine. */
async function checkRow(run: Run): Promise<Row> {
  const scene = plummerScene(scaled(run, 10_000), run.options.seed)
  const { threads, tier } = settings(run, 'tree')
  const longRange = { ...scene.longRange, method: 'tree' as const }
  const { physics, eids } = await createSceneWorld({ ...scene, longRange }, { threads, tier })
  disableCollisions(physics)
  const { rms, p99 } = crossCheck(scene, physics, eids, run.scope.samples)
  const own = errorFields(physics, run.scope.samples)
  const samples = timeCloud(physics, run.scope.patience)
  const row = cloudRow('goal', scene.name, physics, samples)
  return {
    ...row,
    what: 'RMS error by an independent f64 sum',
    value: rms,
    goal: 0.01,
    met: rms <= 0.01 && p99 <= 0.05,
    rmsError: rms,
    p99Error: p99,
    ownRms: own.rmsError,
    ownP99: own.p99Error,
  }
}
