/** Triangles in 64 bits, and rays against all of them one by one: what trees and grids are held against. */
import { addScaled, cross, dot, length, subtract, type Vec3 } from '../reference/vec.ts'

/** Triangles of a run that has a ball around it: a ray that misses the ball is not held against them. */
const RUN = 32

/** x, y, z of three corners each. */
export interface Soup {
  readonly corners: Float64Array
  readonly count: number
  /** The longest edge. */
  readonly reach: number
  /** Centre and squared radius of a ball around each run. */
  readonly balls: Float64Array
}

function makeSoup(corners: Float64Array): Soup {
  let reach = 0
  for (let k = 0; k < corners.length; k += 9) {
    for (let edge = 0; edge < 3; edge++) {
      const [from, to] = [k + 3 * edge, k + 3 * ((edge + 1) % 3)]
      const apart = [0, 1, 2].map((axis) => corners[to + axis]! - corners[from + axis]!)
      reach = Math.max(reach, Math.hypot(...apart))
    }
  }
  return { corners, count: corners.length / 9, reach, balls: ballsOf(corners) }
}

function ballsOf(corners: Float64Array): Float64Array {
  const balls: number[] = []
  for (let k = 0; k < corners.length; k += 9 * RUN) {
    const run = corners.subarray(k, k + 9 * RUN)
    const center = [0, 1, 2].map((axis) => {
      const places = run.filter((_, i) => i % 3 === axis)
      return places.reduce((sum, v) => sum + v, 0) / places.length
    })
    let square = 0
    for (let i = 0; i < run.length; i += 3) {
      square = Math.max(
        square,
        center.reduce((sum, v, axis) => sum + (run[i + axis]! - v) ** 2, 0),
      )
    }
    balls.push(...center, square * 1.01 + 1e-6)
  }
  return Float64Array.from(balls)
}

/** Whether the line of a ray misses the ball of a run. */
function misses(balls: Float64Array, run: number, [o, d]: [Vec3, Vec3]): boolean {
  const x = o[0] - balls[4 * run]!
  const y = o[1] - balls[4 * run + 1]!
  const z = o[2] - balls[4 * run + 2]!
  const along = x * d[0] + y * d[1] + z * d[2]
  return x * x + y * y + z * z - along * along > balls[4 * run + 3]!
}

/** What `indices` make of `vertices` that `place` puts into the world. */
export function soupOf(vertices: readonly Vec3[], indices: ArrayLike<number>, place: (v: Vec3) => Vec3): Soup {
  const placed = vertices.map(place)
  const corners = Float64Array.from(
    { length: 3 * indices.length },
    (_, k) => placed[indices[Math.floor(k / 3)]!]![k % 3]!,
  )
  return makeSoup(corners)
}

/** Several in one. */
export function joinSoups(soups: readonly Soup[]): Soup {
  return makeSoup(Float64Array.from(soups.flatMap((soup) => [...soup.corners])))
}

export function cornersOf({ corners }: Soup, triangle: number): [Vec3, Vec3, Vec3] {
  const at = (k: number): Vec3 => {
    const first = 9 * triangle + 3 * k
    return [corners[first]!, corners[first + 1]!, corners[first + 2]!]
  }
  return [at(0), at(1), at(2)]
}

/** Unit normal of a triangle's front. */
export function normalOf(soup: Soup, triangle: number): Vec3 {
  const [a, b, c] = cornersOf(soup, triangle)
  const n = cross(subtract(b, a), subtract(c, a))
  const size = length(n)
  return [n[0] / size, n[1] / size, n[2] / size]
}

/**
 * Gives every triangle that a ray, its direction of length one, meets (Möller and Trumbore 1997) from either side, however far ahead.
 * @param edge how far inside of all edges, as a share of the triangle; negative: outside
 */
export function eachHit(
  { corners, count, balls }: Soup,
  ray: [Vec3, Vec3],
  edge: number,
  hit: (distance: number, triangle: number) => void,
): void {
  const [origin, direction] = ray
  const [ox, oy, oz] = origin
  const [dx, dy, dz] = direction
  for (let t = 0; t < count; t++) {
    if (t % RUN === 0 && misses(balls, t / RUN, ray)) {
      t += RUN - 1
      continue
    }
    const k = 9 * t
    const ax = corners[k]!
    const ay = corners[k + 1]!
    const az = corners[k + 2]!
    const e1x = corners[k + 3]! - ax
    const e1y = corners[k + 4]! - ay
    const e1z = corners[k + 5]! - az
    const e2x = corners[k + 6]! - ax
    const e2y = corners[k + 7]! - ay
    const e2z = corners[k + 8]! - az
    const px = dy * e2z - dz * e2y
    const py = dz * e2x - dx * e2z
    const pz = dx * e2y - dy * e2x
    const across = e1x * px + e1y * py + e1z * pz
    const sx = ox - ax
    const sy = oy - ay
    const sz = oz - az
    const u = (sx * px + sy * py + sz * pz) / across
    if (!(u >= edge && u <= 1 - edge)) continue
    const qx = sy * e1z - sz * e1y
    const qy = sz * e1x - sx * e1z
    const qz = sx * e1y - sy * e1x
    const v = (dx * qx + dy * qy + dz * qz) / across
    if (!(v >= edge && u + v <= 1 - edge)) continue
    const distance = (e2x * qx + e2y * qy + e2z * qz) / across
    if (distance >= 0) hit(distance, t)
  }
}

/** The first triangle that a ray meets well inside of its edges and not along its plane, if any. */
export function firstHit(soup: Soup, ray: [Vec3, Vec3]): { distance: number; triangle: number } | null {
  let best: { distance: number; triangle: number } | null = null
  eachHit(soup, ray, 1e-3, (distance, triangle) => {
    if (best && best.distance <= distance) return
    if (Math.abs(dot(normalOf(soup, triangle), ray[1])) > 0.02) best = { distance, triangle }
  })
  return best
}

/** Whether a point is on a triangle, or nearly. */
export function isOn(soup: Soup, point: Vec3, tolerance: number): boolean {
  const { corners, count, reach } = soup
  const [x, y, z] = point
  const most = (reach + tolerance) ** 2
  for (let t = 0, k = 0; t < count; t++, k += 9) {
    const away = (corners[k]! - x) ** 2 + (corners[k + 1]! - y) ** 2 + (corners[k + 2]! - z) ** 2
    if (away < most && distanceToTriangle(cornersOf(soup, t), point) < tolerance) return true
  }
  return false
}

function distanceToTriangle(corners: [Vec3, Vec3, Vec3], point: Vec3): number {
  const [a, b, c] = corners
  const n = cross(subtract(b, a), subtract(c, a))
  const size = length(n)
  const inside = (p: Vec3, q: Vec3): boolean => dot(cross(subtract(q, p), subtract(point, p)), n) >= 0
  if (inside(a, b) && inside(b, c) && inside(c, a)) return Math.abs(dot(subtract(point, a), n)) / size
  return Math.min(distanceToEdge(a, b, point), distanceToEdge(b, c, point), distanceToEdge(c, a, point))
}

function distanceToEdge(a: Vec3, b: Vec3, point: Vec3): number {
  const edge = subtract(b, a)
  const share = Math.max(0, Math.min(1, dot(subtract(point, a), edge) / dot(edge, edge)))
  return length(subtract(addScaled(a, edge, share), point))
}
