/** Whole scenes for 60 steps: single bodies part ways after collisions, the statistics of the scene may not. */
import { createPhysics, dispose, frameStats, kineticEnergy, momentum, type Physics, step } from 'manybody'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fieldScene } from '../../examples/scenes/field.ts'
import { plummerScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { capacityOf, loadScene, type SceneData } from '../../examples/scenes/scene.ts'
import { copyFromPhysics, read3, referenceOfScene } from '../reference/copy.ts'
import * as oracle from '../reference/measures.ts'
import { stepReference } from '../reference/step.ts'
import { length, subtract, type Vec3 } from '../reference/vec.ts'
import type { ReferenceWorld } from '../reference/world.ts'
import { DT } from './harness.ts'

async function load(scene: SceneData): Promise<{ physics: Physics; world: ReferenceWorld }> {
  const { gravity, longRange } = scene
  const physics = await createPhysics({ gravity, longRange, capacity: capacityOf(scene) })
  onTestFinished(() => dispose(physics))
  const world = referenceOfScene(scene, loadScene(physics, scene))
  return { physics, world }
}

interface Course {
  /** |kernel − oracle| of every sphere at the end, sorted, m. */
  errors: number[]
  /** The same of the oracle and its shadow: how far rounding and order alone drive the scene apart. */
  chaos: number[]
  contacts: { kernel: number; oracle: number }
}

/** The same world with its bodies in the opposite order, each moved by one rounding of single precision. */
function shadowOf(world: ReferenceWorld): ReferenceWorld {
  const nudge = (v: number): number => v * (1 + 6e-8)
  const bodies = world.bodies.map((body) => ({
    ...body,
    motion: { ...body.motion },
    position: body.position.map(nudge) as unknown as Vec3,
  }))
  return { ...world, bodies: bodies.reverse(), contacts: new Map() }
}

function runBoth(physics: Physics, world: ReferenceWorld, steps = 60): Course {
  const contacts = { kernel: 0, oracle: 0 }
  const shadow = shadowOf(world)
  for (let i = 0; i < steps; i++) {
    step(physics, DT)
    stepReference(world, DT)
    stepReference(shadow, DT)
    contacts.kernel += frameStats(physics).contacts
    contacts.oracle += world.contacts.size
  }
  const spheres = world.bodies.filter((body) => body.shape.type === 'sphere')
  const { Position } = physics.components
  const errors = spheres.map((body) => length(subtract(read3(Position, body.id), body.position)))
  const others = new Map(shadow.bodies.map((body) => [body.id, body.position]))
  const chaos = spheres.map((body) => length(subtract(others.get(body.id) as Vec3, body.position)))
  const rising = (a: number, b: number): number => a - b
  return { errors: errors.sort(rising), chaos: chaos.sort(rising), contacts }
}

/** The kernel is as near to the oracle as the oracle is to its own shadow (within 2×), besides 1e-4 m of rounding. */
function expectAsNear({ errors, chaos }: Course): void {
  for (const share of [0.5, 0.75, 0.9, 0.95]) {
    expect(quantile(errors, share)).toBeLessThan(1e-4 + 2 * quantile(chaos, share))
  }
}

const quantile = (sorted: number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)]

describe('60 steps, kernel against oracle', () => {
  test('a field of 400 colliding spheres', async () => {
    const scene = fieldScene(400, 3)
    // As dense as a crowd, so that every sphere collides within the second.
    for (const column of [scene.spheres.x, scene.spheres.y, scene.spheres.z]) column.set(column.map((v) => v / 2))
    const { physics, world } = await load(scene)
    const before = oracle.momentum(world)
    const course = runBoth(physics, world)
    const { contacts } = course
    expect(contacts.oracle).toBeGreaterThan(300)
    expect(Math.abs(contacts.kernel / contacts.oracle - 1)).toBeLessThan(0.02)
    expect(quantile(course.errors, 0.5)).toBeLessThan(1e-4)
    expectAsNear(course)
    expect(Math.abs(kineticEnergy(physics) / oracle.kineticEnergy(world) - 1)).toBeLessThan(0.005)
    expect(length(subtract(momentum(physics) as [number, number, number], before)) / length(before)).toBeLessThan(1e-4)
  })

  test('a pile of 216 falling spheres', async () => {
    const { physics, world } = await load(spherePileScene(216, 5))
    const course = runBoth(physics, world)
    const { contacts } = course
    expectAsNear(course)
    const height = (w: ReferenceWorld): number => oracle.centerOfMass(w)[1]
    const expected = { height: height(world), energy: oracle.kineticEnergy(world) }
    copyFromPhysics(world, physics)
    expect(contacts.oracle).toBeGreaterThan(5000)
    expect(Math.abs(contacts.kernel / contacts.oracle - 1)).toBeLessThan(0.03)
    expect(Math.abs(height(world) / expected.height - 1)).toBeLessThan(0.005)
    expect(Math.abs(oracle.kineticEnergy(world) / expected.energy - 1)).toBeLessThan(0.05)
  })

  test('200 charged and attracting bodies', async () => {
    const { physics, world } = await load(uniformBoxScene(200, 2))
    const course = runBoth(physics, world)
    expect(quantile(course.errors, 0.5)).toBeLessThan(1e-4)
    expectAsNear(course)
  })

  test('a Plummer sphere of 300', async () => {
    const { physics, world } = await load(plummerScene(300, 4))
    const { errors } = runBoth(physics, world)
    expect(quantile(errors, 1)).toBeLessThan(1e-4)
  })
})
