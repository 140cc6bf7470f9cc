import { addBody, addJoint, type BodyDesc, type JointDesc, type Physics } from 'manybody'
import { bodyAt, type JointData, loadScene, type SceneBody, type SceneData, type Vec3 } from './scene.ts'

/** The axis of a hinge where a scene gives none. */
export const HINGE_AXIS: Vec3 = [0, 0, 1]

const KIND_NAMES = ['static', 'dynamic', 'kinematic'] as const

/**
 * Puts all of a scene into a world made with its gravity and capacity: spheres, planes, shaped bodies, joints.
 *
 * @returns the entity ids of its bodies, spheres first
 */
export function loadRigidScene(physics: Physics, scene: SceneData): Uint32Array {
  const spheres = loadScene(physics, scene)
  const shaped = scene.shaped?.count ?? 0
  const eids = new Uint32Array(spheres.length + shaped)
  eids.set(spheres)
  for (let i = spheres.length; i < eids.length; i++) {
    eids[i] = addBody(physics, descriptionOf(bodyAt(scene, i)))
  }
  for (const joint of scene.joints ?? []) addJoint(physics, jointOf(joint, scene, eids))
  return eids
}

function descriptionOf({ kind, ...rest }: SceneBody): BodyDesc {
  return { ...rest, type: KIND_NAMES[kind] }
}

/** Anchors apart are given in the frames of their bodies. */
function jointOf(joint: JointData, scene: SceneData, eids: Uint32Array): JointDesc {
  const { type, anchor, anchorB, axis, collideConnected } = joint
  const [a, b] = [eids[joint.a], eids[joint.b]]
  const place = anchorB
    ? { anchorA: pointIn(bodyAt(scene, joint.a), anchor), anchorB: pointIn(bodyAt(scene, joint.b), anchorB) }
    : { anchor }
  const common = { a, b, collideConnected, ...place }
  if (type === 'distance') return { type, ...common, length: [0, joint.length ?? 0] }
  return type === 'hinge' ? { type, ...common, axis: axis ?? HINGE_AXIS } : { type, ...common }
}

/** A point of the world in a body's frame. */
export function pointIn(body: SceneBody, [x, y, z]: Vec3): Vec3 {
  const [px, py, pz] = body.position
  return directionIn(body, [x - px, y - py, z - pz])
}

/** A direction of the world in a body's frame. */
export function directionIn({ rotation: [x, y, z, w] }: SceneBody, [vx, vy, vz]: Vec3): Vec3 {
  // The rotation undone: the vector part of the quaternion changes its sign.
  const tx = -2 * (y * vz - z * vy)
  const ty = -2 * (z * vx - x * vz)
  const tz = -2 * (x * vy - y * vx)
  return [vx + w * tx - y * tz + z * ty, vy + w * ty - z * tx + x * tz, vz + w * tz - x * ty + y * tx]
}
