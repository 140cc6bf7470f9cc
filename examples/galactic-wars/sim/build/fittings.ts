import { addEntity } from 'bitecs'
import { setParent } from 'manybody'
import type { Galaxy } from '../galaxy.ts'

/** What hangs on the capital ships: children of a body, drawn from the kernel's world matrices. */
export interface Fittings {
  /** Turrets of a capital ship follow one another: its ship, its socket and barrels, and where it is to aim, in the world. */
  readonly turrets: readonly Turret[]
  /** First turret of a capital ship, by entity; and whose turn it is to fire. */
  readonly firstTurret: Int32Array
  turn: number
  /** By entity: what it is (a value of `FITTING`), and its fleet. */
  readonly kinds: Uint8Array
  readonly numbers: Float32Array
}

export interface Turret {
  readonly ship: number
  readonly eid: number
  readonly barrels: number
  /** 1: on the roof, −1: under the keel */
  readonly side: number
  readonly aim: Float64Array
  /** step from which it takes another aim */
  until: number
}

/** Kinds of fittings. Sockets are among the lamps: they are drawn by one call, and a socket's number is below 0. */
export const FITTING = { none: 0, lamp: 1, turret: 2, barrels: 3 } as const
/** Fittings of one ship: sockets, turrets and barrels, and lamps; the ship itself is a node too. */
export const TURRETS = 4
const LAMPS = 6
export const NODES = 3 * TURRETS + LAMPS + 1

/** Places in units of the ship's radius: fleet A's decks, fleet B's spine; the last two of B are under the keel. */
const SOCKETS = [
  [
    [0.62, 0.27, 0.15, 1],
    [-0.62, 0.27, 0.15, 1],
    [0.4, 0.24, 1.05, 1],
    [-0.4, 0.24, 1.05, 1],
  ],
  [
    [0, 0.45, 0.02, 1],
    [0, 0.42, 0.92, 1],
    [0, -0.45, 0.02, -1],
    [0, -0.42, 0.92, -1],
  ],
] as const
const LAMP_PLACES = [
  [
    [1.5, 0, -2.05],
    [-1.5, 0, -2.05],
    [1.3, 0.02, -1.2],
    [-1.3, 0.02, -1.2],
    [0, 1.05, -1.3],
    [0, 0.06, 2.95],
  ],
  [
    [1.5, 0.12, -2.1],
    [-1.5, 0.12, -2.1],
    [0.95, 0, 1.8],
    [-0.95, 0, 1.8],
    [0, 1.28, -2.1],
    [0, -1.28, -2.1],
  ],
] as const
const TURRET_SIZE = 0.16
const LAMP_SIZE = 0.05

/** No fittings yet. @param entities how many entity ids there are */
export function createFittings(entities: number): Fittings {
  return {
    turrets: [],
    firstTurret: new Int32Array(entities).fill(-1),
    turn: 0,
    kinds: new Uint8Array(entities),
    numbers: new Float32Array(entities),
  }
}

/** Gives each capital ship its turrets and lamps. */
export function addFittings(galaxy: Galaxy): void {
  for (const [fleet, ships] of galaxy.capitals.entries()) for (const ship of ships) fitOut(galaxy, ship, fleet)
}

function fitOut(galaxy: Galaxy, ship: number, fleet: number): void {
  const { fittings, physics } = galaxy
  const radius = physics.components.RigidBody.radius[ship]
  const turrets = fittings.turrets as Turret[]
  fittings.firstTurret[ship] = turrets.length
  const sockets = SOCKETS[fleet].map(([x, y, z, side]) => {
    const socket = addFitting(galaxy, ship, FITTING.lamp, [x * radius, y * radius, z * radius], TURRET_SIZE * radius)
    fittings.numbers[socket] = -1
    // Under the keel a turret hangs: half a turn about the ship's length.
    if (side < 0) writeTurn(galaxy, socket, 0, 0, 1, 0)
    return { socket, side }
  })
  for (const [i, [x, y, z]] of LAMP_PLACES[fleet].entries()) {
    const lamp = addFitting(galaxy, ship, FITTING.lamp, [x * radius, y * radius, z * radius], LAMP_SIZE * radius)
    fittings.numbers[lamp] = fleet + 2 * i
  }
  for (const { socket, side } of sockets) {
    const eid = addFitting(galaxy, socket, FITTING.turret)
    const barrels = addFitting(galaxy, eid, FITTING.barrels, [0, 0.42, 0.3])
    for (const part of [eid, barrels]) fittings.numbers[part] = fleet
    const aim = new Float64Array(3)
    aim[0] = fleet === 0 ? 1 : -1
    turrets.push({ ship, eid, barrels, side, aim, until: 0 })
  }
}

const HERE = [0, 0, 0] as const

function addFitting(galaxy: Galaxy, parent: number, kind: number, place: readonly number[] = HERE, size = 1): number {
  const { physics, fittings } = galaxy
  const { Position, Scale } = physics.components
  const eid = addEntity(physics.world)
  Position.x[eid] = place[0]
  Position.y[eid] = place[1]
  Position.z[eid] = place[2]
  Scale.x[eid] = Scale.y[eid] = Scale.z[eid] = size
  writeTurn(galaxy, eid, 0, 0, 0, 1)
  setParent(physics, eid, parent)
  fittings.kinds[eid] = kind
  return eid
}

/** Writes the rotation of an entity. */
export function writeTurn({ physics }: Galaxy, eid: number, x: number, y: number, z: number, w: number): void {
  const { Rotation } = physics.components
  Rotation.x[eid] = x
  Rotation.y[eid] = y
  Rotation.z[eid] = z
  Rotation.w[eid] = w
}
