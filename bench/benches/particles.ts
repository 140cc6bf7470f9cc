/** Particles: 50,000 from emitters and from systems, flying through 25,000 bodies, swirling; and 500 systems of 10,000 each. */
import {
  addEmitter,
  addParticleSystem,
  createPhysics,
  dispose,
  type Physics,
  packInstances,
  particleCount,
} from 'manybody'
import { fieldEdge, fieldScene } from '../../examples/scenes/field.ts'
import { capacityOf } from '../../examples/scenes/scene.ts'
import { type Bench, DEFAULT_THREADS, warmUpFor } from '../harness/bench.ts'
import { measureSteps, timingRow } from '../harness/measure.ts'
import type { BenchOptions } from '../harness/options.ts'
import { type Progress, startProgress } from '../harness/progress.ts'
import { distribution } from '../harness/quantile.ts'
import type { Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'

const PARTICLES = 50_000
const EMITTERS = 50
/** Seconds; the mean times the rate is the number alive. */
const LIFE: [number, number] = [1, 3]
const MEAN_LIFE = 2
/** Longer than the longest life, so that births and deaths balance. */
const WARM_UP = 240
const FRAMES = 600
/** With room for the spread of lives about their mean. */
const CAPACITY = 55_000
const PACKS = 60

const MOTION = {
  speed: [5, 15],
  life: LIFE,
  size: [0.1, 0.4],
  color: [1, 0.6, 0.2],
  drag: 0.3,
  gravityScale: 1,
} as const

/** One thing that is measured: what the particles do, and the goal for the stage, ms. */
interface Case {
  scene: string
  goal: number
  threads: readonly number[]
  frames: number
  create(options: BenchOptions, threads: number): Promise<Physics>
}

function emptyWorld(options: BenchOptions, threads: number, particles: number, systems: number): Promise<Physics> {
  return createPhysics({
    gravity: [0, -9.81, 0],
    capacity: { entities: 64, bodies: 1, contacts: 1, particles, emitters: EMITTERS, hits: 1, systems },
    threads,
    tier: options.tier ?? 'auto',
  })
}

const place = (index: number): [number, number, number] => [10 * (index % 10), 0, 10 * Math.floor(index / 10)]

async function emitters(options: BenchOptions, threads: number): Promise<Physics> {
  const physics = await emptyWorld(options, threads, CAPACITY, 0)
  const rate = PARTICLES / EMITTERS / MEAN_LIFE
  for (let index = 0; index < EMITTERS; index++) {
    addEmitter(physics, { ...MOTION, position: place(index), direction: [0, 1, 0], spread: 0.6, rate })
  }
  return physics
}

/** `count` systems that keep `each` particles alive; a slight lack of them leaves room for what comes in one step. */
function systems(count: number, each: number, more: object = {}) {
  return async (options: BenchOptions, threads: number): Promise<Physics> => {
    const physics = await emptyWorld(options, threads, Math.ceil(1.02 * count * each), count)
    for (let index = 0; index < count; index++) {
      const rate = (1.005 * each) / MEAN_LIFE
      addParticleSystem(physics, {
        ...MOTION,
        position: place(index),
        direction: [0, 1, 0],
        spread: 0.6,
        rate,
        ...more,
      })
    }
    return physics
  }
}

/** Systems spread over the field of 25,000 moving spheres, which their particles bounce off. */
async function colliding(options: BenchOptions, threads: number): Promise<Physics> {
  const scene = fieldScene(undefined, options.seed)
  const half = fieldEdge(scene.spheres.radius, scene.spheres.count) / 2
  const capacity = { ...capacityOf(scene), particles: CAPACITY, systems: EMITTERS }
  const { physics } = await createSceneWorld(scene, { threads, tier: options.tier ?? 'auto', capacity })
  const along = (step: number, index: number): number => half * (((step * index) % EMITTERS) / (EMITTERS / 2) - 1)
  for (let index = 0; index < EMITTERS; index++) {
    addParticleSystem(physics, {
      ...MOTION,
      position: [along(1, index), along(17, index), along(37, index)],
      shape: { type: 'sphere', radius: 20 },
      rate: (1.005 * PARTICLES) / EMITTERS / MEAN_LIFE,
      collision: { restitution: 0.5, friction: 0.2 },
    })
  }
  return physics
}

const BOTH = [1, DEFAULT_THREADS]
const SWIRL = { turbulence: { strength: 20, scale: 5, change: 1 } }
const CASES: readonly Case[] = [
  { scene: '50,000 of emitters', goal: 0.3, threads: BOTH, frames: FRAMES, create: emitters },
  { scene: '50,000 of systems', goal: 0.3, threads: BOTH, frames: FRAMES, create: systems(EMITTERS, 1000) },
  { scene: '50,000 in turbulence', goal: 0, threads: BOTH, frames: FRAMES, create: systems(EMITTERS, 1000, SWIRL) },
  { scene: '50,000 against 25,000 bodies', goal: 1.5, threads: BOTH, frames: FRAMES, create: colliding },
  { scene: '500 systems of 10,000', goal: 40, threads: BOTH, frames: 120, create: systems(500, 10_000) },
]
/** Sizes of a run that only asks whether it works. */
const QUICK: readonly Case[] = [
  ...CASES.slice(0, 3),
  { scene: '50 systems of 1,000', goal: 0, threads: [1], frames: FRAMES, create: systems(50, 1000) },
]

async function measure(one: Case, options: BenchOptions, threads: number, progress: Progress): Promise<Row> {
  const physics = await one.create(options, threads)
  try {
    const frames = options.frames ?? one.frames
    const samples = measureSteps(physics, { frames, warmUp: warmUpFor(WARM_UP, frames), progress })
    const packs = new Float64Array(Math.min(PACKS, frames))
    for (let i = 0; i < packs.length; i++) {
      const start = performance.now()
      packInstances(physics)
      packs[i] = performance.now() - start
    }
    const { particles } = samples.stages
    const stageMs = distribution(particles).p50
    const met = one.goal === 0 ? undefined : stageMs <= one.goal
    const row = timingRow('particles', one.scene, physics, samples)
    return { ...row, particles: particleCount(physics), stageMs, goal: one.goal, met, packMs: distribution(packs).p50 }
  } finally {
    dispose(physics)
  }
}

export const particles: Bench = {
  name: 'particles',
  about:
    'particles alive by birth and death; stageMs: median of the stage `particles`, packMs: of packing the instances',
  columns: ['stageMs', 'goal', 'met', 'packMs'],
  published: true,
  async run(options) {
    const cases = (options.quick ? QUICK : CASES).filter(({ scene }) => !options.scene || scene.includes(options.scene))
    const runs = cases.flatMap((one) => (options.threads ? [options.threads] : one.threads).map((n) => ({ one, n })))
    const steps = ({ one }: { one: Case }): number => {
      const frames = options.frames ?? one.frames
      return frames + warmUpFor(WARM_UP, frames)
    }
    const progress = startProgress(
      'particles',
      runs.reduce((sum, run) => sum + steps(run), 0),
    )
    const rows: Row[] = []
    try {
      for (const { one, n } of runs) rows.push(await measure(one, options, n, progress))
      return rows
    } finally {
      progress.stop()
    }
  },
}
