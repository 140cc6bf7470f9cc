import type { Components, VectorComponent } from './components.ts'
import { checkChoice, checkNumber, checkVector, PhysicsError } from './errors.ts'
import * as flag from './flags.ts'
import { INTERNALS, type Internals, type Physics } from './internals.ts'
import { length3, length4 } from './math/exact.ts'
import type { Vec3Like } from './settings.ts'

/** A collision shape. */
export type Shape =
  | { type: 'sphere' /** m, > 0 */; radius: number }
  | { type: 'plane' /** unit is made of it */; normal: Vec3Like /** m along the normal */; offset: number }

/** What a body is made from. SI units; arrays are read at once and not kept. */
export interface BodyDesc {
  /** `dynamic` is moved by forces and contacts, `kinematic` by its own velocity, `static` not at all. Default dynamic; planes are static. */
  type?: 'dynamic' | 'kinematic' | 'static'
  /** m. Default the origin. */
  position?: Vec3Like
  /** Quaternion x, y, z, w; normalised on reading. Default none. */
  rotation?: ArrayLike<number>
  /** m/s */
  linearVelocity?: Vec3Like
  /** rad/s, world frame */
  angularVelocity?: Vec3Like
  /** kg, > 0. Default: from `density`. */
  mass?: number
  /** kg/m³, > 0. Default 1. */
  density?: number
  /** C */
  charge?: number
  shape: Shape
  /** ≥ 0. Default 0.5. A pair has the geometric mean. */
  friction?: number
  /** 0 … 1. Default 0. A pair has the larger one. */
  restitution?: number
  /** 1/s, ≥ 0. */
  linearDamping?: number
  /** 1/s, ≥ 0. */
  angularDamping?: number
  /** Share of the uniform gravity. Default 1. */
  gravityScale?: number
  /** A source of long-range gravity. */
  attracts?: boolean
  /** Swept: never passes through anything, whatever its speed; touches all but other bullets. */
  bullet?: boolean
  /** Touches nothing. */
  sensor?: boolean
  /** Groups it is in, 32 bits. Default 1. */
  group?: number
  /** Groups it touches, 32 bits. Default all. Two bodies touch when each is in a group of the other's mask. */
  mask?: number
  /** Drawn size. Default the radius. */
  scale?: number
  /** Name of the instance group that draws it. */
  instanceGroup?: string
  /** A free number that reaches the shader. */
  tint?: number
}

/** What checking a description finds out. */
export interface CheckedBody {
  flags: number
  mass: number
  radius: number
  group: number
}

const MAX_PLANES = 64
/** kg·m² */
const MIN_INERTIA = 1e-37
const ZERO = [0, 0, 0]
const IDENTITY = [0, 0, 0, 1]

/**
 * Checks a description against the world, writing nothing.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY
 */
export function checkBody(internals: Internals, call: string, desc: BodyDesc, entity?: number): CheckedBody {
  const number = (field: keyof BodyDesc, bounds = {}): void => {
    if (desc[field] !== undefined) checkNumber(call, field, desc[field], bounds, entity)
  }
  const vector = (field: keyof BodyDesc, length: number): void => {
    if (desc[field] !== undefined) checkVector(call, field, desc[field] as ArrayLike<number>, length, entity)
  }
  vector('position', 3)
  vector('rotation', 4)
  vector('linearVelocity', 3)
  vector('angularVelocity', 3)
  number('mass', { above: 0 })
  number('density', { above: 0 })
  number('charge')
  number('friction', { min: 0 })
  number('restitution', { min: 0, max: 1 })
  number('linearDamping', { min: 0 })
  number('angularDamping', { min: 0 })
  number('gravityScale')
  number('scale')
  number('tint')
  number('group', { min: 0, max: 0xffff_ffff, integer: true })
  number('mask', { min: 0, max: 0xffff_ffff, integer: true })
  checkRotation(call, desc.rotation, entity)
  return checkKind(internals, call, desc, entity)
}

function checkRotation(call: string, rotation: ArrayLike<number> | undefined, entity: number | undefined): void {
  if (rotation && length4(rotation) < 1e-6) {
    throw new PhysicsError('E_RANGE', call, 'must not be zero', { entity, field: 'rotation', value: rotation })
  }
}

function checkKind(internals: Internals, call: string, desc: BodyDesc, entity: number | undefined): CheckedBody {
  const { shape } = desc
  const plane = shape?.type === 'plane'
  const type = checkChoice(call, 'type', desc.type ?? (plane ? 'static' : 'dynamic'), [
    'dynamic',
    'kinematic',
    'static',
  ])
  const radius = checkShape(internals, call, shape, type, entity)
  const volume = (4 / 3) * Math.PI * radius * radius * radius
  const mass = desc.mass ?? (plane ? 1 : (desc.density ?? 1) * volume)
  checkNumber(call, 'mass', mass, { above: 0 }, entity)
  if (type === 'dynamic') checkInertia(call, mass, radius, entity)
  const group = desc.instanceGroup === undefined ? 0 : internals.groupNumbers.get(desc.instanceGroup)
  if (group === undefined) {
    const names = internals.instanceNames.join(', ') || 'none'
    throw new PhysicsError('E_RANGE', call, `must be one of the world's instance groups (${names})`, {
      entity,
      field: 'instanceGroup',
      value: desc.instanceGroup,
    })
  }
  let flags = flag.BODY
  if (type === 'dynamic') flags |= flag.DYNAMIC
  if (type === 'kinematic') flags |= flag.KINEMATIC
  if (desc.bullet) flags |= flag.BULLET
  if (desc.attracts) flags |= flag.ATTRACTS
  if (desc.sensor) flags |= flag.SENSOR
  if (plane) flags |= flag.PLANE
  return { flags, mass, radius, group }
}

/** Refuses a body so light or small that its inverse moment of inertia leaves the range of 32-bit floats. */
function checkInertia(call: string, mass: number, radius: number, entity: number | undefined): void {
  const inertia = 0.4 * mass * radius * radius
  if (inertia < MIN_INERTIA || inertia > 1 / MIN_INERTIA) {
    throw new PhysicsError('E_RANGE', call, `the moment of inertia must be ${MIN_INERTIA} … ${1 / MIN_INERTIA} kg·m²`, {
      entity,
      field: 'mass',
      value: mass,
    })
  }
}

/** Gives the radius; a plane has none. */
function checkShape(
  internals: Internals,
  call: string,
  shape: Shape,
  type: string,
  entity: number | undefined,
): number {
  if (shape?.type === 'sphere') {
    return checkNumber(call, 'shape.radius', shape.radius, { above: 0 }, entity)
  }
  if (shape?.type !== 'plane') {
    const value = (shape as { type?: unknown } | undefined)?.type
    throw new PhysicsError('E_UNSUPPORTED', call, 'must be sphere or plane', { entity, field: 'shape.type', value })
  }
  const normal = checkVector(call, 'shape.normal', shape.normal, 3, entity)
  checkNumber(call, 'shape.offset', shape.offset, {}, entity)
  if (length3(normal[0]!, normal[1]!, normal[2]!) < 1e-6) {
    throw new PhysicsError('E_RANGE', call, 'must not be zero', { entity, field: 'shape.normal', value: normal })
  }
  if (type !== 'static') {
    throw new PhysicsError('E_RANGE', call, 'a plane must be static', { entity, field: 'type', value: type })
  }
  if (internals.planes >= MAX_PLANES) {
    throw new PhysicsError('E_CAPACITY', call, `at most ${MAX_PLANES} planes`, { entity, field: 'shape.type' })
  }
  return 0
}

/** Writes a checked description into the columns and makes the entity a body. */
export function writeBody(physics: Physics, eid: number, desc: BodyDesc, checked: CheckedBody): void {
  const { components } = physics
  const { RigidBody } = components
  writeMotion(components, eid, desc)
  components.Mass.value[eid] = checked.mass
  components.Charge.value[eid] = desc.charge ?? 0
  RigidBody.radius[eid] = checked.radius
  RigidBody.friction[eid] = desc.friction ?? 0.5
  RigidBody.restitution[eid] = desc.restitution ?? 0
  RigidBody.linearDamping[eid] = desc.linearDamping ?? 0
  RigidBody.angularDamping[eid] = desc.angularDamping ?? 0
  RigidBody.gravityScale[eid] = desc.gravityScale ?? 1
  RigidBody.tint[eid] = desc.tint ?? 0
  RigidBody.group[eid] = desc.group ?? 1
  RigidBody.mask[eid] = desc.mask ?? 0xffff_ffff
  RigidBody.instanceGroup[eid] = checked.group
  const scale = desc.scale ?? (checked.radius || 1)
  components.Scale.x[eid] = scale
  components.Scale.y[eid] = scale
  components.Scale.z[eid] = scale
  if (desc.shape.type === 'plane') writePlane(components, eid, desc.shape)
  enlist(physics[INTERNALS], RigidBody.flags, eid, checked.flags)
}

/** Writes flags and keeps the world's counts true. */
export function enlist(internals: Internals, flags: Uint32Array, eid: number, value: number): void {
  const before = flags[eid]!
  internals.bodies += (value & flag.BODY) - (before & flag.BODY)
  internals.planes += (value & flag.PLANE ? 1 : 0) - (before & flag.PLANE ? 1 : 0)
  if (value & flag.BODY && eid >= internals.high) internals.high = eid + 1
  flags[eid] = value
}

function writeMotion(components: Components, eid: number, desc: BodyDesc): void {
  const { Position, Rotation, LinearVelocity, AngularVelocity } = components
  writeVector(Position, eid, desc.position ?? ZERO)
  writeVector(LinearVelocity, eid, desc.linearVelocity ?? ZERO)
  writeVector(AngularVelocity, eid, desc.angularVelocity ?? ZERO)
  const q = desc.rotation ?? IDENTITY
  const length = length4(q)
  Rotation.x[eid] = q[0]! / length
  Rotation.y[eid] = q[1]! / length
  Rotation.z[eid] = q[2]! / length
  Rotation.w[eid] = q[3]! / length
}

/** A plane is a point of its surface and the rotation that takes +y to its normal. */
function writePlane(components: Components, eid: number, shape: { normal: Vec3Like; offset: number }): void {
  const { Position, Rotation } = components
  const length = length3(shape.normal[0]!, shape.normal[1]!, shape.normal[2]!)
  const [x, y, z] = [shape.normal[0]! / length, shape.normal[1]! / length, shape.normal[2]! / length]
  writeVector(Position, eid, [x * shape.offset, y * shape.offset, z * shape.offset])
  // The shortest turn from +y: (n × … , 1 + y); straight down has none, so any half turn about x does.
  const w = 1 + y
  const norm = length3(z, x, w)
  const flipped = norm < 1e-6
  Rotation.x[eid] = flipped ? 1 : z / norm
  Rotation.y[eid] = 0
  Rotation.z[eid] = flipped ? 0 : -x / norm
  Rotation.w[eid] = flipped ? 0 : w / norm
}

/** Writes a vector into three columns. */
export function writeVector(component: VectorComponent, eid: number, value: Vec3Like): void {
  component.x[eid] = value[0]!
  component.y[eid] = value[1]!
  component.z[eid] = value[2]!
}
