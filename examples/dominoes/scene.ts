import {
  type AdvanceResult,
  addBody,
  advance,
  applyImpulse,
  createPhysics,
  type Physics,
  type PhysicsOptions,
  type Shape,
} from 'manybody'

/** Half sizes, m: a domino stands with its flat side along the run. */
const HALF = { thick: 0.09, tall: 0.55, wide: 0.27 }
export const DOMINO: Shape = { type: 'box', halfExtents: [HALF.thick, HALF.tall, HALF.wide] }
const ARMS = 3
const COUNT = 110
/** m along the run, from domino to domino. */
const SPACING = 0.5
/** The spiral's radius, m: at its beginning, and more with each radian. */
const START = 1.3
const GROWTH = 0.72
const PUSH_AT = 1.2

/** Spirals of dominoes, and the first of each. */
export interface Dominoes {
  physics: Physics
  dominoes: number[]
  first: number[]
  time: number
}

/** Three spirals that wind out of one middle. */
export async function createDominoes(options: PhysicsOptions = {}): Promise<Dominoes> {
  const physics = await createPhysics({
    capacity: { bodies: 1000, contacts: 8000 },
    instanceGroups: { domino: 500, ball: 50 },
    ...options,
  })
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, friction: 0.7 })
  const dominoes: number[] = []
  const first: number[] = []
  for (let arm = 0; arm < ARMS; arm++) {
    let turn = 0
    for (let i = 0; i < COUNT; i++) {
      const radius = START + GROWTH * turn
      const place = turn + (2 * Math.PI * arm) / ARMS
      // The spiral's direction: mostly around, a little outwards.
      const heading = place + Math.PI / 2 - Math.atan(GROWTH / radius)
      const domino = addBody(physics, {
        shape: DOMINO,
        position: [radius * Math.cos(place), HALF.tall, radius * Math.sin(place)],
        rotation: [0, Math.sin(-heading / 2), 0, Math.cos(-heading / 2)],
        density: 600,
        friction: 0.3,
        instanceGroup: 'domino',
        tint: 5 * arm + Math.floor((5 * i) / COUNT),
      })
      dominoes.push(domino)
      if (i === 0) first.push(domino)
      turn += SPACING / Math.hypot(radius, GROWTH)
    }
  }
  return { physics, dominoes, first, time: 0 }
}

/** Steps the world; after a moment the first domino of each arm is pushed. */
export function updateDominoes(run: Dominoes, seconds: number): AdvanceResult {
  const done = advance(run.physics, seconds)
  const before = run.time
  run.time += done.steps / 60
  if (before < PUSH_AT && run.time >= PUSH_AT) for (const domino of run.first) push(run.physics, domino)
  return done
}

/** Pushes a domino at its top, along the run. */
function push(physics: Physics, domino: number): void {
  const { Position, Rotation, Mass } = physics.components
  const heading = -2 * Math.atan2(Rotation.y[domino]!, Rotation.w[domino]!)
  const impulse = 0.8 * Mass.value[domino]!
  const top = [Position.x[domino]!, 2 * HALF.tall, Position.z[domino]!]
  applyImpulse(physics, domino, [impulse * Math.cos(heading), 0, impulse * Math.sin(heading)], top)
}
