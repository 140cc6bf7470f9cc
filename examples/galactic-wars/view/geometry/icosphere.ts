/** Triangles over the unit sphere. */
export interface Icosphere {
  /** x, y, z of each vertex, length 1 */
  positions: Float32Array
  /** three vertices a triangle, counter-clockwise from outside */
  indices: Uint16Array
}

const T = (1 + Math.sqrt(5)) / 2
const CORNERS = [
  [-1, T, 0],
  [1, T, 0],
  [-1, -T, 0],
  [1, -T, 0],
  [0, -1, T],
  [0, 1, T],
  [0, -1, -T],
  [0, 1, -T],
  [T, 0, -1],
  [T, 0, 1],
  [-T, 0, -1],
  [-T, 0, 1],
]
const FACES = [
  0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8, 3, 9, 4, 3, 4, 2, 3,
  2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1,
]

/**
 * An icosahedron whose faces are quartered `detail` times; vertices are shared, so 10·4^detail + 2 of them.
 *
 * @param detail 0 (12 vertices) to 6 (40,962)
 */
export function createIcosphere(detail: number): Icosphere {
  const points: number[] = []
  for (const corner of CORNERS) pushUnit(points, corner[0], corner[1], corner[2])
  let faces = FACES
  for (let round = 0; round < detail; round++) faces = quarter(points, faces)
  return { positions: Float32Array.from(points), indices: Uint16Array.from(faces) }
}

function pushUnit(points: number[], x: number, y: number, z: number): number {
  const length = Math.hypot(x, y, z)
  return points.push(x / length, y / length, z / length) / 3 - 1
}

function quarter(points: number[], faces: readonly number[]): number[] {
  const middles = new Map<number, number>()
  const middle = (a: number, b: number): number => {
    const key = Math.min(a, b) * 65536 + Math.max(a, b)
    let found = middles.get(key)
    if (found === undefined) {
      const [i, j] = [a * 3, b * 3]
      found = pushUnit(points, points[i] + points[j], points[i + 1] + points[j + 1], points[i + 2] + points[j + 2])
      middles.set(key, found)
    }
    return found
  }
  const next: number[] = []
  for (let i = 0; i < faces.length; i += 3) {
    const [a, b, c] = [faces[i], faces[i + 1], faces[i + 2]]
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
    next.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca)
  }
  return next
}
