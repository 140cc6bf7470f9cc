/** Rocks near the battle that a pilot should know of: one list to read, one in the making. Fixed arrays. */
export interface RockWatch {
  known: Uint32Array
  knownCount: number
  next: Uint32Array
  nextCount: number
  /** how many of `galaxy.rocks`, from the front, are large enough to watch: rocks are sorted, large ones first */
  readonly watched: number
}

export function createRockWatch(watched: number): RockWatch {
  return { known: new Uint32Array(watched), knownCount: 0, next: new Uint32Array(watched), nextCount: 0, watched }
}
