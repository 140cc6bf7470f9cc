/** Reals of an entry of the shape table: see `shape-layout.ts`. Constants of a module, so that bundlers write the numbers themselves. */
export const size = 0
export const low = 3
export const high = 6
export const inertia = 9
export const inverse = 15
export const volume = 21
export const center = 22
export const radius = 25
export const inner = 26
