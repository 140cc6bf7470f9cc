import type { Views } from './memory/views.ts'

/** Three columns of 32-bit floats, indexed by entity id. */
export interface VectorComponent {
  readonly x: Float32Array
  readonly y: Float32Array
  readonly z: Float32Array
}

/** Four columns of 32-bit floats, indexed by entity id. */
export interface QuaternionComponent extends VectorComponent {
  readonly w: Float32Array
}

/** One column of 32-bit floats, indexed by entity id. */
export interface ScalarComponent {
  readonly value: Float32Array
}

/** Membership and material of a body, indexed by entity id. */
export interface RigidBodyComponent {
  /** Bits: 1 body, 2 dynamic, 4 kinematic, 8 bullet, 16 attracts, 32 sensor, 64 plane. Write it through `addBody` or `set`. */
  readonly flags: Uint32Array
  /** Sphere radius, m. */
  readonly radius: Float32Array
  /** Coefficient of friction; a pair has the geometric mean. */
  readonly friction: Float32Array
  /** Coefficient of restitution; a pair has the larger one. */
  readonly restitution: Float32Array
  /** 1/s: v ← v / (1 + dt·linearDamping). */
  readonly linearDamping: Float32Array
  /** 1/s. */
  readonly angularDamping: Float32Array
  /** Share of the uniform gravity. */
  readonly gravityScale: Float32Array
  /** A free number that reaches the shader. */
  readonly tint: Float32Array
  /** Groups that the body is in, as bits. */
  readonly group: Uint32Array
  /** Groups that the body touches, as bits. */
  readonly mask: Uint32Array
  /** Number of the instance group that draws it, 0 for none. */
  readonly instanceGroup: Uint32Array
}

/**
 * bitECS components that are the kernel's memory: plain objects of typed arrays, index = entity id, SI units, each column on a 64-byte line.
 * What a system writes is what the next step reads; what a step writes is what the next read gives. The buffers never move.
 */
export interface Components {
  /** m */
  readonly Position: VectorComponent
  /** Unit quaternion. */
  readonly Rotation: QuaternionComponent
  /** Drawn size. */
  readonly Scale: VectorComponent
  /** m/s */
  readonly LinearVelocity: VectorComponent
  /** rad/s, world frame */
  readonly AngularVelocity: VectorComponent
  /** N; cleared at the end of each step */
  readonly Force: VectorComponent
  /** N·m; cleared at the end of each step */
  readonly Torque: VectorComponent
  /** kg */
  readonly Mass: ScalarComponent
  /** C */
  readonly Charge: ScalarComponent
  readonly RigidBody: RigidBodyComponent
}

/** Builds the components over the kernel's columns; each column shows `entities` elements. */
export function createComponents(views: Views, entities: number): Components {
  const f32 = (name: string): Float32Array => views.f32(name, entities)
  const u32 = (name: string): Uint32Array => views.u32(name, entities)
  const vector = (name: string): VectorComponent => ({ x: f32(`${name}.x`), y: f32(`${name}.y`), z: f32(`${name}.z`) })
  return {
    Position: vector('Position'),
    Rotation: { ...vector('Rotation'), w: f32('Rotation.w') },
    Scale: vector('Scale'),
    LinearVelocity: vector('LinearVelocity'),
    AngularVelocity: vector('AngularVelocity'),
    Force: vector('Force'),
    Torque: vector('Torque'),
    Mass: { value: f32('Mass.value') },
    Charge: { value: f32('Charge.value') },
    RigidBody: {
      flags: u32('RigidBody.flags'),
      radius: f32('RigidBody.radius'),
      friction: f32('RigidBody.friction'),
      restitution: f32('RigidBody.restitution'),
      linearDamping: f32('RigidBody.linearDamping'),
      angularDamping: f32('RigidBody.angularDamping'),
      gravityScale: f32('RigidBody.gravityScale'),
      tint: f32('RigidBody.tint'),
      group: u32('RigidBody.group'),
      mask: u32('RigidBody.mask'),
      instanceGroup: u32('RigidBody.instanceGroup'),
    },
  }
}
