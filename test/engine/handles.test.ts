/** Handles: an id and its generation in one number, which never stands for another entity. */
import { addComponent, addEntity, addPrefab, observe, onRemove, removeComponent, removeEntity, set } from 'bitecs'
import * as engine from 'manybody'
import {
  addBody,
  addJoint,
  entityOf,
  generation,
  handleOf,
  isAlive,
  isJoint,
  type Physics,
  removeBody,
  removeJoint,
  setParent,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { createRandom, type Random } from '../../examples/scenes/random.ts'
import { expectError, expectUnchanged } from '../errors/expect-error.ts'
import { DT, makePhysics, positionOf, sphere } from '../physics/harness.ts'

const IDS = 2 ** 20
const EMISSION = { position: [0, 0, 0], speed: [1, 1], life: [1, 1], size: [1, 1], color: [1, 1, 1] } as const

/** What a test may know of the inside. */
interface Inside {
  generations: Uint32Array
  raised: Uint32Array
}
const insideOf = (physics: Physics): Inside => (physics as never)[Symbol.for('manybody')] as Inside

describe('a handle', () => {
  test('is (generation + 1) · 2²⁰ + id, and leads back', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    expect(handleOf(physics, body)).toBe((generation(physics, body) + 1) * IDS + body)
    expect(entityOf(physics, handleOf(physics, body))).toBe(body)
    expect(handleOf(physics, handleOf(physics, body))).toBe(handleOf(physics, body))
    expect(isAlive(physics, handleOf(physics, body))).toBe(true)
  })

  test('ends with its entity, body or not: the next one with the id has another', async () => {
    const physics = await makePhysics()
    const kinds = {
      body: () => addBody(physics, sphere([0, 0, 0])),
      entity: () => addEntity(physics.world),
      prefab: () => addPrefab(physics.world),
    }
    for (const make of Object.values(kinds)) {
      const old = make()
      const handle = handleOf(physics, old)
      removeEntity(physics.world, old)
      expect([entityOf(physics, handle), entityOf(physics, old), isAlive(physics, handle)]).toEqual([0, 0, false])
      expectError('E_STALE_ENTITY', { call: 'handleOf', entity: old, value: handle }, () => handleOf(physics, handle))
      for (const again of Object.values(kinds)) {
        const eid = again()
        expect(eid).toBe(old)
        expect(handleOf(physics, eid)).not.toBe(handle)
        expect(entityOf(physics, handle)).toBe(0)
        removeEntity(physics.world, eid)
      }
    }
  })

  test('of an entity stays when it becomes a body, and ends when it is one no more', async () => {
    const physics = await makePhysics()
    const { RigidBody } = physics.components
    const eid = addEntity(physics.world)
    const handle = handleOf(physics, eid)
    addComponent(physics.world, eid, set(RigidBody, { shape: { type: 'sphere', radius: 1 } }))
    expect(handleOf(physics, eid)).toBe(handle)
    removeComponent(physics.world, eid, RigidBody)
    expect(entityOf(physics, handle)).toBe(0)
    expect(entityOf(physics, handleOf(physics, eid))).toBe(eid)
  })

  test('is still good in the observers of its removal', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([0, 0, 0]))
    const handle = handleOf(physics, body)
    const seen: number[] = []
    observe(physics.world, onRemove(physics.components.Position), (eid: number) => {
      seen.push(handleOf(physics, eid), entityOf(physics, handle))
    })
    removeBody(physics, body)
    expect(seen).toEqual([handle, 0])
  })

  test('of entities that were there before the world', async () => {
    const { createWorld } = await import('bitecs')
    const world = createWorld()
    const [first, second] = [addEntity(world), addEntity(world)]
    const physics = await makePhysics({ world })
    const handle = handleOf(physics, second)
    removeEntity(world, second)
    expect([entityOf(physics, handleOf(physics, first)), entityOf(physics, handle)]).toEqual([first, 0])
  })

  test.each([0, -1, 0.5, 1.5, IDS, IDS + 0.5, 2 ** 52, 2 ** 60, Number.NaN, Infinity, -Infinity, 4095, 9999])(
    '%d is none',
    async (value) => {
      const physics = await makePhysics()
      addBody(physics, sphere([0, 0, 0]))
      expect([entityOf(physics, value), isAlive(physics, value)]).toEqual([0, false])
      expectError('E_STALE_ENTITY', { call: 'handleOf' }, () => handleOf(physics, value))
      expectError('E_STALE_ENTITY', { call: 'removeBody' }, () => removeBody(physics, value))
    },
  )
})

describe('every call that takes an entity', () => {
  type Act = (physics: Physics, entity: number, other: number) => unknown
  const up = [0, 1, 0]
  const ray = (p: Physics, exclude: number): unknown => engine.castRay(p, [0, 9, 0], [0, -1, 0], 20, { exclude })
  /** What needs a body; `other` is another body. */
  const BODIES: Record<string, Act> = {
    applyForce: (p, e) => engine.applyForce(p, e, up),
    applyTorque: (p, e) => engine.applyTorque(p, e, up),
    applyImpulse: (p, e) => engine.applyImpulse(p, e, up),
    generation: (p, e) => generation(p, e),
    isAsleep: (p, e) => engine.isAsleep(p, e),
    moveKinematic: (p, e) => {
      if (entityOf(p, e)) engine.setBodyType(p, e, 'kinematic')
      engine.moveKinematic(p, e, { position: up }, DT)
    },
    setBodyType: (p, e) => engine.setBodyType(p, e, 'dynamic'),
    setCanSleep: (p, e) => engine.setCanSleep(p, e, false),
    setLocks: (p, e) => engine.setLocks(p, e, { translation: [true, false, false] }),
    setShape: (p, e) => engine.setShape(p, e, { type: 'sphere', radius: 2 }),
    shapeInfo: (p, e) => engine.shapeInfo(p, e),
    sleep: (p, e) => engine.sleep(p, e),
    teleport: (p, e) => engine.teleport(p, e, { position: up }),
    wake: (p, e) => engine.wake(p, e),
    addJoint: (p, e, other) => addJoint(p, { type: 'ball', a: e, b: other, anchor: up }),
    'addJoint ': (p, e, other) => addJoint(p, { type: 'ball', a: other, b: e, anchor: up }),
    addEmitter: (p, e) => engine.addEmitter(p, { ...EMISSION, rate: 1, entity: e }),
    castRay: ray,
    removeBody: (p, e) => removeBody(p, e),
  }
  /** What takes any entity. */
  const ENTITIES: Record<string, Act> = {
    handleOf: (p, e) => handleOf(p, e),
    setParent: (p, e, other) => setParent(p, e, other),
    'setParent ': (p, e, other) => setParent(p, other, e),
    parentOf: (p, e) => engine.parentOf(p, e),
    childrenOf: (p, e) => engine.childrenOf(p, e, []),
    worldMatrix: (p, e) => engine.worldMatrix(p, e, new Array(16)),
  }
  const cases = [
    ...Object.entries(BODIES).map(([name, act]) => [name, act, true] as const),
    ...Object.entries(ENTITIES).map(([name, act]) => [name, act, false] as const),
  ]

  test.each(cases)('%s: takes a handle for an id; a stale one changes nothing', async (name, act, needsBody) => {
    const physics = await makePhysics()
    const make = (): number => (needsBody ? addBody(physics, sphere([0, 0, 0])) : addEntity(physics.world))
    const [other, first] = [make(), make()]
    const stale = handleOf(physics, first)
    removeEntity(physics.world, first)
    const eid = make()
    expect(eid).toBe(first)
    step(physics, DT)
    expectUnchanged(physics, 'E_STALE_ENTITY', { call: name.trim(), entity: first, value: stale }, () =>
      act(physics, stale, other),
    )
    act(physics, handleOf(physics, eid), other)
    expect(act.length).toBeGreaterThan(1)
    step(physics, DT)
  })

  test('a handle does what the id does', async () => {
    const [byId, byHandle] = [await makePhysics(), await makePhysics()]
    for (const physics of [byId, byHandle]) {
      const eids = [0, 3, 6].map((x) => addBody(physics, sphere([x, 0, 0])))
      const [a, b, c] = physics === byId ? eids : eids.map((eid) => handleOf(physics, eid))
      addJoint(physics, { type: 'ball', a, b, anchor: [1.5, 0, 0] })
      engine.applyImpulse(physics, c, [-5, 1, 0])
      engine.addEmitter(physics, { ...EMISSION, rate: 60, entity: a })
      for (let i = 0; i < 30; i++) step(physics, DT)
    }
    expect(engine.stateHash(byHandle)).toBe(engine.stateHash(byId))
  })

  test('set(Parent) takes a handle; the column holds the id', async () => {
    const physics = await makePhysics()
    const { Parent } = physics.components
    const [child, parent] = [addEntity(physics.world), addEntity(physics.world)]
    addComponent(physics.world, child, set(Parent, { entity: handleOf(physics, parent) }))
    expect([Parent.entity[child], engine.parentOf(physics, handleOf(physics, child))]).toEqual([parent, parent])
  })
})

describe('joints', () => {
  test('have ids of the same form; that of a joint that went is refused when its place is used again', async () => {
    const physics = await makePhysics()
    const [a, b] = [addBody(physics, sphere([0, 0, 0])), addBody(physics, sphere([3, 0, 0]))]
    const desc = { type: 'ball', a, b, anchor: [1.5, 0, 0] } as const
    const first = addJoint(physics, desc)
    expect(first).toBe(IDS + 1)
    removeJoint(physics, first)
    const second = addJoint(physics, desc)
    expect(second).toBe(2 * IDS + 1)
    expect([isJoint(physics, first), isJoint(physics, second), isJoint(physics, 1)]).toEqual([false, true, false])
    expectError('E_STALE_ENTITY', { call: 'removeJoint', value: first }, () => removeJoint(physics, first))
  })
})

describe('an id without generations left', () => {
  test('is retired: bodies pass over it, by component it is refused, and no handle comes twice', async () => {
    const physics = await makePhysics()
    const { RigidBody } = physics.components
    const { generations } = insideOf(physics)
    const first = addBody(physics, sphere([0, 0, 0]))
    generations[first] = 2 ** 32 - 3
    const handles = new Set([handleOf(physics, first)])
    removeBody(physics, first)
    const second = addBody(physics, sphere([0, 0, 0]))
    expect([second, generations[second]]).toEqual([first, 2 ** 32 - 2])
    handles.add(handleOf(physics, second))
    expect(entityOf(physics, handleOf(physics, second))).toBe(second)
    removeBody(physics, second)
    const last = addEntity(physics.world)
    expect([last, generations[last]]).toEqual([first, 2 ** 32 - 1])
    handles.add(handleOf(physics, last))
    expect([...handles].every(Number.isSafeInteger)).toBe(true)
    expectError('E_CAPACITY', { call: 'addComponent', entity: last, field: 'generation' }, () =>
      addComponent(physics.world, last, RigidBody),
    )
    removeEntity(physics.world, last)
    for (let i = 0; i < 3; i++) {
      const body = addBody(physics, sphere([5, i, 0]))
      expect(body).not.toBe(first)
      removeBody(physics, body)
    }
    expect([...handles].map((handle) => entityOf(physics, handle))).toEqual([0, 0, 0])
    expect(entityOf(physics, first)).toBe(0)
    step(physics, DT)
  })
})

test('a million entities and bodies that come and go at random, against a Map', async () => {
  const physics = await makePhysics({ capacity: { entities: 1024, bodies: 700 } })
  const { world } = physics
  const random: Random = createRandom(20_261_121)
  const pick = (below: number): number => Math.floor(random() * below)
  const alive = new Map<number, number>()
  const eids: number[] = []
  const dead: number[] = []
  const desc = sphere([0, 0, 0])
  let bodies = 0
  for (let i = 0; i < 1_000_000; i++) {
    if (eids.length < 900 && (eids.length === 0 || random() < 0.5)) {
      const body = bodies < 700 && random() < 0.5
      const eid = body ? addBody(physics, desc) : addEntity(world)
      if (body) bodies++
      eids.push(eid)
      alive.set(eid, handleOf(physics, eid))
    } else {
      const at = pick(eids.length)
      const eid = eids[at]
      const handle = alive.get(eid) as number
      if (entityOf(physics, handle) !== eid) throw new Error(`${i}: the handle of ${eid} was lost`)
      if (isAlive(physics, handle)) bodies--
      removeEntity(world, eid)
      alive.delete(eid)
      eids[at] = eids[eids.length - 1]
      eids.pop()
      dead[pick(5000)] = handle
    }
    const old = dead[pick(5000)]
    if (old !== undefined && entityOf(physics, old) !== 0) throw new Error(`${i}: ${old} came to life again`)
  }
  expect(engine.bodyCount(physics)).toBe(bodies)
  for (const [eid, handle] of alive) expect(entityOf(physics, handle)).toBe(eid)
  const { entities } = engine.poolStats(physics)
  expect([entities.live, positionOf(physics, 0)]).toEqual([eids.length, [0, 0, 0]])
}, 60_000)
