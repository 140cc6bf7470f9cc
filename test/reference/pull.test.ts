/** The direct sum over columns against the readable one over bodies, and the measures of error against known cases. */
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../examples/scenes/random.ts'
import { longRangeAcceleration } from './long-range.ts'
import { potentialEnergy } from './measures.ts'
import { grossPullsOn, type PullField, pullEnergy, pullError, pullsOn } from './pull.ts'
import { addReferenceBody, createReferenceWorld, type Kind, type ReferenceWorld } from './world.ts'

const KINDS: Kind[] = ['dynamic', 'dynamic', 'kinematic', 'static']

/** Bodies of every kind, some charged, some attracting, two at one point and two nearer than `minDistance`. */
function mixedWorld(): ReferenceWorld {
  const world = createReferenceWorld({ longRange: { gravity: 2, coulomb: 3, softening: 0.1, minDistance: 0.3 } })
  const random = createRandom(5)
  for (let i = 0; i < 40; i++) {
    addReferenceBody(world, {
      shape: { type: 'sphere', radius: 1 },
      type: KINDS[i % 4],
      position: i < 3 ? [i === 2 ? 0.2 : 0, 0, 0] : [random() * 4, random() * 4, random() * 4],
      mass: 0.5 + random(),
      charge: i % 3 ? random() - 0.5 : 0,
      attracts: i % 5 < 3,
    })
  }
  return world
}

function fieldOf({ longRange, bodies }: ReferenceWorld): PullField {
  const axis = (k: 0 | 1 | 2): Float64Array => Float64Array.from(bodies, (body) => body.position[k])
  return {
    longRange,
    x: axis(0),
    y: axis(1),
    z: axis(2),
    mass: Float64Array.from(bodies, (body) => body.mass),
    charge: Float64Array.from(bodies, (body) => body.charge),
    attracts: Uint8Array.from(bodies, (body) => Number(body.attracts)),
    dynamic: Uint8Array.from(bodies, (body) => Number(body.kind === 'dynamic')),
  }
}

test('the sum over columns is the sum over bodies', () => {
  const world = mixedWorld()
  const exact = world.bodies.flatMap((body) => [...longRangeAcceleration(world, body, 0)])
  const seen = pullsOn(fieldOf(world), [...world.bodies.keys()])
  expect(pullError(seen, exact).worst).toBeLessThan(1e-13)
})

test('the energy over columns is the energy over bodies', () => {
  const world = mixedWorld()
  expect(pullEnergy(fieldOf(world)).sum / potentialEnergy(world)).toBeCloseTo(1, 12)
})

test('the size of the energy is that of its terms: three like charges', () => {
  const world = createReferenceWorld({ longRange: { coulomb: 1 } })
  for (const x of [0, 1, 3]) {
    const shape = { type: 'sphere', radius: 0.1 } as const
    addReferenceBody(world, { shape, position: [x, 0, 0], charge: 1 })
  }
  const { sum, size } = pullEnergy(fieldOf(world))
  expect(sum).toBeCloseTo(1 + 1 / 2 + 1 / 3, 12)
  expect(size).toBeCloseTo(Math.hypot(1, 1 / 2, 1 / 3), 12)
})

test('the gross pull does not cancel: the middle of three, by gravity and charge', () => {
  const world = createReferenceWorld({ longRange: { gravity: 2, coulomb: 3 } })
  for (const x of [-1, 0, 2]) {
    const shape = { type: 'sphere', radius: 0.1 } as const
    addReferenceBody(world, { shape, position: [x, 0, 0], mass: 5, charge: x - 1, attracts: true })
  }
  const wanted = [1, 2].map((r, k) => (2 * 5) / r ** 2 + (3 * [2, 1][k] * 1) / 5 / r ** 2)
  expect(grossPullsOn(fieldOf(world), [1])[0]).toBeCloseTo(wanted[0] + wanted[1], 12)
})

test('the pull is the slope of the energy', () => {
  const field = fieldOf(mixedWorld())
  const [i, h] = [8, 1e-5]
  // Only mutual pairs have the energy of both sides; make all of them so.
  const mutual = { ...field, attracts: field.attracts, dynamic: new Uint8Array(40).fill(1) }
  ;(mutual.attracts as Uint8Array).fill(1)
  const at = (dx: number): number => {
    const x = field.x.slice()
    x[i] += dx
    return pullEnergy({ ...mutual, x }).sum
  }
  const slope = (at(h) - at(-h)) / (2 * h)
  expect(pullsOn(mutual, [i])[0] * field.mass[i]).toBeCloseTo(-slope, 6)
})

describe('measures of error', () => {
  test('RMS over RMS, the 99th percentile and the worst, each by hand', () => {
    // 200 unit vectors of which three are off: by 0.1, 0.3 and 0.5. Two of them may exceed the 99th percentile.
    const exact = new Float64Array(600)
    for (let i = 0; i < 200; i++) exact[3 * i + (i % 3)] = 1
    const seen = exact.slice()
    seen[0] += 0.1
    seen[4] += 0.3
    seen[8] -= 0.5
    const { rms, p99, worst } = pullError(seen, exact)
    expect(rms).toBeCloseTo(Math.sqrt((0.01 + 0.09 + 0.25) / 200), 12)
    expect(p99).toBeCloseTo(0.1, 12)
    expect(worst).toBeCloseTo(0.5, 12)
  })

  test('weights make forces of accelerations', () => {
    const { rms } = pullError([1, 0, 0, 5, 0, 0], [1, 0, 0, 4, 0, 0], [10, 1])
    expect(rms).toBeCloseTo(1 / Math.sqrt(100 + 16), 12)
  })

  test('zero where zero is exact is no error, anything else there is without bound', () => {
    expect(pullError([0, 0, 0], [0, 0, 0])).toEqual({ rms: 0, p99: 0, worst: 0 })
    expect(pullError([1, 0, 0], [0, 0, 0]).worst).toBe(Infinity)
  })

  test('NaN is not below any bound', () => {
    const { rms, worst } = pullError([Number.NaN, 0, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0])
    expect(rms < 1).toBe(false)
    expect(worst < 1).toBe(false)
  })
})
