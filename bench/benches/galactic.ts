/**
 * The whole space battle, headless: 500 ships, 25,000 asteroids, 15,000 projectiles, 50,000 particles, all alive.
 * With `--mutual` the asteroids attract one another and everything else.
 */
import { disposeGalaxy } from '../../examples/galactic-wars/sim/index.ts'
import { battleRow, createBattle, createBattleSamples, timedFrame, warmUpBattle } from '../harness/battle.ts'
import { type Bench, DEFAULT_THREADS, warmUpFor } from '../harness/bench.ts'
import { startProgress } from '../harness/progress.ts'

const WARM_UP = 600
const FRAMES = 3_600

export const galactic: Bench = {
  name: 'galactic',
  about: 'the whole space battle without its view: systems, physics, packing',
  columns: ['systemsP50', 'frameP50', 'overFrame'],
  async run({ threads = DEFAULT_THREADS, tier = 'auto' as const, frames = FRAMES, seed, mutual }) {
    const galaxy = await createBattle({ threads, tier, seed, mutual })
    const warmUp = warmUpFor(WARM_UP, frames)
    const progress = startProgress('galactic', frames + warmUp)
    try {
      warmUpBattle(galaxy, warmUp, progress)
      const samples = createBattleSamples(frames)
      for (let frame = 0; frame < frames; frame++) {
        timedFrame(galaxy, samples, frame)
        progress.advance()
      }
      const row = battleRow('galactic', galaxy, samples)
      const scene = mutual ? `${row.scene}-mutual` : row.scene
      return [{ ...row, scene, samples: { physics: [...samples.wall], frame: [...samples.frame] } }]
    } finally {
      progress.stop()
      disposeGalaxy(galaxy)
    }
  },
}
