import type { World } from 'bitecs'
import type { BodyDesc } from './body-desc.ts'
import type { Components } from './components.ts'
import type { Ecs, Kit } from './ecs.ts'
import { PhysicsError } from './errors.ts'
import type { Family, Transforms } from './hierarchy.ts'
import type { LoadedKernel } from './kernel/load.ts'
import type { PoolSeat } from './kernel/pool.ts'
import type { Layout } from './memory/layout.ts'
import type { RealArray, Views } from './memory/views.ts'
import type { PoolStats } from './pool.ts'
import type { QueryColumns } from './query/columns.ts'
import type { Instances } from './render.ts'
import type { Capacity, Precision, Tier } from './settings.ts'
import type { ShapeTable } from './shapes/table.ts'
import type { FrameStats } from './stats.ts'
import type { AdvanceResult } from './step.ts'

/** Which kernel runs, and why not a better one. */
export interface Backend {
  readonly tier: Tier
  /** Threads that step, the caller included. */
  readonly threads: number
  readonly precision: Precision
  /** One sentence for each better tier that was passed over. */
  readonly reasons: readonly string[]
}

/** A physics world: plain data. Functions take it first. `Real` is the type of its columns: 64-bit floats when it was made in double precision. */
export interface Physics<Real extends RealArray = RealArray> {
  /** The bitECS world whose entities are bodies here. */
  readonly world: World
  readonly components: Components<Real>
  readonly capacity: Readonly<Capacity>
  readonly backend: Backend
  /** What `packInstances` fills and a renderer uploads. */
  readonly instances: Instances
  /** World matrices of entities with parents and of those parents. */
  readonly transforms: Transforms
  /** @internal */
  readonly [INTERNALS]: Internals
}

/** Registered, so that the package's other entries find it too. @internal */
export const INTERNALS: unique symbol = Symbol.for('manybody')

/** What the modules of the engine share of one world. */
export interface Internals {
  readonly kernel: LoadedKernel
  readonly layout: Layout
  readonly views: Views
  readonly seat: PoolSeat | undefined
  readonly settings: Float64Array
  readonly counters: Uint32Array
  readonly profile: Float64Array
  /** When the last stage ended, on the clock of `performance.now`. */
  readonly clock: Float64Array
  /** Places of the counters that `stats` copies. */
  readonly copied: readonly number[]
  readonly result: Float64Array
  readonly samples: Float64Array
  readonly found: Uint32Array
  readonly queries: QueryColumns
  /** Raised whenever an id is used again and when it stops to be a body, so that an old handle is known. A column of the kernel. */
  readonly generations: Uint32Array
  /** Flags of the bodies that took part in the last step. */
  readonly live: Uint32Array
  /** The highest generation that an id has had: never lowered, not even by an older state that is restored. */
  readonly raised: Uint32Array
  /** What the id of an entity stands for: the bits of `alive.ts`. */
  readonly life: Uint8Array
  readonly pools: PoolStats
  readonly ecs: Ecs
  /** What every body has. */
  readonly kit: Kit
  /** Descriptions of the particle systems that entities have by component, and the entities that `particleSystem` must look at. */
  readonly sources: Map<number, object>
  readonly changedSources: Set<number>
  /** What `addBody` reads descriptions into. */
  readonly blank: BodyDesc
  /** Seconds that a body has been slow. */
  readonly still: RealArray
  readonly shapes: ShapeTable
  /** Whether bodies may sleep unless told otherwise. */
  readonly sleeps: boolean
  readonly groupNumbers: ReadonlyMap<string, number>
  readonly instanceNames: readonly string[]
  readonly groupCount: Uint32Array
  /** Who else must know that a body leaves, that a step was made, and a frame: parts that are in use enter themselves here. */
  readonly leaving: ((eid: number) => void)[]
  stepped: (() => void)[]
  framed: (() => void)[]
  /** Who must know that a step begins. */
  beginning: ((dt: number) => void)[]
  /** Who must know that a snapshot was restored. */
  readonly restored: (() => void)[]
  /** Who must know that the instances were packed. */
  readonly packed: (() => void)[]
  readonly family: Family
  readonly stats: FrameStats
  readonly advanced: AdvanceResult
  readonly unsubscribe: (() => void)[]
  threads: number
  bodies: number
  planes: number
  /** One more than the highest id that has been a body. */
  high: number
  /** Length of the last step, s. */
  lastDt: number
  /** Time that `advance` has not stepped yet, s. */
  pending: number
  /** One more than the highest number of an emitter. */
  emitterHigh: number
  /** The component that the last observed event added, and to whom: a refused `set` takes it away again. */
  added: { eid: number; component: object | undefined }
  /** While `addBody` writes columns itself, observers leave them alone. */
  direct: boolean
  /** The call that runs and during which nothing may come or go; empty otherwise. */
  busy: string
  disposed: boolean
}

/**
 * The internals of a world that can be used.
 * @throws PhysicsError E_DISPOSED
 */
export function use(physics: Physics, call: string): Internals {
  const internals = physics[INTERNALS]
  if (internals.disposed) throw new PhysicsError('E_DISPOSED', call, 'the world was disposed')
  return internals
}

/**
 * The internals of a world to which something may be added, or taken from it, now.
 * @throws PhysicsError E_DISPOSED, E_BUSY
 */
export function change(physics: Physics, call: string): Internals {
  const internals = use(physics, call)
  if (internals.busy) throw busyError(internals, call)
  return internals
}

/** What a call throws that came while another one runs. */
export function busyError({ busy }: Internals, call: string): PhysicsError {
  return new PhysicsError('E_BUSY', call, `${busy} is at work`)
}

/** Writes a kernel setting by name. */
export function writeSetting(internals: Pick<Internals, 'settings' | 'layout'>, name: string, value: number): void {
  internals.settings[internals.layout.settings.get(name)!] = value
}

/** Reads a kernel counter by name. */
export function readCounter(internals: Internals, name: string): number {
  return internals.counters[internals.layout.counters.get(name)!]!
}

/**
 * A part of a world that is made when it is first asked for. The modules of the core do not know it, so that the bundle of a page that does
 * not use it does not hold it; and nothing is called at the top of a module, which bundlers could not leave out. `make` is a function of the
 * module's own: a closure would be allocated by every call.
 */
export function part<T>(made: WeakMap<Internals, T>, internals: Internals, make: (internals: Internals) => T): T {
  let one = made.get(internals)
  if (one === undefined) {
    one = make(internals)
    made.set(internals, one)
  }
  return one
}
