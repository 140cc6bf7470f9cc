/** Where a particle system's numbers and words are; the same as in `physics-wasm/src/stages/particle_system.rs`. */
export const REAL = {
  rate: 0,
  lasts: 1,
  burstIn: 3,
  burstCount: 7,
  burstEvery: 11,
  speed: 15,
  life: 17,
  size: 19,
  spread: 21,
  direction: 22,
  position: 25,
  rotation: 28,
  velocity: 32,
  inherit: 35,
  extent: 36,
  drag: 39,
  gravity: 40,
  attraction: 41,
  turbulence: 42,
  restitution: 46,
  friction: 47,
  radius: 48,
  heritage: 49,
  colour: 64,
  growth: 128,
} as const

/** Words of a record. Those that are not here are the kernel's. */
export const WORD = {
  count: 0,
  pages: 1,
  list: 2,
  flags: 7,
  shape: 8,
  entity: 9,
  seed: 10,
  most: 11,
  asked: 12,
  heir: 13,
  offspring: 14,
  mask: 15,
  mesh: 16,
  areas: 17,
  instance: 21,
  instances: 22,
} as const

/** Bits of the flags. */
export const BIT = {
  live: 1,
  outward: 2,
  surface: 4,
  turbulent: 8,
  attracted: 16,
  bodies: 32,
  planes: 64,
  sticks: 128,
  dies: 256,
  tells: 512,
} as const

/** Kinds of shapes. */
export const SHAPE = { point: 0, sphere: 1, cone: 2, box: 3, mesh: 4 } as const

/** Numbers and words of a record. */
export const STRIDE = { reals: 160, words: 32 } as const

/** Bursts of a system. */
export const BURSTS = 4

/** Numbers and words of a place where particles are asked for, and where the numbers are. */
export const BROOD = { reals: 11, words: 3, place: 0, velocity: 3, turn: 6, scale: 10 } as const
