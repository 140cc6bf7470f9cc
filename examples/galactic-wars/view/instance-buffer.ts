import type { InstanceBlock } from 'manybody'
import {
  type BufferGeometry,
  DynamicDrawUsage,
  InstancedInterleavedBuffer,
  InterleavedBuffer,
  InterleavedBufferAttribute,
} from 'three'

/**
 * The GPU's copy of one block of packed instances. The array behind it is the kernel's own memory wherever WebGL takes
 * such views; elsewhere it is one scratch array, made once and refilled each frame.
 */
export interface InstanceBuffer {
  readonly block: InstanceBlock
  readonly gpu: InterleavedBuffer
  readonly scratch: Float32Array | null
  /** reused: three.js empties its list of ranges after each upload, the record goes in again */
  readonly range: { start: number; count: number }
}

let sharedUpload: boolean | undefined

/** True when this WebGL uploads straight from shared memory. Asked of the browser once. */
export function uploadsSharedMemory(gl: WebGL2RenderingContext): boolean {
  sharedUpload ??= probeSharedUpload(gl)
  return sharedUpload
}

function probeSharedUpload(gl: WebGL2RenderingContext): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return true
  const buffer = gl.createBuffer()
  try {
    const view = new Float32Array(new SharedArrayBuffer(16))
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.bufferData(gl.ARRAY_BUFFER, 16, gl.DYNAMIC_DRAW)
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, view, 0, 2)
    return gl.getError() === gl.NO_ERROR
  } catch {
    return false
  } finally {
    gl.bindBuffer(gl.ARRAY_BUFFER, null)
    gl.deleteBuffer(buffer)
  }
}

/**
 * @param instanced one step per instance; false: one per vertex, for plain points
 * @param direct upload from `block.data` itself, see `uploadsSharedMemory`
 */
export function createInstanceBuffer(block: InstanceBlock, instanced: boolean, direct: boolean): InstanceBuffer {
  const shared = typeof SharedArrayBuffer !== 'undefined' && block.data.buffer instanceof SharedArrayBuffer
  const scratch = shared && !direct ? new Float32Array(block.data.length) : null
  const Buffer = instanced ? InstancedInterleavedBuffer : InterleavedBuffer
  // The type of three.js does not know shared memory; WebGL does, as probed.
  const gpu = new Buffer((scratch ?? block.data) as Float32Array<ArrayBuffer>, block.stride)
  gpu.setUsage(DynamicDrawUsage)
  return { block, gpu, scratch, range: { start: 0, count: 0 } }
}

/** Marks what was packed in this frame, and no more, for upload at the next draw. */
export function uploadInstances(buffer: InstanceBuffer): void {
  const { block, gpu, scratch, range } = buffer
  // A range of length 0 would mean "all of it" to WebGL.
  if (block.count === 0) return
  scratch?.set(block.data)
  range.count = block.count * block.stride
  gpu.updateRanges.length = 0
  gpu.updateRanges.push(range)
  gpu.needsUpdate = true
}

/** Names of a body's three vectors in the shaders, in the order of the block. */
const BODY_ATTRIBUTES = ['pose', 'turn', 'motion']
const PARTICLE_ATTRIBUTES = ['pose', 'tone']
const NUMBER_ATTRIBUTES = ['number']
const SCALE_ATTRIBUTES = ['size']
/** Columns of a world matrix. */
const NODE_ATTRIBUTES = ['axisX', 'axisY', 'axisZ', 'place']

/**
 * Gives a geometry the instances of a buffer as attributes, in place of those it had.
 *
 * @param first instances before this one are skipped
 */
export function bindInstances(geometry: BufferGeometry, buffer: InstanceBuffer, first = 0): void {
  const { gpu, block } = buffer
  const names =
    { 1: NUMBER_ATTRIBUTES, 4: SCALE_ATTRIBUTES, 8: PARTICLE_ATTRIBUTES, 16: NODE_ATTRIBUTES }[block.stride] ??
    BODY_ATTRIBUTES
  // Frees the buffers of the memory bound before; three.js makes new ones at the next draw.
  geometry.dispose()
  for (const [i, name] of names.entries()) {
    geometry.setAttribute(
      name,
      new InterleavedBufferAttribute(gpu, Math.min(4, block.stride), first * block.stride + 4 * i),
    )
  }
}
