/** What a frame allocates in JavaScript, and whether the kernel's memory grows, over 2,000 frames in steady state. */
import { contactHits, frameStats, packInstances, step } from 'manybody'
import { disposeGalaxy, type Galaxy, updateGalaxy } from '../../examples/galactic-wars/sim/index.ts'
import { createBattle, warmUpBattle } from '../harness/battle.ts'
import { type Bench, DEFAULT_THREADS, DT, warmUpFor } from '../harness/bench.ts'
import { allocatedPerCall, liveHeap, topAllocators } from '../harness/heap.ts'
import { startProgress } from '../harness/progress.ts'
import type { Row } from '../harness/report.ts'

/** Long: optimising a function late also allocates. */
const WARM_UP = 600
const FRAMES = 2_000
const ROUNDS = 5
/** How many of the functions that allocate most are named. */
const ALLOCATORS = 8

/** All that the engine does in a frame: the step, its events and figures, the instances. */
function engineFrame({ physics }: Galaxy): void {
  step(physics, DT)
  contactHits(physics)
  frameStats(physics)
  packInstances(physics)
}

/**
 * Length of the memory under a view made at creation. Growth would detach the view (length 0) or leave it on an old buffer;
 * the kernel's memory is created with its maximum as its size, so it cannot grow.
 */
function kernelBytes({ physics }: Galaxy): number {
  return physics.components.Position.x.buffer.byteLength
}

function readClock(): void {
  performance.now()
}

function gameFrame(galaxy: Galaxy): void {
  updateGalaxy(galaxy, DT)
  frameStats(galaxy.physics)
  packInstances(galaxy.physics)
}

function printAllocators({ part, allocators }: Row): void {
  const text = (allocators as { where: string; bytes: number }[]).map(({ where, bytes }) => `${where} ${bytes} B`)
  console.log(`${part}, allocated a frame by: ${text.join(' · ') || 'nothing'}`)
}

export const memory: Bench = {
  name: 'memory',
  about: 'JavaScript heap allocated a frame by the engine and by the whole game; growth of the kernel memory',
  columns: ['part', 'bytesPerFrame', 'memoryBytes', 'memoryGrowth', 'heapGrowth'],
  async run({ threads = DEFAULT_THREADS, tier = 'auto' as const, frames = FRAMES, seed }) {
    const galaxy = await createBattle({ threads, tier, seed })
    const perRound = Math.max(1, Math.ceil(frames / ROUNDS))
    const progress = startProgress('memory', warmUpFor(WARM_UP, frames) + 3 * ROUNDS * perRound)
    /** Heap taken a frame, and growth of memory over the same frames. */
    const measure = (part: string, action: (galaxy: Galaxy) => void): Row => {
      for (let frame = 0; frame < warmUpFor(WARM_UP, frames); frame++) action(galaxy)
      const before = { kernel: kernelBytes(galaxy), heap: liveHeap() }
      const bytesPerFrame = allocatedPerCall(() => action(galaxy), ROUNDS, perRound)
      progress.advance(ROUNDS * perRound)
      const { bodies, particles } = frameStats(galaxy.physics)
      const memoryBytes = kernelBytes(galaxy)
      return {
        bench: 'memory',
        scene: 'galactic',
        engine: 'manybody',
        tier: galaxy.physics.backend.tier,
        threads: galaxy.physics.backend.threads,
        bodies,
        particles,
        frames: ROUNDS * perRound,
        part,
        bytesPerFrame,
        memoryBytes,
        memoryGrowth: memoryBytes - before.kernel,
        heapGrowth: liveHeap() - before.heap,
        allocators: topAllocators(() => action(galaxy), perRound, ALLOCATORS),
      }
    }
    try {
      warmUpBattle(galaxy, warmUpFor(WARM_UP, frames), progress)
      // The clock gives a boxed number: what one reading takes is the floor of anything that times itself.
      const rows = [measure('game', gameFrame), measure('engine', engineFrame), measure('one clock reading', readClock)]
      progress.stop()
      for (const row of rows) printAllocators(row)
      return rows
    } finally {
      progress.stop()
      disposeGalaxy(galaxy)
    }
  },
}
