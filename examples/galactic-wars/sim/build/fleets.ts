import { addBodies, type Physics } from 'manybody'
import { between, type Random } from '../../../scenes/random.ts'
import { createSpheres, type SphereData, type Vec3 } from '../../../scenes/scene.ts'
import { insertSphere, overlapsSphere, type SphereGrid } from '../../../scenes/sphere-grid.ts'
import { BATTLE, CAPITAL, FIGHTER, FLEET_COUNT, GROUP, INSTANCE_GROUPS, MASK } from '../constants.ts'

/** Where a class of ships waits: distances before the middle of the battle and half extents, metres. */
const FIGHTER_BOX = { near: 120, far: 370, halfHeight: 70, halfWidth: 240 }
const CAPITAL_BOX = { near: 190, far: 430, halfHeight: 55, halfWidth: 250 }
/** Each fleet's flagship, its first ship, leads: it takes the first fire. */
const FLAGSHIP_BOX = { near: 90, far: 120, halfHeight: 20, halfWidth: 60 }
const MAX_TRIES = 200

export interface FleetPlan {
  spheres: SphereData
  /** first capital ship and number of ships, per fleet: the fleet's capital ships come first in its range */
  capitals: [number, number]
  sizes: [number, number]
}

/** Two fleets facing each other along x, flying at each other; nobody touches anybody or a rock. */
export function planFleets(ships: number, random: Random, grid: SphereGrid): FleetPlan {
  const sizes: [number, number] = [Math.ceil(ships / 2), Math.floor(ships / 2)]
  const capitalsOf = (size: number): number => (size === 0 ? 0 : Math.max(1, Math.round(size * CAPITAL.share)))
  const capitals: [number, number] = [capitalsOf(sizes[0]), capitalsOf(sizes[1])]
  const s = createSpheres(ships)
  let at = 0
  for (let fleet = 0; fleet < FLEET_COUNT; fleet++) {
    for (let i = 0; i < sizes[fleet]; i++, at++) {
      const capital = i < capitals[fleet]
      const box = i === 0 ? FLAGSHIP_BOX : capital ? CAPITAL_BOX : FIGHTER_BOX
      const side = fleet === 0 ? -1 : 1
      findPlace(s, at, { box, side, clearance: capital ? CAPITAL.radius + 14 : FIGHTER.radius + 4 }, { random, grid })
      outfit(s, at, capital ? CAPITAL : FIGHTER, random)
      insertSphere(grid, s.x[at], s.y[at], s.z[at], s.radius[at])
      s.vx[at] *= -side
    }
  }
  return { spheres: s, capitals, sizes }
}

interface Stand {
  box: typeof FIGHTER_BOX
  /** −1: before −x, 1: before +x */
  side: number
  /** free distance about the centre, m */
  clearance: number
}

function findPlace(s: SphereData, i: number, stand: Stand, draw: { random: Random; grid: SphereGrid }): void {
  const { box, side, clearance } = stand
  const { random, grid } = draw
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    s.x[i] = BATTLE.x + side * between(random, box.near, box.far)
    s.y[i] = BATTLE.y + between(random, -box.halfHeight, box.halfHeight)
    s.z[i] = BATTLE.z + between(random, -box.halfWidth, box.halfWidth)
    if (!overlapsSphere(grid, s.x[i], s.y[i], s.z[i], clearance)) return
  }
}

/** Size, mass and a velocity along +x that is roughly the cruising speed. */
function outfit(s: SphereData, i: number, kind: typeof FIGHTER | typeof CAPITAL, random: Random): void {
  s.radius[i] = kind.radius
  s.mass[i] = kind.mass
  s.vx[i] = kind.cruise * between(random, 0.8, 1)
  s.vy[i] = between(random, -2, 2)
  s.vz[i] = between(random, -0.08, 0.08) * kind.cruise
}

/** Puts the planned ships into the world, noses to the enemy. */
export function addFleets(physics: Physics, plan: FleetPlan): Uint32Array {
  const { spheres: s, sizes, capitals } = plan
  const position: Vec3 = [0, 0, 0]
  const linearVelocity: Vec3 = [0, 0, 0]
  const half = Math.SQRT1_2
  const shape = { type: 'sphere' as const, radius: 1 }
  return addBodies(physics, s.count, (i, desc) => {
    const fleet = i < sizes[0] ? 0 : 1
    const capital = i - fleet * sizes[0] < capitals[fleet]
    position[0] = s.x[i]
    position[1] = s.y[i]
    position[2] = s.z[i]
    linearVelocity[0] = s.vx[i]
    linearVelocity[1] = s.vy[i]
    linearVelocity[2] = s.vz[i]
    shape.radius = s.radius[i]
    desc.type = 'dynamic'
    desc.position = position
    desc.linearVelocity = linearVelocity
    // A quarter turn about y: +z, the nose, points to +x for fleet 0 and to −x for fleet 1.
    desc.rotation = [0, fleet === 0 ? half : -half, 0, half]
    desc.shape = shape
    desc.mass = s.mass[i]
    desc.friction = 0.2
    desc.restitution = 0.2
    desc.group = GROUP.fleet[fleet]
    desc.mask = MASK.fleet[fleet]
    desc.instanceGroup = (capital ? INSTANCE_GROUPS.capitals : INSTANCE_GROUPS.fighters)[fleet]
    desc.tint = 0
  })
}
