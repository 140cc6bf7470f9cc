import type { ParticleColor, ParticleSystemDesc } from 'manybody'
import { type Effect, light } from './effect.ts'

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
