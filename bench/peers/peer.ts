/**
 * One small surface over every engine that is compared: the same scene data in, a step, all poses out.
 *
 * The rules that keep the comparison fair:
 * - every engine gets the same bodies (shape, pose, velocity, mass, friction, restitution), joints, gravity, `dt` and planes;
 * - sleeping is off everywhere, so that every body is simulated in every step, unless the scene is about sleeping;
 * - inertia is what each engine makes of the shape and the given mass;
 * - engine defaults stay (solver iterations, continuous detection), except limits that would otherwise drop bodies or contacts;
 * - swept bullets do not hit one another in ours, so the same pairs are masked away in the others, which saves them that work;
 * - each engine is read through its fastest documented way;
 * - shapes that are alike are shared between bodies where the engine can do so;
 * - an engine without a feature says so instead of simulating something else (`Unable`), or tells what stands for it (`notes`).
 */

import type { PlaneData, RayData, SceneData, Vec3 } from '../../examples/scenes/scene.ts'
import type { Tier } from '../harness/options.ts'

/** Where the orientation lies within a record of `readTransforms`: a quaternion x, y, z, w or the columns of a rotation matrix. */
export interface Orientation {
  kind: 'quaternion' | 'columns'
  /** Index of its first float. */
  at: number
}

/** Thrown by `load` when the engine lacks what the scene needs. The message is a clause for the engine's row. */
export class Unable extends Error {}

/** A loaded scene inside one engine. */
export interface PeerWorld {
  /** How many bodies the engine reports, static ones included. */
  readonly bodies: number
  /** What the engine ran with: threads, tier. One word each. */
  readonly threads: number
  readonly tier: string
  /** Floats of one record that `readTransforms` writes; the position comes first. */
  readonly transformStride: number
  readonly orientation: Orientation
  /** What differs from the other engines in this scene, one clause. */
  readonly notes?: string
  /** One fixed step of `dt` seconds. */
  step(dt: number): void
  /**
   * Makes all poses available to JavaScript, one record per body in the order of the scene: spheres, then shaped bodies.
   *
   * @param out length ≥ bodies × `transformStride`
   * @returns `out`, or the engine's own memory where it keeps such records side by side
   */
  readTransforms(out: Float32Array): Float32Array
  /** How many bodies of the scene sleep, as the engine tells it. Absent where it does not. */
  asleep?(): number
  /**
   * The nearest body on each ray.
   *
   * @param distances gets metres along the ray, `Infinity` where nothing is hit within reach
   */
  castRays?(rays: RayData, distances: Float32Array): void
  dispose(): void
}

/** An engine that can load a scene. `load` may be called many times; `name` is the row's name. */
export interface Peer {
  readonly name: string
  /** npm package whose installed version is reported; absent for ours. */
  readonly packageName?: string
  load(scene: SceneData, options?: PeerOptions): Promise<PeerWorld>
}

/** What only ours and the threaded Jolt understand (`threads`), or ours alone (`tier`). */
export interface PeerOptions {
  threads?: number
  tier?: Tier
}

/** Collision groups used to keep bullets from hitting one another: members of BULLET collide with everything but BULLET. */
export const GROUP_BODY = 1
export const GROUP_BULLET = 2
export const MASK_BODY = GROUP_BODY | GROUP_BULLET
export const MASK_BULLET = GROUP_BODY

/** Half the edge (m) and the whole thickness (m) of the static box that stands for a plane in engines without one. */
export const FLOOR_HALF_EXTENT = 500
export const FLOOR_THICKNESS = 20

/** @throws Unable when the scene asks for what no compared engine has */
export function assertComparable(scene: SceneData, engine: string): void {
  const { longRange } = scene
  if (longRange && ((longRange.gravity ?? 0) !== 0 || (longRange.coulomb ?? 0) !== 0)) {
    throw new Unable(`${engine} has no long-range forces: scene "${scene.name}" cannot be compared`)
  }
}

/** Shortest rotation (x, y, z, w) that takes +y to the unit vector `normal`. */
export function rotationFromUp(normal: Vec3): [number, number, number, number] {
  const [x, y, z] = normal
  if (y < -0.999999) return [1, 0, 0, 0]
  const length = Math.hypot(z, 0, -x, 1 + y)
  return [z / length, 0, -x / length, (1 + y) / length]
}

/** Centre of the box that stands for the plane `normal · p = offset`. */
export function floorCenter(plane: PlaneData): [number, number, number] {
  const [x, y, z] = plane.normal
  const depth = plane.offset - FLOOR_THICKNESS / 2
  return [x * depth, y * depth, z * depth]
}
