/** Numbers of the shape table, as `physics-wasm/src/shapes.rs` and `shapes/build.rs` define them; a test compares the two. */

/** Kinds of entries; 0 is none. */
export const KIND = { box: 1, capsule: 2, hull: 3, compound: 4, mesh: 5, heightField: 6 } as const
/** Answers of the builder; 0 is success. */
export const STATUS = { range: 1, flat: 2, notFinite: 3 } as const
/** Reals of an entry. */
export const FIELD = {
  size: 0,
  low: 3,
  high: 6,
  inertia: 9,
  inverse: 15,
  volume: 21,
  center: 22,
  radius: 25,
  inner: 26,
} as const
/** Words of an entry. */
export const WORD = { kind: 0, realAt: 1, wordAt: 2, vertices: 3, faces: 4, edges: 5, children: 6 } as const
/** Reals and words of one entry, reals of a staged and of a built part of a compound. */
export const STRIDE = { reals: 32, words: 16, stagedChild: 9, child: 8 } as const
