import {
  type AdvanceResult,
  addBody,
  advance,
  createPhysics,
  type Physics,
  type PhysicsOptions,
  updateTransforms,
} from 'manybody'
import { createDice, type Dice } from './dice.ts'
import { BANDS, BELTS, COMET_PIECES, COMETS, PLANETS, type PlanetPlan, SHUTTLES, SUN_PULL, SUN_RADIUS } from './plan.ts'
import { createShuttles, flyShuttles } from './shuttles.ts'
import { addNode, addTurning, HERE, type SolarSystem, turnFrames } from './system.ts'

/** Radius of a planet's air, in radii of the planet. */
const AIR = 1.12

/** Builds the whole of it: some 20,000 nodes, eight deep. */
export async function createSolarSystem(options: PhysicsOptions = {}): Promise<SolarSystem> {
  const physics = await createPhysics({
    capacity: { entities: 24_000, bodies: 64, nodes: 24_000, contacts: 256, particles: 16 },
    gravity: [0, 0, 0],
    longRange: { gravity: SUN_PULL, softening: 1 },
    ...options,
  })
  const { capacity } = physics
  const system: SolarSystem = {
    physics,
    kinds: new Uint8Array(capacity.entities),
    numbers: new Float32Array(capacity.entities),
    sun: 0,
    planets: [],
    seats: [],
    stations: [],
    comets: [],
    turning: [],
    shuttles: { space: 0, docks: [], ships: [] },
    changes: 0,
  }
  const dice = createDice(7)
  const root = addNode(system, 'frame', 0)
  system.sun = addTurning(system, addNode(system, 'sun', root, HERE, SUN_RADIUS), 60)
  addNode(system, 'corona', root, HERE, SUN_RADIUS)
  for (let i = 0; i < PLANETS.length; i++) addPlanet(system, root, i, dice)
  for (const belt of BELTS) {
    const year = (radius: number): number => 2 * Math.PI * Math.sqrt(radius ** 3 / SUN_PULL)
    addPieces(system, root, 'rock', belt, belt.rocks, belt.height, year, dice)
  }
  addComets(system, dice)
  system.shuttles = createShuttles(system, root, SHUTTLES, dice)
  turnFrames(system, 0)
  updateTransforms(physics)
  return system
}

/** Leans an axis, mostly towards the sun: a ring that the sun sees edge-on is not lit. */
function lean({ components: { Rotation } }: Physics, eid: number, angle: number): void {
  Rotation.x[eid] = 0.6 * Math.sin(angle / 2)
  Rotation.z[eid] = 0.8 * Math.sin(angle / 2)
  Rotation.w[eid] = Math.cos(angle / 2)
}

/** A frame that goes round the sun holds one that leans, and this the planet, its ring, moons and stations. */
function addPlanet(system: SolarSystem, root: number, i: number, dice: Dice): void {
  const { physics, numbers, seats, planets } = system
  const plan = PLANETS[i]!
  const { radius, ring, stations } = plan
  const orbit = addTurning(system, addNode(system, 'frame', root), plan.year, dice() * 2 * Math.PI)
  const seat = addNode(system, 'frame', orbit, [plan.orbit, 0, 0])
  seats.push(seat)
  lean(physics, seat, plan.tilt)
  const planet = addTurning(system, addNode(system, 'planet', seat, HERE, radius), plan.day)
  planets.push(planet)
  const parts = [planet, addNode(system, 'air', seat, HERE, radius * AIR)]
  if (ring) parts.push(addNode(system, 'disc', seat, HERE, ring.outer))
  for (const eid of parts) numbers[eid] = i
  const year = (distance: number): number => 1.6 * distance ** 1.5
  if (ring) addPieces(system, seat, 'ice', ring, ring.pieces, 0.05, year, dice)
  addMoons(system, seat, plan, dice)
  for (let k = 0; k < stations; k++) {
    const path = addTurning(system, addNode(system, 'frame', seat), 40 + 14 * k, dice() * 2 * Math.PI)
    addStation(system, addNode(system, 'frame', path, [radius * (1.5 + 0.35 * k), 0.2 * k, 0], 0.32))
  }
}

function addMoons(system: SolarSystem, seat: number, { radius, ring, moons }: PlanetPlan, dice: Dice): void {
  for (let i = 0; i < moons; i++) {
    const distance = (ring?.outer ?? radius) * 1.25 + radius * (0.5 + 0.75 * i)
    const path = addTurning(system, addNode(system, 'frame', seat), 2.2 * distance ** 1.2, dice() * 2 * Math.PI)
    addTurning(system, addNode(system, 'moon', path, [distance, 0, 0], radius * (0.09 + 0.1 * dice())), 30)
  }
}

const SPOKES = 6

/** A hub with panels, and a wheel that turns about it, with spokes, lamps and docks: what looks alike one after the other. */
function addStation(system: SolarSystem, station: number): void {
  const { Rotation } = system.physics.components
  system.stations.push(station)
  lean(system.physics, station, 1.2)
  addNode(system, 'hub', station, HERE, [0.2, 0.9, 0.2])
  addNode(system, 'hub', station, [0, -0.62, 0], [0.3, 0.12, 0.3])
  for (const side of [-1, 1]) addNode(system, 'hull', station, [0.75 * side, 0.75, 0], [0.5, 0.02, 0.26])
  for (const side of [-1, 1]) addNode(system, 'lamp', station, [0, 0.95 * side, 0], 0.06)
  const wheel = addTurning(system, addNode(system, 'frame', station), 9)
  addNode(system, 'wheel', wheel)
  const angles = Array.from({ length: SPOKES }, (_, i) => (2 * Math.PI * i) / SPOKES)
  const around = (radius: number, angle: number, y = 0): number[] => [
    radius * Math.cos(angle),
    y,
    -radius * Math.sin(angle),
  ]
  for (const angle of angles) {
    const spoke = addNode(system, 'hull', wheel, around(0.5, angle), [0.5, 0.045, 0.045])
    Rotation.y[spoke] = Math.sin(angle / 2)
    Rotation.w[spoke] = Math.cos(angle / 2)
  }
  for (const angle of angles) addNode(system, 'lamp', wheel, around(1, angle, 0.16), 0.05)
  for (const angle of angles) system.shuttles.docks.push(addNode(system, 'frame', wheel, around(1.3, angle)))
}

/** Pieces between two radii, in bands that turn each at its own pace. */
function addPieces(
  system: SolarSystem,
  parent: number,
  kind: 'rock' | 'ice',
  { inner, outer }: { inner: number; outer: number },
  count: number,
  height: number,
  year: (radius: number) => number,
  dice: Dice,
): void {
  const bands = Array.from({ length: BANDS }, (_, i) => {
    const middle = inner + ((outer - inner) * (i + 0.5)) / BANDS
    return addTurning(system, addNode(system, 'frame', parent), year(middle))
  })
  const { Rotation } = system.physics.components
  for (let i = 0; i < count; i++) {
    const band = Math.floor(dice() * BANDS)
    const radius = inner + ((outer - inner) * (band + dice())) / BANDS
    const angle = 2 * Math.PI * dice()
    const size = kind === 'rock' ? 0.04 + 0.42 * dice() ** 14 : 0.014 + 0.05 * dice() ** 6
    const y = height * (dice() + dice() + dice() - 1.5)
    const eid = addNode(system, kind, bands[band]!, [radius * Math.cos(angle), y, radius * Math.sin(angle)], size)
    const [x, z, turn] = [dice() - 0.5, dice() - 0.5, dice() - 0.5]
    const length = Math.hypot(x, turn, z, 0.4)
    ;[Rotation.x[eid], Rotation.y[eid], Rotation.z[eid], Rotation.w[eid]] = [x, turn, z, 0.4].map(
      (v) => v / length,
    ) as [number, number, number, number]
  }
}

/** Bodies that fall about the sun, with ice that flies along as their children. */
function addComets(system: SolarSystem, dice: Dice): void {
  const { physics } = system
  addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 1 }, mass: 1, attracts: true, sensor: true })
  for (let i = 0; i < COMETS; i++) {
    const [radius, angle] = [60 + 160 * dice(), 2 * Math.PI * dice()]
    const speed = Math.sqrt(SUN_PULL / radius) * (0.45 + 0.3 * dice())
    const comet = addBody(physics, {
      shape: { type: 'sphere', radius: 0.2 },
      position: [radius * Math.cos(angle), 30 * (dice() - 0.5), radius * Math.sin(angle)],
      linearVelocity: [speed * Math.sin(angle), speed * (dice() - 0.5), -speed * Math.cos(angle)],
      angularVelocity: [0, 0.4, 0.2],
      mass: 1e-6,
      mask: 0,
      canSleep: false,
    })
    system.comets.push(comet)
    for (let k = 0; k < COMET_PIECES; k++) {
      const place = k === 0 ? [0, 0, 0] : [dice() - 0.5, dice() - 0.5, dice() - 0.5].map((v) => 1.6 * v)
      addNode(system, 'ice', comet, place, k === 0 ? 0.32 : 0.05 + 0.1 * dice())
    }
  }
}

/** Turns all frames, lets shuttles and comets fly, and makes the matrices. */
export function updateSolarSystem(system: SolarSystem, seconds: number): AdvanceResult {
  const { physics } = system
  turnFrames(system, seconds)
  flyShuttles(system, seconds)
  const done = advance(physics, seconds)
  // A frame between two steps is drawn too.
  updateTransforms(physics)
  return done
}
