import { bucketOf, clearGrid, insertSphere, type SphereGrid } from '../../../scenes/sphere-grid.ts'
import { MODE } from '../components.ts'
import { FIELD } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'
import { scratch, setVector, writeVector } from '../vec.ts'

/** A ship looks around every this many steps, each ship at another step. */
const PERIOD = 4
/** Seconds that a ship looks ahead. */
const HORIZON = 0.9
/** Room that pilots like to have between hulls, m. */
const MARGIN = 5
/** How far pilots look out for rocks, m, and the height below which there are any. */
const ROCK_VIEW = 90
const ROCK_CEILING = FIELD.height + 24

const push = scratch()

/** Works out, for a quarter of the ships each step, the push away from whatever they would run into. */
export function senseObstacles(galaxy: Galaxy): void {
  const { ships, Ship, frame } = galaxy
  const { Position } = galaxy.physics.components
  fillShipGrid(galaxy)
  for (let i = 0; i < ships.length; i++) {
    if ((i + frame) % PERIOD !== 0) continue
    const eid = ships[i]
    setVector(push, 0, 0, 0)
    if (Ship.mode[eid] !== MODE.warp) pushFromShips(galaxy, i)
    if (Position.y[eid] < ROCK_CEILING) {
      pushFromRocks(galaxy, eid)
      for (let m = 0; m < galaxy.moons.length; m++) pushFrom(galaxy, eid, galaxy.moons[m])
    }
    writeVector(Ship.avoid, eid, push[0], push[1], push[2])
  }
}

/** Puts the ships into the grid in the order of `galaxy.ships`, so that a grid index is a ship index. */
function fillShipGrid(galaxy: Galaxy): void {
  const { ships, shipGrid } = galaxy
  const { Position, RigidBody } = galaxy.physics.components
  clearGrid(shipGrid)
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    insertSphere(shipGrid, Position.x[eid], Position.y[eid], Position.z[eid], RigidBody.radius[eid])
  }
}

function pushFromShips(galaxy: Galaxy, index: number): void {
  const grid = galaxy.shipGrid
  const i = Math.floor(grid.x[index] / grid.cell)
  const j = Math.floor(grid.y[index] / grid.cell)
  const k = Math.floor(grid.z[index] / grid.cell)
  for (let dk = -1; dk <= 1; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) pushFromBucket(galaxy, grid, index, bucketOf(grid, i + di, j + dj, k + dk))
    }
  }
}

function pushFromBucket(galaxy: Galaxy, grid: SphereGrid, index: number, bucket: number): void {
  const eid = galaxy.ships[index]
  for (let other = grid.head[bucket]; other >= 0; other = grid.next[other]) {
    if (other !== index) pushFrom(galaxy, eid, galaxy.ships[other])
  }
}

function pushFromRocks(galaxy: Galaxy, eid: number): void {
  const { Position } = galaxy.physics.components
  const { known, knownCount } = galaxy.rockWatch
  const x = Position.x[eid]
  const y = Position.y[eid]
  const z = Position.z[eid]
  for (let i = 0; i < knownCount; i++) {
    const rock = known[i]
    const dx = Position.x[rock] - x
    const dy = Position.y[rock] - y
    const dz = Position.z[rock] - z
    if (dx * dx + dy * dy + dz * dz < ROCK_VIEW * ROCK_VIEW) pushFrom(galaxy, eid, rock)
  }
}

/** Adds the push from one body, by where the two would be when they are closest. */
function pushFrom(galaxy: Galaxy, eid: number, other: number): void {
  const { Position: p, LinearVelocity: v, RigidBody } = galaxy.physics.components
  const x = p.x[eid] - p.x[other]
  const y = p.y[eid] - p.y[other]
  const z = p.z[eid] - p.z[other]
  const vx = v.x[eid] - v.x[other]
  const vy = v.y[eid] - v.y[other]
  const vz = v.z[eid] - v.z[other]
  const closing = x * vx + y * vy + z * vz
  const speed = vx * vx + vy * vy + vz * vz
  const time = closing < 0 ? Math.min(-closing / speed, HORIZON) : 0
  const cx = x + vx * time
  const cy = y + vy * time
  const cz = z + vz * time
  const gap = Math.sqrt(cx * cx + cy * cy + cz * cz)
  const room = RigidBody.radius[eid] + RigidBody.radius[other] + MARGIN
  if (gap >= room || gap < 1e-3) return
  const weight = (2 * (room - gap) * (1 - (0.7 * time) / HORIZON)) / (room * gap)
  push[0] += cx * weight
  push[1] += cy * weight
  push[2] += cz * weight
}
