import { frameStats, packInstances, systemParticles } from 'manybody'
import { describe, expect, it } from 'vitest'
import { createShow, type Show, updateShow } from '../../examples/particles/scene.ts'
import { keep } from './harness.ts'

const alive = ({ physics, systems }: Show): number[] => systems.map(({ id }) => systemParticles(physics, id))

describe('particles', () => {
  it('keeps every system within its bounds, and loses none', async () => {
    const show = keep(await createShow())
    const most = show.systems.map(() => 0)
    for (let frame = 0; frame < 1500; frame++) {
      updateShow(show, 1 / 60)
      for (const [i, count] of alive(show).entries()) most[i] = Math.max(most[i]!, count)
      expect(frameStats(show.physics).droppedParticles).toBe(0)
    }
    for (const [i, { effect }] of show.systems.entries()) {
      expect(most[i]).toBeGreaterThan(0)
      expect(most[i]).toBeLessThanOrEqual(effect.desc.max)
    }
    // A pool as large as all systems together: the picture reads each system's part of it as far as that may reach.
    const all = show.systems.reduce((sum, { effect }) => sum + effect.desc.max, 0)
    expect(all).toBeLessThanOrEqual(show.physics.capacity.particles)
  })

  it('lets sparks bounce: none falls through the floor, and some lie on the crates', async () => {
    const show = keep(await createShow())
    for (let frame = 0; frame < 240; frame++) updateShow(show, 1 / 60)
    const { instances } = show.physics
    packInstances(show.physics)
    const sparks = show.systems.filter(({ effect }) => effect.desc.collision)
    expect(sparks.length).toBe(2)
    let [low, onTop] = [Number.POSITIVE_INFINITY, 0]
    for (const { id } of sparks) {
      const { start, count } = instances.systems[id]!
      expect(count).toBeGreaterThan(1000)
      for (let i = start; i < start + count; i++) {
        const [x, y, z] = instances.particles.data.subarray(8 * i, 8 * i + 3)
        low = Math.min(low, y!)
        if (Math.abs(x!) < 1.5 && Math.abs(z!) < 1.5 && y! < 3.3 && y! > 0.95) onTop++
      }
    }
    expect(low).toBeGreaterThan(-0.05)
    expect(onTop).toBeGreaterThan(50)
  })

  it('bursts rockets into stars, and dead stars into flashes', async () => {
    const show = keep(await createShow())
    let [stars, flashes] = [0, 0]
    const crackles = show.systems.findIndex(({ id }) => id === show.flowers[0]) - 1
    for (let frame = 0; frame < 1200; frame++) {
      updateShow(show, 1 / 60)
      stars = Math.max(stars, ...show.flowers.map((id) => systemParticles(show.physics, id)))
      flashes = Math.max(flashes, alive(show)[crackles]!)
    }
    expect(stars).toBeGreaterThan(300)
    expect(flashes).toBeGreaterThan(50)
  })
})
