/** What each layer of the engine gains: 1,000 bodies, the same five stages from a plain script to SIMD on two threads. */
import { spawnSync } from 'node:child_process'
import { crowdedBoxScene } from '../../examples/scenes/nbody.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { type Bench, DEFAULT_THREADS } from '../harness/bench.ts'
import type { BenchOptions } from '../harness/options.ts'
import { startProgress } from '../harness/progress.ts'
import { countAbove, distribution } from '../harness/quantile.ts'
import { PHYSICS_BUDGET, type Row } from '../harness/report.ts'
import { REFERENCE } from '../ladder/reference.ts'
import {
  CHECK_STEPS,
  ENGINE,
  type RungResult,
  type RungRun,
  runKernel,
  runObjects,
  runPython,
  SHARES,
} from '../ladder/rungs.ts'
import { scalarEngine } from '../ladder/scalar-kernel.ts'

const BODIES = 1_000
/** Largest distance, m, between a body here and there after the checked steps: single precision and the order of contacts. */
const TOLERANCE = 1e-4

/** One way to compute the scene. */
interface Rung {
  rung: string
  engine: string
  tier: string
  threads: number
  /** Timed frames, and untimed ones before them: about as many as take the same time. */
  frames: number
  warmUp: number
  /** The result, or one sentence that says why this rung is not to be had. */
  run(run: RungRun): Promise<RungResult | string>
}

const OURS = 'manybody'

function rungs(threads: number): Rung[] {
  const python = findPython()
  return [
    {
      rung: 'Python, plain script',
      engine: python?.version ?? 'python',
      tier: '',
      threads: 1,
      frames: 20,
      warmUp: 0,
      run: async (run) => (python ? runPython(python.command, run) : 'no python3 on this machine'),
    },
    {
      rung: 'TypeScript, plain objects',
      engine: 'objects',
      tier: '',
      threads: 1,
      frames: 200,
      warmUp: 60,
      run: async (run) => runObjects(run),
    },
    {
      rung: 'kernel as JavaScript',
      engine: OURS,
      tier: 'js',
      threads: 1,
      frames: 300,
      warmUp: 60,
      run: (run) => runKernel(ENGINE, 'js', 1, run),
    },
    {
      rung: 'kernel, scalar WASM',
      engine: OURS,
      tier: 'scalar',
      threads: 1,
      frames: 600,
      warmUp: 120,
      async run(run) {
        const engine = await scalarEngine()
        return typeof engine === 'string' ? engine : runKernel(engine, 'simd', 1, run)
      },
    },
    {
      rung: 'kernel, SIMD',
      engine: OURS,
      tier: 'simd',
      threads: 1,
      frames: 1_000,
      warmUp: 120,
      run: (run) => runKernel(ENGINE, 'simd', 1, run),
    },
    {
      rung: `kernel, SIMD, ${threads} threads`,
      engine: OURS,
      tier: 'threads',
      threads,
      frames: 2_000,
      warmUp: 120,
      run: (run) => runKernel(ENGINE, 'threads', threads, run),
    },
  ]
}

/** `python3` where it is, with its version. */
export function findPython(command = 'python3'): { command: string; version: string } | undefined {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  return status === 0 ? { command, version: stdout.trim().toLowerCase() } : undefined
}

function rungRow(rung: Rung, scene: SceneData, result: RungResult | string): Row {
  const { rung: name, engine, tier, threads } = rung
  const row: Row = {
    bench: 'ladder',
    scene: scene.name,
    engine,
    tier,
    threads,
    bodies: scene.spheres.count,
    particles: 0,
    frames: 0,
    rung: name,
  }
  if (typeof result === 'string') return { ...row, absent: result }
  const { frames, stages, contacts, hash } = result
  const ms = distribution(frames)
  const total = SHARES.reduce((sum, share) => sum + stages[share], 0)
  const shares = Object.fromEntries(SHARES.map((share) => [share, (100 * stages[share]) / total]))
  const overBudget = countAbove(frames, PHYSICS_BUDGET)
  return { ...row, frames: frames.length, ms, fps: 1000 / ms.p50, stages, shares, contacts, overBudget, hash }
}

/** Speed-up to the first rung and to the one before, among those that ran; distance from the plain objects. */
function compare(rows: Row[], results: (RungResult | string)[]): void {
  const objects = results[1] as RungResult
  const python = rows[0].ms?.p50
  let before: number | undefined
  for (const [index, row] of rows.entries()) {
    const result = results[index]
    if (!row.ms || typeof result === 'string') continue
    if (python !== undefined) row.toPython = python / row.ms.p50
    if (before !== undefined) row.toPrevious = before / row.ms.p50
    before = row.ms.p50
    row.difference = largestDistance(objects.positions, result.positions)
  }
}

/** Largest distance, m, between bodies of the same number. */
export function largestDistance(one: Float64Array, other: Float64Array): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY
  let largest = 0
  for (let i = 0; i < one.length; i += 3) {
    const distance = Math.hypot(one[i] - other[i], one[i + 1] - other[i + 1], one[i + 2] - other[i + 2])
    // A NaN stays one.
    largest = Math.max(largest, distance)
  }
  return largest
}

/** The reference ladder as rows: `published` instead of measured times. */
function referenceRows({ spheres }: SceneData): Row[] {
  const none = { tier: '', threads: 0, particles: 0, frames: 0 }
  return REFERENCE.map(({ rung, ms }) => ({
    ...{ bench: 'ladder', scene: 'reference ladder', engine: 'reference', ...none, bodies: spheres.count },
    ...{ rung, published: ms, fps: 1000 / ms },
  }))
}

/** Why the rungs do not compute the same thing; undefined when they do. */
function verdict(rows: readonly Row[]): string | undefined {
  const faults = rows
    .filter((row) => row.ms && !((row.difference as number) <= TOLERANCE))
    .map(({ rung, difference }) => `${rung} is ${difference} m off after ${CHECK_STEPS} steps`)
  const hashes = new Set(rows.filter((row) => row.engine === OURS && row.ms).map(({ hash }) => hash))
  if (hashes.size > 1) faults.push('the builds of the kernel do not reach the same state')
  return faults.length > 0 ? faults.join('; ') : undefined
}

export const ladder: Bench = {
  name: 'ladder',
  about: '1,000 bodies, five stages: Python, plain objects, JavaScript, scalar WASM, SIMD, threads',
  columns: [
    'rung',
    'fps',
    'toPrevious',
    'toPython',
    ...SHARES.map((share) => `shares.${share}`),
    'difference',
    'absent',
  ],
  published: true,
  verdict,
  async run({ threads = DEFAULT_THREADS, frames, seed }: BenchOptions) {
    const scene = crowdedBoxScene(BODIES, seed)
    const rows: Row[] = []
    const results: (RungResult | string)[] = []
    for (const rung of rungs(threads)) {
      const timed = Math.min(frames ?? rung.frames, rung.frames)
      const warmUp = Math.min(rung.warmUp, 2 * timed)
      const progress = startProgress(`ladder: ${rung.rung}`, timed + warmUp)
      try {
        const result = await rung.run({ scene, warmUp, frames: timed, progress })
        results.push(result)
        rows.push(rungRow(rung, scene, result))
      } finally {
        progress.stop()
      }
    }
    compare(rows, results)
    return [...rows, ...referenceRows(scene)]
  },
}
