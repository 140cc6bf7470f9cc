import { type Bounds, checkChoice, checkNumber, checkVector, PhysicsError, refuse } from './errors.ts'
import * as flag from './flags.ts'
import type { Internals } from './internals.ts'
import { length3 } from './math/exact.ts'
import type { Vec3Like } from './settings.ts'
import { findEntry } from './shapes/build.ts'
import * as FIELD from './shapes/field.ts'
import { checkTurn, NOT_ZERO, type PlaneShape, type Shape } from './shapes/shape.ts'
import * as STRIDE from './shapes/stride.ts'
import { isStaticOnly, TABLE_SHAPES, type TableShape } from './shapes/table.ts'

/** What a body is made from. SI units; arrays are read at once and not kept. */
export interface BodyDesc {
  /** `dynamic` is moved by forces and contacts, `kinematic` by its own velocity, `static` not at all. Default dynamic; planes are static. */
  type?: 'dynamic' | 'kinematic' | 'static'
  /** m. Default the origin. */
  position?: Vec3Like
  /** Quaternion x, y, z, w; normalised on reading. Default none. */
  rotation?: ArrayLike<number>
  /** m/s. Default 0. */
  linearVelocity?: Vec3Like
  /** rad/s, world frame. Default 0. */
  angularVelocity?: Vec3Like
  /** kg, > 0. Default: from `density`; 1 for shapes without volume. */
  mass?: number
  /** kg/m³, > 0. Default 1. */
  density?: number
  /** C. Default 0. */
  charge?: number
  shape: Shape
  /** ≥ 0. Default 0.5. A pair has the geometric mean. */
  friction?: number
  /** 0 … 1. Default 0. A pair has the larger one. */
  restitution?: number
  /** 1/s, ≥ 0: v ← v / (1 + dt·linearDamping). Default 0. */
  linearDamping?: number
  /** 1/s, ≥ 0. Default 0. */
  angularDamping?: number
  /** Share of the uniform gravity. Default 1. */
  gravityScale?: number
  /** A source of long-range gravity. Default false. */
  attracts?: boolean
  /**
   * Swept: never passes through anything (tested at 1,000 m/s); stops at its first hit in a step, which is reported. Touches all but other
   * bullets and sensors; sensors tell of it.
   */
  bullet?: boolean
  /** Touches nothing, and tells which dynamic, kinematic and sleeping bodies are in it or flew through it; no other sensors. */
  sensor?: boolean
  /** m, ≥ 0. Rolling and twisting are resisted by a torque of at most this times the normal force. Default 0. */
  rollingResistance?: number
  /**
   * Whether it may fall asleep. Default true, but false in worlds with long-range forces, where nothing is ever at rest, and where the
   * world's option `sleep` is false.
   */
  canSleep?: boolean
  /** Axes of the world along which it never moves. Default none. */
  lockTranslation?: readonly [boolean, boolean, boolean]
  /** Axes of the world about which it never turns. Default none. */
  lockRotation?: readonly [boolean, boolean, boolean]
  /** Groups it is in, 32 bits. Default 1. */
  group?: number
  /** Groups it touches, 32 bits. Default all. Two bodies touch when each is in a group of the other's mask. */
  mask?: number
  /**
   * Drawn size, of each axis or of all. Default: a sphere's radius, a box's half extents, a capsule's (radius, half height, radius); 1 for
   * other shapes.
   */
  scale?: number | Vec3Like
  /** Name of the instance group that draws it. */
  instanceGroup?: string
  /** A free number that reaches the shader. */
  tint?: number
}

/** How a body moves. */
export type BodyType = NonNullable<BodyDesc['type']>

/**
 * A description with every field, so that all of them have one hidden class: looking up fields of objects of many classes took half of the
 * time of `addBody`.
 */
export function blankBody(): BodyDesc {
  return readBody({ shape: { type: 'sphere', radius: 0.5 } }, {} as BodyDesc)
}

/** Copies a description into one that `blankBody` made. */
export function readBody(desc: BodyDesc, into: BodyDesc): BodyDesc {
  into.shape = desc.shape
  into.type = desc.type
  into.position = desc.position
  into.rotation = desc.rotation
  into.linearVelocity = desc.linearVelocity
  into.angularVelocity = desc.angularVelocity
  into.mass = desc.mass
  into.density = desc.density
  into.charge = desc.charge
  into.friction = desc.friction
  into.restitution = desc.restitution
  into.linearDamping = desc.linearDamping
  into.angularDamping = desc.angularDamping
  into.gravityScale = desc.gravityScale
  into.attracts = desc.attracts
  into.bullet = desc.bullet
  into.sensor = desc.sensor
  into.rollingResistance = desc.rollingResistance
  into.canSleep = desc.canSleep
  into.lockTranslation = desc.lockTranslation
  into.lockRotation = desc.lockRotation
  into.group = desc.group
  into.mask = desc.mask
  into.scale = desc.scale
  into.instanceGroup = desc.instanceGroup
  into.tint = desc.tint
  return into
}

/** What checking a description finds out. */
export interface CheckedBody {
  flags: number
  mass: number
  radius: number
  group: number
  /** Entry of the shape table; 0 for spheres and planes. */
  entry: number
}

/** Who gives a shape to what. */
export interface ShapeUse {
  call: string
  type: BodyType
  entity: number | undefined
}

export const BODY_TYPES = ['dynamic', 'kinematic', 'static'] as const
const MAX_PLANES = 64
/** kg·m² */
const MIN_INERTIA = 1e-37
const ANY = {}
const POSITIVE = { above: 0 }
const NOT_NEGATIVE = { min: 0 }
const SHARE = { min: 0, max: 1 }
const BITS = { min: 0, max: 0xffff_ffff, integer: true }

/**
 * Checks a description against the world, writing nothing but new entries of the shape table; the caller ends with `dropFresh`.
 * Written out field by field, for `addBody` is called often.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY
 */
export function checkBody(internals: Internals, call: string, desc: BodyDesc, entity?: number): CheckedBody {
  const { rotation, scale, lockTranslation, lockRotation } = desc
  vectorIn(call, 'position', desc.position, 3, entity)
  vectorIn(call, 'rotation', rotation, 4, entity)
  vectorIn(call, 'linearVelocity', desc.linearVelocity, 3, entity)
  vectorIn(call, 'angularVelocity', desc.angularVelocity, 3, entity)
  numberIn(call, 'mass', desc.mass, POSITIVE, entity)
  numberIn(call, 'density', desc.density, POSITIVE, entity)
  numberIn(call, 'charge', desc.charge, ANY, entity)
  numberIn(call, 'friction', desc.friction, NOT_NEGATIVE, entity)
  numberIn(call, 'restitution', desc.restitution, SHARE, entity)
  numberIn(call, 'rollingResistance', desc.rollingResistance, NOT_NEGATIVE, entity)
  numberIn(call, 'linearDamping', desc.linearDamping, NOT_NEGATIVE, entity)
  numberIn(call, 'angularDamping', desc.angularDamping, NOT_NEGATIVE, entity)
  numberIn(call, 'gravityScale', desc.gravityScale, ANY, entity)
  if (typeof scale === 'object') vectorIn(call, 'scale', scale, 3, entity)
  else numberIn(call, 'scale', scale, ANY, entity)
  numberIn(call, 'tint', desc.tint, ANY, entity)
  numberIn(call, 'group', desc.group, BITS, entity)
  numberIn(call, 'mask', desc.mask, BITS, entity)
  if (lockTranslation !== undefined) checkLocks(call, 'lockTranslation', lockTranslation, entity)
  if (lockRotation !== undefined) checkLocks(call, 'lockRotation', lockRotation, entity)
  checkRotation(call, rotation, entity)
  return checkKind(internals, call, desc, entity)
}

/** Checks what is given. Functions of the module: a closure would be made by every call. */
function vectorIn(
  call: string,
  field: string,
  value: ArrayLike<number> | undefined,
  length: number,
  entity: number | undefined,
): void {
  if (value !== undefined) checkVector(call, field, value, length, entity)
}

function numberIn(
  call: string,
  field: string,
  value: number | undefined,
  bounds: Bounds,
  entity: number | undefined,
): void {
  if (value !== undefined) checkNumber(call, field, value, bounds, entity)
}

/** Refuses a rotation without length. @throws PhysicsError E_RANGE */
export function checkRotation(call: string, rotation: ArrayLike<number> | undefined, entity?: number): void {
  if (rotation) checkTurn(call, 'rotation', rotation, entity)
}

/** Refuses what is not three truth values. @throws PhysicsError E_RANGE */
export function checkLocks(call: string, field: string, value: unknown, entity?: number): void {
  if (Array.isArray(value) && value.length === 3 && value.every((axis) => typeof axis === 'boolean')) return
  refuse('E_RANGE', call, 'must be three truth values, for x, y and z', field, value, entity)
}

/** The flags of locked axes. */
export function lockFlags(
  translation: readonly boolean[] | undefined,
  rotation: readonly boolean[] | undefined,
): number {
  let flags = 0
  for (let axis = 0; axis < 3; axis++) {
    if (translation?.[axis]) flags |= flag.LOCK_X << axis
    if (rotation?.[axis]) flags |= flag.LOCK_TURN_X << axis
  }
  return flags
}

function checkKind(internals: Internals, call: string, desc: BodyDesc, entity: number | undefined): CheckedBody {
  const { shape } = desc
  const plane = shape?.type === 'plane'
  const type = checkChoice(call, 'type', desc.type ?? (isStaticOnly(shape) ? 'static' : 'dynamic'), BODY_TYPES)
  const group = desc.instanceGroup === undefined ? 0 : internals.groupNumbers.get(desc.instanceGroup)
  if (group === undefined) {
    const reason = `must be one of the world's instance groups (${internals.instanceNames.join(', ') || 'none'})`
    return refuse('E_RANGE', call, reason, 'instanceGroup', desc.instanceGroup, entity)
  }
  const entry = checkShape(internals, { call, type, entity }, shape)
  const radius = shapeRadius(internals, shape, entry)
  const mass = desc.mass ?? ((desc.density ?? 1) * shapeVolume(internals, shape, entry) || 1)
  checkNumber(call, 'mass', mass, POSITIVE, entity)
  if (type === 'dynamic') checkInertia(internals, call, { mass, radius, entry }, entity)
  let flags = flag.BODY | lockFlags(desc.lockTranslation, desc.lockRotation)
  if (type === 'dynamic') flags |= flag.DYNAMIC
  if (type === 'kinematic') flags |= flag.KINEMATIC
  if (desc.bullet) flags |= flag.BULLET
  if (desc.attracts) flags |= flag.ATTRACTS
  if (desc.sensor) flags |= flag.SENSOR
  if (plane) flags |= flag.PLANE
  if (entry) flags |= flag.SHAPED
  if (desc.canSleep ?? internals.sleeps) flags |= flag.CAN_SLEEP
  return { flags, mass, radius, group, entry }
}

/**
 * Refuses a body so light or small that its inverse moment of inertia leaves the range of 32-bit floats.
 * @throws PhysicsError E_RANGE
 */
export function checkInertia(
  { shapes }: Internals,
  call: string,
  { mass, radius, entry }: Pick<CheckedBody, 'mass' | 'radius' | 'entry'>,
  entity: number | undefined,
): void {
  let least = 0.4 * mass * radius * radius
  let most = least
  if (entry) {
    const at = entry * STRIDE.reals
    const { real } = shapes
    most = mass * largest(real, at + FIELD.inertia)
    least = mass / largest(real, at + FIELD.inverse)
  }
  if (!(least >= MIN_INERTIA && most <= 1 / MIN_INERTIA)) {
    const reason = `the moment of inertia must be ${MIN_INERTIA} … ${1 / MIN_INERTIA} kg·m²`
    refuse('E_RANGE', call, reason, 'mass', mass, entity)
  }
}

function largest(of: ArrayLike<number>, at: number): number {
  return Math.max(of[at]!, of[at + 1]!, of[at + 2]!)
}

/**
 * Checks a shape for a body of a type. Gives its entry, 0 for spheres and planes; the caller ends with `dropFresh`.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY
 */
export function checkShape(internals: Internals, { call, type, entity }: ShapeUse, shape: Shape): number {
  if (shape?.type === 'sphere') {
    checkNumber(call, 'shape.radius', shape.radius, POSITIVE, entity)
    return 0
  }
  checkMovable({ call, type, entity }, shape)
  if (shape?.type === 'plane') {
    checkPlane(internals, call, shape, entity)
    return 0
  }
  if (!TABLE_SHAPES.includes(shape?.type)) {
    const reason = `must be sphere, plane, ${TABLE_SHAPES.join(', ')}`
    const value = (shape as { type?: unknown } | undefined)?.type
    refuse('E_UNSUPPORTED', call, reason, 'shape.type', value, entity)
  }
  return findEntry(internals.shapes, { call, field: 'shape', entity }, shape as TableShape)
}

/** Refuses a shape that can only be static for a body that is not. @throws PhysicsError E_RANGE */
export function checkMovable({ call, type, entity }: ShapeUse, shape: Pick<Shape, 'type'>): void {
  if (type === 'static' || !isStaticOnly(shape)) return
  refuse('E_RANGE', call, `a ${shape.type} must be static`, 'type', type, entity)
}

function checkPlane(internals: Internals, call: string, shape: PlaneShape, entity: number | undefined): void {
  const normal = checkVector(call, 'shape.normal', shape.normal, 3, entity)
  checkNumber(call, 'shape.offset', shape.offset, {}, entity)
  if (length3(normal[0]!, normal[1]!, normal[2]!) < 1e-6) {
    refuse('E_RANGE', call, NOT_ZERO, 'shape.normal', normal, entity)
  }
  if (internals.planes >= MAX_PLANES) {
    throw new PhysicsError('E_CAPACITY', call, `at most ${MAX_PLANES} planes`, { entity, field: 'shape.type' })
  }
}

/** Radius of the ball about the centre of mass that holds a checked shape, m; 0 for planes. */
export function shapeRadius({ shapes }: Internals, shape: Shape, entry: number): number {
  if (entry) return shapes.real[entry * STRIDE.reals + FIELD.radius]!
  return shape.type === 'sphere' ? shape.radius : 0
}

/** Volume of a checked shape, m³; 0 for planes and level geometry. */
export function shapeVolume({ shapes }: Internals, shape: Shape, entry: number): number {
  if (entry) return shapes.real[entry * STRIDE.reals + FIELD.volume]!
  return shape.type === 'sphere' ? (4 / 3) * Math.PI * shape.radius * shape.radius * shape.radius : 0
}
