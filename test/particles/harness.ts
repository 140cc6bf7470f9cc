/** What the tests of particle systems share. */
import { addParticleSystem, type ParticleSystemDesc, type Physics, packInstances } from 'manybody'

/** A system at the origin that emits nothing by itself; its particles stand still for 10 s. */
export const system = (more: Partial<ParticleSystemDesc> = {}): ParticleSystemDesc => ({
  speed: [0, 0],
  life: [10, 10],
  size: [1, 1],
  ...more,
})

/** A system that gives `count` particles in the first step. */
export function burst(physics: Physics, count: number, more: Partial<ParticleSystemDesc> = {}): number {
  return addParticleSystem(physics, system({ bursts: [{ time: 0, count }], ...more }))
}

/** One packed particle. */
export interface Seen {
  position: [number, number, number]
  size: number
  color: [number, number, number]
  alpha: number
}

/** Packed particles: all, or those of one system. */
export function seen(physics: Physics, id?: number): Seen[] {
  packInstances(physics)
  const { data, stride, count } = physics.instances.particles
  const range = id === undefined ? { start: 0, count } : physics.instances.systems[id]
  return Array.from({ length: range.count }, (_, i) => {
    const v = data.subarray((range.start + i) * stride, (range.start + i + 1) * stride)
    return { position: [v[0], v[1], v[2]], size: v[3], color: [v[4], v[5], v[6]], alpha: v[7] }
  })
}

/** Where particles are. */
export const places = (physics: Physics, id?: number): [number, number, number][] =>
  seen(physics, id).map(({ position }) => position)
