import { type Effect, light } from './effect.ts'

/** Where sparks come out. */
export const SPRAYS = [
  { position: [-3.4, 3.6, 1.5], direction: [0.8, -0.25, 0.1] },
  { position: [3.4, 3.9, 0.6], direction: [-0.8, -0.1, 0.3] },
] as const

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
