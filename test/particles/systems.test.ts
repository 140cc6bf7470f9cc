/** Particle systems: births, motion and looks by closed forms; ids; room. */
import {
  addParticleSystem,
  clearParticles,
  emit,
  emitBurst,
  frameStats,
  isParticleSystem,
  type Physics,
  type PhysicsErrorCode,
  packInstances,
  particleCount,
  removeParticleSystem,
  setEmissionRate,
  stateHash,
  step,
  systemParticles,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { DT, makePhysics, run } from '../physics/harness.ts'
import { burst, places, seen, system } from './harness.ts'

describe('shapes', () => {
  const N = 8192
  const born = async (more: object): Promise<{ at: [number, number, number][]; physics: Physics }> => {
    const physics = await makePhysics({ capacity: { particles: N } })
    burst(physics, N, more)
    step(physics, 1e-6)
    return { at: places(physics), physics }
  }
  const length = (v: readonly number[]): number => Math.hypot(...v)
  const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length
  /** Largest distance between what was found and what would be even on [0, 1]; 1.95 / √n is one in a thousand (Kolmogorov and Smirnov). */
  const unevenness = (values: number[]): number => {
    const sorted = values.slice().sort((a, b) => a - b)
    return Math.max(...sorted.map((v, i) => Math.max(Math.abs(v - i / N), Math.abs(v - (i + 1) / N))))
  }
  const even = (values: number[]): void => expect(unevenness(values)).toBeLessThan(1.95 / Math.sqrt(N))

  test('a sphere is filled evenly, its particles fly outward', async () => {
    const { at, physics } = await born({ shape: { type: 'sphere', radius: 2 }, speed: [60, 60] })
    even(at.map((v) => (length(v) / 2) ** 3))
    for (const axis of [0, 1, 2]) even(at.map((v) => (v[axis] / length(v) + 1) / 2))
    step(physics, 0.1)
    places(physics).forEach((v, i) => {
      expect(length(v)).toBeCloseTo(length(at[i]) + 6, 3)
    })
  })

  test('the surface of a sphere is covered evenly', async () => {
    const { at } = await born({ shape: { type: 'sphere', radius: 3, surface: true } })
    for (const v of at) expect(length(v)).toBeCloseTo(3, 4)
    for (const axis of [0, 1, 2]) even(at.map((v) => (v[axis] / 3 + 1) / 2))
  })

  test('a box is filled evenly; its surface by the areas of its faces', async () => {
    const half = [1, 2, 4]
    const filled = await born({ shape: { type: 'box', halfExtents: half } })
    for (const axis of [0, 1, 2]) even(filled.at.map((v) => (v[axis] / half[axis] + 1) / 2))
    const { at } = await born({ shape: { type: 'box', halfExtents: half, surface: true } })
    const on = [0, 1, 2].map((axis) => at.filter((v) => Math.abs(Math.abs(v[axis]) - half[axis]) < 1e-5).length / N)
    for (const [axis, share] of [8 / 14, 4 / 14, 2 / 14].entries())
      expect(Math.abs(on[axis] - share)).toBeLessThan(0.02)
  })

  test('a cone: an even disc across the direction, from which particles fan out up to the angle', async () => {
    const { at, physics } = await born({
      shape: { type: 'cone', radius: 2, angle: 0.5 },
      direction: [0, 0, 3],
      speed: [1, 1],
    })
    even(at.map((v) => (length(v) / 2) ** 2))
    for (const v of at) expect(Math.abs(v[2])).toBeLessThan(1e-5)
    step(physics, 1)
    const angles = places(physics).map((v, i) => {
      const d = v.map((x, axis) => x - at[i][axis])
      expect(length(d)).toBeCloseTo(1, 4)
      return Math.acos(Math.min(1, d[2]))
    })
    expect(Math.max(...angles)).toBeLessThan(0.5 + 1e-3)
    expect(Math.max(...angles)).toBeGreaterThan(0.49)
    // At the share s of the radius the tangent is s times that of the rim.
    angles.forEach((angle, i) => {
      expect(Math.tan(angle)).toBeCloseTo((length(at[i]) / 2) * Math.tan(0.5), 2)
    })
  })

  test('a spread is even over its cap of the sphere of directions', async () => {
    const { at } = await born({ direction: [0, 1, 0], spread: 1, speed: [1e6, 1e6] })
    even(at.map((v) => (v[1] / length(v) - Math.cos(1)) / (1 - Math.cos(1))))
  })

  test('a point emits in all directions', async () => {
    const { at } = await born({ speed: [1e6, 1e6] })
    for (const axis of [0, 1, 2]) expect(Math.abs(mean(at.map((v) => v[axis] / length(v))))).toBeLessThan(0.03)
  })
})

describe('motion and life', () => {
  test('with drag and gravity particles follow the recurrence to the last bits', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 2] })
    burst(physics, 5, { velocity: [3, 9, -2], drag: 0.7, gravityScale: 0.5 })
    const v = [3, 9, -2]
    const x = [0, 0, 0]
    for (let i = 0; i < 120; i++) {
      step(physics, DT)
      for (const [axis, g] of [0, -9.81, 2].entries()) {
        v[axis] = v[axis] / (1 + DT * 0.7) + DT * 0.5 * g
        x[axis] += v[axis] * DT
      }
    }
    for (const place of places(physics)) for (const axis of [0, 1, 2]) expect(place[axis]).toBeCloseTo(x[axis], 4)
  })

  test('without drag a flight is the parabola', async () => {
    const physics = await makePhysics({ gravity: [0, -10, 0] })
    burst(physics, 1, { velocity: [4, 20, 0], gravityScale: 1 })
    run(physics, 200, 0.01)
    const [[x, y]] = places(physics)
    // Each step kicks before it drifts, which is half a step of gravity more than the parabola has: g t dt / 2.
    expect(x).toBeCloseTo(8, 4)
    expect(y).toBeCloseTo(20 * 2 - 5 * 4 - (10 * 2 * 0.01) / 2, 3)
  })

  test('lives end in time, and the others close ranks', async () => {
    const physics = await makePhysics()
    const id = burst(physics, 2000, { life: [1e-3, 2] })
    for (const [steps, left] of [
      [30, 1500],
      [30, 1000],
      [30, 500],
      [31, 0],
    ]) {
      run(physics, steps)
      expect(Math.abs(systemParticles(physics, id) - left)).toBeLessThan(90)
      expect(seen(physics, id).every(({ alpha }) => alpha > 0 && alpha < 1)).toBe(true)
    }
    expect(systemParticles(physics, id)).toBe(0)
  })

  test('packing between steps shows particles on their way', async () => {
    const physics = await makePhysics()
    burst(physics, 3, { velocity: [6, 0, 0] })
    run(physics, 10)
    packInstances(physics, { alpha: 0.25, origin: [1, 0, 0] })
    expect(physics.instances.particles.data[0]).toBeCloseTo(10 * DT * 6 - 0.75 * DT * 6 - 1, 5)
  })
})

describe('looks over life', () => {
  test('curves are straight between their sixteen samples', async () => {
    const physics = await makePhysics()
    const alpha = [
      [0, 0],
      [0.2, 1],
      [1, 0.5],
    ] as const
    const color = [
      [0, 2, 0, 0],
      [0.4, 0, 1, 0],
      [1, 0, 0, 3],
    ] as const
    const grow = [
      [0.2, 1],
      [0.6, 3],
    ] as const
    burst(physics, 1, { life: [2, 2], size: [0.5, 0.5], alpha, color, sizeOverLife: grow })
    const value = (keys: readonly (readonly number[])[], t: number, k: number): number => {
      if (t <= keys[0][0]) return keys[0][k]
      const after = keys.findIndex(([time]) => time > t)
      if (after < 0) return keys[keys.length - 1][k]
      const [a, b] = [keys[after - 1], keys[after]]
      return a[k] + ((b[k] - a[k]) * (t - a[0])) / (b[0] - a[0])
    }
    const sampled = (keys: readonly (readonly number[])[], t: number, k: number): number => {
      const at = Math.min(Math.floor(t * 15), 14)
      const share = t * 15 - at
      return value(keys, at / 15, k) * (1 - share) + value(keys, (at + 1) / 15, k) * share
    }
    for (let i = 1; i < 120; i++) {
      step(physics, DT)
      const [particle] = seen(physics)
      const t = (i * DT) / 2
      expect(particle.size).toBeCloseTo(0.5 * sampled(grow, t, 1), 4)
      expect(particle.alpha).toBeCloseTo(sampled(alpha, t, 1), 4)
      for (const k of [0, 1, 2]) expect(particle.color[k]).toBeCloseTo(sampled(color, t, k + 1), 4)
    }
  })

  test('defaults: white, of one size, fading evenly', async () => {
    const physics = await makePhysics()
    burst(physics, 1, { life: [1, 1] })
    run(physics, 15, 1 / 60)
    const [particle] = seen(physics)
    expect(particle.color).toEqual([1, 1, 1])
    expect(particle.size).toBe(1)
    expect(particle.alpha).toBeCloseTo(0.75, 5)
  })
})

describe('one block for all', () => {
  test('each system is one stretch of the instances, those of bursts first', async () => {
    const physics = await makePhysics()
    emitBurst(physics, { position: [9, 0, 0], count: 300, speed: [0, 0], life: [9, 9], size: [1, 1], color: [1, 1, 1] })
    const ids = [1, 2, 3, 4].map((k) => burst(physics, 100 * k, { position: [k, 0, 0] }))
    step(physics, DT)
    removeParticleSystem(physics, ids[1])
    step(physics, DT)
    expect(places(physics).length).toBe(300 + 100 + 300 + 400)
    expect(Object.keys(physics.instances.systems).length).toBe(3)
    expect(
      places(physics)
        .slice(0, 300)
        .every(([x]) => x === 9),
    ).toBe(true)
    for (const k of [1, 3, 4]) {
      expect(places(physics, ids[k - 1]).map(([x]) => x)).toEqual(Array(100 * k).fill(k))
    }
    expect(physics.instances.systems[ids[0]].start).toBe(300)
  })

  test('clearParticles ends the particles of all systems, which go on emitting', async () => {
    const physics = await makePhysics()
    const id = addParticleSystem(physics, system({ rate: 600 }))
    emitBurst(physics, { position: [9, 0, 0], count: 300, speed: [0, 0], life: [9, 9], size: [1, 1], color: [1, 1, 1] })
    run(physics, 10)
    clearParticles(physics)
    expect([particleCount(physics), systemParticles(physics, id)]).toEqual([0, 0])
    step(physics, DT)
    expect(particleCount(physics)).toBe(10)
  })
})

describe('room', () => {
  test('what finds no place in the pool or the system is dropped and counted', async () => {
    const physics = await makePhysics({ capacity: { particles: 1000 } })
    const first = burst(physics, 700, { life: [0.1, 0.1] })
    const second = burst(physics, 700)
    const third = burst(physics, 700, { max: 100 })
    step(physics, DT)
    expect([first, second, third].map((id) => systemParticles(physics, id))).toEqual([700, 300, 0])
    expect(frameStats(physics).droppedParticles).toBe(1100)
    run(physics, 10)
    emit(physics, third, 900)
    step(physics, DT)
    expect(systemParticles(physics, third)).toBe(100)
    expect(particleCount(physics)).toBe(400)
    expect(frameStats(physics).droppedParticles).toBe(800)
  })

  test('pages go round: systems that come and go for long find room', async () => {
    const physics = await makePhysics({ capacity: { particles: 3000, systems: 8 } })
    const ids: number[] = []
    for (let i = 0; i < 300; i++) {
      if (ids.length === 8) removeParticleSystem(physics, ids.splice(i % 8, 1)[0])
      ids.push(burst(physics, 300 + ((i * 37) % 75)))
      step(physics, DT)
      expect(frameStats(physics).droppedParticles).toBe(0)
      const sum = ids.reduce((all, id) => all + systemParticles(physics, id), 0)
      expect(sum).toBe(particleCount(physics))
    }
  })

  test('no room for another system', async () => {
    const physics = await makePhysics({ capacity: { systems: 2 } })
    addParticleSystem(physics, system())
    const id = addParticleSystem(physics, system())
    expectError('E_CAPACITY', { call: 'addParticleSystem', field: 'capacity.systems' }, () =>
      addParticleSystem(physics, system()),
    )
    removeParticleSystem(physics, id)
    addParticleSystem(physics, system())
  })
})

describe('ids', () => {
  test('the id of a removed system is stale, also when its slot has another one', async () => {
    const physics = await makePhysics()
    const old = burst(physics, 10)
    step(physics, DT)
    removeParticleSystem(physics, old)
    expect(particleCount(physics)).toBe(0)
    const young = burst(physics, 20)
    expect(young).not.toBe(old)
    expect([isParticleSystem(physics, old), isParticleSystem(physics, young)]).toEqual([false, true])
    const calls: Record<string, (id: number) => void> = {
      emit: (id) => emit(physics, id, 1),
      removeParticleSystem: (id) => removeParticleSystem(physics, id),
      setEmissionRate: (id) => setEmissionRate(physics, id, 1),
      systemParticles: (id) => systemParticles(physics, id),
    }
    for (const [call, act] of Object.entries(calls)) {
      for (const id of [old, 0, 1, -1, Number.NaN, 2 ** 20, 2 ** 53]) {
        expectError('E_STALE_ENTITY', { call }, () => act(id))
      }
    }
    step(physics, DT)
    expect(systemParticles(physics, young)).toBe(20)
  })
})

describe('bad input', () => {
  test.each([
    ['rate', { rate: -1 }, 'E_RANGE'],
    ['duration', { duration: 0 }, 'E_RANGE'],
    ['bursts', { bursts: Array(5).fill({ time: 0, count: 1 }) }, 'E_CAPACITY'],
    ['bursts.count', { bursts: [{ time: 0, count: 0.5 }] }, 'E_RANGE'],
    ['speed', { speed: [2, 1] }, 'E_RANGE'],
    ['life', { life: [0, 1] }, 'E_RANGE'],
    ['size', { size: [Number.NaN, 1] }, 'E_NOT_FINITE'],
    ['shape.type', { shape: { type: 'donut' } }, 'E_RANGE'],
    ['shape.angle', { shape: { type: 'cone', radius: 1, angle: 2 } }, 'E_RANGE'],
    ['direction', { direction: [0, 0, 0] }, 'E_RANGE'],
    ['rotation', { rotation: [0, 0, 0, 0] }, 'E_RANGE'],
    ['spread', { spread: 4 }, 'E_RANGE'],
    ['color', { color: [-1, 0, 0] }, 'E_RANGE'],
    [
      'alpha',
      {
        alpha: [
          [0.5, 1],
          [0.2, 1],
        ],
      },
      'E_RANGE',
    ],
    ['alpha', { alpha: [] }, 'E_RANGE'],
    ['sizeOverLife', { sizeOverLife: [[2, 1]] }, 'E_RANGE'],
    ['drag', { drag: -1 }, 'E_RANGE'],
    ['turbulence.scale', { turbulence: { strength: 1, scale: 0 } }, 'E_RANGE'],
    ['collision.mode', { collision: { mode: 'melt' } }, 'E_RANGE'],
    ['collision.restitution', { collision: { restitution: 2 } }, 'E_RANGE'],
    ['onDeath.system', { onDeath: { system: 77, count: 1 } }, 'E_STALE_ENTITY'],
    ['entity', { entity: 77 }, 'E_STALE_ENTITY'],
    ['max', { max: 0 }, 'E_RANGE'],
  ] as [string, object, PhysicsErrorCode][])('%s %j', async (field, more, code) => {
    const physics = await makePhysics()
    const before = stateHash(physics)
    expectError(code, { call: 'addParticleSystem', field }, () => addParticleSystem(physics, system(more as object)))
    expect(stateHash(physics)).toBe(before)
    addParticleSystem(physics, system())
  })
})
