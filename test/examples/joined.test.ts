import { frameStats, jointGap } from 'manybody'
import { describe, expect, it } from 'vitest'
import { createMarbleRun, updateMarbleRun } from '../../examples/marble-run/scene.ts'
import { createRagdolls, updateRagdolls } from '../../examples/ragdolls/scene.ts'
import { keep, run } from './harness.ts'

describe('ragdolls', () => {
  it('tumble down the stairs in one piece and come to rest', async () => {
    const scene = keep(await createRagdolls())
    let worst = 0
    for (let second = 0; second < 20; second++) {
      run(scene, updateRagdolls, 1)
      for (const joint of scene.joints) worst = Math.max(worst, jointGap(scene.physics, joint))
    }
    expect(worst).toBeLessThan(0.06)
    const { LinearVelocity, Position } = scene.physics.components
    const parts = scene.dolls.flat()
    for (const eid of parts) expect(Position.y[eid]).toBeGreaterThan(0)
    const speeds = parts.map((eid) =>
      Math.hypot(LinearVelocity.x[eid]!, LinearVelocity.y[eid]!, LinearVelocity.z[eid]!),
    )
    const moving = speeds.filter((speed) => speed > 0.3)
    expect(moving.length).toBeLessThan(0.02 * parts.length)
    expect(frameStats(scene.physics).asleep).toBeGreaterThan(0.7 * parts.length)
  })
})

describe('marble run', () => {
  it('brings the marbles to its end', async () => {
    const scene = keep(await createMarbleRun())
    run(scene, updateMarbleRun, 40)
    expect(scene.arrived).toBeGreaterThan(60)
    const { Position } = scene.physics.components
    // A marble that lies on the floor has left the trough on the way.
    const lost = scene.marbles.filter((eid) => Position.y[eid]! < 0.5)
    expect(lost.length).toBeLessThan(4)
  })
})
