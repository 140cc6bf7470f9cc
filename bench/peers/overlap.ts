/** How deep two bodies are in one another, by their poses alone: spheres and boxes exactly, other shapes against planes only. */
import type { PlaneData, SceneBody } from '../../examples/scenes/scene.ts'
import type { Poses } from './poses.ts'

type Shape = SceneBody['shape']

/** Crossed edges shorter than this are parallel and give no axis. */
const PARALLEL = 1e-6

/** Whether `overlapDepth` knows the shape. */
export const isMeasured = ({ type }: Shape): boolean => type === 'sphere' || type === 'box'

/** Radius (m) of the ball about the origin that holds the shape. */
export function boundingRadius(shape: Shape): number {
  if (shape.type === 'sphere') return shape.radius
  if (shape.type === 'box') return Math.hypot(...shape.halfExtents)
  if (shape.type === 'capsule') return shape.radius + shape.halfHeight
  let squared = 0
  for (let i = 0; i < shape.points.length; i += 3) {
    squared = Math.max(squared, shape.points[i] ** 2 + shape.points[i + 1] ** 2 + shape.points[i + 2] ** 2)
  }
  return Math.sqrt(squared)
}

/** Depth (m) of a body below a plane; negative when it is above. */
export function planeDepth(poses: Poses, body: number, shape: Shape, { normal, offset }: PlaneData): number {
  const { position: p, rotation: r } = poses
  const height = normal[0] * p[3 * body] + normal[1] * p[3 * body + 1] + normal[2] * p[3 * body + 2] - offset
  const along = (column: number): number => {
    const at = 9 * body + 3 * column
    return normal[0] * r[at] + normal[1] * r[at + 1] + normal[2] * r[at + 2]
  }
  return reach(shape, [along(0), along(1), along(2)]) - height
}

/** How far (m) a shape reaches against a direction of its own frame. */
function reach(shape: Shape, [x, y, z]: [number, number, number]): number {
  if (shape.type === 'sphere') return shape.radius
  if (shape.type === 'capsule') return shape.radius + Math.abs(y) * shape.halfHeight
  if (shape.type === 'box') {
    const [a, b, c] = shape.halfExtents
    return Math.abs(x) * a + Math.abs(y) * b + Math.abs(z) * c
  }
  let lowest = Number.POSITIVE_INFINITY
  const { points } = shape
  for (let i = 0; i < points.length; i += 3) {
    lowest = Math.min(lowest, x * points[i] + y * points[i + 1] + z * points[i + 2])
  }
  return -lowest
}

/** Depth (m) of two spheres or boxes in one another: the shortest way apart; negative or zero when they do not overlap. */
export function overlapDepth(poses: Poses, a: number, b: number, shapes: readonly Shape[]): number {
  const [one, other] = [shapes[a], shapes[b]]
  if (one.type === 'box' && other.type === 'box') return boxDepth(poses, a, b, one.halfExtents, other.halfExtents)
  if (one.type === 'box' && other.type === 'sphere') return ballInBox(poses, a, b, one.halfExtents, other.radius)
  if (one.type === 'sphere' && other.type === 'box') return ballInBox(poses, b, a, other.halfExtents, one.radius)
  if (one.type !== 'sphere' || other.type !== 'sphere') return 0
  const d = between(poses, a, b)
  return one.radius + other.radius - Math.hypot(d[0], d[1], d[2])
}

function between({ position: p }: Poses, a: number, b: number): [number, number, number] {
  return [p[3 * b] - p[3 * a], p[3 * b + 1] - p[3 * a + 1], p[3 * b + 2] - p[3 * a + 2]]
}

function ballInBox(poses: Poses, box: number, ball: number, half: readonly number[], radius: number): number {
  const d = between(poses, box, ball)
  const { rotation: r } = poses
  let outside = 0
  let inside = Number.POSITIVE_INFINITY
  for (let axis = 0; axis < 3; axis++) {
    const at = 9 * box + 3 * axis
    const along = Math.abs(d[0] * r[at] + d[1] * r[at + 1] + d[2] * r[at + 2])
    if (along > half[axis]) outside += (along - half[axis]) ** 2
    else inside = Math.min(inside, half[axis] - along)
  }
  return outside > 0 ? radius - Math.sqrt(outside) : radius + inside
}

/** Separating axes (Gottschalk, Lin, Manocha 1996): three faces of each box and nine crossed edges; the least overlap of all. */
function boxDepth(poses: Poses, a: number, b: number, halfA: readonly number[], halfB: readonly number[]): number {
  const d = between(poses, a, b)
  const { rotation: r } = poses
  const [atA, atB] = [9 * a, 9 * b]
  let least = Number.POSITIVE_INFINITY
  for (let axis = 0; axis < 15; axis++) {
    const [x, y, z] = axisOf(r, atA, atB, axis)
    const length = Math.hypot(x, y, z)
    if (length < PARALLEL) continue
    let overlap = -Math.abs(x * d[0] + y * d[1] + z * d[2])
    for (let i = 0; i < 3; i++) {
      const [p, q] = [atA + 3 * i, atB + 3 * i]
      overlap += halfA[i] * Math.abs(x * r[p] + y * r[p + 1] + z * r[p + 2])
      overlap += halfB[i] * Math.abs(x * r[q] + y * r[q + 1] + z * r[q + 2])
    }
    if (overlap <= 0) return 0
    least = Math.min(least, overlap / length)
  }
  return least
}

/** Axis 0 … 2: a face of a; 3 … 5: of b; 6 … 14: an edge of a crossed with one of b. */
function axisOf(r: Float64Array, atA: number, atB: number, axis: number): [number, number, number] {
  if (axis < 6) {
    const at = axis < 3 ? atA + 3 * axis : atB + 3 * (axis - 3)
    return [r[at], r[at + 1], r[at + 2]]
  }
  const p = atA + 3 * Math.floor((axis - 6) / 3)
  const q = atB + 3 * (axis % 3)
  return [
    r[p + 1] * r[q + 2] - r[p + 2] * r[q + 1],
    r[p + 2] * r[q] - r[p] * r[q + 2],
    r[p] * r[q + 1] - r[p + 1] * r[q],
  ]
}
