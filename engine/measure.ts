import { type Internals, type Physics, use, writeSetting } from './internals.ts'

const LINEAR = 0
const ANGULAR = 1
const POTENTIAL = 2

/** A vector result. */
export type Vec3 = [number, number, number]

function measure(physics: Physics, call: string, kind: number): Internals {
  const internals = use(physics, call)
  writeSetting(internals, 'high', internals.high)
  internals.kernel.exports.measure(kind)
  return internals
}

/** Kinetic energy of the dynamic bodies, J, rotation included. @throws PhysicsError E_DISPOSED */
export function kineticEnergy(physics: Physics): number {
  return measure(physics, 'kineticEnergy', LINEAR).result[0]!
}

/**
 * Potential energy of the dynamic bodies, J: in uniform gravity (zero at the origin) and of each long-range pair once.
 * A direct sum in f64 over all pairs of bodies. @throws PhysicsError E_DISPOSED
 */
export function potentialEnergy(physics: Physics): number {
  return measure(physics, 'potentialEnergy', POTENTIAL).result[0]!
}

/** Momentum of the dynamic bodies, kg·m/s. @throws PhysicsError E_DISPOSED */
export function momentum(physics: Physics, out: Vec3 = [0, 0, 0]): Vec3 {
  const { result } = measure(physics, 'momentum', LINEAR)
  for (let axis = 0; axis < 3; axis++) out[axis] = result[1 + axis]!
  return out
}

/** Angular momentum of the dynamic bodies about the origin, kg·m²/s, spin included. @throws PhysicsError E_DISPOSED */
export function angularMomentum(physics: Physics, out: Vec3 = [0, 0, 0]): Vec3 {
  const { result } = measure(physics, 'angularMomentum', ANGULAR)
  for (let axis = 0; axis < 3; axis++) out[axis] = result[axis]!
  return out
}

/** Centre of mass of the dynamic bodies, m; the origin when there are none. @throws PhysicsError E_DISPOSED */
export function centerOfMass(physics: Physics, out: Vec3 = [0, 0, 0]): Vec3 {
  const { result } = measure(physics, 'centerOfMass', LINEAR)
  const mass = result[7]!
  for (let axis = 0; axis < 3; axis++) out[axis] = mass > 0 ? result[4 + axis]! / mass : 0
  return out
}
