/** Ours beside the engines that a web page can load: the same scenes, in one run, interleaved in short rounds. */
import { fieldScene } from '../../examples/scenes/field.ts'
import { galacticRigidScene } from '../../examples/scenes/galactic-rigid.ts'
import { chainScene } from '../../examples/scenes/joints-chains.ts'
import { ragdollScene } from '../../examples/scenes/joints-ragdolls.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { boxPileScene, mixedPileScene } from '../../examples/scenes/rigid-pile.ts'
import { pyramidScene } from '../../examples/scenes/rigid-pyramid.ts'
import { raysScene } from '../../examples/scenes/rigid-rays.ts'
import { sleepingScene } from '../../examples/scenes/rigid-sleeping.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { type Bench, DEFAULT_THREADS, warmUpFor } from '../harness/bench.ts'
import type { BenchOptions } from '../harness/options.ts'
import { startProgress } from '../harness/progress.ts'
import { printRows, type Row } from '../harness/report.ts'
import { type Contestant, enter, measureRounds, rowOf, warmUp } from '../peers/contest.ts'
import { PEERS } from '../peers/index.ts'
import type { Peer } from '../peers/peer.ts'

const FRAMES = 120
/** Untimed steps after the first one. */
const WARM_UP = 30
/** The engine that ratios refer to. */
const YARDSTICK = 'havok'

/** Each row's median over the yardstick's, for the step alone and for the step with all transforms read. */
function addRatios(rows: Row[]): void {
  const yardstick = rows.find((row) => row.engine === YARDSTICK)
  if (!yardstick?.ms) return
  const withRead = (row: Row): number => (row.ms?.p50 ?? 0) + (row.readP50 as number)
  for (const row of rows) {
    if (!row.ms) continue
    row.ratio = row.ms.p50 / yardstick.ms.p50
    // What a ray costs has nothing to do with reading poses.
    if (row.hits === undefined) row.ratioWithRead = withRead(row) / withRead(yardstick)
  }
}

/** All engines on one scene. */
export async function comparePeers(
  scene: SceneData,
  peers: readonly Peer[],
  options: BenchOptions,
): Promise<{ rows: Row[]; poses: Map<string, Float32Array> }> {
  const frames = options.frames ?? FRAMES
  const before = warmUpFor(WARM_UP, frames)
  const progress = startProgress(`peers · ${scene.name}`, peers.length * (frames + before))
  const contestants: Contestant[] = []
  try {
    const { threads = DEFAULT_THREADS, tier } = options
    for (const peer of peers) contestants.push(await enter(peer, scene, frames, { threads, tier }))
    await warmUp(contestants, before, progress)
    await measureRounds(contestants, frames, progress)
    const rows = contestants.map((contestant) => rowOf(contestant, frames))
    addRatios(rows)
    const poses = new Map(
      contestants.flatMap(({ peer, world, out, absent }) =>
        world && absent === undefined ? [[peer.name, world.readTransforms(out).slice()] as const] : [],
      ),
    )
    return { rows, poses }
  } finally {
    progress.stop()
    for (const { world } of contestants) world?.dispose()
  }
}

const QUALITY = ['deepest', 'meanDepth', 'drift', 'sag', 'energyRise', 'kinetic', 'jointWorst', 'jointMean', 'lost']

/** A table of its own: beside the times there is no room. */
function printQuality(rows: readonly Row[]): void {
  const measured = rows.filter(({ quality }) => quality !== undefined)
  const columns = [...QUALITY.map((column) => `quality.${column}`), 'asleep', 'hits', 'meanDistance']
  printRows(
    'peers: what was computed (m, J/kg)',
    measured.map(({ ms: _, overBudget: __, ...row }) => row),
    columns,
  )
}

/** A scene by the name that `--scene` takes; `size` is 1, or a tenth of it in a quick run. */
interface NamedScene {
  name: string
  make(seed: number, size: number): SceneData
}

const SCENES: readonly NamedScene[] = [
  { name: 'field', make: (seed, size) => fieldScene(25_000 * size, seed) },
  { name: 'galactic', make: (seed) => galacticRigidScene(seed) },
  { name: 'pile-spheres', make: (seed, size) => spherePileScene(5_000 * size, seed) },
  { name: 'pile-boxes', make: (seed, size) => boxPileScene(3_000 * size, seed) },
  { name: 'pyramid', make: (_, size) => pyramidScene(size < 1 ? 30 : 100) },
  { name: 'pile-mixed', make: (seed, size) => mixedPileScene(3_000 * size, seed) },
  { name: 'ragdolls', make: (seed, size) => ragdollScene(500 * size, seed) },
  { name: 'chains', make: (_, size) => chainScene(500 * size) },
  { name: 'asleep', make: (_, size) => sleepingScene(10_000 * size) },
  { name: 'rays', make: (seed, size) => raysScene(10_000 * size, 25_000 * size, seed) },
]

const QUICK_SIZE = 0.1

export const peers: Bench = {
  name: 'peers',
  about: `${PEERS.map((peer) => peer.name).join(', ')} on ${SCENES.map(({ name }) => name).join(', ')}; ratios to ${YARDSTICK}`,
  columns: ['version', 'readP50', 'stepP50', 'firstStepMs', 'ratio', 'ratioWithRead', 'notes', 'absent'],
  published: true,
  async run(options) {
    const { seed, scene: wanted } = options
    const chosen = SCENES.filter(({ name }) => wanted === undefined || name.includes(wanted))
    if (chosen.length === 0) throw new Error(`no scene "${wanted}": ${SCENES.map(({ name }) => name).join(', ')}`)
    const rows: Row[] = []
    for (const { make } of chosen) {
      rows.push(...(await comparePeers(make(seed, options.quick ? QUICK_SIZE : 1), PEERS, options)).rows)
    }
    printQuality(rows)
    return rows
  },
}
