/**
 * The field of one galaxy, from which its bodies get speeds that keep its shape: the force in the plane of the disc, and the spherical
 * mean of it for bulge and halo. After Hernquist 1993 (moments of the collisionless Boltzmann equation), with the disc's own force by
 * quadrature in place of Bessel functions.
 */
import { exactCos } from '../../scenes/exact-math.ts'
import { BULGE, DISC, GRAVITY, HALO, SOFTENING } from './constants.ts'
import { exactExp, readTable, slopeOf, type Table, tabulate } from './math.ts'

/** Grid of the quadrature over the disc. */
const RINGS = 96
const SPOKES = 48
/** Steps of the tables, and of the integrals. */
const STEPS = 160
const SHELLS = 2000

/** Mass, scale and cut-off radius of a sphere with Hernquist's profile. */
export interface Sphere {
  readonly mass: number
  readonly scale: number
  readonly cut: number
}

/** What sampling needs to know of the field. */
export interface Model {
  /** radius → speed² of a circular orbit in the plane of the disc */
  readonly circular: Table
  /** radius → square of the angular speed */
  readonly angular: Table
  /** radial dispersion² of the disc at the centre; falls as exp(−R) */
  readonly heat: number
  readonly bulge: SphereMotion
  readonly halo: SphereMotion
}

/** Radius → dispersion² of one component, and escape speed². */
export interface SphereMotion {
  readonly dispersion: Table
  readonly escape: Table
}

/** Mass of a sphere inside a radius. */
export function massInside({ mass, scale, cut }: Sphere, radius: number): number {
  const share = (r: number): number => (r / (r + scale)) * (r / (r + scale))
  return (mass * share(Math.min(radius, cut))) / share(cut)
}

/** Surface density of the disc. */
export function surfaceDensity(radius: number): number {
  return (DISC.mass / (2 * Math.PI * discNorm)) * exactExp(-radius)
}

const discShare = (radius: number): number => 1 - (1 + radius) * exactExp(-radius)
/** Part of an endless disc that lies inside the cut. */
const discNorm = discShare(DISC.cut)

/** Builds the tables; some ten milliseconds. */
export function createModel(): Model {
  const circular = tabulate(DISC.cut, STEPS, (radius) => radius * planeForce(radius))
  const angular = tabulate(DISC.cut, STEPS, (radius) => planeForce(Math.max(radius, 0.02)) / Math.max(radius, 0.02))
  const at = DISC.referenceRadius
  const needed = (DISC.stability * 3.36 * GRAVITY * surfaceDensity(at)) / Math.sqrt(epicyclic(angular, at))
  const heat = (needed * needed) / exactExp(-at)
  return { circular, angular, heat, bulge: sphereMotion(BULGE), halo: sphereMotion(HALO) }
}

/** Square of the epicyclic frequency. */
export function epicyclic(angular: Table, radius: number): number {
  return Math.max(4 * readTable(angular, radius) + radius * slopeOf(angular, radius), readTable(angular, radius))
}

/** Inward force in the plane of the disc. */
function planeForce(radius: number): number {
  return sphereForce(massInside(BULGE, radius) + massInside(HALO, radius), radius) + discForce(radius)
}

function sphereForce(mass: number, radius: number): number {
  const squared = radius * radius + SOFTENING * SOFTENING
  return (GRAVITY * mass * radius) / (squared * Math.sqrt(squared))
}

/** Inward force of the disc in its own plane; its thickness acts like more softening. */
function discForce(radius: number): number {
  const soft = SOFTENING * SOFTENING + DISC.height * DISC.height
  const width = DISC.cut / RINGS
  let sum = 0
  for (let ring = 0; ring < RINGS; ring++) {
    const r = (ring + 0.5) * width
    const mass = (surfaceDensity(r) * 2 * Math.PI * r * width) / SPOKES
    for (let spoke = 0; spoke < SPOKES; spoke++) {
      const along = radius - r * SPOKE_COSINES[spoke]
      const squared = radius * radius + r * r - 2 * radius * r * SPOKE_COSINES[spoke] + soft
      sum += (mass * along) / (squared * Math.sqrt(squared))
    }
  }
  return GRAVITY * sum
}

const SPOKE_COSINES = Float64Array.from({ length: SPOKES }, (_, i) => exactCos((2 * Math.PI * (i + 0.5)) / SPOKES))

/** Inward force with the disc spread over spheres. */
function meanForce(radius: number): number {
  const disc = (DISC.mass * discShare(Math.min(radius, DISC.cut))) / discNorm
  return sphereForce(massInside(BULGE, radius) + massInside(HALO, radius) + disc, radius)
}

/** Jeans' equation for an isotropic sphere, σ² = (1/ρ) ∫ ρ g dr from r to the cut, and v² = 2 ∫ g dr for the escape. */
function sphereMotion(sphere: Sphere): SphereMotion {
  const { scale, cut } = sphere
  const width = cut / SHELLS
  const pressure = new Float64Array(SHELLS + 1)
  const potential = new Float64Array(SHELLS + 1)
  // Beyond the cut the galaxy is about a point.
  potential[SHELLS] = cut * meanForce(cut)
  const density = (r: number): number => 1 / (r * (r + scale) * (r + scale) * (r + scale))
  for (let shell = SHELLS - 1; shell >= 0; shell--) {
    const r = (shell + 0.5) * width
    const force = meanForce(r) * width
    pressure[shell] = pressure[shell + 1] + density(r) * force
    potential[shell] = potential[shell + 1] + force
  }
  const values = pressure.map((p, shell) => p / density(Math.max(shell, 0.5) * width))
  return { dispersion: { step: width, values }, escape: { step: width, values: potential.map((p) => 2 * p) } }
}
