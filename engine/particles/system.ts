import { checkAlive } from '../alive.ts'
import { checkShape } from '../body-desc.ts'
import { checkNumber, PhysicsError } from '../errors.ts'
import { change, type Internals, type Physics, part, use, writeSetting } from '../internals.ts'
import { countReleased, countTaken } from '../pool.ts'
import type { InstanceRange } from '../render.ts'
import type { MeshShape } from '../shapes/shape.ts'
import * as SHAPE_STRIDE from '../shapes/stride.ts'
import { dropFresh, holdEntry, releaseEntry } from '../shapes/table.ts'
import * as SHAPE_WORD from '../shapes/word.ts'
import { type ParticleSystemDesc, type SystemRecord, writeSystem } from './desc.ts'
import { BROOD, REAL, STRIDE, WORD } from './layout.ts'
import { checkPlace, type EmissionPlace, writePlace } from './place.ts'

/** A particle system: its slot and the slot's generation as one number, (generation + 1) · 2²⁰ + slot. A removed one's is never used again. */
export type ParticleSystemId = number

const SLOTS = 2 ** 20
/** Entity of a system whose body is gone. */
const GONE = 0xffff_ffff
const COUNT = { min: 0, max: 2 ** 24, integer: true } as const
const NOT_NEGATIVE = { min: 0 } as const

/** The systems of a world that has had any. Everything that lasts is in the kernel's memory. */
export interface Systems {
  readonly real: Float32Array
  readonly word: Uint32Array
  readonly generation: Uint32Array
  /** The highest generation that each slot ever had here: a restored world gives no id again. */
  readonly raised: Uint32Array
  /** How many slots are free, then which. */
  readonly free: Uint32Array
  readonly broodReal: Float32Array
  readonly broodWord: Uint32Array
  /** Where calls' places are beyond the room that deaths have. */
  readonly broods: number
  /** How many systems follow each entity. */
  readonly followers: Uint16Array
  readonly draft: SystemRecord
  /** Slots in use, 0 for none there; and what each range is. */
  readonly ranges: { slot: number; start: number; count: number }[]
}

const made = new WeakMap<Internals, Systems>()

/** The systems of a world. @internal */
export function systemsOf(internals: Internals): Systems {
  return part(made, internals, createSystems)
}

function createSystems(internals: Internals): Systems {
  const { views, generations } = internals
  const systems: Systems = {
    real: views.f32('System.real'),
    word: views.u32('System.word'),
    generation: views.u32('System.generation'),
    raised: views.u32('System.generation').slice(),
    free: views.u32('System.free'),
    broodReal: views.f32('Brood.real'),
    broodWord: views.u32('Brood.word'),
    broods: views.u32('Brood.word').length / BROOD.words,
    followers: new Uint16Array(generations.length),
    draft: { real: new Float32Array(STRIDE.reals), word: new Uint32Array(STRIDE.words) },
    ranges: [],
  }
  internals.leaving.push((eid) => {
    if (systems.followers[eid]! > 0) unfollowAll(internals, systems, eid)
  })
  internals.packed.push(() => publishRanges(systems))
  return systems
}

/** Slots in use and those between them, the built-in system's included. */
function highOf({ settings, layout }: Internals): number {
  return Math.max(1, settings[layout.settings.get('systems')!]!)
}

/**
 * Adds a system of particles. It emits from the next step on, until it is removed.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_CAPACITY, E_STALE_ENTITY, E_DISPOSED
 */
export function addParticleSystem(physics: Physics, desc: ParticleSystemDesc): ParticleSystemId {
  const internals = change(physics, ADD)
  const systems = systemsOf(internals)
  const { draft, free, word, real, generation } = systems
  writeSystem(ADD, desc, draft)
  const entity = desc.entity === undefined ? 0 : checkAlive(physics, ADD, desc.entity)
  draft.word[WORD.entity] = entity
  writeHeir(systems, internals, desc, draft)
  checkRoom(physics, highOf(internals), free[0]!)
  if (desc.shape?.type === 'mesh') writeMesh(internals, desc.shape.mesh, draft)
  const waiting = free[0]!
  const slot = waiting > 0 ? free[waiting]! : highOf(internals)
  if (waiting > 0) free[0]!--
  else writeSetting(internals, 'systems', slot + 1)
  systems.raised[slot] = Math.max(systems.raised[slot]!, generation[slot]!) + 1
  generation[slot] = systems.raised[slot]!
  // The pages of the slot's last system are the kernel's to take back.
  draft.word[WORD.pages] = word[slot * STRIDE.words + WORD.pages]!
  draft.word[WORD.list] = word[slot * STRIDE.words + WORD.list]!
  // By how many were added, which the built-in system keeps: generations differ between worlds in the same state.
  const added = ++word[WORD.seed]!
  draft.word[WORD.seed] = (slot * 0x9e37_79b1 + added * 0x85eb_ca6b) >>> 0
  word.set(draft.word, slot * STRIDE.words)
  real.set(draft.real, slot * STRIDE.reals)
  if (entity) systems.followers[entity]!++
  if (draft.word[WORD.mesh]) holdEntry(internals.shapes, draft.word[WORD.mesh]!)
  dropFresh(internals.shapes)
  countTaken(internals.pools.systems, systems.raised[slot]! > 1)
  const id = systemIdOf(systems, slot)
  const range = { slot, start: 0, count: 0 }
  systems.ranges.push(range)
  ;(physics.instances.systems as Record<number, InstanceRange>)[id] = range
  return id
}

const ADD = 'addParticleSystem'

function checkRoom({ capacity }: Physics, high: number, free: number): void {
  if (free > 0 || high <= capacity.systems) return
  throw new PhysicsError('E_CAPACITY', ADD, 'no room for another system', {
    field: 'capacity.systems',
    value: capacity.systems,
  })
}

/** The mesh that emits: its entry, and the square of twice its largest triangle's area. */
function writeMesh(internals: Internals, mesh: MeshShape, { real, word }: SystemRecord): void {
  if (mesh?.type !== 'mesh') {
    throw new PhysicsError('E_RANGE', ADD, 'must be a mesh', { field: 'shape.mesh', value: mesh?.type })
  }
  const entry = checkShape(internals, { call: ADD, type: 'static', entity: undefined }, mesh)
  const { shapes } = internals
  const at = entry * SHAPE_STRIDE.words
  const corners = shapes.geometryReal.subarray(shapes.word[at + SHAPE_WORD.realAt]!)
  const indices = shapes.geometryWord.subarray(shapes.word[at + SHAPE_WORD.wordAt]!)
  let largest = 0
  for (let t = 0; t < shapes.word[at + SHAPE_WORD.faces]!; t++) {
    const [a, b, c] = [3 * indices[3 * t]!, 3 * indices[3 * t + 1]!, 3 * indices[3 * t + 2]!]
    const edge = (to: number, axis: number): number => corners[to + axis]! - corners[a + axis]!
    const side = (i: number, j: number): number => edge(b, i) * edge(c, j) - edge(b, j) * edge(c, i)
    largest = Math.max(largest, side(1, 2) ** 2 + side(2, 0) ** 2 + side(0, 1) ** 2)
  }
  real[REAL.extent] = largest
  word[WORD.mesh] = entry
}

/** Whom the dead leave something to. */
function writeHeir(
  systems: Systems,
  internals: Internals,
  { onDeath }: ParticleSystemDesc,
  { real, word }: SystemRecord,
): void {
  if (!onDeath) return
  word[WORD.heir] = slotOf(internals, systems, ADD, onDeath.system, 'onDeath.system')
  word[WORD.offspring] = checkNumber(ADD, 'onDeath.count', onDeath.count, COUNT)
  real[REAL.heritage] = checkNumber(ADD, 'onDeath.inherit', onDeath.inherit ?? 0)
}

/** The id of the system in a slot. @internal */
export function systemIdOf({ generation }: Systems, slot: number): ParticleSystemId {
  return (generation[slot]! + 1) * SLOTS + slot
}

/** The slot of a system that is there. */
function slotOf(internals: Internals, { word, generation }: Systems, call: string, id: number, field: string): number {
  const slot = id % SLOTS
  const known = Number.isInteger(id) && slot > 0 && slot < highOf(internals)
  if (known && word[slot * STRIDE.words + WORD.flags] && Math.floor(id / SLOTS) === generation[slot]! + 1) return slot
  throw new PhysicsError('E_STALE_ENTITY', call, 'is not a particle system', { field, value: id })
}

/**
 * Removes a system and its particles.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function removeParticleSystem(physics: Physics, id: ParticleSystemId): void {
  const internals = change(physics, 'removeParticleSystem')
  const systems = systemsOf(internals)
  const slot = slotOf(internals, systems, 'removeParticleSystem', id, 'id')
  const { word, free, ranges } = systems
  unfollow(systems, slot)
  countReleased(internals.pools.systems)
  if (word[slot * STRIDE.words + WORD.mesh]) releaseEntry(internals.shapes, word[slot * STRIDE.words + WORD.mesh]!)
  internals.counters[internals.layout.counters.get('particles')!]! -= word[slot * STRIDE.words + WORD.count]!
  for (const index of [WORD.count, WORD.flags, WORD.heir, WORD.mesh]) word[slot * STRIDE.words + index] = 0
  for (let other = 1; other < highOf(internals); other++) {
    if (word[other * STRIDE.words + WORD.heir] === slot) word[other * STRIDE.words + WORD.heir] = 0
  }
  free[0]!++
  free[free[0]!] = slot
  const index = ranges.findIndex((range) => range.slot === slot)
  ranges[index]!.count = 0
  ranges.splice(index, 1)
  delete (physics.instances.systems as Record<number, object>)[id]
}

/** Whether a system is there. @throws PhysicsError E_DISPOSED */
export function isParticleSystem(physics: Physics, id: ParticleSystemId): boolean {
  const internals = use(physics, 'isParticleSystem')
  const { word, generation } = systemsOf(internals)
  const slot = id % SLOTS
  return slot > 0 && Math.floor(id / SLOTS) === generation[slot]! + 1 && word[slot * STRIDE.words + WORD.flags] !== 0
}

/**
 * Lets a system emit particles in the next step, besides those of its rate and bursts. Nothing is allocated.
 * @param place where in the world instead of at the emitter, how, and how strongly; at most 1,024 such calls a step
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_CAPACITY, E_STALE_ENTITY, E_DISPOSED
 */
export function emit(physics: Physics, id: ParticleSystemId, count: number, place?: EmissionPlace): void {
  const internals = use(physics, 'emit')
  const systems = systemsOf(internals)
  const slot = slotOf(internals, systems, 'emit', id, 'id')
  checkNumber('emit', 'count', count, COUNT)
  if (!place) {
    const asked = slot * STRIDE.words + WORD.asked
    systems.word[asked] = Math.min(systems.word[asked]! + count, COUNT.max)
    return
  }
  checkPlace(place)
  const counter = internals.layout.counters.get('broods')!
  const brood = internals.counters[counter]!
  if (brood >= systems.broods) {
    throw new PhysicsError('E_CAPACITY', 'emit', 'too many places in one step', { field: 'place', value: brood })
  }
  internals.counters[counter] = brood + 1
  systems.broodWord[brood * BROOD.words] = slot
  systems.broodWord[brood * BROOD.words + 1] = count
  writePlace(systems, slot * STRIDE.reals, place, brood * BROOD.reals)
}

/**
 * Changes how many particles a second a system emits.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_STALE_ENTITY, E_DISPOSED
 */
export function setEmissionRate(physics: Physics, id: ParticleSystemId, rate: number): void {
  const internals = use(physics, 'setEmissionRate')
  const systems = systemsOf(internals)
  const slot = slotOf(internals, systems, 'setEmissionRate', id, 'id')
  systems.real[slot * STRIDE.reals + REAL.rate] = checkNumber('setEmissionRate', 'rate', rate, NOT_NEGATIVE)
}

/** Particles of a system that are alive. @throws PhysicsError E_STALE_ENTITY, E_DISPOSED */
export function systemParticles(physics: Physics, id: ParticleSystemId): number {
  const internals = use(physics, 'systemParticles')
  const systems = systemsOf(internals)
  return systems.word[slotOf(internals, systems, 'systemParticles', id, 'id') * STRIDE.words + WORD.count]!
}

/** Systems whose body leaves emit nothing any more: bitECS hands its id to the next one. */
function unfollowAll(internals: Internals, systems: Systems, eid: number): void {
  const { word, followers } = systems
  for (let slot = 1; slot < highOf(internals) && followers[eid]! > 0; slot++) {
    if (word[slot * STRIDE.words + WORD.entity] !== eid) continue
    unfollow(systems, slot)
    word[slot * STRIDE.words + WORD.entity] = GONE
  }
}

function unfollow({ word, followers }: Systems, slot: number): void {
  const eid = word[slot * STRIDE.words + WORD.entity]!
  if (eid > 0 && eid !== GONE) followers[eid]!--
  word[slot * STRIDE.words + WORD.entity] = 0
}

function publishRanges({ ranges, word }: Systems): void {
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i]!
    range.start = word[range.slot * STRIDE.words + WORD.instance]!
    range.count = word[range.slot * STRIDE.words + WORD.instances]!
  }
}
