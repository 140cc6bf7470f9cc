import { type Bounds, checkNumber, checkVector, refuse } from '../errors.ts'
import { length4 } from '../math/exact.ts'
import type { Vec3Like } from '../settings.ts'

/** A ball. */
export interface SphereShape {
  type: 'sphere'
  /** m, > 0 */
  radius: number
}

/** A static half-space: everything below the surface is solid. */
export interface PlaneShape {
  type: 'plane'
  /** Of the surface, any length but zero. */
  normal: Vec3Like
  /** Distance of the surface from the origin along the normal, m. */
  offset: number
}

/** A box. */
export interface BoxShape {
  type: 'box'
  /** Half the length of each edge, m, 1e-6 … 1e7. */
  halfExtents: Vec3Like
}

/** A cylinder with a half ball at each end, along the body's y axis. */
export interface CapsuleShape {
  type: 'capsule'
  /** m, 1e-6 … 1e7 */
  radius: number
  /** Half the distance of the two centres, m, 1e-6 … 1e7. */
  halfHeight: number
}

/**
 * The convex hull of points: at least four that are not on one plane, at most 4,096. A hull keeps at most 64 corners.
 * The body's position is the hull's centre of mass, wherever the points' origin is; `shapeInfo` tells the shift.
 */
export interface HullShape {
  type: 'hull'
  /** m, each within ±1e7: points, or x, y, z one after the other. */
  points: readonly Vec3Like[] | ArrayLike<number>
}

/** What a compound can be made of. */
export type ChildShape = SphereShape | BoxShape | CapsuleShape | HullShape

/** A part of a compound: a shape and where it is in the compound's frame. */
export interface CompoundChild {
  shape: ChildShape
  /** m. Default the origin. */
  position?: Vec3Like
  /** Quaternion x, y, z, w; normalised on reading. Default none. */
  rotation?: ArrayLike<number>
}

/**
 * Several convex shapes that move as one, of uniform density; where parts overlap, the overlap weighs twice.
 * The body's position is the common centre of mass; `shapeInfo` tells the shift.
 */
export interface CompoundShape {
  type: 'compound'
  /** 1 … 455 parts. */
  children: readonly CompoundChild[]
}

/**
 * Triangles: level geometry, static. Corners counter-clockwise seen from the front. It takes about 20 numbers of `capacity.geometry` a triangle.
 */
export interface MeshShape {
  type: 'mesh'
  /** m, each within ±1e7: points, or x, y, z one after the other. */
  vertices: readonly Vec3Like[] | ArrayLike<number>
  /** Three numbers of vertices a triangle. */
  indices: ArrayLike<number>
}

/**
 * Heights over a grid: level geometry, static. Heights are along y; columns go along x and rows along z, row by row; the middle of the grid is
 * above or below the body's position. Each cell is two triangles, parted by the diagonal from its lowest row and column to its highest.
 */
export interface HeightFieldShape {
  type: 'heightField'
  /** m, within ±1e7: `rows × columns` of them; height (row, column) is number `row × columns + column`. */
  heights: ArrayLike<number>
  /** Heights along z, ≥ 2. */
  rows: number
  /** Heights along x, ≥ 2. */
  columns: number
  /** Distance of columns along x and of rows along z, m, 1e-6 … 1e7: two numbers, or one for both. */
  spacing: number | ArrayLike<number>
}

/** A shape that can move. */
export type MovableShape = ChildShape | CompoundShape

/**
 * A collision shape. Spheres, planes, boxes and capsules are shared by value. Hulls, compounds and level geometry are shared by identity: bodies
 * that are given the same description object have the same shape, and the object is not read again while a body has it.
 */
export type Shape = MovableShape | PlaneShape | MeshShape | HeightFieldShape

/** Bounds of a length, m: within them no square and no volume leaves the range of 32-bit floats. */
export const SIZE_BOUNDS: Bounds = { min: 1e-6, max: 1e7 }
/** Bounds of a coordinate, m. */
export const PLACE_BOUNDS: Bounds = { min: -1e7, max: 1e7 }
/** Whether a value is a coordinate or height in range, m. */
export function isPlace(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 1e7
}

/** Points that a hull can be built from. */
export const MAX_HULL_POINTS = 4096
/** Parts of a compound. */
export const MAX_CHILDREN = 455

/** Who asks, for the message of a refusal. */
export interface Asker {
  call: string
  /** The field that holds the shape. */
  field: string
  entity: number | undefined
}

/**
 * Refuses a part of a shape.
 * @throws PhysicsError always
 */
export function refusePart(
  asker: Asker,
  code: 'E_RANGE' | 'E_CAPACITY' | 'E_UNSUPPORTED' | 'E_NOT_FINITE',
  part: string,
  reason: string,
  value: unknown,
): never {
  refuse(code, asker.call, reason, `${asker.field}.${part}`, value, asker.entity)
}

/** Checks the sphere that is part of a compound. @throws PhysicsError E_RANGE, E_NOT_FINITE */
export function checkSphere({ call, field, entity }: Asker, shape: Pick<SphereShape, 'radius'>): void {
  checkNumber(call, `${field}.radius`, shape.radius, SIZE_BOUNDS, entity)
}

/** Checks the half extents of a box. @throws PhysicsError E_RANGE, E_NOT_FINITE */
export function checkBox({ call, field, entity }: Asker, shape: BoxShape): void {
  checkVector(call, `${field}.halfExtents`, shape.halfExtents, 3, entity, SIZE_BOUNDS)
}

/** Checks a capsule. @throws PhysicsError E_RANGE, E_NOT_FINITE */
export function checkCapsule({ call, field, entity }: Asker, shape: CapsuleShape): void {
  checkSphere({ call, field, entity }, shape)
  checkNumber(call, `${field}.halfHeight`, shape.halfHeight, SIZE_BOUNDS, entity)
}

/** Points, or x, y, z one after the other. */
type Points = readonly Vec3Like[] | ArrayLike<number>

function isFlat(points: Points): boolean {
  return ArrayBuffer.isView(points) || typeof points[0] === 'number'
}

/**
 * How many points a list has, given one by one or as numbers in a row.
 * @throws PhysicsError E_RANGE unless there are `least` … `most`
 */
export function countPoints(
  asker: Asker,
  part: string,
  points: Points,
  [least, most]: readonly [number, number],
): number {
  if (points === null || typeof points !== 'object' || typeof points.length !== 'number') {
    refusePart(asker, 'E_RANGE', part, 'must be an array of points', points)
  }
  const each = isFlat(points) ? 3 : 1
  const count = points.length / each
  if (!Number.isInteger(count) || count < least || count > most) {
    const range = each === 3 ? `${3 * least} … ${3 * most} numbers, a multiple of 3` : `${least} … ${most} points`
    refusePart(asker, 'E_RANGE', `${part}.length`, `must be ${range}`, points.length)
  }
  return count
}

/**
 * Checks `count` points and hands their numbers on.
 * @throws PhysicsError E_RANGE, E_NOT_FINITE
 */
export function readPoints(
  { call, field, entity }: Asker,
  part: string,
  points: Points,
  count: number,
  write: (index: number, value: number) => void,
): void {
  const flat = isFlat(points)
  for (let i = 0; i < count; i++) {
    const from = flat ? 3 * i : 0
    const point = flat ? (points as ArrayLike<number>) : (points[i] as Vec3Like)
    for (let axis = 0; axis < 3; axis++) {
      const value = point?.[from + axis]
      if (!isPlace(value) || !(flat || point.length === 3)) {
        // The name is made only when it is needed.
        const name = `${field}.${part}[${i}]`
        if (!flat) checkVector(call, name, point, 3, entity)
        checkNumber(call, name, value, PLACE_BOUNDS, entity)
      }
      write(3 * i + axis, value as number)
    }
  }
}

/** Checks the pose of a compound's part. @throws PhysicsError E_RANGE, E_NOT_FINITE */
export function checkPose({ call, field, entity }: Asker, child: CompoundChild | null): void {
  const { position, rotation } = child ?? {}
  if (position !== undefined) checkVector(call, `${field}.position`, position, 3, entity, PLACE_BOUNDS)
  if (rotation === undefined) return
  checkVector(call, `${field}.rotation`, rotation, 4, entity)
  checkTurn(call, `${field}.rotation`, rotation, entity)
}

/** Refuses a quaternion without length. @throws PhysicsError E_RANGE */
export function checkTurn(call: string, field: string, rotation: ArrayLike<number>, entity?: number): void {
  if (length4(rotation) < 1e-6) refuse('E_RANGE', call, NOT_ZERO, field, rotation, entity)
}

/** Why a vector without length is refused. */
export const NOT_ZERO = 'must not be zero'
