/**
 * The kernel in double precision against the oracle, which computes in the same numbers: what single precision hides in its rounding shows here.
 * The oracle takes the contacts in the order in which the kernel found them: clusters of contacts, too, agree to the last digits.
 */
import {
  contactHits,
  createPhysics,
  dispose,
  frameStats,
  longRangeError,
  type Physics,
  type PhysicsOptions,
  stateHash,
  step,
} from 'manybody'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fieldScene } from '../../examples/scenes/field.ts'
import { plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { capacityOf, loadScene, type SceneData } from '../../examples/scenes/scene.ts'
import { contactOrderOf, copyFromPhysics, read3, referenceOfScene } from '../reference/copy.ts'
import { stepReference } from '../reference/step.ts'
import { length, subtract } from '../reference/vec.ts'
import type { ReferenceWorld } from '../reference/world.ts'
import { addTwin, between, createRandom, DT, inCube, makeTwin, sphere } from './harness.ts'

async function load({ longRange, ...scene }: SceneData): Promise<{ physics: Physics; world: ReferenceWorld }> {
  const exact: SceneData = { ...scene, longRange: longRange && { ...longRange, method: 'direct' } }
  const { gravity } = scene
  const physics = await createPhysics({
    gravity,
    longRange: exact.longRange,
    capacity: capacityOf(exact),
    precision: 'double',
  })
  onTestFinished(() => dispose(physics))
  const world = referenceOfScene(exact, loadScene(physics, exact))
  copyFromPhysics(world, physics)
  return { physics, world }
}

interface Course {
  /** Distance of every sphere from the oracle's, sorted, m. */
  errors: number[]
  contacts: { kernel: number; oracle: number }
}

function runBoth(physics: Physics, world: ReferenceWorld, steps: number): Course {
  const contacts = { kernel: 0, oracle: 0 }
  for (let i = 0; i < steps; i++) {
    step(physics, DT)
    stepReference(world, DT, contactOrderOf(physics))
    contacts.kernel += frameStats(physics).contacts
    contacts.oracle += world.contacts.size
  }
  const spheres = world.bodies.filter((body) => body.shape.type === 'sphere')
  const { Position } = physics.components
  const errors = spheres.map((body) => length(subtract(read3(Position, body.id), body.position)))
  return { errors: errors.sort((a, b) => a - b), contacts }
}

const quantile = (sorted: number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)]

describe('kernel in double against the oracle', () => {
  test('a Plummer sphere of 300, 60 steps: every body within 1e-14 m', async () => {
    const { physics, world } = await load(plummerScene(300, 4))
    const { errors } = runBoth(physics, world, 60)
    expect(quantile(errors, 1)).toBeLessThan(1e-14)
  })

  test('200 charged and attracting bodies that touch in pairs, 60 steps: every body within 1e-13 m', async () => {
    const { physics, world } = await load(uniformBoxScene(200, 2))
    const { errors, contacts } = runBoth(physics, world, 60)
    expect(contacts).toEqual({ kernel: contacts.oracle, oracle: contacts.oracle })
    expect(contacts.oracle).toBeGreaterThan(30)
    expect(quantile(errors, 1)).toBeLessThan(1e-13)
  })

  test('a pile of 216 that falls on the ground: 20 steps, every one within 1e-13 m', async () => {
    const { physics, world } = await load(spherePileScene(216, 5))
    const first = runBoth(physics, world, 10)
    expect(first.contacts).toEqual({ kernel: first.contacts.oracle, oracle: first.contacts.oracle })
    expect(first.contacts.oracle).toBeGreaterThan(50)
    expect(quantile(first.errors, 1)).toBeLessThan(1e-13)
    const { errors, contacts } = runBoth(physics, world, 10)
    expect(contacts.kernel).toBe(contacts.oracle)
    expect(contacts.oracle).toBeGreaterThan(400)
    expect(quantile(errors, 1)).toBeLessThan(1e-13)
  })

  test('a crowded field of 400, 60 steps: three in four within 1e-13 m', async () => {
    const scene = fieldScene(400, 3)
    for (const column of [scene.spheres.x, scene.spheres.y, scene.spheres.z]) column.set(column.map((v) => v / 2))
    const { physics, world } = await load(scene)
    const { errors, contacts } = runBoth(physics, world, 60)
    expect(contacts.oracle).toBeGreaterThan(1000)
    expect(quantile(errors, 0.75)).toBeLessThan(1e-13)
  })

  test('200 bullets through 60 moving spheres: the same hits, every body within 1e-12 m', async () => {
    const twin = await makeTwin({ precision: 'double' })
    const random = createRandom(21)
    for (let i = 0; i < 60; i++) {
      // Kinematic: two bullets that meet a dynamic one in the same step, the oracle takes one after the other.
      addTwin(twin, sphere(inCube(random, 20), { type: 'kinematic', linearVelocity: inCube(random, 5), mask: 2 }))
    }
    for (let i = 0; i < 200; i++) {
      const [x, y, z] = inCube(random, 25)
      const shape = { type: 'sphere', radius: between(random, 0.01, 0.1) } as const
      const linearVelocity = [-20 * x, -20 * y, -20 * z]
      addTwin(twin, sphere([x, y, z], { shape, bullet: true, linearVelocity, mass: 0.01, group: 2, restitution: 0.4 }))
    }
    const { physics, world } = twin
    const hits = contactHits(physics)
    let total = 0
    for (let i = 0; i < 12; i++) {
      step(physics, DT)
      stepReference(world, DT)
      expect([...hits.other.subarray(0, hits.count)]).toEqual(world.hits.map((hit) => hit.other.id))
      for (const [k, hit] of world.hits.entries()) {
        expect(length(subtract([hits.x[k], hits.y[k], hits.z[k]], hit.point))).toBeLessThan(1e-11)
        expect(Math.abs(hits.impulse[k] - hit.impulse)).toBeLessThan(1e-11)
      }
      total += hits.count
    }
    expect(total).toBeGreaterThan(20)
    const { Position } = physics.components
    const errors = world.bodies.map((body) => length(subtract(read3(Position, body.id), body.position)))
    expect(Math.max(...errors)).toBeLessThan(1e-12)
  })
})

describe('the tree in double precision', () => {
  /** A Plummer sphere of 3,000, moved as a whole. */
  async function cloud(shift: number, options: PhysicsOptions): Promise<Physics> {
    const scene = plummerScene(3000, 6)
    const longRange = { ...scene.longRange, method: 'tree' } as const
    const physics = await createPhysics({ gravity: [0, 0, 0], capacity: capacityOf(scene), longRange, ...options })
    onTestFinished(() => dispose(physics))
    for (const eid of loadScene(physics, scene)) physics.components.Position.x[eid] += shift
    return physics
  }

  test('is as exact as in single, and a million kilometres away as at home', async () => {
    const [single, double, far] = [
      await cloud(0, { precision: 'single' }),
      await cloud(0, { precision: 'double' }),
      await cloud(1e9, { precision: 'double' }),
    ].map((physics) => longRangeError(physics))
    expect(double.rms).toBeGreaterThan(1e-5)
    expect(double.rms).toBeLessThan(0.02)
    expect(Math.abs(double.rms / single.rms - 1)).toBeLessThan(0.01)
    expect(Math.abs(far.rms / double.rms - 1)).toBeLessThan(0.01)
  })

  test('gives the same bits on every tier', async () => {
    const hashes = new Set<string>()
    for (const options of [{ threads: 1 }, { threads: 3 }, { tier: 'simd' }, { tier: 'js' }] as const) {
      const physics = await cloud(0, { tier: 'threads', precision: 'double', ...options })
      for (let i = 0; i < 3; i++) step(physics, DT)
      expect(frameStats(physics).longRange).toBe('tree')
      hashes.add(stateHash(physics))
    }
    expect(hashes.size).toBe(1)
  })
})
