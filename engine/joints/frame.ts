/** Frames of joints: rotations as quaternions x, y, z, w. Exact operations only, so the same bits everywhere. */

/** Three numbers. */
export type Triple = readonly [number, number, number]
/** Quaternion x, y, z, w. */
export type Quad = readonly [number, number, number, number]

/** The inverse of a unit quaternion. */
export function conjugate(q: Quad): [number, number, number, number] {
  return [-q[0], -q[1], -q[2], q[3]]
}

/** First `b`, then `a`. */
export function multiply(a: Quad, b: Quad): [number, number, number, number] {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ]
}

/** `q` at length one; no rotation where it has none. */
export function normalize(q: Quad): [number, number, number, number] {
  const length = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
  return length > 0 && length < Infinity ? [q[0] / length, q[1] / length, q[2] / length, q[3] / length] : [0, 0, 0, 1]
}

/** The shortest rotation that takes unit vector `a` to unit vector `b`; a half turn about any axis beside them where they are opposite. */
export function between(a: Triple, b: Triple): [number, number, number, number] {
  const w = 1 + a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
  if (w < 1e-9) {
    const beside: Triple = Math.abs(a[0]) < 0.7 ? [0, a[2], -a[1]] : [-a[2], 0, a[0]]
    return normalize([beside[0], beside[1], beside[2], 0])
  }
  return normalize([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0], w])
}
