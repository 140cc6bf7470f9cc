/** Helpers for three.js. `import … from 'manybody/three'`. */
import {
  BufferGeometry,
  DynamicDrawUsage,
  InterleavedBuffer,
  InterleavedBufferAttribute,
  LineBasicMaterial,
  LineSegments,
} from 'three'
import { DEBUG_STRIDE, type DebugOptions, debugLines } from '../debug/index.ts'
import type { Physics } from '../internals.ts'

export { createTransformMesh, type TransformMesh } from './transforms.ts'

/** Debug lines as a three.js object. */
export interface DebugObject extends LineSegments {
  /** Draws the state after the last step. Call it once a frame, after `step`. */
  update(): void
  /** What is drawn; change it at any time, but for `maxLines`. */
  readonly options: DebugOptions
}

/**
 * An object that shows a world's debug lines: add it to the scene and call `update` once a frame. The lines go to the GPU from the memory
 * they were drawn in.
 * @throws PhysicsError E_DISPOSED, E_RANGE
 */
export function createDebugLines(physics: Physics, options: DebugOptions = {}): DebugObject {
  const { data } = debugLines(physics, options)
  const buffer = new InterleavedBuffer(data, DEBUG_STRIDE)
  buffer.setUsage(DynamicDrawUsage)
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new InterleavedBufferAttribute(buffer, 3, 0))
  geometry.setAttribute('color', new InterleavedBufferAttribute(buffer, 3, 3))
  const material = new LineBasicMaterial({ vertexColors: true })
  const object = new LineSegments(geometry, material)
  // The lines are wherever bodies are: a bounding sphere would have to be made anew each frame.
  object.frustumCulled = false
  const update = (): void => {
    const { count } = debugLines(physics, options)
    geometry.setDrawRange(0, count)
    buffer.clearUpdateRanges()
    buffer.addUpdateRange(0, count * DEBUG_STRIDE)
    buffer.needsUpdate = true
  }
  update()
  return Object.assign(object, { update, options })
}
