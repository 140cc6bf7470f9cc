import { CAPITAL_TYPE, MODE } from '../components.ts'
import { BATTLE, CAPITAL, FIGHTER, FIXED_DT, PROJECTILE, WARP } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'
import { leadDirection } from '../lead.ts'
import { targetOf } from '../targets.ts'
import { addScaled, between, normalize, readVector, scratch, setVector, writeVector } from '../vec.ts'

/** Acceleration per metre a second of wrong velocity, 1/s. */
const GAIN = 2.4
/** Length of a capital ship's patrol along the line, m, and its distance from the middle. */
const PATROL = 190
const LINE_DISTANCE = 215

/** Distance that fighters keep to one they chase, m. */
const CHASE_DISTANCE = 45
/** How far fighters swing off their course, as a part of it. */
const WEAVE = 0.38

const want = scratch()
// The speed that goes with `want`.
const wantedSpeed = new Float64Array(1)
const offset = scratch()
const drift = scratch()
const avoid = scratch()
const pull = scratch()

/** Turns what each ship wants into a force: the pilots' one and only way to move. */
export function steerShips(galaxy: Galaxy): void {
  const { ships, Ship } = galaxy
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    const capital = Ship.type[eid] === CAPITAL_TYPE
    if (capital) wantLine(galaxy, eid, i)
    else wantFighter(galaxy, eid)
    if (!capital && Ship.mode[eid] !== MODE.warp) weave(galaxy, eid, i)
    addScaled(want, readVector(Ship.avoid, eid, avoid), 1.6)
    if (!capital) stayInBattle(galaxy, eid)
    normalize(want)
    push(galaxy, eid, capital)
  }
}

/** Writes a fighter's wanted direction and speed into `want` and `wantedSpeed`. */
function wantFighter(galaxy: Galaxy, eid: number): void {
  const { Ship } = galaxy
  const mode = Ship.mode[eid]
  if (mode === MODE.warp) {
    readVector(Ship.heading, eid, want)
    wantedSpeed[0] = FIGHTER.dash
    return
  }
  if (mode === MODE.breakOff || mode === MODE.evade) {
    readVector(Ship.heading, eid, want)
    wantedSpeed[0] = FIGHTER.dash * 0.9
    return
  }
  const target = targetOf(galaxy, eid)
  if (target === 0) {
    setVector(want, 0, 0, 0)
    wantedSpeed[0] = FIGHTER.cruise
    return
  }
  const { Position, LinearVelocity } = galaxy.physics.components
  between(Position, eid, target, offset)
  between(LinearVelocity, eid, target, drift)
  leadDirection(offset, drift, PROJECTILE.speed, want)
  writeVector(Ship.aim, eid, want[0], want[1], want[2])
  wantChase(galaxy, target)
}

/** Fast from afar; close behind a target that flies away, as fast as it: a chase. Needs `offset` and `want`. */
function wantChase(galaxy: Galaxy, target: number): void {
  const distance = Math.sqrt(offset[0] * offset[0] + offset[1] * offset[1] + offset[2] * offset[2])
  readVector(galaxy.physics.components.LinearVelocity, target, drift)
  const fleeing = drift[0] * want[0] + drift[1] * want[1] + drift[2] * want[2]
  if (distance > FIGHTER.range * 0.5) {
    wantedSpeed[0] = FIGHTER.dash
  } else if (fleeing < FIGHTER.cruise * 0.5) {
    wantedSpeed[0] = FIGHTER.cruise
  } else {
    const matched = fleeing + (distance - CHASE_DISTANCE) * 0.5
    wantedSpeed[0] = Math.min(FIGHTER.dash, Math.max(FIGHTER.slow, matched))
  }
}

/** Fighters never fly straight: each weaves in its own time, so that shots from afar mostly miss. */
function weave(galaxy: Galaxy, eid: number, index: number): void {
  const { up, nose } = galaxy.Ship
  const sway = WEAVE * zigzag(galaxy.frame + index * 37, 97 + (index % 7) * 9)
  const heave = WEAVE * zigzag(galaxy.frame + index * 53, 71 + (index % 5) * 11)
  const { x, y, z } = up
  // right = up × nose
  const rightX = y[eid] * nose.z[eid] - z[eid] * nose.y[eid]
  const rightZ = x[eid] * nose.y[eid] - y[eid] * nose.x[eid]
  setVector(want, want[0] + rightX * sway, want[1] + heave, want[2] + rightZ * sway)
}

/** A triangle wave of the given period with values from −1 to 1. */
function zigzag(time: number, period: number): number {
  const part = (time % period) / period
  return part < 0.5 ? 4 * part - 1 : 3 - 4 * part
}

/** Capital ships go up and down a line on their own side, noses along it: a broadside. */
function wantLine(galaxy: Galaxy, eid: number, index: number): void {
  const { Position } = galaxy.physics.components
  const { Ship } = galaxy
  const side = Ship.fleet[eid] === 0 ? -1 : 1
  if (Ship.mode[eid] === MODE.warp) {
    setVector(want, -side, 0, 0)
    wantedSpeed[0] = CAPITAL.dash
    return
  }
  // Each ship has its own lane, so that they pass above and beside each other.
  const lane = index % 10
  const stationX = BATTLE.x + side * (LINE_DISTANCE + 26 * (lane % 4))
  const stationY = BATTLE.y - 50 + 22 * (lane % 5)
  if (Position.z[eid] > BATTLE.z + PATROL) Ship.heading.z[eid] = -1
  else if (Position.z[eid] < BATTLE.z - PATROL) Ship.heading.z[eid] = 1
  else if (Ship.heading.z[eid] === 0) Ship.heading.z[eid] = index % 2 === 0 ? 1 : -1
  const acrossX = (stationX - Position.x[eid]) * 0.012
  const acrossY = (stationY - Position.y[eid]) * 0.012
  setVector(want, clamp(acrossX, 0.8), clamp(acrossY, 0.5), Ship.heading.z[eid])
  wantedSpeed[0] = CAPITAL.cruise
}

/** Turns ships back that leave the battle, the harder the farther they are out. */
function stayInBattle(galaxy: Galaxy, eid: number): void {
  const { Position } = galaxy.physics.components
  const x = (BATTLE.x - Position.x[eid]) / BATTLE.reachX
  const y = (BATTLE.y - Position.y[eid]) / BATTLE.reachY
  const z = (BATTLE.z - Position.z[eid]) / BATTLE.reachZ
  const out = x * x + y * y + z * z
  if (out <= 1) return
  setVector(offset, x * BATTLE.reachX, y * BATTLE.reachY, z * BATTLE.reachZ)
  normalize(offset)
  addScaled(want, offset, Math.min(2.5, (out - 1) * 2))
}

/** Writes the force that changes the velocity towards `want` · `wantedSpeed`, within what the engines can do. */
function push(galaxy: Galaxy, eid: number, capital: boolean): void {
  const { LinearVelocity, Force, Mass } = galaxy.physics.components
  const { Ship } = galaxy
  const speed = wantedSpeed[0]
  readVector(LinearVelocity, eid, drift)
  setVector(pull, want[0] * speed - drift[0], want[1] * speed - drift[1], want[2] * speed - drift[2])
  const size = Math.sqrt(pull[0] * pull[0] + pull[1] * pull[1] + pull[2] * pull[2]) * GAIN
  let limit: number = capital ? CAPITAL.thrust : FIGHTER.thrust
  // Arrivals brake from their warp speed within about half a kilometre.
  if (Ship.mode[eid] === MODE.warp) limit = WARP.brake
  const scale = size > limit ? (GAIN * limit) / size : GAIN
  const mass = Mass.value[eid]
  writeVector(Ship.pull, eid, pull[0] * scale, pull[1] * scale, pull[2] * scale)
  writeVector(Force, eid, mass * pull[0] * scale, mass * pull[1] * scale, mass * pull[2] * scale)
  const { pull: p, expected } = Ship
  expected.x[eid] = drift[0] + p.x[eid] * FIXED_DT
  expected.y[eid] = drift[1] + p.y[eid] * FIXED_DT
  expected.z[eid] = drift[2] + p.z[eid] * FIXED_DT
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value))
}
