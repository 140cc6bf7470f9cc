import { addBodies, addBody, type Physics, type PhysicsOptions } from 'manybody'

export type Vec3 = [number, number, number]
/** x, y, z, w */
export type Quat = [number, number, number, number]

/** What a sphere is: the values of `SphereData.kind`. */
export const STATIC = 0
export const DYNAMIC = 1
export const KINEMATIC = 2

const KIND_NAMES = ['static', 'dynamic', 'kinematic'] as const

/** A static half-space: everything with `normal · x < offset` is solid. */
export interface PlaneData {
  normal: Vec3
  /** metres along the normal */
  offset: number
  friction: number
  restitution: number
}

/** Spheres as columns, one value a sphere (SI units). All columns have `count` entries. */
export interface SphereData {
  count: number
  x: Float32Array
  y: Float32Array
  z: Float32Array
  vx: Float32Array
  vy: Float32Array
  vz: Float32Array
  radius: Float32Array
  mass: Float32Array
  charge: Float32Array
  friction: Float32Array
  restitution: Float32Array
  /** STATIC, DYNAMIC or KINEMATIC */
  kind: Uint8Array
  /** 1: swept, so that it never passes through a body however fast it is */
  bullet: Uint8Array
  /** 1: a source of gravity */
  attracts: Uint8Array
}

/** A body's shape in its own frame, centred on its centre of mass (m). A capsule lies along y; a hull has its points as x, y, z, … */
export type BodyShape =
  | { type: 'box'; halfExtents: Vec3 }
  | { type: 'capsule'; radius: number; halfHeight: number }
  | { type: 'hull'; points: Float32Array }

/** Bodies that are not spheres, as columns, one value a body (SI units). All columns have `count` entries. */
export interface ShapedData {
  count: number
  x: Float32Array
  y: Float32Array
  z: Float32Array
  /** Unit quaternion. */
  qx: Float32Array
  qy: Float32Array
  qz: Float32Array
  qw: Float32Array
  vx: Float32Array
  vy: Float32Array
  vz: Float32Array
  /** Number of the shape in `SceneData.shapes`. */
  shape: Uint16Array
  mass: Float32Array
  friction: Float32Array
  restitution: Float32Array
  /** STATIC, DYNAMIC or KINEMATIC */
  kind: Uint8Array
}

/**
 * Two bodies held together. Bodies are numbered as in the scene: spheres first, then shaped ones. Anchors and axes are
 * in the world, as the scene begins; the rest angle of `fixed` is the one that the scene begins with.
 */
export interface JointData {
  /** `ball` and `hinge` keep the two anchors together, `hinge` the axes as well; `distance` keeps the anchors at most `length` apart. */
  type: 'ball' | 'hinge' | 'fixed' | 'distance'
  a: number
  b: number
  /** Point of both bodies; of `a` alone where `anchorB` is given. */
  anchor: Vec3
  /** Point of `b`. Default `anchor`. */
  anchorB?: Vec3
  /** Unit vector, for `hinge`. Default z. */
  axis?: Vec3
  /** m, for `distance`. */
  length?: number
  /** Whether the two bodies collide with one another. */
  collideConnected: boolean
}

/** Rays as flat arrays x, y, z, … of `count` points (m) and unit vectors. */
export interface RayData {
  count: number
  origins: Float32Array
  directions: Float32Array
  /** m */
  maxDistance: number
}

/** A scene as plain data, without any engine: tests, benches, demos and other engines load the same one. */
export interface SceneData {
  name: string
  gravity: Vec3
  longRange?: PhysicsOptions['longRange']
  spheres: SphereData
  planes: PlaneData[]
  shapes?: BodyShape[]
  shaped?: ShapedData
  joints?: JointData[]
  /** Whether bodies at rest may fall asleep. Default no: all of them are simulated in every step. */
  sleeping?: boolean
  rays?: RayData
}

/** One body of a scene, whatever its columns. */
export interface SceneBody {
  shape: BodyShape | { type: 'sphere'; radius: number }
  position: Vec3
  rotation: Quat
  linearVelocity: Vec3
  mass: number
  friction: number
  restitution: number
  kind: number
  bullet: boolean
}

/** Spheres and shaped bodies together; planes do not count. */
export function bodiesOf(scene: SceneData): number {
  return scene.spheres.count + (scene.shaped?.count ?? 0)
}

/** Body `index` of a scene as an object: spheres first, then shaped ones. For loading, not for loops that must not allocate. */
export function bodyAt({ spheres: s, shapes, shaped }: SceneData, index: number): SceneBody {
  if (index < s.count) {
    return {
      shape: { type: 'sphere', radius: s.radius[index] },
      position: [s.x[index], s.y[index], s.z[index]],
      rotation: [0, 0, 0, 1],
      linearVelocity: [s.vx[index], s.vy[index], s.vz[index]],
      mass: s.mass[index],
      friction: s.friction[index],
      restitution: s.restitution[index],
      kind: s.kind[index],
      bullet: s.bullet[index] === 1,
    }
  }
  if (!shaped || !shapes || index >= s.count + shaped.count) throw new Error(`scene has no body ${index}`)
  const i = index - s.count
  return {
    shape: shapes[shaped.shape[i]],
    position: [shaped.x[i], shaped.y[i], shaped.z[i]],
    rotation: [shaped.qx[i], shaped.qy[i], shaped.qz[i], shaped.qw[i]],
    linearVelocity: [shaped.vx[i], shaped.vy[i], shaped.vz[i]],
    mass: shaped.mass[i],
    friction: shaped.friction[i],
    restitution: shaped.restitution[i],
    kind: shaped.kind[i],
    bullet: false,
  }
}

/** Empty columns for `count` dynamic spheres at the origin: radius 1, mass 1, friction 0.5, no restitution. */
export function createSpheres(count: number): SphereData {
  const column = (value: number): Float32Array => new Float32Array(count).fill(value)
  return {
    count,
    x: column(0),
    y: column(0),
    z: column(0),
    vx: column(0),
    vy: column(0),
    vz: column(0),
    radius: column(1),
    mass: column(1),
    charge: column(0),
    friction: column(0.5),
    restitution: column(0),
    kind: new Uint8Array(count).fill(DYNAMIC),
    bullet: new Uint8Array(count),
    attracts: new Uint8Array(count),
  }
}

/** Columns for `count` dynamic bodies of shape 0 at the origin, unturned: mass 1, friction 0.5, no restitution. */
export function createShaped(count: number): ShapedData {
  const column = (value: number): Float32Array => new Float32Array(count).fill(value)
  return {
    count,
    x: column(0),
    y: column(0),
    z: column(0),
    qx: column(0),
    qy: column(0),
    qz: column(0),
    qw: column(1),
    vx: column(0),
    vy: column(0),
    vz: column(0),
    shape: new Uint16Array(count),
    mass: column(1),
    friction: column(0.5),
    restitution: column(0),
    kind: new Uint8Array(count).fill(DYNAMIC),
  }
}

/** Mass in kg of a box of these half extents (m) and `density` kg/m³. */
export function boxMass([x, y, z]: Vec3, density: number): number {
  return 8 * x * y * z * density
}

/** Mass in kg of a capsule of these sizes (m) and `density` kg/m³. */
export function capsuleMass(radius: number, halfHeight: number, density: number): number {
  return sphereMass(radius, density) + 2 * Math.PI * radius * radius * halfHeight * density
}

/** Mass in kg of a sphere of `radius` m and `density` kg/m³. */
export function sphereMass(radius: number, density: number): number {
  return (4 / 3) * Math.PI * radius * radius * radius * density
}

/**
 * A capacity for `createPhysics` that holds the scene: its bodies, and contacts for a dense packing of everything that
 * is not a bullet (a body in a heap touches six others on average, counted from both sides twelve).
 */
export function capacityOf(scene: SceneData): NonNullable<PhysicsOptions['capacity']> {
  const { count, bullet } = scene.spheres
  let bullets = 0
  for (let i = 0; i < count; i++) bullets += bullet[i]
  const shaped = scene.shaped?.count ?? 0
  const bodies = count + shaped + scene.planes.length
  return {
    // Entity ids start at 1.
    entities: bodies + 64,
    bodies: bodies + 63,
    particles: 0,
    emitters: 0,
    contacts: 1024 + 7 * (count + shaped - bullets),
    hits: 256 + bullets,
    joints: scene.joints?.length ?? 0,
  }
}

/**
 * Puts a scene's bodies into a world made with its gravity, long-range forces and capacity.
 *
 * @returns the entity ids of the spheres, in the order of the scene's columns
 */
export function loadScene(physics: Physics, scene: SceneData): Uint32Array {
  const s = scene.spheres
  const position: Vec3 = [0, 0, 0]
  const linearVelocity: Vec3 = [0, 0, 0]
  const shape = { type: 'sphere' as const, radius: 1 }
  const eids = addBodies(physics, s.count, (i, desc) => {
    position[0] = s.x[i]
    position[1] = s.y[i]
    position[2] = s.z[i]
    linearVelocity[0] = s.vx[i]
    linearVelocity[1] = s.vy[i]
    linearVelocity[2] = s.vz[i]
    shape.radius = s.radius[i]
    desc.type = KIND_NAMES[s.kind[i]]
    desc.position = position
    desc.linearVelocity = linearVelocity
    desc.shape = shape
    desc.mass = s.mass[i]
    desc.charge = s.charge[i]
    desc.friction = s.friction[i]
    desc.restitution = s.restitution[i]
    desc.bullet = s.bullet[i] === 1
    desc.attracts = s.attracts[i] === 1
  })
  for (const { normal, offset, friction, restitution } of scene.planes) {
    addBody(physics, { type: 'static', shape: { type: 'plane', normal, offset }, friction, restitution })
  }
  return eids
}
