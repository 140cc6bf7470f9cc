import { bodyAt, type JointData, type SceneBody, type SceneData, type Vec3 } from '../../examples/scenes/scene.ts'
import { assembliesOf, jointFrames } from './frames.ts'
import type { JoltModule } from './jolt.ts'

type Vector = InstanceType<JoltModule['Vec3' | 'RVec3']>
type TwoBodySettings = InstanceType<JoltModule['TwoBodyConstraintSettings']>

/** The collision group of each body that must not collide with its neighbours. */
export type Grouping = Map<number, InstanceType<JoltModule['CollisionGroup']>>

/** Assemblies of the same build share one table of pairs, as Jolt's own ragdolls do. */
export function groupBodies(jolt: JoltModule, scene: SceneData): Grouping {
  const grouping: Grouping = new Map()
  const tables = new Map<string, InstanceType<JoltModule['GroupFilterTable']>>()
  for (const [number, { bodies, apart }] of assembliesOf(scene.joints ?? []).entries()) {
    const key = `${bodies.length} ${apart.join(' ')}`
    const table = tables.get(key) ?? new jolt.GroupFilterTable(bodies.length)
    if (!tables.has(key)) for (const [a, b] of apart) table.DisableCollision(a, b)
    tables.set(key, table)
    for (const [place, body] of bodies.entries()) grouping.set(body, new jolt.CollisionGroup(table, number, place))
  }
  return grouping
}

/** Adds the scene's joints, each described in the frames of its bodies. */
export function addJoltJoints(
  jolt: JoltModule,
  system: InstanceType<JoltModule['PhysicsSystem']>,
  scene: SceneData,
  ids: readonly InstanceType<JoltModule['BodyID']>[],
): void {
  const lock = system.GetBodyLockInterfaceNoLock()
  for (const joint of scene.joints ?? []) {
    const settings = settingsOf(jolt, joint, bodyAt(scene, joint.a), bodyAt(scene, joint.b))
    const constraint = settings.Create(lock.TryGetBody(ids[joint.a]), lock.TryGetBody(ids[joint.b]))
    system.AddConstraint(constraint)
    jolt.destroy(settings)
  }
}

function settingsOf(jolt: JoltModule, joint: JointData, a: SceneBody, b: SceneBody): TwoBodySettings {
  const frames = jointFrames(joint, a, b)
  const set = (target: Vector, value: Vec3): void => target.Set(...value)
  if (joint.type === 'fixed') {
    const settings = new jolt.FixedConstraintSettings()
    settings.mAutoDetectPoint = true
    return settings
  }
  if (joint.type === 'distance') {
    const settings = new jolt.DistanceConstraintSettings()
    settings.mSpace = jolt.EConstraintSpace_LocalToBodyCOM
    set(settings.mPoint1, frames.anchorA)
    set(settings.mPoint2, frames.anchorB)
    settings.mMinDistance = 0
    settings.mMaxDistance = joint.length ?? 0
    return settings
  }
  if (joint.type === 'ball') {
    const settings = new jolt.PointConstraintSettings()
    settings.mSpace = jolt.EConstraintSpace_LocalToBodyCOM
    set(settings.mPoint1, frames.anchorA)
    set(settings.mPoint2, frames.anchorB)
    return settings
  }
  const settings = new jolt.HingeConstraintSettings()
  settings.mSpace = jolt.EConstraintSpace_LocalToBodyCOM
  set(settings.mPoint1, frames.anchorA)
  set(settings.mPoint2, frames.anchorB)
  set(settings.mHingeAxis1, frames.axisA)
  set(settings.mHingeAxis2, frames.axisB)
  set(settings.mNormalAxis1, frames.normalA)
  set(settings.mNormalAxis2, frames.normalB)
  return settings
}
