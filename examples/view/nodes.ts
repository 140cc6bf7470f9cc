import type { InstanceBlock, Transforms } from 'manybody'
import { type BufferGeometry, InstancedBufferGeometry, type Material, Mesh, type Scene } from 'three'
import {
  bindInstances,
  createInstanceBuffer,
  type InstanceBuffer,
  uploadInstances,
} from '../galactic-wars/view/instance-buffer.ts'

/** How nodes of a kind are drawn: in one draw call for each run of them. */
export interface NodeLook {
  geometry: BufferGeometry
  /** Its vertex shader begins with `NODE_VERTEX`. */
  material: Material
  order?: number
}

/** What a vertex shader says of a node: `node` is its world matrix. */
export const NODE_VERTEX = /* glsl */ `
attribute vec4 axisX;
attribute vec4 axisY;
attribute vec4 axisZ;
attribute vec4 place;
attribute float number; // of its own, as the page gave it
#define node mat4(axisX, axisY, axisZ, place)
`

/** Who the entities are: number of the kind, and a number of its own for the shader. */
export interface Cast {
  kinds: Uint8Array
  numbers: Float32Array
}

/** World matrices, drawn straight from the kernel's memory. Children of a parent stand together, by their ids. */
export interface Nodes {
  readonly scene: Scene
  readonly looks: readonly (NodeLook | undefined)[]
  /** By kind: a mesh for each run. */
  readonly meshes: readonly Mesh<InstancedBufferGeometry>[][]
  transforms: Transforms | null
  cast: Cast
  /** The kernel's matrices, and the nodes' own numbers. */
  buffers: InstanceBuffer[]
}

const NOBODY: Cast = { kinds: new Uint8Array(0), numbers: new Float32Array(0) }

/** @param looks by the number of the kind; undefined is not drawn */
export function createNodes(scene: Scene, looks: readonly (NodeLook | undefined)[]): Nodes {
  const meshes = looks.map(() => [])
  return { scene, looks, meshes, transforms: null, cast: NOBODY, buffers: [] }
}

/** Shows the nodes of another world. */
export function attachNodes(nodes: Nodes, transforms: Transforms, cast: Cast, direct: boolean): void {
  const data = transforms.matrices as Float32Array
  const capacity = data.length / 16
  const blockOf = (block: Float32Array, stride: number): InstanceBlock => ({
    data: block,
    stride,
    capacity,
    get count(): number {
      return transforms.count
    },
  })
  nodes.transforms = transforms
  nodes.cast = cast
  const numbers = new Float32Array(capacity)
  nodes.buffers = [blockOf(data, 16), blockOf(numbers, 1)].map((block) => createInstanceBuffer(block, true, direct))
  findRuns(nodes)
}

/** Finds the runs of each kind anew: whenever an entity was added, removed or got another parent. */
export function findRuns(nodes: Nodes): void {
  const { transforms, cast, meshes, buffers } = nodes
  if (!transforms) return
  const { entities, count } = transforms
  const { kinds, numbers } = cast
  const own = buffers[1]!
  for (let node = 0; node < count; node++) own.block.data[node] = numbers[entities[node]!]!
  uploadInstances(own)
  const used = meshes.map(() => 0)
  for (let first = 0, end = 0; first < count; first = end) {
    const kind = kinds[entities[first]!]!
    for (end = first + 1; end < count && kinds[entities[end]!] === kind; end++);
    if (nodes.looks[kind]) showRun(nodes, kind, used[kind]!++, first, end - first)
  }
  for (const [kind, list] of meshes.entries()) {
    for (const [i, mesh] of list.entries()) mesh.visible = i < used[kind]!
  }
}

function showRun(
  { scene, looks, meshes, buffers }: Nodes,
  kind: number,
  run: number,
  first: number,
  count: number,
): void {
  const list = meshes[kind]!
  const look = looks[kind]!
  list[run] ??= createMesh(scene, look)
  const { geometry, userData } = list[run]
  geometry.instanceCount = count
  if (userData.first === first && userData.buffers === buffers) return
  Object.assign(userData, { first, buffers })
  for (const buffer of buffers) bindInstances(geometry, buffer, first)
}

function createMesh(scene: Scene, { geometry, material, order = 0 }: NodeLook): Mesh<InstancedBufferGeometry> {
  const own = new InstancedBufferGeometry()
  own.setIndex(geometry.index)
  for (const [name, attribute] of Object.entries(geometry.attributes)) own.setAttribute(name, attribute)
  const mesh = new Mesh(own, material)
  // Places come from the instances: bounds computed from the geometry would be wrong.
  mesh.frustumCulled = false
  mesh.matrixAutoUpdate = false
  mesh.renderOrder = order
  scene.add(mesh)
  return mesh
}

/** Sends the matrices to the GPU at the next draw. Allocates nothing. */
export function updateNodes({ buffers }: Nodes): void {
  if (buffers[0]) uploadInstances(buffers[0])
}
