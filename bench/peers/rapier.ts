/** Rapier, portable build (no SIMD). The SIMD build shares the adapter below: the two packages have one interface. */
import RAPIER from '@dimforge/rapier3d-compat'
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

export type RapierModule = typeof RAPIER

/** Position, then quaternion. */
const STRIDE = 7

/** Rapier packs membership in the upper and the filter in the lower 16 bits. */
const GROUPS_BODY = (GROUP_BODY << 16) | MASK_BODY
const GROUPS_BULLET = (GROUP_BULLET << 16) | MASK_BULLET

type World = InstanceType<RapierModule['World']>
type Body = InstanceType<RapierModule['RigidBody']>

function addSphere(rapier: RapierModule, world: World, scene: SceneData, index: number): Body {
  const s = scene.spheres
  const kind = s.kind[index]
  const desc =
    kind === 0
      ? rapier.RigidBodyDesc.fixed()
      : kind === 1
        ? rapier.RigidBodyDesc.dynamic()
        : rapier.RigidBodyDesc.kinematicVelocityBased()
  desc
    .setTranslation(s.x[index], s.y[index], s.z[index])
    .setLinvel(s.vx[index], s.vy[index], s.vz[index])
    .setCanSleep(false)
  const body = world.createRigidBody(desc)
  const collider = rapier.ColliderDesc.ball(s.radius[index])
    .setMass(s.mass[index])
    .setFriction(s.friction[index])
    .setRestitution(s.restitution[index])
    .setFrictionCombineRule(rapier.CoefficientCombineRule.Average)
    .setRestitutionCombineRule(rapier.CoefficientCombineRule.Max)
    .setCollisionGroups(s.bullet[index] === 1 ? GROUPS_BULLET : GROUPS_BODY)
  world.createCollider(collider, body)
  return body
}

function addFloor(rapier: RapierModule, world: World, plane: SceneData['planes'][number]): void {
  const [x, y, z] = floorCenter(plane)
  const [qx, qy, qz, qw] = rotationFromUp(plane.normal)
  const body = world.createRigidBody(
    rapier.RigidBodyDesc.fixed().setTranslation(x, y, z).setRotation({ x: qx, y: qy, z: qz, w: qw }),
  )
  const box = rapier.ColliderDesc.cuboid(FLOOR_HALF_EXTENT, FLOOR_THICKNESS / 2, FLOOR_HALF_EXTENT)
  world.createCollider(
    box.setFriction(plane.friction).setRestitution(plane.restitution).setCollisionGroups(GROUPS_BODY),
    body,
  )
}

/** The adapter for either build of Rapier. */
export async function loadRapier(rapier: RapierModule, tier: string, scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'rapier')
  await rapier.init()
  const [x, y, z] = scene.gravity
  const world = new rapier.World({ x, y, z })
  for (const plane of scene.planes) addFloor(rapier, world, plane)
  const spheres = Array.from({ length: scene.spheres.count }, (_, index) => addSphere(rapier, world, scene, index))
  const position = { x: 0, y: 0, z: 0 }
  const rotation = { x: 0, y: 0, z: 0, w: 1 }
  return {
    bodies: world.bodies.len(),
    threads: 1,
    tier,
    transformStride: STRIDE,
    step(dt) {
      world.timestep = dt
      world.step()
    },
    readTransforms(out) {
      let to = 0
      for (const body of spheres) {
        body.translation(position)
        body.rotation(rotation)
        out[to] = position.x
        out[to + 1] = position.y
        out[to + 2] = position.z
        out[to + 3] = rotation.x
        out[to + 4] = rotation.y
        out[to + 5] = rotation.z
        out[to + 6] = rotation.w
        to += STRIDE
      }
      return out
    },
    dispose() {
      world.free()
    },
  }
}

/** Rapier as most pages load it: one thread, no SIMD. */
export const rapier: Peer = {
  name: 'rapier',
  packageName: '@dimforge/rapier3d-compat',
  load: (scene) => loadRapier(RAPIER, 'scalar', scene),
}
