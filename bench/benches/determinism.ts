/** One scene, one hash: after the same steps every tier and every number of threads must be in the same state, bit by bit. */
import { dispose, frameStats, type Physics, stateHash, step } from 'manybody'
import { type Galaxy, updateGalaxy } from '../../examples/galactic-wars/sim/index.ts'
import { fieldScene } from '../../examples/scenes/field.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { createBattle, REDUCED } from '../harness/battle.ts'
import { type Bench, DT } from '../harness/bench.ts'
import { TIERS, type Tier } from '../harness/options.ts'
import { type Progress, startProgress } from '../harness/progress.ts'
import type { Row } from '../harness/report.ts'
import { createSceneWorld } from '../harness/world.ts'

const STEPS = 600
const THREADS = [1, 2, 3, 4, 8]
const FIELD_BODIES = 3_000
/** Enough for the engine to share the work out: small worlds are stepped by the caller alone. */
const PILE_BODIES = 2_000

interface Configuration {
  tier: Tier
  threads: number
}

/** Threads exist on the `threads` tier only. */
const CONFIGURATIONS: readonly Configuration[] = TIERS.flatMap((tier) =>
  (tier === 'threads' ? THREADS : [1]).map((threads) => ({ tier, threads })),
)

/** A scene that can be stepped under any configuration. */
interface Subject {
  name: string
  start(configuration: Configuration): Promise<{ physics: Physics; advance(): void }>
}

const plainScene = (scene: SceneData): Subject => ({
  name: scene.name,
  async start(configuration) {
    const { physics } = await createSceneWorld(scene, configuration)
    return { physics, advance: () => step(physics, DT) }
  },
})

const battle = (seed: number): Subject => ({
  name: 'galactic-reduced',
  async start(configuration) {
    const galaxy: Galaxy = await createBattle({ ...REDUCED, ...configuration, seed })
    return { physics: galaxy.physics, advance: () => updateGalaxy(galaxy, DT) }
  },
})

async function hashRow(
  subject: Subject,
  configuration: Configuration,
  steps: number,
  progress: Progress,
): Promise<Row> {
  const { physics, advance } = await subject.start(configuration)
  try {
    for (let done = 0; done < steps; done++) {
      advance()
      progress.advance()
    }
    const { bodies, particles } = frameStats(physics)
    const { tier, threads } = physics.backend
    return {
      bench: 'determinism',
      scene: subject.name,
      engine: 'manybody',
      tier,
      threads,
      bodies,
      particles,
      frames: steps,
      hash: stateHash(physics),
      requested: `${configuration.tier} × ${configuration.threads}`,
      reasons: physics.backend.reasons.join(' '),
    }
  } finally {
    dispose(physics)
  }
}

export const determinism: Bench = {
  name: 'determinism',
  about: `state hash after ${STEPS} steps: threads ${THREADS.join(', ')} and every tier`,
  columns: ['requested'],
  verdict(rows) {
    const different = [...new Set(rows.map(({ scene }) => scene))].filter(
      (scene) => new Set(rows.filter((row) => row.scene === scene).map(({ hash }) => hash)).size > 1,
    )
    const fallen = rows.filter((row) => row.requested !== `${row.tier} × ${row.threads}`)
    const faults = [
      ...different.map((scene) => `the hashes of ${scene} differ`),
      ...fallen.map(({ requested, tier, threads, reasons }) => `${requested} ran as ${tier} × ${threads}: ${reasons}`),
    ]
    return faults.length > 0 ? [...new Set(faults)].join('; ') : undefined
  },
  async run({ frames = STEPS, seed }) {
    const subjects = [
      battle(seed),
      plainScene(fieldScene(FIELD_BODIES, seed)),
      plainScene(spherePileScene(PILE_BODIES)),
    ]
    const progress = startProgress('determinism', subjects.length * CONFIGURATIONS.length * frames)
    try {
      const rows: Row[] = []
      for (const subject of subjects) {
        for (const configuration of CONFIGURATIONS) rows.push(await hashRow(subject, configuration, frames, progress))
      }
      return rows
    } finally {
      progress.stop()
    }
  },
}
