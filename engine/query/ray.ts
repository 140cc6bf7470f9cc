import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { type Internals, type Physics, use } from '../internals.ts'
import type { RealArray } from '../memory/views.ts'
import type { Vec3Like } from '../settings.ts'
import { isReals, refuseReals, whyNot, zeroDirection } from './bulk.ts'
import { type QueryFilter, writeFilter } from './filter.ts'
import { openQuery } from './open.ts'

const NOT_NEGATIVE = { min: 0 }
/** Smallest component that a 32-bit float holds with all its digits. */
const SHORTEST = 2 ** -126
/** Rays pass through sensors and bullets, and hit planes from above. */
const FINDS = { thin: false, planes: true }

/** The first body on a ray. */
export interface RayHit {
  entity: number
  /** m from the origin; 0 from inside the body */
  distance: number
  /** The point that is hit, m. */
  x: number
  y: number
  z: number
  /** Unit normal of the surface there; of a mesh or height field on the side that the ray comes from. */
  nx: number
  ny: number
  nz: number
}

/** Many rays, in arrays of the caller. */
export interface RayBatch {
  /** x, y, z of each ray, m. Their number is the number of rays. */
  origins: RealArray
  /** x, y, z of each ray, any length but zero. */
  directions: RealArray
  /** m; one for all, or one each. */
  maxDistance: number | RealArray
  filter?: QueryFilter
}

/** Where the answers go: arrays of the caller, at least as long as the number of rays says. */
export interface RayHits {
  /** The body that each ray hits first, 0 for none. */
  entities: Uint32Array
  /** m from the origin, `Infinity` for none. */
  distances?: RealArray
  /** x, y, z of each hit, m, zeros for none. */
  points?: RealArray
  /** Unit normals of the surfaces, zeros for none. */
  normals?: RealArray
}

/**
 * The first body on a ray. From inside a body the distance is 0. Of several at the same distance it is the one with the lowest id.
 * @param direction any length but zero
 * @param filter Default: all but sensors and bullets.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function castRay(
  physics: Physics,
  origin: Vec3Like,
  direction: Vec3Like,
  maxDistance: number,
  filter?: QueryFilter,
): RayHit | null {
  const internals = use(physics, 'castRay')
  checkVector('castRay', 'origin', origin, 3)
  checkVector('castRay', 'direction', direction, 3)
  checkNumber('castRay', 'maxDistance', maxDistance, NOT_NEGATIVE)
  writeFilter(internals, 'castRay', filter, FINDS)
  const { queries } = internals
  // A direction too short for 32 bits is one all the same.
  const longest = Math.max(Math.abs(direction[0]!), Math.abs(direction[1]!), Math.abs(direction[2]!))
  const stretch = longest > 0 && longest < SHORTEST ? longest : 1
  for (let axis = 0; axis < 3; axis++) {
    queries.origin[axis] = origin[axis]!
    queries.direction[axis] = direction[axis]! / stretch
  }
  queries.far[0] = maxDistance
  const hits = internals.kernel.exports.cast_rays(1, openQuery(internals, 1))
  if (hits < 0) throw zeroDirection('castRay', 'direction')
  if (hits === 0) return null
  const [entity, point, normal] = [queries.entity[0]!, queries.point, queries.normal]
  const [x, y, z] = [point[0]!, point[1]!, point[2]!]
  return { entity, distance: queries.distance[0]!, x, y, z, nx: normal[0]!, ny: normal[1]!, nz: normal[2]! }
}

/**
 * The first body on each of many rays, on all threads, each as `castRay` gives it. Arrays are copied in and out once; nothing is made for a ray.
 * @returns how many rays hit
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED; `out` may be partly written then
 */
export function castRays(physics: Physics, rays: RayBatch, out: RayHits): number {
  const internals = use(physics, 'castRays')
  const count = checkBatch(rays, out)
  writeFilter(internals, 'castRays', rays.filter, FINDS)
  const most = internals.queries.far.length
  let hits = 0
  for (let start = 0; start < count; start += most) {
    const end = Math.min(start + most, count)
    putRays(internals, rays, start, end)
    const found = internals.kernel.exports.cast_rays(end - start, openQuery(internals, end - start))
    if (found < 0) {
      const { origins, directions, maxDistance } = rays
      throw whyNot('castRays', 'rays', { origins, directions, maxDistance }, start - 1 - found)
    }
    takeHits(internals, out, start, end)
    hits += found
  }
  return hits
}

function putRays({ queries }: Internals, rays: RayBatch, start: number, end: number): void {
  queries.origin.set(rays.origins.subarray(3 * start, 3 * end))
  queries.direction.set(rays.directions.subarray(3 * start, 3 * end))
  if (typeof rays.maxDistance === 'number') queries.far.fill(rays.maxDistance, 0, end - start)
  else queries.far.set(rays.maxDistance.subarray(start, end))
}

function takeHits({ queries }: Internals, out: RayHits, start: number, end: number): void {
  const count = end - start
  out.entities.set(queries.entity.subarray(0, count), start)
  out.distances?.set(queries.distance.subarray(0, count), start)
  out.points?.set(queries.point.subarray(0, 3 * count), 3 * start)
  out.normals?.set(queries.normal.subarray(0, 3 * count), 3 * start)
}

/** Checks the arrays' types and lengths; their numbers are checked by the kernel. Gives the number of rays. */
function checkBatch(rays: RayBatch, out: RayHits): number {
  const call = 'castRays'
  if (!isReals(rays?.origins, 0) || rays.origins.length % 3 !== 0) throw refuseReals(call, 'rays.origins', 0)
  const count = rays.origins.length / 3
  if (!isReals(rays.directions, 3 * count)) throw refuseReals(call, 'rays.directions', 3 * count)
  if (typeof rays.maxDistance === 'number') checkNumber(call, 'rays.maxDistance', rays.maxDistance, NOT_NEGATIVE)
  else if (!isReals(rays.maxDistance, count)) throw refuseReals(call, 'rays.maxDistance', count)
  if (!(out?.entities instanceof Uint32Array) || out.entities.length < count) {
    throw new PhysicsError('E_RANGE', call, `must be a Uint32Array of at least ${count}`, { field: 'out.entities' })
  }
  if (out.distances && !isReals(out.distances, count)) throw refuseReals(call, 'out.distances', count)
  if (out.points && !isReals(out.points, 3 * count)) throw refuseReals(call, 'out.points', 3 * count)
  if (out.normals && !isReals(out.normals, 3 * count)) throw refuseReals(call, 'out.normals', 3 * count)
  return count
}
