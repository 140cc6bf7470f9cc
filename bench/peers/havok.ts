/** Havok through its WebAssembly plug-in interface, read through the body buffer (one matrix per body, no call per body). */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import HavokPhysics, { type HavokPhysicsWithBindings, type HP_BodyId, type HP_WorldId } from '@babylonjs/havok'
import type { SceneData } from '../../examples/scenes/scene.ts'
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

function addSphere(hk: Havok, world: HP_WorldId, scene: SceneData, index: number): HP_BodyId {
  const s = scene.spheres
  const kind = s.kind[index]
  const radius = s.radius[index]
  const shape = hk.HP_Shape_CreateSphere([0, 0, 0], radius)[1]
  setMaterial(hk, shape, s.friction[index], s.restitution[index])
  const bullet = s.bullet[index] === 1
  hk.HP_Shape_SetFilterInfo(shape, [bullet ? GROUP_BULLET : GROUP_BODY, bullet ? MASK_BULLET : MASK_BODY])
  const body = hk.HP_Body_Create()[1]
  hk.HP_Body_SetShape(body, shape)
  const types = hk.MotionType
  hk.HP_Body_SetMotionType(body, kind === 0 ? types.STATIC : kind === 1 ? types.DYNAMIC : types.KINEMATIC)
  const inertia = 0.4 * radius * radius
  hk.HP_Body_SetMassProperties(body, [[0, 0, 0], s.mass[index], [inertia, inertia, inertia], [0, 0, 0, 1]])
  hk.HP_Body_SetLinearDamping(body, 0)
  hk.HP_Body_SetAngularDamping(body, 0)
  hk.HP_Body_SetPosition(body, [s.x[index], s.y[index], s.z[index]])
  hk.HP_Body_SetLinearVelocity(body, [s.vx[index], s.vy[index], s.vz[index]])
  hk.HP_Body_SetActivationControl(body, hk.ActivationControl.ALWAYS_ACTIVE)
  hk.HP_World_AddBody(world, body, false)
  return body
}

function setMaterial(hk: Havok, shape: [bigint], friction: number, restitution: number): void {
  const combine = hk.MaterialCombine
  hk.HP_Shape_SetMaterial(shape, [friction, friction, restitution, combine.GEOMETRIC_MEAN, combine.MAXIMUM])
}

function addFloor(hk: Havok, world: HP_WorldId, plane: SceneData['planes'][number]): HP_BodyId {
  const edge = 2 * FLOOR_HALF_EXTENT
  const shape = hk.HP_Shape_CreateBox([0, 0, 0], [0, 0, 0, 1], [edge, FLOOR_THICKNESS, edge])[1]
  setMaterial(hk, shape, plane.friction, plane.restitution)
  hk.HP_Shape_SetFilterInfo(shape, [GROUP_BODY, MASK_BODY])
  const body = hk.HP_Body_Create()[1]
  hk.HP_Body_SetShape(body, shape)
  hk.HP_Body_SetMotionType(body, hk.MotionType.STATIC)
  hk.HP_Body_SetQTransform(body, [floorCenter(plane), rotationFromUp(plane.normal)])
  hk.HP_World_AddBody(world, body, false)
  return body
}

async function load(scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'havok')
  const hk = await loadModule()
  const world = hk.HP_World_Create()[1]
  hk.HP_World_SetGravity(world, scene.gravity)
  hk.HP_World_SetSpeedLimit(world, SPEED_LIMIT, SPEED_LIMIT)
  const floors = scene.planes.map((plane) => addFloor(hk, world, plane))
  const spheres = Array.from({ length: scene.spheres.count }, (_, index) => addSphere(hk, world, scene, index))
  const offsets = Uint32Array.from(spheres, (body) => hk.HP_Body_GetWorldTransformOffset(body)[1])
  return {
    bodies: hk.HP_World_GetNumBodies(world)[1],
    threads: 1,
    tier: 'simd',
    transformStride: STRIDE,
    step(dt) {
      hk.HP_World_Step(world, dt)
    },
    readTransforms(out) {
      const buffer = hk.HP_World_GetBodyBuffer(world)[1]
      copyMatrices(hk.HEAPU8.buffer as ArrayBuffer, buffer, offsets, out)
      return out
    },
    dispose() {
      for (const body of [...spheres, ...floors]) releaseBody(hk, world, body)
      hk.HP_World_Release(world)
    },
  }
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

function releaseBody(hk: Havok, world: HP_WorldId, body: HP_BodyId): void {
  const shape = hk.HP_Body_GetShape(body)[1]
  hk.HP_World_RemoveBody(world, body)
  hk.HP_Body_Release(body)
  hk.HP_Shape_Release(shape)
}

/** Havok, the single-threaded SIMD build that its makers ship. */
export const havok: Peer = { name: 'havok', packageName: '@babylonjs/havok', load }
