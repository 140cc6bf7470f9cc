import type { Dice } from './dice.ts'
import { addPieces } from './pieces.ts'
import { PLANETS, type PlanetPlan } from './plan.ts'
import { addStation } from './station.ts'
import { addNode, addTurning, HERE, lean, type SolarSystem } from './system.ts'

/** Radius of a planet's air, in radii of the planet. */
const AIR = 1.12

/** A frame that goes round the sun holds one that leans, and this the planet, its ring, moons and stations. */
export function addPlanet(system: SolarSystem, root: number, i: number, dice: Dice): void {
  const { numbers, seats, planets } = system
  const plan = PLANETS[i]!
  const { radius, ring, stations } = plan
  const orbit = addTurning(system, addNode(system, 'frame', root), plan.year, dice() * 2 * Math.PI)
  const seat = addNode(system, 'frame', orbit, [plan.orbit, 0, 0])
  seats.push(seat)
  lean(system, seat, plan.tilt)
  const planet = addTurning(system, addNode(system, 'planet', seat, HERE, radius), plan.day)
  planets.push(planet)
  const parts = [planet, addNode(system, 'air', seat, HERE, radius * AIR)]
  if (ring) parts.push(addNode(system, 'disc', seat, HERE, ring.outer))
  for (const eid of parts) numbers[eid] = i
  const year = (distance: number): number => 1.6 * distance ** 1.5
  if (ring) addPieces(system, seat, { ...ring, kind: 'ice', count: ring.pieces, height: 0.05, year }, dice)
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
