import { addScaled, dot, subtract, type Vec3, ZERO } from './vec.ts'
import { type LongRange, liveBodies, type ReferenceBody, type ReferenceWorld } from './world.ts'

/** Where a body is in the middle of the step, on its old velocity. */
export const midPoint = (body: ReferenceBody, dt: number): Vec3 =>
  body.kind === 'static' ? body.position : addScaled(body.position, body.velocity, dt / 2)

/**
 * Acceleration of `body` by all sources, both at their mid-points: Newton's and Coulomb's laws with Plummer softening,
 * r² = d·d + ε². Only bodies with `attracts` pull by their mass; every charged body is a source of the Coulomb force.
 * A pair closer than `minDistance` (before softening), or at one point, contributes nothing.
 */
export function longRangeAcceleration(world: ReferenceWorld, body: ReferenceBody, dt: number): Vec3 {
  const { gravity, coulomb } = world.longRange
  if (gravity === 0 && coulomb === 0) return ZERO
  const here = midPoint(body, dt)
  let sum = ZERO
  for (const source of liveBodies(world)) {
    if (source === body) continue
    const d = subtract(midPoint(source, dt), here)
    const cube = inverseCube(world.longRange, d)
    const pull = source.attracts ? gravity * source.mass : 0
    const push = (coulomb * body.charge * source.charge) / body.mass
    sum = addScaled(sum, d, (pull - push) * cube)
  }
  return sum
}

/** 1/r³ of a pair at distance vector d, or 0 when the pair does not count. */
export function inverseCube(longRange: LongRange, d: Vec3): number {
  const squared = dot(d, d)
  if (squared === 0 || squared < longRange.minDistance ** 2) return 0
  const r = Math.sqrt(squared + longRange.softening ** 2)
  return 1 / (r * r * r)
}
