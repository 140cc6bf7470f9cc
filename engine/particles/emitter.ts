import { checkAlive, IDS } from '../alive.ts'
import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { change, type Internals, type Physics, part, readCounter, use, writeSetting } from '../internals.ts'
import { cosine, length3 } from '../math/exact.ts'
import { countReleased, countTaken } from '../pool.ts'
import type { Vec3Like } from '../settings.ts'

/** How particles come into being. Ranges are [least, most]; each particle draws its own values. */
export interface EmissionDesc {
  /** m; of an emitter with an entity: in its frame. */
  position: Vec3Like
  /** m/s, added to every particle. */
  velocity?: Vec3Like
  /** Middle of the cone. Default +y. */
  direction?: Vec3Like
  /** Half-angle of the cone, rad, 0 … π. Default π: all directions. */
  spread?: number
  /** m/s along the drawn direction. */
  speed: readonly [number, number]
  /** s, > 0. */
  life: readonly [number, number]
  /** m */
  size: readonly [number, number]
  /** Red, green, blue, ≥ 0; above 1 glows. */
  color: Vec3Like
  /** 1/s, ≥ 0: v ← v / (1 + dt·drag). */
  drag?: number
  /** Share of the uniform gravity. Default 0. */
  gravityScale?: number
  /** Particles start within this distance of the position, m. */
  radius?: number
}

/** Particles at once. */
export interface BurstDesc extends EmissionDesc {
  count: number
}

/** Particles step by step. */
export interface EmitterDesc extends EmissionDesc {
  /** Particles a second. */
  rate: number
  /** A body that is followed, by id or handle: position and direction are in its frame, its velocity is added. */
  entity?: number
}

/** An emitter's handle: slot and generation as in the handle of an entity. That of a removed one is never another's. */
export type EmitterId = number

/** Floats of one emission, in the order of `physics-wasm/src/stages/particles.rs`. */
const EMISSION = 24
const MAX_BURSTS = 1024
/** Words of a particle system, its count first: `physics-wasm/src/stages/particle_system.rs`. */
const SYSTEM_WORDS = 32
/** Where an emission has its entity. */
const ENTITY = 23

/** The bursts and emitters of a world that has had any. @internal */
export interface Emitters {
  readonly columns: Float32Array
  readonly bursts: Float32Array
  /** Slots that were given back; they are taken first. */
  readonly free: number[]
  /** Raised when a slot is taken again; −1 for slots that hold none. */
  readonly generations: Float64Array
  /** The highest generation that a slot has had: never lowered, not even by an older state that is restored. */
  readonly raised: Float64Array
  /** How many emitters follow each entity. */
  readonly followers: Uint16Array
}

const made = new WeakMap<Internals, Emitters>()

/** The emitters of a world, made at first need. @internal */
export function emittersOf(internals: Internals): Emitters {
  return part(made, internals, createEmitters)
}

function createEmitters(internals: Internals): Emitters {
  const { views, generations, leaving } = internals
  const followers = new Uint16Array(generations.length)
  const columns = views.f32('emitters')
  const slots = Math.ceil(columns.length / EMISSION)
  const emitters = {
    columns,
    bursts: views.f32('bursts'),
    free: [],
    generations: new Float64Array(slots).fill(-1),
    raised: new Float64Array(slots).fill(-1),
    followers,
  }
  leaving.push((eid) => {
    if (followers[eid]! > 0) stopEmitters(emitters, internals.emitterHigh, eid)
  })
  return emitters
}

/**
 * Adds particles at the next step. What finds no room in the pool is dropped and counted in `frameStats().droppedParticles`.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_CAPACITY (1,024 bursts a step), E_DISPOSED
 */
export function emitBurst(physics: Physics, burst: BurstDesc): void {
  const internals = change(physics, 'emitBurst')
  checkNumber('emitBurst', 'count', burst.count, WHOLE)
  checkEmission('emitBurst', burst)
  const waiting = internals.settings[internals.layout.settings.get('bursts')!]!
  if (waiting >= MAX_BURSTS) {
    throw new PhysicsError('E_CAPACITY', 'emitBurst', `at most ${MAX_BURSTS} bursts a step`, { field: 'bursts' })
  }
  writeEmission(emittersOf(internals).bursts, waiting * EMISSION, burst, burst.count, 0)
  writeSetting(internals, 'bursts', waiting + 1)
}

/**
 * Adds an emitter that lives until it is removed; one whose entity is gone gives nothing.
 * @returns its id, for `removeEmitter`: slot and generation as in the handle of an entity
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_CAPACITY, E_STALE_ENTITY, E_BUSY, E_DISPOSED
 */
export function addEmitter(physics: Physics, emitter: EmitterDesc): EmitterId {
  const internals = change(physics, 'addEmitter')
  checkNumber('addEmitter', 'rate', emitter.rate, NOT_NEGATIVE)
  checkEmission('addEmitter', emitter)
  const entity = emitter.entity === undefined ? 0 : checkAlive(physics, 'addEmitter', emitter.entity)
  const { columns, free, generations, raised, followers } = emittersOf(internals)
  const again = free.pop()
  const slot = again ?? internals.emitterHigh
  if (slot >= physics.capacity.emitters) {
    throw new PhysicsError('E_CAPACITY', 'addEmitter', 'no room for another emitter', {
      field: 'capacity.emitters',
      value: physics.capacity.emitters,
    })
  }
  writeEmission(columns, slot * EMISSION, emitter, emitter.rate, entity)
  if (entity) followers[entity]!++
  if (slot === internals.emitterHigh) internals.emitterHigh++
  countTaken(internals.pools.emitters, again !== undefined)
  raised[slot]!++
  generations[slot] = raised[slot]!
  return (generations[slot]! + 1) * IDS + slot
}

/**
 * Removes an emitter; its particles live on.
 * @throws PhysicsError E_RANGE, E_STALE_ENTITY (it was removed), E_BUSY, E_DISPOSED
 */
export function removeEmitter(physics: Physics, id: EmitterId): void {
  const internals = change(physics, 'removeEmitter')
  const emitters = emittersOf(internals)
  const slot = id % IDS
  const generation = (id - slot) / IDS - 1
  if (!(generation >= 0 && emitters.generations[slot] === generation)) {
    const code = id >= IDS ? 'E_STALE_ENTITY' : 'E_RANGE'
    throw new PhysicsError(code, 'removeEmitter', 'is not an emitter', { field: 'id', value: id })
  }
  unfollow(emitters, slot)
  emitters.columns.fill(0, slot * EMISSION, (slot + 1) * EMISSION)
  emitters.generations[slot] = -1
  emitters.free.push(slot)
  countReleased(internals.pools.emitters)
}

/** Stops the emitters of a body that is gone: bitECS hands its id to the next one. */
function stopEmitters(emitters: Emitters, high: number, eid: number): void {
  const { columns, followers } = emitters
  for (let id = 0; id < high && followers[eid]! > 0; id++) {
    if (columns[id * EMISSION + ENTITY] !== eid) continue
    unfollow(emitters, id)
    columns[id * EMISSION] = 0
  }
}

function unfollow({ columns, followers }: Emitters, id: number): void {
  const eid = columns[id * EMISSION + ENTITY]!
  if (eid > 0) followers[eid]!--
  columns[id * EMISSION + ENTITY] = 0
}

/** Particles alive. @throws PhysicsError E_DISPOSED */
export function particleCount(physics: Physics): number {
  return readCounter(use(physics, 'particleCount'), 'particles')
}

/** Ends every particle. @throws PhysicsError E_DISPOSED */
export function clearParticles(physics: Physics): void {
  const internals = use(physics, 'clearParticles')
  internals.counters[internals.layout.counters.get('particles')!] = 0
  const words = internals.views.u32('System.word')
  for (let at = 0; at < words.length; at += SYSTEM_WORDS) words[at] = 0
}

function checkEmission(call: string, desc: EmissionDesc): void {
  checkVector(call, 'position', desc.position, 3)
  if (desc.velocity) checkVector(call, 'velocity', desc.velocity, 3)
  if (desc.direction) checkVector(call, 'direction', desc.direction, 3)
  checkRange(call, 'speed', desc.speed)
  checkRange(call, 'life', desc.life)
  checkNumber(call, 'life', desc.life[0], POSITIVE)
  checkRange(call, 'size', desc.size)
  checkNumber(call, 'size', desc.size[0], NOT_NEGATIVE)
  checkVector(call, 'color', desc.color, 3)
  for (let channel = 0; channel < 3; channel++) checkNumber(call, 'color', desc.color[channel], NOT_NEGATIVE)
  checkNumber(call, 'spread', desc.spread ?? Math.PI, HALF_TURN)
  checkNumber(call, 'drag', desc.drag ?? 0, NOT_NEGATIVE)
  checkNumber(call, 'gravityScale', desc.gravityScale ?? 0)
  checkNumber(call, 'radius', desc.radius ?? 0, NOT_NEGATIVE)
}

const POSITIVE = { above: 0 }
const NOT_NEGATIVE = { min: 0 }
const HALF_TURN = { min: 0, max: Math.PI }
const WHOLE = { min: 0, integer: true }

function checkRange(call: string, field: string, range: readonly number[]): void {
  checkVector(call, field, range, 2)
  if (range[1]! < range[0]!)
    throw new PhysicsError('E_RANGE', call, 'the least is above the most', { field, value: range })
}

function writeEmission(to: Float32Array, at: number, desc: EmissionDesc, amount: number, entity: number): void {
  const { position, velocity, direction, color } = desc
  to[at] = amount
  for (let axis = 0; axis < 3; axis++) {
    to[at + 1 + axis] = position[axis]!
    to[at + 4 + axis] = velocity ? velocity[axis]! : 0
    to[at + 17 + axis] = color[axis]!
  }
  const length = direction ? length3(direction[0]!, direction[1]!, direction[2]!) : 0
  for (let axis = 0; axis < 3; axis++) to[at + 7 + axis] = length > 0 ? direction![axis]! / length : axis === 1 ? 1 : 0
  to[at + 10] = cosine(desc.spread ?? Math.PI)
  to[at + 11] = desc.speed[0]
  to[at + 12] = desc.speed[1]
  to[at + 13] = desc.life[0]
  to[at + 14] = desc.life[1]
  to[at + 15] = desc.size[0]
  to[at + 16] = desc.size[1]
  to[at + 20] = desc.drag ?? 0
  to[at + 21] = desc.gravityScale ?? 0
  to[at + 22] = desc.radius ?? 0
  to[at + ENTITY] = entity
}
