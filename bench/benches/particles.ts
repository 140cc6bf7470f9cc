/** 50,000 particles kept alive by emitters, on one thread: life, drag, gravity, emission and refill of dead slots. */
import { addEmitter, createPhysics, dispose, type Physics, particleCount } from 'manybody'
import { type Bench, warmUpFor } from '../harness/bench.ts'
import { measureSteps, timingRow } from '../harness/measure.ts'
import { startProgress } from '../harness/progress.ts'

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

function addEmitters(physics: Physics): void {
  for (let index = 0; index < EMITTERS; index++) {
    addEmitter(physics, {
      position: [10 * (index % 10), 0, 10 * Math.floor(index / 10)],
      direction: [0, 1, 0],
      spread: 0.6,
      rate: PARTICLES / EMITTERS / MEAN_LIFE,
      speed: [5, 15],
      life: LIFE,
      size: [0.1, 0.4],
      color: [1, 0.6, 0.2],
      drag: 0.3,
      gravityScale: 1,
    })
  }
}

export const particles: Bench = {
  name: 'particles',
  about: '50,000 particles from 50 emitters, one thread',
  columns: ['particlesMs'],
  async run(options) {
    const physics = await createPhysics({
      gravity: [0, -9.81, 0],
      capacity: { entities: 64, bodies: 1, contacts: 1, particles: CAPACITY, emitters: EMITTERS, hits: 1 },
      threads: options.threads ?? 1,
      tier: options.tier ?? 'auto',
    })
    const frames = options.frames ?? FRAMES
    const warmUp = warmUpFor(WARM_UP, frames)
    const progress = startProgress('particles', frames + warmUp)
    try {
      addEmitters(physics)
      const samples = measureSteps(physics, { frames, warmUp, progress })
      const row = timingRow('particles', `emitters-${EMITTERS}`, physics, samples)
      return [{ ...row, particles: particleCount(physics), particlesMs: row.stages?.particles }]
    } finally {
      progress.stop()
      dispose(physics)
    }
  },
}
