import { afterAll, describe, expect, test } from 'vitest'
import { comparePeers } from '../../bench/benches/peers.ts'
import { parseOptions } from '../../bench/harness/options.ts'
import { PEERS } from '../../bench/peers/index.ts'
import { floorCenter, type PeerWorld, rotationFromUp } from '../../bench/peers/peer.ts'
import { fieldScene } from '../../examples/scenes/field.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { createSpheres, type SceneData } from '../../examples/scenes/scene.ts'

const DT = 1 / 60
/** The threaded Jolt needs a second to start and shares its adapter with the other: it has its turn in `peers-rigid.test.ts`. */
const QUICK_PEERS = PEERS.filter(({ name }) => name !== 'jolt-threads')
const worlds: PeerWorld[] = []

afterAll(() => {
  for (const world of worlds) world.dispose()
})

/** Positions of all spheres after some steps. */
async function run(peer: (typeof PEERS)[number], scene: SceneData, steps: number): Promise<number[][]> {
  const world = await peer.load(scene)
  worlds.push(world)
  for (let index = 0; index < steps; index++) world.step(DT)
  const { transformStride: stride } = world
  const poses = world.readTransforms(new Float32Array(scene.spheres.count * stride))
  return Array.from({ length: scene.spheres.count }, (_, index) => [
    ...poses.subarray(index * stride, index * stride + 3),
  ])
}

/** Two spheres of different mass that meet at the origin, and a third far away that nothing touches. */
function collision(): SceneData {
  const spheres = createSpheres(3)
  spheres.x.set([-2, 2, 0])
  spheres.y.set([0, 0, 50])
  spheres.vx.set([3, -3, 1])
  spheres.mass.set([1, 3, 1])
  spheres.radius.fill(0.5)
  spheres.restitution.fill(0.3)
  return { name: 'collision', gravity: [0, 0, 0], spheres, planes: [] }
}

describe.each(QUICK_PEERS.map((peer) => [peer.name, peer] as const))('%s', (_, peer) => {
  test('a sphere that nothing touches moves on its straight line', async () => {
    const poses = await run(peer, collision(), 120)
    expect(poses[2][0]).toBeCloseTo(2, 2)
    expect(poses[2][1]).toBeCloseTo(50, 2)
  })

  test('an impact conserves momentum and gives back about the restitution asked for', async () => {
    const before = await run(peer, collision(), 90)
    const after = await run(peer, collision(), 150)
    const [v1, v2] = [0, 1].map((index) => after[index][0] - before[index][0])
    expect(v1 + 3 * v2).toBeCloseTo(3 - 9, 1)
    const restitution = (v2 - v1) / 6
    // cannon-es, whose contacts are springs, stays at 0.2.
    expect(restitution).toBeGreaterThan(0.15)
    expect(restitution).toBeLessThan(0.4)
  })

  test('a heap rests on the ground: nothing sinks, nothing flies', async () => {
    const poses = await run(peer, spherePileScene(27), 180)
    for (const [x, y, z] of poses) {
      expect(y).toBeGreaterThan(0.4)
      expect(y).toBeLessThan(4)
      expect(Math.hypot(x, z)).toBeLessThan(20)
    }
  })
})

describe('comparison', () => {
  test('all engines run the same scene in one run and get a ratio', async () => {
    const { rows, poses } = await comparePeers(fieldScene(200), QUICK_PEERS, parseOptions(['--frames', '25'], []))
    expect(rows.map(({ engine }) => engine)).toEqual(QUICK_PEERS.map(({ name }) => name))
    for (const row of rows) {
      expect(row).toMatchObject({ scene: 'field-200', bodies: 200, frames: 25 })
      expect(row.ms!.p50).toBeGreaterThan(0)
      expect(row.ratio).toBeGreaterThan(0)
      expect(poses.get(row.engine)!.every(Number.isFinite)).toBe(true)
    }
    expect(rows.find(({ engine }) => engine === 'havok')!.ratio).toBe(1)
  })

  test('a scene with long-range forces is refused by engines without them', async () => {
    const scene: SceneData = { ...collision(), longRange: { gravity: 1 } }
    for (const peer of QUICK_PEERS.filter(({ name }) => !name.startsWith('manybody'))) {
      await expect(peer.load(scene)).rejects.toThrow(/long-range/)
    }
  })
})

describe('the box that stands for a plane', () => {
  test.each([[[0, 1, 0]], [[1, 0, 0]], [[0, -1, 0]], [[0.6, 0, 0.8]]])(
    'turns up to %j and has its top on the plane',
    (n) => {
      const normal = n as [number, number, number]
      const [x, y, z, w] = rotationFromUp(normal)
      const up = [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)]
      for (let axis = 0; axis < 3; axis++) expect(up[axis]).toBeCloseTo(normal[axis], 6)
      const center = floorCenter({ normal, offset: 3, friction: 0, restitution: 0 })
      expect(center[0] * normal[0] + center[1] * normal[1] + center[2] * normal[2]).toBeCloseTo(3 - 10, 5)
    },
  )
})
