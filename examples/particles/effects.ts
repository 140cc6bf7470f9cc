import type { ParticleColor, ParticleSystemDesc } from 'manybody'

/** What a system is, and how it is drawn. */
export interface Effect {
  desc: ParticleSystemDesc & { max: number }
  blend: 'add' | 'cover'
  sprite: 'dot' | 'puff'
  bright?: number
}

/** Where the bowls with fire stand, and where sparks come out. */
export const BOWLS = [
  [-9, 0, -2],
  [9, 0, -2],
] as const
export const SPRAYS = [
  { position: [-3.4, 3.6, 1.5], direction: [0.8, -0.25, 0.1] },
  { position: [3.4, 3.9, 0.6], direction: [-0.8, -0.1, 0.3] },
] as const

const light = (desc: Effect['desc'], bright = 1): Effect => ({ desc, blend: 'add', sprite: 'dot', bright })

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

/** Sparks that fall and bounce on whatever is there. */
export const sparks = ({ position, direction }: (typeof SPRAYS)[number]): Effect =>
  light(
    {
      position,
      direction,
      spread: 0.3,
      rate: 1700,
      speed: [6, 12],
      life: [1.2, 3.2],
      size: [0.018, 0.036],
      color: [
        [0, 6, 4.2, 2],
        [0.3, 5, 2.0, 0.4],
        [1, 1.6, 0.2, 0.02],
      ],
      alpha: [
        [0, 1],
        [0.8, 1],
        [1, 0],
      ],
      gravityScale: 1,
      drag: 0.12,
      collision: { mode: 'bounce', restitution: 0.5, friction: 0.15, radius: 0.02 },
      max: 5600,
    },
    1.4,
  )

/** What is left of a star of a rocket: a few white flashes. */
export const crackle = (): Effect =>
  light(
    {
      shape: { type: 'point' },
      speed: [0.6, 3.2],
      life: [0.12, 0.75],
      size: [0.05, 0.09],
      color: [
        [0, 7, 6, 4.4],
        [1, 2, 1.2, 0.6],
      ],
      alpha: [
        [0, 1],
        [1, 0],
      ],
      drag: 1,
      gravityScale: 0.3,
      max: 6000,
    },
    1.2,
  )

const flower = (color: ParticleColor, more: Partial<ParticleSystemDesc>): Effect =>
  light(
    {
      shape: { type: 'sphere', radius: 0.4, surface: true },
      speed: [8.5, 10.5],
      life: [1.5, 2.3],
      size: [0.09, 0.15],
      sizeOverLife: [
        [0, 1.5],
        [0.1, 1],
        [1, 0.6],
      ],
      color,
      alpha: [
        [0, 1],
        [0.65, 0.9],
        [1, 0],
      ],
      drag: 1.1,
      gravityScale: 0.22,
      max: 2600,
      ...more,
    },
    1.5,
  )

/** Rockets by how they burst: stars, and whether these crackle at their end. */
export const FLOWERS: readonly { effect: Effect; stars: number; crackles: number; flash: string }[] = [
  {
    effect: flower(
      [
        [0, 6, 5, 4],
        [0.08, 6, 0.9, 0.35],
        [1, 2.2, 0.1, 0.12],
      ],
      {},
    ),
    stars: 420,
    crackles: 0,
    flash: '#ff5a3c',
  },
  {
    effect: flower(
      [
        [0, 5, 6, 7],
        [0.08, 0.5, 2.2, 6.5],
        [1, 0.1, 0.3, 2.6],
      ],
      {},
    ),
    stars: 420,
    crackles: 2,
    flash: '#4c8dff',
  },
  {
    effect: flower(
      [
        [0, 6, 6, 4],
        [0.1, 0.8, 5, 1.4],
        [1, 0.1, 1.6, 0.3],
      ],
      { speed: [5, 11] },
    ),
    stars: 460,
    crackles: 0,
    flash: '#53e07a',
  },
  {
    // A willow: gold that hangs and falls.
    effect: flower(
      [
        [0, 7, 5.4, 3],
        [0.2, 5, 2.6, 0.6],
        [1, 1.2, 0.3, 0.03],
      ],
      {
        speed: [6, 8.5],
        life: [2.6, 3.8],
        drag: 0.9,
        gravityScale: 0.42,
        size: [0.06, 0.1],
      },
    ),
    stars: 560,
    crackles: 0,
    flash: '#ffc06a',
  },
  {
    effect: flower(
      [
        [0, 6, 5, 6],
        [0.1, 4.4, 0.8, 5.6],
        [1, 1.2, 0.1, 2],
      ],
      {},
    ),
    stars: 400,
    crackles: 3,
    flash: '#d46bff',
  },
]

/** The tail of a rocket: it is left behind by a body. */
export const tail = (entity: number): Effect =>
  light(
    {
      entity,
      inherit: 0.12,
      speed: [0.1, 0.9],
      life: [0.3, 0.9],
      size: [0.05, 0.1],
      color: [
        [0, 6, 4.6, 2.4],
        [0.5, 3.5, 1.3, 0.3],
        [1, 0.8, 0.1, 0.02],
      ],
      gravityScale: 0.3,
      drag: 1,
      max: 500,
    },
    1.2,
  )

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
