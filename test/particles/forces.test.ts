/** Turbulence and attraction; meshes that emit. */
import {
  addBody,
  addParticleSystem,
  emit,
  type ParticleSystemDesc,
  poolStats,
  removeParticleSystem,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { makePhysics, run } from '../physics/harness.ts'
import { burst, places, system } from './harness.ts'

type V = [number, number, number]

describe('turbulence', () => {
  /** Velocity that one step of 1 s gives particles at rest at these places. */
  async function wind(at: V[], turbulence: ParticleSystemDesc['turbulence']): Promise<V[]> {
    const physics = await makePhysics({ capacity: { particles: at.length, particleHits: at.length } })
    const id = addParticleSystem(physics, system({ turbulence }))
    for (const [k, place] of at.entries()) {
      emit(physics, id, 1, { at: place })
      if (k % 1000 === 999) step(physics, 1e-6)
    }
    step(physics, 1e-6)
    const before = places(physics, id)
    step(physics, 1)
    return places(physics, id).map((place, i) => place.map((v, axis) => v - before[i][axis]) as V)
  }

  const lattice = (n: number, gap: number): V[] =>
    Array.from({ length: n ** 3 }, (_, i) => [
      gap * (i % n) + 0.137,
      gap * (Math.floor(i / n) % n) - 0.311,
      gap * Math.floor(i / n ** 2) + 0.071,
    ])

  test('its mean square is that of its strength, and its mean is nothing', async () => {
    const found = await wind(lattice(15, 1.37), { strength: 3, scale: 2 })
    const square = found.reduce((sum, v) => sum + v[0] ** 2 + v[1] ** 2 + v[2] ** 2, 0) / found.length
    expect(Math.abs(Math.sqrt(square) - 3)).toBeLessThan(0.3)
    for (const axis of [0, 1, 2]) {
      expect(Math.abs(found.reduce((sum, v) => sum + v[axis], 0) / found.length)).toBeLessThan(0.3)
    }
  })

  test('it has no sources: what flows into a small box flows out of it', async () => {
    const h = 0.02
    const middles = lattice(4, 0.77)
    const around = middles.flatMap((m) =>
      [0, 1, 2].flatMap((axis) => [1, -1].map((side) => m.map((v, k) => v + (k === axis ? side * h : 0)) as V)),
    )
    const found = await wind(around, { strength: 1, scale: 1 })
    for (let k = 0; k < middles.length; k++) {
      let divergence = 0
      let slope = 0
      for (const axis of [0, 1, 2]) {
        const [up, down] = [found[6 * k + 2 * axis], found[6 * k + 2 * axis + 1]]
        divergence += (up[axis] - down[axis]) / (2 * h)
        for (const other of [0, 1, 2]) slope = Math.max(slope, Math.abs(up[other] - down[other]) / (2 * h))
      }
      expect(slope).toBeGreaterThan(0.1)
      // The parabolas' kinks are some 1e-2 of the slope over so short a way.
      expect(Math.abs(divergence)).toBeLessThan(0.02 * slope)
    }
  })

  test('it changes over time when told to', async () => {
    const physics = await makePhysics()
    const id = burst(physics, 1, { turbulence: { strength: 1, scale: 1, change: 0.3 } })
    const other = burst(physics, 1, { turbulence: { strength: 1, scale: 1 } })
    run(physics, 60, 1e-3)
    expect(places(physics, id)[0]).not.toEqual(places(physics, other)[0])
  })
})

describe('attraction', () => {
  test('a particle falls to a source as a body does', async () => {
    const physics = await makePhysics({ longRange: { gravity: 1 } })
    addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 0.1 }, mass: 100, attracts: true })
    const body = addBody(physics, {
      shape: { type: 'sphere', radius: 0.1 },
      position: [0, 0, 10],
      linearVelocity: [3, 0, 0],
    })
    const whole = addParticleSystem(physics, system({ attraction: true }))
    const half = addParticleSystem(physics, system({ attraction: 0.5 }))
    for (const id of [whole, half]) emit(physics, id, 1, { at: [0, 0, 10], velocity: [3, 0, 0] })
    run(physics, 1000, 1e-3)
    const { Position } = physics.components
    const [at] = places(physics, whole)
    expect(at[0]).toBeCloseTo(Position.x[body], 2)
    expect(at[2]).toBeCloseTo(Position.z[body], 2)
    const [far] = places(physics, half)
    // Half the pull of 1 m/s² over 1 s: a quarter of a metre.
    expect(10 - far[2]).toBeCloseTo((10 - at[2]) / 2, 1)
  })

  test('many sources: the heaviest one by one, the others as one', async () => {
    const physics = await makePhysics({ longRange: { gravity: 1 } })
    addBody(physics, {
      type: 'static',
      shape: { type: 'sphere', radius: 1 },
      position: [50, 0, 0],
      mass: 1e4,
      attracts: true,
    })
    for (let i = 0; i < 300; i++) {
      addBody(physics, {
        type: 'static',
        shape: { type: 'sphere', radius: 0.01 },
        position: [-100, i / 300, 0],
        mass: 10,
        attracts: true,
      })
    }
    const id = burst(physics, 1, { attraction: true })
    step(physics, 1e-6)
    const [before] = places(physics, id)
    step(physics, 1e-3)
    const pull = (places(physics, id)[0][0] - before[0]) / 1e-6
    expect(pull).toBeCloseTo(1e4 / 2500 - 3000 / 1e4, 1)
  })
})

describe('a mesh that emits', () => {
  const mesh = {
    type: 'mesh',
    vertices: new Float32Array([0, 0, 0, 4, 0, 0, 4, 0, 4, 0, 0, 4, 0, 1, 0, 0, 1, 1]),
    indices: new Uint32Array([0, 2, 1, 0, 3, 2, 0, 4, 5]),
  } as const

  test('evenly by area, outward along the normals', async () => {
    const N = 4096
    const physics = await makePhysics({ capacity: { particles: N } })
    const id = burst(physics, N, { shape: { type: 'mesh', mesh }, position: [0, 0, 7], speed: [1, 1] })
    step(physics, 1e-6)
    const at = places(physics, id)
    const flat = at.filter((v) => v[1] < 1e-4).length / N
    expect(Math.abs(flat - 16 / 16.5)).toBeLessThan(0.01)
    const near = at.filter((v) => v[0] < 2 && v[2] < 9 && v[1] < 1e-4).length / N
    expect(Math.abs(near - 4 / 16.5)).toBeLessThan(0.03)
    step(physics, 0.5)
    for (const [k, v] of places(physics, id).entries()) {
      const d = v.map((x, axis) => x - at[k][axis])
      const wanted = at[k][1] < 1e-4 && at[k][0] > 1e-3 ? [0, 0.5, 0] : undefined
      if (wanted) for (const axis of [0, 1, 2]) expect(d[axis]).toBeCloseTo(wanted[axis], 3)
    }
  })

  test('is held while its system is there', async () => {
    const physics = await makePhysics()
    const before = poolStats(physics).shapes.live
    const id = addParticleSystem(physics, system({ shape: { type: 'mesh', mesh }, rate: 60 }))
    expect(poolStats(physics).shapes.live).toBe(before + 1)
    run(physics, 5)
    removeParticleSystem(physics, id)
    expect(poolStats(physics).shapes.live).toBe(before)
    expect([poolStats(physics).systems.live, poolStats(physics).systems.peak]).toEqual([0, 1])
  })
})
