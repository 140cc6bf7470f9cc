import { CAPITAL_TYPE, MODE } from '../components.ts'
import { roll, rollBetween } from '../dice.ts'
import type { Galaxy } from '../galaxy.ts'
import { targetOf } from '../targets.ts'
import { addScaled, between, cross, normalize, readVector, scratch, setVector, writeVector } from '../vec.ts'

/** A fighter breaks off at this distance, m, and this many seconds before it would ram its target. */
const BREAK_DISTANCE = 10
const BREAK_TIME = 0.42
/** A fighter runs when it is hit with less than this many shield points and this part of its hull. */
const SHIELD_DOWN = 2
const EVADE_BELOW = 0.5
/** Flash of a shield that was hit in the last few steps. */
const JUST_HIT = 0.6
/** Steps between two changes of course while evading. */
const JINK = 28

const toTarget = scratch()
const drift = scratch()
const nose = scratch()
const side = scratch()
const turn = scratch()

/** Fighters attack, break off before they ram, and run when they are hurt; capital ships hold their line. */
export function chooseModes(galaxy: Galaxy): void {
  const { ships, Ship, frame } = galaxy
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    if (Ship.mode[eid] !== MODE.attack) {
      if (frame >= Ship.until[eid]) Ship.mode[eid] = MODE.attack
      else if (Ship.mode[eid] === MODE.evade && (frame + i) % JINK === 0) jink(galaxy, eid)
    } else if (Ship.type[eid] !== CAPITAL_TYPE) {
      considerLeaving(galaxy, eid)
    }
  }
}

function considerLeaving(galaxy: Galaxy, eid: number): void {
  const { Ship, Health, frame } = galaxy
  const target = targetOf(galaxy, eid)
  if (target === 0) return
  if (
    Health.flash[eid] > JUST_HIT &&
    Health.shield[eid] < SHIELD_DOWN &&
    Health.hull[eid] < EVADE_BELOW * Health.fullHull[eid]
  ) {
    Ship.mode[eid] = MODE.evade
    Ship.until[eid] = frame + rollBetween(galaxy.dice, 110, 220)
    jink(galaxy, eid)
    return
  }
  const { Position, LinearVelocity, RigidBody } = galaxy.physics.components
  between(Position, eid, target, toTarget)
  between(LinearVelocity, eid, target, drift)
  // Not by destructuring, which makes an iterator of a typed array.
  const x = toTarget[0]
  const y = toTarget[1]
  const z = toTarget[2]
  const distance = Math.sqrt(x * x + y * y + z * z)
  const closing = Math.max(0, -(x * drift[0] + y * drift[1] + z * drift[2]) / distance)
  if (distance < BREAK_DISTANCE + 1.5 * RigidBody.radius[target] + BREAK_TIME * closing) breakOff(galaxy, eid)
}

/** Turns past the target: on along the nose, to a random side and rather up than down. */
function breakOff(galaxy: Galaxy, eid: number): void {
  const { Ship, dice } = galaxy
  Ship.mode[eid] = MODE.breakOff
  Ship.until[eid] = galaxy.frame + rollBetween(dice, 30, 62)
  readVector(Ship.nose, eid, nose)
  cross(nose, toTarget, side)
  if (!normalize(side)) setVector(side, 0, 1, 0)
  cross(nose, side, turn)
  setVector(turn, turn[0], turn[1] + 0.15, turn[2])
  addScaled(turn, side, rollBetween(dice, -1, 1))
  addScaled(turn, nose, rollBetween(dice, 0, 0.6))
  normalize(turn)
  writeVector(Ship.heading, eid, turn[0], turn[1], turn[2])
}

/** Flies for the fleet's own rear, in zigzags. */
function jink(galaxy: Galaxy, eid: number): void {
  const { Ship, dice } = galaxy
  const home = Ship.fleet[eid] === 0 ? -0.5 : 0.5
  setVector(turn, home + roll(dice) - 0.5, (roll(dice) - 0.45) * 1.2, (roll(dice) - 0.5) * 1.8)
  normalize(turn)
  writeVector(Ship.heading, eid, turn[0], turn[1], turn[2])
}
