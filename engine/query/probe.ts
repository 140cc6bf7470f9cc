import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import type { Internals } from '../internals.ts'
import { length4 } from '../math/exact.ts'
import type { Vec3Like } from '../settings.ts'
import { findEntry } from '../shapes/build.ts'
import * as FIELD from '../shapes/field.ts'
import { type Asker, type ChildShape, checkBox, checkCapsule } from '../shapes/shape.ts'
import * as STRIDE from '../shapes/stride.ts'
import type { ShapeTable } from '../shapes/table.ts'

/** What a query can ask with: a sphere, a box, a capsule, or a hull. */
export type QueryShape = ChildShape

/** Kinds, as `physics-wasm/src/stages/query_probe.rs` has them. */
const KIND = { sphere: 0, box: 1, capsule: 2, hull: 3 } as const
const NOT_NEGATIVE = { min: 0 }
const IDENTITY = [0, 0, 0, 1]

/** A probe that the kernel can read: its kind, and its entry in the shape table when it is a hull. */
export interface WrittenProbe {
  kind: number
  entry: number
}

const written: WrittenProbe = { kind: 0, entry: 0 }

/**
 * Checks a shape and its pose and writes them for the kernel. A hull gets an entry in the shape table: the caller drops it afterwards (`dropFresh`).
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED, E_CAPACITY
 */
export function writeProbe(
  internals: Internals,
  call: string,
  shape: QueryShape,
  { position, rotation }: { position: Vec3Like; rotation: ArrayLike<number> | undefined },
): WrittenProbe {
  const asker: Asker = { call, field: 'shape', entity: undefined }
  checkVector(call, 'position', position, 3)
  const turn = checkVector(call, 'rotation', rotation ?? IDENTITY, 4)
  const length = length4(turn)
  if (length < 1e-6) {
    throw new PhysicsError('E_RANGE', call, 'must not be zero', { field: 'rotation', value: rotation })
  }
  written.entry = writeSize(internals, asker, shape)
  written.kind = KIND[shape.type]
  const { origin, point } = internals.queries
  for (let k = 0; k < 4; k++) point[k] = turn[k]! / length
  for (let axis = 0; axis < 3; axis++) origin[axis] = position[axis]!
  if (written.entry) moveToCentre(internals.shapes, internals.queries, written.entry)
  return written
}

/** Writes the size of a shape, or finds its entry. Gives the entry. */
function writeSize(internals: Internals, asker: Asker, shape: QueryShape): number {
  const size = internals.queries.normal
  size.fill(0, 0, 3)
  switch (shape?.type) {
    case 'sphere':
      size[0] = checkNumber(asker.call, 'shape.radius', shape.radius, NOT_NEGATIVE)
      return 0
    case 'box':
      checkBox(asker, shape)
      for (let axis = 0; axis < 3; axis++) size[axis] = shape.halfExtents[axis]!
      return 0
    case 'capsule':
      checkCapsule(asker, shape)
      size[0] = shape.radius
      size[1] = shape.halfHeight
      return 0
    case 'hull':
      return findEntry(internals.shapes, asker, shape)
  }
  const value = (shape as { type?: unknown } | undefined)?.type
  const reason = 'must be sphere, box, capsule or hull'
  throw new PhysicsError('E_UNSUPPORTED', asker.call, reason, { field: 'shape.type', value })
}

/** A hull's description has a frame of its own: the kernel's origin is the centre of mass. */
function moveToCentre(table: ShapeTable, { origin, point }: Internals['queries'], entry: number): void {
  const at = entry * STRIDE.reals + FIELD.center
  const [cx, cy, cz] = [table.real[at]!, table.real[at + 1]!, table.real[at + 2]!]
  const [x, y, z, w] = [point[0]!, point[1]!, point[2]!, point[3]!]
  const [tx, ty, tz] = [2 * (y * cz - z * cy), 2 * (z * cx - x * cz), 2 * (x * cy - y * cx)]
  origin[0]! += cx + w * tx + (y * tz - z * ty)
  origin[1]! += cy + w * ty + (z * tx - x * tz)
  origin[2]! += cz + w * tz + (x * ty - y * tx)
}
