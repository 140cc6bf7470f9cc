/** Seconds after the start at which each example's pictures are taken; the first is its thumbnail. */
export const SHOTS: Readonly<Record<string, readonly number[]>> = {
  pyramid: [4.3],
  dominoes: [6],
  ragdolls: [1.7],
  'wrecking-ball': [2],
  'marble-run': [16],
  'newtons-cradle': [1.9],
}
