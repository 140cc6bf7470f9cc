import { checkChoice, checkNumber } from './errors.ts'
import { type Internals, type Physics, use, writeSetting } from './internals.ts'
import { wakeHelpers } from './kernel/pool.ts'
import { LONG_RANGE_METHODS, type LongRangeMethod } from './settings.ts'

const LINEAR = 0
const ANGULAR = 1
const POTENTIAL = 2
const POTENTIAL_BY_TREE = 3
const LONG_RANGE_ERROR = 4

/** Bodies from which on the helpers are worth waking. */
const SHARED_FROM = 2048
/** Bodies above which `potentialEnergy` uses the tree unless told otherwise: a direct sum takes the square of them. */
const DIRECT_UP_TO = 4096
/** Samples that the kernel can hold. */
const MAX_SAMPLES = 1024

/** A vector result. */
export type Vec3 = [number, number, number]

function measure(internals: Internals, kind: number, wanted = 0): number {
  writeSetting(internals, 'high', internals.high)
  const threads = internals.seat && internals.bodies >= SHARED_FROM ? internals.threads : 1
  if (threads > 1) wakeHelpers(internals.seat!)
  return internals.kernel.exports.measure(kind, wanted, threads)
}

function results(physics: Physics, call: string, kind: number): Float64Array {
  const internals = use(physics, call)
  measure(internals, kind)
  return internals.result
}

/** Kinetic energy of the dynamic bodies, J, rotation included. @throws PhysicsError E_DISPOSED */
export function kineticEnergy(physics: Physics): number {
  return results(physics, 'kineticEnergy', LINEAR)[0]!
}

/**
 * Potential energy of the dynamic bodies, J: in uniform gravity (zero at the origin) and of each long-range pair once.
 * @param options `method`: `direct` sums all pairs in f64; `tree` takes time about proportional to the bodies and errs like the
 *   tree's forces; `auto` (default) is direct up to 4,096 bodies.
 * @throws PhysicsError E_DISPOSED, E_RANGE
 */
export function potentialEnergy(physics: Physics, options: { method?: LongRangeMethod } = {}): number {
  const internals = use(physics, 'potentialEnergy')
  const method = checkChoice('potentialEnergy', 'method', options.method ?? 'auto', LONG_RANGE_METHODS)
  const tree = method === 'tree' || (method === 'auto' && internals.bodies > DIRECT_UP_TO)
  measure(internals, tree ? POTENTIAL_BY_TREE : POTENTIAL)
  return internals.result[0]!
}

/** How exact the long-range forces are at the moment. */
export interface LongRangeError {
  /** Root mean square of the errors over root mean square of the accelerations. */
  rms: number
  /** 99th percentile of |error| / |acceleration|. */
  p99: number
  /** Bodies that were compared. */
  samples: number
}

/**
 * Compares the long-range accelerations at the present positions, by the method in use, with a direct sum in f64. Costs as much as the
 * long-range stage of a step, and `samples` direct sums. Leaves the state as it is.
 * @param samples dynamic bodies to compare, at even strides, 1 … 1,024. Default 256.
 * @throws PhysicsError E_DISPOSED, E_NOT_FINITE, E_RANGE
 */
export function longRangeError(physics: Physics, samples = 256): LongRangeError {
  const internals = use(physics, 'longRangeError')
  checkNumber('longRangeError', 'samples', samples, { min: 1, max: MAX_SAMPLES, integer: true })
  const count = measure(internals, LONG_RANGE_ERROR, samples)
  const squares = internals.samples
  let errors = 0
  let accelerations = 0
  const relative = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const [error, acceleration] = [squares[2 * i]!, squares[2 * i + 1]!]
    errors += error
    accelerations += acceleration
    relative[i] = error === 0 ? 0 : Math.sqrt(error / acceleration)
  }
  relative.sort()
  const p99 = count > 0 ? relative[Math.ceil(0.99 * count) - 1]! : 0
  return { rms: errors === 0 ? 0 : Math.sqrt(errors / accelerations), p99, samples: count }
}

/** Momentum of the dynamic bodies, kg·m/s. @throws PhysicsError E_DISPOSED */
export function momentum(physics: Physics, out: Vec3 = [0, 0, 0]): Vec3 {
  const result = results(physics, 'momentum', LINEAR)
  for (let axis = 0; axis < 3; axis++) out[axis] = result[1 + axis]!
  return out
}

/** Angular momentum of the dynamic bodies about the origin, kg·m²/s, spin included. @throws PhysicsError E_DISPOSED */
export function angularMomentum(physics: Physics, out: Vec3 = [0, 0, 0]): Vec3 {
  const result = results(physics, 'angularMomentum', ANGULAR)
  for (let axis = 0; axis < 3; axis++) out[axis] = result[axis]!
  return out
}

/** Centre of mass of the dynamic bodies, m; the origin when there are none. @throws PhysicsError E_DISPOSED */
export function centerOfMass(physics: Physics, out: Vec3 = [0, 0, 0]): Vec3 {
  const result = results(physics, 'centerOfMass', LINEAR)
  const mass = result[7]!
  for (let axis = 0; axis < 3; axis++) out[axis] = mass > 0 ? result[4 + axis]! / mass : 0
  return out
}
