import { addBodies, createPhysics, dispose, type LongRangeMethod, type Physics, type PhysicsOptions } from 'manybody'
import { createRandom } from '../../scenes/random.ts'
import {
  BODY_RADIUS,
  DEFAULT_COUNT,
  GRAVITY,
  INSTANCE_GROUPS,
  KIND,
  KINDS_A_GALAXY,
  SOFTENING,
  TILTS,
} from './constants.ts'
import { placeGalaxy, planEncounter } from './encounter.ts'
import { createModel } from './model.ts'
import { type Bodies, personality, sampleGalaxy, splitCount } from './sample.ts'

/** What can be chosen. */
export interface MergerOptions {
  /** bodies of both galaxies together, at least 100 */
  count?: number
  seed?: number
  /** opening parameter of the tree; absent: the engine's default */
  theta?: number
  method?: LongRangeMethod
  threads?: PhysicsOptions['threads']
  tier?: PhysicsOptions['tier']
  /** one galaxy, at rest at the origin: how it fares alone */
  alone?: boolean
}

/** Two galaxies: plain data. */
export interface Merger {
  readonly physics: Physics
  readonly seed: number
  /** bodies of each galaxy: disc, then bulge, then halo */
  readonly galaxies: readonly Uint32Array[]
  /** how many of a galaxy's bodies are disc and bulge */
  readonly parts: { readonly disc: number; readonly bulge: number; readonly halo: number }
  /** steps done */
  frame: number
}

/** Builds both galaxies on their way to each other. Nothing in it depends on the clock: the same options give the same bits. */
export async function createMerger(options: MergerOptions = {}): Promise<Merger> {
  const { count = DEFAULT_COUNT, seed = 1, alone = false } = options
  if (!Number.isInteger(count) || count < 100)
    throw new RangeError(`createMerger: count must be at least 100, got ${count}`)
  const each = Math.floor(count / 2)
  const parts = splitCount(each)
  const physics = await createPhysics(physicsOptions(options, (alone ? 1 : 2) * each))
  const model = createModel()
  const places = alone ? [{ position: [0, 0, 0], velocity: [0, 0, 0] } as const] : planEncounter()
  const galaxies = places.map((place, index) => {
    const random = createRandom(seed * 2 + index)
    const bodies = sampleGalaxy(model, each, TILTS[index].arms, random)
    if (!alone) placeGalaxy(bodies, index as 0 | 1, place)
    const tints = Float32Array.from(bodies.kind, (kind) => KINDS_A_GALAXY * index + kind + personality(random))
    return addGalaxy(physics, bodies, tints)
  })
  return { physics, seed, galaxies, parts, frame: 0 }
}

/** Frees the physics memory. Harmless when called again. */
export function disposeMerger(merger: Merger): void {
  dispose(merger.physics)
}

function physicsOptions(options: MergerOptions, count: number): PhysicsOptions {
  const { theta, method = 'auto', threads = 'auto', tier = 'auto' } = options
  const longRange = { gravity: GRAVITY, softening: SOFTENING, minDistance: 0, method, ...(theta && { theta }) }
  return {
    capacity: { entities: count + 64, bodies: count, particles: 0, emitters: 0, contacts: 64, hits: 1 },
    gravity: [0, 0, 0],
    longRange,
    threads,
    tier,
    instanceGroups: { [INSTANCE_GROUPS.stars]: count, [INSTANCE_GROUPS.halo]: count },
  }
}

/**
 * Every body attracts every other; none touches another: a sensor is not even looked at by the search for contacts.
 */
function addGalaxy(physics: Physics, bodies: Bodies, tints: Float32Array): Uint32Array {
  const position = [0, 0, 0]
  const linearVelocity = [0, 0, 0]
  const shape = { type: 'sphere', radius: BODY_RADIUS } as const
  return addBodies(physics, bodies.count, (i, desc) => {
    position[0] = bodies.x[i]
    position[1] = bodies.y[i]
    position[2] = bodies.z[i]
    linearVelocity[0] = bodies.vx[i]
    linearVelocity[1] = bodies.vy[i]
    linearVelocity[2] = bodies.vz[i]
    desc.position = position
    desc.linearVelocity = linearVelocity
    desc.shape = shape
    desc.mass = bodies.mass[i]
    desc.attracts = true
    desc.sensor = true
    desc.tint = tints[i]
    desc.instanceGroup = bodies.kind[i] === KIND.halo ? INSTANCE_GROUPS.halo : INSTANCE_GROUPS.stars
  })
}
