import { CAPITAL_TYPE, MODE } from '../components.ts'
import { CAPITAL, FIGHTER, FLEET_COUNT, PROJECTILE } from '../constants.ts'
import { roll, rollBetween, rollIndex } from '../dice.ts'
import type { Galaxy } from '../galaxy.ts'
import { leadDirection } from '../lead.ts'
import { targetOf } from '../targets.ts'
import {
  addScaled,
  between,
  cross,
  isShorter,
  isWithinCone,
  normalize,
  readVector,
  scratch,
  writeVector,
} from '../vec.ts'
import { takeAim } from './aim-turrets.ts'

/** Half the distance between a fighter's two guns, m. */
const GUN_OFFSET = 1.3
/** Enemies a turret looks at before it picks the nearest. */
const TURRET_CHOICES = 4
const DUEL = 0.4

const offset = scratch()
const drift = scratch()
const aim = scratch()
const nose = scratch()
const up = scratch()
const right = scratch()
const own = scratch()

/**
 * Fires every shot that has ended in this step again, so that their number never changes: first the fighters that have
 * an enemy before their guns take what they need, in turn; the turrets of the capital ships get the rest.
 */
export function fireWeapons(galaxy: Galaxy): void {
  for (let fleet = 0; fleet < FLEET_COUNT; fleet++) {
    const count = collectSpent(galaxy, fleet)
    const left = fireFighters(galaxy, fleet, count)
    fireTurrets(galaxy, fleet, left)
    galaxy.tally.shots += count
  }
}

/** Lists a fleet's shots that hit something or are too old in `galaxy.spent`; returns how many. */
function collectSpent(galaxy: Galaxy, fleet: number): number {
  const shots = galaxy.projectiles[fleet]
  const { expires } = galaxy.Projectile
  const { spent, frame } = galaxy
  let count = 0
  for (let i = 0; i < shots.length; i++) {
    if (expires[shots[i]] <= frame) spent[count++] = shots[i]
  }
  return count
}

/** Returns how many of the `count` spent shots are left. */
function fireFighters(galaxy: Galaxy, fleet: number, count: number): number {
  const { Ship, frame, turns } = galaxy
  const ships = galaxy.fleets[fleet]
  let left = count
  for (let i = 0; i < ships.length && left > 0; i++) {
    turns[fleet] = (turns[fleet] + 1) % ships.length
    const eid = ships[turns[fleet]]
    if (Ship.type[eid] === CAPITAL_TYPE || Ship.mode[eid] !== MODE.attack) continue
    if (frame < Ship.ready[eid] || !hasShot(galaxy, eid)) continue
    Ship.ready[eid] = frame + FIGHTER.reload
    fireGun(galaxy, eid, galaxy.spent[--left], GUN_OFFSET)
    if (left > 0) fireGun(galaxy, eid, galaxy.spent[--left], -GUN_OFFSET)
  }
  return left
}

/** True when a fighter's target is in range and before its nose. */
function hasShot(galaxy: Galaxy, eid: number): boolean {
  const { Ship } = galaxy
  const target = targetOf(galaxy, eid)
  if (target === 0) return false
  readVector(Ship.nose, eid, nose)
  readVector(Ship.aim, eid, aim)
  if (!isWithinCone(nose, aim, FIGHTER.cone)) return false
  between(galaxy.physics.components.Position, eid, target, offset)
  return isShorter(offset, FIGHTER.range)
}

/** Fires one gun of a fighter at its target; the guns turn a little, so the shot goes where the aim is. */
function fireGun(galaxy: Galaxy, eid: number, shot: number, side: number): void {
  const { Ship } = galaxy
  readVector(Ship.nose, eid, nose)
  readVector(Ship.up, eid, up)
  readVector(Ship.aim, eid, aim)
  cross(up, nose, right)
  readVector(galaxy.physics.components.Position, eid, own)
  addScaled(own, nose, FIGHTER.radius + 0.3)
  addScaled(own, right, side)
  launch(galaxy, eid, shot, FIGHTER.spread)
}

/** Fires the shots `galaxy.spent[0 … count)` from the fleet's capital ships in turn (any ship, if there are none). */
function fireTurrets(galaxy: Galaxy, fleet: number, count: number): void {
  const batteries = galaxy.capitals[fleet].length > 0 ? galaxy.capitals[fleet] : galaxy.fleets[fleet]
  const turn = FLEET_COUNT + fleet
  for (let i = 0; i < count; i++) {
    galaxy.turns[turn] = (galaxy.turns[turn] + 1) % batteries.length
    fireTurret(galaxy, batteries[galaxy.turns[turn]], galaxy.spent[i])
  }
}

function fireTurret(galaxy: Galaxy, eid: number, shot: number): void {
  const { Position, LinearVelocity, RigidBody } = galaxy.physics.components
  // A part of the guns duels with the large ship opposite, the rest shoots at whatever comes near.
  const main = targetOf(galaxy, eid)
  const target = main !== 0 && roll(galaxy.dice) < DUEL ? main : nearestOfSome(galaxy, eid)
  between(Position, eid, target, offset)
  between(LinearVelocity, eid, target, drift)
  leadDirection(offset, drift, PROJECTILE.speed, aim)
  takeAim(galaxy, eid, aim)
  readVector(Position, eid, own)
  addScaled(own, aim, RigidBody.radius[eid] + 0.3)
  launch(galaxy, eid, shot, CAPITAL.spread)
}

function nearestOfSome(galaxy: Galaxy, eid: number): number {
  const { Position } = galaxy.physics.components
  const enemies = galaxy.fleets[1 - galaxy.Ship.fleet[eid]]
  let best = Number.POSITIVE_INFINITY
  let found = 0
  for (let i = 0; i < TURRET_CHOICES; i++) {
    const enemy = enemies[rollIndex(galaxy.dice, enemies.length)]
    between(Position, eid, enemy, offset)
    const squared = offset[0] * offset[0] + offset[1] * offset[1] + offset[2] * offset[2]
    if (squared < best) {
      best = squared
      found = enemy
    }
  }
  return found
}

/** Sends a shot off from `own` along `aim`: overwrites the state of a body that is there already. */
function launch(galaxy: Galaxy, eid: number, shot: number, spread: number): void {
  const { dice, Projectile, Ship } = galaxy
  const { Position, LinearVelocity, RigidBody } = galaxy.physics.components
  aim[0] += rollBetween(dice, -spread, spread)
  aim[1] += rollBetween(dice, -spread, spread)
  aim[2] += rollBetween(dice, -spread, spread)
  normalize(aim)
  readVector(LinearVelocity, eid, drift)
  addScaled(drift, aim, PROJECTILE.speed)
  writeVector(Position, shot, own[0], own[1], own[2])
  writeVector(LinearVelocity, shot, drift[0], drift[1], drift[2])
  RigidBody.tint[shot] = roll(dice)
  Projectile.expires[shot] = galaxy.frame + PROJECTILE.life
  Projectile.damage[shot] = PROJECTILE.damage[Ship.type[eid]]
}
