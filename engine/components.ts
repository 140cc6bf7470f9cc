import type { RealArray, Views } from './memory/views.ts'

/** Three columns of the state, indexed by entity id. */
export interface VectorComponent<Real extends RealArray = RealArray> {
  readonly x: Real
  readonly y: Real
  readonly z: Real
}

/** Four columns of the state, indexed by entity id. */
export interface QuaternionComponent<Real extends RealArray = RealArray> extends VectorComponent<Real> {
  readonly w: Real
}

/** One column of the state, indexed by entity id. */
export interface ScalarComponent<Real extends RealArray = RealArray> {
  readonly value: Real
}

/** Membership and material of a body, indexed by entity id. */
export interface RigidBodyComponent<Real extends RealArray = RealArray> {
  /**
   * Bits: 1 body, 2 dynamic, 4 kinematic, 8 bullet, 16 attracts, 32 sensor, 64 plane, 128 has an entry of the shape table,
   * 256 asleep, 512 may sleep, 1,024 has joints, then three that lock translation and three that lock rotation. Write it through `addBody` or
   * `set`.
   */
  readonly flags: Uint32Array
  /** Radius of a sphere, or of the ball about the centre of mass that holds the shape, m. */
  readonly radius: Real
  /** Coefficient of friction; a pair has the geometric mean. */
  readonly friction: Real
  /** Coefficient of restitution; a pair has the larger one. */
  readonly restitution: Real
  /** 1/s: v ← v / (1 + dt·linearDamping). */
  readonly linearDamping: Real
  /** 1/s. */
  readonly angularDamping: Real
  /** Share of the uniform gravity. */
  readonly gravityScale: Real
  /** A free number that reaches the shader. */
  readonly tint: Real
  /** Groups that the body is in, as bits. */
  readonly group: Uint32Array
  /** Groups that the body touches, as bits. */
  readonly mask: Uint32Array
  /** Number of the instance group that draws it, 0 for none. */
  readonly instanceGroup: Uint32Array
  /** m: rolling and twisting are resisted by a torque of at most this times the normal force. */
  readonly rollingResistance: Real
  /** Entry of the shape table, 0 for spheres and planes. Read only: change it through `setShape`. */
  readonly shape: Uint32Array
}

/** Whose frame position, rotation and scale are in, indexed by entity id. */
export interface ParentComponent {
  /** The parent, 0 for none. Read only: change it through `setParent` or `set`. */
  readonly entity: Uint32Array
}

/**
 * Entities that have a system of particles: `set(ParticleSystem, desc)` says which (`ParticleSystemDesc`), `particleSystem` in the pipe starts it,
 * moves it along and ends it.
 */
export interface ParticleSystemComponent {
  /** Handle of the system that runs, 0 for none. Not the kernel's memory. Read only. */
  readonly system: Float64Array
}

/**
 * bitECS components that are the kernel's memory: plain objects of typed arrays, index = entity id, SI units, each column on a 64-byte line.
 * What a system writes is what the next step reads; what a step writes is what the next read gives. The buffers never move.
 */
export interface Components<Real extends RealArray = RealArray> {
  /** m */
  readonly Position: VectorComponent<Real>
  /** Unit quaternion. */
  readonly Rotation: QuaternionComponent<Real>
  /** Drawn size; of an entity with a parent, or that is one and no body, a factor of all that is below it. */
  readonly Scale: VectorComponent<Real>
  /** m/s */
  readonly LinearVelocity: VectorComponent<Real>
  /** rad/s, world frame */
  readonly AngularVelocity: VectorComponent<Real>
  /** N; cleared at the end of each step */
  readonly Force: VectorComponent<Real>
  /** N·m; cleared at the end of each step */
  readonly Torque: VectorComponent<Real>
  /** kg */
  readonly Mass: ScalarComponent<Real>
  /** C */
  readonly Charge: ScalarComponent<Real>
  readonly RigidBody: RigidBodyComponent<Real>
  /** Of entities that have a parent or children. */
  readonly Parent: ParentComponent
  readonly ParticleSystem: ParticleSystemComponent
}

/** Columns of the components, as the kernel names them. */
const COLUMNS = {
  Position: 'x y z',
  Rotation: 'x y z w',
  Scale: 'x y z',
  LinearVelocity: 'x y z',
  AngularVelocity: 'x y z',
  Force: 'x y z',
  Torque: 'x y z',
  Mass: 'value',
  Charge: 'value',
  RigidBody:
    'flags radius friction restitution linearDamping angularDamping gravityScale tint group mask instanceGroup rollingResistance shape',
  Parent: 'entity',
}

/** Builds the components over the kernel's columns; each column shows `entities` elements. */
export function createComponents(views: Views, entities: number): Components {
  const components: Record<string, object> = {}
  for (const [name, columns] of Object.entries(COLUMNS)) {
    components[name] = views.all(`${name}.`, columns, entities)
  }
  components.ParticleSystem = { system: new Float64Array(entities) }
  return components as unknown as Components
}
