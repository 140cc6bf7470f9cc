import { type Internals, type Physics, readCounter, use } from './internals.ts'
import type { Views } from './memory/views.ts'

/** Hits of bullets in the last step, in the order of the bullets' entity ids. Columns are valid up to `count`, until the next step. */
export interface ContactHits {
  count: number
  /** Entity of the bullet. */
  readonly bullet: Uint32Array
  /** Entity that was hit. */
  readonly other: Uint32Array
  /** Point of contact, m. */
  readonly x: Float32Array
  readonly y: Float32Array
  readonly z: Float32Array
  /** Unit normal, from the hit body to the bullet. */
  readonly nx: Float32Array
  readonly ny: Float32Array
  readonly nz: Float32Array
  /** Impulse along the normal, N·s. */
  readonly impulse: Float32Array
}

/** The views of the hits. */
export function createHits(views: Views): ContactHits {
  const f32 = (name: string): Float32Array => views.f32(`hits.${name}`)
  return {
    count: 0,
    bullet: views.u32('hits.bullet'),
    other: views.u32('hits.other'),
    x: f32('x'),
    y: f32('y'),
    z: f32('z'),
    nx: f32('nx'),
    ny: f32('ny'),
    nz: f32('nz'),
    impulse: f32('impulse'),
  }
}

/** Publishes the number of hits after a step. */
export function publishHits(internals: Internals): void {
  internals.hits.count = readCounter(internals, 'hits')
}

/**
 * Hits of bullets in the last step. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function contactHits(physics: Physics): ContactHits {
  return use(physics, 'contactHits').hits
}
