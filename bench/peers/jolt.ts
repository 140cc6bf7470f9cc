/** Jolt, the single-threaded WebAssembly build. */
import initJolt from 'jolt-physics'
import type { SceneData } from '../../examples/scenes/scene.ts'
import { assertComparable, type Peer, type PeerWorld } from './peer.ts'

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

type JoltModule = typeof initJolt
type JoltInterface = InstanceType<JoltModule['JoltInterface']>
type BodyInterface = InstanceType<JoltModule['BodyInterface']>
type BodyID = InstanceType<JoltModule['BodyID']>

/** Two broad-phase trees (static, moving) and a pair table in which bullets ignore bullets. */
function createInterface(jolt: JoltModule, bodies: number): JoltInterface {
  const settings = new jolt.JoltSettings()
  settings.mMaxBodies = bodies + SPARE_BODIES
  settings.mMaxBodyPairs = MAX_BODY_PAIRS
  settings.mMaxContactConstraints = MAX_CONTACTS
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
  const created = new jolt.JoltInterface(settings)
  jolt.destroy(settings)
  return created
}

/** Creates (does not add) one sphere and gives its identity as a number. */
function createSphere(jolt: JoltModule, bodies: BodyInterface, scene: SceneData, index: number): number {
  const s = scene.spheres
  const kind = s.kind[index]
  const motion = [jolt.EMotionType_Static, jolt.EMotionType_Dynamic, jolt.EMotionType_Kinematic][kind]
  const layer = kind === 0 ? LAYER_STATIC : s.bullet[index] === 1 ? LAYER_BULLET : LAYER_BODY
  const position = new jolt.RVec3(s.x[index], s.y[index], s.z[index])
  const rotation = new jolt.Quat(0, 0, 0, 1)
  const velocity = new jolt.Vec3(s.vx[index], s.vy[index], s.vz[index])
  const shape = new jolt.SphereShape(s.radius[index])
  const settings = new jolt.BodyCreationSettings(shape, position, rotation, motion, layer)
  settings.mLinearVelocity = velocity
  settings.mAllowSleeping = false
  settings.mLinearDamping = 0
  settings.mAngularDamping = 0
  settings.mMaxLinearVelocity = SPEED_LIMIT
  settings.mFriction = s.friction[index]
  settings.mRestitution = s.restitution[index]
  settings.mOverrideMassProperties = jolt.EOverrideMassProperties_CalculateInertia
  settings.mMassPropertiesOverride.mMass = s.mass[index]
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

async function load(scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'jolt')
  // Jolt's memory is one fixed block: a new module per scene gives each scene the whole of it.
  const jolt = (await initJolt()) as unknown as JoltModule
  const physics = createInterface(jolt, scene.spheres.count + scene.planes.length)
  const system = physics.GetPhysicsSystem()
  const gravity = new jolt.Vec3(...scene.gravity)
  system.SetGravity(gravity)
  jolt.destroy(gravity)
  const bodies = system.GetBodyInterfaceNoLock()
  for (const plane of scene.planes) addFloor(jolt, bodies, plane)
  const ids = Array.from(
    { length: scene.spheres.count },
    (_, index) => new jolt.BodyID(createSphere(jolt, bodies, scene, index)),
  )
  for (const id of ids) bodies.AddBody(id, jolt.EActivation_Activate)
  // Without this the first step builds the tree from bodies added one by one, which takes seconds.
  system.OptimizeBroadPhase()
  return {
    bodies: system.GetNumBodies(),
    threads: 1,
    tier: 'scalar',
    transformStride: STRIDE,
    step(dt) {
      physics.Step(dt, 1)
    },
    readTransforms: transformReader(jolt, bodies, ids),
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

/** Jolt, the build that runs on every page. */
export const jolt: Peer = { name: 'jolt', packageName: 'jolt-physics', load }
