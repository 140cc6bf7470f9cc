import { exactCbrt } from './exact-math.ts'
import { between, createRandom, type Random } from './random.ts'
import { createSpheres, type SceneData, type SphereData, sphereMass } from './scene.ts'
import { createSphereGrid, insertSphere, overlapsSphere, type SphereGrid } from './sphere-grid.ts'

export const FIELD_MIN_RADIUS = 0.5
export const FIELD_MAX_RADIUS = 1.5
/** Part of the cube that the spheres fill. */
export const FIELD_VOLUME_FRACTION = 0.01
/** Each velocity component lies within ± this, m/s. */
export const FIELD_SPEED = 5
export const FIELD_RESTITUTION = 0.3

/**
 * A sparse field: spheres of radius 0.5–1.5 m at 1 % volume fraction in a cube about the origin, none overlapping,
 * every velocity component within ±5 m/s, no gravity, restitution 0.3, density 1.
 */
export function fieldScene(count = 25_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const spheres = createSpheres(count)
  fillField(spheres, random)
  return { name: `field-${count}`, gravity: [0, 0, 0], spheres, planes: [] }
}

/** Edge in metres of the cube of a field scene with these radii. */
export function fieldEdge(radius: Float32Array, count: number): number {
  let volume = 0
  for (let i = 0; i < count; i++) volume += sphereMass(radius[i], 1)
  return exactCbrt(volume / FIELD_VOLUME_FRACTION)
}

function fillField(s: SphereData, random: Random): void {
  for (let i = 0; i < s.count; i++) s.radius[i] = between(random, FIELD_MIN_RADIUS, FIELD_MAX_RADIUS)
  const half = fieldEdge(s.radius, s.count) / 2
  const grid = createSphereGrid(s.count, FIELD_MAX_RADIUS)
  for (let i = 0; i < s.count; i++) {
    placeFreely(s, i, half, random, grid)
    s.vx[i] = between(random, -FIELD_SPEED, FIELD_SPEED)
    s.vy[i] = between(random, -FIELD_SPEED, FIELD_SPEED)
    s.vz[i] = between(random, -FIELD_SPEED, FIELD_SPEED)
    s.mass[i] = sphereMass(s.radius[i], 1)
    s.restitution[i] = FIELD_RESTITUTION
  }
}

/**
 * Gives sphere `i` a uniform place in the cube [−half, half]³ where it touches nothing in the grid, and puts it in.
 * Meant for sparse scenes: it draws again until a place is free.
 */
export function placeFreely(s: SphereData, i: number, half: number, random: Random, grid: SphereGrid): void {
  const radius = s.radius[i]
  do {
    s.x[i] = between(random, -half, half)
    s.y[i] = between(random, -half, half)
    s.z[i] = between(random, -half, half)
  } while (overlapsSphere(grid, s.x[i], s.y[i], s.z[i], radius))
  insertSphere(grid, s.x[i], s.y[i], s.z[i], radius)
}
