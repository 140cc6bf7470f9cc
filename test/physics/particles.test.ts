/** The particle pool: births, motion, deaths, refill, and what happens when it is full. */
import {
  addBody,
  addEmitter,
  clearParticles,
  emitBurst,
  frameStats,
  type Physics,
  packInstances,
  particleCount,
  removeEmitter,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { particles as moveParticles } from '../reference/particles.ts'
import { length, subtract, type Vec3 } from '../reference/vec.ts'
import { createReferenceWorld, type ReferenceParticle } from '../reference/world.ts'
import { DT, makePhysics, run, sphere } from './harness.ts'

type Burst = Parameters<typeof emitBurst>[1]

const burst = (more: Partial<Burst> = {}): Burst => ({
  position: [0, 0, 0],
  count: 100,
  speed: [1, 1],
  life: [1, 1],
  size: [0.1, 0.1],
  color: [1, 0.5, 0.25],
  ...more,
})

/** One packed particle: x, y, z, size, r, g, b, fade. */
function packed(physics: Physics): number[][] {
  packInstances(physics, {})
  const { data, stride, count } = physics.instances.particles
  return Array.from({ length: count }, (_, i) => [...data.subarray(i * stride, (i + 1) * stride)])
}

const place = (particle: number[]): Vec3 => [particle[0], particle[1], particle[2]]

describe('births', () => {
  test('a burst is born in the next step, all of it', async () => {
    const physics = await makePhysics()
    emitBurst(physics, burst({ count: 300 }))
    emitBurst(physics, burst({ count: 45 }))
    step(physics, DT)
    expect(particleCount(physics)).toBe(345)
  })

  test('an emitter emits rate · time; what is not whole in a step is left to chance', async () => {
    const physics = await makePhysics()
    addEmitter(physics, { ...burst({ life: [99, 99] }), rate: 100 })
    run(physics, 600)
    // 5/3 a step: one, and another with probability 2/3; four standard deviations of 600 draws.
    expect(Math.abs(particleCount(physics) - 1000)).toBeLessThan(4 * Math.sqrt(600 * (2 / 9)))
  })

  test('a removed emitter stops; another one keeps on', async () => {
    const physics = await makePhysics()
    const first = addEmitter(physics, { ...burst({ life: [10, 10] }), rate: 600 })
    addEmitter(physics, { ...burst({ life: [10, 10] }), rate: 60 })
    run(physics, 10)
    removeEmitter(physics, first)
    const count = particleCount(physics)
    run(physics, 60)
    expect(Math.abs(particleCount(physics) - count - 60)).toBeLessThanOrEqual(1)
  })

  test('an emitter follows its entity', async () => {
    const physics = await makePhysics()
    const ship = addBody(physics, sphere([0, 0, 0], { linearVelocity: [600, 0, 0] }))
    const left = burst({ position: [-1, 0, 0], speed: [0, 0], life: [10, 10], velocity: [-600, 0, 0] })
    addEmitter(physics, { ...left, rate: 60, entity: ship })
    run(physics, 30)
    // The entity's velocity is added, so that −600 m/s leaves a trail of particles at rest, one each 10 m.
    const along = packed(physics).map((particle) => particle[0])
    expect(Math.min(...along)).toBeCloseTo(9, 3)
    expect(Math.max(...along)).toBeCloseTo(299, 2)
  })

  test('speeds, lives, sizes, directions and colours stay within what was asked', async () => {
    const physics = await makePhysics()
    const direction: [number, number, number] = [0, 1, 0]
    const cone = {
      direction,
      spread: 0.3,
      speed: [4, 8] as [number, number],
      velocity: [100, 0, 0] as [number, number, number],
    }
    emitBurst(physics, burst({ count: 1000, ...cone, size: [0.2, 0.6], life: [1, 3] }))
    step(physics, DT)
    const before = packed(physics)
    step(physics, DT)
    const after = packed(physics)
    const speeds = after.map((particle, i) => {
      const v = subtract(place(particle), place(before[i])).map((d) => d / DT)
      const own: Vec3 = [v[0] - 100, v[1], v[2]]
      // In single precision a place of some metres is known to 5e-7 m, a speed so taken to 1e-4 m/s.
      expect(Math.acos(Math.min(1, own[1] / length(own)))).toBeLessThan(0.3 + 1e-3)
      return length(own)
    })
    expect(Math.min(...speeds)).toBeGreaterThan(4 - 1e-3)
    expect(Math.max(...speeds)).toBeLessThan(8 + 1e-3)
    expect(Math.max(...speeds) - Math.min(...speeds)).toBeGreaterThan(3.5)
    const sizes = after.map((particle) => particle[3])
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0.2 - 1e-6)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(0.6 + 1e-6)
    for (const [, , , , r, g, b, fade] of after) {
      // The hue is kept, the brightness varies by up to a quarter.
      expect(r).toBeGreaterThanOrEqual(0.75)
      expect(r).toBeLessThanOrEqual(1)
      expect([g / r, b / r]).toEqual([0.5, 0.25])
      expect(fade).toBeGreaterThan(1 - 2.1 * DT)
      expect(fade).toBeLessThanOrEqual(1)
    }
  })

  test('a sphere burst is even: the mean direction is near zero', async () => {
    const physics = await makePhysics()
    emitBurst(physics, burst({ count: 2000, speed: [60, 60] }))
    step(physics, DT)
    const mean = [0, 1, 2].map((axis) => packed(physics).reduce((sum, particle) => sum + particle[axis], 0) / 2000)
    expect(Math.hypot(...mean)).toBeLessThan(0.06)
  })
})

describe('motion', () => {
  test('with drag and gravity the particles follow the oracle', async () => {
    const gravity: [number, number, number] = [0, -9.81, 2]
    const physics = await makePhysics({ gravity })
    const motion = { drag: 0.7, gravityScale: 0.5, velocity: [3, 9, -2] as [number, number, number] }
    emitBurst(physics, burst({ count: 20, speed: [0, 0], life: [5, 5], ...motion }))
    step(physics, DT)
    const world = createReferenceWorld({ gravity })
    const { drag, gravityScale } = motion
    const [first] = packed(physics)
    // Whether birth comes before or after the motion of the step is the kernel's; from then on all is fixed.
    const particle: ReferenceParticle = { position: [0, 0, 0], velocity: [3, 9, -2], drag, gravityScale, life: 9 }
    world.particles = [particle]
    if (length(place(first)) > 0) moveParticles(world, DT)
    expect(length(subtract(place(first), particle.position))).toBeLessThan(1e-5)
    for (let i = 0; i < 120; i++) {
      step(physics, DT)
      moveParticles(world, DT)
    }
    for (const seen of packed(physics)) expect(length(subtract(place(seen), particle.position))).toBeLessThan(1e-3)
  })
})

describe('deaths', () => {
  test('a particle lives for its life: gone after it, there just before', async () => {
    const physics = await makePhysics()
    emitBurst(physics, burst({ count: 50, life: [0.5, 0.5] }))
    run(physics, 29)
    expect(particleCount(physics)).toBe(50)
    run(physics, 3)
    expect(particleCount(physics)).toBe(0)
  })

  test('lives spread evenly die evenly', async () => {
    const physics = await makePhysics()
    emitBurst(physics, burst({ count: 2000, life: [1e-3, 2] }))
    run(physics, 60)
    expect(Math.abs(particleCount(physics) - 1000)).toBeLessThan(120)
  })

  test('the survivors are packed without a gap, fading from 1 to 0', async () => {
    const physics = await makePhysics()
    emitBurst(physics, burst({ count: 500, life: [0.2, 1] }))
    let last = 501
    for (let i = 0; i < 65; i++) {
      step(physics, DT)
      const alive = packed(physics)
      expect(alive.length).toBe(particleCount(physics))
      expect(alive.length).toBeLessThanOrEqual(last)
      for (const particle of alive) {
        expect(particle[7]).toBeGreaterThanOrEqual(0)
        expect(particle[7]).toBeLessThanOrEqual(1)
        expect(particle[3]).toBeGreaterThan(0)
      }
      last = alive.length
    }
    expect(last).toBe(0)
  })

  test('clearParticles empties the pool at once', async () => {
    const physics = await makePhysics()
    emitBurst(physics, burst())
    step(physics, DT)
    clearParticles(physics)
    expect(particleCount(physics)).toBe(0)
    step(physics, DT)
    expect(particleCount(physics)).toBe(0)
  })
})

describe('a full pool', () => {
  test('takes what fits, drops and counts the rest, and refills as slots fall free', async () => {
    const physics = await makePhysics({ capacity: { particles: 1024 } })
    const room = physics.capacity.particles
    expect(room).toBeGreaterThanOrEqual(1024)
    emitBurst(physics, burst({ count: room - 10, life: [0.1, 0.1] }))
    emitBurst(physics, burst({ count: 50, life: [9, 9] }))
    step(physics, DT)
    expect(particleCount(physics)).toBe(room)
    expect(frameStats(physics).droppedParticles).toBe(40)
    run(physics, 8)
    expect(particleCount(physics)).toBe(10)
    emitBurst(physics, burst({ count: room - 10, life: [9, 9] }))
    step(physics, DT)
    expect(particleCount(physics)).toBe(room)
  })

  test('an emitter faster than the pool keeps it full: what dies in one step is born anew in the next', async () => {
    const physics = await makePhysics({ capacity: { particles: 1024 } })
    addEmitter(physics, { ...burst({ life: [0.5, 0.5] }), rate: 60_000 })
    let full = 0
    for (let i = 0; i < 120; i++) {
      step(physics, DT)
      if (particleCount(physics) === physics.capacity.particles) full++
    }
    // The pool fills in two steps, and falls in two steps of thirty.
    expect(full).toBeGreaterThan(120 * (26 / 30))
  })
})
