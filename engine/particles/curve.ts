import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import type { Vec3Like } from '../settings.ts'

/** A number over the life of a particle: constant, or keys [time, value] with times from 0 (birth) to 1 (death), never falling. */
export type ParticleCurve = number | readonly (readonly [time: number, value: number])[]

/** A colour over the life of a particle: red, green, blue ≥ 0 (above 1 glows); or keys [time, red, green, blue]. */
export type ParticleColor = Vec3Like | readonly (readonly [time: number, red: number, green: number, blue: number])[]

/** Samples that a curve is kept as: at ages 0, 1/15, … 1, straight between them. */
export const SAMPLES = 16

const NOT_NEGATIVE = { min: 0 }
const SHARE = { min: 0, max: 1 }

/**
 * Writes the samples of a curve of `width` values into every `stride`-th place from `at` on.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function bakeCurve(
  { call, field }: { call: string; field: string },
  curve: readonly ArrayLike<number>[],
  to: Float32Array,
  { at, stride, width }: { at: number; stride: number; width: number },
): void {
  checkKeys(call, field, curve, width)
  for (let sample = 0; sample < SAMPLES; sample++) {
    const time = sample / (SAMPLES - 1)
    let next = 0
    while (next < curve.length && curve[next]![0]! <= time) next++
    const after = curve[Math.min(next, curve.length - 1)]!
    const before = curve[Math.max(next - 1, 0)]!
    const span = after[0]! - before[0]!
    const share = span > 0 ? (time - before[0]!) / span : 0
    for (let k = 0; k < width; k++) {
      to[at + sample * stride + k] = before[k + 1]! + (after[k + 1]! - before[k + 1]!) * share
    }
  }
}

function checkKeys(call: string, field: string, curve: readonly ArrayLike<number>[], width: number): void {
  if (curve.length === 0) throw new PhysicsError('E_RANGE', call, 'has no keys', { field })
  let last = 0
  for (const key of curve) {
    checkVector(call, field, key, width + 1)
    checkNumber(call, field, key[0], SHARE)
    for (let k = 1; k <= width; k++) checkNumber(call, field, key[k], NOT_NEGATIVE)
    if (key[0]! < last) throw new PhysicsError('E_RANGE', call, 'times of keys must not fall', { field, value: key[0] })
    last = key[0]!
  }
}

/** The keys of a curve. */
export function keysOf(call: string, field: string, curve: ParticleCurve): readonly ArrayLike<number>[] {
  if (Array.isArray(curve)) return curve as readonly ArrayLike<number>[]
  return [[0, checkNumber(call, field, curve, NOT_NEGATIVE)]]
}

/** The keys of a colour. */
export function colorKeys(call: string, field: string, color: ParticleColor): readonly ArrayLike<number>[] {
  if (Array.isArray(color) && typeof color[0] === 'object') return color as readonly ArrayLike<number>[]
  const flat = checkVector(call, field, color as Vec3Like, 3)
  return [[0, flat[0]!, flat[1]!, flat[2]!]]
}
