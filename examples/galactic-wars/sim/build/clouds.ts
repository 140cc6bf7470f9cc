import { addParticleSystem, type ParticleSystemDesc, type ParticleSystemId, type Physics } from 'manybody'
import { BURST, type BurstKind } from '../bursts.ts'
import { DUST, GROUP } from '../constants.ts'
import { exhaustOf } from './exhaust.ts'

/** Particle systems: how many the engine has room for. */
export const SYSTEMS = 16

/** The particle systems, one for each kind of cloud. What they emit is asked for with `emit`. */
export interface Clouds {
  readonly bursts: Readonly<Record<BurstKind, ParticleSystemId>>
  /** the first dust, which is of every age so that it does not all end at once, and what follows it */
  readonly dust: readonly [first: ParticleSystemId, later: ParticleSystemId]
  /** by fleet, then by type of ship */
  readonly exhausts: readonly (readonly ParticleSystemId[])[]
}

/** What is met: all but shots, which are too small to be hit. */
const SOLID = GROUP.world | GROUP.rock | GROUP.fleet[0] | GROUP.fleet[1]
const EMBERS: ParticleSystemDesc = {
  speed: [0.5, 4],
  life: [0.15, 0.5],
  size: [0.2, 0.5],
  color: [2.6, 1.1, 0.3],
  drag: 1,
}
const DUST_CLOUD: ParticleSystemDesc = {
  shape: { type: 'sphere', radius: 95 },
  spread: Math.PI,
  speed: [0, 1.2],
  life: [DUST.minLife, DUST.maxLife],
  size: [0.15, 0.5],
  color: [0.34, 0.27, 0.2],
}

/** Makes the systems. Sparks meet rocks and ships; the planet bends the paths of pieces. */
export function createClouds(physics: Physics): Clouds {
  const add = (desc: ParticleSystemDesc): ParticleSystemId => addParticleSystem(physics, desc)
  const embers = add(EMBERS)
  const { fire, spark, debris, rubble, impact, shield, chip, warp } = BURST
  return {
    bursts: {
      fire: add(fire),
      spark: add({ ...spark, collision: { with: 'bodies', mask: SOLID, restitution: 0.55, friction: 0.1 } }),
      // A piece that has flown out its time breaks up in a last flash.
      debris: add({ ...debris, attraction: true, onDeath: { system: embers, count: 1, inherit: 0.6 } }),
      rubble: add({ ...rubble, attraction: true }),
      impact: add(impact),
      shield: add(shield),
      chip: add(chip),
      warp: add(warp),
    },
    dust: [add({ ...DUST_CLOUD, life: [0.02, DUST.maxLife] }), add(DUST_CLOUD)],
    exhausts: [0, 1].map((fleet) => [0, 1].map((type) => add(exhaustOf(fleet, type)))),
  }
}
