import { addParticleSystem, type ParticleSystemDesc, type Physics } from 'manybody'
import { BURST, type BurstStyle } from '../bursts.ts'
import { GROUP } from '../constants.ts'

/** Particle systems for what flies far: its sparks and pieces meet rocks and ships, and the planet bends their paths. */
export interface Clouds {
  /** By the style's number: one system for a fighter's burst, one for a large ship's. */
  readonly systems: readonly (readonly [small: number, large: number])[]
}

/** How much faster, larger and longer large bursts are. */
const LARGE_SCALE = Math.sqrt(5)
/** What is met: all but shots, which are too small to be hit. */
const SOLID = GROUP.world | GROUP.rock | GROUP.fleet[0] | GROUP.fleet[1]
const EMBERS: ParticleSystemDesc = {
  speed: [0.5, 4],
  life: [0.15, 0.5],
  size: [0.2, 0.5],
  color: [2.6, 1.1, 0.3],
  drag: 1,
}

/** Makes the systems. */
export function createClouds(physics: Physics, particles: number): Clouds {
  if (particles === 0) return { systems: [] }
  const embers = addParticleSystem(physics, EMBERS)
  const pair = (style: BurstStyle, more: Partial<ParticleSystemDesc>): readonly [number, number] => [
    addParticleSystem(physics, { ...describe(style, 1), ...more }),
    addParticleSystem(physics, { ...describe(style, LARGE_SCALE), ...more }),
  ]
  return {
    systems: [
      pair(BURST.spark, { collision: { with: 'bodies', mask: SOLID, restitution: 0.55, friction: 0.1 } }),
      // A piece that has flown out its time breaks up in a last flash.
      pair(BURST.debris, { attraction: true, onDeath: { system: embers, count: 1, inherit: 0.6 } }),
      pair(BURST.rubble, { attraction: true }),
    ],
  }
}

function describe({ speed, life, size, color, drag, radius }: BurstStyle, scale: number): ParticleSystemDesc {
  const grown = ([least, most]: readonly [number, number]): [number, number] => [least * scale, most * scale]
  return {
    shape: { type: 'sphere', radius: radius * scale * scale },
    spread: Math.PI,
    speed: grown(speed),
    life: grown(life),
    size: grown(size),
    color,
    drag,
  }
}
