/** Ours beside Havok, Rapier and Jolt: the same scenes, in one run, interleaved in short rounds. */
import { fieldScene } from '../../examples/scenes/field.ts'
import { galacticRigidScene } from '../../examples/scenes/galactic-rigid.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { type Bench, DEFAULT_THREADS, DT, warmUpFor } from '../harness/bench.ts'
import type { BenchOptions } from '../harness/options.ts'
import { type Progress, startProgress } from '../harness/progress.ts'
import { countAbove, distribution } from '../harness/quantile.ts'
import { PHYSICS_BUDGET, type Row } from '../harness/report.ts'
import { PEERS } from '../peers/index.ts'
import type { Peer, PeerWorld } from '../peers/peer.ts'
import { installedVersion } from '../peers/versions.ts'

/** Steps an engine makes before the next one has its turn: short, so that a busy moment of the machine hits all alike. */
const ROUND = 10
const FRAMES = 120
/** Untimed steps after the first one. */
const WARM_UP = 30
/** The engine that ratios refer to. */
const YARDSTICK = 'havok'

/** One engine in the run. `step` and `read` are milliseconds, one sample a frame. */
interface Contestant {
  peer: Peer
  world: PeerWorld
  out: Float32Array
  loadMs: number
  firstStepMs: number
  step: Float64Array
  read: Float64Array
}

async function enter(peer: Peer, scene: SceneData, frames: number, options: BenchOptions): Promise<Contestant> {
  const loadStart = performance.now()
  const world = await peer.load(scene, { threads: options.threads ?? DEFAULT_THREADS, tier: options.tier })
  const stepStart = performance.now()
  world.step(DT)
  return {
    peer,
    world,
    out: new Float32Array(scene.spheres.count * world.transformStride),
    loadMs: stepStart - loadStart,
    firstStepMs: performance.now() - stepStart,
    step: new Float64Array(frames),
    read: new Float64Array(frames),
  }
}

function measureRound(contestant: Contestant, first: number, last: number): void {
  const { world, out, step, read } = contestant
  for (let frame = first; frame < last; frame++) {
    const start = performance.now()
    world.step(DT)
    const stepped = performance.now()
    world.readTransforms(out)
    step[frame] = stepped - start
    read[frame] = performance.now() - stepped
  }
}

/** The order turns by one each round: nobody always runs after the same neighbour. */
function measureRounds(contestants: readonly Contestant[], frames: number, progress: Progress): void {
  for (let first = 0, round = 0; first < frames; first += ROUND, round++) {
    const last = Math.min(first + ROUND, frames)
    for (let turn = 0; turn < contestants.length; turn++) {
      measureRound(contestants[(round + turn) % contestants.length], first, last)
      progress.advance(last - first)
    }
  }
}

function warmUp(contestants: readonly Contestant[], frames: number, progress: Progress): void {
  for (const { world, out } of contestants) {
    for (let frame = 0; frame < frames; frame++) {
      world.step(DT)
      world.readTransforms(out)
    }
    progress.advance(frames)
  }
}

function row(contestant: Contestant, scene: SceneData): Row {
  const { peer, world, step, read, loadMs, firstStepMs } = contestant
  return {
    bench: 'peers',
    scene: scene.name,
    engine: peer.name,
    version: peer.packageName ? installedVersion(peer.packageName) : undefined,
    tier: world.tier,
    threads: world.threads,
    bodies: world.bodies,
    particles: 0,
    frames: step.length,
    ms: distribution(step),
    readMs: distribution(read),
    readP50: distribution(read).p50,
    loadMs,
    firstStepMs,
    overBudget: countAbove(step, PHYSICS_BUDGET),
  }
}

/** Each row's median over the yardstick's, for the step alone and for the step with all transforms read. */
function addRatios(rows: Row[]): void {
  const yardstick = rows.find((row) => row.engine === YARDSTICK)
  if (!yardstick) return
  const withRead = (row: Row): number => (row.ms?.p50 ?? 0) + (row.readP50 as number)
  for (const row of rows) {
    row.ratio = (row.ms?.p50 ?? 0) / (yardstick.ms?.p50 ?? 0)
    row.ratioWithRead = withRead(row) / withRead(yardstick)
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
    for (const peer of peers) contestants.push(await enter(peer, scene, frames, options))
    warmUp(contestants, before, progress)
    measureRounds(contestants, frames, progress)
    const rows = contestants.map((contestant) => row(contestant, scene))
    addRatios(rows)
    const poses = new Map(contestants.map(({ peer, world, out }) => [peer.name, world.readTransforms(out).slice()]))
    return { rows, poses }
  } finally {
    progress.stop()
    for (const { world } of contestants) world.dispose()
  }
}

export const peers: Bench = {
  name: 'peers',
  about: `${PEERS.map((peer) => peer.name).join(', ')} on field, rigid part of the battle, pile; ratios to ${YARDSTICK}`,
  columns: ['readP50', 'firstStepMs', 'ratio', 'ratioWithRead'],
  async run(options) {
    const { seed } = options
    const rows: Row[] = []
    for (const scene of [fieldScene(undefined, seed), galacticRigidScene(seed), spherePileScene(undefined, seed)]) {
      rows.push(...(await comparePeers(scene, PEERS, options)).rows)
    }
    return rows
  },
}
