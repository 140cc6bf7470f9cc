import { CAPITAL_TYPE, MODE } from '../components.ts'
import type { Galaxy } from '../galaxy.ts'
import { setTarget, targetOf } from '../targets.ts'

/** A ship looks for a better target every this many steps, each ship at another step. */
const PERIOD = 16
/** One fighter in this many goes for capital ships, like the capital ships themselves. */
const BOMBERS = 5
/** What a hunter more on the same prey counts, metres. */
const CROWD = 45
/** What a target off the nose counts: this much of its distance abeam, twice as much behind. */
const BEHIND = 0.35

/** Each ship picks an enemy that is near, ahead and not hunted by everybody already. */
export function chooseTargets(galaxy: Galaxy): void {
  const { ships, frame } = galaxy
  for (let i = 0; i < ships.length; i++) {
    if (targetOf(galaxy, ships[i]) !== 0 && (i + frame) % PERIOD !== 0) continue
    setTarget(galaxy, ships[i], findTarget(galaxy, ships[i], i))
  }
}

function findTarget(galaxy: Galaxy, eid: number, index: number): number {
  const { Ship } = galaxy
  const enemies = galaxy.fleets[1 - Ship.fleet[eid]]
  const bomber = index % BOMBERS === 0 || Ship.type[eid] === CAPITAL_TYPE
  const current = targetOf(galaxy, eid)
  let best = Number.POSITIVE_INFINITY
  let found = 0
  for (let i = 0; i < enemies.length; i++) {
    const enemy = enemies[i]
    if (Ship.mode[enemy] === MODE.warp) continue
    const capital = Ship.type[enemy] === CAPITAL_TYPE
    let cost = costOf(galaxy, eid, enemy) + CROWD * Ship.hunters[enemy] * (capital ? 0.1 : 1)
    if (capital !== bomber) cost = cost * 1.4 + 150
    if (enemy === current) cost *= 0.8
    if (cost < best) {
      best = cost
      found = enemy
    }
  }
  return found
}

function costOf(galaxy: Galaxy, eid: number, enemy: number): number {
  const { Position } = galaxy.physics.components
  const { nose } = galaxy.Ship
  const dx = Position.x[enemy] - Position.x[eid]
  const dy = Position.y[enemy] - Position.y[eid]
  const dz = Position.z[enemy] - Position.z[eid]
  const distance = Math.sqrt(dx * dx + dy * dy + dz * dz)
  const ahead = dx * nose.x[eid] + dy * nose.y[eid] + dz * nose.z[eid]
  return distance + BEHIND * (distance - ahead)
}
