/** Words of an entry of the shape table: see `shape-layout.ts`. */
export const kind = 0
export const realAt = 1
export const wordAt = 2
export const vertices = 3
export const faces = 4
export const edges = 5
export const children = 6
