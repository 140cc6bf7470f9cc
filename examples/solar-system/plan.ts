/** A planet and what goes round it. Lengths are for the eye, not to scale; seconds are seconds of the show. */
export interface PlanetPlan {
  name: string
  radius: number
  /** Radius of its orbit, and seconds that it takes. */
  orbit: number
  year: number
  /** Seconds of one turn, and the lean of its axis, rad. */
  day: number
  tilt: number
  moons: number
  stations: number
  /** Radii of its ring, and how many pieces of ice are in it. */
  ring?: { inner: number; outer: number; pieces: number }
}

export const SUN_RADIUS = 9

const planet = (
  name: string,
  [radius, orbit, year, day, tilt]: [number, number, number, number, number],
  [moons, stations]: [number, number],
  ring?: PlanetPlan['ring'],
): PlanetPlan => ({ name, radius, orbit, year, day, tilt, moons, stations, ...(ring ? { ring } : {}) })

export const PLANETS: readonly PlanetPlan[] = [
  planet('Ember', [1.2, 22, 31, 40, 0.02], [0, 0]),
  planet('Sulphur', [2.1, 34, 59, -90, 0.05], [0, 1]),
  planet('Haven', [2.3, 50, 106, 24, 0.41], [1, 3]),
  planet('Rust', [1.6, 66, 161, 25, 0.44], [2, 1]),
  planet('Titan King', [7.2, 132, 455, 14, 0.06], [6, 1], { inner: 9.4, outer: 10.2, pieces: 700 }),
  planet('Halo', [5.6, 188, 774, 15, 0.47], [5, 2], { inner: 7.4, outer: 14, pieces: 6500 }),
  planet('Tilt', [3.6, 240, 1116, -20, 1.5], [3, 0], { inner: 5.2, outer: 6.1, pieces: 600 }),
  planet('Deep', [3.4, 286, 1452, 19, 0.5], [2, 0]),
]
/** Planets by their place in the list. */
export const [HAVEN, KING, HALO] = [2, 4, 5]

/** Belts of rock about the sun: radii, half height, and how many rocks. They turn in bands, the inner ones faster. */
export const BELTS = [
  { inner: 80, outer: 108, height: 2.6, count: 9000 },
  { inner: 310, outer: 372, height: 7, count: 3500 },
] as const
export const BANDS = 20

export const SHUTTLES = 80
export const COMETS = 24
/** Pieces that fly along with a comet. */
export const COMET_PIECES = 10
/** Acceleration towards the sun at a distance of 1: what makes the years above, 4π²r³/T². */
export const SUN_PULL = (4 * Math.PI ** 2 * 50 ** 3) / 106 ** 2
