import { checkVector } from '../errors.ts'
import { type Physics, use } from '../internals.ts'
import type { Vec3Like } from '../settings.ts'
import { dropFresh } from '../shapes/table.ts'
import { type QueryFilter, writeFilter } from './filter.ts'
import { openQuery } from './open.ts'
import { type QueryShape, writeProbe } from './probe.ts'

/** Casts pass through sensors and bullets, and meet planes from above. */
const FINDS = { thin: false, planes: true }

/** The first body that a moving shape meets. */
export interface ShapeHit {
  entity: number
  /** Share of the path that is free, 0 … 1; 0 where the shape already touches the body. */
  share: number
  /** Point of contact on the body, m. */
  x: number
  y: number
  z: number
  /** Unit normal of the body's surface there. */
  nx: number
  ny: number
  nz: number
}

/** A shape and its way. */
export interface ShapeCast {
  shape: QueryShape
  /** Where it starts, m. Of a hull: of the frame of its points. */
  position: Vec3Like
  /** Quaternion x, y, z, w; it does not turn on its way. Default none. */
  rotation?: ArrayLike<number>
  /** From start to end, m. Zero asks what the shape touches. */
  path: Vec3Like
  filter?: QueryFilter
}

/**
 * The first body that a shape meets on its way. Of several at the same share it is the one with the lowest id. A hull that no body has is built
 * anew in each call: give a body the same description, or take a box.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY, E_DISPOSED
 */
export function castShape(physics: Physics, cast: ShapeCast): ShapeHit | null {
  const call = 'castShape'
  const internals = use(physics, call)
  const { queries, kernel } = internals
  checkVector(call, 'path', cast?.path, 3)
  writeFilter(internals, call, cast.filter, FINDS)
  try {
    const { kind, entry } = writeProbe(internals, call, cast.shape, {
      position: cast.position,
      rotation: cast.rotation,
    })
    for (let axis = 0; axis < 3; axis++) queries.direction[axis] = cast.path[axis]!
    openQuery(internals, 1)
    const entity = kernel.exports.cast_shape(kind, entry)
    if (entity === 0) return null
    const { point, normal } = queries
    const [x, y, z] = [point[0]!, point[1]!, point[2]!]
    return { entity, share: queries.distance[0]!, x, y, z, nx: normal[0]!, ny: normal[1]!, nz: normal[2]! }
  } finally {
    dropFresh(internals.shapes)
  }
}
