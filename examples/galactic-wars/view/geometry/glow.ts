import { BufferAttribute, InstancedBufferGeometry } from 'three'
import { createIcosphere } from './icosphere.ts'
import type { ShipModel } from './ships.ts'

/** Corners of a halo: a quad about the nozzle. z = 1 tells the shader. */
const HALO = [-1, -1, 1, 1, -1, 1, 1, 1, 1, -1, 1, 1]
/** Corners of a flame: across −1 … 1, along 0 … 1 away from the nozzle. z = 0 tells the shader. */
const FLAME = [-1, 0, 0, 1, 0, 0, 1, 1, 0, -1, 1, 0]

/**
 * Everything additive about one ship in one mesh: halo and flame of each nozzle, and the shield. The attribute `nozzle`
 * says which is which (see the glow shader).
 *
 * @param detail of the shield, see `createIcosphere`
 */
export function createGlowGeometry(model: ShipModel, detail: number): InstancedBufferGeometry {
  const positions: number[] = []
  const nozzles: number[] = []
  const indices: number[] = []
  for (const nozzle of model.nozzles) {
    for (const corners of [HALO, FLAME]) {
      const first = positions.length / 3
      positions.push(...corners)
      for (let i = 0; i < 4; i++) nozzles.push(...nozzle)
      indices.push(first, first + 1, first + 2, first, first + 2, first + 3)
    }
  }
  const sphere = createIcosphere(detail)
  const first = positions.length / 3
  for (let i = 0; i < sphere.positions.length; i++) positions.push(sphere.positions[i] * model.shield[i % 3])
  for (let i = 0; i < sphere.positions.length; i += 3) nozzles.push(0, 0, 0, 0)
  for (const index of sphere.indices) indices.push(first + index)
  const geometry = new InstancedBufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
  geometry.setAttribute('normal', new BufferAttribute(shieldNormals(positions, model.shield), 3))
  geometry.setAttribute('nozzle', new BufferAttribute(Float32Array.from(nozzles), 4))
  geometry.setIndex(indices)
  return geometry
}

/** Normals of an ellipsoid: the position over the squares of the half axes. The flat quads do not use theirs. */
function shieldNormals(positions: number[], axes: ShipModel['shield']): Float32Array {
  return Float32Array.from(positions, (value, i) => value / (axes[i % 3] * axes[i % 3]))
}
