/** Bulk mathematics beside a plain loop over arrays of the same kind. */
import {
  createColumns,
  createPhysics,
  dispose,
  integrateAll,
  normalizeAll,
  type QuaternionComponent,
  rotateAll,
  slerp,
  slerpAll,
} from 'manybody'
import type { BenchOptions } from '../harness/options.ts'
import type { Row } from '../harness/report.ts'
import { type Work, workRows } from './passes.ts'

const ITEMS = 10_000
const WARM_UP = 300
/** µs */
const GOAL = 0.002
/** How much slower a plain loop is to be. */
const TIMES = 4
const AXES = ['x', 'y', 'z', 'w'] as const

type Arrays = QuaternionComponent

/** Arrays outside the kernel's memory. */
function plainArrays(): Arrays {
  return {
    x: new Float32Array(ITEMS),
    y: new Float32Array(ITEMS),
    z: new Float32Array(ITEMS),
    w: new Float32Array(ITEMS),
  }
}

function fill(arrays: Arrays, shift: number): void {
  for (let i = 0; i < ITEMS; i++) {
    const q = [((i + shift) % 17) - 8, ((i + shift) % 13) - 6, ((i + shift) % 7) - 3, 1 + (i % 5)]
    const length = Math.hypot(...q)
    for (const [k, axis] of AXES.entries()) arrays[axis][i] = q[k]! / length
  }
}

function normalizePlain({ x, y, z }: Arrays): void {
  for (let i = 0; i < ITEMS; i++) {
    const scale = 1 / Math.sqrt(x[i]! * x[i]! + y[i]! * y[i]! + z[i]! * z[i]!)
    x[i]! *= scale
    y[i]! *= scale
    z[i]! *= scale
  }
}

function slerpPlain(out: Arrays, a: Arrays, b: Arrays, t: number): void {
  const [from, to, between] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)]
  for (let i = 0; i < ITEMS; i++) {
    from[0] = a.x[i]!
    from[1] = a.y[i]!
    from[2] = a.z[i]!
    from[3] = a.w[i]!
    to[0] = b.x[i]!
    to[1] = b.y[i]!
    to[2] = b.z[i]!
    to[3] = b.w[i]!
    slerp(between, from, to, t)
    out.x[i] = between[0]!
    out.y[i] = between[1]!
    out.z[i] = between[2]!
    out.w[i] = between[3]!
  }
}

/** Rows of bulk mathematics; that of `normalizeAll` says how many times a plain loop takes. */
export async function bulkRows(options: BenchOptions, frames: number): Promise<Row[]> {
  const capacity = { entities: ITEMS, bodies: 1, particles: 0, contacts: 1, nodes: 1, columns: 12 }
  const physics = await createPhysics({ capacity, threads: 1, tier: options.tier ?? 'auto' })
  try {
    const [a, b, out] = [0, 1, 2].map(() => createColumns(physics, ...AXES)) as [Arrays, Arrays, Arrays]
    const [pa, pb, po] = [0, 1, 2].map(plainArrays) as [Arrays, Arrays, Arrays]
    const { x, y, z } = out
    const vector = { x, y, z }
    for (const [arrays, shift] of [
      [a, 0],
      [b, 5],
      [pa, 0],
      [pb, 5],
      [out, 2],
      [po, 2],
    ] as const)
      fill(arrays, shift)
    const work = (what: string, engine: string, run: () => void): Work => ({ what, engine, items: ITEMS, run })
    const plain = 'plain JavaScript'
    const works: Work[] = [
      { ...work('normalise a vector, in bulk', 'manybody', () => normalizeAll(physics, vector)), goal: GOAL },
      work('normalise a vector, in bulk', plain, () => normalizePlain(po)),
      work('slerp, in bulk', 'manybody', () => slerpAll(physics, out, a, b, 0.3)),
      work('slerp, in bulk', plain, () => slerpPlain(po, pa, pb, 0.3)),
      work('turn a vector, in bulk', 'manybody', () => rotateAll(physics, vector, a, vector)),
      work('integrate a rotation, in bulk', 'manybody', () => integrateAll(physics, a, a, vector, 1 / 60)),
    ]
    const rows = workRows(works, frames, WARM_UP).map((row) => ({
      ...row,
      tier: row.engine === plain ? '' : physics.backend.tier,
    }))
    const [ours, theirs] = rows as (Row & { eachUs: number })[]
    const times = theirs!.eachUs / ours!.eachUs
    rows[0] = { ...ours!, met: ours!.eachUs <= GOAL && times >= TIMES } as never
    return rows
  } finally {
    dispose(physics)
  }
}
