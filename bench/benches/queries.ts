/** Rays in bulk: 10,000 against the field of 25,000 spheres, with the index built anew and with the one that is there. */
import { castRays, dispose, type Physics, refreshQueries, step } from 'manybody'
import { fieldEdge, fieldScene } from '../../examples/scenes/field.ts'
import { between, createRandom, randomDirection } from '../../examples/scenes/random.ts'
import { type Bench, DEFAULT_THREADS, DT } from '../harness/bench.ts'
import type { BenchOptions } from '../harness/options.ts'
import { startProgress } from '../harness/progress.ts'
import { countAbove, distribution } from '../harness/quantile.ts'
import { PHYSICS_BUDGET, type Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'

const RAYS = 10_000
/** m: across the whole field. */
const REACH = 1000
const ROUNDS = 200
const WARM_UP = 50

interface Rays {
  origins: Float32Array
  directions: Float32Array
  maxDistance: number
}

/** Rays from random places of a cube into random directions. */
function randomRays(half: number, seed: number): Rays {
  const random = createRandom(seed)
  const [origins, directions] = [new Float32Array(3 * RAYS), new Float32Array(3 * RAYS)]
  for (let i = 0; i < RAYS; i++) {
    for (let axis = 0; axis < 3; axis++) origins[3 * i + axis] = between(random, -half, half)
    directions.set(randomDirection(random, [0, 0, 0]), 3 * i)
  }
  return { origins, directions, maxDistance: REACH }
}

/** Milliseconds of rays after a step (the index is built) and again (it is there). */
function measure(
  physics: Physics,
  rays: Rays,
  rounds: number,
): { first: Float64Array; again: Float64Array; hits: number } {
  const out = { entities: new Uint32Array(RAYS), distances: new Float32Array(RAYS) }
  const [first, again] = [new Float64Array(rounds), new Float64Array(rounds)]
  let hits = 0
  for (let round = -WARM_UP; round < rounds; round++) {
    step(physics, DT)
    refreshQueries(physics)
    const start = performance.now()
    castRays(physics, rays, out)
    const between = performance.now()
    hits = castRays(physics, rays, out)
    const end = performance.now()
    if (round < 0) continue
    first[round] = between - start
    again[round] = end - between
  }
  return { first, again, hits }
}

/** 10,000 rays against 25,000 bodies: goal, 2 ms on two threads. */
export const queries: Bench = {
  name: 'queries',
  about: '10,000 rays against 25,000 spheres, with and without building the index; buildMs is the difference',
  columns: ['hits', 'buildMs'],
  async run(options: BenchOptions) {
    const scene = fieldScene(undefined, options.seed)
    const rays = randomRays(fieldEdge(scene.spheres.radius, scene.spheres.count) / 2, 2)
    const rounds = options.frames ?? ROUNDS
    const rows: Row[] = []
    const progress = startProgress('queries', 2)
    try {
      for (const threads of [1, options.threads ?? DEFAULT_THREADS]) {
        const { physics } = await createSceneWorld(scene, { threads, tier: options.tier ?? 'auto' })
        const { first, again, hits } = measure(physics, rays, rounds)
        const { tier } = physics.backend
        const shared = {
          bench: 'queries',
          engine: 'manybody',
          tier,
          threads,
          bodies: scene.spheres.count,
          particles: 0,
          hits,
        }
        const [built, kept] = [distribution(first), distribution(again)]
        rows.push({
          ...shared,
          scene: 'first rays after a step',
          frames: rounds,
          ms: built,
          overBudget: countAbove(first, PHYSICS_BUDGET),
          buildMs: Math.max(0, built.p50 - kept.p50),
        })
        rows.push({
          ...shared,
          scene: 'rays again',
          frames: rounds,
          ms: kept,
          overBudget: countAbove(again, PHYSICS_BUDGET),
        })
        dispose(physics)
        progress.advance()
      }
      return rows
    } finally {
      progress.stop()
    }
  },
}
