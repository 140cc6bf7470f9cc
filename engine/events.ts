import { type Internals, type Physics, readCounter, use } from './internals.ts'
import type { RealArray, Views } from './memory/views.ts'

/** Hits of bullets in the last step, in the order of the bullets' entity ids. Columns are valid up to `count`, until the next step. */
export interface ContactHits {
  count: number
  /** Entity of the bullet. */
  readonly bullet: Uint32Array
  /** Entity that was hit. */
  readonly other: Uint32Array
  /** Point of contact, m. */
  readonly x: RealArray
  readonly y: RealArray
  readonly z: RealArray
  /** Unit normal, from the hit body to the bullet. */
  readonly nx: RealArray
  readonly ny: RealArray
  readonly nz: RealArray
  /** Impulse along the normal, N·s. */
  readonly impulse: RealArray
}

/** The views of the hits. */
export function createHits(views: Views): ContactHits {
  const real = (name: string): RealArray => views.real(`hits.${name}`)
  return {
    count: 0,
    bullet: views.u32('hits.bullet'),
    other: views.u32('hits.other'),
    x: real('x'),
    y: real('y'),
    z: real('z'),
    nx: real('nx'),
    ny: real('ny'),
    nz: real('nz'),
    impulse: real('impulse'),
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
