/** Long-range accelerations out of the engine, exactly as the kernel sums them, and their error against the oracle. */
import {
  addBodies,
  createPhysics,
  dispose,
  frameStats,
  type LongRangeOptions,
  type Physics,
  type PhysicsOptions,
  step,
} from 'manybody'
import { capacityOf, DYNAMIC, type SceneData, type Vec3 } from '../../examples/scenes/scene.ts'
import { grossPullsOn, type PullError, type PullField, pullError, pullsOn } from '../reference/pull.ts'

/** The methods that every test of accuracy runs over. */
export const METHODS = ['direct', 'tree'] as const

/** Defaults of the engine, for the oracle. */
const NO_FORCES = { gravity: 0, coulomb: 0, softening: 0, minDistance: 1e-3 }

const KIND_NAMES = ['static', 'dynamic', 'kinematic'] as const

/** A power of two: v = a·dt and a = v/dt are then exact. */
const DT = 2 ** -10

/** What a measured step used. */
export interface Measured {
  /** Acceleration of each body of the scene, m/s², three numbers a body: what the kernel has, bit for bit. */
  pulls: Float64Array
  longRange: string
  sources: number
  quarantined: number
}

/** A world of a scene's bodies that touch nothing; `options.longRange` overrides the scene's. To be disposed of. */
export async function createCloud(
  scene: SceneData,
  options: PhysicsOptions = {},
): Promise<{ physics: Physics; eids: Uint32Array }> {
  const physics = await createPhysics({
    capacity: capacityOf(scene),
    gravity: scene.gravity,
    ...options,
    longRange: { ...scene.longRange, ...options.longRange },
  })
  return { physics, eids: addCloud(physics, scene) }
}

/** Adds a scene's spheres as sensors: they take part in long-range forces and in nothing else. */
export function addCloud(physics: Physics, { spheres: s }: SceneData): Uint32Array {
  const position: Vec3 = [0, 0, 0]
  const linearVelocity: Vec3 = [0, 0, 0]
  const shape = { type: 'sphere' as const, radius: 1 }
  return addBodies(physics, s.count, (i, desc) => {
    ;[position[0], position[1], position[2]] = [s.x[i], s.y[i], s.z[i]]
    ;[linearVelocity[0], linearVelocity[1], linearVelocity[2]] = [s.vx[i], s.vy[i], s.vz[i]]
    shape.radius = s.radius[i]
    Object.assign(desc, { position, linearVelocity, shape, type: KIND_NAMES[s.kind[i]], sensor: true })
    desc.mass = s.mass[i]
    desc.charge = s.charge[i]
    desc.attracts = s.attracts[i] === 1
  })
}

/**
 * The accelerations of a world's bodies: one step from rest, v/dt. Velocities are set to zero before (the mid-points of
 * the step are then the positions) and positions and velocities are put back after.
 */
export function pullsIn(physics: Physics, eids: Uint32Array): Float64Array {
  const { LinearVelocity: v, Position: x } = physics.components
  const columns = [v.x, v.y, v.z, x.x, x.y, x.z]
  const before = columns.map((column) => column.slice())
  for (const column of [v.x, v.y, v.z]) column.fill(0)
  step(physics, DT)
  const pulls = new Float64Array(3 * eids.length)
  for (let i = 0; i < eids.length; i++) {
    const e = eids[i]
    pulls.set([v.x[e] / DT, v.y[e] / DT, v.z[e] / DT], 3 * i)
  }
  for (let k = 0; k < columns.length; k++) columns[k].set(before[k])
  return pulls
}

/** Makes a world of the scene, measures it and disposes of it. */
export async function measurePulls(scene: SceneData, options: PhysicsOptions = {}): Promise<Measured> {
  const { physics, eids } = await createCloud(scene, options)
  try {
    const pulls = pullsIn(physics, eids)
    const { longRange, sources, quarantined } = frameStats(physics)
    return { pulls, longRange, sources, quarantined }
  } finally {
    dispose(physics)
  }
}

/** The scene as the oracle sees it. */
export function fieldOf({ longRange, spheres: s }: SceneData): PullField {
  const { gravity, coulomb, softening, minDistance } = { ...NO_FORCES, ...longRange }
  const wide = (column: Float32Array): Float64Array => Float64Array.from(column)
  return {
    longRange: { gravity, coulomb, softening, minDistance },
    x: wide(s.x),
    y: wide(s.y),
    z: wide(s.z),
    mass: wide(s.mass),
    charge: wide(s.charge),
    attracts: s.attracts,
    dynamic: s.kind.map((kind) => Number(kind === DYNAMIC)),
  }
}

/** Up to `most` dynamic bodies of a scene at even strides. */
export function targetsOf({ spheres }: SceneData, most = Number.POSITIVE_INFINITY): number[] {
  const dynamic = [...spheres.kind.keys()].filter((i) => spheres.kind[i] === DYNAMIC)
  const stride = Math.max(1, dynamic.length / most)
  return Array.from({ length: Math.min(most, dynamic.length) }, (_, i) => dynamic[Math.floor(i * stride)])
}

const known = new WeakMap<SceneData, Map<number, Float64Array>>()

/** Exact accelerations of `targetsOf(scene, most)`; summed once a scene. */
export function exactPulls(scene: SceneData, most = Number.POSITIVE_INFINITY): Float64Array {
  const ofScene = known.get(scene) ?? new Map<number, Float64Array>()
  known.set(scene, ofScene)
  const exact = ofScene.get(most) ?? pullsOn(fieldOf(scene), targetsOf(scene, most))
  ofScene.set(most, exact)
  return exact
}

/** Error of measured accelerations of a scene (`pulls`: all its bodies) on up to `most` targets; forces when `weighted`. */
export function errorOf(scene: SceneData, pulls: Float64Array, most?: number, weighted = false): PullError {
  const targets = targetsOf(scene, most)
  return pullError(pick(pulls, targets), exactPulls(scene, most), weighted ? weightsOf(scene, targets) : undefined)
}

/**
 * RMS error over the RMS of the gross pull, the sum of the sizes of all pulls: the measure for arrangements in which
 * nearly everything cancels, where no tree is near the little that is left.
 */
export function grossErrorOf(scene: SceneData, pulls: Float64Array, most?: number): number {
  const targets = targetsOf(scene, most)
  const [seen, exact] = [pick(pulls, targets), exactPulls(scene, most)]
  const difference = norm(seen.map((a, k) => a - exact[k]))
  return difference === 0 ? 0 : difference / norm(grossPullsOn(fieldOf(scene), targets))
}

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))

/** Three numbers a target. */
export function pick(pulls: Float64Array, targets: readonly number[]): Float64Array {
  return Float64Array.from({ length: 3 * targets.length }, (_, k) => pulls[3 * targets[Math.floor(k / 3)] + (k % 3)])
}

const weightsOf = ({ spheres }: SceneData, targets: readonly number[]): number[] => targets.map((i) => spheres.mass[i])

/** Measures a scene by one method and gives the error. */
export async function measureError(
  scene: SceneData,
  longRange: LongRangeOptions,
  most?: number,
): Promise<PullError & { longRange: string; quarantined: number }> {
  const measured = await measurePulls(scene, { longRange })
  const { longRange: used, quarantined } = measured
  return { ...errorOf(scene, measured.pulls, most), longRange: used, quarantined }
}
