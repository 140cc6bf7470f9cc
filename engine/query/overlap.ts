import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { type Internals, type Physics, use } from '../internals.ts'
import type { RealArray } from '../memory/views.ts'
import type { Vec3Like } from '../settings.ts'
import { dropFresh } from '../shapes/table.ts'
import { isReals, refuseReals, whyNot } from './bulk.ts'
import { type QueryFilter, writeFilter } from './filter.ts'
import { openQuery } from './open.ts'
import { type QueryShape, writeProbe } from './probe.ts'

const NOT_NEGATIVE = { min: 0 }
/** Balls of the first call into the kernel. */
const FIRST_BULK = 1024
/** Overlaps find sensors and bullets; planes do not count. */
const FINDS = { thin: true, planes: false }

/** A shape and where it is. */
export interface ShapeAt {
  shape: QueryShape
  /** m. Of a hull: of the frame of its points. */
  position: Vec3Like
  /** Quaternion x, y, z, w. Default none. */
  rotation?: ArrayLike<number>
}

/** Many balls, in arrays of the caller. */
export interface BallBatch {
  /** x, y, z of each centre, m. Their number is the number of balls. */
  centers: RealArray
  /** m; one for all, or one each. */
  radius: number | RealArray
  filter?: QueryFilter
}

/** Where lists of bodies go: arrays of the caller. */
export interface BallOverlaps {
  /** Where the list of each ball begins in `entities`, and after the last where it ends: one more than there are balls. */
  starts: Uint32Array
  /** The lists one after the other, each in ascending order; cut where the array ends. */
  entities: Uint32Array
}

/**
 * Finds the bodies that a ball touches; planes do not count.
 * @param out gets entity ids in ascending order, as many as it holds
 * @returns how many are in `out`
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function overlapSphere(
  physics: Physics,
  center: Vec3Like,
  radius: number,
  out: Uint32Array,
  filter?: QueryFilter,
): number {
  const call = 'overlapSphere'
  const internals = use(physics, call)
  checkVector(call, 'center', center, 3)
  checkNumber(call, 'radius', radius, NOT_NEGATIVE)
  writeFilter(internals, call, filter, FINDS)
  const { origin, normal } = internals.queries
  for (let axis = 0; axis < 3; axis++) origin[axis] = center[axis]!
  normal[0] = radius
  return listFound(internals, 0, 0, out)
}

/**
 * Finds the bodies that a box touches; planes do not count.
 * @param box `halfExtents`: half the length of each edge, m. `rotation`: quaternion, default none.
 * @param out gets entity ids in ascending order, as many as it holds
 * @returns how many are in `out`
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function overlapBox(
  physics: Physics,
  box: { center: Vec3Like; halfExtents: Vec3Like; rotation?: ArrayLike<number> },
  out: Uint32Array,
  filter?: QueryFilter,
): number {
  const shape: QueryShape = { type: 'box', halfExtents: box?.halfExtents }
  const at = { shape, position: box?.center, ...(box?.rotation ? { rotation: box.rotation } : {}) }
  return overlap(physics, 'overlapBox', at, { out, filter })
}

/**
 * Finds the bodies that a shape touches; planes do not count.
 * @param out gets entity ids in ascending order, as many as it holds
 * @returns how many are in `out`
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY, E_DISPOSED
 */
export function overlapShape(physics: Physics, at: ShapeAt, out: Uint32Array, filter?: QueryFilter): number {
  return overlap(physics, 'overlapShape', at, { out, filter })
}

function overlap(
  physics: Physics,
  call: string,
  at: ShapeAt,
  { out, filter }: { out: Uint32Array; filter: QueryFilter | undefined },
): number {
  const internals = use(physics, call)
  writeFilter(internals, call, filter, FINDS)
  try {
    const { kind, entry } = writeProbe(internals, call, at?.shape, { position: at?.position, rotation: at?.rotation })
    return listFound(internals, kind, entry, out)
  } finally {
    dropFresh(internals.shapes)
  }
}

function listFound(internals: Internals, kind: number, entry: number, out: Uint32Array): number {
  openQuery(internals, 1)
  const count = Math.min(internals.kernel.exports.overlap_shape(kind, entry), out.length)
  for (let i = 0; i < count; i++) out[i] = internals.found[i]!
  return count
}

/**
 * Finds the bodies that each of many balls touches, on all threads, each as `overlapSphere` gives it.
 * @returns how many bodies there are in all lists together; more than `out.entities` holds are counted, not written
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED; `out` may be partly written then
 */
export function overlapSpheres(physics: Physics, balls: BallBatch, out: BallOverlaps): number {
  const internals = use(physics, 'overlapSpheres')
  const count = checkBalls(balls, out)
  writeFilter(internals, 'overlapSpheres', balls.filter, FINDS)
  const { queries, found } = internals
  let total = 0
  // The kernel lists as many balls as it has room for: what does not fit is asked again, so long lists are asked for in smaller bulks.
  let most = FIRST_BULK
  for (let start = 0; start < count; ) {
    const asked = Math.min(most, queries.far.length, count - start)
    queries.origin.set(balls.centers.subarray(3 * start, 3 * (start + asked)))
    if (typeof balls.radius === 'number') queries.far.fill(balls.radius, 0, asked)
    else queries.far.set(balls.radius.subarray(start, start + asked))
    const answered = internals.kernel.exports.overlap_balls(asked, openQuery(internals, asked))
    if (answered < 0) {
      const fields = { centers: balls.centers, radius: balls.radius }
      throw whyNot('overlapSpheres', 'balls', fields, start - 1 - answered)
    }
    let listed = 0
    for (let i = 0; i < answered; i++) {
      out.starts[start + i] = total + listed
      listed += queries.entity[i]!
    }
    const room = Math.max(0, Math.min(listed, out.entities.length - total))
    out.entities.set(found.subarray(0, room), Math.min(total, out.entities.length))
    total += listed
    start += answered
    most = 2 * Math.max(answered, 1)
  }
  out.starts[count] = total
  return total
}

function checkBalls(balls: BallBatch, out: BallOverlaps): number {
  const call = 'overlapSpheres'
  if (!isReals(balls?.centers, 0) || balls.centers.length % 3 !== 0) throw refuseReals(call, 'balls.centers', 0)
  const count = balls.centers.length / 3
  if (typeof balls.radius === 'number') checkNumber(call, 'balls.radius', balls.radius, NOT_NEGATIVE)
  else if (!isReals(balls.radius, count)) throw refuseReals(call, 'balls.radius', count)
  for (const field of ['starts', 'entities'] as const) {
    const least = field === 'starts' ? count + 1 : 0
    if (!(out?.[field] instanceof Uint32Array) || out[field].length < least) {
      throw new PhysicsError('E_RANGE', call, `must be a Uint32Array of at least ${least}`, { field: `out.${field}` })
    }
  }
  return count
}
