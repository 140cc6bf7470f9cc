/** More contacts, hits or particles than there is room for: counted, never a corruption. */
import {
  addBody,
  contactHits,
  emitBurst,
  frameStats,
  type Physics,
  particleCount,
  type RealArray,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { createRandom, DT, inCube, makePhysics, run, sphere } from '../physics/harness.ts'

/** Separate touching pairs, so that every pair is one contact. */
function pairs(physics: Physics, count: number): void {
  for (let i = 0; i < count; i++) {
    addBody(physics, sphere([i * 10, 0, 0], { linearVelocity: [1, 0, 0] }))
    addBody(physics, sphere([i * 10 + 1.9, 0, 0], { linearVelocity: [-1, 0, 0] }))
  }
}

describe('contacts', () => {
  test.each([99, 100, 101, 300])('%i touching pairs with room for 100', async (count) => {
    const physics = await makePhysics({ capacity: { contacts: 100 } })
    pairs(physics, count)
    step(physics, DT)
    const { contacts, droppedContacts } = frameStats(physics)
    expect(contacts).toBe(Math.min(count, 100))
    expect(droppedContacts > 0).toBe(count > 100)
    run(physics, 20)
    expect(frameStats(physics).quarantined).toBe(0)
  })

  test('a crowd in one point with far too little room goes on for 30 steps, the same on one thread and two', async () => {
    const states: RealArray[] = []
    for (const threads of [1, 2]) {
      const physics = await makePhysics({ threads, capacity: { contacts: 64 } })
      const random = createRandom(8)
      for (let i = 0; i < 1800; i++) addBody(physics, sphere(inCube(random, 4)))
      run(physics, 10)
      expect(frameStats(physics).contacts).toBe(64)
      expect(frameStats(physics).droppedContacts).toBeGreaterThan(0)
      expect(frameStats(physics).quarantined).toBe(0)
      states.push(physics.components.Position.x.slice())
    }
    expect(states[1]).toEqual(states[0])
  })
})

describe('hits', () => {
  test.each([7, 8, 9, 40])(
    '%i bullets that hit, with room for 8: all act, eight are told, the rest is counted',
    async (count) => {
      const physics = await makePhysics({ capacity: { hits: 8 } })
      const bullets: number[] = []
      for (let i = 0; i < count; i++) {
        addBody(physics, sphere([5, i * 4, 0], { type: 'static' }))
        bullets.push(addBody(physics, sphere([0, i * 4, 0], { bullet: true, linearVelocity: [600, 0, 0] })))
      }
      step(physics, DT)
      expect(contactHits(physics).count).toBe(Math.min(count, 8))
      expect(frameStats(physics).droppedHits).toBe(Math.max(count - 8, 0))
      for (const bullet of bullets) expect(physics.components.Position.x[bullet]).toBeCloseTo(3, 4)
    },
  )
})

describe('particles', () => {
  test.each([1023, 1024, 1025, 5000])('%i into a pool of 1,024', async (count) => {
    const physics = await makePhysics({ capacity: { particles: 1024 } })
    emitBurst(physics, { position: [0, 0, 0], count, speed: [1, 1], life: [9, 9], size: [1, 1], color: [1, 1, 1] })
    step(physics, DT)
    expect(particleCount(physics)).toBe(Math.min(count, 1024))
    expect(frameStats(physics).droppedParticles).toBe(Math.max(count - 1024, 0))
  })

  test('a pool of an odd size holds just that many', async () => {
    const physics = await makePhysics({ capacity: { particles: 1000 } })
    emitBurst(physics, {
      position: [0, 0, 0],
      count: 2000,
      speed: [1, 1],
      life: [9, 9],
      size: [1, 1],
      color: [1, 1, 1],
    })
    step(physics, DT)
    expect(particleCount(physics)).toBe(1000)
  })

  test('a pool of none takes none', async () => {
    const physics = await makePhysics({ capacity: { particles: 0 } })
    emitBurst(physics, { position: [0, 0, 0], count: 5, speed: [1, 1], life: [9, 9], size: [1, 1], color: [1, 1, 1] })
    step(physics, DT)
    expect(particleCount(physics)).toBe(0)
  })
})
