/** What the kernel's tests share: worlds that clean up after themselves, and the same bodies in engine and oracle. */
import { addBody, type BodyDesc, createPhysics, dispose, type Physics, type PhysicsOptions, step } from 'manybody'
import { onTestFinished } from 'vitest'
import { between, createRandom, type Random, randomDirection } from '../../examples/scenes/random.ts'
import { mirrorBody, read3 } from '../reference/copy.ts'
import type { Vec3 } from '../reference/vec.ts'
import { createReferenceWorld, type ReferenceWorld } from '../reference/world.ts'

export const DT = 1 / 60

/** What the worlds of these tests compute in: `MANYBODY_PRECISION=double` runs every test of physics, engine and errors in the other one. */
export const PRECISION = process.env.MANYBODY_PRECISION === 'double' ? 'double' : 'single'

/** Room for small test worlds; the default capacity is a hundred times more. */
const SMALL = { entities: 4096, bodies: 4000, particles: 2048, contacts: 32_768, emitters: 16, hits: 4096 }

/** A world of small capacity, without gravity unless told otherwise, disposed of when the test ends. */
export async function makePhysics(options: PhysicsOptions = {}): Promise<Physics> {
  const capacity = { ...SMALL, ...options.capacity }
  capacity.bodies = Math.min(capacity.bodies, capacity.entities - 1)
  const physics = await createPhysics({ gravity: [0, 0, 0], precision: PRECISION, ...options, capacity })
  onTestFinished(() => dispose(physics))
  return physics
}

/** An engine world and an oracle world with the same settings. */
export interface Twin {
  physics: Physics
  world: ReferenceWorld
}

export async function makeTwin(options: PhysicsOptions = {}): Promise<Twin> {
  const physics = await makePhysics(options)
  const world = createReferenceWorld({
    gravity: (options.gravity ?? [0, 0, 0]) as Vec3,
    longRange: options.longRange,
    subSteps: options.subSteps,
  })
  return { physics, world }
}

/** Adds the same body to both; the oracle's takes over what the engine's precision made of it. */
export function addTwin({ physics, world }: Twin, desc: BodyDesc): number {
  const eid = addBody(physics, desc)
  mirrorBody(world, physics, eid, desc)
  return eid
}

export function run(physics: Physics, steps: number, dt = DT): void {
  for (let i = 0; i < steps; i++) step(physics, dt)
}

export const positionOf = (physics: Physics, eid: number): Vec3 => read3(physics.components.Position, eid)
export const velocityOf = (physics: Physics, eid: number): Vec3 => read3(physics.components.LinearVelocity, eid)
export const spinOf = (physics: Physics, eid: number): Vec3 => read3(physics.components.AngularVelocity, eid)

/** A sphere of radius 1 and mass 1 unless told otherwise. */
export const sphere = (position: Vec3, more: Partial<BodyDesc> = {}): BodyDesc => ({
  shape: { type: 'sphere', radius: 1 },
  mass: 1,
  position: [...position],
  ...more,
})

/** The half-space y < 0. */
export const ground = (more: Partial<BodyDesc> = {}): BodyDesc => ({
  type: 'static',
  shape: { type: 'plane', normal: [0, 1, 0], offset: 0 },
  ...more,
})

/** Ground and four frictionless walls of a square tube about the y axis, `half` metres from it. */
export function tube(half: number): BodyDesc[] {
  const normals: [number, number, number][] = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 0, 1],
    [0, 0, -1],
  ]
  const walls = normals.map((normal) => ground({ shape: { type: 'plane', normal, offset: -half }, friction: 0 }))
  return [ground(), ...walls]
}

export { between, createRandom, type Random, randomDirection }

/** A vector with every component uniform in ± half. */
export const inCube = (random: Random, half: number): [number, number, number] => [
  between(random, -half, half),
  between(random, -half, half),
  between(random, -half, half),
]
