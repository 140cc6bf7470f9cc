import { afterAll, describe, expect, test } from 'vitest'
import { comparePeers } from '../../bench/benches/peers.ts'
import { parseOptions } from '../../bench/harness/options.ts'
import { PEERS } from '../../bench/peers/index.ts'
import type { Peer, PeerWorld } from '../../bench/peers/peer.ts'
import { copyPoses, createPoses, type Poses } from '../../bench/peers/poses.ts'
import { createJudge, observe } from '../../bench/peers/quality.ts'
import { chainScene } from '../../examples/scenes/joints-chains.ts'
import { createRandom } from '../../examples/scenes/random.ts'
import { GROUND, onGround, randomHull, UNIT_BOX } from '../../examples/scenes/rigid-pile.ts'
import { sleepingScene } from '../../examples/scenes/rigid-sleeping.ts'
import {
  type BodyShape,
  createShaped,
  createSpheres,
  type JointData,
  type SceneData,
  STATIC,
} from '../../examples/scenes/scene.ts'

const DT = 1 / 60
const worlds: PeerWorld[] = []

afterAll(() => {
  for (const world of worlds) world.dispose()
})

async function load(peer: Peer, scene: SceneData): Promise<PeerWorld> {
  const world = await peer.load(scene, { threads: 2 })
  worlds.push(world)
  return world
}

function posesAfter(world: PeerWorld, bodies: number, steps: number): Poses {
  for (let step = 0; step < steps; step++) world.step(DT)
  const poses = createPoses(bodies)
  copyPoses(world, world.readTransforms(new Float32Array(bodies * world.transformStride)), poses)
  return poses
}

const SHAPES: BodyShape[] = [
  UNIT_BOX,
  { type: 'capsule', radius: 0.3, halfHeight: 0.4 },
  randomHull(createRandom(5), 0.5),
  { type: 'box', halfExtents: [0.1, 0.1, 0.1] },
]
/** Of the bodies below. */
const [BALL, BOX, CAPSULE, HULL, HOOK, BOB] = [0, 1, 2, 3, 4, 5]
const COUNT = 16
const ROPE = 1.5

/** A sphere, a box, a capsule and a hull above the ground; further off, from static hooks, something on every kind of joint. */
function everything(): SceneData {
  const spheres = createSpheres(1)
  spheres.y[0] = 2
  spheres.radius[0] = 0.5
  const shaped = createShaped(COUNT - 1)
  for (const [i, shape] of [0, 1, 2].entries()) {
    shaped.x[i] = 3 * (i + 1)
    shaped.y[i] = 2
    shaped.shape[i] = shape
  }
  // The capsule lies down.
  shaped.qz[1] = Math.SQRT1_2
  shaped.qw[1] = Math.SQRT1_2
  const types = ['ball', 'hinge', 'fixed', 'distance'] as const
  const joints: JointData[] = types.map((type, i) => {
    const [hook, x] = [3 + 3 * i, 20 + 6 * i]
    for (const [part, along] of [0, 1, 2.5].entries()) {
      shaped.x[hook + part] = x + along
      shaped.y[hook + part] = 5
      shaped.shape[hook + part] = 3
    }
    shaped.kind[hook] = STATIC
    const ends = type === 'distance' ? { anchorB: [x + 1, 5, 0] as [number, number, number], length: ROPE } : {}
    return { type, a: hook + 1, b: hook + 2, anchor: [x, 5, 0], collideConnected: false, ...ends }
  })
  return { ...onGround('everything'), spheres, shapes: SHAPES, shaped, joints }
}

const at = (poses: Poses, body: number): number[] => [...poses.position.subarray(3 * body, 3 * body + 3)]

describe.each(PEERS.map((peer) => [peer.name, peer] as const))('%s', (name, peer) => {
  test('bodies of every shape fall and rest on the ground, and joints of every kind hold', {
    timeout: 30_000,
  }, async () => {
    const scene = everything()
    const joints = scene.joints ?? []
    // An engine that lacks a joint still has to do the others.
    const able = name === 'cannon-es' ? { ...scene, joints: joints.filter(({ type }) => type !== 'distance') } : scene
    const world = await load(peer, able)
    const first = posesAfter(world, COUNT, 20)
    // A third of a second of free fall is half a metre.
    for (const body of [BALL, BOX, CAPSULE, HULL])
      expect(at(first, body)[1]).toBeCloseTo(2 - 0.5 * 9.81 * (1 / 3) ** 2, 1)
    const later = posesAfter(world, COUNT, 160)
    expect(at(later, BALL)[1]).toBeCloseTo(0.5, 1)
    expect(at(later, BOX)[1]).toBeCloseTo(0.5, 1)
    expect(at(later, CAPSULE)[1]).toBeCloseTo(0.3, 1)
    expect(at(later, HULL)[1]).toBeGreaterThan(0.15)
    expect(at(later, HULL)[1]).toBeLessThan(0.5)
    expect(at(later, HOOK)).toEqual(at(first, HOOK))
    const judge = createJudge(able)
    observe(judge, first, later, DT)
    expect(judge.quality.jointWorst).toBeLessThan(0.05)
    expect(judge.quality.lost).toBe(0)
    expect(judge.quality.deepest).toBeLessThan(0.05)
    // It swings: neither still where it began nor on the ground.
    expect(at(first, BOB)[1]).toBeLessThan(4.7)
    expect(at(later, BOB)[1]).toBeGreaterThan(3)
  })

  test('bodies at rest fall asleep where that is on; rays find them', { timeout: 30_000 }, async () => {
    const scene = { ...sleepingScene(20), rays: downwards(10) }
    const world = await load(peer, scene)
    posesAfter(world, 20, 1)
    expect(world.asleep?.()).toBe(0)
    posesAfter(world, 20, 240)
    expect(world.asleep?.()).toBe(20)
    const distances = new Float32Array(3)
    world.castRays?.(scene.rays, distances)
    const tower = scene.shaped!.x[0]
    expect(tower).toBe(scene.rays.origins[0])
    // Tower, sphere, and past all of them to the ground.
    expect(distances[0]).toBeCloseTo(10 - 5, 1)
    expect(distances[1]).toBeCloseTo(10 - 1, 1)
    expect(distances[2]).toBeCloseTo(10, 1)
  })
})

/** Three rays from `height` m downwards: onto the first tower, onto the first row of spheres, beside everything. */
function downwards(height: number): NonNullable<SceneData['rays']> {
  const { shaped, spheres } = sleepingScene(20)
  const origins = new Float32Array([
    shaped!.x[0],
    height,
    shaped!.z[0],
    spheres.x[0],
    height,
    spheres.z[0],
    90,
    height,
    90,
  ])
  return { count: 3, origins, directions: new Float32Array([0, -1, 0, 0, -1, 0, 0, -1, 0]), maxDistance: 50 }
}

describe('a contest', () => {
  const without = (...names: string[]): Peer[] => PEERS.filter(({ name }) => !names.includes(name))

  test('an engine that lacks something, or fails, says so in its row; the others go on', {
    timeout: 30_000,
  }, async () => {
    const broken: Peer = {
      name: 'broken',
      async load() {
        throw new Error('out of luck')
      },
    }
    const peers = [...without('manybody', 'manybody-1', 'jolt-threads', 'rapier'), broken]
    const { rows } = await comparePeers(chainScene(4), peers, parseOptions(['--frames', '12'], []))
    expect(rows.map(({ engine }) => engine)).toEqual(peers.map(({ name }) => name))
    const of = (engine: string) => rows.find((row) => row.engine === engine)!
    expect(of('cannon-es').absent).toMatch(/rope/)
    expect(of('broken').absent).toBe('failed: out of luck')
    for (const engine of ['havok', 'rapier-simd', 'jolt', 'crashcat']) {
      const { absent, ms, frames, quality } = of(engine)
      expect([absent, frames]).toEqual([undefined, 12])
      expect(ms!.p50).toBeGreaterThan(0)
      const { jointWorst, lost } = quality as Record<string, number>
      expect(lost).toBe(0)
      expect(jointWorst).toBeLessThan(0.2)
    }
  })
})

describe('quality', () => {
  const boxes = (second: [number, number, number]): SceneData => {
    const shaped = createShaped(2)
    shaped.y.fill(10)
    shaped.x[1] = second[0]
    shaped.y[1] += second[1]
    shaped.z[1] = second[2]
    return { ...onGround('two boxes'), shapes: [UNIT_BOX], shaped, planes: [GROUND] }
  }
  const judged = (scene: SceneData) => {
    const judge = createJudge(scene)
    observe(judge, judge.start, judge.start, DT)
    return judge.quality
  }

  test('two boxes: the shortest way apart, along a face or between edges', () => {
    expect(judged(boxes([0.9, 0.3, 0])).deepest).toBeCloseTo(0.1, 6)
    expect(judged(boxes([1.1, 0, 0])).deepest).toBe(0)
    const turned = boxes([1.15, 0, 0])
    // An eighth of a turn about z: its edge points at the other's face, √½ from its middle.
    turned.shaped!.qz[1] = Math.sin(Math.PI / 8)
    turned.shaped!.qw[1] = Math.cos(Math.PI / 8)
    expect(judged(turned).deepest).toBeCloseTo(0.5 + Math.SQRT1_2 - 1.15, 5)
  })

  test('a body in the ground, by its lowest point', () => {
    const scene = boxes([9, 0, 0])
    scene.shaped!.y.set([0.4, 0.6])
    scene.shaped!.qz[1] = Math.sin(Math.PI / 8)
    scene.shaped!.qw[1] = Math.cos(Math.PI / 8)
    const { deepest, meanDepth } = judged(scene)
    expect(deepest).toBeCloseTo(Math.SQRT1_2 - 0.6, 5)
    expect(meanDepth).toBeCloseTo((0.1 + Math.SQRT1_2 - 0.6) / 2, 5)
  })

  test('energy that comes from nowhere, way across gravity, lost bodies', () => {
    const scene = boxes([5, 0, 0])
    const judge = createJudge(scene)
    const moved = createPoses(2)
    const again = createPoses(2)
    moved.position.set(judge.start.position)
    moved.rotation.set(judge.start.rotation)
    observe(judge, judge.start, moved, DT)
    expect(judge.quality).toMatchObject({ energyRise: 0, kinetic: 0, drift: 0, sag: 0 })
    again.rotation.set(judge.start.rotation)
    again.position.set(judge.start.position)
    again.position[0] += 0.6
    again.position[1] += 2
    observe(judge, again, again, DT)
    expect(judge.quality.energyRise).toBeCloseTo(9.81, 3)
    expect(judge.quality.drift).toBeCloseTo(0.3, 6)
    expect(judge.quality.sag).toBeCloseTo(-2, 6)
    again.position[4] = Number.NaN
    observe(judge, again, again, DT)
    expect(judge.quality.lost).toBe(1)
  })

  test('joints: how far their anchors are apart, ropes beyond their length', () => {
    const scene = everything()
    const judge = createJudge(scene)
    observe(judge, judge.start, judge.start, DT)
    expect(judge.quality.jointWorst).toBeLessThan(1e-6)
    const moved = createPoses(COUNT)
    moved.position.set(judge.start.position)
    moved.rotation.set(judge.start.rotation)
    const { b } = scene.joints![0]
    moved.position[3 * b + 2] = 0.25
    observe(judge, moved, moved, DT)
    expect(judge.quality.jointWorst).toBeCloseTo(0.25, 6)
    expect(judge.quality.jointMean).toBeCloseTo(0.25 / 4, 6)
  })
})
