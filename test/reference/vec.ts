/** Three-vectors and quaternions as plain arrays, in f64. Every function returns a new array: clarity first. */

export type Vec3 = readonly [number, number, number]
/** A rotation (x, y, z, w); unit length. */
export type Quat = readonly [number, number, number, number]

export const ZERO: Vec3 = [0, 0, 0]
export const UP: Vec3 = [0, 1, 0]
export const IDENTITY: Quat = [0, 0, 0, 1]

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s]
/** a + b·s */
export const addScaled = (a: Vec3, b: Vec3, s: number): Vec3 => [a[0] + b[0] * s, a[1] + b[1] * s, a[2] + b[2] * s]
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const length = (a: Vec3): number => Math.sqrt(dot(a, a))
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
/** a without its part along the unit vector n. */
export const rejectFrom = (a: Vec3, n: Vec3): Vec3 => addScaled(a, n, -dot(a, n))

export const isFinite3 = (a: Vec3): boolean => Number.isFinite(a[0]) && Number.isFinite(a[1]) && Number.isFinite(a[2])

/** The Hamilton product p ⊗ q. */
export const multiply = (p: Quat, q: Quat): Quat => [
  p[3] * q[0] + p[0] * q[3] + p[1] * q[2] - p[2] * q[1],
  p[3] * q[1] - p[0] * q[2] + p[1] * q[3] + p[2] * q[0],
  p[3] * q[2] + p[0] * q[1] - p[1] * q[0] + p[2] * q[3],
  p[3] * q[3] - p[0] * q[0] - p[1] * q[1] - p[2] * q[2],
]

export const normalize = (q: Quat): Quat => {
  const s = 1 / Math.hypot(...q)
  return [q[0] * s, q[1] * s, q[2] * s, q[3] * s]
}

/** The unit quaternion of a turn by |ω|·dt about ω, to first order: normalise(q + ½ dt (ω, 0) ⊗ q). */
export const rotateBy = (q: Quat, angularVelocity: Vec3, dt: number): Quat => {
  const spin = multiply([angularVelocity[0], angularVelocity[1], angularVelocity[2], 0], q)
  const h = dt / 2
  return normalize([q[0] + h * spin[0], q[1] + h * spin[1], q[2] + h * spin[2], q[3] + h * spin[3]])
}
