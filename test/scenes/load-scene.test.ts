import { bodyCount, createPhysics, dispose, frameStats, step } from 'manybody'
import { expect, test } from 'vitest'
import { fieldScene } from '../../examples/scenes/field.ts'
import { galacticRigidScene } from '../../examples/scenes/galactic-rigid.ts'
import { discScene, uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { spherePileScene } from '../../examples/scenes/pile.ts'
import { capacityOf, loadScene, type SceneData } from '../../examples/scenes/scene.ts'

async function load(scene: SceneData) {
  const { gravity, longRange } = scene
  const physics = await createPhysics({ capacity: capacityOf(scene), gravity, longRange, threads: 1 })
  return { physics, eids: loadScene(physics, scene) }
}

const SCENES: [string, SceneData][] = [
  ['field', fieldScene(3_000)],
  ['galactic, rigid part', galacticRigidScene()],
  ['pile', spherePileScene(1_000)],
  ['uniform box', uniformBoxScene(300)],
  ['thin disc', discScene(300)],
]

test.each(SCENES)('%s loads with its own capacity and steps', async (_name, scene) => {
  const { physics, eids } = await load(scene)
  const s = scene.spheres
  expect(bodyCount(physics)).toBe(s.count + scene.planes.length)
  expect(eids).toHaveLength(s.count)
  const { Position, LinearVelocity, Mass, Charge, RigidBody } = physics.components
  for (const i of [0, 1, s.count >> 1, s.count - 1]) {
    const eid = eids[i]
    expect([Position.x[eid], Position.y[eid], Position.z[eid]]).toEqual([s.x[i], s.y[i], s.z[i]])
    expect(LinearVelocity.x[eid]).toBe(s.vx[i])
    expect([Mass.value[eid], Charge.value[eid], RigidBody.radius[eid]]).toEqual([s.mass[i], s.charge[i], s.radius[i]])
  }
  for (let i = 0; i < 5; i++) step(physics, 1 / 60)
  const stats = frameStats(physics)
  expect(stats.quarantined).toBe(0)
  expect(stats.droppedContacts).toBe(0)
  expect(stats.bullets).toBe(s.bullet.reduce((sum, bullet) => sum + bullet, 0))
  dispose(physics)
})

test('the pile falls onto the ground and stays above it', async () => {
  const { physics, eids } = await load(spherePileScene(200))
  for (let i = 0; i < 120; i++) step(physics, 1 / 60)
  const { y } = physics.components.Position
  let lowest = Number.POSITIVE_INFINITY
  let highest = 0
  for (const eid of eids) {
    lowest = Math.min(lowest, y[eid])
    highest = Math.max(highest, y[eid])
  }
  expect(lowest).toBeGreaterThan(0.45)
  expect(lowest).toBeLessThan(0.55)
  expect(highest).toBeLessThan(1.2 * 6)
  dispose(physics)
})
