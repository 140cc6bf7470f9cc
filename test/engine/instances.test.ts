/** What the renderer uploads: packed instances of bodies by group, and of particles. */
import {
  addBodies,
  addBody,
  type BodyDesc,
  emitBurst,
  frameStats,
  type Physics,
  packInstances,
  removeBody,
  step,
  teleport,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, ground, makePhysics, run, sphere } from '../physics/harness.ts'

const groups = { ship: 10, rock: 2000 }

const row = (physics: Physics, group: keyof typeof groups, i: number): number[] => {
  const { data, stride } = physics.instances.groups[group]
  return [...data.subarray(i * stride, (i + 1) * stride)]
}

const ship = (x: number, more: Partial<BodyDesc> = {}): BodyDesc =>
  sphere([x, 0, 0], { instanceGroup: 'ship', ...more })

describe('bodies', () => {
  test('a row is position, scale, rotation, velocity, tint; rows are in entity order, by group', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    addBody(physics, sphere([9, 9, 9]))
    addBody(physics, ship(1, { rotation: [0, 0, 1, 0], linearVelocity: [4, 5, 6], scale: 7, tint: 8 }))
    addBody(physics, sphere([2, 0, 0], { instanceGroup: 'rock' }))
    addBody(physics, ship(3))
    packInstances(physics)
    const { ship: ships, rock: rocks } = physics.instances.groups
    expect([ships.count, rocks.count, ships.stride, ships.capacity]).toEqual([2, 1, 12, 10])
    expect(row(physics, 'ship', 0)).toEqual([1, 0, 0, 7, 0, 0, 1, 0, 4, 5, 6, 8])
    expect(row(physics, 'ship', 1)).toEqual([3, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0])
    expect(row(physics, 'rock', 0).slice(0, 4)).toEqual([2, 0, 0, 1])
  })

  test('relative to an origin, far from the world’s: no digits are lost', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    addBody(physics, ship(1_000_000.5))
    packInstances(physics, { origin: [1_000_000, 2, -3] })
    expect(row(physics, 'ship', 0).slice(0, 3)).toEqual([0.5, -2, 3])
  })

  test('alpha shows the past of the last step; static bodies stand', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    addBody(physics, ship(0, { linearVelocity: [60, 0, 0] }))
    addBody(physics, ship(50, { type: 'static', linearVelocity: [60, 0, 0] }))
    packInstances(physics, { alpha: 0 })
    expect(row(physics, 'ship', 0)[0]).toBe(0)
    step(physics, DT)
    for (const [alpha, x] of [
      [1, 1],
      [0.5, 0.5],
      [0, 0],
    ]) {
      packInstances(physics, { alpha })
      expect(row(physics, 'ship', 0)[0]).toBeCloseTo(x, 5)
      expect(row(physics, 'ship', 1)[0]).toBe(50)
    }
  })

  test('alpha shows turns too, and comes back to where the step began', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    const body = addBody(physics, ship(0, { angularVelocity: [0, 30, 0], linearVelocity: [1, 2, 3] }))
    const still = addBody(physics, ship(9))
    packInstances(physics, { alpha: 0.5 })
    step(physics, DT)
    const { Position, Rotation } = physics.components
    const before = [Position.x[body]!, Rotation.y[body]!, Rotation.w[body]!]
    step(physics, DT)
    packInstances(physics, { alpha: 0 })
    const [x, , , , , qy, , qw] = row(physics, 'ship', 0)
    expect(x).toBeCloseTo(before[0]!, 6)
    expect([qy, qw].map((v) => Math.abs(v!))).toEqual(before.slice(1).map((v) => expect.closeTo(Math.abs(v), 6)))
    packInstances(physics, { alpha: 0.5 })
    const half = row(physics, 'ship', 0)
    expect(Math.hypot(...half.slice(4, 8))).toBeCloseTo(1, 6)
    const turn = (a: number[]): number => 2 * Math.atan2(a[0]!, a[1]!)
    const [from, at, to] = [
      turn([before[1]!, before[2]!]),
      turn([half[5]!, half[7]!]),
      turn([Rotation.y[body]!, Rotation.w[body]!]),
    ]
    expect(at).toBeCloseTo((from + to) / 2, 2)
    expect(row(physics, 'ship', 1).slice(0, 8)).toEqual([
      9,
      0,
      0,
      Math.fround(physics.components.Scale.x[still]!),
      0,
      0,
      0,
      1,
    ])
  })

  test('what bounced in the step is drawn on the way it took, not beyond what it hit', async () => {
    const physics = await makePhysics({ instanceGroups: groups, gravity: [0, 0, 0] })
    addBody(physics, ground())
    const body = addBody(
      physics,
      ship(0, {
        position: [0, 1.2, 0],
        shape: { type: 'sphere', radius: 1 },
        linearVelocity: [0, -30, 0],
        restitution: 1,
      }),
    )
    packInstances(physics, { alpha: 0.5 })
    const { Position, LinearVelocity } = physics.components
    let last = Position.y[body]!
    let bounced = false
    for (let i = 0; i < 6; i++) {
      step(physics, DT)
      bounced ||= LinearVelocity.y[body]! > 0
      const heights = [0, 0.25, 0.5, 0.75, 1].map((alpha) => {
        packInstances(physics, { alpha })
        return row(physics, 'ship', 0)[1]!
      })
      expect(heights[0]).toBeCloseTo(last, 4)
      expect(heights[4]).toBe(Position.y[body])
      for (const height of heights) expect(height).toBeGreaterThan(0.9)
      last = Position.y[body]!
    }
    expect(bounced).toBe(true)
  })

  test('what is put elsewhere, pushed, or made after the step is drawn without a smear', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    const wrapped = addBody(physics, ship(0, { linearVelocity: [60, 0, 0] }))
    const thrown = addBody(physics, ship(100))
    const gone = addBody(physics, ship(200, { linearVelocity: [60, 0, 0] }))
    packInstances(physics, { alpha: 0.5 })
    step(physics, DT)
    step(physics, DT)
    physics.components.Position.x[wrapped]! -= 1000
    teleport(physics, thrown, { position: [500, 0, 0], linearVelocity: [300, 0, 0] })
    removeBody(physics, gone)
    const reborn = addBody(physics, ship(300))
    expect(reborn).toBe(gone)
    packInstances(physics, { alpha: 0.5 })
    const [a, b, c] = [0, 1, 2].map((index) => row(physics, 'ship', index)[0]!)
    expect(a).toBeCloseTo(2 - 1000 - 0.5, 3)
    expect(b).toBe(500)
    expect(c).toBe(300)
  })

  test('what was stopped is drawn where it stands, also when nothing else moves', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    const cart = addBody(
      physics,
      ship(0, { type: 'kinematic', linearVelocity: [60, 0, 0], angularVelocity: [0, 9, 0] }),
    )
    packInstances(physics, { alpha: 0.5 })
    run(physics, 2)
    const { LinearVelocity, AngularVelocity, Position, Rotation } = physics.components
    LinearVelocity.x[cart] = AngularVelocity.y[cart] = 0
    run(physics, 1)
    packInstances(physics, { alpha: 0 })
    const [x, , , , , qy] = row(physics, 'ship', 0)
    expect([x, qy]).toEqual([Position.x[cart], Math.fround(Rotation.y[cart]!)])
  })

  test('a bullet is drawn up to its hit', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    addBody(physics, sphere([50, 0, 0], { type: 'static' }))
    const shot = addBody(physics, ship(0, { bullet: true, linearVelocity: [2400, 0, 0] }))
    packInstances(physics, { alpha: 0.5 })
    step(physics, DT)
    step(physics, DT)
    expect(physics.components.Position.x[shot]).toBeLessThan(50)
    for (const alpha of [0, 0.5, 1]) {
      packInstances(physics, { alpha })
      const x = row(physics, 'ship', 0)[0]!
      expect(x).toBeGreaterThan(39)
      expect(x).toBeLessThan(50)
    }
  })

  test('a group that is full drops the last and counts them; removed bodies are gone', async () => {
    const physics = await makePhysics({ instanceGroups: groups })
    const ships = addBodies(
      physics,
      Array.from({ length: 13 }, (_, i) => ship(10 * i)),
    )
    const rock = addBody(physics, sphere([-5, 0, 0], { instanceGroup: 'rock' }))
    packInstances(physics)
    step(physics, DT)
    expect(physics.instances.groups.ship.count).toBe(10)
    expect(row(physics, 'ship', 9)[0]).toBe(90)
    expect(row(physics, 'rock', 0)[0]).toBe(-5)
    expect(frameStats(physics).droppedInstances).toBe(3)
    for (const eid of ships.subarray(0, 8)) removeBody(physics, eid)
    removeBody(physics, rock)
    packInstances(physics)
    expect([physics.instances.groups.ship.count, physics.instances.groups.rock.count]).toEqual([5, 0])
    expect(row(physics, 'ship', 0)[0]).toBe(80)
  })

  test('thousands, on any number of threads, are the columns', async () => {
    const rows: Float32Array[] = []
    for (const threads of [1, 4]) {
      const physics = await makePhysics({ threads, instanceGroups: { rock: 3500, ship: 10 } })
      const bodies = addBodies(physics, 3500, (i, desc) => {
        desc.position = [i * 3, i % 7, i % 11]
        desc.instanceGroup = i % 5 ? 'rock' : undefined
        desc.tint = i
      })
      run(physics, 2)
      packInstances(physics, { origin: [1, 2, 3] })
      const { data, stride, count } = physics.instances.groups.rock
      const drawn = bodies.filter((_, i) => i % 5)
      expect(count).toBe(drawn.length)
      drawn.forEach((e, i) => {
        expect(data[i * stride]).toBe(physics.components.Position.x[e] - 1)
        expect(data[i * stride + 11]).toBe(physics.components.RigidBody.tint[e])
      })
      rows.push(data.slice(0, count * stride))
    }
    expect(rows[1]).toEqual(rows[0])
  })
})

describe('a group with the scale of each axis', () => {
  const scaledGroups = {
    ship: 5,
    crate: { capacity: 4, scales: true },
    rock: { capacity: 9 },
    plank: { capacity: 3, scales: true },
  }
  const crate = (x: number, half: [number, number, number], instanceGroup = 'crate'): BodyDesc => ({
    shape: { type: 'box', halfExtents: half },
    position: [x, 0, 0],
    instanceGroup,
  })

  test('boxes of different sizes, in the order of their rows; what is full is left out', async () => {
    const physics = await makePhysics({ instanceGroups: scaledGroups })
    addBody(physics, crate(0, [7, 8, 9], 'plank'))
    for (let i = 1; i <= 5; i++) addBody(physics, crate(10 * i, [i, 2, 0.5]))
    addBody(physics, crate(1, [1, 1, 1], 'rock'))
    packInstances(physics)
    const { crate: crates, plank, rock, ship: ships } = physics.instances.groups
    expect([crates.count, crates.stride, crates.capacity]).toEqual([4, 12, 4])
    expect([...crates.scales!]).toEqual([1, 2, 0.5, 0, 2, 2, 0.5, 0, 3, 2, 0.5, 0, 4, 2, 0.5, 0])
    expect([...plank.scales!]).toEqual([7, 8, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    expect([rock.scales, ships.scales, physics.instances.particles.scales]).toEqual([undefined, undefined, undefined])
    expect(row(physics, 'ship', 0)).toHaveLength(12)
  })

  test('thousands, on any number of threads, are the columns, and the rows are as without', async () => {
    const packed = async (threads: number, scales: boolean) => {
      const physics = await makePhysics({ threads, instanceGroups: { rock: 10, crate: { capacity: 3000, scales } } })
      const bodies = addBodies(physics, 3000, (i, desc) =>
        Object.assign(desc, crate(3 * i, [1 + (i % 5), 1 + (i % 3), 2])),
      )
      packInstances(physics)
      return { physics, bodies, block: physics.instances.groups.crate }
    }
    const [plain, one, four] = [await packed(1, false), await packed(1, true), await packed(4, true)]
    const { x, y, z } = one.physics.components.Scale
    one.bodies.forEach((e, i) => {
      expect([...one.block.scales!.subarray(4 * i, 4 * i + 4)]).toEqual([x[e], y[e], z[e], 0])
    })
    expect(four.block.scales).toEqual(one.block.scales)
    expect([...one.block.data]).toEqual([...plain.block.data])
  })
})

test('the views stay the same objects over the same memory', async () => {
  const physics = await makePhysics({ instanceGroups: groups })
  const { ship: block } = physics.instances.groups
  const { data } = block
  const particles = physics.instances.particles.data
  addBody(physics, ship(1))
  emitBurst(physics, { position: [0, 0, 0], count: 50, speed: [0, 0], life: [9, 9], size: [2, 2], color: [0, 0, 0] })
  for (let i = 0; i < 5; i++) {
    step(physics, DT)
    packInstances(physics)
  }
  expect(physics.instances.groups.ship).toBe(block)
  expect(physics.instances.groups.ship.data).toBe(data)
  expect(physics.instances.particles.data).toBe(particles)
  expect(data.length).toBe(10 * 12)
  expect(particles.length).toBe(physics.capacity.particles * 8)
  expect(physics.instances.particles).toMatchObject({ stride: 8, count: 50, capacity: physics.capacity.particles })
  expect(particles[3]).toBe(2)
})

test('particles are relative to the origin as well', async () => {
  const physics = await makePhysics()
  emitBurst(physics, { position: [5, 6, 7], count: 3, speed: [0, 0], life: [9, 9], size: [1, 1], color: [0, 0, 0] })
  step(physics, DT)
  packInstances(physics, { origin: [5, 6, 6] })
  expect([...physics.instances.particles.data.subarray(0, 3)]).toEqual([0, 0, 1])
})
