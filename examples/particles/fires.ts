import { type Effect, light } from './effect.ts'

/** Where the bowls with fire stand. */
export const BOWLS = [
  [-9, 0, -2],
  [9, 0, -2],
] as const

/** Flames: light that rises, licks about and goes out. */
export const flame = ([x, y, z]: readonly [number, number, number]): Effect => ({
  blend: 'add',
  sprite: 'puff',
  bright: 1.2,
  desc: {
    shape: { type: 'cone', radius: 0.55, angle: 0.12 },
    position: [x, y + 1.5, z],
    rate: 130,
    speed: [1.4, 3.2],
    life: [0.5, 1.15],
    size: [0.42, 0.75],
    sizeOverLife: [
      [0, 0.5],
      [0.25, 1],
      [1, 0.1],
    ],
    color: [
      [0, 1.5, 0.75, 0.22],
      [0.4, 1.3, 0.36, 0.05],
      [1, 0.5, 0.06, 0.01],
    ],
    alpha: [
      [0, 0],
      [0.12, 0.55],
      [1, 0],
    ],
    turbulence: { strength: 4.5, scale: 1.3, change: 1.5 },
    gravityScale: -0.25,
    drag: 0.6,
    max: 300,
  },
})

/** Smoke: grows, is blown about, and thins out. */
export const smoke = ([x, y, z]: readonly [number, number, number]): Effect => ({
  blend: 'cover',
  sprite: 'puff',
  desc: {
    shape: { type: 'sphere', radius: 0.45 },
    position: [x, y + 3, z],
    direction: [0, 1, 0],
    spread: 0.25,
    rate: 34,
    speed: [1.2, 2.2],
    life: [4, 7],
    size: [0.7, 1.1],
    sizeOverLife: [
      [0, 0.5],
      [0.3, 1.6],
      [1, 3.6],
    ],
    color: [
      [0, 0.5, 0.2, 0.07],
      [0.1, 0.14, 0.12, 0.11],
      [1, 0.09, 0.095, 0.11],
    ],
    alpha: [
      [0, 0],
      [0.08, 0.34],
      [0.5, 0.18],
      [1, 0],
    ],
    turbulence: { strength: 1.5, scale: 3, change: 0.3 },
    gravityScale: -0.045,
    drag: 0.25,
    max: 320,
  },
})

/** Embers over the fire. */
export const embers = (): Effect =>
  light(
    {
      shape: { type: 'box', halfExtents: [10, 0.3, 2] },
      position: [0, 1.6, -2],
      rate: 26,
      speed: [0.4, 1.2],
      life: [4, 8],
      size: [0.018, 0.035],
      color: [
        [0, 5, 1.8, 0.3],
        [1, 2, 0.3, 0.03],
      ],
      alpha: [
        [0, 0],
        [0.2, 1],
        [0.9, 0.8],
        [1, 0],
      ],
      turbulence: { strength: 2.2, scale: 2.2, change: 0.4 },
      gravityScale: -0.02,
      drag: 0.5,
      max: 260,
    },
    1.3,
  )
