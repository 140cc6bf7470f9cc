/**
 * The galaxies and their meeting, in natural units: G = 1, the scale length of a disc is 1, the mass of a disc is 1. One unit of
 * length is then about 3.5 kpc, one of mass 5·10¹⁰ suns, one of time 14 million years; a disc turns once in about twelve units of time.
 */

/** Length of a step: a fortieth of the shortest orbit at the softening. */
export const FIXED_DT = 0.02
export const GRAVITY = 1
/** Plummer softening: the distance between neighbours in the middle of a disc at full count. */
export const SOFTENING = 0.08

/** Bodies of both galaxies together. */
export const DEFAULT_COUNT = 52_000

/** Share of a galaxy's bodies. The rest is the dark halo: few bodies, but heavy ones. */
export const SHARES = { disc: 0.64, bulge: 0.1 } as const

/** Exponential disc: surface density ∝ exp(−R). */
export const DISC = {
  mass: 1,
  /** where it is cut off */
  cut: 6,
  /** scale height of its sech² profile; young stars lie flatter */
  height: 0.09,
  youngHeight: 0.045,
  /** Toomre's Q at `referenceRadius`: above 1 the disc does not fall into clumps; not far above it makes arms */
  stability: 1.35,
  referenceRadius: 2.2,
  /** arms: number, depth of the modulation, radians by which they trail for a unit of radius */
  arms: 2,
  armDepth: 0.6,
  armTrail: 0.95,
} as const

/** Spheres with Hernquist's profile, ρ ∝ 1 / (r (r + a)³), cut off. */
export const BULGE = { mass: 0.28, scale: 0.17, cut: 1.8 } as const
export const HALO = { mass: 3.6, scale: 2.5, cut: 10 } as const

export const GALAXY_MASS = DISC.mass + BULGE.mass + HALO.mass

/** The orbit of the second galaxy about the first, as if both were points: a parabola in the plane y = 0, anticlockwise from above. */
export const ORBIT = {
  /** distance at the start, and at the closest approach */
  start: 15,
  pericentre: 2.4,
  /** radians by which the orbit is turned about y, for the camera */
  turn: 0.5,
} as const

/** How the discs are tilted against the orbit, radians: both turn the way they pass, which draws out long tails (Toomre & Toomre 1972). */
export const TILTS = [
  { inclination: 0.42, node: 0.6, arms: 0.4 },
  { inclination: 1.05, node: 2.4, arms: 2.1 },
] as const

/** Instance groups: what shines and what does not. */
export const INSTANCE_GROUPS = { stars: 'stars', halo: 'halo' } as const

/** What a body is. A body's `tint` is `8 · galaxy + kind + a number of its own in [0, 0.99]`. */
export const KIND = { bulge: 0, disc: 1, young: 2, nebula: 3, halo: 4, dust: 5 } as const
export const KINDS_A_GALAXY = 8

/** Collision radius: bodies are points, and sensors, which the search for contacts leaves out. */
export const BODY_RADIUS = 1e-3
