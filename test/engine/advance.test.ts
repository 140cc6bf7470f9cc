/** The render loop's clock: whole steps, the rest kept, jumps dropped. */
import { addBody, advance, frameStats, onStep, type Physics, stateHash, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
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

  test.each([30, 60, 90, 120, 144, 240])(
    'a display of %i Hz, exact and jittering, loses no time and shows it evenly',
    async (hertz) => {
      for (const jitter of [0, 0.3]) {
        const { physics, body } = await moving()
        let [time, steps, shown] = [0, 0, 0]
        for (let i = 0; i < 5 * hertz; i++) {
          const frame = (1 + jitter * Math.sin(i * 12.9898)) / hertz
          time += frame
          const result = advance(physics, frame)
          steps += result.steps
          expect(result.steps).toBeLessThanOrEqual(Math.ceil((60 / hertz) * (1 + jitter)) + 1)
          expect(result.dropped).toBe(0)
          // What is drawn, one step behind, moves with the time that has passed, not in steps.
          const next = (steps - 1 + result.alpha) * DT
          expect(next - shown).toBeCloseTo(i === 0 ? next - shown : frame, 6)
          shown = next
        }
        expect(Math.abs(steps - time / DT)).toBeLessThan(1.001)
        expect(physics.components.Position.x[body]).toBeCloseTo(steps, 2)
        expect(frameStats(physics)).toMatchObject({ frames: 5 * hertz, steps, droppedTime: 0 })
      }
    },
  )

  test('a page hidden for 10 s: maxSteps at once, then frame by frame again; every second is accounted for', async () => {
    const { physics, body } = await moving()
    let passed = 0
    const frame = (elapsed: number): ReturnType<typeof advance> => {
      passed += elapsed
      return advance(physics, elapsed)
    }
    for (let i = 0; i < 30; i++) frame(0.0137)
    const [at, { steps: before }] = [physics.components.Position.x[body], { ...frameStats(physics) }]
    expect(frame(10)).toMatchObject({ steps: 5 })
    expect(physics.components.Position.x[body] - at).toBeCloseTo(5, 4)
    for (let i = 0; i < 30; i++) {
      const { steps, dropped, alpha } = frame(0.0137)
      expect(steps).toBeLessThanOrEqual(2)
      expect(dropped).toBe(0)
      expect(alpha).toBeLessThanOrEqual(1)
    }
    const { steps, droppedTime, frames } = frameStats(physics)
    expect([before < steps, frames]).toEqual([true, 61])
    expect(steps * DT + droppedTime + advance(physics, 0).alpha * DT).toBeCloseTo(passed, 9)
  })

  test('a clock that jumps back and forth in a game: what passed is stepped, and nothing else', async () => {
    const [a, b] = [await moving(), await moving()]
    let passed = 0
    for (const elapsed of [0.02, -5, 0.011, 0.03, -1e9, -0.001, 0.017, 0.05]) {
      advance(a.physics, elapsed)
      if (elapsed < 0) continue
      passed += elapsed
      advance(b.physics, elapsed)
    }
    expect(stateHash(a.physics)).toBe(stateHash(b.physics))
    const { steps, droppedTime } = frameStats(a.physics)
    expect(droppedTime).toBe(0)
    expect(steps * DT + advance(a.physics, 0).alpha * DT).toBeCloseTo(passed, 9)
  })

  test.each([1e9, 1e30, 3e38])('a gap of %d s leaves no rest that goes on dropping', async (gap) => {
    const { physics } = await moving()
    expect(advance(physics, gap).steps).toBe(5)
    const { steps, dropped, alpha } = advance(physics, DT)
    expect(steps).toBeLessThanOrEqual(2)
    expect(dropped).toBe(0)
    expect(alpha).toBeGreaterThanOrEqual(0)
    expect(alpha).toBeLessThanOrEqual(1)
  })

  test('what is dropped is summed up', async () => {
    const { physics } = await moving()
    let dropped = 0
    for (const gap of [3600, 0.01, 2, 0.5]) dropped += advance(physics, gap).dropped
    expect(dropped).toBeGreaterThan(3600)
    expect(frameStats(physics).droppedTime).toBeCloseTo(dropped, 6)
  })

  test('a time that is no number is refused and changes nothing', async () => {
    const { physics } = await moving()
    advance(physics, 0.5 * DT)
    const hash = stateHash(physics)
    for (const elapsed of [Number.NaN, Infinity, -Infinity, '1' as never]) {
      expectError('E_NOT_FINITE', { call: 'advance', field: 'elapsed', value: elapsed }, () =>
        advance(physics, elapsed),
      )
    }
    expectError('E_RANGE', { call: 'advance', field: 'maxSteps' }, () => advance(physics, DT, { maxSteps: 0 }))
    expectError('E_RANGE', { call: 'advance', field: 'fixedDt' }, () => advance(physics, DT, { fixedDt: 0 }))
    expect(stateHash(physics)).toBe(hash)
    expect(frameStats(physics).frames).toBe(1)
    expect(advance(physics, 0).alpha).toBe(0.5)
  })

  test('what a listener throws loses no time', async () => {
    const { physics } = await moving()
    const stop = onStep(physics, () => {
      throw new Error('mine')
    })
    expect(() => advance(physics, 1.5 * DT)).toThrow('mine')
    stop()
    const { steps, alpha } = advance(physics, DT)
    expect(steps).toBe(1)
    expect(alpha).toBeCloseTo(0.5, 6)
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
