/** Bad input to the measures of the long-range forces, and the ends of the ranges that are good. */
import { createPhysics, dispose, longRangeError, type PhysicsErrorCode, potentialEnergy, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { makePhysics } from '../physics/harness.ts'
import { expectUnchanged } from './expect-error.ts'

describe('longRangeError refuses a number of samples', () => {
  const rows: [samples: unknown, code: PhysicsErrorCode][] = [
    [Number.NaN, 'E_NOT_FINITE'],
    [Infinity, 'E_NOT_FINITE'],
    ['256', 'E_NOT_FINITE'],
    [0, 'E_RANGE'],
    [-1, 'E_RANGE'],
    [1.5, 'E_RANGE'],
    [1_025, 'E_RANGE'],
  ]
  test.each(rows)('%j: %s', async (samples, code) => {
    const physics = await makePhysics({ longRange: { gravity: 1 } })
    const refusal = { call: 'longRangeError', field: 'samples', value: samples }
    expectUnchanged(physics, code, refusal, () => longRangeError(physics, samples as number))
  })

  test('more than there are bodies is all of them', async () => {
    const physics = await makePhysics({ longRange: { gravity: 1 } })
    expect(longRangeError(physics, 1_024)).toEqual({ rms: 0, p99: 0, samples: 0 })
  })
})

test.each(['magic', 'Direct', '', 1])('potentialEnergy refuses the method %j', async (method) => {
  const physics = await makePhysics({ longRange: { gravity: 1 } })
  const refusal = { call: 'potentialEnergy', field: 'method', value: method }
  expectUnchanged(physics, 'E_RANGE', refusal, () => potentialEnergy(physics, { method: method as 'auto' }))
})

test.each([
  { theta: 0.1 },
  { theta: 1 },
  { gravity: 0, coulomb: 0 },
  { gravity: 1e-45 },
  { softening: 0, minDistance: 0 },
  { softening: 3e38, minDistance: 3e38 },
] as const)('the ends of the ranges are good: %j', async (ends) => {
  for (const method of ['auto', 'direct', 'tree'] as const) {
    const capacity = { entities: 8 }
    const physics = await createPhysics({ capacity, longRange: { gravity: 1, coulomb: 1, ...ends, method } })
    step(physics, 1 / 60)
    dispose(physics)
  }
})
