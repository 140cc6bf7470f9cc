/** The same scene in our world and in Rapier's, told once: boxes, spheres, capsules, a floor, and some joints. */
import RAPIER from '@dimforge/rapier3d-compat'
import { addBody, addJoint, type BodyDesc, type Physics, step } from 'manybody'
import { onTestFinished } from 'vitest'
import { DT, positionOf, velocityOf } from '../physics/harness.ts'
import { G, rigidWorld, type Vec3 } from './rigid.ts'

/** A body of both. */
export interface Twin {
  shape:
    | { type: 'box'; halfExtents: Vec3 }
    | { type: 'sphere'; radius: number }
    | { type: 'capsule'; radius: number; halfHeight: number }
  position: Vec3
  rotation?: [number, number, number, number]
  linearVelocity?: Vec3
  angularVelocity?: Vec3
  static?: boolean
  friction?: number
  restitution?: number
}

/** Where something is in one of the worlds. */
export interface State {
  position: Vec3
  velocity: Vec3
}

/** Both worlds. */
export interface Pair {
  physics: Physics
  /** Adds a body to both; gives its number. */
  add(body: Twin): number
  /** Joins two bodies at a point of the world: a ball, or a hinge about an axis. */
  join(a: number, b: number, anchor: Vec3, axis?: Vec3): void
  /** Steps both, and calls `each` after every step. */
  run(steps: number, each?: (index: number) => void): void
  ours(body: number): State
  theirs(body: number): State
}

type Body = InstanceType<typeof RAPIER.RigidBody>

const DENSITY = 125
const vector = ([x, y, z]: readonly number[]): { x: number; y: number; z: number } => ({ x, y, z })

function collider(body: Twin): InstanceType<typeof RAPIER.ColliderDesc> {
  const { shape } = body
  const desc =
    shape.type === 'box'
      ? RAPIER.ColliderDesc.cuboid(...shape.halfExtents)
      : shape.type === 'sphere'
        ? RAPIER.ColliderDesc.ball(shape.radius)
        : RAPIER.ColliderDesc.capsule(shape.halfHeight, shape.radius)
  // Both have the same rule for a pair: equal coefficients give that coefficient.
  return desc
    .setDensity(DENSITY)
    .setFriction(body.friction ?? 0.5)
    .setRestitution(body.restitution ?? 0)
    .setRestitutionCombineRule(RAPIER.CoefficientCombineRule.Max)
}

/** Two empty worlds with the earth's gravity. Sleep is off in both. */
export async function makePair(): Promise<Pair> {
  await RAPIER.init()
  const physics = await rigidWorld({ sleep: false })
  const world = new RAPIER.World({ x: 0, y: -G, z: 0 })
  world.timestep = DT
  onTestFinished(() => world.free())
  const own: number[] = []
  const other: Body[] = []
  return {
    physics,
    add(body) {
      const { static: fixed, ...rest } = body
      own.push(addBody(physics, { ...(rest as BodyDesc), density: DENSITY, type: fixed ? 'static' : 'dynamic' }))
      const desc = fixed ? RAPIER.RigidBodyDesc.fixed() : RAPIER.RigidBodyDesc.dynamic()
      desc.setTranslation(...body.position).setCanSleep(false)
      if (body.rotation) {
        const [x, y, z, w] = body.rotation
        desc.setRotation({ x, y, z, w })
      }
      if (body.linearVelocity) desc.setLinvel(...body.linearVelocity)
      if (body.angularVelocity) desc.setAngvel(vector(body.angularVelocity))
      const made = world.createRigidBody(desc)
      world.createCollider(collider(body), made)
      other.push(made)
      return own.length - 1
    },
    join(a, b, anchor, axis) {
      const kind = axis ? ({ type: 'hinge', axis } as const) : ({ type: 'ball' } as const)
      addJoint(physics, { ...kind, a: own[a], b: own[b], anchor })
      const local = (body: Body): { x: number; y: number; z: number } => {
        const t = body.translation()
        return vector([anchor[0] - t.x, anchor[1] - t.y, anchor[2] - t.z])
      }
      const [p, q] = [local(other[a]), local(other[b])]
      const data = axis ? RAPIER.JointData.revolute(p, q, vector(axis)) : RAPIER.JointData.spherical(p, q)
      const joint = world.createImpulseJoint(data, other[a], other[b], true)
      joint.setContactsEnabled(false)
    },
    run(steps, each = () => {}) {
      for (let i = 0; i < steps; i++) {
        step(physics, DT)
        world.step()
        each(i)
      }
    },
    ours: (body) => ({ position: [...positionOf(physics, own[body])], velocity: [...velocityOf(physics, own[body])] }),
    theirs(body) {
      const [t, v] = [other[body].translation(), other[body].linvel()]
      return { position: [t.x, t.y, t.z], velocity: [v.x, v.y, v.z] }
    },
  }
}

/** The floor y < 0, a thick box in both. */
export const floorTwin = (friction = 0.5): Twin => ({
  shape: { type: 'box', halfExtents: [50, 1, 50] },
  position: [0, -1, 0],
  static: true,
  friction,
})
