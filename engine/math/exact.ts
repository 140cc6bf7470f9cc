/**
 * Mathematics whose last bit is the same everywhere. `Math.cos` and `Math.hypot` may differ between engines and versions, and what they give
 * ends up in the state; +, −, ×, ÷ and `Math.sqrt` are exact by the standard.
 */

/** Length of a vector. */
export function length3(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z)
}

/** Length of a quaternion. */
export function length4(q: ArrayLike<number>): number {
  return Math.sqrt(q[0]! * q[0]! + q[1]! * q[1]! + q[2]! * q[2]! + q[3]! * q[3]!)
}

/** Cosine of an angle from 0 to π, rad, to 1e-15: its Taylor series about π/2, which is short there. */
export function cosine(angle: number): number {
  const x = Math.PI / 2 - angle
  const x2 = x * x
  let term = x
  let sum = x
  for (let n = 3; n <= 21; n += 2) {
    term *= -x2 / (n * (n - 1))
    sum += term
  }
  return sum
}
