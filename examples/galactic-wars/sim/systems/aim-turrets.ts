import { conjugateQuaternion, rotateVector } from 'manybody'
import { TURRETS, type Turret } from '../build/fittings.ts'
import type { Galaxy } from '../galaxy.ts'

/** Part of the way to where it is to aim that a turret turns in a step. */
const SWING = 0.09
/** Barrels never point into the deck: sine of the lowest angle. */
const LOWEST = -0.05
/** Steps that a turret keeps an aim: its ship fires at many. */
const HOLD = 50

const turn = [0, 0, 0, 1]
const local = [0, 0, 0]

/** Turrets turn about their sockets and barrels about their turrets, to where they fired last. */
export function aimTurrets(galaxy: Galaxy): void {
  const { turrets } = galaxy.fittings
  for (let i = 0; i < turrets.length; i++) aimTurret(galaxy, turrets[i])
}

/** A capital ship fires: the next of its turrets takes the aim, in the world. */
export function takeAim({ fittings, frame }: Galaxy, ship: number, aim: ArrayLike<number>): void {
  const first = fittings.firstTurret[ship]
  if (first < 0) return
  fittings.turn = (fittings.turn + 1) % TURRETS
  const turret = fittings.turrets[first + fittings.turn]
  if (frame < turret.until) return
  turret.until = frame + HOLD
  for (let axis = 0; axis < 3; axis++) turret.aim[axis] = aim[axis]
}

function aimTurret({ physics }: Galaxy, { ship, eid, barrels, side, aim }: Turret): void {
  const { Rotation } = physics.components
  turn[0] = Rotation.x[ship]
  turn[1] = Rotation.y[ship]
  turn[2] = Rotation.z[ship]
  turn[3] = Rotation.w[ship]
  rotateVector(local, conjugateQuaternion(turn, turn), aim)
  const x = side * local[0]
  const y = Math.max(LOWEST, side * local[1])
  const z = local[2]
  const flat = Math.sqrt(x * x + z * z)
  if (flat < 1e-6) return
  // Half-angle formulas: square roots are the same on every machine, sines are not.
  swing(Rotation, eid, 'y', x / flat, z / flat)
  const long = Math.sqrt(flat * flat + y * y)
  swing(Rotation, barrels, 'x', -y / long, flat / long)
}

/** Turns an entity about one of its axes towards the angle with this sine and cosine. */
function swing(
  Rotation: Galaxy['physics']['components']['Rotation'],
  eid: number,
  axis: 'x' | 'y',
  sine: number,
  cosine: number,
): void {
  const goalW = Math.sqrt(Math.max(0, 0.5 + 0.5 * cosine))
  const goal = goalW > 1e-4 ? sine / (2 * goalW) : 1
  const [v, w] = [Rotation[axis][eid], Rotation.w[eid]]
  const same = v * goal + w * goalW < 0 ? -1 : 1
  const nextV = v + (same * goal - v) * SWING
  const nextW = w + (same * goalW - w) * SWING
  const length = Math.sqrt(nextV * nextV + nextW * nextW)
  if (length < 1e-6) return
  Rotation[axis][eid] = nextV / length
  Rotation.w[eid] = nextW / length
}
