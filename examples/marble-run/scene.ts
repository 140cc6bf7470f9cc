import {
  type AdvanceResult,
  addBody,
  advance,
  createPhysics,
  type Physics,
  type PhysicsOptions,
  type Shape,
  sensorBegins,
  teleport,
} from 'manybody'
import { createTrack, trackPoint } from './track.ts'

export const TRACK = createTrack()
const MARBLES = 120
export const RADIUS = 0.17
/** s between two marbles. */
const EVERY = 0.2
/** Down the trough, m/s. */
const PUSH = [-0.8, 0, 0.8]
const SENSOR: Shape = { type: 'box', halfExtents: [1.6, 0.5, 1.6] }

/** A run, the marbles that are under way, and how often one has come down. */
export interface MarbleRun {
  physics: Physics
  marbles: number[]
  gate: number
  arrived: number
  time: number
}

/** The run, and a sensor under its end. */
export async function createMarbleRun(options: PhysicsOptions = {}): Promise<MarbleRun> {
  const physics = await createPhysics({
    capacity: { bodies: 500, contacts: 4000 },
    instanceGroups: { track: 1, marble: 150, ball: 50 },
    ...options,
  })
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 } })
  addBody(physics, { type: 'static', shape: TRACK, friction: 0.3, instanceGroup: 'track' })
  const [x, , z] = trackPoint(1)
  const length = Math.hypot(x, z)
  // Along the trough's end, where marbles fly out.
  const position = [x - (1.8 * z) / length, 0.5, z + (1.8 * x) / length]
  const gate = addBody(physics, { type: 'static', shape: SENSOR, sensor: true, position })
  return { physics, marbles: [], gate, arrived: 0, time: 0 }
}

/** Steps the world. Marbles come one after the other; each that reaches the sensor begins anew at the top. */
export function updateMarbleRun(run: MarbleRun, seconds: number): AdvanceResult {
  const { physics, marbles } = run
  const done = advance(physics, seconds)
  run.time += done.steps / 60
  const { count, other } = sensorBegins(physics)
  for (let i = 0; done.steps > 0 && i < count; i++) {
    const marble = other[i]!
    if (!marbles.includes(marble)) continue
    run.arrived++
    teleport(physics, marble, { position: start(run.arrived), linearVelocity: PUSH, angularVelocity: [0, 0, 0] })
  }
  if (marbles.length < MARBLES && marbles.length * EVERY < run.time) {
    const position = start(marbles.length)
    const shape = { type: 'sphere', radius: RADIUS } as const
    const look = { instanceGroup: 'marble', tint: marbles.length % 6 }
    marbles.push(
      addBody(physics, {
        shape,
        position,
        linearVelocity: PUSH,
        density: 2500,
        restitution: 0.3,
        friction: 0.3,
        ...look,
      }),
    )
  }
  return done
}

/** Over the upper end, a little aside each time. */
function start(number: number): [number, number, number] {
  const [x, y, z] = trackPoint(0.03)
  return [x + 0.12 * Math.sin(2.4 * number), y + 0.4, z]
}
