/** Options of `createPhysics` that are refused, each with the field and the value. */
import { createPhysics, dispose, type PhysicsErrorCode, type PhysicsOptions } from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectRejection } from './expect-error.ts'

type Row = [options: unknown, code: PhysicsErrorCode, field: string]

const NOT_FINITE: Row[] = [
  [{ gravity: [0, Number.NaN, 0] }, 'E_NOT_FINITE', 'gravity'],
  [{ gravity: [Infinity, 0, 0] }, 'E_NOT_FINITE', 'gravity'],
  [{ gravity: [1e39, 0, 0] }, 'E_NOT_FINITE', 'gravity'],
  [{ gravity: ['9', 0, 0] }, 'E_NOT_FINITE', 'gravity'],
  [{ longRange: { gravity: Number.NaN } }, 'E_NOT_FINITE', 'longRange.gravity'],
  [{ longRange: { coulomb: Infinity } }, 'E_NOT_FINITE', 'longRange.coulomb'],
  [{ longRange: { softening: Number.NaN } }, 'E_NOT_FINITE', 'longRange.softening'],
  [{ longRange: { minDistance: -Infinity } }, 'E_NOT_FINITE', 'longRange.minDistance'],
  [{ longRange: { gravity: 1e39 } }, 'E_NOT_FINITE', 'longRange.gravity'],
  [{ longRange: { coulomb: '1' } }, 'E_NOT_FINITE', 'longRange.coulomb'],
  [{ longRange: { softening: Infinity } }, 'E_NOT_FINITE', 'longRange.softening'],
  [{ longRange: { minDistance: Number.NaN } }, 'E_NOT_FINITE', 'longRange.minDistance'],
  [{ longRange: { theta: Number.NaN } }, 'E_NOT_FINITE', 'longRange.theta'],
  [{ longRange: { theta: Infinity } }, 'E_NOT_FINITE', 'longRange.theta'],
  [{ longRange: { theta: '0.5' } }, 'E_NOT_FINITE', 'longRange.theta'],
  [{ threads: Number.NaN }, 'E_NOT_FINITE', 'threads'],
  [{ subSteps: Infinity }, 'E_NOT_FINITE', 'subSteps'],
  [{ sleep: { speed: Number.NaN } }, 'E_NOT_FINITE', 'sleep.speed'],
  [{ sleep: { time: Infinity } }, 'E_NOT_FINITE', 'sleep.time'],
  [{ capacity: { shapes: Number.NaN } }, 'E_NOT_FINITE', 'capacity.shapes'],
  [{ capacity: { bodies: Number.NaN } }, 'E_NOT_FINITE', 'capacity.bodies'],
  [{ capacity: { nodes: Number.NaN } }, 'E_NOT_FINITE', 'capacity.nodes'],
  [{ capacity: { columns: '4' } }, 'E_NOT_FINITE', 'capacity.columns'],
  [{ capacity: { entities: '100' } }, 'E_NOT_FINITE', 'capacity.entities'],
]

const OUT_OF_RANGE: Row[] = [
  [{ gravity: [0, 1] }, 'E_RANGE', 'gravity'],
  [{ gravity: 9.81 }, 'E_RANGE', 'gravity'],
  [{ longRange: { gravity: -1 } }, 'E_RANGE', 'longRange.gravity'],
  [{ longRange: { softening: -1e-3 } }, 'E_RANGE', 'longRange.softening'],
  [{ longRange: { minDistance: -1 } }, 'E_RANGE', 'longRange.minDistance'],
  [{ longRange: { coulomb: -1e-9 } }, 'E_RANGE', 'longRange.coulomb'],
  [{ longRange: { theta: 0 } }, 'E_RANGE', 'longRange.theta'],
  [{ longRange: { theta: -0.5 } }, 'E_RANGE', 'longRange.theta'],
  [{ longRange: { theta: 0.0999 } }, 'E_RANGE', 'longRange.theta'],
  [{ longRange: { theta: 1.001 } }, 'E_RANGE', 'longRange.theta'],
  [{ longRange: { theta: 1e30 } }, 'E_RANGE', 'longRange.theta'],
  [{ longRange: { method: 'magic' } }, 'E_RANGE', 'longRange.method'],
  [{ longRange: { method: 'Tree' } }, 'E_RANGE', 'longRange.method'],
  [{ longRange: { method: 1 } }, 'E_RANGE', 'longRange.method'],
  [{ threads: 0 }, 'E_RANGE', 'threads'],
  [{ threads: -2 }, 'E_RANGE', 'threads'],
  [{ threads: 1.5 }, 'E_RANGE', 'threads'],
  [{ threads: 1e6 }, 'E_RANGE', 'threads'],
  [{ tier: 'gpu' }, 'E_RANGE', 'tier'],
  [{ precision: 'half' }, 'E_RANGE', 'precision'],
  [{ subSteps: 0 }, 'E_RANGE', 'subSteps'],
  [{ sleep: { speed: 0 } }, 'E_RANGE', 'sleep.speed'],
  [{ sleep: { time: -1 } }, 'E_RANGE', 'sleep.time'],
  [{ capacity: { geometry: -1 } }, 'E_RANGE', 'capacity.geometry'],
  [{ capacity: { shapes: 2 ** 20 } }, 'E_RANGE', 'capacity.shapes'],
  [{ capacity: { nodes: 0 } }, 'E_RANGE', 'capacity.nodes'],
  [{ capacity: { columns: 257 } }, 'E_RANGE', 'capacity.columns'],
  [{ capacity: { columns: 1.5 } }, 'E_RANGE', 'capacity.columns'],
  [{ subSteps: 2.5 }, 'E_RANGE', 'subSteps'],
  [{ capacity: { bodies: 0 } }, 'E_RANGE', 'capacity.bodies'],
  [{ capacity: { bodies: -1 } }, 'E_RANGE', 'capacity'],
  [{ capacity: { entities: 100, bodies: 100 } }, 'E_RANGE', 'capacity.bodies'],
  [{ capacity: { entities: 2 ** 31 } }, 'E_RANGE', 'capacity.entities'],
  [{ capacity: { particles: -1 } }, 'E_RANGE', 'capacity.particles'],
  [{ capacity: { contacts: 0.5 } }, 'E_RANGE', 'capacity.contacts'],
  [{ instanceGroups: { ship: -1 } }, 'E_RANGE', 'instanceGroups.ship'],
]

describe('createPhysics refuses', () => {
  test.each([...NOT_FINITE, ...OUT_OF_RANGE])('%j: %s in %s', async (options, code, field) => {
    await expectRejection(code, { call: 'createPhysics', field }, createPhysics(options as PhysicsOptions))
  })

  test('too many instance groups', async () => {
    const instanceGroups = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`group${i}`, 1]))
    await expectRejection('E_CAPACITY', { call: 'createPhysics', value: 17 }, createPhysics({ instanceGroups }))
  })
})

test('the smallest world there is works', async () => {
  const rigid = {
    manifolds: 1,
    shapes: 0,
    geometry: 0,
    joints: 0,
    events: 1,
    nodes: 1,
    systems: 0,
    particleHits: 1,
    columns: 0,
  }
  const capacity = { entities: 2, bodies: 1, particles: 0, contacts: 1, emitters: 0, hits: 1, ...rigid }
  const physics = await createPhysics({ capacity })
  expect(physics.capacity).toEqual(capacity)
  dispose(physics)
})
