/** Pools: what they count, that places are used again, and that nothing comes or goes while a step runs. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { addComponent, addEntity, addPrefab, observe, onAdd, removeComponent, removeEntity, set } from 'bitecs'
import {
  addBodies,
  addBody,
  addJoint,
  advance,
  bodyCount,
  emitBurst,
  onStep,
  type Physics,
  type PoolCount,
  particleCount,
  poolStats,
  removeBody,
  removeJoint,
  setParent,
  setShape,
  step,
} from 'manybody'
import { describe, expect, test, vi } from 'vitest'
import { expectError, expectUnchanged } from '../errors/expect-error.ts'
import { DT, makePhysics, run, sphere } from '../physics/harness.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const count = (live: number, peak: number, taken: number, reused: number): Partial<PoolCount> => ({
  live,
  peak,
  taken,
  reused,
})

describe('poolStats', () => {
  test('counts entities and bodies apart: what is taken, how many at most, and what had been used before', async () => {
    const physics = await makePhysics({ capacity: { entities: 64, bodies: 32 } })
    const { world } = physics
    const stats = poolStats(physics)
    expect([stats.entities, stats.bodies]).toMatchObject([{ ...count(0, 0, 0, 0), capacity: 63 }, { capacity: 32 }])
    const [a, b] = [addBody(physics, sphere([0, 0, 0])), addBody(physics, sphere([3, 0, 0]))]
    const [e, prefab] = [addEntity(world), addPrefab(world)]
    expect([stats.entities, stats.bodies]).toMatchObject([count(4, 4, 4, 0), count(2, 2, 2, 0)])
    removeBody(physics, b)
    removeEntity(world, prefab)
    removeComponent(world, a, physics.components.RigidBody)
    expect([stats.entities, stats.bodies]).toMatchObject([count(2, 4, 4, 0), count(0, 2, 2, 0)])
    expect(addBody(physics, sphere([0, 0, 0]))).toBe(prefab)
    expect(addBody(physics, sphere([0, 0, 0]))).toBe(b)
    addComponent(world, e, physics.components.RigidBody)
    // The prefab's id had not been a body, nor had e's; b's had.
    expect([stats.entities, stats.bodies]).toMatchObject([count(4, 4, 6, 2), count(3, 3, 5, 1)])
    expect(poolStats(physics)).toBe(stats)
  })

  test('counts joints, shapes, nodes, emitters and particles', async () => {
    const physics = await makePhysics({ capacity: { joints: 8, shapes: 8, nodes: 8 } })
    const stats = poolStats(physics)
    const box = { type: 'box', halfExtents: [1, 1, 1] } as const
    const [a, b] = [0, 4].map((x) => addBody(physics, { position: [x, 0, 0], shape: box }))
    expect(stats.shapes).toMatchObject({ ...count(1, 1, 1, 0), capacity: 8 })
    setShape(physics, b, { type: 'box', halfExtents: [1, 2, 1] })
    setShape(physics, b, box)
    setShape(physics, b, { type: 'box', halfExtents: [1, 3, 1] })
    expect(stats.shapes).toMatchObject(count(2, 2, 3, 1))
    const joint = { type: 'fixed', a, b, anchor: [2, 0, 0] } as const
    removeJoint(physics, addJoint(physics, joint))
    addJoint(physics, joint)
    expect(stats.joints).toMatchObject({ ...count(1, 1, 2, 1), capacity: 8 })
    const [child, parent] = [addEntity(physics.world), addEntity(physics.world)]
    setParent(physics, child, parent)
    expect(stats.nodes).toMatchObject({ ...count(2, 2, 2, 0), capacity: 8 })
    setParent(physics, child, 0)
    setParent(physics, child, parent)
    expect(stats.nodes).toMatchObject(count(2, 2, 4, 2))
    removeEntity(physics.world, parent)
    expect(stats.nodes).toMatchObject(count(0, 2, 4, 2))
    const emission = { position: [0, 0, 0], speed: [1, 1], life: [9, 9], size: [1, 1], color: [1, 1, 1] } as const
    emitBurst(physics, { ...emission, count: 10 })
    step(physics, DT)
    expect(poolStats(physics).particles).toMatchObject({ live: 10, capacity: physics.capacity.particles })
    expect(particleCount(physics)).toBe(10)
  })

  test('a call that is refused counts nothing', async () => {
    const physics = await makePhysics({ capacity: { entities: 8, bodies: 4 } })
    const bad = sphere([Number.NaN, 0, 0])
    const before = JSON.stringify(poolStats(physics))
    expect(() => addBody(physics, bad)).toThrow('E_NOT_FINITE')
    expect(() => addBodies(physics, [bad])).toThrow('E_NOT_FINITE')
    expect(() => addBodies(physics, 5, () => {})).toThrow('E_CAPACITY')
    expect(JSON.stringify(poolStats(physics))).toBe(before)
    const half = (i: number): void => {
      if (i === 2) throw new Error('half way')
    }
    expect(() => addBodies(physics, 4, half)).toThrow('half way')
    expect([poolStats(physics).bodies.live, poolStats(physics).entities.live, bodyCount(physics)]).toEqual([0, 0, 0])
    expect([...addBodies(physics, 4, () => {})]).toEqual([1, 2, 3, 4])
  })
})

describe('churn', () => {
  test('a million spawns in a full world: over 99 % use places again, memory stays flat, full is an error', async () => {
    const physics = await makePhysics({ capacity: { entities: 1001, bodies: 1000 } })
    const desc = sphere([0, 0, 0])
    const eids = addBodies(physics, 1000, () => {})
    expectUnchanged(physics, 'E_CAPACITY', { call: 'addBody', field: 'capacity.bodies' }, () => addBody(physics, desc))
    const heaps: number[] = []
    let at = 0
    for (let i = 0; i < 1_000_000; i++) {
      at = (at * 5 + 7) % 1000
      removeBody(physics, eids[at])
      eids[at] = addBody(physics, desc)
      if (i % 100_000 === 99_999) {
        step(physics, DT)
        collect()
        heaps.push(process.memoryUsage().heapUsed)
      }
    }
    const { bodies, entities } = poolStats(physics)
    expect(bodies).toMatchObject({ live: 1000, peak: 1000, taken: 1_001_000, reused: 1_000_000 })
    expect(entities).toMatchObject({ live: 1000, peak: 1000, taken: 1_001_000, reused: 1_000_000 })
    expect(bodies.reused / bodies.taken).toBeGreaterThan(0.99)
    // After the first hundred thousand the heap has what it needs; a leak of one byte a spawn would show.
    expect(Math.max(...heaps.slice(1)) - heaps[1]).toBeLessThan(800_000)
  }, 60_000)

  test('reading the counters allocates nothing', async () => {
    const physics = await makePhysics()
    addBody(physics, sphere([0, 0, 0]))
    let sum = 0
    const read = (): void => {
      for (let i = 0; i < 10_000; i++) sum += poolStats(physics).bodies.live
    }
    for (let i = 0; i < 20; i++) read()
    let least = Infinity
    for (let i = 0; i < 10; i++) {
      collect()
      const before = process.memoryUsage().heapUsed
      read()
      least = Math.min(least, process.memoryUsage().heapUsed - before)
    }
    expect(least).toBeLessThan(10_000)
    expect(sum).toBeGreaterThan(0)
  })
})

describe('E_BUSY', () => {
  /** Runs `act` from within the kernel's step, which reads the clock after each stage. */
  function within(physics: Physics, act: () => void): unknown {
    let thrown: unknown
    let calls = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      // The first reading is the engine's own, before the step.
      if (calls++ === 1) {
        try {
          act()
        } catch (error) {
          thrown = error
        }
      }
      return calls
    })
    try {
      step(physics, DT)
    } finally {
      clock.mockRestore()
    }
    expect(calls).toBeGreaterThan(1)
    return thrown
  }

  const busy = (act: () => void, call: string): void => expectError('E_BUSY', { call }, act)

  test('whoever is called from within a step may not add, remove or step', async () => {
    const physics = await makePhysics()
    const { world, components } = physics
    const [a, b] = [addBody(physics, sphere([0, 0, 0])), addBody(physics, sphere([9, 0, 0]))]
    const joint = addJoint(physics, { type: 'fixed', a, b, anchor: [4, 0, 0] })
    const [child, parent] = [addEntity(world), addEntity(world)]
    const acts: [string, () => unknown][] = [
      ['addBody', () => addBody(physics, sphere([0, 0, 0]))],
      ['addBodies', () => addBodies(physics, 1, () => {})],
      ['removeBody', () => removeBody(physics, a)],
      ['addJoint', () => addJoint(physics, { type: 'fixed', a, b, anchor: [4, 0, 0] })],
      ['removeJoint', () => removeJoint(physics, joint)],
      ['setParent', () => setParent(physics, child, parent)],
      ['step', () => step(physics, DT)],
      ['advance', () => advance(physics, DT)],
      ['addComponent', () => addComponent(world, child, components.RigidBody)],
      ['removeComponent', () => removeComponent(world, b, components.RigidBody)],
      ['removeEntity', () => removeEntity(world, a)],
    ]
    for (const [call, act] of acts) {
      const before = JSON.stringify(poolStats(physics))
      const thrown = within(physics, act)
      expectError('E_BUSY', { call }, () => {
        throw thrown
      })
      expect([call, JSON.stringify(poolStats(physics))]).toEqual([call, before])
    }
    run(physics, 3)
    removeBody(physics, a)
    expect(bodyCount(physics)).toBe(1)
  })

  test('what fills the descriptions of addBodies may not either; nothing is added then', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    const acts: [string, () => unknown][] = [
      ['addBody', () => addBody(physics, sphere([0, 0, 0]))],
      ['removeBody', () => removeBody(physics, body)],
      ['step', () => step(physics, DT)],
      ['addBodies', () => addBodies(physics, 1, () => {})],
    ]
    for (const [call, act] of acts) {
      busy(() => addBodies(physics, 3, (i) => void (i === 2 && act())), call)
      expect(bodyCount(physics)).toBe(1)
    }
    expect(addBodies(physics, 3, () => {})).toHaveLength(3)
  })

  test('listeners of steps may add and remove, for the step is over; systems between steps anyway', async () => {
    const physics = await makePhysics()
    const first = addBody(physics, sphere([0, 0, 0]))
    const end = onStep(physics, () => {
      removeBody(physics, first)
      addBodies(physics, [sphere([0, 0, 0]), sphere([5, 0, 0])])
    })
    step(physics, DT)
    end()
    run(physics, 3)
    expect(bodyCount(physics)).toBe(2)
  })

  test('observers of bodies may add, remove and step: the body is complete when they hear of it', async () => {
    const physics = await makePhysics()
    const { RigidBody, Position } = physics.components
    const seen: number[] = []
    const end = observe(physics.world, onAdd(RigidBody), (eid: number) => {
      seen.push(Position.x[eid])
      if (seen.length < 4) addBody(physics, sphere([seen.length, 0, 0]))
      step(physics, DT)
    })
    addBodies(physics, [sphere([10, 0, 0]), sphere([20, 0, 0])])
    end()
    expect(seen).toEqual([10, 1, 2, 3, 20])
    expect(bodyCount(physics)).toBe(5)
  })

  test('an observer that throws does not keep the others of a list from being known', async () => {
    const physics = await makePhysics()
    const { RigidBody } = physics.components
    const end = observe(physics.world, onAdd(RigidBody), (eid: number) => {
      if (eid === 1) throw new Error('the first')
    })
    expect(() => addBodies(physics, 3, () => {})).toThrow('the first')
    end()
    const { query } = await import('bitecs')
    expect([...query(physics.world, [RigidBody])]).toEqual([1, 2, 3])
    expect(bodyCount(physics)).toBe(3)
    addComponent(physics.world, 2, set(RigidBody, { shape: { type: 'sphere', radius: 3 } }))
  })
})
