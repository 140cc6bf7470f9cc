/**
 * Quaternions on plain arrays: (x, y, z, w), right-handed, angles in radians. The result goes into `out`, which comes first (as in gl-matrix), is
 * returned, and may be one of the arguments. Nothing is allocated and nothing is checked: what is not finite stays so.
 *
 * Sines come from the host, whose last bit may differ between engines: what must be equal on all machines is turned by the kernel.
 */

/** Numbers that can be written: an array or a typed array. */
export interface WritableNumbers {
  [index: number]: number
  readonly length: number
}

/** Axes of three turns about the axes of the turning body, first to last: 'YXZ' is yaw, pitch, roll. The same as three.js's orders. */
export type EulerOrder = 'XYZ' | 'YXZ' | 'ZXY' | 'ZYX' | 'YZX' | 'XZY'

/** Axis of the first, middle and last turn, and whether that order is cyclic. */
const ORDERS: Readonly<Record<EulerOrder, readonly [first: number, middle: number, last: number, sign: 1 | -1]>> = {
  XYZ: [0, 1, 2, 1],
  YZX: [1, 2, 0, 1],
  ZXY: [2, 0, 1, 1],
  XZY: [0, 2, 1, -1],
  YXZ: [1, 0, 2, -1],
  ZYX: [2, 1, 0, -1],
}

/** Beyond this sine the middle turn is a quarter: the first and the last turn are about one axis, and all of it is called the first. */
const LOCKED = 0.9999999
/** Above this cosine the sines of slerp lose digits, and nlerp differs by less than 1e-9. */
const NEAR = 0.9999

/** Sets (x, y, z, w). */
function set<Out extends WritableNumbers>(out: Out, x: number, y: number, z: number, w: number): Out {
  out[0] = x
  out[1] = y
  out[2] = z
  out[3] = w
  return out
}

/** The unit quaternion of `q`; no turn when its length is 0. */
export function normalizeQuaternion<Out extends WritableNumbers>(out: Out, q: ArrayLike<number>): Out {
  return unit(out, q[0]!, q[1]!, q[2]!, q[3]!)
}

function unit<Out extends WritableNumbers>(out: Out, x: number, y: number, z: number, w: number): Out {
  const length = Math.sqrt(x * x + y * y + z * z + w * w)
  if (length === 0) return set(out, 0, 0, 0, 1)
  const scale = 1 / length
  return set(out, x * scale, y * scale, z * scale, w * scale)
}

/** a ⊗ b: in the world's axes first the turn `b`, then `a`. */
export function multiplyQuaternions<Out extends WritableNumbers>(
  out: Out,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Out {
  const ax = a[0]!
  const ay = a[1]!
  const az = a[2]!
  const aw = a[3]!
  const bx = b[0]!
  const by = b[1]!
  const bz = b[2]!
  const bw = b[3]!
  return set(
    out,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  )
}

/** The opposite turn of a unit quaternion. */
export function conjugateQuaternion<Out extends WritableNumbers>(out: Out, q: ArrayLike<number>): Out {
  return set(out, -q[0]!, -q[1]!, -q[2]!, q[3]!)
}

/** The turn by `angle` about the unit vector `axis`. */
export function quaternionFromAxisAngle<Out extends WritableNumbers>(
  out: Out,
  axis: ArrayLike<number>,
  angle: number,
): Out {
  const s = Math.sin(0.5 * angle)
  return set(out, axis[0]! * s, axis[1]! * s, axis[2]! * s, Math.cos(0.5 * angle))
}

/** The three turns by `angles` about x, y and z, in the given order about the body's own axes. Default 'XYZ'. */
export function quaternionFromEuler<Out extends WritableNumbers>(
  out: Out,
  angles: ArrayLike<number>,
  order: EulerOrder = 'XYZ',
): Out {
  const [first, middle, last, sign] = ORDERS[order]
  const s1 = Math.sin(0.5 * angles[first]!)
  const c1 = Math.cos(0.5 * angles[first]!)
  const s2 = Math.sin(0.5 * angles[middle]!)
  const c2 = Math.cos(0.5 * angles[middle]!)
  const s3 = Math.sin(0.5 * angles[last]!)
  const c3 = Math.cos(0.5 * angles[last]!)
  out[first] = s1 * c2 * c3 + sign * c1 * s2 * s3
  out[middle] = c1 * s2 * c3 - sign * s1 * c2 * s3
  out[last] = c1 * c2 * s3 + sign * s1 * s2 * c3
  out[3] = c1 * c2 * c3 - sign * s1 * s2 * s3
  return out
}

/**
 * The angles about x, y and z whose turns in the given order make the unit quaternion `q`: the middle one within ±π/2, the others within ±π.
 * Where the middle one is a quarter turn (gimbal lock) the last one is 0.
 */
export function eulerFromQuaternion<Out extends WritableNumbers>(
  out: Out,
  q: ArrayLike<number>,
  order: EulerOrder = 'XYZ',
): Out {
  const [i, j, k, sign] = ORDERS[order]
  const w = q[3]!
  const a = q[i]!
  const b = q[j]!
  const c = q[k]!
  // Elements of the rotation matrix, in the axes of the order: row, column.
  const ik = 2 * (a * c + sign * w * b)
  const sine = sign * ik
  const s = Math.min(1, Math.max(-1, sine))
  out[j] = Math.asin(s)
  if (Math.abs(s) < LOCKED) {
    const jk = 2 * (b * c - sign * w * a)
    const ij = 2 * (a * b - sign * w * c)
    out[i] = Math.atan2(-sign * jk, 1 - 2 * (a * a + b * b))
    out[k] = Math.atan2(-sign * ij, 1 - 2 * (b * b + c * c))
  } else {
    const kj = 2 * (b * c + sign * w * a)
    out[i] = Math.atan2(sign * kj, 1 - 2 * (a * a + c * c))
    out[k] = 0
  }
  return out
}

/** Between two unit quaternions at even speed along the shorter way; `t` 0 gives `a`, 1 gives `b` (Shoemake 1985). */
export function slerp<Out extends WritableNumbers>(
  out: Out,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  t: number,
): Out {
  const dot = a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]! + a[3]! * b[3]!
  const cosine = Math.abs(dot)
  if (cosine > NEAR) return nlerp(out, a, b, t)
  const angle = Math.acos(cosine)
  const scale = 1 / Math.sin(angle)
  return blend(out, a, b, Math.sin((1 - t) * angle) * scale, Math.sin(t * angle) * scale * (dot < 0 ? -1 : 1))
}

/** Between two unit quaternions along the shorter way, straight and back to length 1: cheaper than `slerp`, up to 8° off half-way through half a turn's arc. */
export function nlerp<Out extends WritableNumbers>(
  out: Out,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  t: number,
): Out {
  const dot = a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]! + a[3]! * b[3]!
  return normalizeQuaternion(out, blend(out, a, b, 1 - t, dot < 0 ? -t : t))
}

function blend<Out extends WritableNumbers>(
  out: Out,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  s: number,
  t: number,
): Out {
  return set(out, a[0]! * s + b[0]! * t, a[1]! * s + b[1]! * t, a[2]! * s + b[2]! * t, a[3]! * s + b[3]! * t)
}

/** `v` turned by the unit quaternion `q`. */
export function rotateVector<Out extends WritableNumbers>(out: Out, q: ArrayLike<number>, v: ArrayLike<number>): Out {
  const x = q[0]!
  const y = q[1]!
  const z = q[2]!
  const w = q[3]!
  const a = v[0]!
  const b = v[1]!
  const c = v[2]!
  const tx = 2 * (y * c - z * b)
  const ty = 2 * (z * a - x * c)
  const tz = 2 * (x * b - y * a)
  out[0] = a + w * tx + y * tz - z * ty
  out[1] = b + w * ty + z * tx - x * tz
  out[2] = c + w * tz + x * ty - y * tx
  return out
}

/**
 * The attitude in which +z points along `forward` and +y as near to `up` as it can: what three.js's `Object3D.lookAt` gives an object (a camera
 * looks along −z: give it the opposite direction). Neither vector needs a length of 1. Where they are parallel, some attitude with +z along
 * `forward`; no turn when `forward` is 0.
 */
export function lookRotation<Out extends WritableNumbers>(
  out: Out,
  forward: ArrayLike<number>,
  up: ArrayLike<number> = UP,
): Out {
  let zx = forward[0]!
  let zy = forward[1]!
  let zz = forward[2]!
  const length = Math.sqrt(zx * zx + zy * zy + zz * zz)
  if (length === 0) return set(out, 0, 0, 0, 1)
  zx /= length
  zy /= length
  zz /= length
  let xx = up[1]! * zz - up[2]! * zy
  let xy = up[2]! * zx - up[0]! * zz
  let xz = up[0]! * zy - up[1]! * zx
  let across = Math.sqrt(xx * xx + xy * xy + xz * xz)
  const size = Math.sqrt(up[0]! * up[0]! + up[1]! * up[1]! + up[2]! * up[2]!)
  if (across <= PARALLEL * size) {
    // Any vector that is not along z: the axis in which z is shortest.
    const flat = Math.abs(zx) < 0.5
    xx = flat ? 0 : zz
    xy = flat ? -zz : 0
    xz = flat ? zy : -zx
    across = Math.sqrt(xx * xx + xy * xy + xz * xz)
  }
  xx /= across
  xy /= across
  xz /= across
  AXES[0] = xx
  AXES[1] = xy
  AXES[2] = xz
  AXES[4] = zy * xz - zz * xy
  AXES[5] = zz * xx - zx * xz
  AXES[6] = zx * xy - zy * xx
  AXES[8] = zx
  AXES[9] = zy
  AXES[10] = zz
  return quaternionFromAxes(out, AXES)
}

const UP = [0, 1, 0] as const
const PARALLEL = 1e-9

const AXES = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

/**
 * The turn that a matrix makes whose first three columns, of four numbers each, are orthonormal (Shepperd 1978: by the largest of the four
 * components).
 */
export function quaternionFromAxes<Out extends WritableNumbers>(out: Out, m: ArrayLike<number>): Out {
  const xx = m[0]!
  const yy = m[5]!
  const zz = m[10]!
  const x = m[6]! - m[9]!
  const y = m[8]! - m[2]!
  const z = m[1]! - m[4]!
  const xy = m[4]! + m[1]!
  const xz = m[8]! + m[2]!
  const yz = m[9]! + m[6]!
  if (xx + yy + zz > 0) return unit(out, x, y, z, 1 + xx + yy + zz)
  if (xx > yy && xx > zz) return unit(out, 1 + xx - yy - zz, xy, xz, x)
  if (yy > zz) return unit(out, xy, 1 + yy - xx - zz, yz, y)
  return unit(out, xz, yz, 1 + zz - xx - yy, z)
}

/** `q` after `dt` seconds at the constant angular velocity `omega`, rad/s, in the world's axes: exact, whatever the angle. */
export function integrateQuaternion<Out extends WritableNumbers>(
  out: Out,
  q: ArrayLike<number>,
  omega: ArrayLike<number>,
  dt: number,
): Out {
  const x = omega[0]!
  const y = omega[1]!
  const z = omega[2]!
  const speed = Math.sqrt(x * x + y * y + z * z)
  const half = 0.5 * speed * dt
  // sin(half)/speed, which is dt/2 where there is no turn to speak of.
  const s = speed > 0 ? Math.sin(half) / speed : 0.5 * dt
  const c = Math.cos(half)
  const qx = q[0]!
  const qy = q[1]!
  const qz = q[2]!
  const qw = q[3]!
  return unit(
    out,
    c * qx + s * (x * qw + y * qz - z * qy),
    c * qy + s * (y * qw + z * qx - x * qz),
    c * qz + s * (z * qw + x * qy - y * qx),
    c * qw - s * (x * qx + y * qy + z * qz),
  )
}
