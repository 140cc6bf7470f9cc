/** Physics for very many bodies: what `import … from 'manybody'` gives. Nothing else is public. */
export { addBodies, addBody, bodyCount, generation, isAlive, removeBody } from './body.ts'
export type { BodyDesc, Shape } from './body-desc.ts'
export type {
  Components,
  QuaternionComponent,
  RigidBodyComponent,
  ScalarComponent,
  VectorComponent,
} from './components.ts'
export { PhysicsError, type PhysicsErrorCode, type PhysicsErrorDetail } from './errors.ts'
export { type ContactHits, contactHits } from './events.ts'
export { applyForce, applyImpulse, applyTorque } from './forces.ts'
export type { Backend, Physics } from './internals.ts'
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
  addEmitter,
  type BurstDesc,
  clearParticles,
  type EmissionDesc,
  type EmitterDesc,
  emitBurst,
  particleCount,
  removeEmitter,
} from './particles.ts'
export { type ColumnOf, createPhysics, dispose } from './physics.ts'
export { castRay, overlapSphere, type RayHit } from './query.ts'
export { type InstanceBlock, type Instances, packInstances } from './render.ts'
export type {
  Capacity,
  LongRangeMethod,
  LongRangeOptions,
  PhysicsOptions,
  Precision,
  Tier,
  Vec3Like,
} from './settings.ts'
export { stateHash } from './state.ts'
export { BUDGET_MS, type FrameStats, frameStats, STAGES, type Stage } from './stats.ts'
export { type AdvanceResult, advance, step } from './step.ts'
