/** Three worlds of shapes, joints and sleep: a pile of boxes, chains of capsules that hang and fall, hulls and balls on stone. */
import { addBody, addJoint, type BodyDesc, type Physics, type PhysicsOptions, wake } from 'manybody'
import { between, createRandom, type Random } from '../../examples/scenes/random.ts'

export const RIGID_SCENES = ['boxes', 'ragdolls', 'mixed'] as const
export type RigidScene = (typeof RIGID_SCENES)[number]

/** Links of one chain. */
const LINKS = 6

/** A rotation about y whose numbers are exact in single precision. */
const YAWS = [
  [0, 0, 0, 1],
  [0, 0.6, 0, 0.8],
  [0, -0.28, 0, 0.96],
  [0, 0.8, 0, 0.6],
] as const

/** What a scene is made with; `play` fills the world and gives what happens before each step. */
export function prepareRigid(
  name: RigidScene,
  count: number,
): { createdBy: PhysicsOptions; play(physics: Physics): (index: number) => void } {
  const entities = count + 64
  const capacity = { entities, contacts: 16 * entities, manifolds: 8 * entities, particles: 16, joints: count + 8 }
  const plays = { boxes: playBoxes, ragdolls: playRagdolls, mixed: playMixed }
  return { createdBy: { capacity }, play: (physics) => plays[name](physics, count) }
}

/** Box floor and four walls of a pen. */
function addPen(physics: Physics, half: number): void {
  const wall = (halfExtents: [number, number, number], position: [number, number, number]): void => {
    addBody(physics, { type: 'static', shape: { type: 'box', halfExtents }, position })
  }
  wall([40, 1, 40], [0, -1, 0])
  for (const side of [-1, 1]) {
    wall([1, 6, half + 2], [side * (half + 1), 6, 0])
    wall([half + 2, 6, 1], [0, 6, side * (half + 1)])
  }
}

/** Place `i` of a lattice of `side` columns a layer, with some disorder. */
function place(random: Random, i: number, side: number, pitch: number): [number, number, number] {
  const shake = 0.1 * pitch
  const at = (k: number): number => (k - (side - 1) / 2) * pitch + between(random, -shake, shake)
  return [at(i % side), 0.7 * pitch + Math.floor(i / side / side) * pitch, at(Math.floor(i / side) % side)]
}

/** A pile that comes to rest and sleeps, is woken at step 400 by a shot, and gets one more box now and then. */
function playBoxes(physics: Physics, count: number): (index: number) => void {
  const random = createRandom(21)
  const side = Math.max(3, Math.round(Math.cbrt(count)))
  addPen(physics, side * 0.6)
  const bodies: number[] = []
  for (let i = 0; i < count; i++) {
    const halfExtents = [0.4, i % 3 ? 0.4 : 0.25, i % 5 ? 0.4 : 0.3]
    const rotation = YAWS[i % YAWS.length]
    bodies.push(
      addBody(physics, { shape: { type: 'box', halfExtents }, rotation, position: place(random, i, side, 1.1) }),
    )
  }
  return (index) => {
    if (index === 400) {
      wake(physics, bodies[0])
      const shape = { type: 'box', halfExtents: [0.2, 0.2, 0.2] } as const
      const shot: BodyDesc = { shape, bullet: true, density: 20, position: [0, 30, 0], linearVelocity: [1, -120, 2] }
      addBody(physics, shot)
    }
  }
}

/** Chains of capsules on balls and hinges: some hang from a post, the others fall on a heap. */
function playRagdolls(physics: Physics, count: number): (index: number) => void {
  const random = createRandom(22)
  addPen(physics, 6)
  const chains = Math.floor(count / LINKS)
  for (let chain = 0; chain < chains; chain++) {
    const x = ((chain % 5) - 2) * 2 + between(random, -0.2, 0.2)
    const z = ((Math.floor(chain / 5) % 5) - 2) * 2
    const y = 3 + Math.floor(chain / 25) * 2
    let before = -1
    for (let k = 0; k < LINKS; k++) {
      const position = [x + k * 0.5, y + k * 0.25, z]
      const shape: BodyDesc['shape'] =
        k === 3 ? { type: 'box', halfExtents: [0.2, 0.25, 0.15] } : { type: 'capsule', radius: 0.12, halfHeight: 0.15 }
      const body = addBody(physics, { shape, mass: k === 3 ? 4 : 1, position, rollingResistance: 0.02 })
      if (before >= 0) {
        const anchor = [x + (k - 0.5) * 0.5, y + (k - 0.5) * 0.25, z]
        if (k % 2) addJoint(physics, { type: 'ball', a: before, b: body, anchor, axis: [1, 0, 0], swing: 1 })
        else addJoint(physics, { type: 'hinge', a: before, b: body, anchor, axis: [0, 0, 1], limits: [-1, 1] })
      } else if (chain % 4 === 0) {
        const post = addBody(physics, {
          type: 'static',
          shape: { type: 'sphere', radius: 0.1 },
          position: [x, y + 2, z],
          mask: 0,
        })
        addJoint(physics, { type: 'distance', a: post, b: body, length: [0, 2], breakForce: 400 })
      }
      before = body
    }
  }
  return () => {}
}

/** Hulls, balls and compounds with bounce and bullets on a box floor, over a platform that moves. */
function playMixed(physics: Physics, count: number): (index: number) => void {
  const random = createRandom(23)
  const side = Math.max(3, Math.round(Math.cbrt(count)))
  addPen(physics, side * 0.65)
  const shapes: BodyDesc['shape'][] = [
    { type: 'hull', points: [0.5, 0, 0, -0.4, 0.1, 0.3, -0.4, -0.1, -0.4, 0, 0.5, 0, 0.1, -0.45, 0.1, 0, 0.1, 0.5] },
    { type: 'sphere', radius: 0.4 },
    { type: 'hull', points: [0.3, 0.3, 0.4, -0.3, 0.3, 0.4, 0.3, -0.3, 0.4, -0.3, -0.3, 0.4, 0, 0, -0.5] },
    {
      type: 'compound',
      children: [
        { shape: { type: 'box', halfExtents: [0.45, 0.12, 0.12] } },
        { shape: { type: 'sphere', radius: 0.2 }, position: [0.4, 0.1, 0] },
        { shape: { type: 'capsule', radius: 0.12, halfHeight: 0.25 }, position: [-0.3, 0.2, 0] },
      ],
    },
    { type: 'capsule', radius: 0.25, halfHeight: 0.25 },
  ]
  for (let i = 0; i < count; i++) {
    const shape = shapes[i % shapes.length]
    const bullet = i % 25 === 24
    const linearVelocity = bullet ? [between(random, -90, 90), -60, 0] : [0, 0, 0]
    const rotation = YAWS[(i >> 1) % YAWS.length]
    const position = place(random, i, side, 1.2)
    addBody(physics, { shape, mass: 1, position, rotation, linearVelocity, bullet, restitution: i % 2 ? 0.4 : 0 })
  }
  const platform = addBody(physics, {
    type: 'kinematic',
    shape: { type: 'box', halfExtents: [1, 0.2, 1] },
    position: [0, 0.2, 0],
  })
  const { LinearVelocity } = physics.components
  return (index) => {
    // Up and down for 5 s, then at rest.
    LinearVelocity.y[platform] = index < 300 ? (index % 60 < 30 ? 1 : -1) : 0
  }
}
