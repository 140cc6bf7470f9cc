import {
  type AdvanceResult,
  addBody,
  advance,
  createPhysics,
  type Physics,
  type PhysicsOptions,
  type Shape,
} from 'manybody'

/** Bricks along the pyramid's edge, at the bottom. */
const ROWS = 12
const HALF = 0.5
export const CRATE: Shape = { type: 'box', halfExtents: [HALF, HALF, HALF] }
export const BALL: Shape = { type: 'sphere', radius: 1.4 }
/** When the ball comes, s. */
const THROW_AT = 3

/** A world with a pyramid, and the ball that will hit it. */
export interface Pyramid {
  physics: Physics
  crates: number[]
  ball: number
  time: number
}

/** A pyramid of crates, layer on layer, each crate over the middle of four. */
export async function createPyramid(options: PhysicsOptions = {}): Promise<Pyramid> {
  const physics = await createPhysics({
    capacity: { bodies: 2000, contacts: 8000 },
    instanceGroups: { crate: 1000, ball: 50 },
    ...options,
  })
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, friction: 0.6 })
  const crates: number[] = []
  for (let layer = 0; layer < ROWS; layer++) {
    const count = ROWS - layer
    for (let i = 0; i < count * count; i++) {
      const x = (i % count) - (count - 1) / 2
      const z = Math.floor(i / count) - (count - 1) / 2
      crates.push(
        addBody(physics, {
          shape: CRATE,
          position: [2 * HALF * x, HALF + 2 * HALF * layer, 2 * HALF * z],
          density: 150,
          friction: 0.6,
          instanceGroup: 'crate',
          tint: (layer % 4) + 0.99 * ((i * 0.618) % 1),
        }),
      )
    }
  }
  return { physics, crates, ball: 0, time: 0 }
}

/** Steps the world; after some seconds the ball flies in. */
export function updatePyramid(pyramid: Pyramid, seconds: number): AdvanceResult {
  const done = advance(pyramid.physics, seconds)
  pyramid.time += done.steps / 60
  if (pyramid.ball === 0 && pyramid.time > THROW_AT) {
    pyramid.ball = addBody(pyramid.physics, {
      shape: BALL,
      position: [-30, 2, 6],
      linearVelocity: [34, 5.5, -6.8],
      density: 900,
      rollingResistance: 0.05,
      instanceGroup: 'ball',
    })
  }
  return done
}
