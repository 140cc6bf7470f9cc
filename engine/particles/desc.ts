import { checkChoice, checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { cosine, length3, length4 } from '../math/exact.ts'
import type { Vec3Like } from '../settings.ts'
import type { MeshShape } from '../shapes/shape.ts'
import { bakeCurve, colorKeys, keysOf, type ParticleColor, type ParticleCurve } from './curve.ts'
import { BIT, BURSTS, REAL, SHAPE, WORD } from './layout.ts'

/** Where particles are born, about the position of the system, evenly: in a sphere, box or disc, or on their surface alone. */
export type ParticleShape =
  | { type: 'point' }
  | { type: 'sphere'; radius: number; surface?: boolean }
  /** A disc of `radius`, m (0: a point), across the direction; its particles fan out, at the rim by `angle`, rad, 0 … 1.5. */
  | { type: 'cone'; radius: number; angle: number }
  | { type: 'box'; halfExtents: Vec3Like; surface?: boolean }
  /** Everywhere on the triangles of a mesh; outward is along their normals. */
  | { type: 'mesh'; mesh: MeshShape }

/** Particles at once, at a time after the system was added. */
export interface ParticleBurst {
  /** s, ≥ 0. */
  time: number
  count: number
  /** Again each so many seconds; default never. */
  every?: number
}

/** What particles meet, and what then happens to them. Bodies do not feel them. */
export interface ParticleCollision {
  /** Default `all`: bodies and planes. */
  with?: 'all' | 'bodies' | 'planes'
  /** `bounce` (default), `stick` (and go along with the body), or `die`. */
  mode?: 'bounce' | 'stick' | 'die'
  /** Speed after a bounce over the speed before, 0 … 1. Default 0.5. */
  restitution?: number
  /** Coefficient of friction, ≥ 0: what a bounce takes of the speed along the surface. Default 0. */
  friction?: number
  /** Radius of the particles, m, ≥ 0. Default 0. */
  radius?: number
  /** Groups of bodies that are met, as bits. Default all. */
  mask?: number
  /** Whether hits are told: see `particleHits`. Default false. */
  events?: boolean
}

/** A system of particles that have motion, colours and sizes over life in common. Ranges are [least, most]; each particle draws its own values. */
export interface ParticleSystemDesc {
  /** Default a point. */
  shape?: ParticleShape
  /** m; with an entity: in its frame. Default the origin. */
  position?: Vec3Like
  /** Unit quaternion that turns the shape and the direction; with an entity: in its frame. Default none. */
  rotation?: Vec3Like
  /** A body that is followed; once it is gone nothing is emitted. */
  entity?: number
  /** Particles a second, ≥ 0. Default 0. */
  rate?: number
  /** Seconds that `rate` lasts, > 0. Default for ever. */
  duration?: number
  /** At most 4. */
  bursts?: readonly ParticleBurst[]
  /** m/s, added to every particle, in the world's frame. */
  velocity?: Vec3Like
  /** Share of the entity's velocity, its turning included, that particles begin with. Default 1. */
  inherit?: number
  /** Where particles fly. Default `outward` of spheres, meshes and points (there: all directions), else +y. */
  direction?: Vec3Like | 'outward'
  /** Half-angle of the cone about the direction, rad, 0 … π. Default 0. */
  spread?: number
  /** m/s along the drawn direction. */
  speed: readonly [number, number]
  /** s, > 0. */
  life: readonly [number, number]
  /** m, ≥ 0. */
  size: readonly [number, number]
  /** Factor of the size. Default 1. */
  sizeOverLife?: ParticleCurve
  /** Default white. */
  color?: ParticleColor
  /** Default from 1 to 0 in a straight line. */
  alpha?: ParticleCurve
  /** 1/s, ≥ 0: v ← v / (1 + dt·drag). Default 0. */
  drag?: number
  /** Share of the uniform gravity. Default 0. */
  gravityScale?: number
  /** Whether the long-range sources of gravity attract the particles, or to which share. Default false. */
  attraction?: boolean | number
  /**
   * A swirling wind without sources and sinks that pushes particles: `strength`, m/s²; `scale`, m, > 0: the size of its swirls; `change`, 1/s, ≥ 0: how
   * often it is another one. Default 0.
   */
  turbulence?: { strength: number; scale: number; change?: number }
  collision?: ParticleCollision
  /** Particles of another system that each death gives, and the share of its velocity that they begin with. Default 0. */
  onDeath?: { system: number; count: number; inherit?: number }
  /** Particles that the system may have at once, ≥ 1. Default the capacity. */
  max?: number
}

const NOT_NEGATIVE = { min: 0 }
const POSITIVE = { above: 0 }
const SHARE = { min: 0, max: 1 }
const WHOLE = { min: 0, max: 0xffff_ffff, integer: true }
const SOME = { min: 1, integer: true }
const HALF_TURN = { min: 0, max: Math.PI }
const FAN = { min: 0, max: 1.5 }
const NOTHING: ParticleCollision = {}
const SHAPES = ['point', 'sphere', 'cone', 'box', 'mesh'] as const
const PARTNERS = ['all', 'bodies', 'planes'] as const
const MODES = ['bounce', 'stick', 'die'] as const

/** A checked description as the kernel takes it: numbers and words of a system's record. */
export interface SystemRecord {
  readonly real: Float32Array
  readonly word: Uint32Array
}

/**
 * Checks a description and writes it into a record; entity, mesh and heir are the caller's.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_CAPACITY (more than four bursts)
 */
export function writeSystem(call: string, desc: ParticleSystemDesc, { real, word }: SystemRecord): void {
  real.fill(0)
  word.fill(0)
  word[WORD.flags] = BIT.live
  writeEmission(call, desc, real)
  writeBirth(call, desc, { real, word })
  writeMotion(call, desc, { real, word })
  writeCollision(call, desc.collision ?? NOTHING, { real, word }, desc.collision !== undefined)
  writeLooks(call, desc, real)
  word[WORD.most] = checkNumber(call, 'max', desc.max ?? 0xffff_ffff, SOME)
}

function writeEmission(call: string, desc: ParticleSystemDesc, real: Float32Array): void {
  real[REAL.rate] = checkNumber(call, 'rate', desc.rate ?? 0, NOT_NEGATIVE)
  real[REAL.lasts] = desc.duration === undefined ? Infinity : checkNumber(call, 'duration', desc.duration, POSITIVE)
  const bursts = desc.bursts ?? []
  if (bursts.length > BURSTS) {
    throw new PhysicsError('E_CAPACITY', call, `at most ${BURSTS}`, { field: 'bursts', value: bursts.length })
  }
  for (const [k, burst] of bursts.entries()) {
    real[REAL.burstIn + k] = checkNumber(call, 'bursts.time', burst.time, NOT_NEGATIVE)
    real[REAL.burstCount + k] = checkNumber(call, 'bursts.count', burst.count, WHOLE)
    real[REAL.burstEvery + k] = burst.every === undefined ? 0 : checkNumber(call, 'bursts.every', burst.every, POSITIVE)
  }
  for (const [field, at] of [
    ['speed', REAL.speed],
    ['life', REAL.life],
    ['size', REAL.size],
  ] as const) {
    const range = checkVector(call, field, desc[field], 2)
    if (range[1]! < range[0]!)
      throw new PhysicsError('E_RANGE', call, 'the least is above the most', { field, value: range })
    checkNumber(call, field, range[0], field === 'life' ? POSITIVE : field === 'size' ? NOT_NEGATIVE : undefined)
    real.set(range, at)
  }
}

function writeBirth(call: string, desc: ParticleSystemDesc, { real, word }: SystemRecord): void {
  const shape = desc.shape ?? { type: 'point' }
  const type = checkChoice(call, 'shape.type', shape?.type, SHAPES)
  word[WORD.shape] = SHAPE[type]
  if (shape.type === 'sphere' || shape.type === 'cone') {
    real[REAL.extent] = checkNumber(call, 'shape.radius', shape.radius, NOT_NEGATIVE)
  }
  if (shape.type === 'cone') {
    const angle = checkNumber(call, 'shape.angle', shape.angle, FAN)
    real[REAL.extent + 1] = Math.sqrt(Math.max(0, 1 - cosine(angle) ** 2)) / cosine(angle)
  }
  if (shape.type === 'box') {
    checkVector(call, 'shape.halfExtents', shape.halfExtents, 3)
    for (let axis = 0; axis < 3; axis++) {
      real[REAL.extent + axis] = checkNumber(call, 'shape.halfExtents', shape.halfExtents[axis], NOT_NEGATIVE)
    }
  }
  if ((shape.type === 'sphere' || shape.type === 'box') && shape.surface) word[WORD.flags]! |= BIT.surface
  const natural = type === 'box' || type === 'cone' ? UP : 'outward'
  const direction = desc.direction ?? natural
  if (direction === 'outward') word[WORD.flags]! |= BIT.outward
  const aim = direction === 'outward' ? UP : checkVector(call, 'direction', direction, 3)
  const length = length3(aim[0]!, aim[1]!, aim[2]!)
  if (!(length > 0)) throw new PhysicsError('E_RANGE', call, 'must not be zero', { field: 'direction', value: aim })
  for (let axis = 0; axis < 3; axis++) real[REAL.direction + axis] = aim[axis]! / length
  real[REAL.spread] = desc.spread ? cosine(checkNumber(call, 'spread', desc.spread, HALF_TURN)) : 1
  writePose(call, desc, real)
}

const UP: Vec3Like = [0, 1, 0]

function writePose(call: string, desc: ParticleSystemDesc, real: Float32Array): void {
  if (desc.position) real.set(checkVector(call, 'position', desc.position, 3), REAL.position)
  const turn = desc.rotation ? checkVector(call, 'rotation', desc.rotation, 4) : [0, 0, 0, 1]
  const length = length4(turn)
  if (!(length > 0)) throw new PhysicsError('E_RANGE', call, 'must not be zero', { field: 'rotation', value: turn })
  for (let k = 0; k < 4; k++) real[REAL.rotation + k] = turn[k]! / length
  if (desc.velocity) real.set(checkVector(call, 'velocity', desc.velocity, 3), REAL.velocity)
  real[REAL.inherit] = checkNumber(call, 'inherit', desc.inherit ?? 1)
}

function writeMotion(call: string, desc: ParticleSystemDesc, { real, word }: SystemRecord): void {
  real[REAL.drag] = checkNumber(call, 'drag', desc.drag ?? 0, NOT_NEGATIVE)
  real[REAL.gravity] = checkNumber(call, 'gravityScale', desc.gravityScale ?? 0)
  const attraction = Number(desc.attraction ?? 0)
  real[REAL.attraction] = checkNumber(call, 'attraction', attraction)
  if (attraction !== 0) word[WORD.flags]! |= BIT.attracted
  const { turbulence } = desc
  if (!turbulence) return
  real[REAL.turbulence] = checkNumber(call, 'turbulence.strength', turbulence.strength, NOT_NEGATIVE)
  real[REAL.turbulence + 1] = 1 / checkNumber(call, 'turbulence.scale', turbulence.scale, POSITIVE)
  real[REAL.turbulence + 2] = checkNumber(call, 'turbulence.change', turbulence.change ?? 0, NOT_NEGATIVE)
  if (turbulence.strength > 0) word[WORD.flags]! |= BIT.turbulent
}

function writeCollision(
  call: string,
  collision: ParticleCollision,
  { real, word }: SystemRecord,
  wanted: boolean,
): void {
  const partner = checkChoice(call, 'collision.with', collision.with ?? 'all', PARTNERS)
  const mode = checkChoice(call, 'collision.mode', collision.mode ?? 'bounce', MODES)
  real[REAL.restitution] = checkNumber(call, 'collision.restitution', collision.restitution ?? 0.5, SHARE)
  real[REAL.friction] = checkNumber(call, 'collision.friction', collision.friction ?? 0, NOT_NEGATIVE)
  real[REAL.radius] = checkNumber(call, 'collision.radius', collision.radius ?? 0, NOT_NEGATIVE)
  word[WORD.mask] = checkNumber(call, 'collision.mask', collision.mask ?? 0xffff_ffff, WHOLE)
  if (!wanted) return
  if (partner !== 'planes') word[WORD.flags]! |= BIT.bodies
  if (partner !== 'bodies') word[WORD.flags]! |= BIT.planes
  if (mode === 'stick') word[WORD.flags]! |= BIT.sticks
  if (mode === 'die') word[WORD.flags]! |= BIT.dies
  if (collision.events) word[WORD.flags]! |= BIT.tells
}

function writeLooks(call: string, desc: ParticleSystemDesc, real: Float32Array): void {
  const color = colorKeys(call, 'color', desc.color ?? WHITE)
  bakeCurve({ call, field: 'color' }, color, real, { at: REAL.colour, stride: 4, width: 3 })
  const alpha = keysOf(call, 'alpha', desc.alpha ?? FADE)
  bakeCurve({ call, field: 'alpha' }, alpha, real, { at: REAL.colour + 3, stride: 4, width: 1 })
  const growth = keysOf(call, 'sizeOverLife', desc.sizeOverLife ?? 1)
  bakeCurve({ call, field: 'sizeOverLife' }, growth, real, { at: REAL.growth, stride: 1, width: 1 })
}

const WHITE: Vec3Like = [1, 1, 1]
const FADE: ParticleCurve = [
  [0, 1],
  [1, 0],
]
