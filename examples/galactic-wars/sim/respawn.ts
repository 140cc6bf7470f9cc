import { overlapSphere } from 'manybody'
import { CAPITAL_TYPE, MODE } from './components.ts'
import { BATTLE, BATTLE_ANGLE, CAPITAL, FIELD, FIGHTER, WARP } from './constants.ts'
import { roll, rollBetween } from './dice.ts'
import { cloud, createSource } from './explosions.ts'
import type { Galaxy } from './galaxy.ts'
import { createOrbitState, fieldRadius, orbitAt } from './orbits.ts'
import { writeVector } from './vec.ts'

/** Places that are looked at before a rock comes back wherever it is. */
const TRIES = 4
/** A rock comes back at least this far from the battle along the ring, radians. */
const AWAY = 1.1

const orbit = { radius: 0, angle: 0, height: 0, eccentricity: 0, phase: 0 }
const state = createOrbitState()
const source = createSource()
const { position: center, velocity } = source
const found = new Uint32Array(1)

/** Brings a rock back into orbit on the far side of the ring; from there it drifts in. */
export function respawnRock(galaxy: Galaxy, eid: number): void {
  const { Position, LinearVelocity, RigidBody } = galaxy.physics.components
  const { Health, dice } = galaxy
  for (let tries = 0; tries < TRIES; tries++) {
    orbit.radius = fieldRadius(roll(dice), roll(dice), roll(dice))
    orbit.angle = BATTLE_ANGLE + rollBetween(dice, AWAY, 2 * Math.PI - AWAY)
    orbit.height = FIELD.height * Math.sqrt(roll(dice))
    orbit.phase = rollBetween(dice, 0, 2 * Math.PI)
    orbitAt(orbit, state)
    center[0] = state.x
    center[1] = state.y
    center[2] = state.z
    if (overlapSphere(galaxy.physics, center, RigidBody.radius[eid] + 0.5, found) === 0) break
  }
  writeVector(Position, eid, state.x, state.y, state.z)
  writeVector(LinearVelocity, eid, state.vx, state.vy, state.vz)
  Health.hull[eid] = Health.fullHull[eid]
}

/** Brings a ship back as new: it warps in behind its own line. */
export function respawnShip(galaxy: Galaxy, eid: number): void {
  const { Position } = galaxy.physics.components
  const { Ship, Health, dice } = galaxy
  const side = Ship.fleet[eid] === 0 ? -1 : 1
  const capital = Ship.type[eid] === CAPITAL_TYPE
  center[0] = BATTLE.x + side * (WARP.distance + rollBetween(dice, -60, 60))
  center[1] = BATTLE.y + rollBetween(dice, -60, 90)
  center[2] = BATTLE.z + rollBetween(dice, -240, 240)
  writeVector(Position, eid, center[0], center[1], center[2])
  setCourse(galaxy, eid, -side)
  Ship.mode[eid] = MODE.warp
  Ship.until[eid] = galaxy.frame + WARP.steps
  Ship.ready[eid] = Ship.until[eid]
  Health.hull[eid] = Health.fullHull[eid]
  Health.shield[eid] = Health.fullShield[eid]
  Health.flash[eid] = 0
  source.strength = capital ? 4 : 1
  cloud(galaxy, 'warp', capital ? 120 : 24, source)
}

/** Velocity, nose and roof of a ship that arrives along ±x. */
function setCourse(galaxy: Galaxy, eid: number, direction: number): void {
  const { LinearVelocity, Rotation } = galaxy.physics.components
  const { Ship } = galaxy
  // A quarter turn about y takes +z, the nose, to ±x.
  writeVector(Rotation, eid, 0, direction * Math.SQRT1_2, 0)
  Rotation.w[eid] = Math.SQRT1_2
  velocity[0] = direction * WARP.speed
  writeVector(LinearVelocity, eid, velocity[0], 0, 0)
  writeVector(Ship.expected, eid, velocity[0], 0, 0)
  writeVector(Ship.heading, eid, direction, 0, 0)
  writeVector(Ship.avoid, eid, 0, 0, 0)
  writeVector(Ship.aim, eid, direction, 0, 0)
  writeVector(Ship.nose, eid, direction, 0, 0)
  writeVector(Ship.up, eid, 0, 1, 0)
}

/** Points of a new ship. */
export function shipStrength(type: number): { hull: number; shield: number } {
  return type === CAPITAL_TYPE ? CAPITAL : FIGHTER
}
