import { checkAlive } from './alive.ts'
import type { VectorComponent } from './components.ts'
import { checkVector } from './errors.ts'
import { DYNAMIC } from './flags.ts'
import { INTERNALS, type Physics } from './internals.ts'
import { rotate } from './math/rotate.ts'
import type { Vec3Like } from './settings.ts'
import * as FIELD from './shapes/field.ts'
import * as STRIDE from './shapes/stride.ts'

/**
 * Adds a force, N, at the centre of mass, for the next step only.
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_DISPOSED
 */
export function applyForce(physics: Physics, entity: number, force: Vec3Like): void {
  const eid = checkAlive(physics, 'applyForce', entity)
  checkVector('applyForce', 'force', force, 3, eid)
  add(physics.components.Force, eid, force[0]!, force[1]!, force[2]!, 1)
}

/**
 * Adds a torque, N·m, world frame, for the next step only.
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_DISPOSED
 */
export function applyTorque(physics: Physics, entity: number, torque: Vec3Like): void {
  const eid = checkAlive(physics, 'applyTorque', entity)
  checkVector('applyTorque', 'torque', torque, 3, eid)
  add(physics.components.Torque, eid, torque[0]!, torque[1]!, torque[2]!, 1)
}

/**
 * Changes the velocity at once by an impulse, N·s, at the centre of mass or at a point of the world, m. Only dynamic bodies change.
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_DISPOSED
 */
export function applyImpulse(physics: Physics, entity: number, impulse: Vec3Like, at?: Vec3Like): void {
  const eid = checkAlive(physics, 'applyImpulse', entity)
  checkVector('applyImpulse', 'impulse', impulse, 3, eid)
  if (at) checkVector('applyImpulse', 'at', at, 3, eid)
  const { LinearVelocity, AngularVelocity, Mass, Position, RigidBody } = physics.components
  if (!(RigidBody.flags[eid]! & DYNAMIC)) return
  const mass = Mass.value[eid]!
  const [x, y, z] = [impulse[0]!, impulse[1]!, impulse[2]!]
  add(LinearVelocity, eid, x, y, z, 1 / mass)
  if (!at) return
  const [rx, ry, rz] = [at[0]! - Position.x[eid]!, at[1]! - Position.y[eid]!, at[2]! - Position.z[eid]!]
  const [tx, ty, tz] = [ry * z - rz * y, rz * x - rx * z, rx * y - ry * x]
  const entry = RigidBody.shape[eid]!
  if (entry) {
    addTurn(physics, eid, entry, [tx, ty, tz])
    return
  }
  const inertia = 0.4 * mass * RigidBody.radius[eid]! * RigidBody.radius[eid]!
  add(AngularVelocity, eid, tx, ty, tz, 1 / inertia)
}

/** Changes the angular velocity by R I⁻¹ Rᵀ times an angular impulse, N·m·s. */
function addTurn(physics: Physics, eid: number, entry: number, impulse: readonly [number, number, number]): void {
  const { AngularVelocity, Mass, Rotation } = physics.components
  const { real } = physics[INTERNALS].shapes
  const at = entry * STRIDE.reals + FIELD.inverse
  const q = [Rotation.x[eid]!, Rotation.y[eid]!, Rotation.z[eid]!, Rotation.w[eid]!] as const
  const [x, y, z] = rotate([-q[0], -q[1], -q[2], q[3]], impulse)
  const [xx, yy, zz, xy, xz, yz] = [
    real[at]!,
    real[at + 1]!,
    real[at + 2]!,
    real[at + 3]!,
    real[at + 4]!,
    real[at + 5]!,
  ]
  const turn = rotate(q, [xx * x + xy * y + xz * z, xy * x + yy * y + yz * z, xz * x + yz * y + zz * z])
  add(AngularVelocity, eid, turn[0], turn[1], turn[2], 1 / Mass.value[eid]!)
}

function add(component: VectorComponent, eid: number, x: number, y: number, z: number, scale: number): void {
  component.x[eid]! += x * scale
  component.y[eid]! += y * scale
  component.z[eid]! += z * scale
}
