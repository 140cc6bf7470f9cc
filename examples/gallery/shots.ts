/** When a picture is taken, in seconds after the start, and keys that are pressed before, by their codes. */
export interface Shot {
  at: number
  keys?: readonly string[]
}

/** The pictures of each example; the first is its thumbnail. */
export const SHOTS: Readonly<Record<string, readonly Shot[]>> = {
  pyramid: [{ at: 4.3 }],
  dominoes: [{ at: 6 }],
  ragdolls: [{ at: 1.7 }],
  'wrecking-ball': [{ at: 2 }],
  'marble-run': [{ at: 16 }],
  'newtons-cradle': [{ at: 1.9 }],
  particles: [{ at: 6.2, keys: ['KeyH'] }, { at: 9.4 }],
  'solar-system': [
    { at: 20, keys: ['KeyH'] },
    { at: 21, keys: ['Digit3'] },
    { at: 22, keys: ['Digit6'] },
    { at: 23, keys: ['Digit1', 'KeyH'] },
  ],
}
