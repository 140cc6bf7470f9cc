import type { InstanceBlock, Instances } from 'manybody'
import { BufferAttribute, BufferGeometry, InstancedBufferGeometry, Mesh, Points, type ShaderMaterial } from 'three'
import { bindInstances, createInstanceBuffer, type InstanceBuffer, uploadInstances } from './instance-buffer.ts'

/** One draw call over a part of one block of instances. */
export interface Drawn {
  /** name of the instance group, or `PARTICLES` */
  group: string
  object: Mesh | Points
  /** the instances from `first` to `end`, exclusive */
  first: number
  end: number
}

/** The particles' place among the group names. */
export const PARTICLES = '*particles'

/** Draw order: opaque things near to far do not matter to the depth buffer, light comes on top. */
export const ORDER = { solid: 0, sky: 10, dust: 20, air: 30, glow: 40 } as const

/** All draw calls that take packed instances, with one GPU buffer a block. */
export interface InstanceSet {
  readonly drawn: Drawn[]
  readonly buffers: InstanceBuffer[]
}

/** A mesh that is drawn once per instance of a group. */
export function drawMesh(
  group: string,
  geometry: InstancedBufferGeometry,
  material: ShaderMaterial,
  order: number = ORDER.solid,
): Drawn {
  return finish(group, new Mesh(geometry, material), order)
}

/** One point per instance of a group. */
export function drawPoints(group: string, material: ShaderMaterial, order: number = ORDER.solid): Drawn {
  // A stand-in until instances are attached: programs are compiled for geometries with a position or without.
  const geometry = new BufferGeometry().setAttribute('position', new BufferAttribute(new Float32Array(3), 3))
  return finish(group, new Points(geometry, material), order)
}

function finish(group: string, object: Mesh | Points, order: number): Drawn {
  // Places come from the instances: bounds computed from the geometry would be wrong.
  object.frustumCulled = false
  object.matrixAutoUpdate = false
  object.renderOrder = order
  return { group, object, first: 0, end: Number.POSITIVE_INFINITY }
}

/** Ties every draw call to its block; what was tied before is let go. */
export function attachInstances(set: InstanceSet, instances: Instances, direct: boolean): void {
  set.buffers.length = 0
  const byKey = new Map<string, InstanceBuffer>()
  for (const { group, object, first } of set.drawn) {
    const instanced = object instanceof Mesh
    const block = blockOf(instances, group)
    if (block === undefined) continue
    const key = `${group} ${instanced}`
    let buffer = byKey.get(key)
    if (buffer === undefined) {
      buffer = createInstanceBuffer(block, instanced, direct)
      byKey.set(key, buffer)
      set.buffers.push(buffer)
    }
    bindInstances(object.geometry, buffer, first)
    // Points have no shape of their own: three.js takes the number of vertices from `position`.
    if (!instanced) object.geometry.setAttribute('position', object.geometry.getAttribute('pose'))
  }
}

/** Sends this frame's instances to the GPU at the next draw and sets how many there are. Allocates nothing. */
export function updateInstances(set: InstanceSet, instances: Instances): void {
  for (let i = 0; i < set.buffers.length; i++) uploadInstances(set.buffers[i])
  for (let i = 0; i < set.drawn.length; i++) {
    const { group, object, first, end } = set.drawn[i]
    const block = blockOf(instances, group)
    const count = block === undefined ? 0 : Math.max(0, Math.min(block.count, end) - first)
    object.visible = count > 0
    const { geometry } = object
    if (geometry instanceof InstancedBufferGeometry) geometry.instanceCount = count
    else geometry.setDrawRange(0, count)
  }
}

function blockOf(instances: Instances, group: string): InstanceBlock | undefined {
  return group === PARTICLES ? instances.particles : instances.groups[group]
}
