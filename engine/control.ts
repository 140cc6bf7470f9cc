import { checkAlive } from './alive.ts'
import {
  BODY_TYPES,
  type BodyType,
  checkInertia,
  checkLocks,
  checkMovable,
  checkRotation,
  checkShape,
  lockFlags,
  shapeRadius,
  shapeVolume,
} from './body-desc.ts'
import { enlist, writeEntry, writePlane, writeRotation, writeScale, writeVector } from './body-write.ts'
import { checkChoice, checkNumber, checkVector, PhysicsError } from './errors.ts'
import * as flag from './flags.ts'
import { INTERNALS, type Internals, type Physics } from './internals.ts'
import { forgetIndex } from './query/columns.ts'
import type { Vec3Like } from './settings.ts'
import type { Shape } from './shapes/shape.ts'
import { dropFresh } from './shapes/table.ts'

/** Longest step, s. */
const STEP = { above: 0, max: 1 }
const POSITIVE = { above: 0 }
/** Cosine of half the largest turn of one step: 170°. Beyond it the velocity that arrives grows without bound. */
const LEAST_REAL = 0.0872

/** A new pose and velocity; what is left out stays. */
export interface TeleportOptions {
  /** m */
  position?: Vec3Like
  /** Quaternion x, y, z, w; normalised on reading. */
  rotation?: ArrayLike<number>
  /** m/s */
  linearVelocity?: Vec3Like
  /** rad/s, world frame */
  angularVelocity?: Vec3Like
}

/**
 * Gives a kinematic body the velocities with which the next step, of `dt` seconds, takes it exactly to a pose; what it touches feels that
 * velocity. It keeps them: call it before every step, or set the velocities to zero.
 * @param target `position`, m; `rotation`: quaternion, at most 170° from the present one, default: the present one
 * @param dt s, > 0 … 1: length of the next step
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_RANGE (also for a body that is not kinematic), E_DISPOSED
 */
export function moveKinematic(
  physics: Physics,
  entity: number,
  target: { position: Vec3Like; rotation?: ArrayLike<number> },
  dt: number,
): void {
  const eid = checkAlive(physics, CALL_MOVE, entity)
  const internals = physics[INTERNALS]
  const { Position, LinearVelocity, AngularVelocity, RigidBody } = physics.components
  if (!(RigidBody.flags[eid]! & flag.KINEMATIC)) throw notA(CALL_MOVE, eid, 'kinematic')
  checkVector(CALL_MOVE, 'position', target?.position, 3, eid)
  checkNumber(CALL_MOVE, 'dt', dt, STEP, eid)
  const { position, rotation } = target
  if (rotation !== undefined) checkVector(CALL_MOVE, 'rotation', rotation, 4, eid)
  checkRotation(CALL_MOVE, rotation, eid)
  const turn = rotation === undefined ? NO_TURN : turnTo(physics, eid, rotation)
  internals.kernel.exports.wake_island(eid)
  LinearVelocity.x[eid] = (position[0]! - Position.x[eid]!) / dt
  LinearVelocity.y[eid] = (position[1]! - Position.y[eid]!) / dt
  LinearVelocity.z[eid] = (position[2]! - Position.z[eid]!) / dt
  AngularVelocity.x[eid] = (2 * turn[0]!) / dt
  AngularVelocity.y[eid] = (2 * turn[1]!) / dt
  AngularVelocity.z[eid] = (2 * turn[2]!) / dt
}

const CALL_MOVE = 'moveKinematic'
const NO_TURN = [0, 0, 0]
const turned = [0, 0, 0]

/**
 * The step turns by q ← normalise(q + ½ dt (ω, 0) ⊗ q). With d = target ⊗ q⁻¹ = (v, w) that arrives when ½ dt ω = v / w; which is
 * tan(½ angle) along the axis. Gives v / w.
 */
function turnTo({ components }: Physics, eid: number, target: ArrayLike<number>): readonly number[] {
  const { Rotation } = components
  const [x, y, z, w] = [-Rotation.x[eid]!, -Rotation.y[eid]!, -Rotation.z[eid]!, Rotation.w[eid]!]
  const [tx, ty, tz, tw] = [target[0]!, target[1]!, target[2]!, target[3]!]
  const real = tw * w - tx * x - ty * y - tz * z
  turned[0] = tw * x + tx * w + ty * z - tz * y
  turned[1] = tw * y + ty * w + tz * x - tx * z
  turned[2] = tw * z + tz * w + tx * y - ty * x
  const length = Math.sqrt(real * real + turned[0] ** 2 + turned[1] ** 2 + turned[2] ** 2)
  if (!(Math.abs(real) >= LEAST_REAL * length)) {
    const reason = 'must be at most 170° from the present rotation'
    throw new PhysicsError('E_RANGE', CALL_MOVE, reason, { entity: eid, field: 'rotation', value: target })
  }
  for (let axis = 0; axis < 3; axis++) turned[axis]! /= real
  return turned
}

/**
 * Puts a body somewhere else at once, through whatever is between, and wakes it and what it touched. Contacts with what it leaves end in the
 * next step.
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function teleport(physics: Physics, entity: number, to: TeleportOptions): void {
  const call = 'teleport'
  const eid = checkAlive(physics, call, entity)
  const internals = physics[INTERNALS]
  const { position, rotation, linearVelocity, angularVelocity } = to
  if (position !== undefined) checkVector(call, 'position', position, 3, eid)
  if (rotation !== undefined) checkVector(call, 'rotation', rotation, 4, eid)
  checkRotation(call, rotation, eid)
  if (linearVelocity !== undefined) checkVector(call, 'linearVelocity', linearVelocity, 3, eid)
  if (angularVelocity !== undefined) checkVector(call, 'angularVelocity', angularVelocity, 3, eid)
  // Before it moves, so that what rests on it wakes too.
  internals.kernel.exports.wake_island(eid)
  const { components } = physics
  forgetIndex(internals)
  if (position) writeVector(components.Position, eid, position)
  if (rotation) writeRotation(components, eid, rotation)
  if (linearVelocity) writeVector(components.LinearVelocity, eid, linearVelocity)
  if (angularVelocity) writeVector(components.AngularVelocity, eid, angularVelocity)
}

/**
 * Wakes a body and its island. Does nothing to a body that is awake, but for starting its time to sleep anew.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function wake(physics: Physics, entity: number): void {
  const eid = checkAlive(physics, 'wake', entity)
  const internals = physics[INTERNALS]
  internals.kernel.exports.wake_island(eid)
  internals.still[eid] = 0
}

/**
 * Puts a dynamic body and its island to sleep now, whatever their speed: they keep still and act as static until something wakes them.
 * @throws PhysicsError E_STALE_ENTITY, E_RANGE (not dynamic), E_DISPOSED
 */
export function sleep(physics: Physics, entity: number): void {
  const eid = checkAlive(physics, 'sleep', entity)
  const internals = physics[INTERNALS]
  if (!(physics.components.RigidBody.flags[eid]! & flag.DYNAMIC)) throw notA('sleep', eid, 'dynamic')
  internals.kernel.exports.sleep_island(eid)
}

/**
 * Whether a body sleeps.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function isAsleep(physics: Physics, entity: number): boolean {
  const eid = checkAlive(physics, 'isAsleep', entity)
  return (physics.components.RigidBody.flags[eid]! & flag.ASLEEP) !== 0
}

/**
 * Lets a body sleep, or forbids it and wakes it.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function setCanSleep(physics: Physics, entity: number, canSleep: boolean): void {
  const eid = checkAlive(physics, 'setCanSleep', entity)
  const internals = physics[INTERNALS]
  if (!canSleep) internals.kernel.exports.wake_island(eid)
  change(physics, internals, eid, { clear: flag.CAN_SLEEP, set: canSleep ? flag.CAN_SLEEP : 0 })
}

/**
 * Makes a body dynamic, kinematic or static, and wakes it and what it touched. Mass, shape and velocity stay; a static body's velocity counts
 * for nothing.
 * @throws PhysicsError E_STALE_ENTITY, E_RANGE (planes and level geometry stay static; too light to be dynamic), E_DISPOSED
 */
export function setBodyType(physics: Physics, entity: number, type: BodyType): void {
  const call = 'setBodyType'
  const eid = checkAlive(physics, call, entity)
  const internals = physics[INTERNALS]
  checkChoice(call, 'type', type, BODY_TYPES)
  const { RigidBody, Mass } = physics.components
  const entry = RigidBody.shape[eid]!
  const plane = (RigidBody.flags[eid]! & flag.PLANE) !== 0
  checkMovable({ call, type, entity: eid }, plane ? PLANE : (internals.shapes.shapes[entry] ?? SPHERE))
  if (type === 'dynamic') {
    checkInertia(internals, call, { mass: Mass.value[eid]!, radius: RigidBody.radius[eid]!, entry }, eid)
  }
  internals.kernel.exports.wake_island(eid)
  const set = type === 'dynamic' ? flag.DYNAMIC : type === 'kinematic' ? flag.KINEMATIC : 0
  change(physics, internals, eid, { clear: flag.DYNAMIC | flag.KINEMATIC, set })
}

const PLANE = { type: 'plane' } as const
const SPHERE = { type: 'sphere' } as const

/**
 * Gives a body another shape, and wakes it and what it touched. The body's position stays and is the new shape's centre of mass; its drawn size
 * becomes the new shape's.
 * @param options `mass`, kg, or `density`, kg/m³: default, the mass stays
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY, E_DISPOSED
 */
export function setShape(
  physics: Physics,
  entity: number,
  shape: Shape,
  options: { mass?: number; density?: number } = {},
): void {
  const call = 'setShape'
  const eid = checkAlive(physics, call, entity)
  const internals = physics[INTERNALS]
  try {
    const { RigidBody, Mass } = physics.components
    const flags = RigidBody.flags[eid]!
    const type = flags & flag.DYNAMIC ? 'dynamic' : flags & flag.KINEMATIC ? 'kinematic' : 'static'
    const entry = checkShape(internals, { call, type, entity: eid }, shape)
    const radius = shapeRadius(internals, shape, entry)
    const { density } = options
    if (density !== undefined) checkNumber(call, 'density', density, POSITIVE, eid)
    const volume = shapeVolume(internals, shape, entry)
    const mass = options.mass ?? (density !== undefined && volume > 0 ? density * volume : Mass.value[eid]!)
    checkNumber(call, 'mass', mass, POSITIVE, eid)
    if (type === 'dynamic') checkInertia(internals, call, { mass, radius, entry }, eid)
    internals.kernel.exports.wake_island(eid)
    Mass.value[eid] = mass
    RigidBody.radius[eid] = radius
    writeScale(physics.components, eid, undefined, shape)
    writeEntry(internals, RigidBody.shape, eid, entry)
    if (shape.type === 'plane') writePlane(physics.components, eid, shape)
    const set = (entry ? flag.SHAPED : 0) | (shape.type === 'plane' ? flag.PLANE : 0)
    change(physics, internals, eid, { clear: flag.SHAPED | flag.PLANE, set })
  } finally {
    dropFresh(internals.shapes)
  }
}

/**
 * Locks axes of the world: the body never moves along, or turns about, a locked axis. What is left out stays.
 * @throws PhysicsError E_STALE_ENTITY, E_RANGE, E_DISPOSED
 */
export function setLocks(
  physics: Physics,
  entity: number,
  locks: { translation?: readonly [boolean, boolean, boolean]; rotation?: readonly [boolean, boolean, boolean] },
): void {
  const eid = checkAlive(physics, 'setLocks', entity)
  const internals = physics[INTERNALS]
  const { translation, rotation } = locks
  if (translation !== undefined) checkLocks('setLocks', 'translation', translation, eid)
  if (rotation !== undefined) checkLocks('setLocks', 'rotation', rotation, eid)
  internals.kernel.exports.wake_island(eid)
  const clear = (translation ? flag.LOCK_LINEAR : 0) | (rotation ? flag.LOCK_ANGULAR : 0)
  change(physics, internals, eid, { clear, set: lockFlags(translation, rotation) })
}

function change(
  physics: Physics,
  internals: Internals,
  eid: number,
  { clear, set }: { clear: number; set: number },
): void {
  const { flags } = physics.components.RigidBody
  enlist(internals, flags, eid, (flags[eid]! & ~clear) | set)
}

function notA(call: string, eid: number, wanted: string): PhysicsError {
  return new PhysicsError('E_RANGE', call, `must be ${wanted}`, { entity: eid, field: 'type' })
}
