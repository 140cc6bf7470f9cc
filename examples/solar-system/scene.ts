import { type AdvanceResult, advance, createPhysics, type PhysicsOptions, updateTransforms } from 'manybody'
import { addComets } from './comets.ts'
import { createDice } from './dice.ts'
import { addPieces } from './pieces.ts'
import { BELTS, PLANETS, SHUTTLES, SUN_PULL, SUN_RADIUS } from './plan.ts'
import { addPlanet } from './planet.ts'
import { createShuttles, flyShuttles } from './shuttles.ts'
import { addNode, addTurning, HERE, type SolarSystem, turnFrames } from './system.ts'

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
  const year = (radius: number): number => 2 * Math.PI * Math.sqrt(radius ** 3 / SUN_PULL)
  for (const belt of BELTS) {
    addPieces(system, root, { ...belt, kind: 'rock', year }, dice)
  }
  addComets(system, dice)
  system.shuttles = createShuttles(system, root, SHUTTLES, dice)
  turnFrames(system, 0)
  updateTransforms(physics)
  return system
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
