import { FIELD_RESTITUTION, fieldEdge, fieldScene, placeFreely } from './field.ts'
import { between, createRandom, type Random, randomDirection } from './random.ts'
import { createSpheres, type SceneData, type SphereData, sphereMass, type Vec3 } from './scene.ts'
import { createSphereGrid, insertSphere, type SphereGrid } from './sphere-grid.ts'

export const RIGID_ASTEROIDS = 25_000
export const RIGID_SHIPS = 500
export const RIGID_PROJECTILES = 15_000
export const RIGID_SHIP_RADIUS = 3
/** Each velocity component of a ship lies within ± this, m/s. */
export const RIGID_SHIP_SPEED = 20
export const RIGID_PROJECTILE_RADIUS = 0.1
/** m/s, in a random direction */
export const RIGID_PROJECTILE_SPEED = 150

/**
 * The rigid part of the galactic scene: the field of 25,000 spheres, 500 ships of radius 3 m (each velocity component
 * within ±20 m/s) and 15,000 projectiles of radius 0.1 m at 150 m/s, marked as bullets, all in the cube of the field.
 * The spheres come in that order; the field is the one of `fieldScene(25_000, seed)`.
 */
export function galacticRigidScene(seed = 1): SceneData {
  const field = fieldScene(RIGID_ASTEROIDS, seed).spheres
  const half = fieldEdge(field.radius, field.count) / 2
  const spheres = createSpheres(RIGID_ASTEROIDS + RIGID_SHIPS + RIGID_PROJECTILES)
  copySpheres(spheres, field)
  const grid = createSphereGrid(spheres.count, RIGID_SHIP_RADIUS)
  for (let i = 0; i < field.count; i++) insertSphere(grid, field.x[i], field.y[i], field.z[i], field.radius[i])
  const random = createRandom(seed + 0x5eed)
  addShips(spheres, half, random, grid)
  addProjectiles(spheres, half, random, grid)
  return { name: 'galactic-rigid', gravity: [0, 0, 0], spheres, planes: [] }
}

function copySpheres(into: SphereData, from: SphereData): void {
  for (const name of Object.keys(from) as (keyof SphereData)[]) {
    const column = from[name]
    if (typeof column === 'number') continue
    const target = into[name] as Float32Array | Uint8Array
    target.set(column)
  }
}

function addShips(s: SphereData, half: number, random: Random, grid: SphereGrid): void {
  for (let i = RIGID_ASTEROIDS; i < RIGID_ASTEROIDS + RIGID_SHIPS; i++) {
    s.radius[i] = RIGID_SHIP_RADIUS
    s.mass[i] = sphereMass(RIGID_SHIP_RADIUS, 1)
    s.restitution[i] = FIELD_RESTITUTION
    placeFreely(s, i, half, random, grid)
    s.vx[i] = between(random, -RIGID_SHIP_SPEED, RIGID_SHIP_SPEED)
    s.vy[i] = between(random, -RIGID_SHIP_SPEED, RIGID_SHIP_SPEED)
    s.vz[i] = between(random, -RIGID_SHIP_SPEED, RIGID_SHIP_SPEED)
  }
}

function addProjectiles(s: SphereData, half: number, random: Random, grid: SphereGrid): void {
  const direction: Vec3 = [0, 0, 0]
  for (let i = RIGID_ASTEROIDS + RIGID_SHIPS; i < s.count; i++) {
    s.radius[i] = RIGID_PROJECTILE_RADIUS
    s.mass[i] = sphereMass(RIGID_PROJECTILE_RADIUS, 1)
    s.restitution[i] = FIELD_RESTITUTION
    s.bullet[i] = 1
    placeFreely(s, i, half, random, grid)
    randomDirection(random, direction)
    s.vx[i] = direction[0] * RIGID_PROJECTILE_SPEED
    s.vy[i] = direction[1] * RIGID_PROJECTILE_SPEED
    s.vz[i] = direction[2] * RIGID_PROJECTILE_SPEED
  }
}
