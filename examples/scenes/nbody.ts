import { exactCbrt } from './exact-math.ts'
import { between, createRandom, type Random, randomDirection } from './random.ts'
import { createSpheres, type SceneData, type SphereData, type Vec3 } from './scene.ts'
import { createSphereGrid, insertSphere, overlapsSphere } from './sphere-grid.ts'

/** Cubic metres a body has in the box. */
const BOX_ROOM = 8
const BOX_RADIUS = 0.2
const BOX_SOFTENING = 0.1

/** What makes a crowded box collide: larger bodies, three times as fast, that bounce. */
const CROWD_RADIUS = 0.4
const CROWD_HASTE = 3
const CROWD_RESTITUTION = 0.5

/** Where a Plummer sphere is cut, in units of its scale length: 99 % of the mass lies inside 12.2. */
const PLUMMER_CUT = 12
const PLUMMER_RADIUS = 1e-3

/** The thin disc, in units of its scale length and of the central mass; G such that a step of 1/60 s is a short way. */
const DISC_MASS = 0.3
const DISC_GRAVITY = 0.01
const DISC_INNER = 0.2
const DISC_OUTER = 5
/** Half of its thickness, and the scatter of its speeds as a share of the orbital speed. */
const DISC_HEIGHT = 0.02
const DISC_SCATTER = 0.02
const DISC_RADIUS = 1e-3
const CENTRE_RADIUS = 0.05
const DISC_SOFTENING = 0.02

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
 * The uniform box with collisions in every step: nothing overlaps at the start, radius 0.4 m, velocity components within
 * ±1.5 m/s, restitution 0.5; forces, masses and charges are the uniform box's. Every stage of a step has work.
 */
export function crowdedBoxScene(count = 1_000, seed = 1): SceneData {
  const scene = uniformBoxScene(count, seed)
  const s = scene.spheres
  const random = createRandom(seed)
  const grid = createSphereGrid(count, CROWD_RADIUS)
  const half = exactCbrt(count * BOX_ROOM) / 2
  for (let i = 0; i < count; i++) {
    while (overlapsSphere(grid, s.x[i], s.y[i], s.z[i], CROWD_RADIUS)) {
      s.x[i] = between(random, -half, half)
      s.y[i] = between(random, -half, half)
      s.z[i] = between(random, -half, half)
    }
    insertSphere(grid, s.x[i], s.y[i], s.z[i], CROWD_RADIUS)
    s.radius[i] = CROWD_RADIUS
    s.restitution[i] = CROWD_RESTITUTION
    for (const column of [s.vx, s.vy, s.vz]) column[i] *= CROWD_HASTE
  }
  return { ...scene, name: `crowded-box-${count}` }
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

/**
 * A thin exponential disc that turns about a central mass: scale length 1 m, G = 0.01, central mass 1 kg (the first body,
 * radius 0.05), 0.3 kg in the disc, between 0.2 and 5 m and within ±0.02 m of the plane y = 0. Near circular orbits, a
 * minute each at 1 m, counter-clockwise seen from +y; total momentum zero. Bodies have a radius of 1 mm: collisions are rare.
 */
export function discScene(count = 10_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const s = createSpheres(count)
  s.radius[0] = CENTRE_RADIUS
  s.attracts[0] = 1
  for (let i = 1; i < count; i++) {
    const distance = discDistance(random)
    const [cosine, sine] = randomAngle(random)
    const speed = discSpeed(distance)
    const scatter = (): number => speed * between(random, -DISC_SCATTER, DISC_SCATTER)
    s.x[i] = distance * cosine
    s.y[i] = between(random, -DISC_HEIGHT, DISC_HEIGHT)
    s.z[i] = -distance * sine
    s.vx[i] = -speed * sine + scatter()
    s.vy[i] = scatter()
    s.vz[i] = -speed * cosine + scatter()
    s.radius[i] = DISC_RADIUS
    s.mass[i] = DISC_MASS / (count - 1)
    s.attracts[i] = 1
  }
  for (const column of [s.vx, s.vy, s.vz]) {
    let momentum = 0
    for (let i = 1; i < count; i++) momentum += s.mass[i] * column[i]
    column[0] = -momentum
  }
  const longRange = { gravity: DISC_GRAVITY, coulomb: 0, softening: DISC_SOFTENING }
  return { name: `disc-${count}`, gravity: [0, 0, 0], longRange, spheres: s, planes: [] }
}

/** Distance from the axis, with the density r e^(−r), whose maximum is e⁻¹ < 0.37. */
function discDistance(random: Random): number {
  for (;;) {
    const distance = between(random, DISC_INNER, DISC_OUTER)
    if (0.37 * random() < distance * exactDecay(distance)) return distance
  }
}

/** Circular speed by the central mass and by the part of the disc inside, as if that were a sphere. */
function discSpeed(distance: number): number {
  const part = (r: number): number => 1 - (1 + r) * exactDecay(r)
  const inside = (part(distance) - part(DISC_INNER)) / (part(DISC_OUTER) - part(DISC_INNER))
  const r2 = distance * distance + DISC_SOFTENING * DISC_SOFTENING
  return Math.sqrt((DISC_GRAVITY * (1 + DISC_MASS * inside) * distance * distance) / (r2 * Math.sqrt(r2)))
}

/** Cosine and sine of an angle uniform on the circle, by rejection. */
function randomAngle(random: Random): [number, number] {
  for (;;) {
    const x = between(random, -1, 1)
    const y = between(random, -1, 1)
    const squared = x * x + y * y
    if (squared > 1 || squared < 1e-4) continue
    const scale = 1 / Math.sqrt(squared)
    return [x * scale, y * scale]
  }
}

/** e^(−x) for 0 ≤ x ≤ 5, to 1e-9, by sums and products alone (see exact-math.ts): Taylor at x/64, squared six times. */
function exactDecay(x: number): number {
  const t = -x / 64
  let value = 1 + t * (1 + (t / 2) * (1 + (t / 3) * (1 + (t / 4) * (1 + (t / 5) * (1 + t / 6)))))
  for (let i = 0; i < 6; i++) value *= value
  return value
}
