import { type BufferGeometry, DynamicDrawUsage, InstancedBufferAttribute, InstancedMesh, type Material } from 'three'
import type { Physics } from '../internals.ts'

/** Numbers of a matrix. */
const MATRIX = 16

/** Entities of a hierarchy as a three.js object, one draw call for all. */
export interface TransformMesh extends InstancedMesh {
  /** Draws the world matrices of the last step or `updateTransforms`. Call it once a frame. */
  update(): void
}

/**
 * An instanced mesh that draws entities of a hierarchy at their world matrices. For all of them, in single precision, the matrices go to the GPU
 * from the kernel's memory as they lie there; those of chosen entities, or of a world in double precision, are copied together first.
 * @param options `entities`: whose matrices, at most as many as there are now; who has no node is left out. The array may change from frame to
 *   frame. Default: every node.
 */
export function createTransformMesh(
  physics: Physics,
  geometry: BufferGeometry,
  material: Material,
  options: { entities?: ArrayLike<number> } = {},
): TransformMesh {
  const { entities } = options
  const { matrices, nodeOf } = physics.transforms
  const shared = !entities && matrices instanceof Float32Array
  const capacity = entities ? entities.length : physics.capacity.nodes
  const mesh = new InstancedMesh(geometry, material, 0)
  const array = shared ? matrices.subarray(0, MATRIX * capacity) : new Float32Array(MATRIX * capacity)
  mesh.instanceMatrix = new InstancedBufferAttribute(array, MATRIX)
  mesh.instanceMatrix.setUsage(DynamicDrawUsage)
  // Nodes are wherever they are: a bounding sphere would have to be made anew each frame.
  mesh.frustumCulled = false
  const update = (): void => {
    const { count } = physics.transforms
    mesh.count = count
    if (entities) {
      mesh.count = 0
      for (let i = 0; i < entities.length && mesh.count < capacity; i++) {
        const node = nodeOf[entities[i]!] ?? 0
        if (node > 0) copyMatrix(array, mesh.count++, matrices, node - 1)
      }
    } else if (!shared) array.set(matrices.subarray(0, MATRIX * count))
    const { instanceMatrix } = mesh
    instanceMatrix.clearUpdateRanges()
    instanceMatrix.addUpdateRange(0, MATRIX * mesh.count)
    instanceMatrix.needsUpdate = true
  }
  update()
  return Object.assign(mesh, { update })
}

function copyMatrix(to: Float32Array, index: number, from: ArrayLike<number>, node: number): void {
  for (let k = 0; k < MATRIX; k++) to[MATRIX * index + k] = from[MATRIX * node + k]!
}
