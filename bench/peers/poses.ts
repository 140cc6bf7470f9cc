/** Poses of all bodies in one form, whatever the engine's: what quality is judged by. */
import { bodiesOf, bodyAt, type SceneData } from '../../examples/scenes/scene.ts'
import type { PeerWorld } from './peer.ts'

/** Positions (m) as x, y, z, …; rotation matrices by columns, nine numbers a body. */
export interface Poses {
  count: number
  position: Float64Array
  rotation: Float64Array
}

export function createPoses(count: number): Poses {
  return { count, position: new Float64Array(3 * count), rotation: new Float64Array(9 * count) }
}

/** The poses that a scene begins with. */
export function initialPoses(scene: SceneData): Poses {
  const poses = createPoses(bodiesOf(scene))
  for (let body = 0; body < poses.count; body++) {
    const { position, rotation } = bodyAt(scene, body)
    poses.position.set(position, 3 * body)
    setQuaternion(poses.rotation, 9 * body, rotation, 0)
  }
  return poses
}

/** Takes the records of `readTransforms` over. */
export function copyPoses(world: PeerWorld, records: Float32Array, poses: Poses): void {
  const { transformStride: stride, orientation } = world
  for (let body = 0; body < poses.count; body++) {
    const from = body * stride
    for (let axis = 0; axis < 3; axis++) poses.position[3 * body + axis] = records[from + axis]
    const at = from + orientation.at
    if (orientation.kind === 'quaternion') setQuaternion(poses.rotation, 9 * body, records, at)
    else for (let i = 0; i < 9; i++) poses.rotation[9 * body + i] = records[at + i]
  }
}

function setQuaternion(out: Float64Array, to: number, from: ArrayLike<number>, at: number): void {
  const [x, y, z, w] = [from[at], from[at + 1], from[at + 2], from[at + 3]]
  out[to] = 1 - 2 * (y * y + z * z)
  out[to + 1] = 2 * (x * y + w * z)
  out[to + 2] = 2 * (x * z - w * y)
  out[to + 3] = 2 * (x * y - w * z)
  out[to + 4] = 1 - 2 * (x * x + z * z)
  out[to + 5] = 2 * (y * z + w * x)
  out[to + 6] = 2 * (x * z + w * y)
  out[to + 7] = 2 * (y * z - w * x)
  out[to + 8] = 1 - 2 * (x * x + y * y)
}

/** A point of a body's frame in the world. */
export function pointOf(poses: Poses, body: number, [x, y, z]: readonly number[]): [number, number, number] {
  const { position: p, rotation: r } = poses
  const [at, to] = [9 * body, 3 * body]
  return [
    p[to] + r[at] * x + r[at + 3] * y + r[at + 6] * z,
    p[to + 1] + r[at + 1] * x + r[at + 4] * y + r[at + 7] * z,
    p[to + 2] + r[at + 2] * x + r[at + 5] * y + r[at + 8] * z,
  ]
}
