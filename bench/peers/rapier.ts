/** Rapier, portable build (no SIMD). The SIMD build shares the adapter below: the two packages have one interface. */
import RAPIER from '@dimforge/rapier3d-compat'
import { bodiesOf, bodyAt, type JointData, type SceneBody, type SceneData } from '../../examples/scenes/scene.ts'
import { jointFrames } from './frames.ts'
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
  Unable,
} from './peer.ts'

export type RapierModule = typeof RAPIER

/** Position, then quaternion. */
const STRIDE = 7

/** Rapier packs membership in the upper and the filter in the lower 16 bits. */
const GROUPS_BODY = (GROUP_BODY << 16) | MASK_BODY
const GROUPS_BULLET = (GROUP_BULLET << 16) | MASK_BULLET

type World = InstanceType<RapierModule['World']>
type Body = InstanceType<RapierModule['RigidBody']>
type ColliderDesc = InstanceType<RapierModule['ColliderDesc']>

const vector = ([x, y, z]: readonly number[]) => ({ x, y, z })
const quaternion = ([x, y, z, w]: readonly number[]) => ({ x, y, z, w })
const UNTURNED = { x: 0, y: 0, z: 0, w: 1 }

function colliderOf(rapier: RapierModule, shape: SceneBody['shape']): ColliderDesc {
  if (shape.type === 'sphere') return rapier.ColliderDesc.ball(shape.radius)
  if (shape.type === 'box') return rapier.ColliderDesc.cuboid(...shape.halfExtents)
  if (shape.type === 'capsule') return rapier.ColliderDesc.capsule(shape.halfHeight, shape.radius)
  const hull = rapier.ColliderDesc.convexHull(shape.points)
  if (!hull) throw new Unable('rapier cannot make a hull of these points')
  return hull
}

function addBody(rapier: RapierModule, world: World, data: SceneBody, sleeping: boolean): Body {
  const desc =
    data.kind === 0
      ? rapier.RigidBodyDesc.fixed()
      : data.kind === 1
        ? rapier.RigidBodyDesc.dynamic()
        : rapier.RigidBodyDesc.kinematicVelocityBased()
  desc
    .setTranslation(...data.position)
    .setRotation(quaternion(data.rotation))
    .setLinvel(...data.linearVelocity)
    .setCanSleep(sleeping)
  const body = world.createRigidBody(desc)
  const collider = colliderOf(rapier, data.shape)
    .setMass(data.mass)
    .setFriction(data.friction)
    .setRestitution(data.restitution)
    .setFrictionCombineRule(rapier.CoefficientCombineRule.Average)
    .setRestitutionCombineRule(rapier.CoefficientCombineRule.Max)
    .setCollisionGroups(data.bullet ? GROUPS_BULLET : GROUPS_BODY)
  world.createCollider(collider, body)
  return body
}

function addFloor(rapier: RapierModule, world: World, plane: SceneData['planes'][number]): void {
  const body = world.createRigidBody(
    rapier.RigidBodyDesc.fixed()
      .setTranslation(...floorCenter(plane))
      .setRotation(quaternion(rotationFromUp(plane.normal))),
  )
  const box = rapier.ColliderDesc.cuboid(FLOOR_HALF_EXTENT, FLOOR_THICKNESS / 2, FLOOR_HALF_EXTENT)
  world.createCollider(
    box.setFriction(plane.friction).setRestitution(plane.restitution).setCollisionGroups(GROUPS_BODY),
    body,
  )
}

function jointParams(rapier: RapierModule, joint: JointData, a: SceneBody, b: SceneBody) {
  const { anchorA, anchorB, axisA, axisB } = jointFrames(joint, a, b)
  const [one, two] = [vector(anchorA), vector(anchorB)]
  if (joint.type === 'ball') return rapier.JointData.spherical(one, two)
  if (joint.type === 'hinge') return rapier.JointData.revoluteWithAxes(one, two, vector(axisA), vector(axisB))
  if (joint.type === 'distance') return rapier.JointData.rope(joint.length ?? 0, one, two)
  // The frames agree in the world as the scene begins: each is the body's rotation undone.
  const undo = ([x, y, z, w]: readonly number[]) => quaternion([-x, -y, -z, w])
  return rapier.JointData.fixed(one, undo(a.rotation), two, undo(b.rotation))
}

function rayCaster(rapier: RapierModule, world: World): NonNullable<PeerWorld['castRays']> {
  const ray = new rapier.Ray({ x: 0, y: 0, z: 0 }, { x: 0, y: 0, z: 0 })
  return ({ count, origins, directions, maxDistance }, distances) => {
    for (let i = 0; i < count; i++) {
      ray.origin.x = origins[3 * i]
      ray.origin.y = origins[3 * i + 1]
      ray.origin.z = origins[3 * i + 2]
      ray.dir.x = directions[3 * i]
      ray.dir.y = directions[3 * i + 1]
      ray.dir.z = directions[3 * i + 2]
      distances[i] = world.castRay(ray, maxDistance, true)?.timeOfImpact ?? Number.POSITIVE_INFINITY
    }
  }
}

function poseReader(bodies: readonly Body[]): PeerWorld['readTransforms'] {
  const position = { x: 0, y: 0, z: 0 }
  const rotation = { ...UNTURNED }
  return (out) => {
    let to = 0
    for (const body of bodies) {
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
  }
}

/** The adapter for either build of Rapier. */
export async function loadRapier(rapier: RapierModule, tier: string, scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'rapier')
  await rapier.init()
  const world = new rapier.World(vector(scene.gravity))
  for (const plane of scene.planes) addFloor(rapier, world, plane)
  const sleeping = scene.sleeping ?? false
  const bodies = Array.from({ length: bodiesOf(scene) }, (_, index) =>
    addBody(rapier, world, bodyAt(scene, index), sleeping),
  )
  for (const joint of scene.joints ?? []) {
    const params = jointParams(rapier, joint, bodyAt(scene, joint.a), bodyAt(scene, joint.b))
    const created = world.createImpulseJoint(params, bodies[joint.a], bodies[joint.b], true)
    created.setContactsEnabled(joint.collideConnected)
  }
  return {
    bodies: world.bodies.len(),
    threads: 1,
    tier,
    transformStride: STRIDE,
    orientation: { kind: 'quaternion', at: 3 },
    step(dt) {
      world.timestep = dt
      world.step()
    },
    readTransforms: poseReader(bodies),
    asleep: () => bodies.filter((body) => body.isSleeping()).length,
    castRays: rayCaster(rapier, world),
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
