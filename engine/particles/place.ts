import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { length3 } from '../math/exact.ts'
import type { Vec3Like } from '../settings.ts'
import { BROOD, REAL } from './layout.ts'

/** Where particles are emitted by a call, how, and how strongly. */
export interface EmissionPlace {
  /** m, in the world's frame. */
  at: Vec3Like
  /** m/s, added to every particle. Default none. */
  velocity?: Vec3Like
  /** Turns the system so that its `direction` (+y where that is `outward`) is this one, in the world's frame. Default as the system is turned. */
  direction?: Vec3Like
  /**
   * How strongly, > 0: particles begin `scale` times as fast and as large and live `scale` times as long, so that they fly `scale`² times as far; the
   * system's shape is `scale`² times as large. Default 1.
   */
  scale?: number
}

const POSITIVE = { above: 0 }

/** @throws PhysicsError E_NOT_FINITE, E_RANGE @internal */
export function checkPlace({ at, velocity, direction, scale }: EmissionPlace): void {
  checkVector('emit', 'at', at, 3)
  if (velocity) checkVector('emit', 'velocity', velocity, 3)
  if (scale !== undefined) checkNumber('emit', 'scale', scale, POSITIVE)
  if (!direction) return
  checkVector('emit', 'direction', direction, 3)
  if (!(length3(direction[0]!, direction[1]!, direction[2]!) > 0)) {
    throw new PhysicsError('E_RANGE', 'emit', 'must not be zero', { field: 'direction', value: direction })
  }
}

/** The columns that `writePlace` reads and writes. */
interface PlaceColumns {
  readonly real: Float32Array
  readonly broodReal: Float32Array
}

/** Writes a checked place into the brood at `to`; the system's numbers are at `system`. @internal */
export function writePlace(columns: PlaceColumns, system: number, place: EmissionPlace, to: number): void {
  const { real, broodReal } = columns
  const { at, velocity, direction } = place
  for (let axis = 0; axis < 3; axis++) {
    broodReal[to + BROOD.place + axis] = at[axis]!
    broodReal[to + BROOD.velocity + axis] = velocity ? velocity[axis]! : 0
  }
  broodReal[to + BROOD.scale] = place.scale ?? 1
  if (direction) writeTurn(columns, system + REAL.direction, direction, to + BROOD.turn)
  else for (let k = 0; k < 4; k++) broodReal[to + BROOD.turn + k] = real[system + REAL.rotation + k]!
}

/** The shortest turn of the unit vector at `from` to a direction: (a × b, 1 + a · b) at length one. */
function writeTurn({ real, broodReal }: PlaceColumns, from: number, direction: Vec3Like, to: number): void {
  const ax = real[from]!
  const ay = real[from + 1]!
  const az = real[from + 2]!
  const length = length3(direction[0]!, direction[1]!, direction[2]!)
  const bx = direction[0]! / length
  const by = direction[1]! / length
  const bz = direction[2]! / length
  let x = ay * bz - az * by
  let y = az * bx - ax * bz
  let z = ax * by - ay * bx
  let w = 1 + ax * bx + ay * by + az * bz
  if (w < 1e-6) {
    // The other way round: half a turn about an axis across.
    const flat = Math.abs(ax) < 0.7
    x = flat ? 0 : -az
    y = flat ? az : 0
    z = flat ? -ay : ax
    w = 0
  }
  const scale = 1 / Math.sqrt(x * x + y * y + z * z + w * w)
  broodReal[to] = x * scale
  broodReal[to + 1] = y * scale
  broodReal[to + 2] = z * scale
  broodReal[to + 3] = w * scale
}
