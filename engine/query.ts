import { checkNumber, checkVector, PhysicsError } from './errors.ts'
import { type Physics, use, writeSetting } from './internals.ts'
import { length3 } from './math/exact.ts'
import type { Vec3Like } from './settings.ts'

const NOT_NEGATIVE = { min: 0 }

/** The first body on a ray. */
export interface RayHit {
  entity: number
  /** m from the origin */
  distance: number
  x: number
  y: number
  z: number
  nx: number
  ny: number
  nz: number
}

/**
 * Finds the bodies that a ball touches; planes do not count.
 * @param out gets entity ids in ascending order, as many as it holds
 * @returns how many are in `out`
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function overlapSphere(physics: Physics, center: Vec3Like, radius: number, out: Uint32Array): number {
  const internals = use(physics, 'overlapSphere')
  checkVector('overlapSphere', 'center', center, 3)
  checkNumber('overlapSphere', 'radius', radius, NOT_NEGATIVE)
  writeSetting(internals, 'high', internals.high)
  const found = internals.kernel.exports.overlap_sphere(center[0]!, center[1]!, center[2]!, radius)
  const count = Math.min(found, out.length)
  for (let i = 0; i < count; i++) out[i] = internals.found[i]!
  return count
}

/**
 * The first body on a ray; bullets and sensors are passed through.
 * @param direction any length but zero
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function castRay(physics: Physics, origin: Vec3Like, direction: Vec3Like, maxDistance: number): RayHit | null {
  const internals = use(physics, 'castRay')
  checkVector('castRay', 'origin', origin, 3)
  checkVector('castRay', 'direction', direction, 3)
  checkNumber('castRay', 'maxDistance', maxDistance, NOT_NEGATIVE)
  const length = length3(direction[0]!, direction[1]!, direction[2]!)
  if (!(length > 0)) {
    throw new PhysicsError('E_RANGE', 'castRay', 'must not be zero', { field: 'direction', value: direction })
  }
  writeSetting(internals, 'high', internals.high)
  const entity = internals.kernel.exports.cast_ray(
    origin[0]!,
    origin[1]!,
    origin[2]!,
    direction[0]! / length,
    direction[1]! / length,
    direction[2]! / length,
    maxDistance,
  )
  if (!entity) return null
  const [distance, x, y, z, nx, ny, nz] = internals.result as unknown as number[]
  return { entity, distance: distance!, x: x!, y: y!, z: z!, nx: nx!, ny: ny!, nz: nz! }
}
