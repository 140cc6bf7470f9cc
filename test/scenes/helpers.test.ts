import { describe, expect, test } from 'vitest'
import { exactCbrt, exactCos, exactSin } from '../../examples/scenes/exact-math.ts'
import { between, createRandom, randomDirection } from '../../examples/scenes/random.ts'
import { clearGrid, createSphereGrid, insertSphere, overlapsSphere } from '../../examples/scenes/sphere-grid.ts'

describe('exact math', () => {
  test('sine and cosine agree with the built-in ones to 1e-10', () => {
    for (let x = -40; x < 40; x += 0.0137) {
      expect(Math.abs(exactSin(x) - Math.sin(x))).toBeLessThan(1e-10)
      expect(Math.abs(exactCos(x) - Math.cos(x))).toBeLessThan(1e-10)
    }
  })

  test('the cube root agrees to 1e-15 of its value, zero and below give 0', () => {
    for (let x = 1e-9; x < 1e12; x *= 1.37) expect(Math.abs(exactCbrt(x) / Math.cbrt(x) - 1)).toBeLessThan(1e-15)
    expect(exactCbrt(0)).toBe(0)
    expect(exactCbrt(-8)).toBe(0)
  })
})

describe('random', () => {
  test('is uniform in [0, 1), and neighbouring seeds have nothing in common', () => {
    for (const seed of [0, 1, 2, -1]) {
      const random = createRandom(seed)
      let sum = 0
      for (let i = 0; i < 20_000; i++) {
        const value = random()
        if (!(value >= 0 && value < 1)) throw new Error(`out of range: ${value}`)
        sum += value
      }
      expect(sum / 20_000).toBeCloseTo(0.5, 1)
    }
    const [a, b] = [createRandom(1), createRandom(2)]
    let product = 0
    for (let i = 0; i < 20_000; i++) product += (a() - 0.5) * (b() - 0.5)
    expect(Math.abs(product / 20_000)).toBeLessThan(0.003)
  })

  test('directions are unit vectors in all octants', () => {
    const random = createRandom(1)
    const sums = [0, 0, 0]
    for (let i = 0; i < 10_000; i++) {
      const v = randomDirection(random, [0, 0, 0])
      expect(Math.hypot(...v)).toBeCloseTo(1, 12)
      for (let axis = 0; axis < 3; axis++) sums[axis] += v[axis]
    }
    for (const sum of sums) expect(Math.abs(sum / 10_000)).toBeLessThan(0.03)
  })
})

describe('sphere grid', () => {
  test('answers as a look at every sphere does', () => {
    const random = createRandom(7)
    const grid = createSphereGrid(400, 2)
    const spheres: number[][] = []
    for (let i = 0; i < 400; i++) {
      const [x, y, z] = [0, 1, 2].map(() => Math.fround(between(random, -15, 15)))
      const radius = Math.fround(between(random, 0.1, 2))
      const touches = spheres.some(([a, b, c, r]) => (a - x) ** 2 + (b - y) ** 2 + (c - z) ** 2 <= (r + radius) ** 2)
      expect(overlapsSphere(grid, x, y, z, radius)).toBe(touches)
      insertSphere(grid, x, y, z, radius)
      spheres.push([x, y, z, radius])
    }
    clearGrid(grid)
    expect(overlapsSphere(grid, 0, 0, 0, 2)).toBe(false)
  })
})
