import { type Scratch, setVector } from './vec.ts'

/**
 * Where to shoot: the direction in which a shot of `speed` (relative to the shooter) meets a target at `offset` that
 * moves with `drift` relative to the shooter. Writes the unit vector into `out`; points straight at a target that
 * cannot be caught.
 */
export function leadDirection(offset: Scratch, drift: Scratch, speed: number, out: Scratch): void {
  const a = drift[0] * drift[0] + drift[1] * drift[1] + drift[2] * drift[2] - speed * speed
  const b = offset[0] * drift[0] + offset[1] * drift[1] + offset[2] * drift[2]
  const c = offset[0] * offset[0] + offset[1] * offset[1] + offset[2] * offset[2]
  const inside = b * b - a * c
  // a < 0 for a target slower than the shot: then exactly one root is positive.
  const time = a < -1e-6 && inside >= 0 ? (-b - Math.sqrt(inside)) / a : Math.sqrt(c) / speed
  setVector(out, offset[0] + drift[0] * time, offset[1] + drift[1] * time, offset[2] + drift[2] * time)
  const size = Math.sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2])
  if (size > 1e-6) setVector(out, out[0] / size, out[1] / size, out[2] / size)
}
