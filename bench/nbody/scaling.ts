/** Time and error against the number of bodies, by either method on every scene, and what follows from it. */
import { dispose } from 'manybody'
import type { BenchOptions } from '../harness/options.ts'
import { quantile } from '../harness/quantile.ts'
import { FRAME_BUDGET, PHYSICS_BUDGET, type Row } from '../harness/report.ts'
import {
  CLOUDS,
  type CloudOptions,
  cloudRow,
  errorFields,
  type Method,
  openCloud,
  type Patience,
  timeCloud,
  timeForces,
  withCloud,
} from './cloud.ts'
import { fitExponent, type Point, searchLargest } from './fit.ts'

/** What a run looks at; quick runs look at little. */
export interface Scope {
  sizes: readonly number[]
  /** Largest size of the direct sum: beyond, a step takes longer than a second. */
  directMost: number
  /** Sizes that the exponent is fitted over. */
  fitFrom: number
  patience: Patience
  /** Bodies whose acceleration is compared. */
  samples: number
  /** Largest size that the searches look at. */
  searchMost: number
  precision: number
}

export const FULL: Scope = {
  sizes: [1_000, 2_000, 5_000, 10_000, 20_000, 31_250, 50_000, 100_000],
  directMost: 31_250,
  fitFrom: 10_000,
  patience: { time: 800, least: 5, most: 60 },
  samples: 256,
  searchMost: 200_000,
  precision: 0.03,
}

export const QUICK: Scope = {
  sizes: [500, 1_000, 2_000],
  directMost: 1_000,
  fitFrom: 500,
  patience: { time: 30, least: 3, most: 10 },
  samples: 256,
  searchMost: 4_000,
  precision: 0.5,
}

/** What the parts of this bench share. */
export interface Run {
  scope: Scope
  threads: number
  options: BenchOptions
  /** Called after each world. */
  tick(): void
}

const cloudOptions = ({ threads, options }: Run, method: Method): CloudOptions => ({
  threads,
  tier: options.tier ?? 'auto',
  method,
})

/** The sizes that a method is measured at. */
export const sizesOf = (scope: Scope, method: Method): number[] =>
  scope.sizes.filter((size) => method !== 'direct' || size <= scope.directMost)

/** A row a scene, method and size. */
export async function scalingRows(run: Run): Promise<Row[]> {
  const rows: Row[] = []
  for (const [name, build] of Object.entries(CLOUDS)) {
    for (const method of ['direct', 'tree'] as const) {
      for (const size of sizesOf(run.scope, method)) {
        const row = await withCloud(build(size, run.options.seed), cloudOptions(run, method), (physics) => {
          const samples = timeCloud(physics, run.scope.patience)
          return { ...cloudRow('scaling', name, physics, samples), ...errorFields(physics, run.scope.samples) }
        })
        rows.push(row)
        run.tick()
      }
    }
  }
  return rows
}

/** How fast the tree's time may grow. */
const TREE_EXPONENT = 1.1

/** The exponents of the scaling rows: forces alone (`value`) and the whole step, over the sizes from `fitFrom` on. */
export function fitRows(rows: readonly Row[], { scope }: Run): Row[] {
  return Object.keys(CLOUDS).flatMap((scene) =>
    (['direct', 'tree'] as const).flatMap((method) => {
      const fitted = rows.filter((row) => row.scene === scene && row.method === method && row.bodies >= scope.fitFrom)
      if (new Set(fitted.map(({ bodies }) => bodies)).size < 2) return []
      const points = (ms: (row: Row) => number): Point[] => fitted.map((row) => ({ n: row.bodies, ms: ms(row) }))
      const [first, last] = [fitted[0], fitted[fitted.length - 1]]
      const value = fitExponent(points((row) => row.forces as number))
      return [
        {
          ...derivedRow('exponent', first, fitted),
          method,
          what: `exponent of forces alone, ${first.bodies} to ${last.bodies}`,
          value,
          wholeStep: fitExponent(points((row) => row.ms?.p50 ?? 0)),
          ...(method === 'tree' && { goal: TREE_EXPONENT, met: value <= TREE_EXPONENT }),
        },
      ]
    }),
  )
}

/** A row that no single world stands for. */
function derivedRow(kind: string, like: Row, from: readonly Row[] = []): Row {
  const { bench, scene, engine, tier, threads } = like
  return { bench, scene, engine, tier, threads, bodies: 0, particles: 0, frames: 0, kind, worlds: from.length }
}

/** Steps of either method that a size is judged by, and the largest size that is looked at. */
const TURNS = 24
const CROSSOVER_MOST = 16_000

/** The size from which the tree is the faster one, a row a scene: timed side by side, step by step in turn. */
export async function crossoverRows(run: Run, like: Row): Promise<Row[]> {
  const rows: Row[] = []
  for (const [scene, build] of Object.entries(CLOUDS)) {
    const directWins = async (size: number): Promise<boolean> => {
      const worlds = await Promise.all(
        (['direct', 'tree'] as const).map((method) =>
          openCloud(build(size, run.options.seed), cloudOptions(run, method)),
        ),
      )
      const times = worlds.map(() => new Float64Array(TURNS))
      for (let turn = 0; turn < TURNS; turn++) {
        for (const [index, physics] of worlds.entries()) times[index][turn] = timeForces(physics)
      }
      for (const physics of worlds) dispose(physics)
      // A low quantile: what else the machine does makes a step longer, never shorter.
      const [direct, tree] = times.map((samples) => quantile(samples.sort(), 0.25))
      return direct < tree
    }
    const most = Math.min(run.scope.searchMost, CROSSOVER_MOST)
    const value = await searchLargest(directWins, { from: 2_000, least: 125, most, precision: 0.1 })
    rows.push({ ...derivedRow('crossover', like), scene, what: 'bodies up to which direct is the faster', value })
    run.tick()
  }
  return rows
}

/** Where the search for 8 ms begins. */
const SEARCH_FROM = 30_000

/** The largest world whose whole step stays within 8 and 16.67 ms in the median, by bisection, a row a scene and limit. */
export async function largestRows(run: Run, like: Row): Promise<Row[]> {
  const rows: Row[] = []
  for (const [scene, build] of Object.entries(CLOUDS)) {
    for (const limit of [PHYSICS_BUDGET, FRAME_BUDGET]) {
      const fits = (size: number): Promise<boolean> =>
        withCloud(build(size, run.options.seed), cloudOptions(run, 'auto'), (physics) => {
          const { wall } = timeCloud(physics, { ...run.scope.patience, time: 20 * limit })
          return quantile(wall.sort(), 0.5) <= limit
        })
      const from = Math.min(run.scope.searchMost, SEARCH_FROM * (limit / PHYSICS_BUDGET))
      const value = await searchLargest(fits, {
        from: Math.round(from),
        least: 250,
        most: run.scope.searchMost,
        precision: run.scope.precision,
      })
      rows.push({ ...derivedRow('largest', like), scene, what: `bodies within ${limit} ms a step`, limit, value })
      run.tick()
    }
  }
  return rows
}
