import { PAINT } from '../shaders/ship.ts'

interface Part {
  paint: number
  /** once more on the other side, x turned round */
  mirror?: boolean
  /** not worth drawing in the lightest view */
  small?: boolean
}

/** A closed body through cross-sections from tail to nose: z, half width, half height, x, y of each. */
export interface Hull extends Omit<Part, 'paint'> {
  kind: 'hull'
  sections: number[]
  /** one paint for all, or one for each gap between two sections */
  paint: number | number[]
  /** paint of the rear cap */
  tail: number
  /** how much of the corners is cut off, 0 … 1 */
  bevel?: number
}

/** A flat body; the outline is a list of x, z. */
export interface Wing extends Part {
  kind: 'wing'
  outline: number[]
  thickness: number
  y: number
  rise: number
}

/** An upright body; the outline is a list of y, z. */
export interface Fin extends Part {
  kind: 'fin'
  outline: number[]
  thickness: number
  x: number
  lean: number
}

/** A ship in units of its collision radius: the nose is at +z, the roof at +y. */
export interface ShipPlan {
  parts: (Hull | Wing | Fin)[]
  /** x, y, z, radius of each nozzle */
  nozzles: number[]
  /** half axes */
  shield: readonly number[]
}

const { hull, trim, dark, engine, glass } = PAINT

// The formatter keeps lists of numbers together: one section or corner after the other.

/** Fleet A, fighter: a dart. Long needle nose, swept wings, two engines, two leaning fins. */
export const FIGHTER_A: ShipPlan = {
  parts: [
    {
      kind: 'hull',
      sections: [
        -1.15, 0.4, 0.2, 0, 0, -0.2, 0.44, 0.27, 0, 0, 0.55, 0.25, 0.2, 0, -0.02, 1.4, 0.11, 0.09, 0, -0.05, 2.1, 0.02,
        0.02, 0, -0.07,
      ],
      paint: [hull, hull, hull, trim],
      tail: dark,
    },
    {
      kind: 'hull',
      sections: [0.15, 0.13, 0.1, 0, 0.2, 0.55, 0.14, 0.13, 0, 0.17, 1.0, 0.05, 0.04, 0, 0.06],
      paint: glass,
      tail: glass,
      small: true,
    },
    {
      kind: 'wing',
      outline: [0.3, 0.5, 0.3, -1.0, 1.55, -1.35, 1.6, -1.05],
      thickness: 0.07,
      y: -0.04,
      rise: -0.06,
      paint: hull,
      mirror: true,
    },
    {
      kind: 'wing',
      outline: [1.5, -0.55, 1.5, -1.5, 1.68, -1.5, 1.68, -0.35],
      thickness: 0.09,
      y: -0.04,
      rise: -0.06,
      paint: trim,
      mirror: true,
    },
    {
      kind: 'hull',
      sections: [-1.4, 0.17, 0.17, 0.42, 0.06, -0.3, 0.2, 0.2, 0.42, 0.06, 0.2, 0.1, 0.12, 0.42, 0.06],
      paint: [dark, hull],
      tail: engine,
      mirror: true,
      small: true,
    },
    {
      kind: 'fin',
      outline: [0.15, -0.5, 0.15, -1.2, 0.78, -1.55, 0.78, -1.25],
      thickness: 0.045,
      x: 0.45,
      lean: 0.3,
      paint: trim,
      mirror: true,
      small: true,
    },
  ],
  nozzles: [0.42, 0.06, -1.42, 0.17, -0.42, 0.06, -1.42, 0.17],
  shield: [1.75, 0.85, 2.1],
}

/** Fleet B, fighter: a trident. Broad crescent with prongs that point forward, one large engine. */
export const FIGHTER_B: ShipPlan = {
  parts: [
    {
      kind: 'hull',
      sections: [-1.0, 0.36, 0.3, 0, 0, -0.3, 0.5, 0.34, 0, 0, 0.5, 0.36, 0.26, 0, 0, 1.05, 0.08, 0.07, 0, 0],
      paint: hull,
      tail: engine,
      bevel: 0.5,
    },
    {
      kind: 'hull',
      sections: [0.1, 0.16, 0.1, 0, 0.26, 0.4, 0.18, 0.12, 0, 0.22, 0.8, 0.06, 0.04, 0, 0.1],
      paint: glass,
      tail: glass,
      small: true,
    },
    {
      kind: 'wing',
      outline: [0.35, 0.35, 0.35, -0.85, 1.25, -0.65, 1.5, 0.1, 1.2, 0.05],
      thickness: 0.11,
      y: 0.02,
      rise: 0.05,
      paint: hull,
      mirror: true,
    },
    {
      kind: 'hull',
      sections: [
        -0.75, 0.09, 0.11, 1.36, 0.08, 0.2, 0.14, 0.15, 1.42, 0.09, 1.1, 0.08, 0.08, 1.34, 0.08, 1.75, 0.02, 0.02, 1.26,
        0.08,
      ],
      paint: [dark, trim, trim],
      tail: engine,
      mirror: true,
      small: true,
    },
    {
      kind: 'wing',
      outline: [1.28, 0.1, 1.26, 1.75, 1.5, 0.1],
      thickness: 0.08,
      y: 0.08,
      rise: 0,
      paint: trim,
      mirror: true,
    },
    {
      kind: 'fin',
      outline: [0.2, 0.1, 0.2, -0.95, 0.62, -1.3, 0.7, -1.0],
      thickness: 0.05,
      x: 0,
      lean: 0,
      paint: trim,
    },
    {
      kind: 'fin',
      outline: [-0.2, -0.95, -0.2, 0.0, -0.5, -0.9, -0.48, -1.1],
      thickness: 0.05,
      x: 0,
      lean: 0,
      paint: trim,
      small: true,
    },
  ],
  nozzles: [0, 0, -1.02, 0.29, 1.36, 0.08, -0.77, 0.09, -1.36, 0.08, -0.77, 0.09],
  shield: [1.75, 0.85, 1.9],
}

/** Fleet A, capital ship: a dagger. Flat wedge, stepped decks, a bridge tower at the rear, three engines. */
export const CAPITAL_A: ShipPlan = {
  parts: [
    {
      kind: 'hull',
      sections: [
        -1.9, 1.15, 0.26, 0, 0, -1.3, 1.3, 0.34, 0, 0, 0.2, 0.82, 0.28, 0, 0, 2.0, 0.3, 0.14, 0, 0, 2.9, 0.05, 0.04, 0,
        0,
      ],
      paint: [hull, hull, hull, trim],
      tail: dark,
      bevel: 0.3,
    },
    {
      kind: 'hull',
      sections: [-1.7, 0.72, 0.2, 0, 0.36, -0.9, 0.66, 0.22, 0, 0.36, 0.9, 0.2, 0.08, 0, 0.24],
      paint: hull,
      tail: dark,
    },
    {
      kind: 'hull',
      sections: [-1.6, 0.36, 0.2, 0, 0.66, -1.0, 0.32, 0.18, 0, 0.66, -0.5, 0.14, 0.08, 0, 0.58],
      paint: hull,
      tail: dark,
    },
    { kind: 'hull', sections: [-1.5, 0.5, 0.08, 0, 0.92, -1.15, 0.46, 0.08, 0, 0.92], paint: trim, tail: dark },
    { kind: 'hull', sections: [-1.2, 0.5, 0.16, 0, -0.38, 0.4, 0.3, 0.12, 0, -0.3], paint: dark, tail: dark },
    {
      kind: 'wing',
      outline: [1.12, -0.9, 1.12, -1.9, 1.5, -2.1, 1.48, -1.5],
      thickness: 0.1,
      y: 0,
      rise: 0,
      paint: trim,
      mirror: true,
    },
    { kind: 'hull', sections: [-2.15, 0.24, 0.2, 0, 0, -1.7, 0.3, 0.25, 0, 0], paint: dark, tail: engine },
    {
      kind: 'hull',
      sections: [-2.15, 0.24, 0.2, 0.68, 0, -1.7, 0.3, 0.25, 0.68, 0],
      paint: dark,
      tail: engine,
      mirror: true,
    },
  ],
  nozzles: [0, 0, -2.17, 0.22, 0.68, 0, -2.17, 0.22, -0.68, 0, -2.17, 0.22],
  shield: [1.62, 1.05, 3.0],
}

/** Fleet B, capital ship: a hammerhead. Long ribbed spine, broad prow, a cross of fins about two round engines. */
export const CAPITAL_B: ShipPlan = {
  parts: [
    {
      kind: 'hull',
      sections: [
        -1.9, 0.5, 0.5, 0, 0, -1.0, 0.66, 0.62, 0, 0, -0.4, 0.34, 0.36, 0, 0, 1.3, 0.3, 0.34, 0, 0, 1.7, 0.9, 0.3, 0, 0,
        2.4, 0.82, 0.2, 0, 0, 2.75, 0.5, 0.06, 0, 0,
      ],
      paint: [hull, hull, dark, hull, hull, trim],
      tail: dark,
      bevel: 0.5,
    },
    {
      kind: 'hull',
      sections: [-0.1, 0.46, 0.46, 0, 0, 0.12, 0.46, 0.46, 0, 0],
      paint: hull,
      tail: hull,
      bevel: 0.5,
    },
    {
      kind: 'hull',
      sections: [0.35, 0.43, 0.43, 0, 0, 0.57, 0.43, 0.43, 0, 0],
      paint: hull,
      tail: hull,
      bevel: 0.5,
    },
    { kind: 'hull', sections: [0.8, 0.4, 0.4, 0, 0, 1.02, 0.4, 0.4, 0, 0], paint: hull, tail: hull, bevel: 0.5 },
    { kind: 'hull', sections: [-1.3, 0.2, 0.2, 0, 0.72, -0.7, 0.16, 0.16, 0, 0.7], paint: trim, tail: dark },
    {
      kind: 'wing',
      outline: [0.5, -0.7, 0.5, -1.7, 1.5, -2.2, 1.5, -1.7],
      thickness: 0.09,
      y: 0,
      rise: 0.12,
      paint: trim,
      mirror: true,
    },
    {
      kind: 'fin',
      outline: [0.5, -0.8, 0.5, -1.7, 1.25, -2.2, 1.25, -1.8],
      thickness: 0.09,
      x: 0,
      lean: 0,
      paint: trim,
    },
    {
      kind: 'fin',
      outline: [-0.5, -1.7, -0.5, -0.8, -1.25, -1.8, -1.25, -2.2],
      thickness: 0.09,
      x: 0,
      lean: 0,
      paint: trim,
    },
    {
      kind: 'hull',
      sections: [-2.2, 0.28, 0.28, 0.34, 0, -1.8, 0.34, 0.34, 0.34, 0],
      paint: dark,
      tail: engine,
      mirror: true,
      bevel: 0.55,
    },
  ],
  nozzles: [0.34, 0, -2.22, 0.27, -0.34, 0, -2.22, 0.27],
  shield: [1.55, 1.3, 2.9],
}
