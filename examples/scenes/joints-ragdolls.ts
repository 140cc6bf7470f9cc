import { between, createRandom } from './random.ts'
import { onGround } from './rigid-pile.ts'
import {
  type BodyShape,
  boxMass,
  capsuleMass,
  createShaped,
  type JointData,
  type SceneData,
  type ShapedData,
  type Vec3,
} from './scene.ts'

/** Much like a body's, so that limbs and trunk have masses of the same kind (kg/m³). */
const DENSITY = 1_000
/** Distance (m) of the ragdolls across and of their layers. */
const ACROSS = 2
const LAYER = 2.2
/** Each is moved sideways by up to this (m), so that they do not land on one another's heads. */
const JITTER = 0.3

interface Part {
  shape: number
  /** Centre above the feet, m. */
  at: Vec3
}

/** Shapes of the parts: head, chest, pelvis, upper arm, fore-arm, thigh, shin. */
const SHAPES: BodyShape[] = [
  { type: 'capsule', radius: 0.11, halfHeight: 0.03 },
  { type: 'box', halfExtents: [0.2, 0.18, 0.11] },
  { type: 'box', halfExtents: [0.17, 0.11, 0.1] },
  { type: 'capsule', radius: 0.06, halfHeight: 0.1 },
  { type: 'capsule', radius: 0.05, halfHeight: 0.11 },
  { type: 'capsule', radius: 0.085, halfHeight: 0.14 },
  { type: 'capsule', radius: 0.065, halfHeight: 0.16 },
]

const side = (x: number): Part[] => [
  { shape: 3, at: [x * 0.29, 1.22, 0] },
  { shape: 4, at: [x * 0.29, 0.88, 0] },
  { shape: 5, at: [x * 0.1, 0.64, 0] },
  { shape: 6, at: [x * 0.1, 0.2, 0] },
]

/** Head, chest, pelvis, then the left and the right limbs. */
const PARTS: Part[] = [
  { shape: 0, at: [0, 1.57, 0] },
  { shape: 1, at: [0, 1.22, 0] },
  { shape: 2, at: [0, 0.92, 0] },
  ...side(-1),
  ...side(1),
]

const ball = (a: number, b: number, anchor: Vec3): JointData => ({
  type: 'ball',
  a,
  b,
  anchor,
  collideConnected: false,
})
const hinge = (a: number, b: number, anchor: Vec3): JointData => ({
  ...ball(a, b, anchor),
  type: 'hinge',
  axis: [1, 0, 0],
})

const limbs = (first: number, x: number): JointData[] => [
  ball(1, first, [x * 0.25, 1.36, 0]),
  hinge(first, first + 1, [x * 0.29, 1.05, 0]),
  ball(2, first + 2, [x * 0.1, 0.84, 0]),
  hinge(first + 2, first + 3, [x * 0.1, 0.42, 0]),
]

/** Neck and spine, shoulders and hips are balls, elbows and knees hinges. */
const JOINTS: JointData[] = [ball(0, 1, [0, 1.42, 0]), ball(1, 2, [0, 1.03, 0]), ...limbs(3, -1), ...limbs(7, 1)]

export const RAGDOLL_PARTS = PARTS.length
export const RAGDOLL_JOINTS = JOINTS.length

/**
 * Ragdolls of 11 bodies and 10 joints, falling in layers onto the ground. Parts that a joint connects do not collide with
 * one another, all others do.
 */
export function ragdollScene(count = 500, seed = 1): SceneData {
  const random = createRandom(seed)
  const shaped = createShaped(count * RAGDOLL_PARTS)
  const joints: JointData[] = []
  let across = 1
  while (across * across * 5 < count) across++
  for (let i = 0; i < count; i++) {
    const origin: Vec3 = [
      ((i % across) - across / 2) * ACROSS + between(random, -JITTER, JITTER),
      0.5 + Math.floor(i / (across * across)) * LAYER,
      ((Math.floor(i / across) % across) - across / 2) * ACROSS + between(random, -JITTER, JITTER),
    ]
    addRagdoll(shaped, joints, i * RAGDOLL_PARTS, origin)
  }
  return { ...onGround(`ragdolls-${count}`), shapes: SHAPES, shaped, joints }
}

function addRagdoll(s: ShapedData, joints: JointData[], first: number, origin: Vec3): void {
  for (const [i, { shape, at }] of PARTS.entries()) {
    s.x[first + i] = origin[0] + at[0]
    s.y[first + i] = origin[1] + at[1]
    s.z[first + i] = origin[2] + at[2]
    s.shape[first + i] = shape
    s.mass[first + i] = massOf(SHAPES[shape])
  }
  for (const joint of JOINTS) {
    const anchor = joint.anchor.map((value, axis) => value + origin[axis]) as Vec3
    joints.push({ ...joint, a: joint.a + first, b: joint.b + first, anchor })
  }
}

function massOf(shape: BodyShape): number {
  if (shape.type === 'box') return boxMass(shape.halfExtents, DENSITY)
  return shape.type === 'capsule' ? capsuleMass(shape.radius, shape.halfHeight, DENSITY) : 1
}
