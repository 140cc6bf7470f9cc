import { exactCbrt } from './exact-math.ts'
import { between, createRandom, type Random, randomDirection } from './random.ts'
import { createSpheres, type SceneData, type SphereData, type Vec3 } from './scene.ts'

/** Cubic metres a body has in the box. */
const BOX_ROOM = 8
const BOX_RADIUS = 0.2
const BOX_SOFTENING = 0.1

/** Where a Plummer sphere is cut, in units of its scale length: 99 % of the mass lies inside 12.2. */
const PLUMMER_CUT = 12
const PLUMMER_RADIUS = 1e-3

/**
 * Bodies uniform in a cube about the origin (8 m³ each), attracting one another and charged by turns +1 C and −1 C
 * (net zero for an even count): mass 0.5–1.5 kg, radius 0.2 m, velocity components within ±0.5 m/s, G = k = 0.001,
 * softening 0.1 m: strong enough to bend paths, too weak to make one clump of the box, which would measure contacts.
 * The ladder's "all-pairs gravity + Coulomb" scene.
 */
export function uniformBoxScene(count = 1_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const s = createSpheres(count)
  const half = exactCbrt(count * BOX_ROOM) / 2
  for (let i = 0; i < count; i++) {
    s.x[i] = between(random, -half, half)
    s.y[i] = between(random, -half, half)
    s.z[i] = between(random, -half, half)
    s.vx[i] = between(random, -0.5, 0.5)
    s.vy[i] = between(random, -0.5, 0.5)
    s.vz[i] = between(random, -0.5, 0.5)
    s.radius[i] = BOX_RADIUS
    s.mass[i] = between(random, 0.5, 1.5)
    s.charge[i] = i % 2 === 0 ? 1 : -1
    s.attracts[i] = 1
  }
  const longRange = { gravity: 0.001, coulomb: 0.001, softening: BOX_SOFTENING }
  return { name: `uniform-box-${count}`, gravity: [0, 0, 0], longRange, spheres: s, planes: [] }
}

/**
 * A Plummer sphere in equilibrium, in N-body units: total mass 1, scale length 1, G = 1, no charges, cut at 12 scale
 * lengths; centre of mass and momentum zero. Sampled after Aarseth, Hénon & Wielen 1974 (inverse mass profile for
 * the distance, rejection for the speed). Bodies have a radius of 1e-3, so collisions are rare.
 */
export function plummerScene(count = 10_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const s = createSpheres(count)
  const direction: Vec3 = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const distance = plummerDistance(random)
    randomDirection(random, direction)
    s.x[i] = direction[0] * distance
    s.y[i] = direction[1] * distance
    s.z[i] = direction[2] * distance
    const escapeSpeed = Math.sqrt(2 / Math.sqrt(1 + distance * distance))
    const speed = escapeSpeed * plummerSpeed(random)
    randomDirection(random, direction)
    s.vx[i] = direction[0] * speed
    s.vy[i] = direction[1] * speed
    s.vz[i] = direction[2] * speed
    s.radius[i] = PLUMMER_RADIUS
    s.mass[i] = 1 / count
    s.attracts[i] = 1
  }
  for (const column of ['x', 'y', 'z', 'vx', 'vy', 'vz'] as const) centre(s, column)
  const longRange = { gravity: 1, coulomb: 0, softening: 0.01 }
  return { name: `plummer-${count}`, gravity: [0, 0, 0], longRange, spheres: s, planes: [] }
}

/** Distance from the centre: M(r) = r³ (1 + r²)^(−3/2) solved for r. */
function plummerDistance(random: Random): number {
  for (;;) {
    const root = exactCbrt(random())
    const squared = (root * root) / (1 - root * root)
    if (squared < PLUMMER_CUT * PLUMMER_CUT) return Math.sqrt(squared)
  }
}

/** Speed as a part q of the escape speed, with the density q² (1 − q²)^(7/2), whose maximum is below 0.1. */
function plummerSpeed(random: Random): number {
  for (;;) {
    const q = random()
    const rest = 1 - q * q
    if (0.1 * random() < q * q * rest * rest * rest * Math.sqrt(rest)) return q
  }
}

/** Moves a column's mean to zero (all masses are equal). */
function centre(s: SphereData, name: 'x' | 'y' | 'z' | 'vx' | 'vy' | 'vz'): void {
  const column = s[name]
  let sum = 0
  for (let i = 0; i < s.count; i++) sum += column[i]
  for (let i = 0; i < s.count; i++) column[i] -= sum / s.count
}
