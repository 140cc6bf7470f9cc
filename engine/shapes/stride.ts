/** Sizes of the shape table: see `shape-layout.ts`. */

/** Reals of an entry. */
export const reals = 32
/** Words of an entry. */
export const words = 16
/** Reals of a staged part of a compound. */
export const stagedChild = 9
/** Reals of a built part. */
export const child = 8
