import { frameStats, type Physics } from 'manybody'
import { describe, expect, it } from 'vitest'
import { createDominoes, updateDominoes } from '../../examples/dominoes/scene.ts'
import { createCradle, STEP, updateCradle } from '../../examples/newtons-cradle/scene.ts'
import { createPyramid, updatePyramid } from '../../examples/pyramid/scene.ts'
import { createWrecking, HOOK, updateWrecking } from '../../examples/wrecking-ball/scene.ts'
import { keep, run } from './harness.ts'

/** The y component of a body's own y axis: 1 upright, 0 lying. */
function upright({ components: { Rotation } }: Physics, eid: number): number {
  return 1 - 2 * (Rotation.x[eid]! ** 2 + Rotation.z[eid]! ** 2)
}

describe('pyramid', () => {
  it('stands and sleeps until the ball hits it', async () => {
    const pyramid = keep(await createPyramid())
    const { Position } = pyramid.physics.components
    const places = () => pyramid.crates.map((eid) => [Position.x[eid]!, Position.y[eid]!, Position.z[eid]!])
    const start = places()
    run(pyramid, updatePyramid, 2.9)
    const moved = places().map((place, i) => Math.hypot(...place.map((value, axis) => value - start[i]![axis]!)))
    expect(Math.max(...moved)).toBeLessThan(0.05)
    expect(frameStats(pyramid.physics).asleep).toBe(pyramid.crates.length)
    run(pyramid, updatePyramid, 4)
    const scattered = places().filter(
      (place, i) => Math.hypot(place[0]! - start[i]![0]!, place[2]! - start[i]![2]!) > 1,
    )
    expect(scattered.length).toBeGreaterThan(60)
    for (const [, y] of places()) expect(y).toBeGreaterThan(0.4)
  })
})

describe('dominoes', () => {
  it('stand until they are pushed, and then all fall', async () => {
    const scene = keep(await createDominoes())
    run(scene, updateDominoes, 1.1)
    for (const eid of scene.dominoes) expect(upright(scene.physics, eid)).toBeGreaterThan(0.999)
    run(scene, updateDominoes, 25)
    const standing = scene.dominoes.filter((eid) => upright(scene.physics, eid) > 0.6)
    expect(standing).toEqual([])
  })
})

describe('wrecking ball', () => {
  it('knocks the wall down and stays on its chain', async () => {
    const scene = keep(await createWrecking())
    const { Position } = scene.physics.components
    const start = scene.bricks.map((eid) => Position.y[eid]!)
    const distance = (): number => {
      const { x, y, z } = Position
      return Math.hypot(x[scene.ball]! - HOOK[0], y[scene.ball]! - HOOK[1], z[scene.ball]! - HOOK[2])
    }
    const length = distance()
    let longest = 0
    for (let i = 0; i < 480; i++) {
      updateWrecking(scene, 1 / 60)
      longest = Math.max(longest, distance())
    }
    const fallen = scene.bricks.filter((eid, i) => start[i]! > 2 && Position.y[eid]! < start[i]! - 0.5)
    expect(fallen.length).toBeGreaterThan(40)
    expect(longest).toBeLessThan(1.05 * length)
  })
})

describe('Newton’s cradle', () => {
  it('throws the last ball with the speed of the first, and the others stay still', async () => {
    const scene = keep(await createCradle())
    const { LinearVelocity } = scene.physics.components
    let [into, out, still] = [0, 0, Number.POSITIVE_INFINITY]
    for (let frame = 0; frame < 84; frame++) {
      for (let k = 0; k < 8; k++) {
        updateCradle(scene, STEP)
        const speeds = scene.balls.map((eid) => LinearVelocity.x[eid]!)
        into = Math.max(into, speeds[0]!)
        if (speeds[4]! > out) {
          out = speeds[4]!
          still = Math.max(...speeds.slice(0, 4).map(Math.abs))
        }
      }
    }
    expect(into).toBeGreaterThan(2)
    expect(out).toBeGreaterThan(0.9 * into)
    expect(still).toBeLessThan(0.05 * into)
  })

  it('keeps swinging', async () => {
    const scene = keep(await createCradle())
    const { Position } = scene.physics.components
    const highest = scene.balls.map(() => 0)
    run(scene, updateCradle, 6)
    for (let frame = 0; frame < 240; frame++) {
      updateCradle(scene, 1 / 60)
      for (const [i, eid] of scene.balls.entries()) highest[i] = Math.max(highest[i]!, Position.y[eid]! - 0.6)
    }
    // Drawn back by 0.7 rad, a ball is 0.47 m above the others.
    expect(Math.max(highest[0]!, highest[4]!)).toBeGreaterThan(0.3)
    expect(highest[2]).toBeLessThan(0.1)
  })
})
