import {
  ConstraintSpace,
  distanceConstraint,
  fixedConstraint,
  hingeConstraint,
  pointConstraint,
  type RigidBody,
  type World,
} from 'crashcat'
import { bodyAt, type JointData, type SceneData } from '../../examples/scenes/scene.ts'
import { jointFrames } from './frames.ts'

/** Adds a joint, described in the frames of its bodies. */
export function addCrashcatJoint(world: World, scene: SceneData, joint: JointData, bodies: readonly RigidBody[]): void {
  const frames = jointFrames(joint, bodyAt(scene, joint.a), bodyAt(scene, joint.b))
  const ends = {
    bodyIdA: bodies[joint.a].id,
    bodyIdB: bodies[joint.b].id,
    pointA: frames.anchorA,
    pointB: frames.anchorB,
    space: ConstraintSpace.LOCAL,
  }
  if (joint.type === 'ball') pointConstraint.create(world, ends)
  else if (joint.type === 'distance') {
    distanceConstraint.create(world, { ...ends, minDistance: 0, maxDistance: joint.length ?? 0 })
  } else if (joint.type === 'hinge') {
    hingeConstraint.create(world, {
      ...ends,
      hingeAxisA: frames.axisA,
      hingeAxisB: frames.axisB,
      normalAxisA: frames.normalA,
      normalAxisB: frames.normalB,
    })
  } else {
    fixedConstraint.create(world, {
      ...ends,
      point1: frames.anchorA,
      point2: frames.anchorB,
      axisX1: frames.axisA,
      axisY1: frames.normalA,
      axisX2: frames.axisB,
      axisY2: frames.normalB,
    })
  }
}
