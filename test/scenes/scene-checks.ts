import type { SphereData } from '../../examples/scenes/scene.ts'
import { createSphereGrid, insertSphere, overlapsSphere } from '../../examples/scenes/sphere-grid.ts'

/** How many spheres touch one that comes before them. */
export function countOverlaps(s: SphereData): number {
  let largest = 0
  for (let i = 0; i < s.count; i++) largest = Math.max(largest, s.radius[i])
  const grid = createSphereGrid(s.count, largest)
  let overlaps = 0
  for (let i = 0; i < s.count; i++) {
    if (overlapsSphere(grid, s.x[i], s.y[i], s.z[i], s.radius[i])) overlaps++
    insertSphere(grid, s.x[i], s.y[i], s.z[i], s.radius[i])
  }
  return overlaps
}

/** Least and greatest value of a column over a range. */
export function rangeOf(column: ArrayLike<number>, from = 0, to = column.length): [number, number] {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (let i = from; i < to; i++) {
    least = Math.min(least, column[i])
    greatest = Math.max(greatest, column[i])
  }
  return [least, greatest]
}

/** Sum of the spheres' volumes, m³. */
export function volumeOf(s: SphereData): number {
  let volume = 0
  for (let i = 0; i < s.count; i++) volume += (4 / 3) * Math.PI * s.radius[i] ** 3
  return volume
}
