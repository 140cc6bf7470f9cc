import type { QuaternionComponent } from 'manybody'
import { CAPITAL_TYPE, MODE } from '../components.ts'
import type { Galaxy } from '../galaxy.ts'
import {
  addScaled,
  cross,
  flatten,
  isWithinCone,
  normalize,
  readVector,
  type Scratch,
  scratch,
  setVector,
  writeVector,
} from '../vec.ts'

/** Part of the way that nose and roof go to where they should be, per step. */
const NOSE_RATE = 0.14
const ROLL_RATE = 0.07
const CAPITAL_RATE = 0.02
/** Sideways acceleration, m/s², that banks a ship by 45°. */
const UPRIGHT = 11
/** A fighter looks at its prey rather than along its path when the two are closer than this (cosine). */
const LOOK_CONE = 0.86

const nose = scratch()
const up = scratch()
const right = scratch()
const goal = scratch()
const aim = scratch()
const pull = scratch()

/**
 * Points each ship's nose (+z) along its path or at its prey, and rolls it into its turns: the roof (+y) leans to the
 * side to which the ship accelerates.
 */
export function orientShips(galaxy: Galaxy): void {
  const { ships, Ship } = galaxy
  const { Rotation, AngularVelocity } = galaxy.physics.components
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    const capital = Ship.type[eid] === CAPITAL_TYPE
    turnNose(galaxy, eid, capital)
    turnRoof(galaxy, eid, capital)
    writeVector(Ship.nose, eid, nose[0], nose[1], nose[2])
    writeVector(Ship.up, eid, up[0], up[1], up[2])
    cross(up, nose, right)
    writeRotation(Rotation, eid, right, up, nose)
    // Gyroscopes: a bump does not make a ship spin.
    writeVector(AngularVelocity, eid, 0, 0, 0)
  }
}

function turnNose(galaxy: Galaxy, eid: number, capital: boolean): void {
  const { Ship } = galaxy
  readVector(Ship.nose, eid, nose)
  readVector(galaxy.physics.components.LinearVelocity, eid, goal)
  if (!normalize(goal)) return
  if (Ship.mode[eid] === MODE.attack && !capital) {
    readVector(Ship.aim, eid, aim)
    if (isWithinCone(aim, goal, LOOK_CONE)) setVector(goal, aim[0], aim[1], aim[2])
  }
  addScaled(goal, nose, -1)
  addScaled(nose, goal, capital ? CAPITAL_RATE : NOSE_RATE)
  if (!normalize(nose)) setVector(nose, 0, 0, 1)
}

/** Needs `nose`; leaves `up` at a right angle to it. */
function turnRoof(galaxy: Galaxy, eid: number, capital: boolean): void {
  const { Ship } = galaxy
  readVector(Ship.up, eid, up)
  readVector(Ship.pull, eid, pull)
  setVector(goal, pull[0], pull[1] + UPRIGHT, pull[2])
  flatten(goal, nose)
  if (normalize(goal)) {
    addScaled(goal, up, -1)
    addScaled(up, goal, capital ? CAPITAL_RATE : ROLL_RATE)
  }
  flatten(up, nose)
  if (normalize(up)) return
  // Nose and roof fell together: take any right angle.
  setVector(up, nose[1], -nose[0], 0)
  if (!normalize(up)) setVector(up, 0, 0, 1)
}

/** Writes the quaternion of the rotation whose columns are x, y and z (Shepperd's method). */
export function writeRotation(rotation: QuaternionComponent, eid: number, x: Scratch, y: Scratch, z: Scratch): void {
  const trace = x[0] + y[1] + z[2]
  let qx: number
  let qy: number
  let qz: number
  let qw: number
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1)
    qw = s / 4
    qx = (y[2] - z[1]) / s
    qy = (z[0] - x[2]) / s
    qz = (x[1] - y[0]) / s
  } else if (x[0] > y[1] && x[0] > z[2]) {
    const s = 2 * Math.sqrt(1 + x[0] - y[1] - z[2])
    qw = (y[2] - z[1]) / s
    qx = s / 4
    qy = (y[0] + x[1]) / s
    qz = (z[0] + x[2]) / s
  } else if (y[1] > z[2]) {
    const s = 2 * Math.sqrt(1 + y[1] - x[0] - z[2])
    qw = (z[0] - x[2]) / s
    qx = (y[0] + x[1]) / s
    qy = s / 4
    qz = (z[1] + y[2]) / s
  } else {
    const s = 2 * Math.sqrt(1 + z[2] - x[0] - y[1])
    qw = (x[1] - y[0]) / s
    qx = (z[0] + x[2]) / s
    qy = (z[1] + y[2]) / s
    qz = s / 4
  }
  rotation.x[eid] = qx
  rotation.y[eid] = qy
  rotation.z[eid] = qz
  rotation.w[eid] = qw
}
