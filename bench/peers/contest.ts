/** One scene, several engines, in one run: short interleaved rounds, step and reading timed apart, quality watched. */
import { bodiesOf, bodyAt, type SceneData } from '../../examples/scenes/scene.ts'
import { DT } from '../harness/bench.ts'
import type { Progress } from '../harness/progress.ts'
import { countAbove, distribution } from '../harness/quantile.ts'
import { PHYSICS_BUDGET, type Row } from '../harness/report.ts'
import { type Peer, type PeerOptions, type PeerWorld, Unable } from './peer.ts'
import { copyPoses, createPoses, type Poses } from './poses.ts'
import { createJudge, type Judge, observe } from './quality.ts'
import { installedVersion } from './versions.ts'

/** Steps an engine makes before the next one has its turn: short, so that a busy moment of the machine hits all alike. */
const ROUND = 10
/** An engine whose step (or ray casts) takes longer than this, ms, makes few frames only. */
const TOO_SLOW = 400
const SLOW_FRAMES = 4
/** So many slow frames in the warm-up are enough to tell; one is, when it is ten times as slow. */
const SLOW_SIGNS = 3
const FAR_TOO_SLOW = 10 * TOO_SLOW
/** The least that can be judged: quality needs two moments. */
const LEAST_FRAMES = 2
/** Every so many rounds, and at the end, the poses are judged. */
const ROUNDS_PER_LOOK = 3
/** A scene about sleeping is stepped until all sleep, but not for longer than this: steps, and ms. */
const MOST_STEPS_TO_SLEEP = 600
const MOST_TIME_TO_SLEEP = 30_000

/** How long a scene is measured. */
export interface Lengths {
  frames: number
  /** Untimed steps after the first one. */
  warmUp: number
}

/** One engine in the run. `step`, `read` and `rays` are milliseconds, one sample a frame. */
export interface Contestant {
  peer: Peer
  scene: SceneData
  /** Why it does not take part. */
  absent?: string
  world?: PeerWorld
  out: Float32Array
  loadMs: number
  firstStepMs: number
  /** Frames that it may measure: less than asked for when it is slow. */
  frames: number
  step: number[]
  read: number[]
  rays: number[]
  distances: Float32Array
  before: Poses
  now: Poses
  judge: Judge
  notes: string[]
}

/** Loads the scene and makes the first step. What cannot be loaded is absent and says why. */
export async function enter(peer: Peer, scene: SceneData, frames: number, options: PeerOptions): Promise<Contestant> {
  const bodies = bodiesOf(scene)
  const contestant: Contestant = {
    peer,
    scene,
    out: new Float32Array(0),
    loadMs: 0,
    firstStepMs: 0,
    frames,
    step: [],
    read: [],
    rays: [],
    distances: new Float32Array(scene.rays?.count ?? 0),
    before: createPoses(bodies),
    now: createPoses(bodies),
    judge: createJudge(scene),
    notes: [],
  }
  await attempt(contestant, async () => {
    const loadStart = performance.now()
    const world = await peer.load(scene, options)
    contestant.world = world
    const stepStart = performance.now()
    world.step(DT)
    contestant.firstStepMs = performance.now() - stepStart
    contestant.loadMs = stepStart - loadStart
    contestant.out = new Float32Array(bodies * world.transformStride)
    if (world.notes) contestant.notes.push(world.notes)
  })
  return contestant
}

/** An engine that fails in the middle of a run tells so in its row; the others go on. */
async function attempt(contestant: Contestant, action: () => Promise<void> | void): Promise<void> {
  try {
    await action()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    contestant.absent = error instanceof Unable ? text : `failed: ${text}`
    contestant.frames = 0
  }
}

/** Steps untimed: code gets warm, contacts form; in a scene about sleeping until everything sleeps. */
export async function warmUp(contestants: readonly Contestant[], steps: number, progress: Progress): Promise<void> {
  for (const contestant of contestants) {
    await attempt(contestant, () => {
      if (contestant.scene.sleeping) fallAsleep(contestant)
      let slow = 0
      for (let step = 0; step < steps && slow < SLOW_SIGNS && contestant.world; step++) {
        const took = frame(contestant)
        if (took > TOO_SLOW) slow++
        if (took > FAR_TOO_SLOW) {
          contestant.frames = Math.min(contestant.frames, LEAST_FRAMES)
          return
        }
      }
      if (slow === SLOW_SIGNS) contestant.frames = Math.min(contestant.frames, SLOW_FRAMES)
    })
    progress.advance(steps)
  }
}

function fallAsleep({ world, scene, notes }: Contestant): void {
  if (!world?.asleep) return
  const dynamic = dynamicBodies(scene)
  const start = performance.now()
  for (let step = 1; step <= MOST_STEPS_TO_SLEEP; step++) {
    world.step(DT)
    if (step % ROUND === 0 && world.asleep() >= dynamic) {
      notes.push(`asleep after ${step} steps`)
      return
    }
    if (performance.now() - start > MOST_TIME_TO_SLEEP) break
  }
  notes.push(`${dynamic - world.asleep()} still awake when measured`)
}

function dynamicBodies(scene: SceneData): number {
  let dynamic = 0
  for (let body = 0; body < bodiesOf(scene); body++) dynamic += bodyAt(scene, body).kind === 1 ? 1 : 0
  return dynamic
}

/** One frame without a clock on its parts. @returns how long it took, ms */
function frame({ world, out, scene, distances }: Contestant): number {
  const start = performance.now()
  world?.step(DT)
  world?.readTransforms(out)
  if (scene.rays) world?.castRays?.(scene.rays, distances)
  return performance.now() - start
}

/** The order turns by one each round: nobody always runs after the same neighbour. */
export async function measureRounds(
  contestants: readonly Contestant[],
  frames: number,
  progress: Progress,
): Promise<void> {
  for (let first = 0, round = 0; first < frames; first += ROUND, round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const contestant = contestants[(round + turn) % contestants.length]
      const last = Math.min(first + ROUND, contestant.frames)
      await attempt(contestant, () => {
        for (let at = first; at < last; at++) measureFrame(contestant, last - at)
        if (last > first && (round % ROUNDS_PER_LOOK === 0 || last === contestant.frames)) look(contestant)
      })
      progress.advance(Math.min(ROUND, frames - first))
    }
  }
}

/** @param left frames of this round, this one included: the poses of the last two are kept for the judge */
function measureFrame({ world, out, scene, distances, before, now, step, read, rays }: Contestant, left: number): void {
  if (!world) return
  const start = performance.now()
  world.step(DT)
  const stepped = performance.now()
  const records = world.readTransforms(out)
  const done = performance.now()
  step.push(stepped - start)
  read.push(done - stepped)
  if (scene.rays && world.castRays) {
    world.castRays(scene.rays, distances)
    rays.push(performance.now() - done)
  }
  if (left <= 2) copyPoses(world, records, left === 2 ? before : now)
}

function look({ judge, before, now, step }: Contestant): void {
  if (step.length > 1) observe(judge, before, now, DT)
}

/** The row of an engine: times, and the quality of what it computed. */
export function rowOf(contestant: Contestant, frames: number): Row {
  const { peer, scene, world, step, read, rays, loadMs, firstStepMs, notes, absent } = contestant
  const row: Row = {
    bench: 'peers',
    scene: scene.name,
    engine: peer.name,
    version: peer.packageName ? installedVersion(peer.packageName) : undefined,
    tier: world?.tier ?? '',
    threads: world?.threads ?? 0,
    bodies: world?.bodies ?? bodiesOf(scene),
    particles: 0,
    frames: step.length,
  }
  if (absent !== undefined || step.length === 0) return { ...row, absent: absent ?? 'made no frame' }
  if (step.length < frames) notes.push(`over ${TOO_SLOW} ms a frame: ${step.length} frames only`)
  const main = scene.rays ? rays : step
  return {
    ...row,
    ms: distribution(Float64Array.from(main)),
    readMs: distribution(Float64Array.from(read)),
    readP50: distribution(Float64Array.from(read)).p50,
    ...(scene.rays ? { stepP50: distribution(Float64Array.from(step)).p50, ...hitsOf(contestant) } : {}),
    loadMs,
    firstStepMs,
    overBudget: countAbove(Float64Array.from(main), PHYSICS_BUDGET),
    asleep: scene.sleeping ? world?.asleep?.() : undefined,
    quality: contestant.judge.quality,
    notes: notes.length > 0 ? notes.join('; ') : undefined,
  }
}

function hitsOf({ distances }: Contestant): { hits: number; meanDistance: number } {
  const near = distances.filter(Number.isFinite)
  return {
    hits: near.length,
    meanDistance: near.reduce((sum, distance) => sum + distance, 0) / Math.max(1, near.length),
  }
}
