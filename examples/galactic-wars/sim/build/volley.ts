import { addBodies, type Physics } from 'manybody'
import { between, type Random, randomDirection } from '../../../scenes/random.ts'
import { createSpheres, type SphereData, type Vec3 } from '../../../scenes/scene.ts'
import { overlapsSphere, type SphereGrid } from '../../../scenes/sphere-grid.ts'
import { FIXED_DT, GROUP, INSTANCE_GROUPS, MASK, MOONS, PLANET, PROJECTILE } from '../constants.ts'
import type { FleetPlan } from './fleets.ts'

const MAX_TRIES = 32
/** Part of the shots that the capital ships have fired. */
const CAPITAL_SHARE = 0.4
const SPREAD = 0.06

export interface VolleyPlan {
  spheres: SphereData
  /** steps each shot has left */
  left: Uint32Array
  sizes: [number, number]
}

const direction: Vec3 = [0, 0, 0]

/**
 * Shots that are in flight when the game begins, as if the fleets had been firing for the whole life of a shot: each
 * lies on a line from where a ship was then towards an enemy, with every age from new to spent equally likely. From
 * the first step on as many shots end as begin.
 */
export function planVolley(count: number, fleets: FleetPlan, random: Random, grid: SphereGrid): VolleyPlan {
  const sizes: [number, number] = [Math.ceil(count / 2), Math.floor(count / 2)]
  const s = createSpheres(count)
  const left = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const fleet = i < sizes[0] ? 0 : 1
    const within = (i - fleet * sizes[0]) / sizes[fleet]
    left[i] = 1 + Math.floor(within * PROJECTILE.life)
    s.radius[i] = PROJECTILE.radius
    s.mass[i] = PROJECTILE.mass
    placeShot(s, i, { fleets, fleet, age: (PROJECTILE.life - left[i]) * FIXED_DT }, { random, grid })
  }
  return { spheres: s, left, sizes }
}

interface Salvo {
  fleets: FleetPlan
  fleet: number
  /** seconds since it was fired */
  age: number
}

function placeShot(s: SphereData, i: number, salvo: Salvo, draw: { random: Random; grid: SphereGrid }): void {
  const { fleets, fleet, age } = salvo
  const { random, grid } = draw
  const ships = fleets.spheres
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const from = pickShooter(fleets, fleet, random)
    const at = pickShip(fleets, 1 - fleet, random)
    aim(ships, from, at, random)
    s.vx[i] = ships.vx[from] + direction[0] * PROJECTILE.speed
    s.vy[i] = ships.vy[from] + direction[1] * PROJECTILE.speed
    s.vz[i] = ships.vz[from] + direction[2] * PROJECTILE.speed
    // The ship was `age` seconds back on its way when it fired, and the shot has kept the ship's velocity since.
    const flown = PROJECTILE.speed * age + ships.radius[from] + 1
    s.x[i] = ships.x[from] + direction[0] * flown
    s.y[i] = ships.y[from] + direction[1] * flown
    s.z[i] = ships.z[from] + direction[2] * flown
    if (!insideSomething(s.x[i], s.y[i], s.z[i], grid)) return
  }
}

function pickShip(fleets: FleetPlan, fleet: number, random: Random): number {
  return fleet * fleets.sizes[0] + Math.floor(random() * fleets.sizes[fleet])
}

function pickShooter(fleets: FleetPlan, fleet: number, random: Random): number {
  if (random() >= CAPITAL_SHARE) return pickShip(fleets, fleet, random)
  return fleet * fleets.sizes[0] + Math.floor(random() * fleets.capitals[fleet])
}

/** Writes the direction from one ship to another, a little off, into `direction`. */
function aim(ships: SphereData, from: number, at: number, random: Random): void {
  randomDirection(random, direction)
  const dx = ships.x[at] - ships.x[from]
  const dy = ships.y[at] - ships.y[from]
  const dz = ships.z[at] - ships.z[from]
  const distance = Math.sqrt(dx * dx + dy * dy + dz * dz)
  const off = between(random, 0, SPREAD)
  const x = dx / distance + direction[0] * off
  const y = dy / distance + direction[1] * off
  const z = dz / distance + direction[2] * off
  const scale = 1 / Math.sqrt(x * x + y * y + z * z)
  direction[0] = x * scale
  direction[1] = y * scale
  direction[2] = z * scale
}

function insideSomething(x: number, y: number, z: number, grid: SphereGrid): boolean {
  if (x * x + y * y + z * z < (PLANET.radius + 5) * (PLANET.radius + 5)) return true
  const moon = MOONS[2]
  const flat = Math.sqrt(x * x + z * z) - moon.distance
  if (flat * flat + y * y < (moon.radius + 5) * (moon.radius + 5)) return true
  return overlapsSphere(grid, x, y, z, PROJECTILE.radius + 0.5)
}

/** Puts the planned shots into the world as swept bullets that hit the other fleet, rocks, moons and the planet. */
export function addVolley(physics: Physics, plan: VolleyPlan, random: Random): Uint32Array {
  const { spheres: s, sizes } = plan
  const position: Vec3 = [0, 0, 0]
  const linearVelocity: Vec3 = [0, 0, 0]
  const shape = { type: 'sphere' as const, radius: PROJECTILE.radius }
  return addBodies(physics, s.count, (i, desc) => {
    const fleet = i < sizes[0] ? 0 : 1
    position[0] = s.x[i]
    position[1] = s.y[i]
    position[2] = s.z[i]
    linearVelocity[0] = s.vx[i]
    linearVelocity[1] = s.vy[i]
    linearVelocity[2] = s.vz[i]
    desc.type = 'dynamic'
    desc.position = position
    desc.linearVelocity = linearVelocity
    desc.shape = shape
    desc.mass = PROJECTILE.mass
    desc.bullet = true
    desc.group = GROUP.shot[fleet]
    desc.mask = MASK.shot[fleet]
    desc.instanceGroup = INSTANCE_GROUPS.bolts[fleet]
    desc.tint = random()
  })
}
