/** The render loop's clock: whole steps, the rest kept, jumps dropped. */
import { addBody, advance, frameStats, type Physics, stateHash, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, makePhysics, sphere } from '../physics/harness.ts'

async function moving(): Promise<{ physics: Physics; body: number }> {
  const physics = await makePhysics()
  return { physics, body: addBody(physics, sphere([0, 0, 0], { linearVelocity: [60, 0, 0] })) }
}

describe('advance', () => {
  test('steps as often as the time holds and keeps the rest', async () => {
    const { physics, body } = await moving()
    expect({ ...advance(physics, 0.5 * DT) }).toEqual({ steps: 0, alpha: 0.5, dropped: 0 })
    const { steps, alpha } = advance(physics, 2 * DT)
    expect(steps).toBe(2)
    expect(alpha).toBeCloseTo(0.5, 6)
    expect(physics.components.Position.x[body]).toBeCloseTo(2, 5)
  })

  test('ten thousand uneven frames lose no time', async () => {
    const { physics } = await moving()
    let [time, steps] = [0, 0]
    for (let i = 0; i < 10_000; i++) {
      const frame = 0.004 + 0.025 * ((i * 0.618) % 1)
      time += frame
      const result = advance(physics, frame)
      steps += result.steps
      expect(result.alpha).toBeGreaterThanOrEqual(0)
      expect(result.alpha).toBeLessThanOrEqual(1)
      expect(result.dropped).toBe(0)
    }
    expect(Math.abs(steps - time / DT)).toBeLessThan(1.001)
  })

  test('a display at exactly the step’s rate steps once a frame', async () => {
    const { physics } = await moving()
    for (let i = 0; i < 600; i++) expect(advance(physics, DT).steps).toBe(1)
  })

  test('gives the same state as calling step', async () => {
    const [a, b] = [await moving(), await moving()]
    for (let i = 0; i < 30; i++) advance(a.physics, 2 * DT)
    for (let i = 0; i < 60; i++) step(b.physics, DT)
    expect(stateHash(a.physics)).toBe(stateHash(b.physics))
  })

  test('an hour asleep costs maxSteps; the rest is dropped and told', async () => {
    const { physics, body } = await moving()
    const first = { ...advance(physics, 3600) }
    expect(first.steps).toBe(5)
    expect(first.dropped).toBeCloseTo(3600 - 5 * DT, 4)
    expect(first.alpha).toBeLessThanOrEqual(1)
    expect(physics.components.Position.x[body]).toBeCloseTo(5, 4)
    expect(advance(physics, DT).steps).toBeLessThanOrEqual(2)
    expect(advance(physics, 3600, { maxSteps: 2 }).steps).toBe(2)
  })

  test('a clock that goes backwards counts as no time', async () => {
    const { physics } = await moving()
    advance(physics, 0.5 * DT)
    const hash = stateHash(physics)
    const { steps, alpha, dropped } = advance(physics, -100)
    expect([steps, alpha, dropped]).toEqual([0, 0.5, 0])
    expect(stateHash(physics)).toBe(hash)
    expect(advance(physics, 0.6 * DT).steps).toBe(1)
  })

  test('takes other steps, and reuses its result', async () => {
    const { physics, body } = await moving()
    const first = advance(physics, 0.1, { fixedDt: 0.01, maxSteps: 20 })
    expect(first.steps).toBe(10)
    expect(physics.components.Position.x[body]).toBeCloseTo(6, 4)
    expect(advance(physics, 0)).toBe(first)
  })

  test('no time, no step', async () => {
    const { physics } = await moving()
    const { steps, alpha, dropped } = advance(physics, 0)
    expect([steps, alpha, dropped]).toEqual([0, 0, 0])
  })
})

test('step(0) changes nothing, not even forces', async () => {
  const { physics, body } = await moving()
  physics.components.Force.x[body] = 5
  const hash = stateHash(physics)
  step(physics, 0)
  expect(stateHash(physics)).toBe(hash)
  expect(physics.components.Force.x[body]).toBe(5)
  expect(frameStats(physics).steps).toBe(0)
})
