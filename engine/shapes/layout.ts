/**
 * Numbers of the shape table, as `physics-wasm/src/shapes.rs` and `shapes/build.rs` define them; a test compares the two. Places in an entry are in
 * `shape-field.ts` (reals) and `shape-word.ts`, sizes in `shape-stride.ts`.
 */

/** Kinds of entries; 0 is none. */
export const KIND = { box: 1, capsule: 2, hull: 3, compound: 4, mesh: 5, heightField: 6 } as const
/** Answers of the builder; 0 is success. */
export const STATUS = { range: 1, flat: 2, notFinite: 3 } as const
