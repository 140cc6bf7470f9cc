import type { Physics, RealArray } from 'manybody'
import type { Merger } from './create.ts'

type Triple = [number, number, number]

/** Median distance, along each axis, of some bodies from the origin of all: where the bulk of them is, whatever the tails do. */
export function medianPlace({ components: { Position } }: Physics, eids: ArrayLike<number>): Triple {
  return [median(Position.x, eids), median(Position.y, eids), median(Position.z, eids)]
}

function median(column: RealArray, eids: ArrayLike<number>): number {
  return Float32Array.from(eids, (eid) => column[eid]).sort()[eids.length >> 1]
}

/** The bodies of a galaxy that are its bulge: they mark its middle. */
export function bulgeOf(merger: Merger, index: number): Uint32Array {
  const { disc, bulge } = merger.parts
  return merger.galaxies[index].subarray(disc, disc + bulge)
}

/** The bodies of a galaxy that are its disc. */
export function discOf(merger: Merger, index: number): Uint32Array {
  return merger.galaxies[index].subarray(0, merger.parts.disc)
}

/** Distance between the middles of the two galaxies. */
export function separation(merger: Merger): number {
  const a = medianPlace(merger.physics, bulgeOf(merger, 0))
  const b = medianPlace(merger.physics, bulgeOf(merger, 1))
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
}
