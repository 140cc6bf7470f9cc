import { checkNumber, checkVector } from './errors.ts'
import { type Internals, type Physics, readCounter, use, writeSetting } from './internals.ts'
import { wakeHelpers } from './kernel/pool.ts'
import type { Views } from './memory/views.ts'
import type { Settings, Vec3Like } from './settings.ts'

/** Packed instances: a fixed view of kernel memory that a renderer uploads as it is. */
export interface InstanceBlock {
  /** `capacity × stride` floats; the first `count × stride` are valid after `packInstances`. */
  readonly data: Float32Array
  /** Floats of one instance: 12 for bodies, 8 for particles. */
  readonly stride: number
  readonly capacity: number
  /** Scale of each instance, four floats each: x, y, z, 0. Only in groups that were made with `scales`. */
  readonly scales?: Float32Array
  count: number
}

/**
 * What is drawn. A body: x, y, z, scale | quaternion x, y, z, w | velocity x, y, z, tint.
 * A particle: x, y, z, size | red, green, blue, alpha (of bursts and emitters: 1 at birth, 0 at death). System by system, those of bursts and
 * emitters first.
 */
export interface Instances {
  readonly groups: Readonly<Record<string, InstanceBlock>>
  readonly particles: InstanceBlock
  /** Where the particles of each system are among them, by the system's id: one draw call a system, or one for all. */
  readonly systems: Readonly<Record<number, InstanceRange>>
}

/** A stretch of a block. */
export interface InstanceRange {
  /** First instance. */
  readonly start: number
  readonly count: number
}

const BODY_STRIDE = 12
const PARTICLE_STRIDE = 8
/** Floats of one instance in `scales`. */
const SCALE_STRIDE = 4
const ORIGIN: Vec3Like = [0, 0, 0]
const DEFAULTS: { origin?: Vec3Like; alpha?: number } = {}
const SHARE = { min: 0, max: 1 }

/** Builds the blocks and tells the kernel where each group begins. */
export function createInstances(views: Views, settings: Settings): Instances {
  const starts = views.u32('groupStart')
  const groups: Record<string, InstanceBlock> = {}
  const block = (column: string, start: number, capacity: number, stride: number): InstanceBlock => ({
    data: views.f32(column).subarray(start * stride, (start + capacity) * stride),
    stride,
    capacity,
    count: 0,
  })
  let start = 0
  let scaled = 0
  for (const [index, { name, capacity, scales }] of settings.instanceGroups.entries()) {
    const one = block('instances', start, capacity, BODY_STRIDE)
    groups[name] = one
    start += capacity
    starts.fill(start, index + 1)
    if (!scales) continue
    groups[name] = { ...one, scales: block('instanceScales', scaled, capacity, SCALE_STRIDE).data }
    views.u32('groupScale')[index + 1] = scaled + 1
    scaled += capacity
  }
  return { groups, particles: block('particleInstances', 0, settings.capacity.particles, PARTICLE_STRIDE), systems: {} }
}

/**
 * Packs every drawn body and every particle for the GPU, in the kernel; nothing is allocated.
 * @param options `origin`: what positions are relative to, m (a camera far from the world's origin sees no jitter).
 *   `alpha`: share of the last step that is shown, 0 … 1: below 1 bodies are drawn on the way that the step moved and turned them. What was put
 *   elsewhere since is drawn there. Default 1. Matrices of what hangs on bodies follow with `updateTransforms(physics, { alpha })`.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function packInstances(physics: Physics, options: { origin?: Vec3Like; alpha?: number } = DEFAULTS): void {
  const internals = use(physics, 'packInstances')
  const { origin = ORIGIN, alpha = 1 } = options
  checkVector('packInstances', 'origin', origin, 3)
  checkNumber('packInstances', 'alpha', alpha, SHARE)
  writeSetting(internals, 'high', internals.high)
  if (internals.seat && internals.threads > 1) wakeHelpers(internals.seat)
  internals.kernel.exports.pack_instances(origin[0]!, origin[1]!, origin[2]!, 1 - alpha, internals.threads)
  if (alpha < 1) writeSetting(internals, 'shown', 1)
  publishCounts(physics, internals)
}

function publishCounts(physics: Physics, internals: Internals): void {
  const { groups, particles } = physics.instances
  const names = internals.instanceNames
  for (let i = 0; i < names.length; i++) groups[names[i]!]!.count = internals.groupCount[i + 1]!
  particles.count = readCounter(internals, 'particles')
  for (let i = 0; i < internals.packed.length; i++) internals.packed[i]!()
}
