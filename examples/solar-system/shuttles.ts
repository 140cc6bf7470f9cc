import { lookRotation, setParent, worldMatrix } from 'manybody'
import type { Dice } from './dice.ts'
import { addNode, type SolarSystem } from './system.ts'

/** Little ships that fly from dock to dock: at a dock they turn with it, between docks they are in the sun's frame. */
export interface Shuttles {
  /** What they are in between docks. */
  space: number
  docks: number[]
  ships: Shuttle[]
}

interface Shuttle {
  eid: number
  dock: number
  /** Seconds until it leaves; below 0 while it flies. */
  wait: number
  speed: number
  /** Where the dock was a frame ago. */
  readonly goal: number[]
}

const [SLOW, FAST, PULL] = [0.4, 40, 12]
const HERE = 0.05
/** From here on a ship goes along with the dock, which may be fast. */
const NEAR = 8

/** Puts ships at docks. */
export function createShuttles(system: SolarSystem, space: number, count: number, dice: Dice): Shuttles {
  const { docks } = system.shuttles
  const ships = Array.from({ length: count }, () => {
    const dock = docks[Math.floor(dice() * docks.length)]!
    return {
      eid: addNode(system, 'shuttle', dock, [0, 0, 0], 0.25),
      dock,
      wait: 12 * dice(),
      speed: 0,
      goal: [0, 0, 0],
    }
  })
  return { space, docks, ships }
}

const MATRIX = new Float64Array(16)
const WAY = [0, 0, 0]
const TURN = [0, 0, 0, 1]

/** Lets them fly: who arrives gets the dock as parent and stays where it is in the world, and so does who leaves. */
export function flyShuttles(system: SolarSystem, seconds: number): void {
  for (const ship of system.shuttles.ships) {
    if (ship.wait >= 0) {
      ship.wait -= seconds
      if (ship.wait < 0) depart(system, ship)
    } else if (fly(system, ship, seconds)) arrive(system, ship)
  }
}

function depart(system: SolarSystem, ship: Shuttle): void {
  const { docks, space } = system.shuttles
  setParent(system.physics, ship.eid, space, { keepWorld: true })
  // Some other dock, the same one in every run.
  ship.dock = docks[(docks.indexOf(ship.dock) * 7 + ship.eid * 13 + 5) % docks.length]!
  ship.speed = SLOW
  worldMatrix(system.physics, ship.dock, MATRIX)
  for (let k = 0; k < 3; k++) ship.goal[k] = MATRIX[12 + k]!
  system.changes++
}

/** Flies nearer to the dock, nose first. Gives whether it is there. */
function fly({ physics }: SolarSystem, ship: Shuttle, seconds: number): boolean {
  const { Position, Rotation } = physics.components
  const { eid } = ship
  worldMatrix(physics, ship.dock, MATRIX)
  const { x, y, z } = Position
  const left = Math.hypot(ship.goal[0]! - x[eid]!, ship.goal[1]! - y[eid]!, ship.goal[2]! - z[eid]!)
  const along = Math.max(0, 1 - left / NEAR)
  x[eid]! += (MATRIX[12]! - ship.goal[0]!) * along
  y[eid]! += (MATRIX[13]! - ship.goal[1]!) * along
  z[eid]! += (MATRIX[14]! - ship.goal[2]!) * along
  for (let k = 0; k < 3; k++) ship.goal[k] = MATRIX[12 + k]!
  WAY[0] = MATRIX[12]! - x[eid]!
  WAY[1] = MATRIX[13]! - y[eid]!
  WAY[2] = MATRIX[14]! - z[eid]!
  const distance = Math.hypot(WAY[0], WAY[1], WAY[2])
  // Faster and faster, but never more than what is left allows.
  ship.speed = Math.min(ship.speed + PULL * seconds, FAST, SLOW + 0.8 * distance)
  const share = Math.min(1, (ship.speed * seconds) / Math.max(distance, 1e-6))
  x[eid]! += WAY[0] * share
  y[eid]! += WAY[1] * share
  z[eid]! += WAY[2] * share
  lookRotation(TURN, WAY)
  Rotation.x[eid] = TURN[0]!
  Rotation.y[eid] = TURN[1]!
  Rotation.z[eid] = TURN[2]!
  Rotation.w[eid] = TURN[3]!
  return distance * (1 - share) < HERE
}

function arrive(system: SolarSystem, ship: Shuttle): void {
  setParent(system.physics, ship.eid, ship.dock, { keepWorld: true })
  ship.wait = 4 + (ship.eid % 9)
  system.changes++
}
