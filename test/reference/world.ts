/**
 * The reference world: everything the step reads and writes, as plain records of plain numbers (f64, SI units).
 * It exists to be read and to be right; the kernel is compared with it.
 */
import { IDENTITY, type Quat, type Vec3, ZERO } from './vec.ts'

export type Kind = 'static' | 'dynamic' | 'kinematic'
/** A plane is the half-space border { x : normal·x = offset }; bodies live where normal·x > offset. */
export type Shape =
  | { readonly type: 'sphere'; readonly radius: number }
  | { readonly type: 'plane'; readonly normal: Vec3; readonly offset: number }

export interface ReferenceBody {
  /** The entity id in the engine: ties are broken by it and pairs are named by it. */
  id: number
  kind: Kind
  shape: Shape
  position: Vec3
  rotation: Quat
  velocity: Vec3
  angularVelocity: Vec3
  /** Applied by the game; last for one step. */
  force: Vec3
  torque: Vec3
  mass: number
  charge: number
  friction: number
  restitution: number
  linearDamping: number
  angularDamping: number
  gravityScale: number
  attracts: boolean
  bullet: boolean
  sensor: boolean
  group: number
  mask: number
  /** What the stages of one step hand to one another; meaningless between steps. */
  motion: Motion
}

/** One body during one step. */
export interface Motion {
  quarantined: boolean
  /** v/(1 + dt·damping): the velocity before the kick (v1). */
  coasting: Vec3
  coastingSpin: Vec3
  acceleration: Vec3
  angularAcceleration: Vec3
  /** Can move and has at least one contact: the solver, not the free integration, moves it. */
  touched: boolean
  /** Displacement over the step (dp of the solver; the path of a swept bullet). */
  displacement: Vec3
  /** Position at the start of the step: a swept target runs from here to its new position. */
  start: Vec3
  /** Velocity and spin after the last kick of a sub-step. */
  kicked: Vec3
  kickedSpin: Vec3
}

export interface Contact {
  a: ReferenceBody
  b: ReferenceBody
  /** From a to b, unit length, fixed over the step. */
  normal: Vec3
  /** Gap between the surfaces along the normal at the start of the step, m; negative when they overlap. */
  separation: number
  /** Normal velocity when the surfaces meet, m/s; negative when they approach. */
  approach: number
  friction: number
  restitution: number
  /** Accumulated over the step and kept for the warm start of the next, N·s per sub-step. */
  normalImpulse: number
  tangentImpulse: Vec3
  /** Largest normal impulse of the step: restitution acts only on contacts that pushed. */
  peakImpulse: number
}

export interface Hit {
  bullet: ReferenceBody
  other: ReferenceBody
  /** When, as a fraction of the step. */
  time: number
  point: Vec3
  /** From the body hit to the bullet. */
  normal: Vec3
  impulse: number
}

export interface ReferenceParticle {
  position: Vec3
  velocity: Vec3
  drag: number
  gravityScale: number
  /** Seconds left. */
  life: number
}

export interface LongRange {
  gravity: number
  coulomb: number
  softening: number
  minDistance: number
}

/** Place of each contact in the order of solving, by `pairKey`. */
export type ContactOrder = ReadonlyMap<string, number>

export interface ReferenceWorld {
  gravity: Vec3
  longRange: LongRange
  subSteps: number
  bodies: ReferenceBody[]
  particles: ReferenceParticle[]
  /** Contacts of the last step by pair: the warm start of the next. */
  contacts: Map<string, Contact>
  /** Bullet hits of the last step. */
  hits: Hit[]
  pairs: number
  quarantined: number
}

export interface ReferenceOptions {
  gravity?: Vec3
  longRange?: Partial<LongRange>
  subSteps?: number
}

export function createReferenceWorld(options: ReferenceOptions = {}): ReferenceWorld {
  return {
    gravity: options.gravity ?? ZERO,
    longRange: { gravity: 0, coulomb: 0, softening: 0, minDistance: 1e-3, ...options.longRange },
    subSteps: options.subSteps ?? 4,
    bodies: [],
    particles: [],
    contacts: new Map(),
    hits: [],
    pairs: 0,
    quarantined: 0,
  }
}

/** What `addBody` of the engine takes, as far as physics goes; missing fields get the same defaults. */
export interface ReferenceBodyDesc {
  type?: Kind
  shape: Shape
  position?: Vec3
  rotation?: Quat
  linearVelocity?: Vec3
  angularVelocity?: Vec3
  mass?: number
  density?: number
  charge?: number
  friction?: number
  restitution?: number
  linearDamping?: number
  angularDamping?: number
  gravityScale?: number
  attracts?: boolean
  bullet?: boolean
  sensor?: boolean
  group?: number
  mask?: number
}

/** Adds a body under the engine's entity id (by default: the next number) and returns it. */
export function addReferenceBody(
  world: ReferenceWorld,
  desc: ReferenceBodyDesc,
  id = world.bodies.length + 1,
): ReferenceBody {
  const body: ReferenceBody = {
    id,
    kind: desc.shape.type === 'plane' ? 'static' : (desc.type ?? 'dynamic'),
    shape: desc.shape,
    position: desc.position ?? ZERO,
    rotation: desc.rotation ?? IDENTITY,
    velocity: desc.linearVelocity ?? ZERO,
    angularVelocity: desc.angularVelocity ?? ZERO,
    force: ZERO,
    torque: ZERO,
    mass: desc.mass ?? (desc.density ?? 1) * volume(desc.shape),
    charge: desc.charge ?? 0,
    friction: desc.friction ?? 0.5,
    restitution: desc.restitution ?? 0,
    linearDamping: desc.linearDamping ?? 0,
    angularDamping: desc.angularDamping ?? 0,
    gravityScale: desc.gravityScale ?? 1,
    attracts: desc.attracts ?? false,
    bullet: desc.bullet ?? false,
    sensor: desc.sensor ?? false,
    group: desc.group ?? 1,
    mask: desc.mask ?? 0xffffffff,
    motion: restingMotion(),
  }
  world.bodies.push(body)
  return body
}

const restingMotion = (): Motion => ({
  quarantined: false,
  coasting: ZERO,
  coastingSpin: ZERO,
  acceleration: ZERO,
  angularAcceleration: ZERO,
  touched: false,
  displacement: ZERO,
  start: ZERO,
  kicked: ZERO,
  kickedSpin: ZERO,
})

const volume = (shape: Shape): number => (shape.type === 'sphere' ? (4 / 3) * Math.PI * shape.radius ** 3 : 1)

/** The radius of a sphere; a plane counts as a point without arm. */
export const radiusOf = (body: ReferenceBody): number => (body.shape.type === 'sphere' ? body.shape.radius : 0)

/** Velocity of a body; a static one has none, whatever was written. */
export const velocityOf = (body: ReferenceBody): Vec3 => (body.kind === 'static' ? ZERO : body.velocity)

/** Angular velocity of a body; a static one has none, whatever was written. */
export const spinOf = (body: ReferenceBody): Vec3 => (body.kind === 'static' ? ZERO : body.angularVelocity)

/** 1/m of a dynamic body; 0 for everything that impulses do not move. */
export const inverseMass = (body: ReferenceBody): number => (body.kind === 'dynamic' ? 1 / body.mass : 0)

/** 1/I of a dynamic solid sphere, I = 2/5 m r². */
export const inverseInertia = (body: ReferenceBody): number =>
  body.kind === 'dynamic' ? 1 / (0.4 * body.mass * radiusOf(body) ** 2) : 0

/** Bodies that take part in this step. */
export const liveBodies = (world: ReferenceWorld): ReferenceBody[] =>
  world.bodies.filter((body) => !body.motion.quarantined)

/** Dynamic bodies that take part in this step: the ones that forces and impulses move. */
export const movingBodies = (world: ReferenceWorld): ReferenceBody[] =>
  world.bodies.filter((body) => body.kind === 'dynamic' && !body.motion.quarantined)
