import { exactCos, exactSin } from '../../scenes/exact-math.ts'
import { FIELD, ORBIT_GM } from './constants.ts'

/** A place in a nearly circular orbit about the planet, and the velocity there. Reused by its maker. */
export interface OrbitState {
  x: number
  y: number
  z: number
  vx: number
  vy: number
  vz: number
}

export function createOrbitState(): OrbitState {
  return { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0 }
}

/**
 * A body at `angle` of an orbit of mean radius `radius` (epicycle approximation: good for small `eccentricity` and for
 * `height` much smaller than the radius). `phase` says where in its ups and downs and ins and outs it is.
 */
export function orbitAt(
  orbit: { radius: number; angle: number; height: number; eccentricity: number; phase: number },
  out: OrbitState,
): OrbitState {
  const rate = Math.sqrt(ORBIT_GM / (orbit.radius * orbit.radius * orbit.radius))
  const cosine = exactCos(orbit.angle)
  const sine = exactSin(orbit.angle)
  const up = exactSin(orbit.phase)
  const rise = exactCos(orbit.phase)
  const radial = orbit.radius * (1 - orbit.eccentricity * rise)
  const outward = orbit.radius * rate * orbit.eccentricity * up
  const along = orbit.radius * rate * (1 + orbit.eccentricity * rise)
  out.x = radial * cosine
  out.y = orbit.height * up
  out.z = radial * sine
  out.vx = outward * cosine - along * sine
  out.vy = orbit.height * rate * rise
  out.vz = outward * sine + along * cosine
  return out
}

/**
 * The mean radius of a rock's orbit, m: in the belt, or anywhere in the ring, never in the moon's gap. Takes three
 * numbers uniform in [0, 1).
 */
export function fieldRadius(pick: number, a: number, b: number): number {
  if (pick < FIELD.beltShare) return FIELD.belt + (a + b - 1) * FIELD.beltHalfWidth
  // The square root spreads rocks evenly over the area of the ring.
  const inner = FIELD.inner * FIELD.inner
  const radius = Math.sqrt(inner + a * (FIELD.outer * FIELD.outer - inner))
  const beside = radius - FIELD.gap
  if (Math.abs(beside) >= FIELD.gapHalfWidth) return radius
  return FIELD.gap + Math.sign(beside || 1) * FIELD.gapHalfWidth * (1 + b)
}
