/**
 * An independent judge of the long-range forces: the laws of README and docs, summed in f64 over every pair, without the
 * engine. Slow, so only for a sample of the bodies.
 */
import { type Physics, step } from 'manybody'
import type { SceneData } from '../../examples/scenes/scene.ts'

/** A power of two: v = a·dt and a = v/dt are then exact. */
const DT = 2 ** -10

/** Error of accelerations: RMS |Δa| / RMS |a|, and the 99th percentile of |Δa| / |a|. */
export interface AccelerationError {
  rms: number
  p99: number
}

/** Acceleration of body `i` of a scene by all others: gravity of those that attract, Coulomb force of the charged. */
export function accelerationOf(scene: SceneData, i: number): [number, number, number] {
  const s = scene.spheres
  const { gravity = 0, coulomb = 0, softening = 0, minDistance = 1e-3 } = scene.longRange ?? {}
  const sum: [number, number, number] = [0, 0, 0]
  for (let j = 0; j < s.count; j++) {
    const [dx, dy, dz] = [s.x[j] - s.x[i], s.y[j] - s.y[i], s.z[j] - s.z[i]]
    const squared = dx * dx + dy * dy + dz * dz
    if (j === i || squared < minDistance * minDistance) continue
    const r = Math.sqrt(squared + softening * softening)
    const pull = s.attracts[j] ? gravity * s.mass[j] : 0
    const push = (coulomb * s.charge[i] * s.charge[j]) / s.mass[i]
    const factor = (pull - push) / (r * r * r)
    sum[0] += dx * factor
    sum[1] += dy * factor
    sum[2] += dz * factor
  }
  return sum
}

/**
 * The engine's accelerations of a scene against the sum, for up to `samples` bodies at even strides. One step from rest:
 * the velocity after it is the acceleration times dt, rounded once. The world must be as loaded, without collisions.
 */
export function crossCheck(
  scene: SceneData,
  physics: Physics,
  eids: ArrayLike<number>,
  samples = 256,
): AccelerationError {
  const { x, y, z } = physics.components.LinearVelocity
  for (const column of [x, y, z]) column.fill(0)
  step(physics, DT)
  const count = Math.min(samples, scene.spheres.count)
  const errors: number[] = []
  let wrong = 0
  let whole = 0
  for (let k = 0; k < count; k++) {
    const i = Math.floor((k * scene.spheres.count) / count)
    const exact = accelerationOf(scene, i)
    const size = Math.hypot(...exact)
    const error = Math.hypot(x[eids[i]] / DT - exact[0], y[eids[i]] / DT - exact[1], z[eids[i]] / DT - exact[2])
    wrong += error * error
    whole += size * size
    errors.push(error / size)
  }
  errors.sort((a, b) => a - b)
  return { rms: Math.sqrt(wrong / whole), p99: errors[Math.ceil(0.99 * count) - 1] }
}
