/**
 * Spheres in a hashed uniform grid, for one question: does a new sphere overlap one that is there already?
 *
 * A cell is at least as wide as the largest sphere, so the 27 cells around a centre hold everything it can touch.
 * Different cells may share a bucket; that costs a test, never an answer.
 */
export interface SphereGrid {
  readonly cell: number
  readonly mask: number
  /** bucket → the sphere put in last, −1 for none */
  readonly head: Int32Array
  /** sphere → the one put in before it in the same bucket */
  readonly next: Int32Array
  readonly x: Float32Array
  readonly y: Float32Array
  readonly z: Float32Array
  readonly radius: Float32Array
  count: number
}

/**
 * @param capacity how many spheres will be put in, at most
 * @param maxRadius the largest radius of them, metres
 */
export function createSphereGrid(capacity: number, maxRadius: number): SphereGrid {
  let buckets = 64
  while (buckets < capacity * 2) buckets *= 2
  return {
    cell: 2 * maxRadius,
    mask: buckets - 1,
    head: new Int32Array(buckets).fill(-1),
    next: new Int32Array(capacity),
    x: new Float32Array(capacity),
    y: new Float32Array(capacity),
    z: new Float32Array(capacity),
    radius: new Float32Array(capacity),
    count: 0,
  }
}

/** Takes everything out. */
export function clearGrid(grid: SphereGrid): void {
  grid.head.fill(-1)
  grid.count = 0
}

/** The bucket of cell (i, j, k): spheres of other cells may be in it too. */
export function bucketOf(grid: SphereGrid, i: number, j: number, k: number): number {
  return (Math.imul(i, 73856093) ^ Math.imul(j, 19349663) ^ Math.imul(k, 83492791)) & grid.mask
}

/** Puts a sphere in. Its radius must not be above the grid's `maxRadius`. */
export function insertSphere(grid: SphereGrid, x: number, y: number, z: number, radius: number): void {
  const at = grid.count++
  const { cell } = grid
  const bucket = bucketOf(grid, Math.floor(x / cell), Math.floor(y / cell), Math.floor(z / cell))
  grid.x[at] = x
  grid.y[at] = y
  grid.z[at] = z
  grid.radius[at] = radius
  grid.next[at] = grid.head[bucket]
  grid.head[bucket] = at
}

/** True when a sphere would touch or overlap one in the grid. */
export function overlapsSphere(grid: SphereGrid, x: number, y: number, z: number, radius: number): boolean {
  const { cell } = grid
  const i = Math.floor(x / cell)
  const j = Math.floor(y / cell)
  const k = Math.floor(z / cell)
  for (let dk = -1; dk <= 1; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        if (touchesBucket(grid, grid.head[bucketOf(grid, i + di, j + dj, k + dk)], x, y, z, radius)) return true
      }
    }
  }
  return false
}

function touchesBucket(grid: SphereGrid, first: number, x: number, y: number, z: number, radius: number): boolean {
  for (let other = first; other >= 0; other = grid.next[other]) {
    const dx = grid.x[other] - x
    const dy = grid.y[other] - y
    const dz = grid.z[other] - z
    const reach = grid.radius[other] + radius
    if (dx * dx + dy * dy + dz * dz <= reach * reach) return true
  }
  return false
}
