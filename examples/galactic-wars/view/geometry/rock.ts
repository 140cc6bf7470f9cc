import { BufferAttribute, InstancedBufferGeometry } from 'three'
import { createIcosphere } from './icosphere.ts'
import { fractalNoise, valueNoise } from './noise.ts'

/** Slabs, potatoes, shards and boulders: half axes of the four shapes before the noise. */
const SHAPES = [
  [1.12, 0.78, 0.96],
  [0.92, 0.86, 1.2],
  [1.2, 0.92, 0.74],
  [1.02, 0.98, 0.94],
] as const

/** How many rock shapes there are. */
export const ROCK_SHAPES = SHAPES.length

/**
 * A rock of about unit radius: an icosphere pushed in and out by one noise function. All details of one shape follow the
 * same surface, so that a rock does not change its form when it comes near.
 *
 * @param shape 0 … 3
 * @param detail see `createIcosphere`
 */
export function createRockGeometry(shape: number, detail: number): InstancedBufferGeometry {
  const { positions, indices } = createIcosphere(detail)
  const axes = SHAPES[shape]
  for (let i = 0; i < positions.length; i += 3) {
    const height = rockHeight(shape, positions[i], positions[i + 1], positions[i + 2])
    for (let axis = 0; axis < 3; axis++) positions[i + axis] *= height * axes[axis]
  }
  const geometry = new InstancedBufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  geometry.setIndex(new BufferAttribute(indices, 1))
  geometry.computeVertexNormals()
  return geometry
}

/** Distance of the surface from the centre in the direction (x, y, z). */
function rockHeight(shape: number, x: number, y: number, z: number): number {
  const o = shape * 31.7
  const lumps = fractalNoise(x * 1.3 + o, y * 1.3, z * 1.3, 2) - 0.5
  const ridged = 1 - Math.abs(2 * fractalNoise(x * 2.4, y * 2.4 + o, z * 2.4, 3) - 1)
  return 0.94 + 0.62 * lumps + 0.16 * (ridged - 0.7) + dent(x, y, z, o)
}

/** A few wide bowls: old impacts. */
function dent(x: number, y: number, z: number, o: number): number {
  const bowl = valueNoise(x * 1.9 + o + 50, y * 1.9, z * 1.9)
  const depth = Math.max(0, bowl - 0.66)
  return -1.1 * depth * (1 - depth)
}
