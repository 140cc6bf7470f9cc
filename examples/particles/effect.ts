import type { ParticleSystemDesc } from 'manybody'

/** What a system is, and how it is drawn. */
export interface Effect {
  desc: ParticleSystemDesc & { max: number }
  blend: 'add' | 'cover'
  sprite: 'dot' | 'puff'
  bright?: number
}

/** Points of light. */
export const light = (desc: Effect['desc'], bright = 1): Effect => ({ desc, blend: 'add', sprite: 'dot', bright })
