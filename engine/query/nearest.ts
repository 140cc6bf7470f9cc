import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { type Physics, use } from '../internals.ts'
import type { RealArray } from '../memory/views.ts'
import type { Vec3Like } from '../settings.ts'
import { isReals, refuseReals, whyNot } from './bulk.ts'
import { type QueryFilter, writeFilter } from './filter.ts'
import { openQuery } from './open.ts'

const NOT_NEGATIVE = { min: 0 }
/** Sensors, bullets and planes count. */
const FINDS = { thin: true, planes: true }

/** The body nearest to a point. */
export interface NearestHit {
  entity: number
  /** m; 0 inside the body. */
  distance: number
  /** The body's point that is nearest, m; the point itself inside. */
  x: number
  y: number
  z: number
}

/** Many points, in arrays of the caller. */
export interface PointBatch {
  /** x, y, z of each, m. Their number is the number of points. */
  points: RealArray
  /** m; one for all, or one each. */
  maxDistance: number | RealArray
  filter?: QueryFilter
}

/** Where the answers go: arrays of the caller, at least as long as the number of points says. */
export interface NearestHits {
  /** The body nearest to each point, 0 for none. */
  entities: Uint32Array
  /** m, `Infinity` for none. */
  distances?: RealArray
  /** x, y, z of the nearest points, m, zeros for none. */
  points?: RealArray
}

/**
 * The body nearest to a point, by its surface. Of several at the same distance (0 inside them) it is the one with the lowest id.
 * @param maxDistance m: what is further does not count
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function nearest(
  physics: Physics,
  point: Vec3Like,
  maxDistance: number,
  filter?: QueryFilter,
): NearestHit | null {
  const internals = use(physics, 'nearest')
  checkVector('nearest', 'point', point, 3)
  checkNumber('nearest', 'maxDistance', maxDistance, NOT_NEGATIVE)
  writeFilter(internals, 'nearest', filter, FINDS)
  const { queries } = internals
  for (let axis = 0; axis < 3; axis++) queries.origin[axis] = point[axis]!
  queries.far[0] = maxDistance
  if (internals.kernel.exports.nearest(1, openQuery(internals, 1)) === 0) return null
  const [x, y, z] = [queries.point[0]!, queries.point[1]!, queries.point[2]!]
  return { entity: queries.entity[0]!, distance: queries.distance[0]!, x, y, z }
}

/**
 * The body nearest to each of many points, on all threads, each as `nearest` gives it.
 * @returns how many points have one
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED; `out` may be partly written then
 */
export function nearestMany(physics: Physics, batch: PointBatch, out: NearestHits): number {
  const internals = use(physics, 'nearestMany')
  const count = checkPoints(batch, out)
  writeFilter(internals, 'nearestMany', batch.filter, FINDS)
  const { queries } = internals
  let hits = 0
  for (let start = 0; start < count; start += queries.far.length) {
    const end = Math.min(start + queries.far.length, count)
    queries.origin.set(batch.points.subarray(3 * start, 3 * end))
    if (typeof batch.maxDistance === 'number') queries.far.fill(batch.maxDistance, 0, end - start)
    else queries.far.set(batch.maxDistance.subarray(start, end))
    const found = internals.kernel.exports.nearest(end - start, openQuery(internals, end - start))
    if (found < 0) {
      const fields = { points: batch.points, maxDistance: batch.maxDistance }
      throw whyNot('nearestMany', 'batch', fields, start - 1 - found)
    }
    out.entities.set(queries.entity.subarray(0, end - start), start)
    out.distances?.set(queries.distance.subarray(0, end - start), start)
    out.points?.set(queries.point.subarray(0, 3 * (end - start)), 3 * start)
    hits += found
  }
  return hits
}

function checkPoints(batch: PointBatch, out: NearestHits): number {
  const call = 'nearestMany'
  if (!isReals(batch?.points, 0) || batch.points.length % 3 !== 0) throw refuseReals(call, 'batch.points', 0)
  const count = batch.points.length / 3
  if (typeof batch.maxDistance === 'number') checkNumber(call, 'batch.maxDistance', batch.maxDistance, NOT_NEGATIVE)
  else if (!isReals(batch.maxDistance, count)) throw refuseReals(call, 'batch.maxDistance', count)
  if (!(out?.entities instanceof Uint32Array) || out.entities.length < count) {
    throw new PhysicsError('E_RANGE', call, `must be a Uint32Array of at least ${count}`, { field: 'out.entities' })
  }
  if (out.distances && !isReals(out.distances, count)) throw refuseReals(call, 'out.distances', count)
  if (out.points && !isReals(out.points, 3 * count)) throw refuseReals(call, 'out.points', 3 * count)
  return count
}
