import type { World } from 'bitecs'
import { checkChoice, checkNumber, checkVector, refuse } from './errors.ts'

/** Three numbers: x, y, z. */
export type Vec3Like = ArrayLike<number>

/**
 * How much of everything a world can hold: whole numbers. All memory is taken at creation and never resized. A call that finds no room throws
 * `E_CAPACITY`; what a step finds no room for is left out and counted in `frameStats`.
 */
export interface Capacity {
  /** Highest bitECS entity id plus one: every component column has this length. 2 … 2²⁰. Default `bodies + 1`, else 65,536. */
  entities: number
  /** Bodies alive at once, 1 … `entities − 1`. Default: `entities − 1`. */
  bodies: number
  /** Particles alive at once, 0 … 2²³. More are dropped and counted. Default 65,536. */
  particles: number
  /** Contacts of all kinds in one step, 1 … 2²¹. More are dropped and counted. Default: `bodies`. */
  contacts: number
  /** Particle emitters alive at once, 0 … 2¹⁶. Default 1,024. */
  emitters: number
  /** Hits of bullets in one step that are reported, 1 … 2²⁰. More are applied but only counted. Default 4,096. */
  hits: number
  /**
   * Manifolds in one step, 1 … 2²⁰: contacts of shapes other than spheres and planes, and of spheres with rolling resistance or a locked
   * rotation. Each takes one of `contacts` too. More are dropped and counted. Default: `contacts`, at most 32,768.
   */
  manifolds: number
  /** Different shapes in use, spheres and planes aside, 0 … 2¹⁸. Default 4,096. */
  shapes: number
  /** Numbers that hulls, compounds, meshes and height fields may take in all, 0 … 2²⁶. Default 1,048,576. */
  geometry: number
  /** Joints alive at once, broken ones included, 0 … 2¹⁸. Default 8,192. */
  joints: number
  /** Events of each kind in one step that are reported, 1 … 2²⁰. More are only counted. Default 4,096. */
  events: number
  /** Entities that have a parent or children, 1 … 2²⁰. Default: `entities`, at most 16,384. */
  nodes: number
  /** Particle systems alive at once, 0 … 2¹⁶. Each may take 14 kB more than its particles do. Default 64. */
  systems: number
  /** Hits of particles in one step that are reported, and deaths that beget others, 1 … 2²⁰. More are only counted. Default 4,096. */
  particleHits: number
  /** Columns of your own in the kernel's memory: what `createColumns` hands out, 0 … 256. Default 0. */
  columns: number
}

/** Long-range forces: gravity between bodies with `attracts` and all others, Coulomb force between charged bodies. */
export interface LongRangeOptions {
  /** Constant of gravitation, m³/(kg·s²), ≥ 0; 0 switches gravity off. Default 0. */
  gravity?: number
  /** Coulomb constant, N·m²/C², ≥ 0; 0 switches the force off. Default 0. */
  coulomb?: number
  /** Plummer softening length, m, ≥ 0. Default 0. */
  softening?: number
  /** Pairs nearer than this, m, ≥ 0, exert nothing. Default 1e-3. */
  minDistance?: number
  /**
   * `direct` sums every source for every target. `tree` takes far sources together as cells of an octree, with expansions of third
   * order (Dehnen 2002), in time about proportional to the number of bodies. `auto` takes whichever is faster for the numbers of
   * sources and targets of each step; `frameStats` says which. Default `auto`.
   */
  method?: LongRangeMethod
  /** The tree's opening parameter, 0.1 … 1: cells act as one when (radius + radius) / distance is below. Smaller is more exact. Default 0.7. */
  theta?: number
}

/** When bodies fall asleep. */
export interface SleepOptions {
  /** m/s, > 0; also of the outermost point of a turning body. Default 0.05. */
  speed?: number
  /** s, > 0. Default 0.5. */
  time?: number
}

/** What the kernel computes in, and what the columns of the state hold: 32-bit or 64-bit floats. */
export type Precision = 'single' | 'double'

/** How long-range forces are summed. */
export type LongRangeMethod = 'auto' | 'direct' | 'tree'

/** The methods, by the kernel's numbers. */
export const LONG_RANGE_METHODS = ['auto', 'direct', 'tree'] as const

/** Which build of the kernel runs. The same bits on each. */
export type Tier = 'threads' | 'simd' | 'js'

/** A group of bodies that one draw call draws. */
export interface InstanceGroupOptions {
  /** Most instances, 0 … 2²⁰. */
  capacity: number
  /**
   * Whether `packInstances` also packs the scale of each axis, so that boxes of different sizes can share a mesh: see `InstanceBlock.scales`.
   * Default false.
   */
  scales?: boolean
}

/** What `createPhysics` takes. Everything has a default. */
export interface PhysicsOptions {
  /** The bitECS world; made when absent. */
  world?: World
  capacity?: Partial<Capacity>
  /** Uniform gravity, m/s². Default [0, −9.81, 0]. */
  gravity?: Vec3Like
  longRange?: LongRangeOptions
  /** Threads that step, the caller included: 1 … 32. `auto`: as many as the machine has cores, at most 4. */
  threads?: 'auto' | number
  /** The best tier to try; what the page lacks falls to the next one with a reason in `backend.reasons`. */
  tier?: 'auto' | Tier
  /**
   * State and sums in 32-bit floats, or in 64-bit floats: for orbits over thousands of periods and for worlds larger than some 10 km.
   * Double takes up to twice the memory; particles and packed instances are 32-bit in both. Default single.
   */
  precision?: Precision
  /** Sub-steps of contacts and joints in one step, 1 … 64. More: stiffer stacks, larger ratios of masses (1,000 : 1 wants 8). Default 4. */
  subSteps?: number
  /**
   * When bodies fall asleep: all bodies of an island slower than `speed`, m/s (default 0.05), for `time`, s (default 0.5). `false`: never.
   * Who may sleep at all is the body's `canSleep`.
   */
  sleep?: SleepOptions | false
  /** What the renderer draws: name → most instances of that group, or more about it; at most 16 groups. */
  instanceGroups?: Record<string, number | InstanceGroupOptions>
  /** Where the worker script is served, for pages whose policy forbids `blob:` workers. */
  workerUrl?: string | URL
}

/** Options with every default filled in and every value checked. */
export interface Settings {
  world: World | undefined
  capacity: Capacity
  gravity: readonly [number, number, number]
  longRange: Required<LongRangeOptions>
  threads: 'auto' | number
  tier: 'auto' | Tier
  precision: Precision
  subSteps: number
  /** Time 0: nobody sleeps. */
  sleep: Required<SleepOptions>
  instanceGroups: readonly (Required<InstanceGroupOptions> & { name: string })[]
  workerUrl: string | URL | undefined
}

const CALL = 'createPhysics'
const MAX_GROUPS = 16
/** The tree's default opening parameter: see the accuracy suite (test/long-range). */
const THETA = 0.7

/**
 * Fills in defaults and refuses what is out of range. The one place that knows the valid ranges of options.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_UNSUPPORTED
 */
export function readSettings(options: PhysicsOptions): Settings {
  const gravity = checkVector(CALL, 'gravity', options.gravity ?? [0, -9.81, 0], 3)
  const threads = options.threads ?? 'auto'
  if (threads !== 'auto') checkNumber(CALL, 'threads', threads, { min: 1, max: 32, integer: true })
  return {
    world: options.world,
    capacity: readCapacity(options.capacity ?? {}),
    gravity: [gravity[0]!, gravity[1]!, gravity[2]!],
    longRange: readLongRange(options.longRange ?? {}),
    threads,
    tier: checkChoice(CALL, 'tier', options.tier ?? 'auto', ['auto', 'threads', 'simd', 'js'] as const),
    precision: checkChoice(CALL, 'precision', options.precision ?? 'single', ['single', 'double'] as const),
    subSteps: checkNumber(CALL, 'subSteps', options.subSteps ?? 4, { min: 1, max: 64, integer: true }),
    sleep: readSleep(options.sleep ?? {}),
    instanceGroups: readGroups(options.instanceGroups ?? {}),
    workerUrl: options.workerUrl,
  }
}

function readCapacity(given: Partial<Capacity>): Capacity {
  const whole = (field: keyof Capacity, standard: number, min: number, max: number): number =>
    checkNumber(CALL, `capacity.${field}`, given[field] ?? standard, { min, max, integer: true })
  whole('bodies', 1, 1, 2 ** 20 - 1)
  const entities = whole('entities', (given.bodies ?? 65_535) + 1, 2, 2 ** 20)
  const bodies = whole('bodies', entities - 1, 1, entities - 1)
  const contacts = whole('contacts', bodies, 1, 2 ** 21)
  return {
    entities,
    bodies,
    particles: whole('particles', 65_536, 0, 2 ** 23),
    contacts,
    emitters: whole('emitters', 1024, 0, 2 ** 16),
    hits: whole('hits', 4096, 1, 2 ** 20),
    manifolds: whole('manifolds', Math.min(contacts, 32_768), 1, 2 ** 20),
    shapes: whole('shapes', 4096, 0, 2 ** 18),
    geometry: whole('geometry', 2 ** 20, 0, 2 ** 26),
    joints: whole('joints', 8192, 0, 2 ** 18),
    events: whole('events', 4096, 1, 2 ** 20),
    nodes: whole('nodes', Math.min(entities, 16_384), 1, 2 ** 20),
    systems: whole('systems', 64, 0, 2 ** 16),
    particleHits: whole('particleHits', 4096, 1, 2 ** 20),
    columns: whole('columns', 0, 0, 256),
  }
}

function readLongRange(given: LongRangeOptions): Required<LongRangeOptions> {
  const number = (
    field: 'gravity' | 'coulomb' | 'softening' | 'minDistance' | 'theta',
    standard = 0,
    min = 0,
  ): number =>
    checkNumber(CALL, `longRange.${field}`, given[field] ?? standard, field === 'theta' ? { min, max: 1 } : { min })
  return {
    theta: number('theta', THETA, 0.1),
    gravity: number('gravity'),
    coulomb: number('coulomb'),
    softening: number('softening'),
    minDistance: number('minDistance', 1e-3),
    method: checkChoice(CALL, 'longRange.method', given.method ?? 'auto', LONG_RANGE_METHODS),
  }
}

function readSleep(given: SleepOptions | false): Required<SleepOptions> {
  if (given === false) return { speed: 0, time: 0 }
  return {
    speed: checkNumber(CALL, 'sleep.speed', given.speed ?? 0.05, { above: 0 }),
    time: checkNumber(CALL, 'sleep.time', given.time ?? 0.5, { above: 0 }),
  }
}

function readGroups(given: Record<string, number | InstanceGroupOptions>): Settings['instanceGroups'] {
  const groups = Object.entries(given).map(([name, group]) => {
    const { capacity, scales = false } = typeof group === 'object' && group ? group : { capacity: group }
    checkNumber(CALL, `instanceGroups.${name}`, capacity, { min: 0, max: 2 ** 20, integer: true })
    return { name, capacity, scales: Boolean(scales) }
  })
  const { length } = groups
  if (length > MAX_GROUPS) refuse('E_CAPACITY', CALL, `at most ${MAX_GROUPS} groups`, 'instanceGroups', length)
  return groups
}
