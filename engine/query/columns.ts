import type { RealArray, Views } from '../memory/views.ts'

/** Where queries hand their questions to the kernel and find its answers. */
export interface QueryColumns {
  readonly origin: RealArray
  readonly direction: RealArray
  readonly far: RealArray
  readonly entity: Uint32Array
  readonly distance: RealArray
  readonly point: RealArray
  readonly normal: RealArray
  readonly filter: Uint32Array
  /** Whether there is an index, and how many questions were asked without one. */
  readonly state: Uint32Array
}

/** The views of one world. */
export function createQueryColumns(views: Views): QueryColumns {
  return views.all('query.', 'origin direction far entity distance point normal filter state')
}

/**
 * Tells the queries that bodies came, went or were moved since the last step: the next one looks anew.
 * Costs one write; whoever changes places, sizes, shapes or membership calls it.
 */
export function forgetIndex({ queries }: { readonly queries: QueryColumns }): void {
  queries.state[VALID] = 0
  queries.state[ASKED] = 0
}

/** Places in `state`, as `physics-wasm/src/stages/query_index.rs` has them. */
export const VALID = 0
export const ASKED = 1
