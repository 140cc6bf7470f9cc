import { fieldEdge, fieldScene } from './field.ts'
import { between, createRandom, randomDirection } from './random.ts'
import type { RayData, SceneData, Vec3 } from './scene.ts'

/** Length of the rays, m: about the edge of the field of 25,000 bodies. */
export const RAY_LENGTH = 200

/** The field of spheres, and rays from anywhere within its cube into any direction. */
export function raysScene(count = 10_000, bodies = 25_000, seed = 1): SceneData {
  const field = fieldScene(bodies, seed)
  const half = fieldEdge(field.spheres.radius, bodies) / 2
  return { ...field, name: `rays-${count}`, rays: randomRays(count, half, seed) }
}

function randomRays(count: number, half: number, seed: number): RayData {
  const random = createRandom(seed + 0x4a75)
  const origins = new Float32Array(3 * count)
  const directions = new Float32Array(3 * count)
  const direction: Vec3 = [0, 0, 0]
  for (let i = 0; i < 3 * count; i += 3) {
    randomDirection(random, direction)
    for (let axis = 0; axis < 3; axis++) {
      origins[i + axis] = between(random, -half, half)
      directions[i + axis] = direction[axis]
    }
  }
  return { count, origins, directions, maxDistance: RAY_LENGTH }
}
