/** Havok through its WebAssembly plug-in interface, read through the body buffer (one matrix per body, no call per body). */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import HavokPhysics, {
  type HavokPhysicsWithBindings,
  type HP_BodyId,
  type HP_ConstraintId,
  type HP_ShapeId,
  type HP_WorldId,
} from '@babylonjs/havok'
import { bodiesOf, bodyAt, type RayData, type SceneBody, type SceneData } from '../../examples/scenes/scene.ts'
import { addHavokJoint } from './havok-joints.ts'
import {
  assertComparable,
  FLOOR_HALF_EXTENT,
  FLOOR_THICKNESS,
  floorCenter,
  GROUP_BODY,
  GROUP_BULLET,
  MASK_BODY,
  MASK_BULLET,
  type Peer,
  type PeerWorld,
  rotationFromUp,
} from './peer.ts'

/** Faster than anything in the scenes (m/s, rad/s): the plug-in's own limit would clamp projectiles. */
const SPEED_LIMIT = 1000
const MATRIX_FLOATS = 16
/** Floats of one pose as read: position, then the 3×3 rotation by columns. */
const STRIDE = 12

type Havok = HavokPhysicsWithBindings

let instance: Promise<Havok> | undefined

function loadModule(): Promise<Havok> {
  instance ??= HavokPhysics({
    wasmBinary: toArrayBuffer(createRequire(import.meta.url).resolve('@babylonjs/havok/lib/esm/HavokPhysics.wasm')),
  })
  return instance
}

function toArrayBuffer(path: string): ArrayBuffer {
  const bytes = readFileSync(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

/** What is made while a scene is loaded, and released with it. Shapes are shared by form and material. */
interface Loading {
  hk: Havok
  world: HP_WorldId
  sleeping: boolean
  shapes: Map<string, HP_ShapeId>
}

function shapeOf({ hk, shapes }: Loading, { shape: form, friction, restitution, bullet }: SceneBody): HP_ShapeId {
  const size = form.type === 'hull' ? form.points.join() : JSON.stringify(form)
  const key = `${size} ${friction} ${restitution} ${bullet}`
  const known = shapes.get(key)
  if (known) return known
  const shape = createShape(hk, form)
  setMaterial(hk, shape, friction, restitution)
  hk.HP_Shape_SetFilterInfo(shape, [bullet ? GROUP_BULLET : GROUP_BODY, bullet ? MASK_BULLET : MASK_BODY])
  shapes.set(key, shape)
  return shape
}

function createShape(hk: Havok, form: SceneBody['shape']): HP_ShapeId {
  if (form.type === 'sphere') return hk.HP_Shape_CreateSphere([0, 0, 0], form.radius)[1]
  if (form.type === 'box') {
    const [x, y, z] = form.halfExtents
    return hk.HP_Shape_CreateBox([0, 0, 0], [0, 0, 0, 1], [2 * x, 2 * y, 2 * z])[1]
  }
  if (form.type === 'capsule') {
    return hk.HP_Shape_CreateCapsule([0, -form.halfHeight, 0], [0, form.halfHeight, 0], form.radius)[1]
  }
  const bytes = form.points.byteLength
  const memory = hk as unknown as { _malloc(bytes: number): number; _free(pointer: number): void }
  const pointer = memory._malloc(bytes)
  new Float32Array(hk.HEAPU8.buffer, pointer, form.points.length).set(form.points)
  const shape = hk.HP_Shape_CreateConvexHull(pointer, form.points.length / 3)[1]
  memory._free(pointer)
  return shape
}

function addBody(loading: Loading, data: SceneBody): HP_BodyId {
  const { hk, world, sleeping } = loading
  const { position, rotation, linearVelocity, mass, kind } = data
  const shape = shapeOf(loading, data)
  const body = hk.HP_Body_Create()[1]
  hk.HP_Body_SetShape(body, shape)
  const types = hk.MotionType
  hk.HP_Body_SetMotionType(body, kind === 0 ? types.STATIC : kind === 1 ? types.DYNAMIC : types.KINEMATIC)
  const [center, , inertia, axes] = hk.HP_Shape_BuildMassProperties(shape)[1]
  hk.HP_Body_SetMassProperties(body, [center, mass, inertia, axes])
  hk.HP_Body_SetLinearDamping(body, 0)
  hk.HP_Body_SetAngularDamping(body, 0)
  hk.HP_Body_SetQTransform(body, [position, rotation])
  hk.HP_Body_SetLinearVelocity(body, linearVelocity)
  const control = hk.ActivationControl
  hk.HP_Body_SetActivationControl(body, sleeping ? control.SIMULATION_CONTROLLED : control.ALWAYS_ACTIVE)
  hk.HP_World_AddBody(world, body, false)
  return body
}

function setMaterial(hk: Havok, shape: HP_ShapeId, friction: number, restitution: number): void {
  const combine = hk.MaterialCombine
  hk.HP_Shape_SetMaterial(shape, [friction, friction, restitution, combine.GEOMETRIC_MEAN, combine.MAXIMUM])
}

function addFloor({ hk, world, shapes }: Loading, plane: SceneData['planes'][number]): HP_BodyId {
  const edge = 2 * FLOOR_HALF_EXTENT
  const shape = hk.HP_Shape_CreateBox([0, 0, 0], [0, 0, 0, 1], [edge, FLOOR_THICKNESS, edge])[1]
  shapes.set(`floor ${shapes.size}`, shape)
  setMaterial(hk, shape, plane.friction, plane.restitution)
  hk.HP_Shape_SetFilterInfo(shape, [GROUP_BODY, MASK_BODY])
  const body = hk.HP_Body_Create()[1]
  hk.HP_Body_SetShape(body, shape)
  hk.HP_Body_SetMotionType(body, hk.MotionType.STATIC)
  hk.HP_Body_SetQTransform(body, [floorCenter(plane), rotationFromUp(plane.normal)])
  hk.HP_World_AddBody(world, body, false)
  return body
}

/** Each ray fills a collector that holds one hit: the nearest. */
function rayCaster(hk: Havok, world: HP_WorldId): NonNullable<PeerWorld['castRays']> {
  const collector = hk.HP_QueryCollector_Create(1)[1]
  const from: [number, number, number] = [0, 0, 0]
  const to: [number, number, number] = [0, 0, 0]
  return ({ count, origins, directions, maxDistance }: RayData, distances) => {
    for (let ray = 0; ray < count; ray++) {
      for (let axis = 0; axis < 3; axis++) {
        from[axis] = origins[3 * ray + axis]
        to[axis] = from[axis] + directions[3 * ray + axis] * maxDistance
      }
      hk.HP_World_CastRayWithCollector(world, collector, [from, to, [MASK_BODY, MASK_BODY], false, [0n]])
      const hit = hk.HP_QueryCollector_GetNumHits(collector)[1] > 0
      distances[ray] = hit
        ? hk.HP_QueryCollector_GetCastRayResult(collector, 0)[1][0] * maxDistance
        : Number.POSITIVE_INFINITY
    }
  }
}

async function load(scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'havok')
  const hk = await loadModule()
  const world = hk.HP_World_Create()[1]
  hk.HP_World_SetGravity(world, scene.gravity)
  hk.HP_World_SetSpeedLimit(world, SPEED_LIMIT, SPEED_LIMIT)
  const loading: Loading = { hk, world, sleeping: scene.sleeping ?? false, shapes: new Map() }
  const floors = scene.planes.map((plane) => addFloor(loading, plane))
  const bodies = Array.from({ length: bodiesOf(scene) }, (_, index) => addBody(loading, bodyAt(scene, index)))
  const joints = (scene.joints ?? []).map((joint) => addHavokJoint(hk, scene, joint, bodies))
  const moving = bodies.filter((_, index) => bodyAt(scene, index).kind !== 0)
  const inactive = hk.ActivationState.INACTIVE
  const offsets = Uint32Array.from(bodies, (body) => hk.HP_Body_GetWorldTransformOffset(body)[1])
  return {
    bodies: hk.HP_World_GetNumBodies(world)[1],
    threads: 1,
    tier: 'simd',
    transformStride: STRIDE,
    orientation: { kind: 'columns', at: 3 },
    step(dt) {
      hk.HP_World_Step(world, dt)
    },
    readTransforms(out) {
      const buffer = hk.HP_World_GetBodyBuffer(world)[1]
      copyMatrices(hk.HEAPU8.buffer as ArrayBuffer, buffer, offsets, out)
      return out
    },
    asleep: () => moving.filter((body) => hk.HP_Body_GetActivationState(body)[1] === inactive).length,
    castRays: rayCaster(hk, world),
    dispose: () => release(loading, [...bodies, ...floors], joints),
  }
}

function release({ hk, world, shapes }: Loading, bodies: HP_BodyId[], joints: HP_ConstraintId[]): void {
  for (const joint of joints) hk.HP_Constraint_Release(joint)
  for (const body of bodies) {
    hk.HP_World_RemoveBody(world, body)
    hk.HP_Body_Release(body)
  }
  for (const shape of shapes.values()) hk.HP_Shape_Release(shape)
  hk.HP_World_Release(world)
}

/** Body buffer → position + rotation columns. Memory of the plug-in may grow, so the view is made anew. */
function copyMatrices(memory: ArrayBuffer, base: number, offsets: Uint32Array, out: Float32Array): void {
  const heap = new Float32Array(memory, 0, Math.floor(memory.byteLength / 4))
  let to = 0
  for (let index = 0; index < offsets.length; index++) {
    const from = (base + offsets[index]) >> 2
    const rotation = from + MATRIX_FLOATS - 4
    out[to] = heap[rotation]
    out[to + 1] = heap[rotation + 1]
    out[to + 2] = heap[rotation + 2]
    for (let column = 0; column < 3; column++) {
      out[to + 3 + column * 3] = heap[from + column * 4]
      out[to + 4 + column * 3] = heap[from + column * 4 + 1]
      out[to + 5 + column * 3] = heap[from + column * 4 + 2]
    }
    to += STRIDE
  }
}

/** Havok, the single-threaded SIMD build that its makers ship. */
export const havok: Peer = { name: 'havok', packageName: '@babylonjs/havok', load }
