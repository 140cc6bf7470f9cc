/** What the entity system takes of a frame: a hierarchy of 10,000, and 1,000 bodies that meet nobody. */
import { addComponents, addEntity, set } from 'bitecs'
import { createPhysics, dispose, type Physics, setParent, step, updateTransforms } from 'manybody'
import { uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { DT } from '../harness/bench.ts'
import type { BenchOptions } from '../harness/options.ts'
import type { Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'
import { type Work, workRows } from './passes.ts'

const NODES = 10_000
/** Children of each node, so that the tree is six levels deep. */
const CHILDREN = 6
/** ms */
const GOALS = { all: 0.3, few: 0.03, free: 0.045 }
const FREE = 1_000
const WARM_UP = 100
const FREE_WARM_UP = 3_000

/** A tree of entities, each a turned step away from its parent. */
function growTree(physics: Physics): Uint32Array {
  const { Position, Rotation, Scale } = physics.components
  const eids = new Uint32Array(NODES)
  for (let i = 0; i < NODES; i++) {
    eids[i] = addEntity(physics.world)
    const place = set(Position, { x: 1, y: 0.1 * (i % 7), z: 0 })
    addComponents(physics.world, eids[i], [place, set(Rotation, { x: 0.6, y: 0, z: 0, w: 0.8 }), Scale])
    if (i > 0) setParent(physics, eids[i], eids[Math.floor((i - 1) / CHILDREN)])
  }
  return eids
}

function hierarchyWork(physics: Physics, eids: Uint32Array, threads: number, every: number): Work {
  const { x } = physics.components.Position
  let turn = 0
  return {
    what: every === 1 ? 'hierarchy of 10,000, all moved' : 'hierarchy of 10,000, 1 % moved',
    engine: `manybody, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    items: 1,
    goal: 1000 * (every === 1 ? GOALS.all : GOALS.few),
    // The leaves are the last five sixths: one of a hundred moves alone.
    before: () => {
      turn++
      const first = every === 1 ? 0 : NODES / 2
      const stride = every === 1 ? 1 : every / 2
      for (let i = first; i < NODES; i += stride) x[eids[i]] = 1 + 0.001 * (turn % 100)
    },
    run: () => updateTransforms(physics),
  }
}

/** Both hierarchies on one thread and on two. */
export async function hierarchyRows(options: BenchOptions, frames: number): Promise<Row[]> {
  const rows: Row[] = []
  for (const threads of options.threads === undefined ? [1, 2] : [options.threads]) {
    const capacity = { entities: NODES + 1, bodies: 1, nodes: NODES, particles: 0, contacts: 1 }
    const physics = await createPhysics({ capacity, threads, tier: options.tier ?? 'auto' })
    try {
      const eids = growTree(physics)
      updateTransforms(physics)
      const made = [1, 100].map((every) => hierarchyWork(physics, eids, threads, every))
      const { tier } = physics.backend
      rows.push(...workRows(made, frames, WARM_UP).map((row) => ({ ...row, tier, threads, bodies: 0, nodes: NODES })))
    } finally {
      dispose(physics)
    }
  }
  return rows
}

/** 1,000 bodies without long-range forces, whole steps. */
export async function freeRow(options: BenchOptions, frames: number): Promise<Row> {
  const scene = { ...uniformBoxScene(FREE, options.seed), longRange: undefined }
  const { physics } = await createSceneWorld(scene, { threads: options.threads ?? 1, tier: options.tier ?? 'auto' })
  try {
    const work: Work = {
      what: '1,000 free bodies, whole step',
      engine: 'manybody',
      items: 1,
      goal: 1000 * GOALS.free,
      run: () => step(physics, DT),
    }
    const [row] = workRows([work], 10 * frames, Math.min(FREE_WARM_UP, 20 * frames))
    return { ...row, tier: physics.backend.tier, bodies: FREE }
  } finally {
    dispose(physics)
  }
}
