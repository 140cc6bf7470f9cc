import { BufferAttribute, InstancedBufferGeometry } from 'three'

/** One quad from (−1, low) to (1, high) per instance; the vertex shader puts it where it belongs. */
function createQuad(low: number, high: number): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry()
  const corners = Float32Array.of(-1, low, 0, 1, low, 0, 1, high, 0, -1, high, 0)
  geometry.setAttribute('position', new BufferAttribute(corners, 3))
  geometry.setIndex(new BufferAttribute(Uint16Array.of(0, 1, 2, 0, 2, 3), 1))
  return geometry
}

/** A quad about the instance's centre: a billboard. */
export function createBillboard(): InstancedBufferGeometry {
  return createQuad(-1, 1)
}

/** A quad with y from 0 (tail) to 1 (head). */
export function createStreak(): InstancedBufferGeometry {
  return createQuad(0, 1)
}
