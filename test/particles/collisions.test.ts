/** Particles that meet bodies and planes: bounce, stick, die; what is told; nothing is tunnelled through. */
import {
  addBody,
  addParticleSystem,
  emit,
  moveKinematic,
  type ParticleCollision,
  type ParticleSystemDesc,
  type Physics,
  particleHits,
  removeBody,
  step,
  systemParticles,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, ground, makePhysics, positionOf, run } from '../physics/harness.ts'
import { burst, places, system } from './harness.ts'

type V = [number, number, number]
const still = { type: 'static' } as const

/** A system whose particles collide; `emit` gives them. */
const colliding = (collision: ParticleCollision, more: Partial<ParticleSystemDesc> = {}): ParticleSystemDesc =>
  system({ collision, ...more })

/** One particle that flies from a place; gives where it is after some time and its velocity. */
async function shoot(
  collision: ParticleCollision,
  { from, velocity, steps, dt = DT }: { from: V; velocity: V; steps: number; dt?: number },
  fill: (physics: Physics) => void,
): Promise<{ at: V; velocity: V; physics: Physics; id: number }> {
  const physics = await makePhysics()
  fill(physics)
  const id = addParticleSystem(physics, colliding(collision))
  emit(physics, id, 1, { at: from, velocity })
  run(physics, steps, dt)
  const [before] = places(physics, id)
  step(physics, 1e-3)
  const [at] = places(physics, id)
  if (!at) return { at: [0, 0, 0], velocity: [0, 0, 0], physics, id }
  return { at, velocity: at.map((v, axis) => (v - before[axis]) / 1e-3) as V, physics, id }
}

describe('bounce', () => {
  test('off a plane with restitution and friction, the rest of the step included', async () => {
    const { at, velocity } = await shoot(
      { restitution: 0.5, friction: 0.1 },
      { from: [0, 1, 0], velocity: [6, -12, 0], steps: 10 },
      (physics) => addBody(physics, ground()),
    )
    // 1/12 s to the plane; then up at 6 m/s, and 0.1 · 1.5 · 12 m/s less along it.
    const rest = 10 / 60 + 1e-3 - 1 / 12
    expect(velocity[0]).toBeCloseTo(4.2, 1)
    expect(velocity[1]).toBeCloseTo(6, 1)
    expect(at[0]).toBeCloseTo(0.5 + 4.2 * rest, 4)
    expect(at[1]).toBeCloseTo(6 * rest, 4)
  })

  test('bounces under gravity rise to restitution² of the height', async () => {
    const physics = await makePhysics({ gravity: [0, -10, 0] })
    addBody(physics, ground())
    const id = burst(physics, 1, { position: [0, 5, 0], gravityScale: 1, collision: { restitution: 0.8 } })
    const heights: number[] = []
    for (let i = 0; i < 2600; i++) {
      step(physics, 1e-3)
      heights.push(places(physics, id)[0][1])
    }
    // The first fall takes 1 s, the way up and down after it 1.6 s.
    expect(Math.max(...heights.slice(1100, 2600))).toBeCloseTo(5 * 0.64, 1)
    expect(Math.min(...heights)).toBeGreaterThan(-1e-5)
  })

  const shapes = [
    ['sphere', { type: 'sphere', radius: 1 }],
    ['box', { type: 'box', halfExtents: [1, 1, 1] }],
    ['capsule', { type: 'capsule', radius: 0.5, halfHeight: 0.5 }],
    [
      'mesh',
      {
        type: 'mesh',
        vertices: [-9, 1, -9, 9, 1, -9, 0, 1, 9],
        indices: [0, 2, 1],
      },
    ],
  ] as const
  test.each(shapes)('off the true surface of a %s, however fast', async (_, shape) => {
    for (const speed of [10, 300, 20_000]) {
      const { at } = await shoot(
        { restitution: 1 },
        { from: [0.01, 3, 0.01], velocity: [0, -speed, 0], steps: 20 },
        (physics) => addBody(physics, { ...still, shape: shape as never, position: [0, 0, 0] }),
      )
      const path = speed * (20 / 60 + 1e-3)
      // Down 2 m to the top at y = 1 and up again; the round ones are hit one hundredth of a metre off their middle.
      expect(Math.abs(at[1] - (1 + path - 2))).toBeLessThan(2e-3 * path + 1e-3)
    }
  })

  test('a particle with a radius keeps that far off', async () => {
    const { at } = await shoot(
      { restitution: 0, radius: 0.25 },
      { from: [0, 3, 0], velocity: [0, -9, 0], steps: 60 },
      (physics) => addBody(physics, { ...still, shape: { type: 'box', halfExtents: [1, 1, 1] } }),
    )
    expect(at[1]).toBeCloseTo(1.25, 2)
  })

  test('a moving body takes its velocity along', async () => {
    const { velocity } = await shoot(
      { restitution: 1 },
      { from: [0, 0, 0], velocity: [0, 0, 0], steps: 30 },
      (physics) =>
        addBody(physics, {
          type: 'kinematic',
          shape: { type: 'sphere', radius: 1 },
          position: [-4, 0, 0],
          linearVelocity: [10, 0, 0],
        }),
    )
    expect(velocity[0]).toBeCloseTo(20, 1)
  })

  test('many particles in a crowd of moving bodies never end up inside one', async () => {
    const physics = await makePhysics()
    const bodies: number[] = []
    for (let i = 0; i < 343; i++) {
      const at: V = [2.5 * (i % 7), 2.5 * (Math.floor(i / 7) % 7), 2.5 * Math.floor(i / 49)]
      const speed: V = [Math.sin(i), Math.cos(3 * i), Math.sin(5 * i)]
      const shape = i % 2 ? { type: 'sphere', radius: 0.8 } : { type: 'box', halfExtents: [0.5, 0.6, 0.7] }
      bodies.push(addBody(physics, { shape: shape as never, position: at, linearVelocity: speed, restitution: 1 }))
    }
    const id = burst(physics, 2000, {
      position: [7.5, 7.5, 16.5],
      shape: { type: 'box', halfExtents: [8, 8, 0.1] },
      direction: [0, 0, -1],
      speed: [1, 30],
      collision: { restitution: 0.7 },
    })
    for (let i = 0; i < 240; i++) {
      step(physics, DT)
      if (i % 20) continue
      const at = places(physics, id)
      for (const [k, body] of bodies.entries()) {
        if (k % 2 === 0) continue
        const c = positionOf(physics, body)
        let nearest = Infinity
        for (const p of at) nearest = Math.min(nearest, Math.hypot(p[0] - c[0], p[1] - c[1], p[2] - c[2]))
        // A contact turns bodies in the middle of a step, which a particle's straight line does not know: some centimetres.
        expect(nearest).toBeGreaterThan(0.8 - 0.08)
      }
    }
    expect(systemParticles(physics, id)).toBe(2000)
  })
})

describe('whom', () => {
  const target = (physics: Physics): void => {
    addBody(physics, ground())
    addBody(physics, { ...still, shape: { type: 'sphere', radius: 1 }, position: [0, 4, 0], group: 0b10 })
    addBody(physics, { ...still, shape: { type: 'sphere', radius: 1 }, position: [0, 8, 0], sensor: true })
  }
  const fall = { from: [0, 12, 0] as V, velocity: [0, -10, 0] as V, steps: 90 }

  test.each([
    ['all', {}, 5],
    ['bodies alone', { with: 'bodies' }, 5],
    ['planes alone', { with: 'planes' }, 0],
    ['by groups', { mask: 0b01 }, 0],
  ] as [string, ParticleCollision, number][])('%s; never sensors', async (_, more, height) => {
    const { at } = await shoot({ restitution: 0, ...more }, fall, target)
    expect(at[1]).toBeCloseTo(height, 3)
  })
})

describe('stick', () => {
  test('to a body that moves and turns, and let go when it is removed', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, {
      type: 'kinematic',
      shape: { type: 'box', halfExtents: [1, 1, 1] },
      linearVelocity: [3, 0, 0],
      angularVelocity: [0, 0, 1],
    })
    const id = addParticleSystem(physics, colliding({ mode: 'stick' }, { gravityScale: 1, drag: 2 }))
    emit(physics, id, 1, { at: [0, 5, 0], velocity: [0, -20, 0] })
    run(physics, 60)
    const local = (): V => {
      const { Position, Rotation } = physics.components
      const [p] = places(physics, id)
      const d = [p[0] - Position.x[body], p[1] - Position.y[body]]
      const angle = 2 * Math.atan2(Rotation.z[body], Rotation.w[body])
      return [d[0] * Math.cos(angle) + d[1] * Math.sin(angle), d[1] * Math.cos(angle) - d[0] * Math.sin(angle), p[2]]
    }
    const first = local()
    expect(Math.max(Math.abs(first[0]), Math.abs(first[1]))).toBeCloseTo(1, 2)
    for (let i = 0; i < 5; i++) {
      run(physics, 20)
      for (const axis of [0, 1, 2]) expect(local()[axis]).toBeCloseTo(first[axis], 4)
    }
    const [before] = places(physics, id)
    removeBody(physics, body)
    addBody(physics, { type: 'kinematic', shape: { type: 'sphere', radius: 1 }, position: [50, 0, 0] })
    run(physics, 30)
    // No gravity here: it stays where it was let go.
    for (const axis of [0, 1, 2]) expect(places(physics, id)[0][axis]).toBeCloseTo(before[axis], 3)
  })
})

describe('die', () => {
  test('at the surface, with offspring there', async () => {
    const physics = await makePhysics()
    addBody(physics, ground())
    const splash = addParticleSystem(physics, system({ speed: [0, 0] }))
    const rain = addParticleSystem(
      physics,
      colliding({ mode: 'die' }, { onDeath: { system: splash, count: 3, inherit: 0.5 } }),
    )
    for (let i = 0; i < 10; i++) emit(physics, rain, 1, { at: [i, 1, 0], velocity: [0, -7, 4] })
    run(physics, 10)
    expect(systemParticles(physics, rain)).toBe(0)
    // Born in the step after, they fly on with half the velocity.
    const at = places(physics, splash)
    expect(at.length).toBe(30)
    for (const [k, p] of at.entries()) {
      expect(p[0]).toBe(Math.floor(k / 3))
      expect(Math.abs(p[2] - 4 / 7)).toBeLessThan(0.1)
    }
  })

  test('a life that ends has offspring too, generation after generation', async () => {
    const physics = await makePhysics()
    const third = addParticleSystem(physics, system())
    const second = addParticleSystem(physics, system({ life: [0.1, 0.1], onDeath: { system: third, count: 4 } }))
    burst(physics, 50, { life: [0.1, 0.1], onDeath: { system: second, count: 2 } })
    run(physics, 20)
    expect([systemParticles(physics, second), systemParticles(physics, third)]).toEqual([0, 400])
  })

  test('more deaths than there is room for are counted', async () => {
    const physics = await makePhysics({ capacity: { particleHits: 8 } })
    const heir = addParticleSystem(physics, system())
    burst(physics, 50, { life: [0.01, 0.01], onDeath: { system: heir, count: 2 } })
    run(physics, 2)
    expect(systemParticles(physics, heir)).toBe(16)
  })
})

describe('what is told', () => {
  test('each hit with its system, body, place, normal and speed', async () => {
    const physics = await makePhysics()
    const floor = addBody(physics, ground())
    const ball = addBody(physics, { ...still, shape: { type: 'sphere', radius: 2 }, position: [10, 0, 0] })
    const hits = particleHits(physics)
    const id = addParticleSystem(physics, colliding({ events: true, restitution: 0.5 }))
    addParticleSystem(
      physics,
      colliding({ restitution: 0.5 }, { bursts: [{ time: 0, count: 9 }], velocity: [0, -9, 0] }),
    )
    emit(physics, id, 1, { at: [0, 1, 3], velocity: [0, -12, 0] })
    emit(physics, id, 1, { at: [10, 3, 0], velocity: [0, -12, 0] })
    const told: number[][] = []
    for (let i = 0; i < 30; i++) {
      step(physics, DT)
      for (let k = 0; k < hits.count; k++) {
        expect(hits.system[k]).toBe(id)
        told.push([hits.other[k], hits.x[k], hits.y[k], hits.z[k], hits.nx[k], hits.ny[k], hits.nz[k], hits.speed[k]])
      }
    }
    const rounded = told.map((hit) => hit.map((v) => Math.round(v * 1000) / 1000 + 0))
    expect(rounded).toEqual([
      [floor, 0, 0, 3, 0, 1, 0, 12],
      [ball, 10, 2, 0, 0, 1, 0, 12],
    ])
  })

  test('particles that lie still tell nothing', async () => {
    const physics = await makePhysics({ gravity: [0, -10, 0] })
    addBody(physics, ground())
    const hits = particleHits(physics)
    burst(physics, 20, { position: [0, 1, 0], gravityScale: 1, collision: { events: true, restitution: 0.3 } })
    run(physics, 240)
    let count = 0
    for (let i = 0; i < 60; i++) {
      step(physics, DT)
      count += hits.count
    }
    expect(count).toBe(0)
  })

  test('hits beyond the capacity are counted; those told are the first', async () => {
    const physics = await makePhysics({ capacity: { particleHits: 16 } })
    addBody(physics, ground())
    const hits = particleHits(physics)
    const id = addParticleSystem(physics, colliding({ events: true, mode: 'stick' }))
    for (let i = 0; i < 100; i++) emit(physics, id, 1, { at: [i, 0.01, 0], velocity: [0, -10, 0] })
    step(physics, DT)
    expect([hits.count, hits.dropped]).toEqual([16, 84])
    expect([...hits.x.subarray(0, 16)]).toEqual([...Array(16).keys()])
  })
})

test('a body moved by hand carries what sticks to it', async () => {
  const physics = await makePhysics()
  const body = addBody(physics, { type: 'kinematic', shape: { type: 'sphere', radius: 1 } })
  const id = addParticleSystem(physics, colliding({ mode: 'stick' }))
  emit(physics, id, 1, { at: [0, 2, 0], velocity: [0, -30, 0] })
  run(physics, 10)
  moveKinematic(physics, body, { position: [5, 0, 0] }, DT)
  step(physics, DT)
  expect(places(physics, id)[0][0]).toBeCloseTo(5, 4)
})
