import { updateTransforms } from './hierarchy.ts'
import { type Internals, type Physics, part, use } from './internals.ts'
import { updateSources } from './particles/sources.ts'
import { type Instances, packInstances } from './render.ts'
import type { Vec3Like } from './settings.ts'
import { advance, step } from './step.ts'

/**
 * The world's work as systems for bitECS's `pipe`: functions of the bitECS world that give it back. They allocate nothing, and throw what the
 * functions throw that they call.
 */
export type System<World> = (world: World) => World

/** A value, or how to get it from the world in each call. */
export type Given<Value, World> = Value | ((world: World) => Value)

/** When `physicsSystem` steps. */
export interface PhysicsSystemOptions<World> {
  /** s: length of the one step of a call; with `fixedDt`, the time since the last call. Default 1/60. */
  dt?: Given<number, World>
  /** s: as many steps of this length as the time holds, see `advance`. */
  fixedDt?: number
  /** Most of those in one call. Default 5. */
  maxSteps?: number
}

/** When the hierarchy is shown. */
export interface HierarchySystemOptions<World> {
  /** Share of the last step, 0 … 1. Default: what the last `physicsSystem` left over; 1 after whole steps. */
  alpha?: Given<number, World>
}

/** What `renderSystem` packs, and for whom. */
export interface RenderSystemOptions<World> {
  /** What positions are relative to, m. Default the world's origin. */
  origin?: Given<Vec3Like, World>
  /** Share of the last step that is shown, 0 … 1. Default: what the last `physicsSystem` left over; 1 after whole steps. */
  alpha?: Given<number, World>
  /** Uploads what was packed. */
  draw?: (instances: Instances, world: World) => void
}

/** What a world's systems tell each other. */
interface Shared {
  /** Share of a step that has passed since the last one. */
  alpha: number
}

const made = /* @__PURE__ */ new WeakMap<Internals, Shared>()
const createShared = (): Shared => ({ alpha: 1 })

function given<Value, World>(value: Given<Value, World>, world: World): Value {
  return typeof value === 'function' ? (value as (world: World) => Value)(world) : value
}

/**
 * A system that steps the world: once a call, or, with `fixedDt`, as often as the elapsed time asks for.
 * @throws PhysicsError E_DISPOSED; in calls what `step` and `advance` throw
 */
export function physicsSystem<World>(physics: Physics, options: PhysicsSystemOptions<World> = {}): System<World> {
  const shared = part(made, use(physics, 'physicsSystem'), createShared)
  const { dt = 1 / 60, fixedDt, maxSteps = 5 } = options
  const fixed = fixedDt === undefined ? undefined : { fixedDt, maxSteps }
  return (world) => {
    if (fixed) shared.alpha = advance(physics, given(dt, world), fixed).alpha
    else {
      step(physics, given(dt, world))
      shared.alpha = 1
    }
    return world
  }
}

/**
 * A system that brings the world matrices of the hierarchy up to date: for what systems moved after the step, and to where `renderSystem` draws
 * the bodies. A step does the same for its end by itself.
 * @throws PhysicsError E_DISPOSED; in calls what `updateTransforms` throws
 */
export function hierarchySystem<World>(physics: Physics, { alpha }: HierarchySystemOptions<World> = {}): System<World> {
  const shared = part(made, use(physics, 'hierarchySystem'), createShared)
  const shown = { alpha: 1 }
  return (world) => {
    shown.alpha = alpha === undefined ? shared.alpha : given(alpha, world)
    updateTransforms(physics, shown)
    return world
  }
}

/**
 * A system that gives entities with the component `ParticleSystem` their particles: it starts what `set(ParticleSystem, desc)` describes, takes it
 * along with its entity, body or not, and ends it with the component or the entity. Before `physicsSystem`, new ones emit in the same frame.
 * @throws PhysicsError E_DISPOSED; in calls what `addParticleSystem` throws, and the entity has lost the component then
 */
export function particleSystem<World>(physics: Physics): System<World> {
  use(physics, 'particleSystem')
  return (world) => {
    updateSources(physics)
    return world
  }
}

/**
 * A system that packs bodies and particles for the renderer, brings the world matrices to the same share of the step, and hands all over.
 * @throws PhysicsError E_DISPOSED; in calls what `packInstances` throws
 */
export function renderSystem<World>(physics: Physics, options: RenderSystemOptions<World> = {}): System<World> {
  const shared = part(made, use(physics, 'renderSystem'), createShared)
  const { origin = ORIGIN, alpha, draw } = options
  const shown: { origin: Vec3Like; alpha: number } = { origin: ORIGIN, alpha: 1 }
  return (world) => {
    shown.origin = given(origin, world)
    shown.alpha = alpha === undefined ? shared.alpha : given(alpha, world)
    packInstances(physics, shown)
    if (physics.transforms.count > 0) updateTransforms(physics, shown)
    draw?.(physics.instances, world)
    return world
  }
}

const ORIGIN: Vec3Like = [0, 0, 0]
