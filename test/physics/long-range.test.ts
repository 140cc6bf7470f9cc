/** Gravity and Coulomb forces between few bodies: orbits, conservation, symmetry. Many: `test/long-range`. */
import fc from 'fast-check'
import { addBody, angularMomentum, momentum, type Physics, type PhysicsOptions, potentialEnergy, step } from 'manybody'
import { describe, expect, test } from 'vitest'
import { dot, length, subtract, type Vec3 } from '../reference/vec.ts'
import {
  between,
  createRandom,
  DT,
  inCube,
  makePhysics,
  positionOf,
  type Random,
  run,
  sphere,
  velocityOf,
} from './harness.ts'

const TINY = { type: 'sphere', radius: 1e-3 } as const

describe('Kepler orbit, e = 0.5, 200 steps a period, single precision', () => {
  /** A light body at the apocentre about a heavy one at rest: G M = 1, a = 1, period 2π. */
  async function orbit(): Promise<{ physics: Physics; planet: number; energy: () => number }> {
    const physics = await makePhysics({ longRange: { gravity: 1 } })
    addBody(physics, sphere([0, 0, 0], { shape: TINY, mass: 1, attracts: true }))
    const planet = addBody(
      physics,
      sphere([1.5, 0, 0], { shape: TINY, mass: 1e-9, linearVelocity: [0, Math.sqrt(1 / 3), 0] }),
    )
    const energy = (): number => {
      const v = velocityOf(physics, planet)
      return dot(v, v) / 2 - 1 / length(positionOf(physics, planet))
    }
    return { physics, planet, energy }
  }

  test('100 periods: relative energy error ≤ 2e-3 at all times, drift ≤ 5e-4 at the apocentres', async () => {
    const { physics, energy } = await orbit()
    const start = energy()
    let worst = 0
    for (let i = 0; i < 100 * 200; i++) {
      step(physics, (2 * Math.PI) / 200)
      if (i % 7 === 0) worst = Math.max(worst, Math.abs(energy() / start - 1))
    }
    expect(worst).toBeLessThan(2e-3)
    expect(Math.abs(energy() / start - 1)).toBeLessThan(2e-3)
  })

  test('second order: half the step, a quarter of the error', async () => {
    const errors: number[] = []
    for (const steps of [50, 100]) {
      const { physics, energy } = await orbit()
      const start = energy()
      let worst = 0
      for (let i = 0; i < 5 * steps; i++) {
        step(physics, (2 * Math.PI) / steps)
        worst = Math.max(worst, Math.abs(energy() / start - 1))
      }
      errors.push(worst)
    }
    expect(errors[0] / errors[1]).toBeGreaterThan(3)
    expect(errors[0] / errors[1]).toBeLessThan(5.5)
  })

  test('a light body does not move the heavy one, and one that does not attract pulls nothing', async () => {
    const physics = await makePhysics({ longRange: { gravity: 1 } })
    const heavy = addBody(physics, sphere([0, 0, 0], { mass: 1e6, attracts: true }))
    const light = addBody(physics, sphere([50, 0, 0], { mass: 1 }))
    run(physics, 10)
    expect(velocityOf(physics, heavy)).toEqual([0, 0, 0])
    expect(velocityOf(physics, light)[0]).toBeLessThan(-10)
  })
})

/** `count` bodies that exert every long-range force and collide with nothing. */
function cloud(physics: Physics, count: number, random: Random, place: (at: Vec3) => Vec3 = (at) => at): number[] {
  return Array.from({ length: count }, (_, i) => {
    const at = place(inCube(random, 10))
    const charge = (i % 2 ? 1 : -1) * between(random, 0.1, 1)
    return addBody(physics, sphere(at, { mass: between(random, 0.5, 2), charge, attracts: true, mask: 0 }))
  })
}

const CLOUD: PhysicsOptions = { longRange: { gravity: 1, coulomb: 1, softening: 0.5, method: 'direct' } }

describe('500 mutual charged bodies, 600 steps', () => {
  test('momentum drifts by ≤ 1e-5, angular momentum by ≤ 1e-4, energy by ≤ 1e-3 of what is in motion', async () => {
    const physics = await makePhysics(CLOUD)
    const bodies = cloud(physics, 500, createRandom(6))
    const { Mass } = physics.components
    const totals = (): { p: number; l: number; kinetic: number } => {
      let [p, l, kinetic] = [0, 0, 0]
      for (const e of bodies) {
        const v = length(velocityOf(physics, e))
        p += Mass.value[e] * v
        l += Mass.value[e] * v * length(positionOf(physics, e))
        kinetic += (Mass.value[e] * v * v) / 2
      }
      return { p, l, kinetic }
    }
    const before = potentialEnergy(physics)
    run(physics, 600, 1 / 240)
    const moved = totals()
    expect(moved.kinetic).toBeGreaterThan(0.1 * Math.abs(before))
    expect(Math.hypot(...momentum(physics)) / moved.p).toBeLessThan(1e-5)
    expect(Math.hypot(...angularMomentum(physics)) / moved.l).toBeLessThan(1e-4)
    const after = potentialEnergy(physics) + moved.kinetic
    expect(Math.abs(after - before) / moved.kinetic).toBeLessThan(1e-3)
  })
})

/** Velocities after one step of a cloud drawn with `seed`, its places mapped by `place`. */
async function kicked(seed: number, count: number, place?: (at: Vec3) => Vec3): Promise<Vec3[]> {
  const physics = await makePhysics(CLOUD)
  const bodies = cloud(physics, count, createRandom(seed), place)
  step(physics, DT)
  return bodies.map((e) => velocityOf(physics, e))
}

const worstDifference = (a: Vec3[], b: Vec3[]): number => {
  const scale = Math.max(...a.map(length))
  return Math.max(...a.map((v, i) => length(subtract(v, b[i])))) / scale
}

const SEEDS = { numRuns: 12 }

describe('symmetry of the long-range forces', () => {
  test('a shift of everything changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -64, max: 64 }))),
        async (seed, by) => {
          const shifted = await kicked(seed, 60, (at) => [at[0] + by[0], at[1] + by[1], at[2] + by[2]])
          expect(worstDifference(await kicked(seed, 60), shifted)).toBeLessThan(1e-4)
        },
      ),
      SEEDS,
    )
  })

  test('a quarter turn of everything turns the accelerations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const turned = await kicked(seed, 60, ([x, y, z]) => [-y, x, z])
        const back = turned.map(([x, y, z]): Vec3 => [y, -x, z])
        expect(worstDifference(await kicked(seed, 60), back)).toBeLessThan(1e-5)
      }),
      SEEDS,
    )
  })

  test('the net force of mutual bodies is zero, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 2, max: 150 }), async (seed, count) => {
        const physics = await makePhysics(CLOUD)
        const bodies = cloud(physics, count, createRandom(seed))
        step(physics, DT)
        const { Mass } = physics.components
        const size = bodies.reduce((sum, e) => sum + Mass.value[e] * length(velocityOf(physics, e)), 0)
        expect(Math.hypot(...momentum(physics)) / size).toBeLessThan(1e-5)
      }),
      SEEDS,
    )
  })

  test.each(['direct', 'tree'] as const)(
    'like charges repel, unlike ones attract, with k c c / r²: %s',
    async (method) => {
      for (const sign of [1, -1]) {
        const physics = await makePhysics({ longRange: { coulomb: 9, method } })
        const a = addBody(physics, sphere([0, 0, 0], { charge: 2, mask: 0 }))
        addBody(physics, sphere([3, 0, 0], { charge: 4 * sign, mass: 1e9, mask: 0 }))
        step(physics, 1e-3)
        expect(velocityOf(physics, a)[0] / (-sign * 8e-3)).toBeCloseTo(1, 4)
      }
    },
  )
})

describe.each(['direct', 'tree'] as const)('near pairs, %s', (method) => {
  test('below minDistance and at one point they exert nothing; softened pairs stay finite', async () => {
    const physics = await makePhysics({ longRange: { gravity: 1, coulomb: 1, minDistance: 1, method } })
    const bodies = [0, 0, 0.99].map((x) => addBody(physics, sphere([x, 0, 0], { attracts: true, charge: 1, mask: 0 })))
    step(physics, DT)
    for (const e of bodies) expect(velocityOf(physics, e)).toEqual([0, 0, 0])
    const soft = await makePhysics({ longRange: { gravity: 1, softening: 0.1, minDistance: 0, method } })
    const pair = [0, 0].map((x) => addBody(soft, sphere([x, 0, 0], { attracts: true, mask: 0 })))
    step(soft, DT)
    for (const e of pair) expect(velocityOf(soft, e)).toEqual([0, 0, 0])
  })
})
