/** cannon-es: plain JavaScript objects. */
import * as CANNON from 'cannon-es'
import { convexHull } from 'crashcat'
import {
  bodiesOf,
  bodyAt,
  type JointData,
  type SceneBody,
  type SceneData,
  type Vec3 as Vector,
} from '../../examples/scenes/scene.ts'
import { jointFrames } from './frames.ts'
import {
  assertComparable,
  GROUP_BODY,
  GROUP_BULLET,
  MASK_BODY,
  MASK_BULLET,
  type Peer,
  type PeerWorld,
  rotationFromUp,
  Unable,
} from './peer.ts'

/** Position, then quaternion. */
const STRIDE = 7
/** Sides of the cylinder in a capsule that is put together. */
const CAPSULE_SIDES = 8
/** Its planes look along their own z. */
const Z_TO_UP = new CANNON.Quaternion(-Math.SQRT1_2, 0, 0, Math.SQRT1_2)

const vec = ([x, y, z]: Readonly<Vector>): CANNON.Vec3 => new CANNON.Vec3(x, y, z)

/** One material for each pair of friction and restitution that occurs. */
type Materials = Map<string, { material: CANNON.Material; friction: number; restitution: number }>

interface Loading {
  world: CANNON.World
  sleeping: boolean
  materials: Materials
  hulls: Map<Float32Array, CANNON.ConvexPolyhedron>
}

function materialOf({ materials, world }: Loading, friction: number, restitution: number): CANNON.Material {
  const key = `${friction} ${restitution}`
  const known = materials.get(key)
  if (known) return known.material
  const material = new CANNON.Material(key)
  materials.set(key, { material, friction, restitution })
  for (const other of materials.values()) {
    world.addContactMaterial(
      new CANNON.ContactMaterial(material, other.material, {
        friction: Math.sqrt(friction * other.friction),
        restitution: Math.max(restitution, other.restitution),
      }),
    )
  }
  return material
}

/** cannon-es wants faces, which another engine's hull builder finds. */
function hullOf({ hulls }: Loading, points: Float32Array): CANNON.ConvexPolyhedron {
  const known = hulls.get(points)
  if (known) return known
  const { pointPositions, faces, vertexIndices } = convexHull.create({ positions: [...points], convexRadius: 0 })
  const vertices = Array.from({ length: pointPositions.length / 3 }, (_, i) =>
    vec(pointPositions.slice(3 * i, 3 * i + 3) as Vector),
  )
  const hull = new CANNON.ConvexPolyhedron({
    vertices,
    faces: faces.map(({ firstVertex, numVertices }) => vertexIndices.slice(firstVertex, firstVertex + numVertices)),
  })
  hulls.set(points, hull)
  return hull
}

function addShape(loading: Loading, body: CANNON.Body, form: SceneBody['shape']): void {
  if (form.type === 'sphere') body.addShape(new CANNON.Sphere(form.radius))
  else if (form.type === 'box') body.addShape(new CANNON.Box(vec(form.halfExtents)))
  else if (form.type === 'hull') body.addShape(hullOf(loading, form.points))
  else {
    const { radius, halfHeight } = form
    body.addShape(new CANNON.Cylinder(radius, radius, 2 * halfHeight, CAPSULE_SIDES))
    body.addShape(new CANNON.Sphere(radius), new CANNON.Vec3(0, -halfHeight, 0))
    body.addShape(new CANNON.Sphere(radius), new CANNON.Vec3(0, halfHeight, 0))
  }
}

function addBody(loading: Loading, data: SceneBody): CANNON.Body {
  const types = [CANNON.Body.STATIC, CANNON.Body.DYNAMIC, CANNON.Body.KINEMATIC]
  const body = new CANNON.Body({
    type: types[data.kind],
    mass: data.kind === 1 ? data.mass : 0,
    position: vec(data.position),
    quaternion: new CANNON.Quaternion(...data.rotation),
    velocity: vec(data.linearVelocity),
    material: materialOf(loading, data.friction, data.restitution),
    linearDamping: 0,
    angularDamping: 0,
    allowSleep: loading.sleeping,
    collisionFilterGroup: data.bullet ? GROUP_BULLET : GROUP_BODY,
    collisionFilterMask: data.bullet ? MASK_BULLET : MASK_BODY,
  })
  addShape(loading, body, data.shape)
  loading.world.addBody(body)
  return body
}

function addFloor(loading: Loading, plane: SceneData['planes'][number]): void {
  const [x, y, z] = plane.normal
  const body = new CANNON.Body({
    type: CANNON.Body.STATIC,
    mass: 0,
    shape: new CANNON.Plane(),
    position: vec([x * plane.offset, y * plane.offset, z * plane.offset]),
    quaternion: new CANNON.Quaternion(...rotationFromUp(plane.normal)).mult(Z_TO_UP),
    material: materialOf(loading, plane.friction, plane.restitution),
    collisionFilterGroup: GROUP_BODY,
    collisionFilterMask: MASK_BODY,
  })
  loading.world.addBody(body)
}

function constraintOf(joint: JointData, scene: SceneData, bodies: readonly CANNON.Body[]): CANNON.Constraint {
  const [a, b] = [bodies[joint.a], bodies[joint.b]]
  const frames = jointFrames(joint, bodyAt(scene, joint.a), bodyAt(scene, joint.b))
  const [pivotA, pivotB] = [vec(frames.anchorA), vec(frames.anchorB)]
  if (joint.type === 'ball') return new CANNON.PointToPointConstraint(a, pivotA, b, pivotB)
  if (joint.type === 'fixed') return new CANNON.LockConstraint(a, b)
  if (joint.type === 'hinge') {
    return new CANNON.HingeConstraint(a, b, { pivotA, pivotB, axisA: vec(frames.axisA), axisB: vec(frames.axisB) })
  }
  throw new Unable('no ropes: its distance joint holds centres at one distance')
}

function rayCaster(world: CANNON.World): NonNullable<PeerWorld['castRays']> {
  const from = new CANNON.Vec3()
  const to = new CANNON.Vec3()
  const result = new CANNON.RaycastResult()
  return ({ count, origins, directions, maxDistance }, distances) => {
    for (let i = 0; i < count; i++) {
      from.set(origins[3 * i], origins[3 * i + 1], origins[3 * i + 2])
      to.set(directions[3 * i], directions[3 * i + 1], directions[3 * i + 2])
      from.addScaledVector(maxDistance, to, to)
      result.reset()
      distances[i] = world.raycastClosest(from, to, {}, result) ? result.distance : Number.POSITIVE_INFINITY
    }
  }
}

function poseReader(bodies: readonly CANNON.Body[]): PeerWorld['readTransforms'] {
  return (out) => {
    let to = 0
    for (const { position, quaternion } of bodies) {
      out[to] = position.x
      out[to + 1] = position.y
      out[to + 2] = position.z
      out[to + 3] = quaternion.x
      out[to + 4] = quaternion.y
      out[to + 5] = quaternion.z
      out[to + 6] = quaternion.w
      to += STRIDE
    }
    return out
  }
}

/** What stands for what it lacks. */
function notesOf({ shapes = [] }: SceneData): string | undefined {
  return shapes.some(({ type }) => type === 'capsule') ? 'capsules are a cylinder and two spheres' : undefined
}

/** Its default keeps an array of all pairs, which 40,000 bodies do not fit in; the table of pairs that touch is its own, too. */
function useSparseMatrices(world: CANNON.World): void {
  const sparse = () => new CANNON.ObjectCollisionMatrix() as unknown as CANNON.World['collisionMatrix']
  world.collisionMatrix = sparse()
  world.collisionMatrixPrevious = sparse()
}

/** Its insertion sort is for lists that are nearly sorted: 40,000 bodies in any order take more than a minute. */
function sortOnce({ axisList, axisIndex }: CANNON.SAPBroadphase): void {
  for (const body of axisList) body.updateAABB()
  const axis = (['x', 'y', 'z'] as const)[axisIndex]
  axisList.sort((a, b) => a.aabb.lowerBound[axis] - b.aabb.lowerBound[axis])
}

async function load(scene: SceneData): Promise<PeerWorld> {
  assertComparable(scene, 'cannon-es')
  const world = new CANNON.World({ gravity: vec(scene.gravity), allowSleep: scene.sleeping ?? false })
  // Its own choice for many bodies; the default compares all with all.
  const broadphase = new CANNON.SAPBroadphase(world)
  world.broadphase = broadphase
  useSparseMatrices(world)
  const loading: Loading = { world, sleeping: scene.sleeping ?? false, materials: new Map(), hulls: new Map() }
  for (const plane of scene.planes) addFloor(loading, plane)
  const bodies = Array.from({ length: bodiesOf(scene) }, (_, index) => addBody(loading, bodyAt(scene, index)))
  for (const joint of scene.joints ?? []) {
    const constraint = constraintOf(joint, scene, bodies)
    constraint.collideConnected = joint.collideConnected
    world.addConstraint(constraint)
  }
  sortOnce(broadphase)
  return {
    bodies: world.bodies.length,
    threads: 1,
    tier: 'js',
    transformStride: STRIDE,
    orientation: { kind: 'quaternion', at: 3 },
    notes: notesOf(scene),
    step(dt) {
      world.step(dt)
    },
    readTransforms: poseReader(bodies),
    asleep: () => bodies.filter(({ sleepState }) => sleepState === CANNON.Body.SLEEPING).length,
    castRays: rayCaster(world),
    dispose() {},
  }
}

/** cannon-es, the most loaded engine in plain JavaScript. */
export const cannon: Peer = { name: 'cannon-es', packageName: 'cannon-es', load }
