/** Every rung of the ladder computes the same thing, and the bench notices when one does not. */
import { describe, expect, test } from 'vitest'
import { findPython, ladder, largestDistance } from '../../bench/benches/ladder.ts'
import type { Row } from '../../bench/harness/report.ts'
import {
  CHECK_STEPS,
  createObjects,
  ENGINE,
  type RungResult,
  type RungRun,
  runKernel,
  runObjects,
  runPython,
  SHARES,
} from '../../bench/ladder/rungs.ts'
import { crowdedBoxScene } from '../../examples/scenes/nbody.ts'
import { referenceOfScene } from '../reference/copy.ts'
import { stepReference } from '../reference/step.ts'
import { optionalPart } from '../support/optional-parts.ts'

const SCENE = crowdedBoxScene(200, 3)
const RUN: RungRun = { scene: SCENE, warmUp: 0, frames: 10, progress: { advance() {}, stop() {} } }
const python = findPython()

function expectResult({ frames, stages, contacts, positions }: RungResult): void {
  expect(frames).toHaveLength(10)
  expect(Object.keys(stages)).toEqual([...SHARES])
  expect(Math.min(...frames)).toBeGreaterThan(0)
  expect(positions).toHaveLength(3 * SCENE.spheres.count)
  expect(contacts).toBeGreaterThan(1)
}

describe('rungs', () => {
  const objects = runObjects(RUN)

  test('bodies move, turn and touch', () => {
    expectResult(objects)
    const world = createObjects(SCENE)
    for (let step = 0; step < CHECK_STEPS; step++) world.step(1 / 60)
    expect(world.contacts.size).toBeGreaterThan(0)
    expect(world.bodies.some(({ turnW }) => turnW < 1 - 1e-6)).toBe(true)
    const start = Float64Array.from(
      { length: 600 },
      (_, k) => [SCENE.spheres.x, SCENE.spheres.y, SCENE.spheres.z][k % 3][Math.floor(k / 3)],
    )
    expect(largestDistance(start, objects.positions)).toBeGreaterThan(0.1)
  })

  test('plain objects agree with the oracle to rounding', () => {
    const world = referenceOfScene(SCENE)
    for (let step = 0; step < CHECK_STEPS; step++) stepReference(world, 1 / 60)
    const positions = Float64Array.from(world.bodies.flatMap(({ position }) => [...position]))
    expect(largestDistance(objects.positions, positions)).toBeLessThan(1e-9)
  })

  test.skipIf(!optionalPart('python3', python))(
    'the Python script agrees with the plain objects to rounding',
    async () => {
      const result = await runPython(python!.command, RUN)
      expectResult(result)
      expect(result.stages.other).toBe(0)
      expect(largestDistance(objects.positions, result.positions)).toBeLessThan(1e-9)
    },
  )

  test('the engine agrees on every tier within single precision, and its tiers agree bit by bit', async () => {
    const results = [
      await runKernel(ENGINE, 'js', 1, RUN),
      await runKernel(ENGINE, 'simd', 1, RUN),
      await runKernel(ENGINE, 'threads', 2, RUN),
    ]
    for (const result of results) {
      expectResult(result)
      expect(largestDistance(objects.positions, result.positions)).toBeLessThan(1e-4)
    }
    expect(new Set(results.map(({ hash }) => hash)).size).toBe(1)
  })
})

describe('verdict', () => {
  const ms = { mean: 1, p50: 1, p95: 1, p99: 1, p998: 1, max: 1 }
  const row = (more: Partial<Row>): Row => ({ engine: 'manybody', ms, difference: 1e-6, hash: 'a', ...more }) as Row

  test('equal rungs pass, an absent one is no fault', () => {
    expect(ladder.verdict!([row({ engine: 'objects', hash: undefined }), row({}), row({})])).toBeUndefined()
    expect(ladder.verdict!([row({}), row({ ms: undefined, hash: undefined, absent: 'not here' })])).toBeUndefined()
  })

  test('a rung that is off, or has no number, is named', () => {
    expect(ladder.verdict!([row({ rung: 'scalar', difference: 2e-4 })])).toMatch(/scalar is 0.0002 m off/)
    expect(ladder.verdict!([row({ rung: 'scalar', difference: Number.NaN })])).toMatch(/scalar/)
  })

  test('builds of the kernel with different states are told', () => {
    expect(ladder.verdict!([row({}), row({ hash: 'b' })])).toMatch(/same state/)
  })
})

describe('largest distance', () => {
  test('is over bodies, and a NaN or another number of bodies is never small', () => {
    const at = Float64Array.of(0, 0, 0, 1, 1, 1)
    expect(largestDistance(at, Float64Array.of(0, 0, 0, 1, 4, 5))).toBe(5)
    expect(largestDistance(at, Float64Array.of(Number.NaN, 0, 0, 1, 1, 1))).toBeNaN()
    expect(largestDistance(at, Float64Array.of(0, 0, 0))).toBe(Number.POSITIVE_INFINITY)
  })
})
