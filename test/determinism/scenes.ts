/**
 * Worlds that between them use every stage: a pile, charged bodies that attract, a battle with bullets and particles, and those of
 * `rigid-scenes`.
 */
import {
  addBody,
  addEmitter,
  createPhysics,
  dispose,
  emitBurst,
  type Physics,
  type PhysicsOptions,
  type Precision,
  stateHash,
  step,
} from 'manybody'
import { fieldScene } from '../../examples/scenes/field.ts'
import { uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { between, createRandom } from '../../examples/scenes/random.ts'
import { capacityOf, KINEMATIC, loadScene, type SceneData, STATIC } from '../../examples/scenes/scene.ts'
import { prepareRigid, RIGID_SCENES, type RigidScene } from './rigid-scenes.ts'

export const STEPS = 600
/** Steps between two hashes on the way. */
const MARK = 100
const DT = 1 / 60

/** `full` is large enough that all threads work; `small` is for the tier that runs as plain JavaScript. */
export type Size = 'full' | 'small'
export const SCENES = ['pile', 'nbody', 'battle', ...RIGID_SCENES] as const
export type SceneName = (typeof SCENES)[number]

const COUNTS: Record<SceneName, Record<Size, number>> = {
  pile: { full: 1700, small: 150 },
  nbody: { full: 500, small: 60 },
  battle: { full: 2000, small: 250 },
  boxes: { full: 400, small: 27 },
  ragdolls: { full: 300, small: 24 },
  mixed: { full: 160, small: 25 },
}

/** What golden.json calls a scene. */
export function goldenName(scene: SceneName, size: Size, precision: Precision = 'single'): string {
  return precision === 'single' ? `${scene}-${size}` : `${scene}-${size}-${precision}`
}

/** Runs a scene for 600 steps and gives the hash of its state at the end, and on the way there. */
export async function hashAfter(
  name: SceneName,
  size: Size,
  options: PhysicsOptions,
): Promise<{ hash: string; marks: string[]; tier: string; threads: number }> {
  const { createdBy, play } = prepare(name, COUNTS[name][size])
  const physics = await createPhysics({ ...createdBy, ...options })
  const act = play(physics)
  const marks: string[] = []
  for (let i = 0; i < STEPS; i++) {
    act(i)
    step(physics, DT)
    if (i % MARK === MARK - 1) marks.push(stateHash(physics))
  }
  const { tier, threads } = physics.backend
  const result = { hash: stateHash(physics), marks, tier, threads }
  dispose(physics)
  return result
}

interface Prepared {
  createdBy: PhysicsOptions
  /** Fills the world; gives what the game does before each step. */
  play(physics: Physics): (index: number) => void
}

export function prepare(name: SceneName, count: number): Prepared {
  if (name === 'battle') return prepareBattle(count)
  if (isRigid(name)) return prepareRigid(name, count)
  const scene = name === 'pile' ? spherePileScene(count, 7) : uniformBoxScene(count, 7)
  return {
    createdBy: optionsOf(scene),
    play(physics) {
      loadScene(physics, scene)
      return () => {}
    },
  }
}

const isRigid = (name: SceneName): name is RigidScene => (RIGID_SCENES as readonly string[]).includes(name)

const optionsOf = ({ gravity, longRange, ...scene }: SceneData): PhysicsOptions => ({
  gravity,
  longRange,
  capacity: { ...capacityOf({ gravity, longRange, ...scene }), particles: 3072, emitters: 8 },
})

/** A field of rocks about two planets, shot at all the time, with engines and explosions. */
function prepareBattle(count: number): Prepared {
  const scene: SceneData = { ...fieldScene(count, 7), gravity: [0, -0.1, 0], longRange: { gravity: 50, softening: 2 } }
  const { spheres } = scene
  const random = createRandom(11)
  for (let i = 0; i < spheres.count; i++) {
    if (i < 2) {
      spheres.attracts[i] = 1
      spheres.radius[i] = 8
      spheres.mass[i] = 400
      spheres.kind[i] = i ? KINEMATIC : STATIC
    } else if (i % 4 === 0) {
      spheres.bullet[i] = 1
      spheres.radius[i] = 0.1
      spheres.mass[i] = 0.01
      spheres.vx[i] = between(random, -150, 150)
      spheres.vy[i] = between(random, -150, 150)
    }
  }
  return { createdBy: optionsOf(scene), play: (physics) => startBattle(physics, loadScene(physics, scene)) }
}

function startBattle(physics: Physics, eids: Uint32Array): (index: number) => void {
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: -60 }, restitution: 0.5 })
  const colour = [1, 0.5, 0.2] as const
  const emission = { position: [0, 0, -1], size: [0.1, 0.4], life: [0.5, 1.5], color: colour } as const
  const jet = { ...emission, direction: [0, 0, -1], spread: 0.2, speed: [5, 9], drag: 0.5 } as const
  addEmitter(physics, { ...jet, rate: 333, entity: eids[3] })
  addEmitter(physics, { ...jet, rate: 77, gravityScale: 3, radius: 2 })
  const { Position, LinearVelocity } = physics.components
  return (index) => {
    const target = eids[(index * 37) % eids.length]
    if (index % 10 === 0) {
      emitBurst(physics, {
        ...emission,
        count: 50,
        speed: [1, 20],
        position: [Position.x[target], Position.y[target], 0],
      })
    }
    LinearVelocity.z[target] += 0.5
  }
}
