import { addBodies, addBody, type Physics, type PhysicsOptions } from 'manybody'

export type Vec3 = [number, number, number]

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

/** A scene as plain data, without any engine: tests, benches, demos and other engines load the same one. */
export interface SceneData {
  name: string
  gravity: Vec3
  longRange?: PhysicsOptions['longRange']
  spheres: SphereData
  planes: PlaneData[]
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

/** Mass in kg of a sphere of `radius` m and `density` kg/m³. */
export function sphereMass(radius: number, density: number): number {
  return (4 / 3) * Math.PI * radius * radius * radius * density
}

/**
 * A capacity for `createPhysics` that holds the scene: its bodies, and contacts for a dense packing of everything that
 * is not a bullet (a sphere in a heap touches six others on average, counted from both sides twelve).
 */
export function capacityOf(scene: SceneData): NonNullable<PhysicsOptions['capacity']> {
  const { count, bullet } = scene.spheres
  let bullets = 0
  for (let i = 0; i < count; i++) bullets += bullet[i]
  const bodies = count + scene.planes.length
  return {
    // Entity ids start at 1.
    entities: bodies + 64,
    bodies: bodies + 63,
    particles: 0,
    emitters: 0,
    contacts: 1024 + 7 * (count - bullets),
    hits: 256 + bullets,
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
