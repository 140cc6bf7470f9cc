import type { HavokPhysicsWithBindings, HP_BodyId, HP_ConstraintId } from '@babylonjs/havok'
import { bodyAt, type JointData, type SceneData } from '../../examples/scenes/scene.ts'
import { jointFrames } from './frames.ts'

/** Havok has one constraint of six axes; a joint locks or limits some of them. Its x axis is the hinge's. */
export function addHavokJoint(
  hk: HavokPhysicsWithBindings,
  scene: SceneData,
  joint: JointData,
  bodies: readonly HP_BodyId[],
): HP_ConstraintId {
  const frames = jointFrames(joint, bodyAt(scene, joint.a), bodyAt(scene, joint.b))
  const constraint = hk.HP_Constraint_Create()[1]
  hk.HP_Constraint_SetParentBody(constraint, bodies[joint.a])
  hk.HP_Constraint_SetChildBody(constraint, bodies[joint.b])
  hk.HP_Constraint_SetAnchorInParent(constraint, frames.anchorA, frames.axisA, frames.normalA)
  hk.HP_Constraint_SetAnchorInChild(constraint, frames.anchorB, frames.axisB, frames.normalB)
  hk.HP_Constraint_SetCollisionsEnabled(constraint, joint.collideConnected ? 1 : 0)
  const axes = hk.ConstraintAxis
  const { LOCKED, LIMITED } = hk.ConstraintAxisLimitMode
  if (joint.type === 'distance') {
    hk.HP_Constraint_SetAxisMode(constraint, axes.LINEAR_DISTANCE, LIMITED)
    hk.HP_Constraint_SetAxisMinLimit(constraint, axes.LINEAR_DISTANCE, 0)
    hk.HP_Constraint_SetAxisMaxLimit(constraint, axes.LINEAR_DISTANCE, joint.length ?? 0)
  } else {
    const locked = [axes.LINEAR_X, axes.LINEAR_Y, axes.LINEAR_Z]
    if (joint.type !== 'ball') locked.push(axes.ANGULAR_Y, axes.ANGULAR_Z)
    if (joint.type === 'fixed') locked.push(axes.ANGULAR_X)
    for (const axis of locked) hk.HP_Constraint_SetAxisMode(constraint, axis, LOCKED)
  }
  hk.HP_Constraint_SetEnabled(constraint, 1)
  return constraint
}
