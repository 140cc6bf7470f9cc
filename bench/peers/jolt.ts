/** Jolt. One adapter for its builds: `jolt.ts` has the single-threaded one, `jolt-threads.ts` the one with helper threads. */
import initJolt from 'jolt-physics'
import { bodiesOf, bodyAt, type SceneBody, type SceneData } from '../../examples/scenes/scene.ts'
import { addJoltJoints, type Grouping, groupBodies } from './jolt-joints.ts'
import { assertComparable, type Peer, type PeerWorld, Unable } from './peer.ts'

/** Position, then quaternion. */
const STRIDE = 7
const LAYER_STATIC = 0
const LAYER_BODY = 1
const LAYER_BULLET = 2
const LAYERS = 3
const BROAD_STATIC = 0
const BROAD_MOVING = 1
const BROAD_LAYERS = 2
/** Room above the scene's own bodies: the floor, and the world's fixed body. */
const SPARE_BODIES = 16
const MAX_BODY_PAIRS = 65_536
/** Contacts a step. The build has 10 MB of scratch memory for contacts (472 bytes each) and islands; the pile needs some 15,000. */
const MAX_CONTACTS = 16_384
/** Faster than anything in the scenes (m/s), above the default of 500 as well. */
const SPEED_LIMIT = 1000
/** Half extent (m) of the plane's bounding box; the default. */
const PLANE_HALF_EXTENT = 1000

export type JoltModule = typeof initJolt
type JoltInterface = InstanceType<JoltModule['JoltInterface']>
type JoltSettings = InstanceType<JoltModule['JoltSettings']>
type BodyInterface = InstanceType<JoltModule['BodyInterface']>
type BodyID = InstanceType<JoltModule['BodyID']>
type Shape = InstanceType<JoltModule['Shape']>

/** A build of Jolt and how its rows name it. */
export interface JoltBuild {
  module: JoltModule
  tier: string
  /** Threads that step, the caller included. */
  threads: number
}

function createInterface({ module: jolt, threads }: JoltBuild, bodies: number): JoltInterface {
  const settings = new jolt.JoltSettings()
  settings.mMaxBodies = bodies + SPARE_BODIES
  settings.mMaxBodyPairs = MAX_BODY_PAIRS
  settings.mMaxContactConstraints = MAX_CONTACTS
  if (threads > 1) settings.mMaxWorkerThreads = threads - 1
  setLayers(jolt, settings)
  const created = new jolt.JoltInterface(settings)
  jolt.destroy(settings)
  return created
}

/** Two broad-phase trees (static, moving) and a pair table in which bullets ignore bullets. */
function setLayers(jolt: JoltModule, settings: JoltSettings): void {
  const pairs = new jolt.ObjectLayerPairFilterTable(LAYERS)
  pairs.EnableCollision(LAYER_STATIC, LAYER_BODY)
  pairs.EnableCollision(LAYER_STATIC, LAYER_BULLET)
  pairs.EnableCollision(LAYER_BODY, LAYER_BODY)
  pairs.EnableCollision(LAYER_BODY, LAYER_BULLET)
  const broad = new jolt.BroadPhaseLayerInterfaceTable(LAYERS, BROAD_LAYERS)
  broad.MapObjectToBroadPhaseLayer(LAYER_STATIC, new jolt.BroadPhaseLayer(BROAD_STATIC))
  broad.MapObjectToBroadPhaseLayer(LAYER_BODY, new jolt.BroadPhaseLayer(BROAD_MOVING))
  broad.MapObjectToBroadPhaseLayer(LAYER_BULLET, new jolt.BroadPhaseLayer(BROAD_MOVING))
  settings.mObjectLayerPairFilter = pairs
  settings.mBroadPhaseLayerInterface = broad
  settings.mObjectVsBroadPhaseLayerFilter = new jolt.ObjectVsBroadPhaseLayerFilterTable(
    broad,
    BROAD_LAYERS,
    pairs,
    LAYERS,
  )
}

function createShape(jolt: JoltModule, form: SceneBody['shape']): Shape {
  if (form.type === 'sphere') return new jolt.SphereShape(form.radius)
  if (form.type === 'capsule') return new jolt.CapsuleShape(form.halfHeight, form.radius)
  const vector = new jolt.Vec3(0, 0, 0)
  try {
    if (form.type === 'box') {
      vector.Set(...form.halfExtents)
      return new jolt.BoxShape(vector)
    }
    const settings = new jolt.ConvexHullShapeSettings()
    for (let i = 0; i < form.points.length; i += 3) {
      vector.Set(form.points[i], form.points[i + 1], form.points[i + 2])
      settings.mPoints.push_back(vector)
    }
    const result = settings.Create()
    if (result.HasError()) throw new Unable(`jolt: ${result.GetError().c_str()}`)
    const shape = result.Get()
    // The settings keep the shape that they made; it must outlive them.
    shape.AddRef()
    jolt.destroy(settings)
    return shape
  } finally {
    jolt.destroy(vector)
  }
}

/** What is kept while a scene is loaded. */
interface Loading {
  jolt: JoltModule
  bodies: BodyInterface
  sleeping: boolean
  /** Shapes by the scene's own object; spheres are not shared. */
  shapes: Map<SceneBody['shape'], Shape>
  grouping: Grouping
}

function shapeOf({ jolt, shapes }: Loading, form: SceneBody['shape']): Shape {
  const shape = shapes.get(form) ?? createShape(jolt, form)
  if (form.type !== 'sphere') shapes.set(form, shape)
  return shape
}

/** Creates (does not add) one body and gives its identity as a number. */
function createBody(loading: Loading, data: SceneBody, index: number): number {
  const { jolt, bodies, sleeping, grouping } = loading
  const motion = [jolt.EMotionType_Static, jolt.EMotionType_Dynamic, jolt.EMotionType_Kinematic][data.kind]
  const layer = data.kind === 0 ? LAYER_STATIC : data.bullet ? LAYER_BULLET : LAYER_BODY
  const position = new jolt.RVec3(...data.position)
  const rotation = new jolt.Quat(...data.rotation)
  const velocity = new jolt.Vec3(...data.linearVelocity)
  const shape = shapeOf(loading, data.shape)
  const settings = new jolt.BodyCreationSettings(shape, position, rotation, motion, layer)
  settings.mLinearVelocity = velocity
  settings.mAllowSleeping = sleeping
  settings.mLinearDamping = 0
  settings.mAngularDamping = 0
  settings.mMaxLinearVelocity = SPEED_LIMIT
  settings.mFriction = data.friction
  settings.mRestitution = data.restitution
  settings.mOverrideMassProperties = jolt.EOverrideMassProperties_CalculateInertia
  settings.mMassPropertiesOverride.mMass = data.mass
  const group = grouping.get(index)
  if (group) settings.mCollisionGroup = group
  const id = bodies.CreateBody(settings).GetID().GetIndexAndSequenceNumber()
  for (const object of [settings, position, rotation, velocity]) jolt.destroy(object)
  return id
}

function addFloor(jolt: JoltModule, bodies: BodyInterface, plane: SceneData['planes'][number]): void {
  const [x, y, z] = plane.normal
  const normal = new jolt.Vec3(x, y, z)
  const surface = new jolt.Plane(normal, -plane.offset)
  const shape = new jolt.PlaneShape(surface, undefined, PLANE_HALF_EXTENT)
  const position = new jolt.RVec3(0, 0, 0)
  const rotation = new jolt.Quat(0, 0, 0, 1)
  const settings = new jolt.BodyCreationSettings(shape, position, rotation, jolt.EMotionType_Static, LAYER_STATIC)
  settings.mFriction = plane.friction
  settings.mRestitution = plane.restitution
  bodies.CreateAndAddBody(settings, jolt.EActivation_DontActivate)
  for (const object of [settings, surface, normal, position, rotation]) jolt.destroy(object)
}

/** Fills a world of the build with a scene. Without `OptimizeBroadPhase` the first step takes seconds. */
export function loadJolt(build: JoltBuild, scene: SceneData): PeerWorld {
  assertComparable(scene, 'jolt')
  const { module: jolt, tier, threads } = build
  const count = bodiesOf(scene)
  const physics = createInterface(build, count + scene.planes.length)
  const system = physics.GetPhysicsSystem()
  const gravity = new jolt.Vec3(...scene.gravity)
  system.SetGravity(gravity)
  jolt.destroy(gravity)
  const bodies = system.GetBodyInterfaceNoLock()
  for (const plane of scene.planes) addFloor(jolt, bodies, plane)
  const grouping = groupBodies(jolt, scene)
  const loading: Loading = { jolt, bodies, sleeping: scene.sleeping ?? false, shapes: new Map(), grouping }
  const ids = Array.from({ length: count }, (_, i) => new jolt.BodyID(createBody(loading, bodyAt(scene, i), i)))
  for (const id of ids) bodies.AddBody(id, jolt.EActivation_Activate)
  addJoltJoints(jolt, system, scene, ids)
  system.OptimizeBroadPhase()
  let dynamic = 0
  for (let i = 0; i < count; i++) dynamic += bodyAt(scene, i).kind === 0 ? 0 : 1
  return {
    bodies: system.GetNumBodies(),
    threads,
    tier,
    transformStride: STRIDE,
    orientation: { kind: 'quaternion', at: 3 },
    step(dt) {
      physics.Step(dt, 1)
    },
    readTransforms: transformReader(jolt, bodies, ids),
    asleep: () => dynamic - system.GetNumActiveBodies(jolt.EBodyType_RigidBody),
    castRays: rayCaster(jolt, system),
    dispose() {
      jolt.destroy(physics)
    },
  }
}

/** One call per body fills two objects whose memory is then read directly, instead of seven getter calls. */
function transformReader(jolt: JoltModule, bodies: BodyInterface, ids: readonly BodyID[]): PeerWorld['readTransforms'] {
  const position = new jolt.RVec3(0, 0, 0)
  const rotation = new jolt.Quat(0, 0, 0, 1)
  const p = jolt.getPointer(position) >> 2
  const q = jolt.getPointer(rotation) >> 2
  return (out) => {
    const heap = jolt.HEAPF32
    let to = 0
    for (const id of ids) {
      bodies.GetPositionAndRotation(id, position, rotation)
      for (let axis = 0; axis < 3; axis++) out[to + axis] = heap[p + axis]
      for (let axis = 0; axis < 4; axis++) out[to + 3 + axis] = heap[q + axis]
      to += STRIDE
    }
    return out
  }
}

/** One ray and one collector for the nearest hit, filled again and again; all layers and bodies count. */
function rayCaster(
  jolt: JoltModule,
  system: InstanceType<JoltModule['PhysicsSystem']>,
): NonNullable<PeerWorld['castRays']> {
  const query = system.GetNarrowPhaseQuery()
  const ray = new jolt.RRayCast()
  const [origin, direction] = [ray.mOrigin, ray.mDirection]
  const settings = new jolt.RayCastSettings()
  const collector = new jolt.CastRayClosestHitCollisionCollector()
  const broad = new jolt.BroadPhaseLayerFilter()
  const layers = new jolt.ObjectLayerFilter()
  const bodies = new jolt.BodyFilter()
  const shapes = new jolt.ShapeFilter()
  return ({ count, origins, directions, maxDistance: reach }, distances) => {
    for (let i = 0; i < count; i++) {
      const at = 3 * i
      origin.Set(origins[at], origins[at + 1], origins[at + 2])
      direction.Set(directions[at] * reach, directions[at + 1] * reach, directions[at + 2] * reach)
      collector.Reset()
      query.CastRay(ray, settings, collector, broad, layers, bodies, shapes)
      distances[i] = collector.HadHit() ? collector.mHit.mFraction * reach : Number.POSITIVE_INFINITY
    }
  }
}

/** Jolt, the build that runs on every page. */
export const jolt: Peer = {
  name: 'jolt',
  packageName: 'jolt-physics',
  async load(scene) {
    // Jolt's memory is one fixed block: a new module per scene gives each scene the whole of it.
    return loadJolt({ module: (await initJolt()) as unknown as JoltModule, tier: 'scalar', threads: 1 }, scene)
  },
}
