import { ATTRACTS, BODY, DYNAMIC, KINEMATIC } from '../flags.ts'
import type { RealArray } from '../memory/views.ts'
import { type Desk, FLIGHT, FLY, TRAY } from './desk.ts'

/**
 * What a step makes of bodies that touch nothing, worked out by the kernel with its own arithmetic (`stages/delta.rs`): most numbers come out to the
 * last bit. A delta then tells those alone that did not. What is wrong here costs bytes and nothing else: a delta tells the difference.
 */

/** Columns of the base, and, as far as they are known already, of now. */
export interface Sight {
  base(name: string): RealArray
  now(name: string): RealArray
  baseWords(name: string): Uint32Array
}

/** What steps are made of. */
export interface StepNumbers {
  single: boolean
  entities: number
  /** s, and how many steps there were. */
  dt: number
  steps: number
  gravity: readonly [number, number, number]
  g: number
  softening: number
  minDistance: number
}

/** More sources than this are not summed one by one: the kernel would not either, and the delta would take long. */
const MOST_SOURCES = 64

const AXES = ['x', 'y', 'z'] as const
const TURNS = ['x', 'y', 'z', 'w'] as const

const { PLACE, SPEED, PULL, FLAGS, SCALE, DAMPING, NOW, TURN, SPIN, NUMBERS } = FLIGHT

/** One pass over all entities: which kind, its number, and what lies in which tray before it and after it. */
interface Pass {
  readonly kind: number
  readonly number: number
  readonly flags: Uint32Array
  readonly before: readonly (readonly [tray: number, columns: readonly RealArray[]])[]
  readonly after: readonly (readonly [tray: number, columns: readonly RealArray[]])[]
}

/** Has the kernel work through the entities, a tray at a time. */
function pass(
  { kernel, trays, wordTrays }: Desk,
  entities: number,
  { kind, number, flags, before, after }: Pass,
): void {
  for (let from = 0; from < entities; from += TRAY) {
    const to = Math.min(from + TRAY, entities)
    wordTrays[FLAGS]!.set(flags.subarray(from, to))
    for (const [tray, columns] of before) {
      for (let k = 0; k < columns.length; k++) trays[tray + k]!.set(columns[k]!.subarray(from, to))
    }
    kernel.exports.state_fly(kind, to - from, number)
    for (const [tray, columns] of after) {
      for (let k = 0; k < columns.length; k++) columns[k]!.set(trays[tray + k]!.subarray(0, to - from), from)
    }
  }
}

/** Predicts velocities from the base: v ← v/(1 + dt·damping) + a·dt, for one step. */
export function predictVelocities(
  desk: Desk,
  sight: Sight,
  step: StepNumbers,
): { velocity: RealArray[]; pull: RealArray[] } {
  const r = step.single ? Math.fround : same
  const velocity = AXES.map((axis) => sight.base(`LinearVelocity.${axis}`).slice())
  const pull = velocity.map((column) => column.slice())
  const softening2 = r(r(step.softening) * r(step.softening))
  const near = Math.max(r(r(step.minDistance) * r(step.minDistance)), step.single ? 1e-30 : 1e-300)
  const sources = listSources(sight, step)
  desk.trays[NUMBERS]!.set([step.dt, ...step.gravity, softening2, near, 0, 0, ...sources])
  pass(desk, step.entities, {
    kind: FLY.velocities,
    number: sources.length / 4,
    flags: sight.baseWords('RigidBody.flags'),
    before: [
      [PLACE, AXES.map((axis) => sight.base(`Position.${axis}`))],
      [SPEED, velocity],
      [SCALE, [sight.base('RigidBody.gravityScale')]],
      [DAMPING, [sight.base('RigidBody.linearDamping')]],
    ],
    after: [
      [SPEED, velocity],
      [PULL, pull],
    ],
  })
  return { velocity, pull }
}

const same = (v: number): number => v

/** Sources of gravity at the middle of the step: x, y, z, G m; none when they are too many. */
function listSources(sight: Sight, step: StepNumbers): number[] {
  const r = step.single ? Math.fround : same
  if (step.g === 0) return []
  const flags = sight.baseWords('RigidBody.flags')
  const mass = sight.base('Mass.value')
  const places = AXES.map((axis) => sight.base(`Position.${axis}`))
  const speeds = AXES.map((axis) => sight.base(`LinearVelocity.${axis}`))
  const half = r(0.5 * r(step.dt))
  const list: number[] = []
  for (let e = 0; e < step.entities; e++) {
    if ((flags[e]! & (BODY | ATTRACTS)) !== (BODY | ATTRACTS)) continue
    const moves = (flags[e]! & (DYNAMIC | KINEMATIC)) !== 0
    for (let k = 0; k < 3; k++) list.push(r(places[k]![e]! + r(speeds[k]![e]! * (moves ? half : 0))))
    list.push(r(r(step.g) * mass[e]!))
    if (list.length > 4 * MOST_SOURCES) return []
  }
  return list
}

/**
 * Predicts positions: x + dt·(v − a·dt/2) with the velocities of now; where these are not as predicted, something else than gravity pulled, and its
 * acceleration counts too.
 */
export function predictPositions(
  desk: Desk,
  sight: Sight,
  step: StepNumbers,
  { velocity, pull }: { velocity: RealArray[]; pull: RealArray[] },
): RealArray[] {
  const out = AXES.map((axis) => sight.base(`Position.${axis}`).slice())
  desk.trays[NUMBERS]![0] = step.dt
  pass(desk, step.entities, {
    kind: FLY.places,
    number: step.steps,
    flags: sight.baseWords('RigidBody.flags'),
    before: [
      [PLACE, out],
      [SPEED, velocity],
      [PULL, pull],
      [NOW, AXES.map((axis) => sight.now(`LinearVelocity.${axis}`))],
    ],
    after: [[PLACE, out]],
  })
  return out
}

/** Predicts rotations: q ← normalise(q + ½ dt (ω, 0) ⊗ q) with the angular velocities of now. */
export function predictRotations(desk: Desk, sight: Sight, step: StepNumbers): RealArray[] {
  const out = TURNS.map((axis) => sight.base(`Rotation.${axis}`).slice())
  desk.trays[NUMBERS]![0] = step.dt
  pass(desk, step.entities, {
    kind: FLY.rotations,
    number: step.steps,
    flags: sight.baseWords('RigidBody.flags'),
    before: [
      [TURN, out],
      [SPIN, AXES.map((axis) => sight.now(`AngularVelocity.${axis}`))],
    ],
    after: [[TURN, out]],
  })
  return out
}
