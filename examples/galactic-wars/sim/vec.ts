import type { VectorColumns } from './components.ts'

/**
 * A vector that a system works in; made once, written over. The helpers write into their arguments or answer yes or no:
 * a fraction that a function returns costs an allocation wherever the function is not inlined.
 */
export type Scratch = Float64Array

export function scratch(): Scratch {
  return new Float64Array(3)
}

export function setVector(out: Scratch, x: number, y: number, z: number): Scratch {
  out[0] = x
  out[1] = y
  out[2] = z
  return out
}

export function readVector(columns: VectorColumns, eid: number, out: Scratch): Scratch {
  return setVector(out, columns.x[eid], columns.y[eid], columns.z[eid])
}

export function writeVector(columns: VectorColumns, eid: number, x: number, y: number, z: number): void {
  columns.x[eid] = x
  columns.y[eid] = y
  columns.z[eid] = z
}

/** out = b − a, for two entities. */
export function between(columns: VectorColumns, a: number, b: number, out: Scratch): Scratch {
  return setVector(out, columns.x[b] - columns.x[a], columns.y[b] - columns.y[a], columns.z[b] - columns.z[a])
}

/** out += v · factor */
export function addScaled(out: Scratch, v: Scratch, factor: number): Scratch {
  out[0] += v[0] * factor
  out[1] += v[1] * factor
  out[2] += v[2] * factor
  return out
}

/** out = a × b; `out` is neither. */
export function cross(a: Scratch, b: Scratch, out: Scratch): Scratch {
  return setVector(out, a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
}

/** Makes `v` a unit vector. Returns false, and leaves it, when it is almost zero. */
export function normalize(v: Scratch): boolean {
  // Not Math.hypot, whose last bit is the engine's choice.
  const size = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
  if (size < 1e-6) return false
  v[0] /= size
  v[1] /= size
  v[2] /= size
  return true
}

/** Takes the part along the unit vector `axis` out of `v`. */
export function flatten(v: Scratch, axis: Scratch): Scratch {
  return addScaled(v, axis, -(v[0] * axis[0] + v[1] * axis[1] + v[2] * axis[2]))
}

/** True when the angle between two unit vectors has a cosine above `cosine`. */
export function isWithinCone(a: Scratch, b: Scratch, cosine: number): boolean {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] > cosine
}

export function isShorter(v: Scratch, limit: number): boolean {
  return v[0] * v[0] + v[1] * v[1] + v[2] * v[2] < limit * limit
}
