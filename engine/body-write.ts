import { EMBODIED } from './alive.ts'
import type { BodyDesc, CheckedBody } from './body-desc.ts'
import type { Components, VectorComponent } from './components.ts'
import * as flag from './flags.ts'
import { INTERNALS, type Internals, type Physics } from './internals.ts'
import { length3, length4 } from './math/exact.ts'
import { countReleased, countTaken } from './pool.ts'
import { forgetIndex } from './query/columns.ts'
import type { Vec3Like } from './settings.ts'
import type { PlaneShape, Shape } from './shapes/shape.ts'
import { holdEntry, releaseEntry } from './shapes/table.ts'

const ZERO = [0, 0, 0]
const IDENTITY = [0, 0, 0, 1]

/** Writes a checked description into the columns of a fresh entity, whatever was in them. */
export function writeFresh(physics: Physics, eid: number, desc: BodyDesc, checked: CheckedBody): void {
  const { Force, Torque, RigidBody } = physics.components
  writeAll(Force, eid, 0)
  writeAll(Torque, eid, 0)
  RigidBody.flags[eid] = 0
  writeBody(physics, eid, desc, checked)
}

/** Writes a checked description into the columns and makes the entity a body. */
export function writeBody(physics: Physics, eid: number, desc: BodyDesc, checked: CheckedBody): void {
  const { components } = physics
  const internals = physics[INTERNALS]
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
  RigidBody.rollingResistance[eid] = desc.rollingResistance ?? 0
  writeScale(components, eid, desc.scale, desc.shape)
  writeEntry(internals, RigidBody.shape, eid, checked.entry)
  if (desc.shape.type === 'plane') writePlane(components, eid, desc.shape)
  // Joints outlast a new description.
  enlist(internals, RigidBody.flags, eid, checked.flags | (RigidBody.flags[eid]! & flag.JOINTED))
}

/** Gives a body its entry of the shape table: the new one is held, the old one let go. */
export function writeEntry({ shapes }: Internals, column: Uint32Array, eid: number, entry: number): void {
  const before = column[eid]!
  if (entry) holdEntry(shapes, entry)
  column[eid] = entry
  if (before) releaseEntry(shapes, before)
}

/** Writes the drawn size: the given one, or what the shape has. */
export function writeScale(
  { Scale }: Components,
  eid: number,
  scale: number | Vec3Like | undefined,
  shape: Shape,
): void {
  if (typeof scale === 'object') writeVector(Scale, eid, scale)
  else if (scale !== undefined) writeAll(Scale, eid, scale)
  else if (shape.type === 'box') writeVector(Scale, eid, shape.halfExtents)
  else if (shape.type === 'sphere') writeAll(Scale, eid, shape.radius)
  else if (shape.type === 'capsule') {
    writeAll(Scale, eid, shape.radius)
    Scale.y[eid] = shape.halfHeight
  } else writeAll(Scale, eid, 1)
}

function writeAll(component: VectorComponent, eid: number, value: number): void {
  component.x[eid] = value
  component.y[eid] = value
  component.z[eid] = value
}

/** Writes flags and keeps the world's counts true. */
export function enlist(internals: Internals, flags: Uint32Array, eid: number, value: number): void {
  const before = flags[eid]!
  const bodies = (value & flag.BODY) - (before & flag.BODY)
  if (bodies > 0) {
    countTaken(internals.pools.bodies, (internals.life[eid]! & EMBODIED) !== 0)
    internals.life[eid]! |= EMBODIED
  } else if (bodies < 0) countReleased(internals.pools.bodies)
  internals.bodies += bodies
  internals.planes += (value & flag.PLANE ? 1 : 0) - (before & flag.PLANE ? 1 : 0)
  if (value & flag.BODY && eid >= internals.high) internals.high = eid + 1
  flags[eid] = value
  forgetIndex(internals)
}

function writeMotion(components: Components, eid: number, desc: BodyDesc): void {
  const { Position, LinearVelocity, AngularVelocity } = components
  writeVector(Position, eid, desc.position ?? ZERO)
  writeVector(LinearVelocity, eid, desc.linearVelocity ?? ZERO)
  writeVector(AngularVelocity, eid, desc.angularVelocity ?? ZERO)
  writeRotation(components, eid, desc.rotation ?? IDENTITY)
}

/** Writes a quaternion of any length but zero. */
export function writeRotation({ Rotation }: Components, eid: number, q: ArrayLike<number>): void {
  const length = length4(q)
  Rotation.x[eid] = q[0]! / length
  Rotation.y[eid] = q[1]! / length
  Rotation.z[eid] = q[2]! / length
  Rotation.w[eid] = q[3]! / length
}

/** A plane is a point of its surface and the rotation that takes +y to its normal. */
export function writePlane(components: Components, eid: number, shape: PlaneShape): void {
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

/** Reads a vector from three columns into an array, and gives that. */
export function readVector(component: VectorComponent, eid: number, into: number[]): number[] {
  into[0] = component.x[eid]!
  into[1] = component.y[eid]!
  into[2] = component.z[eid]!
  return into
}
