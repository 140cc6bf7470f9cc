/** crashcat: plain JavaScript records, in Jolt's manner. */
import {
  addBroadphaseLayer,
  addObjectLayer,
  box,
  CastRayStatus,
  capsule,
  castRay,
  convexHull,
  createClosestCastRayCollector,
  createDefaultCastRaySettings,
  createWorld,
  createWorldSettings,
  enableCollision,
  filter,
  type Listener,
  MotionType,
  plane,
  type RigidBody,
  registerAll,
  rigidBody,
  type Shape,
  sphere,
  updateWorld,
  type World,
} from 'crashcat'
import {
  bodiesOf,
  bodyAt,
  type PlaneData,
  type SceneBody,
  type SceneData,
  type Vec3,
} from '../../examples/scenes/scene.ts'
import { addCrashcatJoint } from './crashcat-joints.ts'
import {
  assertComparable,
  GROUP_BODY,
  GROUP_BULLET,
  MASK_BODY,
  MASK_BULLET,
  type Peer,
  type PeerWorld,
} from './peer.ts'

/** Position, then quaternion. */
const STRIDE = 7
/** Faster than anything in the scenes (m/s), above the default of 500 as well. */
const SPEED_LIMIT = 1000

/** What is kept while a scene is loaded. Shapes are shared by the scene's own object. */
interface Loading {
  world: World
  moving: number
  still: number
  sleeping: boolean
  shapes: Map<SceneBody['shape'], Shape>
}

function createLoading(scene: SceneData): Loading {
  registerAll()
  const settings = createWorldSettings()
  const broadMoving = addBroadphaseLayer(settings)
  const broadStill = addBroadphaseLayer(settings)
  const moving = addObjectLayer(settings, broadMoving)
  const still = addObjectLayer(settings, broadStill)
  enableCollision(settings, moving, still)
  enableCollision(settings, moving, moving)
  settings.gravity = [...scene.gravity]
  const sleeping = scene.sleeping ?? false
  settings.sleeping.allowSleeping = sleeping
  return { world: createWorld(settings), moving, still, sleeping, shapes: new Map() }
}

function shapeOf({ shapes }: Loading, form: SceneBody['shape']): Shape {
  const known = shapes.get(form)
  if (known) return known
  const shape = createShape(form)
  shapes.set(form, shape)
  return shape
}

function createShape(form: SceneBody['shape']): Shape {
  if (form.type === 'sphere') return sphere.create({ radius: form.radius })
  if (form.type === 'box') return box.create({ halfExtents: [...form.halfExtents] })
  if (form.type === 'hull') return convexHull.create({ positions: [...form.points] })
  return capsule.create({ halfHeightOfCylinder: form.halfHeight, radius: form.radius })
}

function addBody(loading: Loading, data: SceneBody): RigidBody {
  const types = [MotionType.STATIC, MotionType.DYNAMIC, MotionType.KINEMATIC]
  const body = rigidBody.create(loading.world, {
    shape: shapeOf(loading, data.shape),
    objectLayer: data.kind === 0 ? loading.still : loading.moving,
    motionType: types[data.kind],
    position: data.position,
    quaternion: data.rotation,
    mass: data.mass,
    friction: data.friction,
    restitution: data.restitution,
    linearDamping: 0,
    angularDamping: 0,
    maxLinearVelocity: SPEED_LIMIT,
    allowSleeping: loading.sleeping,
    collisionGroups: data.bullet ? GROUP_BULLET : GROUP_BODY,
    collisionMask: data.bullet ? MASK_BULLET : MASK_BODY,
  })
  if (data.kind !== 0) rigidBody.setLinearVelocity(loading.world, body, data.linearVelocity)
  return body
}

function addFloor({ world, still }: Loading, { normal, offset, friction, restitution }: PlaneData): void {
  rigidBody.create(world, {
    shape: plane.create({ plane: { normal: [...normal], constant: -offset } }),
    objectLayer: still,
    motionType: MotionType.STATIC,
    friction,
    restitution,
  })
}

/** Jointed pairs that do not collide are asked for before the narrow phase, as its manual advises for ragdolls. */
function listenerOf(scene: SceneData, bodies: readonly RigidBody[]): Listener | undefined {
  const apart = new Map<number, Set<number>>()
  for (const { a, b, collideConnected } of scene.joints ?? []) {
    if (collideConnected) continue
    for (const [one, other] of [
      [bodies[a].index, bodies[b].index],
      [bodies[b].index, bodies[a].index],
    ]) {
      apart.set(one, (apart.get(one) ?? new Set()).add(other))
    }
  }
  if (apart.size === 0) return undefined
  return { onBodyPairValidate: (one, other) => !apart.get(one.index)?.has(other.index) }
}

function rayCaster(world: World): NonNullable<PeerWorld['castRays']> {
  const collector = createClosestCastRayCollector()
  const settings = createDefaultCastRaySettings()
  const all = filter.create(world.settings.layers)
  const origin: Vec3 = [0, 0, 0]
  const direction: Vec3 = [0, 0, 0]
  return ({ count, origins, directions, maxDistance }, distances) => {
    for (let i = 0; i < count; i++) {
      for (let axis = 0; axis < 3; axis++) {
        origin[axis] = origins[3 * i + axis]
        direction[axis] = directions[3 * i + axis]
      }
      collector.reset()
      castRay(world, collector, settings, origin, direction, maxDistance, all)
      const { status, fraction } = collector.hit
      distances[i] = status === CastRayStatus.COLLIDING ? fraction * maxDistance : Number.POSITIVE_INFINITY
    }
  }
}

function poseReader(bodies: readonly RigidBody[]): PeerWorld['readTransforms'] {
  return (out) => {
    let to = 0
    for (const { position, quaternion } of bodies) {
      for (let axis = 0; axis < 3; axis++) out[to + axis] = position[axis]
      for (let axis = 0; axis < 4; axis++) out[to + 3 + axis] = quaternion[axis]
      to += STRIDE
    }
    return out
  }
}

async function load(scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'crashcat')
  const loading = createLoading(scene)
  const { world } = loading
  for (const data of scene.planes) addFloor(loading, data)
  const bodies = Array.from({ length: bodiesOf(scene) }, (_, index) => addBody(loading, bodyAt(scene, index)))
  for (const joint of scene.joints ?? []) addCrashcatJoint(world, scene, joint, bodies)
  const listener = listenerOf(scene, bodies)
  return {
    bodies: bodies.length + scene.planes.length,
    threads: 1,
    tier: 'js',
    transformStride: STRIDE,
    orientation: { kind: 'quaternion', at: 3 },
    step(dt) {
      updateWorld(world, listener, dt)
    },
    readTransforms: poseReader(bodies),
    asleep: () => bodies.filter(({ sleeping }) => sleeping).length,
    castRays: rayCaster(world),
    dispose() {},
  }
}

/** crashcat, the newest engine in plain JavaScript. */
export const crashcat: Peer = { name: 'crashcat', packageName: 'crashcat', load }
