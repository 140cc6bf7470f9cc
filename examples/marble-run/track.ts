import type { MeshShape } from 'manybody'

/** Helix: radius and height lost in a turn, m; turns. */
const HELIX = { radius: 3.6, pitch: 1.7, turns: 3.25 }
/** The trough: radius of its round, m, and segments across and along a turn. */
const TROUGH = { radius: 0.55, across: 10, along: 64 }
const BOTTOM = 1.2
const TOP = BOTTOM + HELIX.pitch * HELIX.turns

/** A point of the middle of the trough's bottom, m. @param share 0 at the top, 1 at the end */
export function trackPoint(share: number): [x: number, y: number, z: number] {
  const turn = 2 * Math.PI * HELIX.turns * share
  return [HELIX.radius * Math.cos(turn), TOP - HELIX.pitch * HELIX.turns * share, HELIX.radius * Math.sin(turn)]
}

/** A half pipe that winds down: rings of points across, two triangles between each four. */
export function createTrack(): MeshShape {
  const rings = Math.round(TROUGH.along * HELIX.turns)
  const vertices: number[] = []
  const indices: number[] = []
  for (let ring = 0; ring <= rings; ring++) {
    const [x, y, z] = trackPoint(ring / rings)
    for (let k = 0; k <= TROUGH.across; k++) {
      // From the inner rim down and up to the outer one, which is higher: marbles press against it.
      const angle = Math.PI * (k / TROUGH.across) * 1.12
      const radius = 1 - (TROUGH.radius * Math.cos(angle)) / HELIX.radius
      vertices.push(x * radius, y + TROUGH.radius * (1 - Math.sin(angle)), z * radius)
      if (ring === rings || k === TROUGH.across) continue
      const at = ring * (TROUGH.across + 1) + k
      const next = at + TROUGH.across + 1
      indices.push(at, next, at + 1, next, next + 1, at + 1)
    }
  }
  return { type: 'mesh', vertices, indices }
}
