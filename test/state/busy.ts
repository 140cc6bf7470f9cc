/** A small world that uses everything: piles that sleep and wake, joints, bullets, sensors, level geometry, particles, parents, births and deaths. */
import { createHash } from 'node:crypto'
import { addComponents, addEntity, removeEntity } from 'bitecs'
import {
  addBodies,
  addBody,
  addEmitter,
  addJoint,
  applyForce,
  contactBegins,
  contactEnds,
  contactHits,
  emitBurst,
  isJoint,
  type Physics,
  type PhysicsOptions,
  removeBody,
  removeEmitter,
  removeJoint,
  sensorBegins,
  sensorEnds,
  setParent,
  sleep,
  stateHash,
  step,
  teleport,
} from 'manybody'
import { makePhysics } from '../physics/harness.ts'
import { stone } from '../rigid/rigid.ts'

/** What the game knows of its world; cloned with a snapshot, as a game would keep it beside. */
export interface Game {
  steps: number
  seed: number
  loose: number[]
  joints: number[]
  emitters: number[]
  leaves: number[]
}

export const OPTIONS: PhysicsOptions = {
  gravity: [0, -9.81, 0],
  capacity: {
    entities: 2048,
    bodies: 1500,
    particles: 3000,
    contacts: 8192,
    manifolds: 4096,
    emitters: 16,
    hits: 256,
    shapes: 64,
    geometry: 20_000,
    joints: 256,
    events: 1024,
    nodes: 256,
  },
  instanceGroups: { all: 1500 },
}

export const busyWorld = (options: PhysicsOptions = {}): Promise<Physics> => makePhysics({ ...OPTIONS, ...options })

/** A number in [0, 1) from the game's own counter. */
function dice(game: Game): number {
  game.seed = (Math.imul(game.seed, 1_664_525) + 1_013_904_223) >>> 0
  return game.seed / 2 ** 32
}

const HULL = { type: 'hull', points: stone(7, 0.5) } as const
const DUMBBELL = {
  type: 'compound',
  children: [
    { shape: { type: 'sphere', radius: 0.3 }, position: [-0.5, 0, 0] },
    { shape: { type: 'box', halfExtents: [0.3, 0.3, 0.3] }, position: [0.5, 0, 0] },
    { shape: { type: 'capsule', radius: 0.1, halfHeight: 0.5 }, rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2] },
  ],
} as const
const HILLS = {
  type: 'heightField',
  rows: 9,
  columns: 9,
  spacing: 4,
  heights: Array.from({ length: 81 }, (_, i) => -3 + Math.sin(i) + 0.1 * (i % 9)),
} as const
const RAMP = {
  type: 'mesh',
  vertices: [-4, 0, -4, 4, 0, -4, 4, 2, 4, -4, 2, 4],
  indices: [0, 2, 1, 0, 3, 2],
} as const

const shapes = [
  (): object => ({ type: 'sphere', radius: 0.4 }),
  (): object => ({ type: 'box', halfExtents: [0.4, 0.3, 0.5] }),
  (): object => ({ type: 'capsule', radius: 0.25, halfHeight: 0.3 }),
  (): object => HULL,
  (): object => DUMBBELL,
]

/** Fills the world. `bodies`: how many loose ones. */
export function populate(physics: Physics, bodies = 120): Game {
  const game: Game = { steps: 0, seed: 7, loose: [], joints: [], emitters: [], leaves: [] }
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, type: 'static' })
  addBody(physics, { shape: HILLS, type: 'static', position: [30, 0, 0] })
  addBody(physics, { shape: RAMP, type: 'static', position: [-12, 0.2, 0] })
  addBody(physics, { shape: { type: 'sphere', radius: 3 }, type: 'static', sensor: true, position: [0, 2, 0] })
  // A stack that falls asleep at once.
  for (let k = 0; k < 8; k++) {
    addBody(physics, {
      shape: { type: 'box', halfExtents: [0.5, 0.5, 0.5] },
      position: [15, 0.5 + 1.001 * k, 0],
      mass: 1,
    })
  }
  for (let i = 0; i < bodies; i++)
    game.loose.push(addLoose(physics, game, [10 * dice(game) - 5, 1 + 8 * dice(game), 10 * dice(game) - 5]))
  let before = addBody(physics, { shape: { type: 'sphere', radius: 0.2 }, type: 'static', position: [0, 12, 8] })
  for (let k = 1; k < 8; k++) {
    const link = addBody(physics, {
      shape: { type: 'capsule', radius: 0.15, halfHeight: 0.3 },
      position: [0.8 * k, 12, 8],
      rotation: [0, 0, Math.SQRT1_2, Math.SQRT1_2],
      mass: 1,
    })
    game.joints.push(
      addJoint(physics, {
        type: 'ball',
        a: before,
        b: link,
        anchor: [0.8 * k - 0.4, 12, 8],
        breakForce: k === 5 ? 60 : 1e6,
      }),
    )
    before = link
  }
  const wheel = addBody(physics, {
    shape: { type: 'sphere', radius: 0.5 },
    type: 'kinematic',
    position: [0, 5, -8],
    angularVelocity: [0, 1, 0],
  })
  for (let k = 0; k < 12; k++) {
    const leaf = addEntity(physics.world)
    const { Position, Rotation, Scale } = physics.components
    addComponents(physics.world, leaf, Position, Rotation, Scale)
    Position.x[leaf] = k
    setParent(physics, leaf, k < 6 ? wheel : game.leaves[k - 6]!)
    game.leaves.push(leaf)
  }
  game.emitters.push(addEmitter(physics, { rate: 300, entity: wheel, ...sparks([0, 1, 0]) }))
  game.emitters.push(addEmitter(physics, { rate: 100, ...sparks([3, 1, 3]) }))
  return game
}

const sparks = (position: [number, number, number]) =>
  ({
    position,
    speed: [1, 4],
    life: [0.2, 1],
    size: [0.1, 0.2],
    color: [1, 0.5, 0.2],
    gravityScale: 1,
    drag: 0.3,
  }) as const

function addLoose(physics: Physics, game: Game, position: number[]): number {
  const k = Math.floor(dice(game) * 7)
  return addBody(physics, {
    shape: shapes[k % 5]!() as never,
    position: position as never,
    linearVelocity: [2 * dice(game) - 1, 0, 2 * dice(game) - 1],
    mass: 0.5 + dice(game),
    restitution: 0.2,
    instanceGroup: 'all',
    rollingResistance: k === 6 ? 0.01 : 0,
  })
}

/** One step of the game: a few births, deaths, shots and pushes, then the physics. */
export function play(physics: Physics, game: Game): void {
  const k = game.steps++
  if (k % 3 === 0) {
    const y = 1 + 3 * dice(game)
    const [bullet] = addBodies(physics, [
      {
        shape: { type: 'sphere', radius: 0.05 },
        bullet: true,
        mass: 0.02,
        position: [-20, y, 6 * dice(game) - 3],
        linearVelocity: [200, 0, 0],
      },
    ])
    game.loose.push(bullet!)
  }
  if (k % 4 === 1) removeBody(physics, game.loose.splice(Math.floor(dice(game) * game.loose.length), 1)[0]!)
  if (k % 5 === 2) game.loose.push(addLoose(physics, game, [0, 10, 0]))
  if (k % 7 === 3) applyForce(physics, game.loose[k % game.loose.length]!, [0, 50, 0])
  if (k % 16 === 5) emitBurst(physics, { count: 40, ...sparks([0, 2, 0]) })
  if (k % 11 === 6) sleep(physics, game.loose.find((eid) => physics.components.RigidBody.flags[eid]! & 2)!)
  if (k % 23 === 9) teleport(physics, game.loose[3]!, { position: [0, 6, 0] })
  game.joints = game.joints.filter((id) => isJoint(physics, id))
  if (k % 30 === 12 && game.joints.length > 3) removeJoint(physics, game.joints.pop()!)
  if (k % 30 === 20)
    game.joints.push(addJoint(physics, { type: 'distance', a: game.loose[0]!, b: game.loose[1]!, length: [0, 5] }))
  if (k % 40 === 14) removeEntity(physics.world, game.leaves.shift()!)
  if (k % 50 === 25) removeEmitter(physics, game.emitters.pop()!)
  if (k % 50 === 45) game.emitters.push(addEmitter(physics, { rate: 50, ...sparks([k % 7, 1, 3]) }))
  step(physics, 1 / 60)
}

/** Everything that can be seen after a step: the state and the events, in their order. */
export function look(physics: Physics): string {
  const list = (values: { readonly count: number; [field: string]: unknown }): string =>
    Object.entries(values)
      .map(([, field]) =>
        ArrayBuffer.isView(field) ? Array.from((field as Float32Array).subarray(0, values.count)).join() : '',
      )
      .join(';')
  const events = [contactHits, contactBegins, contactEnds, sensorBegins, sensorEnds].map((read) =>
    list(read(physics) as never),
  )
  return `${stateHash(physics)} ${createHash('md5').update(events.join('|')).digest('hex')}`
}

/** Plays on and gives what was seen after each step. */
export function watch(physics: Physics, game: Game, steps: number): string[] {
  const seen: string[] = []
  for (let i = 0; i < steps; i++) {
    play(physics, game)
    seen.push(look(physics))
  }
  return seen
}
