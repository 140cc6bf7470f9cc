import { PILE_JITTER, PILE_RADIUS, PILE_SPACING } from './pile.ts'
import { between, createRandom, type Random, randomDirection } from './random.ts'
import {
  type BodyShape,
  boxMass,
  capsuleMass,
  createShaped,
  createSpheres,
  type PlaneData,
  type SceneData,
  type ShapedData,
  type Vec3,
} from './scene.ts'

/** Half extents (m) of the boxes in piles, towers and pyramids. */
export const UNIT_BOX: BodyShape & { type: 'box' } = { type: 'box', halfExtents: [0.5, 0.5, 0.5] }
/** As long as a box is high, so that the lattice holds it upright. */
const CAPSULE = { type: 'capsule', radius: 0.3, halfHeight: 0.2 } as const
/** Different hulls in a mixed pile. */
const HULLS = 8
/** Pairs of opposite points that a hull is built from. */
const HULL_PAIRS = 8
/** Share of the ball's volume that such a hull fills, about. */
const HULL_FILLING = 0.6

/** The ground y = 0 with the friction of everything that lies on it. */
export const GROUND: PlaneData = { normal: [0, 1, 0], offset: 0, friction: 0.5, restitution: 0 }

/** Boxes of 1 m (density 1) on the lattice of the pile of spheres, falling under 9.81 m/s² onto the plane y = 0. */
export function boxPileScene(count = 3_000, seed = 1): SceneData {
  const shaped = createShaped(count)
  placeLattice(shaped, createRandom(seed))
  shaped.mass.fill(boxMass(UNIT_BOX.halfExtents, 1))
  return { ...onGround(`pile-boxes-${count}`), shapes: [UNIT_BOX], shaped }
}

/** Boxes, capsules and hulls in turn on the same lattice; capsules and hulls are turned at random. */
export function mixedPileScene(count = 3_000, seed = 1): SceneData {
  const random = createRandom(seed)
  const hulls = Array.from({ length: HULLS }, () => randomHull(random, PILE_RADIUS))
  const shapes: BodyShape[] = [UNIT_BOX, CAPSULE, ...hulls]
  const shaped = createShaped(count)
  placeLattice(shaped, random)
  const { mass, shape } = shaped
  for (let i = 0; i < count; i++) {
    const turn = i % 3
    shape[i] = turn < 2 ? turn : 2 + (Math.floor(i / 3) % HULLS)
    if (turn > 0) turnRandomly(shaped, i, random)
    mass[i] = massOf(shapes[shape[i]])
  }
  return { ...onGround(`pile-mixed-${count}`), shapes, shaped }
}

/** A scene under 9.81 m/s² with the ground and nothing else. */
export function onGround(name: string): SceneData {
  return { name, gravity: [0, -9.81, 0], spheres: createSpheres(0), planes: [GROUND] }
}

/** A symmetric hull of `2 × HULL_PAIRS` points on a sphere of `radius` m: its centre of mass is its origin, however it is computed. */
export function randomHull(random: Random, radius: number): BodyShape {
  const points = new Float32Array(6 * HULL_PAIRS)
  const direction: Vec3 = [0, 0, 0]
  for (let pair = 0; pair < HULL_PAIRS; pair++) {
    randomDirection(random, direction)
    for (let axis = 0; axis < 3; axis++) {
      points[6 * pair + axis] = direction[axis] * radius
      points[6 * pair + 3 + axis] = -direction[axis] * radius
    }
  }
  return { type: 'hull', points }
}

function massOf(shape: BodyShape): number {
  if (shape.type === 'box') return boxMass(shape.halfExtents, 1)
  if (shape.type === 'capsule') return capsuleMass(shape.radius, shape.halfHeight, 1)
  return HULL_FILLING * capsuleMass(PILE_RADIUS, 0, 1)
}

/** About as wide as high; each centre moved sideways by up to `PILE_JITTER`. */
function placeLattice(s: ShapedData, random: Random): void {
  const [dx, dy, dz] = PILE_SPACING
  let side = 1
  while (side * side * side < s.count) side++
  const middle = (side - 1) / 2
  for (let i = 0; i < s.count; i++) {
    s.x[i] = ((i % side) - middle) * dx + between(random, -PILE_JITTER, PILE_JITTER)
    s.y[i] = dy / 2 + Math.floor(i / (side * side)) * dy
    s.z[i] = ((Math.floor(i / side) % side) - middle) * dz + between(random, -PILE_JITTER, PILE_JITTER)
  }
}

/** A rotation whose vector part and real part are drawn from the cube by rejection, then normalised. */
function turnRandomly(s: ShapedData, i: number, random: Random): void {
  for (;;) {
    const q = Array.from({ length: 4 }, () => between(random, -1, 1))
    const squared = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]
    if (squared > 1 || squared < 1e-3) continue
    const scale = 1 / Math.sqrt(squared)
    s.qx[i] = q[0] * scale
    s.qy[i] = q[1] * scale
    s.qz[i] = q[2] * scale
    s.qw[i] = q[3] * scale
    return
  }
}
