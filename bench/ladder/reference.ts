/**
 * The reference ladder: published frame times (ms) of a pipeline with the same five stages and 1,000 bodies, on another
 * machine, from plain objects to native code with SIMD on all cores.
 */
export const REFERENCE = [
  { rung: 'reference ladder 1: plain objects', ms: 150.3 },
  { rung: 'reference ladder 2', ms: 18.7 },
  { rung: 'reference ladder 3', ms: 8.9 },
  { rung: 'reference ladder 4: native, SIMD, parallel', ms: 3.2 },
] as const
