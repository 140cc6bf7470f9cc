import { type Internals, type Physics, use, writeSetting } from '../internals.ts'
import { wakeHelpers } from '../kernel/pool.ts'
import { ASKED, forgetIndex, VALID } from './columns.ts'

/** Questions from which on the helpers are worth waking. */
const SHARED_FROM = 256
/** Bodies from which on they are worth waking to build an index. */
const BUILT_FROM = 4096
/** Questions that the kernel answers without an index, as `physics-wasm/src/stages/query.rs` has it. */
const PATIENCE = 16

/**
 * Tells the queries that a system wrote into `Position`, `Rotation` or `RigidBody` columns since the last step: the next query looks anew.
 * Steps, `addBody`, `removeBody`, bitECS `set` and the functions of this package do so by themselves.
 * @throws PhysicsError E_DISPOSED
 */
export function refreshQueries(physics: Physics): void {
  forgetIndex(use(physics, 'refreshQueries'))
}

/** Makes a call of `count` questions ready: the kernel's settings are right and the helpers awake when they are worth it. Gives the threads. */
export function openQuery(internals: Internals, count: number): number {
  writeSetting(internals, 'high', internals.high)
  if (!internals.seat || internals.threads < 2) return 1
  const { state } = internals.queries
  const builds = state[VALID] === 0 && state[ASKED]! + count > PATIENCE && internals.bodies >= BUILT_FROM
  if (count < SHARED_FROM && !builds) return 1
  wakeHelpers(internals.seat)
  return internals.threads
}
