import { exactCos, exactSin } from '../../scenes/exact-math.ts'
import { GALAXY_MASS, GRAVITY, ORBIT, TILTS } from './constants.ts'
import type { Bodies } from './sample.ts'

type Triple = readonly [number, number, number]

/** Where a galaxy is put, and how it moves as a whole. */
export interface Placement {
  readonly position: Triple
  readonly velocity: Triple
}

/**
 * The two galaxies on their way in, about their common centre of mass, as points on a parabola (Barker's equation): with D the tangent
 * of half the true anomaly, r = q (1 + D²) and dD/dt = √(μ / 2q³) / (1 + D²).
 */
export function planEncounter(): readonly [Placement, Placement] {
  const { start, pericentre: q } = ORBIT
  const d = -Math.sqrt(start / q - 1)
  const rate = Math.sqrt((GRAVITY * 2 * GALAXY_MASS) / (2 * q * q * q)) / (1 + d * d)
  const position = turned(q * (1 - d * d), 2 * q * d)
  const velocity = turned(-2 * q * d * rate, 2 * q * rate)
  const half = (v: Triple, share: number): Triple => [v[0] * share, v[1] * share, v[2] * share]
  return [
    { position: half(position, -0.5), velocity: half(velocity, -0.5) },
    { position: half(position, 0.5), velocity: half(velocity, 0.5) },
  ]
}

/** A vector of the orbital plane in the world: anticlockwise from above is from +x to −z. */
function turned(x: number, y: number): Triple {
  const [sine, cosine] = [exactSin(ORBIT.turn), exactCos(ORBIT.turn)]
  return [x * cosine - y * sine, 0, -(x * sine + y * cosine)]
}

/** Tilts galaxy number `index` and puts it in its place. */
export function placeGalaxy(bodies: Bodies, index: 0 | 1, { position, velocity }: Placement): void {
  const { inclination, node } = TILTS[index]
  const tilt = [exactSin(inclination), exactCos(inclination)] as const
  const turn = [exactSin(node), exactCos(node)] as const
  rotate([bodies.x, bodies.y, bodies.z], tilt, turn)
  rotate([bodies.vx, bodies.vy, bodies.vz], tilt, turn)
  for (let i = 0; i < bodies.count; i++) {
    bodies.x[i] += position[0]
    bodies.y[i] += position[1]
    bodies.z[i] += position[2]
    bodies.vx[i] += velocity[0]
    bodies.vy[i] += velocity[1]
    bodies.vz[i] += velocity[2]
  }
}

/** Turns vectors about x, then about y. */
function rotate(
  [x, y, z]: readonly [Float64Array, Float64Array, Float64Array],
  [sineTilt, cosineTilt]: readonly [number, number],
  [sine, cosine]: readonly [number, number],
): void {
  for (let i = 0; i < x.length; i++) {
    const up = y[i] * cosineTilt - z[i] * sineTilt
    const deep = y[i] * sineTilt + z[i] * cosineTilt
    const across = x[i]
    x[i] = across * cosine + deep * sine
    y[i] = up
    z[i] = deep * cosine - across * sine
  }
}
