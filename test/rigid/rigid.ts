/** What the tests of rigid bodies share: shapes, slopes, and energies worked out from the columns in 64 bits. */
import { addBody, type BodyDesc, type Physics, type PhysicsOptions, shapeInfo, step } from 'manybody'
import { DT, makePhysics, positionOf, velocityOf } from '../physics/harness.ts'

/** Three numbers. */
export type Vec3 = [number, number, number]

export const G = 9.81
export const GRAVITY: Vec3 = [0, -G, 0]

/** A world of one thread with the earth's gravity: small scenes gain nothing from a second. */
export const rigidWorld = (options: PhysicsOptions = {}): Promise<Physics> =>
  makePhysics({ gravity: GRAVITY, tier: 'simd', ...options })

/** A box of density 1,000/8 kg/m³ unless told otherwise: a cube of half extent 1 has a tonne. */
export const box = (position: Vec3, halfExtents: Vec3, more: Partial<BodyDesc> = {}): BodyDesc => ({
  shape: { type: 'box', halfExtents: [...halfExtents] },
  density: 125,
  position: [...position],
  ...more,
})

/** A capsule along y. */
export const capsule = (
  position: Vec3,
  radius: number,
  halfHeight: number,
  more: Partial<BodyDesc> = {},
): BodyDesc => ({
  shape: { type: 'capsule', radius, halfHeight },
  density: 125,
  position: [...position],
  ...more,
})

/** A quaternion: `angle` radians about a unit axis. */
export function turn(axis: Vec3, angle: number): [number, number, number, number] {
  const s = Math.sin(angle / 2)
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)]
}

/** Corners of a regular octahedron-like hull with `n` points about y: a lumpy stone that is not symmetric. */
export function stone(n: number, radius: number): Vec3[] {
  const points: Vec3[] = [
    [0, radius * 0.8, 0],
    [0, -radius * 0.7, 0],
  ]
  for (let i = 0; i < n; i++) {
    const angle = (2 * Math.PI * i) / n
    const r = radius * (i % 2 ? 0.85 : 1)
    points.push([r * Math.cos(angle), radius * (i % 3 ? 0.15 : -0.2), r * Math.sin(angle)])
  }
  return points
}

/** A prism of `sides` sides and half height `h`, axis y: a disc for many sides. */
export function prism(sides: number, radius: number, h: number): Vec3[] {
  return Array.from({ length: 2 * sides }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / sides
    return [radius * Math.cos(angle), i & 1 ? h : -h, radius * Math.sin(angle)]
  })
}

/** A slope that falls along `down` by `angle`; `normal` is its outward normal. */
export interface Slope {
  angle: number
  normal: Vec3
  down: Vec3
  /** Of a box that lies on it. */
  rotation: [number, number, number, number]
}

/** The slope that falls towards +x. */
export const slopeOf = (angle: number): Slope => ({
  angle,
  normal: [Math.sin(angle), Math.cos(angle), 0],
  down: [Math.cos(angle), -Math.sin(angle), 0],
  rotation: turn([0, 0, 1], -angle),
})

/** What a slope is made of. */
export type SlopeKind = 'plane' | 'box'

/** A static slope whose surface goes through the origin: a plane or the face of a long box. */
export function addSlope(physics: Physics, kind: SlopeKind, slope: Slope, more: Partial<BodyDesc> = {}): number {
  const { normal, rotation } = slope
  if (kind === 'plane') {
    return addBody(physics, { type: 'static', shape: { type: 'plane', normal, offset: 0 }, ...more })
  }
  const centre: Vec3 = [-normal[0], -normal[1], 0]
  return addBody(physics, box(centre, [100, 1, 5], { type: 'static', rotation, ...more }))
}

/** The floor y < 0: a plane or the top of a box. */
export function addFloor(physics: Physics, kind: SlopeKind = 'plane', more: Partial<BodyDesc> = {}): number {
  return addSlope(physics, kind, slopeOf(0), more)
}

/** Runs until `done` or `seconds`; gives the seconds that passed. */
export function runUntil(physics: Physics, seconds: number, done: () => boolean): number {
  const steps = Math.round(seconds / DT)
  for (let i = 0; i < steps; i++) {
    step(physics, DT)
    if (done()) return (i + 1) * DT
  }
  return seconds
}

/** Height of a body in m as energy: where it would rise to, its translation alone. */
export const topOf = (physics: Physics, eid: number): number =>
  positionOf(physics, eid)[1] + velocityOf(physics, eid)[1] ** 2 / (2 * G)

/** Speeds and turns of a body, from the columns. */
export interface Motion {
  energy: number
  momentum: Vec3
  /** About the origin. */
  angular: Vec3
  /** About its own centre. */
  spin: Vec3
}

/** What a body has of everything that collisions preserve, in 64 bits. `unit`: principal inertia per unit mass in its own frame (no products). */
export function motionOf(physics: Physics, eid: number, unit: Vec3): Motion {
  const { Mass, Rotation, AngularVelocity } = physics.components
  const m = Mass.value[eid]
  const [x, y, z, w] = [Rotation.x[eid], Rotation.y[eid], Rotation.z[eid], Rotation.w[eid]]
  const columns: Vec3[] = [
    [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
    [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
  ]
  const omega: Vec3 = [AngularVelocity.x[eid], AngularVelocity.y[eid], AngularVelocity.z[eid]]
  const spin: Vec3 = [0, 0, 0]
  let energy = 0
  columns.forEach((axis, k) => {
    const about = axis[0] * omega[0] + axis[1] * omega[1] + axis[2] * omega[2]
    energy += 0.5 * m * unit[k] * about * about
    for (let i = 0; i < 3; i++) spin[i] += m * unit[k] * about * axis[i]
  })
  const [p, v] = [positionOf(physics, eid), velocityOf(physics, eid)]
  energy += 0.5 * m * (v[0] ** 2 + v[1] ** 2 + v[2] ** 2)
  const momentum: Vec3 = [m * v[0], m * v[1], m * v[2]]
  const angular: Vec3 = [
    spin[0] + p[1] * momentum[2] - p[2] * momentum[1],
    spin[1] + p[2] * momentum[0] - p[0] * momentum[2],
    spin[2] + p[0] * momentum[1] - p[1] * momentum[0],
  ]
  return { energy, momentum, angular, spin }
}

/** Principal inertia of a box of unit mass. */
export const boxInertia = ([x, y, z]: Vec3): Vec3 => [(y * y + z * z) / 3, (x * x + z * z) / 3, (x * x + y * y) / 3]

/** A direction of the body's frame in the world's. */
export function axisOf(physics: Physics, eid: number, axis: 0 | 1 | 2): Vec3 {
  const { Rotation } = physics.components
  const [x, y, z, w] = [Rotation.x[eid], Rotation.y[eid], Rotation.z[eid], Rotation.w[eid]]
  if (axis === 0) return [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)]
  if (axis === 1) return [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)]
  return [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)]
}

export { shapeInfo }
