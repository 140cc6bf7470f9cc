/** The end of a world: twice is no error, and nothing else works afterwards. */
import * as engine from 'manybody'
import { createPhysics, dispose, type Physics } from 'manybody'
import { describe, expect, test } from 'vitest'
import * as matrices from '../../engine/math/matrix.ts'
import * as quaternions from '../../engine/math/quaternion.ts'
import { run, sphere } from '../physics/harness.ts'
import { expectError } from './expect-error.ts'

const EMISSION = { position: [0, 0, 0], speed: [1, 1], life: [1, 1], size: [1, 1], color: [1, 1, 1] } as const

/** Every public function that takes a world, called with what it would accept. */
const CALLS: Record<string, (physics: Physics) => unknown> = {
  addBody: (p) => engine.addBody(p, sphere([0, 0, 0])),
  addBodies: (p) => engine.addBodies(p, 2, () => {}),
  removeBody: (p) => engine.removeBody(p, 1),
  bodyCount: (p) => engine.bodyCount(p),
  generation: (p) => engine.generation(p, 1),
  handleOf: (p) => engine.handleOf(p, 1),
  entityOf: (p) => engine.entityOf(p, 1),
  poolStats: (p) => engine.poolStats(p),
  createChildOf: (p) => engine.createChildOf(p),
  physicsSystem: (p) => engine.physicsSystem(p),
  hierarchySystem: (p) => engine.hierarchySystem(p),
  particleSystem: (p) => engine.particleSystem(p),
  renderSystem: (p) => engine.renderSystem(p),
  applyForce: (p) => engine.applyForce(p, 1, [0, 1, 0]),
  applyTorque: (p) => engine.applyTorque(p, 1, [0, 1, 0]),
  applyImpulse: (p) => engine.applyImpulse(p, 1, [0, 1, 0]),
  step: (p) => engine.step(p, 1 / 60),
  advance: (p) => engine.advance(p, 1 / 60),
  kineticEnergy: (p) => engine.kineticEnergy(p),
  potentialEnergy: (p) => engine.potentialEnergy(p),
  longRangeError: (p) => engine.longRangeError(p),
  momentum: (p) => engine.momentum(p),
  angularMomentum: (p) => engine.angularMomentum(p),
  centerOfMass: (p) => engine.centerOfMass(p),
  contactHits: (p) => engine.contactHits(p),
  contactBegins: (p) => engine.contactBegins(p),
  contactEnds: (p) => engine.contactEnds(p),
  sensorBegins: (p) => engine.sensorBegins(p),
  sensorEnds: (p) => engine.sensorEnds(p),
  moveKinematic: (p) => engine.moveKinematic(p, 1, { position: [0, 0, 0] }, 1 / 60),
  teleport: (p) => engine.teleport(p, 1, { position: [0, 0, 0] }),
  wake: (p) => engine.wake(p, 1),
  sleep: (p) => engine.sleep(p, 1),
  isAsleep: (p) => engine.isAsleep(p, 1),
  setCanSleep: (p) => engine.setCanSleep(p, 1, true),
  setBodyType: (p) => engine.setBodyType(p, 1, 'static'),
  setShape: (p) => engine.setShape(p, 1, { type: 'sphere', radius: 1 }),
  setLocks: (p) => engine.setLocks(p, 1, {}),
  shapeInfo: (p) => engine.shapeInfo(p, 1),
  addJoint: (p) => engine.addJoint(p, { type: 'ball', a: 1, b: 2, anchor: [0, 0, 0] } as never),
  removeJoint: (p) => engine.removeJoint(p, 1),
  brokenJoints: (p) => engine.brokenJoints(p),
  isBroken: (p) => engine.isBroken(p, 1),
  jointAngle: (p) => engine.jointAngle(p, 1),
  jointCount: (p) => engine.jointCount(p),
  jointForce: (p) => engine.jointForce(p, 1),
  jointGap: (p) => engine.jointGap(p, 1),
  jointTorque: (p) => engine.jointTorque(p, 1),
  jointTranslation: (p) => engine.jointTranslation(p, 1),
  setJointLimits: (p) => engine.setJointLimits(p, 1, {} as never),
  setJointMotor: (p) => engine.setJointMotor(p, 1, {} as never),
  castRays: (p) => engine.castRays(p, {} as never, {} as never),
  refreshQueries: (p) => engine.refreshQueries(p),
  overlapSphere: (p) => engine.overlapSphere(p, [0, 0, 0], 1, new Uint32Array(1)),
  castRay: (p) => engine.castRay(p, [0, 0, 0], [1, 0, 0], 1),
  castShape: (p) => engine.castShape(p, {} as never),
  nearest: (p) => engine.nearest(p, [0, 0, 0], 1),
  nearestMany: (p) => engine.nearestMany(p, {} as never, {} as never),
  overlapBox: (p) => engine.overlapBox(p, {} as never, new Uint32Array(1)),
  overlapShape: (p) => engine.overlapShape(p, {} as never, new Uint32Array(1)),
  overlapSpheres: (p) => engine.overlapSpheres(p, {} as never, {} as never),
  stateHash: (p) => engine.stateHash(p),
  frameStats: (p) => engine.frameStats(p),
  packInstances: (p) => engine.packInstances(p, {}),
  setParent: (p) => engine.setParent(p, 1, 2),
  parentOf: (p) => engine.parentOf(p, 1),
  childrenOf: (p) => engine.childrenOf(p, 1, []),
  updateTransforms: (p) => engine.updateTransforms(p),
  worldMatrix: (p) => engine.worldMatrix(p, 1, []),
  worldPosition: (p) => engine.worldPosition(p, 1, []),
  worldRotation: (p) => engine.worldRotation(p, 1, []),
  createColumns: (p) => engine.createColumns(p, 'x'),
  normalizeAll: (p) => engine.normalizeAll(p, p.components.Rotation),
  lerpAll: (p) => engine.lerpAll(p, p.components.Scale, p.components.Scale, p.components.Scale, 0),
  addScaledAll: (p) => engine.addScaledAll(p, p.components.Scale, p.components.Scale, p.components.Scale, 0),
  slerpAll: (p) => engine.slerpAll(p, p.components.Rotation, p.components.Rotation, p.components.Rotation, 0),
  nlerpAll: (p) => engine.nlerpAll(p, p.components.Rotation, p.components.Rotation, p.components.Rotation, 0),
  rotateAll: (p) => engine.rotateAll(p, p.components.Scale, p.components.Rotation, p.components.Scale),
  integrateAll: (p) => engine.integrateAll(p, p.components.Rotation, p.components.Rotation, p.components.Scale, 0),
  stepTimes: (p) => engine.stepTimes(p),
  frameTimes: (p) => engine.frameTimes(p),
  onStep: (p) => engine.onStep(p, () => {}),
  onFrame: (p) => engine.onFrame(p, () => {}),
  markSteps: (p) => engine.markSteps(p),
  emitBurst: (p) => engine.emitBurst(p, { ...EMISSION, count: 1 }),
  addEmitter: (p) => engine.addEmitter(p, { ...EMISSION, rate: 1 }),
  removeEmitter: (p) => engine.removeEmitter(p, 0),
  particleCount: (p) => engine.particleCount(p),
  clearParticles: (p) => engine.clearParticles(p),
  addParticleSystem: (p) => engine.addParticleSystem(p, { speed: [1, 1], life: [1, 1], size: [1, 1] }),
  removeParticleSystem: (p) => engine.removeParticleSystem(p, 1),
  isParticleSystem: (p) => engine.isParticleSystem(p, 1),
  emit: (p) => engine.emit(p, 1, 1),
  setEmissionRate: (p) => engine.setEmissionRate(p, 1, 1),
  systemParticles: (p) => engine.systemParticles(p, 1),
  particleHits: (p) => engine.particleHits(p),
  snapshot: (p) => engine.snapshot(p),
  deltaSnapshot: (p) => engine.deltaSnapshot(p, new Uint8Array()),
  restoreDelta: (p) => engine.restoreDelta(p, new Uint8Array(0), new Uint8Array(0)),
  record: (p) => engine.record(p),
  replay: (p) => engine.replay(p, new Uint8Array(0)),
  restore: (p) => engine.restore(p, new Uint8Array()),
}

const SMALL = { capacity: { entities: 64, bodies: 32, particles: 64 } }

describe('after dispose', () => {
  test('every public function of a world is in the table below', () => {
    const plain = Object.keys({ ...quaternions, ...matrices })
    const others = ['createPhysics', 'dispose', 'isAlive', 'isJoint', 'PhysicsError', ...plain]
    const functions = Object.entries(engine).filter(([, value]) => typeof value === 'function')
    expect(functions.map(([name]) => name).sort()).toEqual([...Object.keys(CALLS), ...others].sort())
  })

  test.each(Object.entries(CALLS))('%s throws E_DISPOSED', async (call, act) => {
    const physics = await createPhysics(SMALL)
    engine.addBody(physics, sphere([0, 0, 0]))
    dispose(physics)
    expectError('E_DISPOSED', { call }, () => act(physics))
  })

  test('twice is no error; nobody is alive', async () => {
    const physics = await createPhysics(SMALL)
    const body = engine.addBody(physics, sphere([0, 0, 0]))
    dispose(physics)
    dispose(physics)
    expect(engine.isAlive(physics, body)).toBe(false)
  })

  test('other worlds go on', async () => {
    const [first, second] = [await createPhysics(SMALL), await createPhysics(SMALL)]
    const body = engine.addBody(second, sphere([0, 0, 0], { linearVelocity: [60, 0, 0] }))
    dispose(first)
    run(second, 60)
    expect(second.components.Position.x[body]).toBeCloseTo(60, 3)
    dispose(second)
  })

  test('a hundred worlds, one after the other', async () => {
    for (let i = 0; i < 100; i++) {
      const physics = await createPhysics(SMALL)
      const body = engine.addBody(physics, sphere([0, 0, 0], { linearVelocity: [6, 0, 0] }))
      run(physics, 3)
      expect(physics.components.Position.x[body]).toBeCloseTo(0.3, 5)
      dispose(physics)
    }
  })
})
