/**
 * The direct sum over many bodies: the same laws as `long-range.ts` on columns of f64, fast enough for 10⁸ pairs, and
 * the measures of error that the accuracy suite states its bounds in.
 */
import type { LongRange } from './world.ts'

/** Bodies as columns, SI units. Every body that `attracts` or is charged is a source for all others. */
export interface PullField {
  readonly longRange: LongRange
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  readonly mass: Float64Array
  readonly charge: Float64Array
  readonly attracts: ArrayLike<number>
  /** 1: feels forces. */
  readonly dynamic: ArrayLike<number>
}

/** Sources without those that exert nothing: positions, G·m and k·c. */
interface Sources {
  index: Uint32Array
  x: Float64Array
  y: Float64Array
  z: Float64Array
  gm: Float64Array
  kc: Float64Array
}

function collectSources({ longRange, x, y, z, mass, charge, attracts }: PullField): Sources {
  const gm = mass.map((m, i) => (attracts[i] ? longRange.gravity * m : 0))
  const kc = charge.map((c) => longRange.coulomb * c)
  const index = Uint32Array.from(mass.keys()).filter((i) => gm[i] !== 0 || kc[i] !== 0)
  const pick = (column: Float64Array): Float64Array => Float64Array.from(index, (i) => column[i])
  return { index, x: pick(x), y: pick(y), z: pick(z), gm: pick(gm), kc: pick(kc) }
}

/**
 * Long-range accelerations of the bodies `targets` (indices) by all others, m/s²: three numbers a target.
 * a = Σ (G m − k c c_target / m_target) d / (d·d + ε²)^{3/2} over the pairs not nearer than `minDistance` nor at one point.
 */
export function pullsOn(field: PullField, targets: ArrayLike<number>): Float64Array {
  const { index, x, y, z, gm, kc } = collectSources(field)
  const near2 = field.longRange.minDistance ** 2
  const softening2 = field.longRange.softening ** 2
  const out = new Float64Array(3 * targets.length)
  for (let t = 0; t < targets.length; t++) {
    const i = targets[t]
    const [xi, yi, zi, perMass] = [field.x[i], field.y[i], field.z[i], field.charge[i] / field.mass[i]]
    let [ax, ay, az] = [0, 0, 0]
    for (let s = 0; s < index.length; s++) {
      const dx = x[s] - xi
      const dy = y[s] - yi
      const dz = z[s] - zi
      const d2 = dx * dx + dy * dy + dz * dz
      if (d2 === 0 || d2 < near2 || index[s] === i) continue
      const r2 = d2 + softening2
      const factor = (gm[s] - kc[s] * perMass) / (r2 * Math.sqrt(r2))
      ax += factor * dx
      ay += factor * dy
      az += factor * dz
    }
    out.set([ax, ay, az], 3 * t)
  }
  return out
}

/** Σ of the sizes of all pulls of both forces on each target, m/s²: what it would feel if nothing cancelled. One number a target. */
export function grossPullsOn(field: PullField, targets: ArrayLike<number>): Float64Array {
  const { index, x, y, z, gm, kc } = collectSources(field)
  const { minDistance, softening } = field.longRange
  return Float64Array.from(targets, (i) => {
    const perMass = Math.abs(field.charge[i] / field.mass[i])
    let sum = 0
    for (let s = 0; s < index.length; s++) {
      const d2 = (x[s] - field.x[i]) ** 2 + (y[s] - field.y[i]) ** 2 + (z[s] - field.z[i]) ** 2
      if (d2 === 0 || d2 < minDistance ** 2 || index[s] === i) continue
      const r2 = d2 + softening ** 2
      sum += ((gm[s] + Math.abs(kc[s]) * perMass) * Math.sqrt(d2)) / (r2 * Math.sqrt(r2))
    }
    return sum
  })
}

/**
 * Potential energy of every pair that somebody feels, J: the sum that `measures.ts` defines, over columns; and the root
 * of the sum of their squares, the size to expect of the sum when charges of random sign cancel.
 */
export function pullEnergy(field: PullField): { sum: number; size: number } {
  const { longRange, x, y, z, mass, charge, attracts, dynamic } = field
  const { gravity, coulomb, minDistance, softening } = longRange
  let [sum, squares] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      const d2 = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 + (z[i] - z[j]) ** 2
      if (d2 === 0 || d2 < minDistance ** 2 || !(dynamic[i] || dynamic[j])) continue
      const pulled = (dynamic[i] && attracts[j]) || (dynamic[j] && attracts[i]) ? gravity * mass[i] * mass[j] : 0
      const energy = (coulomb * charge[i] * charge[j] - pulled) / Math.sqrt(d2 + softening ** 2)
      sum += energy
      squares += energy * energy
    }
  }
  return { sum, size: Math.sqrt(squares) }
}

/** How far vectors are from exact ones. */
export interface PullError {
  /** RMS of |Δa| over RMS of |a|. */
  rms: number
  /** 99th percentile of |Δa| / |a|: the least that 99 % do not exceed. */
  p99: number
  /** Largest |Δa| / |a|. */
  worst: number
}

/** The error of `seen` against `exact`, three numbers a body; `weights` (masses) make forces out of accelerations. */
export function pullError(seen: ArrayLike<number>, exact: ArrayLike<number>, weights?: ArrayLike<number>): PullError {
  const count = exact.length / 3
  const ratios = new Float64Array(count)
  let [difference2, size2] = [0, 0]
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [exact[3 * i], exact[3 * i + 1], exact[3 * i + 2]]
    const size = Math.hypot(x, y, z)
    const difference = Math.hypot(seen[3 * i] - x, seen[3 * i + 1] - y, seen[3 * i + 2] - z)
    ratios[i] = difference === 0 ? 0 : difference / size
    const weight = weights ? weights[i] : 1
    difference2 += (weight * difference) ** 2
    size2 += (weight * size) ** 2
  }
  ratios.sort()
  const p99 = ratios[Math.ceil(0.99 * count) - 1]
  return { rms: difference2 === 0 ? 0 : Math.sqrt(difference2 / size2), p99, worst: ratios[count - 1] }
}
