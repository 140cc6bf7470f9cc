/**
 * Affine matrices on plain arrays of 16 numbers, in three.js's order: the images of the x, y and z axis and the place, four numbers each. The
 * result goes into `out`, which comes first and is returned. Nothing is allocated.
 */
import { quaternionFromAxes, type WritableNumbers } from './quaternion.ts'

/** The matrix that scales, then turns by the unit quaternion, then moves. */
export function composeMatrix<Out extends WritableNumbers>(
  out: Out,
  position: ArrayLike<number>,
  rotation: ArrayLike<number>,
  scale: ArrayLike<number>,
): Out {
  const x = rotation[0]!
  const y = rotation[1]!
  const z = rotation[2]!
  const w = rotation[3]!
  column(out, 0, scale[0]!, 1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y))
  column(out, 4, scale[1]!, 2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x))
  column(out, 8, scale[2]!, 2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y))
  column(out, 12, 1, position[0]!, position[1]!, position[2]!)
  out[15] = 1
  return out
}

function column(out: WritableNumbers, at: number, scale: number, x: number, y: number, z: number): void {
  out[at] = scale * x
  out[at + 1] = scale * y
  out[at + 2] = scale * z
  out[at + 3] = 0
}

/** a · b: first `b`, then `a`. `out` may be either. */
export function multiplyMatrices<Out extends WritableNumbers>(
  out: Out,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Out {
  for (let row = 0; row < 3; row++) {
    const x = a[row]!
    const y = a[row + 4]!
    const z = a[row + 8]!
    const place = a[row + 12]!
    for (let at = 0; at < 16; at += 4) {
      SCRATCH[at + row] = x * b[at]! + y * b[at + 1]! + z * b[at + 2]! + (at === 12 ? place : 0)
    }
  }
  for (let k = 0; k < 16; k++) out[k] = k % 4 === 3 ? (k === 15 ? 1 : 0) : SCRATCH[k]!
  return out
}

const SCRATCH = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

/** The inverse; all zeros but the last element where there is none. `out` may be `m`. */
export function invertMatrix<Out extends WritableNumbers>(out: Out, m: ArrayLike<number>): Out {
  const determinant = determinantOf(m)
  const scale = determinant === 0 ? 0 : 1 / determinant
  for (let i = 0; i < 3; i++) {
    const [p, q] = [((i + 1) % 3) * 4, ((i + 2) % 3) * 4]
    for (let j = 0; j < 3; j++) {
      const [r, s] = [(j + 1) % 3, (j + 2) % 3]
      // The transposed cofactor: column j of the inverse, row i.
      SCRATCH[j * 4 + i] = (m[p + r]! * m[q + s]! - m[p + s]! * m[q + r]!) * scale
    }
  }
  for (let row = 0; row < 3; row++) {
    SCRATCH[12 + row] = -(SCRATCH[row]! * m[12]! + SCRATCH[4 + row]! * m[13]! + SCRATCH[8 + row]! * m[14]!)
  }
  for (let k = 0; k < 16; k++) out[k] = k % 4 === 3 ? (k === 15 ? 1 : 0) : SCRATCH[k]!
  return out
}

function determinantOf(m: ArrayLike<number>): number {
  return (
    m[0]! * (m[5]! * m[10]! - m[6]! * m[9]!) -
    m[1]! * (m[4]! * m[10]! - m[6]! * m[8]!) +
    m[2]! * (m[4]! * m[9]! - m[5]! * m[8]!)
  )
}

/**
 * The position, rotation and scale whose matrix is `m`: the same as three.js's `Matrix4.decompose`. A mirror shows as a negative x scale; what
 * is sheared has no such three, and gets near ones.
 */
export function decomposeMatrix(
  m: ArrayLike<number>,
  position: WritableNumbers,
  rotation: WritableNumbers,
  scale: WritableNumbers,
): void {
  for (let axis = 0; axis < 3; axis++) {
    position[axis] = m[12 + axis]!
    const at = 4 * axis
    scale[axis] = Math.sqrt(m[at]! * m[at]! + m[at + 1]! * m[at + 1]! + m[at + 2]! * m[at + 2]!)
  }
  if (determinantOf(m) < 0) scale[0] = -scale[0]!
  for (let k = 0; k < 12; k++) {
    const s = scale[k >> 2]!
    SCRATCH[k] = s === 0 ? 0 : m[k]! / s
  }
  quaternionFromAxes(rotation, SCRATCH)
}
