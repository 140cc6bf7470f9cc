/** Births of particles: rates, bursts, and calls with a place, a direction and a scale. */
import {
  addBody,
  addParticleSystem,
  emit,
  removeBody,
  removeParticleSystem,
  setEmissionRate,
  step,
  systemParticles,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { DT, makePhysics, run, sphere } from '../physics/harness.ts'
import { burst, places, seen, system } from './harness.ts'

describe('births', () => {
  test('a rate gives its particles exactly, whatever the step', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(physics, system({ rate: 100 }))
    run(physics, 300)
    expect(Math.abs(systemParticles(physics, id) - 500)).toBeLessThanOrEqual(1)
  })

  test('a rate ends with its duration', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(physics, system({ rate: 120, duration: 0.5 }))
    run(physics, 120)
    expect(Math.abs(systemParticles(physics, id) - 60)).toBeLessThanOrEqual(1)
  })

  test('a changed rate holds from the next step on', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(physics, system({ rate: 60 }))
    run(physics, 60)
    setEmissionRate(physics, id, 600)
    run(physics, 60)
    expect(Math.abs(systemParticles(physics, id) - 660)).toBeLessThanOrEqual(2)
  })

  test('bursts come at their times, once or again and again', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(
      physics,
      system({
        bursts: [
          { time: 0, count: 7 },
          { time: 0.24, count: 100, every: 0.5 },
        ],
      }),
    )
    const counts = [1, 14, 15, 44, 45, 75].map((steps, i, all) => {
      run(physics, steps - (all[i - 1] ?? 0))
      return systemParticles(physics, id)
    })
    expect(counts).toEqual([7, 7, 107, 107, 207, 307])
  })

  test('emit adds particles at the emitter, or where it is told with a velocity', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(physics, system({ position: [5, 0, 0] }))
    emit(physics, id, 3)
    emit(physics, id, 2, { at: [0, 7, 0], velocity: [0, 60, 0] })
    emit(physics, id, 4, { at: [0, 0, 9] })
    step(physics, DT)
    const found = places(physics, id).map((place) => place.map((v) => Math.round(v)))
    expect(found).toEqual([...Array(2).fill([0, 8, 0]), ...Array(4).fill([0, 0, 9]), ...Array(3).fill([5, 0, 0])])
    step(physics, DT)
    expect(systemParticles(physics, id)).toBe(9)
  })

  test('a scale makes particles faster, larger and longer-lived by it, and the shape by its square', async () => {
    const physics = await makePhysics({ capacity: { particles: 4096 } })
    const shape = { type: 'sphere', radius: 0.25, surface: true } as const
    const id = addParticleSystem(physics, system({ shape, speed: [3, 3], life: [1, 1], size: [0.5, 0.5] }))
    emit(physics, id, 200, { at: [50, 0, 0], scale: 2 })
    emit(physics, id, 200, { at: [0, 0, 0] })
    step(physics, 1e-4)
    for (const [i, { position, size }] of seen(physics, id).entries()) {
      const scale = i < 200 ? 2 : 1
      const far = Math.hypot(position[0] - (i < 200 ? 50 : 0), position[1], position[2])
      expect(far).toBeCloseTo(0.25 * scale ** 2 + 3e-4 * scale, 4)
      expect(size).toBe(0.5 * scale)
    }
    run(physics, 61)
    const old = seen(physics, id)
    // Those of scale 1 have ended; the others are half as old as they get, and have flown 6 m/s.
    expect(old.length).toBe(200)
    for (const { position, alpha } of old) {
      expect(Math.hypot(position[0] - 50, position[1], position[2])).toBeCloseTo(1 + (6 * 61) / 60, 2)
      expect(alpha).toBeCloseTo(1 - 61 / 120, 2)
    }
  })

  test('a burst of scale s is that of scale 1 drawn larger: the same places, times s squared', async () => {
    const born = async (scale: number): Promise<[number, number, number][]> => {
      const physics = await makePhysics()
      const id = addParticleSystem(
        physics,
        system({ shape: { type: 'box', halfExtents: [1, 2, 3] }, spread: 2, speed: [1, 4], life: [1, 2] }),
      )
      emit(physics, id, 100, { at: [0, 0, 0], scale })
      // s times as long a time.
      step(physics, 0.125 * scale)
      return places(physics, id)
    }
    const small = await born(1)
    const large = await born(2)
    for (const [i, place] of large.entries()) {
      for (const [axis, v] of place.entries()) expect(v).toBeCloseTo(4 * small[i][axis], 4)
    }
  })

  test('a direction turns the shape and the direction of the system', async () => {
    const physics = await makePhysics({ capacity: { particles: 4096 } })
    const cone = { type: 'cone', radius: 1, angle: 0.3 } as const
    const dot = (a: readonly number[], b: readonly number[]): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    // Aside, ahead, and the other way round of directions along and across the axes; the length does not count.
    for (const own of [
      [0, 1, 0],
      [0, 0, -2],
      [1, 1, 1],
      [-5, 0.1, 0],
    ] as const) {
      for (const wanted of [
        [0, 1, 0],
        [0, -3, 0],
        [0, 0, 2],
        [-1, -1, -1],
        [1, 0, 0],
        [5, -0.1, 0],
      ] as const) {
        const id = addParticleSystem(physics, system({ shape: cone, direction: own, rotation: [0.5, 0.5, 0.5, 0.5] }))
        emit(physics, id, 40, { at: [3, 2, 1], direction: wanted })
        step(physics, 1e-6)
        const length = Math.hypot(...wanted)
        for (const place of places(physics, id)) {
          const offset = [place[0] - 3, place[1] - 2, place[2] - 1]
          // The disc is across the direction.
          expect(Math.abs(dot(offset, wanted) / length)).toBeLessThan(1e-5)
          expect(Math.hypot(...offset)).toBeLessThan(1 + 1e-5)
        }
        removeParticleSystem(physics, id)
      }
    }
    const line = addParticleSystem(physics, system({ direction: [0, 0, 1], speed: [10, 10] }))
    emit(physics, line, 1, { at: [0, 0, 0], direction: [0, 3, 4] })
    step(physics, 0.1)
    for (const [axis, v] of [0, 0.6, 0.8].entries()) expect(places(physics, line)[0][axis]).toBeCloseTo(v, 5)
  })

  test('places of emit are refused with what is wrong in them, and nothing is emitted', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(physics, system())
    const at = [0, 0, 0]
    for (const [place, code, field] of [
      [{ at: [0, Number.NaN, 0] }, 'E_NOT_FINITE', 'at'],
      [{ at: [0, 0] }, 'E_RANGE', 'at'],
      [{}, 'E_RANGE', 'at'],
      [{ at, velocity: [0, 0, Infinity] }, 'E_NOT_FINITE', 'velocity'],
      [{ at, direction: [0, 0, 0] }, 'E_RANGE', 'direction'],
      [{ at, direction: ['1', 0, 0] }, 'E_NOT_FINITE', 'direction'],
      [{ at, scale: 0 }, 'E_RANGE', 'scale'],
      [{ at, scale: -1 }, 'E_RANGE', 'scale'],
      [{ at, scale: Number.NaN }, 'E_NOT_FINITE', 'scale'],
    ] as const) {
      expectError(code, { call: 'emit', field }, () => emit(physics, id, 1, place as never))
    }
    step(physics, DT)
    expect(systemParticles(physics, id)).toBe(0)
  })

  test('an emitter goes with its body, turned with it, and hands on its velocity and the swing of its place', async () => {
    const physics = await makePhysics()
    const half = Math.SQRT1_2
    const body = addBody(
      physics,
      sphere([10, 0, 0], {
        rotation: [0, 0, half, half],
        linearVelocity: [0, 0, 6],
        angularVelocity: [0, 0, 3],
        mass: 1,
      }),
    )
    // A quarter turn about z takes the place (1, 0, 0) to (0, 1, 0) and the direction +x to +y.
    const id = burst(physics, 1, { entity: body, position: [1, 0, 0], direction: [1, 0, 0], speed: [2, 2] })
    step(physics, 1e-3)
    const [before] = places(physics, id)
    removeBody(physics, body)
    step(physics, 1e-2)
    const [after] = places(physics, id)
    const speed = after.map((v, axis) => (v - before[axis]) / 1e-2)
    // ω × r = (0, 0, 3) × (0, 1, 0) = (−3, 0, 0).
    for (const [axis, v] of [-3, 2, 6].entries()) expect(speed[axis]).toBeCloseTo(v, 1)
    expect(before[0]).toBeCloseTo(10, 1)
    expect(before[1]).toBeCloseTo(1, 1)
  })

  test('the system of a removed body emits nothing more, nor for the next body with its id', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    const id = addParticleSystem(physics, system({ rate: 600, entity: body }))
    run(physics, 6)
    removeBody(physics, body)
    addBody(physics, sphere([3, 0, 0]))
    emit(physics, id, 5)
    run(physics, 6)
    expect(systemParticles(physics, id)).toBe(60)
  })
})
