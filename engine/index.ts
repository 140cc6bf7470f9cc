/** Physics for very many bodies: what `import … from 'manybody'` gives. Nothing else is public. */
export { addBodies, addBody, bodyCount, generation, isAlive, removeBody } from './body.ts'
export type { BodyDesc } from './body-desc.ts'
export {
  addScaledAll,
  createColumns,
  type Entities,
  type EntityRange,
  integrateAll,
  lerpAll,
  nlerpAll,
  normalizeAll,
  rotateAll,
  slerpAll,
} from './bulk.ts'
export { createChildOf } from './child-of.ts'
export type {
  Components,
  ParentComponent,
  ParticleSystemComponent,
  QuaternionComponent,
  RigidBodyComponent,
  ScalarComponent,
  VectorComponent,
} from './components.ts'
export {
  isAsleep,
  moveKinematic,
  setBodyType,
  setCanSleep,
  setLocks,
  setShape,
  sleep,
  type TeleportOptions,
  teleport,
  wake,
} from './control.ts'
export { PhysicsError, type PhysicsErrorCode, type PhysicsErrorDetail } from './errors.ts'
export {
  type ContactBegins,
  type ContactEnds,
  type ContactHits,
  contactBegins,
  contactEnds,
  contactHits,
  type SensorEvents,
  sensorBegins,
  sensorEnds,
} from './events.ts'
export { applyForce, applyImpulse, applyTorque } from './forces.ts'
export { entityOf, type Handle, handleOf } from './handle.ts'
export {
  childrenOf,
  parentOf,
  setParent,
  type Transforms,
  updateTransforms,
  worldMatrix,
  worldPosition,
  worldRotation,
} from './hierarchy.ts'
export type { Backend, Physics } from './internals.ts'
export type { JointBase, JointDesc, JointMotor, JointRange, JointSpring } from './joints/desc.ts'
export {
  addJoint,
  isBroken,
  isJoint,
  type JointId,
  type JointLimits,
  jointCount,
  removeJoint,
  setJointLimits,
  setJointMotor,
} from './joints/joint.ts'
export { brokenJoints, jointAngle, jointForce, jointGap, jointTorque, jointTranslation } from './joints/reading.ts'
export { composeMatrix, decomposeMatrix, invertMatrix, multiplyMatrices } from './math/matrix.ts'
export {
  conjugateQuaternion,
  type EulerOrder,
  eulerFromQuaternion,
  integrateQuaternion,
  lookRotation,
  multiplyQuaternions,
  nlerp,
  normalizeQuaternion,
  quaternionFromAxes,
  quaternionFromAxisAngle,
  quaternionFromEuler,
  rotateVector,
  slerp,
  type WritableNumbers,
} from './math/quaternion.ts'
export {
  angularMomentum,
  centerOfMass,
  kineticEnergy,
  type LongRangeError,
  longRangeError,
  momentum,
  potentialEnergy,
  type Vec3,
} from './measure.ts'
export type { RealArray } from './memory/views.ts'
export {
  type FrameTimes,
  frameTimes,
  markSteps,
  onFrame,
  onStep,
  type Percentiles,
  type StepTimes,
  stepTimes,
} from './observe-steps.ts'
export type { ParticleColor, ParticleCurve } from './particles/curve.ts'
export type { ParticleBurst, ParticleCollision, ParticleShape, ParticleSystemDesc } from './particles/desc.ts'
export {
  addEmitter,
  type BurstDesc,
  clearParticles,
  type EmissionDesc,
  type EmitterDesc,
  type EmitterId,
  emitBurst,
  particleCount,
  removeEmitter,
} from './particles/emitter.ts'
export { type ParticleHits, particleHits } from './particles/hits.ts'
export type { EmissionPlace } from './particles/place.ts'
export {
  addParticleSystem,
  emit,
  isParticleSystem,
  type ParticleSystemId,
  removeParticleSystem,
  setEmissionRate,
  systemParticles,
} from './particles/system.ts'
export { type ColumnOf, createPhysics, dispose } from './physics.ts'
export type { PoolCount, PoolStats } from './pool.ts'
export { poolStats } from './pool-stats.ts'
export { castShape, type ShapeCast, type ShapeHit } from './query/cast.ts'
export type { QueryFilter } from './query/filter.ts'
export { type NearestHit, type NearestHits, nearest, nearestMany, type PointBatch } from './query/nearest.ts'
export { refreshQueries } from './query/open.ts'
export {
  type BallBatch,
  type BallOverlaps,
  overlapBox,
  overlapShape,
  overlapSphere,
  overlapSpheres,
  type ShapeAt,
} from './query/overlap.ts'
export type { QueryShape } from './query/probe.ts'
export { castRay, castRays, type RayBatch, type RayHit, type RayHits } from './query/ray.ts'
export { type InstanceBlock, type InstanceRange, type Instances, packInstances } from './render.ts'
export type {
  Capacity,
  InstanceGroupOptions,
  LongRangeMethod,
  LongRangeOptions,
  PhysicsOptions,
  Precision,
  SleepOptions,
  Tier,
  Vec3Like,
} from './settings.ts'
export { type HullGeometry, type PartInfo, type ShapeInfo, shapeInfo } from './shapes/info.ts'
export type {
  BoxShape,
  CapsuleShape,
  ChildShape,
  CompoundChild,
  CompoundShape,
  HeightFieldShape,
  HullShape,
  MeshShape,
  MovableShape,
  PlaneShape,
  Shape,
  SphereShape,
} from './shapes/shape.ts'
export { deltaSnapshot, restoreDelta } from './state/delta.ts'
export { stateHash } from './state/hash.ts'
export { type Recorder, record } from './state/record.ts'
export { type Replay, replay } from './state/replay.ts'
export { restore } from './state/restore.ts'
export { snapshot } from './state/snapshot.ts'
export { BUDGET_MS, FRAME_BUDGET_MS, type FrameStats, frameStats, STAGES, type Stage } from './stats.ts'
export { type AdvanceResult, advance, step } from './step.ts'
export {
  type Given,
  type HierarchySystemOptions,
  hierarchySystem,
  type PhysicsSystemOptions,
  particleSystem,
  physicsSystem,
  type RenderSystemOptions,
  renderSystem,
  type System,
} from './systems.ts'
