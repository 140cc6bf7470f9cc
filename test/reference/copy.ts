/** Carries scenes and state between the engine's columns and a reference world. */
import {
  type BodyDesc,
  frameStats,
  type Physics,
  type QuaternionComponent,
  type VectorComponent,
} from '../../engine/index.ts'
import { INTERNALS } from '../../engine/internals.ts'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { pairKey } from './collide.ts'
import type { Quat, Vec3 } from './vec.ts'
import {
  addReferenceBody,
  type ContactOrder,
  createReferenceWorld,
  type Kind,
  type ReferenceBody,
  type ReferenceBodyDesc,
  type ReferenceWorld,
} from './world.ts'

const KINDS: Kind[] = ['static', 'dynamic', 'kinematic']

/** A scene as a reference world; `eids` are the engine's ids for the spheres (default 1, 2, …), planes come after. */
export function referenceOfScene(scene: SceneData, eids?: ArrayLike<number>): ReferenceWorld {
  const world = createReferenceWorld({ gravity: scene.gravity, longRange: scene.longRange })
  const s = scene.spheres
  for (let i = 0; i < s.count; i++) {
    const desc: ReferenceBodyDesc = {
      type: KINDS[s.kind[i]],
      shape: { type: 'sphere', radius: s.radius[i] },
      position: [s.x[i], s.y[i], s.z[i]],
      linearVelocity: [s.vx[i], s.vy[i], s.vz[i]],
      mass: s.mass[i],
      charge: s.charge[i],
      friction: s.friction[i],
      restitution: s.restitution[i],
      bullet: s.bullet[i] === 1,
      attracts: s.attracts[i] === 1,
    }
    addReferenceBody(world, desc, eids ? eids[i] : i + 1)
  }
  for (const { normal, offset, friction, restitution } of scene.planes) {
    addReferenceBody(world, { shape: { type: 'plane', normal, offset }, friction, restitution })
  }
  return world
}

/** Adds one body to the reference as `addBody` added it to the engine, with the engine's own rounded values. */
export function mirrorBody(world: ReferenceWorld, physics: Physics, eid: number, desc: BodyDesc): ReferenceBody {
  const body = addReferenceBody(world, desc as ReferenceBodyDesc, eid)
  copyBodyFromPhysics(body, physics)
  return body
}

/** Reads the state of every body out of the engine's columns: what its precision made of it, exactly. */
export function copyFromPhysics(world: ReferenceWorld, physics: Physics): void {
  for (const body of world.bodies) copyBodyFromPhysics(body, physics)
}

function copyBodyFromPhysics(body: ReferenceBody, physics: Physics): void {
  const { Rotation, Mass, Charge, RigidBody, ...c } = physics.components
  const i = body.id
  body.position = read3(c.Position, i)
  body.rotation = [Rotation.x[i], Rotation.y[i], Rotation.z[i], Rotation.w[i]]
  body.velocity = read3(c.LinearVelocity, i)
  body.angularVelocity = read3(c.AngularVelocity, i)
  body.force = read3(c.Force, i)
  body.torque = read3(c.Torque, i)
  body.mass = Mass.value[i]
  body.charge = Charge.value[i]
  body.friction = RigidBody.friction[i]
  body.restitution = RigidBody.restitution[i]
  body.linearDamping = RigidBody.linearDamping[i]
  body.angularDamping = RigidBody.angularDamping[i]
  body.gravityScale = RigidBody.gravityScale[i]
  body.group = RigidBody.group[i]
  body.mask = RigidBody.mask[i]
  if (body.shape.type === 'sphere') body.shape = { type: 'sphere', radius: RigidBody.radius[i] }
}

/** Writes what moves (pose, velocities, forces) into the engine's columns; planes stay as they are. */
export function copyToPhysics(world: ReferenceWorld, physics: Physics): void {
  const { Position, Rotation, LinearVelocity, AngularVelocity, Force, Torque } = physics.components
  for (const body of world.bodies) {
    if (body.shape.type === 'plane') continue
    write3(Position, body.id, body.position)
    writeRotation(Rotation, body.id, body.rotation)
    write3(LinearVelocity, body.id, body.velocity)
    write3(AngularVelocity, body.id, body.angularVelocity)
    write3(Force, body.id, body.force)
    write3(Torque, body.id, body.torque)
  }
}

/** The order in which the kernel solved the contacts of its last step: that of the cells in which it found them. */
export function contactOrderOf(physics: Physics): ContactOrder {
  const { views } = physics[INTERNALS]
  const [a, b] = [views.u32('scratch.contactA'), views.u32('scratch.contactB')]
  const order = new Map<string, number>()
  for (let k = 0; k < frameStats(physics).contacts; k++) order.set(pairKey({ id: a[k] }, { id: b[k] }), k)
  return order
}

export const read3 = (column: VectorComponent, i: number): Vec3 => [column.x[i], column.y[i], column.z[i]]

export function write3(column: VectorComponent, i: number, value: Vec3): void {
  column.x[i] = value[0]
  column.y[i] = value[1]
  column.z[i] = value[2]
}

function writeRotation(column: QuaternionComponent, i: number, value: Quat): void {
  write3(column, i, [value[0], value[1], value[2]])
  column.w[i] = value[3]
}
