import { exactCos, exactSin } from '../../scenes/exact-math.ts'
import { between, type Random, randomDirection } from '../../scenes/random.ts'
import { BULGE, DISC, GRAVITY, HALO, KIND, SHARES } from './constants.ts'
import { exactExp, normal, readTable } from './math.ts'
import { epicyclic, type Model, type Sphere, type SphereMotion, surfaceDensity } from './model.ts'

/** Bodies as plain columns; the disc turns about +y, anticlockwise from above. */
export interface Bodies {
  readonly count: number
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  readonly vx: Float64Array
  readonly vy: Float64Array
  readonly vz: Float64Array
  readonly mass: Float64Array
  /** one of `KIND` */
  readonly kind: Uint8Array
}

/** Bodies of each component of a galaxy of `count`. */
export function splitCount(count: number): { disc: number; bulge: number; halo: number } {
  const disc = Math.round(count * SHARES.disc)
  const bulge = Math.round(count * SHARES.bulge)
  return { disc, bulge, halo: count - disc - bulge }
}

/**
 * Draws one galaxy, at rest at the origin, in equilibrium but for its arms and for what moments cannot tell.
 *
 * @param arms angle at which its arms begin, rad
 */
export function sampleGalaxy(model: Model, count: number, arms: number, random: Random): Bodies {
  const column = (): Float64Array => new Float64Array(count)
  const bodies: Bodies = {
    count,
    x: column(),
    y: column(),
    z: column(),
    vx: column(),
    vy: column(),
    vz: column(),
    mass: column(),
    kind: new Uint8Array(count),
  }
  const parts = splitCount(count)
  let at = 0
  for (const end = at + parts.disc; at < end; at++) {
    bodies.mass[at] = DISC.mass / parts.disc
    sampleDisc(bodies, at, { model, arms, random })
  }
  for (const end = at + parts.bulge; at < end; at++) {
    bodies.mass[at] = BULGE.mass / parts.bulge
    bodies.kind[at] = KIND.bulge
    sampleSphere(bodies, at, { sphere: BULGE, motion: model.bulge, random })
  }
  for (; at < count; at++) {
    bodies.mass[at] = HALO.mass / parts.halo
    bodies.kind[at] = KIND.halo
    sampleSphere(bodies, at, { sphere: HALO, motion: model.halo, random })
  }
  bringToRest(bodies)
  return bodies
}

interface DiscSource {
  model: Model
  arms: number
  random: Random
}

function sampleDisc(bodies: Bodies, i: number, { model, arms, random }: DiscSource): void {
  const radius = discRadius(random)
  const { angle, phase } = discAngle(radius, arms, random)
  const kind = discKind(phase, random)
  bodies.kind[i] = kind
  const scaleHeight = kind === KIND.disc ? DISC.height : DISC.youngHeight
  const [sine, cosine] = [exactSin(angle), exactCos(angle)]
  bodies.x[i] = radius * cosine
  bodies.y[i] = discHeight(scaleHeight, random)
  bodies.z[i] = -radius * sine
  // Dispersion: radial from the stability wished, the others from the epicycles and from the weight of the disc.
  const cooled = kind === KIND.disc ? 1 : 0.6
  const radial2 = model.heat * exactExp(-Math.max(radius, 0.4)) * cooled
  const angular2 = Math.max(readTable(model.angular, radius), 1e-9)
  const ratio = epicyclic(model.angular, radius) / (4 * angular2)
  const vertical2 = Math.PI * GRAVITY * surfaceDensity(radius) * scaleHeight
  // The asymmetric drift: what moves to and fro needs less speed round about.
  const drift = radial2 * (1 - ratio - 2 * radius)
  const mean = Math.sqrt(Math.max(0.04 * angular2 * radius * radius, readTable(model.circular, radius) + drift))
  const outward = normal(random) * Math.sqrt(radial2)
  const around = mean + normal(random) * Math.sqrt(radial2 * ratio)
  bodies.vx[i] = outward * cosine - around * sine
  bodies.vy[i] = normal(random) * Math.sqrt(vertical2)
  bodies.vz[i] = -outward * sine - around * cosine
}

/** Density R exp(−R), by rejection under its maximum. */
function discRadius(random: Random): number {
  for (;;) {
    const radius = DISC.cut * random()
    if (0.3679 * random() < radius * exactExp(-radius)) return radius
  }
}

/** Angle, crowded towards the arms, and its phase against the nearest: 0 on the ridge, below it inside. The very middle has no arms. */
function discAngle(radius: number, arms: number, random: Random): { angle: number; phase: number } {
  const depth = DISC.armDepth * Math.min(1, radius / 1.2)
  for (;;) {
    const angle = 2 * Math.PI * random()
    const phase = DISC.arms * (angle - arms + DISC.armTrail * radius)
    if ((1 + depth) * random() < 1 + depth * exactCos(phase)) return { angle, phase }
  }
}

/** Young stars and glowing gas lie on the ridges of the arms, dust along their inner edges. */
function discKind(phase: number, random: Random): number {
  const chance = random()
  const ridge = 0.5 + 0.5 * exactCos(phase)
  const edge = 0.5 + 0.5 * exactCos(phase + 0.9)
  const dust = 0.01 + 0.2 * edge * edge * edge * edge
  const young = 0.05 + 0.5 * ridge * ridge * ridge
  if (chance < dust) return KIND.dust
  if (chance < dust + 0.08 * young) return KIND.nebula
  return chance < dust + young ? KIND.young : KIND.disc
}

/** Height: nearly sech² (y / h), whose variance it has, as the sum of three uniform numbers: no logarithm, no far outlier. */
function discHeight(scaleHeight: number, random: Random): number {
  const sum = random() + random() + random() - 1.5
  // The variance of sech² is (π h)² / 12, that of the sum 1/4.
  return (sum * 2 * Math.PI * scaleHeight) / Math.sqrt(12)
}

interface SphereSource {
  sphere: Sphere
  motion: SphereMotion
  random: Random
}

const direction: [number, number, number] = [0, 0, 0]

function sampleSphere(bodies: Bodies, i: number, { sphere, motion, random }: SphereSource): void {
  const whole = sphere.cut / (sphere.cut + sphere.scale)
  const root = whole * Math.sqrt(random())
  const radius = (sphere.scale * root) / (1 - root)
  randomDirection(random, direction)
  bodies.x[i] = direction[0] * radius
  bodies.y[i] = direction[1] * radius
  bodies.z[i] = direction[2] * radius
  const deviation = Math.sqrt(readTable(motion.dispersion, radius))
  const fastest = 0.9 * readTable(motion.escape, radius)
  for (;;) {
    const [x, y, z] = [normal(random), normal(random), normal(random)]
    if ((x * x + y * y + z * z) * deviation * deviation > fastest) continue
    bodies.vx[i] = x * deviation
    bodies.vy[i] = y * deviation
    bodies.vz[i] = z * deviation
    return
  }
}

/** Moves the centre of mass to the origin and takes its motion away. */
function bringToRest(bodies: Bodies): void {
  let total = 0
  for (let i = 0; i < bodies.count; i++) total += bodies.mass[i]
  for (const name of ['x', 'y', 'z', 'vx', 'vy', 'vz'] as const) {
    const column = bodies[name]
    let sum = 0
    for (let i = 0; i < bodies.count; i++) sum += bodies.mass[i] * column[i]
    for (let i = 0; i < bodies.count; i++) column[i] -= sum / total
  }
}

/** A number of each star's own, for the view. */
export function personality(random: Random): number {
  return between(random, 0, 0.99)
}
