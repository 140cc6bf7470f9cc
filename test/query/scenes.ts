/** What the tests of queries share: worlds of random shapes with their distance functions, and marching along a ray. */
import { addBody, type BodyDesc, castRay, type Physics, refreshQueries, type Shape } from 'manybody'
import { between, createRandom, inCube, makePhysics, type Random } from '../physics/harness.ts'
import { addScaled, cross, length, subtract, type Vec3 } from '../reference/vec.ts'

export type Quat = [number, number, number, number]
export type Distance = (p: Vec3) => number

export const turn = (q: Quat, v: Vec3): Vec3 => {
  const u: Vec3 = [q[0], q[1], q[2]]
  const t = addScaled([0, 0, 0], cross(u, v), 2)
  const c = cross(u, t)
  return [v[0] + q[3] * t[0] + c[0], v[1] + q[3] * t[1] + c[1], v[2] + q[3] * t[2] + c[2]]
}
const back = (q: Quat, v: Vec3): Vec3 => turn([-q[0], -q[1], -q[2], q[3]], v)

export function randomQuat(random: Random): Quat {
  const q = [0, 0, 0, 0].map(() => between(random, -1, 1))
  const size = Math.hypot(...q)
  return q.map((v) => v / size) as Quat
}

const boxDistance =
  (half: Vec3): Distance =>
  (p) => {
    const d = p.map((v, i) => Math.abs(v) - half[i]!)
    return Math.hypot(...d.map((v) => Math.max(v, 0))) + Math.min(0, Math.max(...d))
  }
const capsuleDistance =
  (radius: number, half: number): Distance =>
  (p) =>
    Math.hypot(p[0], p[1] - Math.max(-half, Math.min(half, p[1])), p[2]) - radius

export interface Made {
  shape: Shape
  distance: Distance
}

/** A random shape and its distance function; hulls are boxes by their corners, compounds a box and a ball. */
export function makeShape(random: Random, kind: number): Made {
  const size = (): number => between(random, 0.2, 1.5)
  if (kind === 0) {
    const radius = size()
    return { shape: { type: 'sphere', radius }, distance: (p) => length(p) - radius }
  }
  if (kind === 1) {
    const half: Vec3 = [size(), size(), size()]
    return { shape: { type: 'box', halfExtents: half }, distance: boxDistance(half) }
  }
  if (kind === 2) {
    const [radius, half] = [size() / 2, size()]
    return { shape: { type: 'capsule', radius, halfHeight: half }, distance: capsuleDistance(radius, half) }
  }
  if (kind === 3) {
    const half: Vec3 = [size(), size(), size()]
    const points = Array.from(
      { length: 8 },
      (_, i): Vec3 => [i & 1 ? half[0] : -half[0], i & 2 ? half[1] : -half[1], i & 4 ? half[2] : -half[2]],
    )
    return { shape: { type: 'hull', points }, distance: boxDistance(half) }
  }
  // Two equal balls, so that the centre of mass is between them.
  const [radius, apart] = [size() / 2, size()]
  const child = (x: number) => ({ shape: { type: 'sphere', radius } as const, position: [x, 0, 0] as Vec3 })
  return {
    shape: { type: 'compound', children: [child(-apart), child(apart)] },
    distance: (p) => Math.min(length([p[0] - apart, p[1], p[2]]), length([p[0] + apart, p[1], p[2]])) - radius,
  }
}

export interface Scene {
  physics: Physics
  bodies: Map<number, Distance>
}

export async function crowd(count: number, seed: number, threads?: number): Promise<Scene> {
  const physics = await makePhysics(threads ? { threads } : {})
  const random = createRandom(seed)
  const bodies = new Map<number, Distance>()
  for (let i = 0; i < count; i++) {
    const { shape, distance } = makeShape(random, i % 5)
    const [position, rotation] = [inCube(random, 8), randomQuat(random)]
    const desc: BodyDesc = { shape, position, rotation, type: i % 3 ? 'dynamic' : 'static' }
    bodies.set(addBody(physics, desc), (p) => distance(back(rotation, subtract(p, position))))
  }
  return { physics, bodies }
}

/** Where a ray first comes within `gap` of a body: the nearest body and the way. */
export function march(
  bodies: Map<number, Distance>,
  [from, to]: [Vec3, Vec3],
  far: number,
  gap = 0,
): [number, number] | null {
  let best: [number, number] | null = null
  for (const [e, distance] of bodies) {
    let way = 0
    for (let i = 0; i < 400 && way <= far; i++) {
      const left = distance(addScaled(from, to, way)) - gap
      if (left < 1e-5) {
        if (!best || way < best[1]) best = [e, way]
        break
      }
      way += left
    }
  }
  return best
}

/** Asks twenty single questions of no account, so that what comes next is answered through the index. */
export function useIndex(physics: Physics): void {
  for (let i = 0; i < 20; i++) castRay(physics, [0, 0, 0], [1, 0, 0], 0)
}

/** Both ways in which questions are answered. */
export const WAYS = [['without the index'], ['with the index']] as const

/** Makes the next question be answered in one of them. */
export function ready(physics: Physics, how: string): void {
  if (how === 'with the index') useIndex(physics)
  else refreshQueries(physics)
}
