/** Orbits over many periods: what the precision of the state is good for. */
import { addBody, type Physics, type Precision, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { dot, length, type Vec3 } from '../reference/vec.ts'
import { makePhysics, positionOf, sphere, velocityOf } from './harness.ts'

const TINY = { type: 'sphere', radius: 1e-3 } as const
/** The integration of one world over 100,000 steps and more takes seconds. */
const LONG = 120_000

describe('Kepler orbit, e = 0.5, 1,000 periods of 200 steps', () => {
  const PERIODS = 1000
  const STEPS = 200

  /** The relative energy errors of the whole course: the largest, and the mean of each period. */
  async function course(precision: Precision): Promise<{ worst: number; means: number[] }> {
    const physics = await makePhysics({ precision, longRange: { gravity: 1, method: 'direct' } })
    addBody(physics, sphere([0, 0, 0], { shape: TINY, attracts: true }))
    // At the apocentre of an ellipse with G M = 1, a = 1, so the period is 2π.
    const speed = Math.sqrt(1 / 3)
    const planet = addBody(physics, sphere([1.5, 0, 0], { shape: TINY, mass: 1e-9, linearVelocity: [0, speed, 0] }))
    const energy = (): number => {
      const v = velocityOf(physics, planet)
      return dot(v, v) / 2 - 1 / length(positionOf(physics, planet))
    }
    const start = energy()
    const means: number[] = []
    let worst = 0
    for (let period = 0; period < PERIODS; period++) {
      let sum = 0
      for (let i = 0; i < STEPS; i++) {
        step(physics, (2 * Math.PI) / STEPS)
        const error = energy() / start - 1
        worst = Math.max(worst, Math.abs(error))
        sum += error
      }
      means.push(sum / STEPS)
    }
    return { worst, means }
  }

  /** What the line through the periods' means rises by over all of them: an error that only oscillates has none. */
  function drift(means: number[]): number {
    const middle = (means.length - 1) / 2
    const slope = means.reduce((sum, mean, i) => sum + (i - middle) * mean, 0)
    return (slope / means.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)) * means.length
  }

  test(
    'double: relative energy error ≤ 1e-3 at all times, and no drift (1e-10; measured 8e-12)',
    async () => {
      const { worst, means } = await course('double')
      expect(worst).toBeLessThan(1e-3)
      expect(Math.abs(drift(means))).toBeLessThan(1e-10)
    },
    LONG,
  )

  test(
    'single: ≤ 1e-3 at all times too, but rounding drifts: ≤ 3e-4 in all (measured 8e-5)',
    async () => {
      const { worst, means } = await course('single')
      expect(worst).toBeLessThan(1e-3)
      expect(Math.abs(drift(means))).toBeLessThan(3e-4)
      expect(Math.abs(drift(means))).toBeGreaterThan(1e-6)
    },
    LONG,
  )
})

/** Chenciner & Montgomery 2000: three equal masses chase one another on one figure of eight. G = m = 1. */
const EIGHT = {
  period: 6.32591398,
  positions: [
    [0.97000436, -0.24308753, 0],
    [-0.97000436, 0.24308753, 0],
    [0, 0, 0],
  ] as Vec3[],
  velocities: [
    [0.466203685, 0.43236573, 0],
    [0.466203685, 0.43236573, 0],
    [-0.93240737, -0.86473146, 0],
  ] as Vec3[],
}

describe('figure-eight of three bodies, 100 periods of 1,000 steps', () => {
  /** Points of the plane: x and y of the three bodies. */
  type Six = number[]

  /** One period by classical Runge–Kutta in plain numbers: to 1e-9 the orbit itself. */
  function orbit(samples: number): Six[] {
    const rate = (s: Six): Six => {
      const d = [...s.slice(6), 0, 0, 0, 0, 0, 0]
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const [dx, dy] = [s[2 * j] - s[2 * i], s[2 * j + 1] - s[2 * i + 1]]
          const cube = Math.sqrt(dx * dx + dy * dy) ** 3
          if (i !== j) d[6 + 2 * i] += dx / cube
          if (i !== j) d[7 + 2 * i] += dy / cube
        }
      }
      return d
    }
    const shifted = (s: Six, d: Six, h: number): Six => s.map((v, i) => v + d[i] * h)
    const h = EIGHT.period / samples
    let state = [...EIGHT.positions, ...EIGHT.velocities].flatMap((v) => [v[0], v[1]])
    const course: Six[] = []
    for (let n = 0; n < samples; n++) {
      course.push(state.slice(0, 6))
      const a = rate(state)
      const b = rate(shifted(state, a, h / 2))
      const c = rate(shifted(state, b, h / 2))
      const d = rate(shifted(state, c, h))
      state = state.map((v, i) => v + (h / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]))
    }
    return course
  }

  /** How far the three are from where the orbit has them at the moment that fits best, m: the largest distance of one. */
  function distance(course: Six[], seen: Six): number {
    let best = Infinity
    for (const point of course) {
      let worst = 0
      for (let i = 0; i < 6; i += 2)
        worst = Math.max(worst, (point[i] - seen[i]) ** 2 + (point[i + 1] - seen[i + 1]) ** 2)
      best = Math.min(best, worst)
    }
    return Math.sqrt(best)
  }

  async function start(precision: Precision): Promise<{ physics: Physics; bodies: number[] }> {
    const longRange = { gravity: 1, minDistance: 0, method: 'direct' } as const
    const physics = await makePhysics({ precision, longRange })
    const bodies = EIGHT.positions.map((position, i) =>
      addBody(physics, sphere(position, { shape: TINY, attracts: true, linearVelocity: [...EIGHT.velocities[i]] })),
    )
    return { physics, bodies }
  }

  test(
    'double: all three stay within 1 % of the orbit (measured 0.1 %)',
    async () => {
      const course = orbit(4000)
      // 1 % of the half-width of the eight.
      const allowed = 0.01 * Math.max(...course.map((point) => point[0]))
      const { physics, bodies } = await start('double')
      let worst = 0
      for (let i = 1; i <= 100 * 1000; i++) {
        step(physics, EIGHT.period / 1000)
        if (i % 37 === 0) {
          worst = Math.max(
            worst,
            distance(
              course,
              bodies.flatMap((eid) => positionOf(physics, eid).slice(0, 2)),
            ),
          )
        }
      }
      expect(allowed).toBeGreaterThan(0.0105)
      expect(worst).toBeLessThan(allowed)
    },
    LONG,
  )
})
