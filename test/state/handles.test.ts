/** Who is who after a restore: handles, ids, bitECS's own lists, joints, shapes. */
import {
  addComponent,
  addComponents,
  addEntity,
  addPrefab,
  entityExists,
  hasComponent,
  IsA,
  observe,
  onAdd,
  onRemove,
  query,
  removeEntity,
  set,
} from 'bitecs'
import {
  addBody,
  addEmitter,
  addJoint,
  bodyCount,
  generation,
  isAlive,
  isJoint,
  jointCount,
  type Physics,
  parentOf,
  removeBody,
  removeEmitter,
  removeJoint,
  restore,
  setParent,
  shapeInfo,
  snapshot,
  stateHash,
  step,
} from 'manybody'
import { expect, test } from 'vitest'
import { between, createRandom } from '../../examples/scenes/random.ts'
import { makePhysics, sphere } from '../physics/harness.ts'
import { box } from '../rigid/rigid.ts'

/** A body by id and generation, as games keep it. */
type Handle = readonly [eid: number, generation: number]
const handle = (physics: Physics, eid: number): Handle => [eid, generation(physics, eid)]
const good = (physics: Physics, [eid, g]: Handle): boolean => isAlive(physics, eid, g)

test('handles from before are good again, those made since never are', async () => {
  const physics = await makePhysics()
  const old = Array.from({ length: 20 }, (_, i) => handle(physics, addBody(physics, sphere([3 * i, 0, 0]))))
  removeBody(physics, old[19]![0])
  const bytes = snapshot(physics)
  const since: Handle[] = []
  for (let round = 0; round < 12; round++) {
    for (let k = 0; k < 10; k++) {
      if (isAlive(physics, old[k]![0])) removeBody(physics, old[k]![0])
      since.push(handle(physics, addBody(physics, sphere([3 * k, 50, 0]))))
    }
    restore(physics, bytes)
    expect(old.map((one) => good(physics, one))).toEqual(old.map((_, i) => i < 19))
    expect(since.filter((one) => good(physics, one))).toEqual([])
    // Ids that are given out anew from here on are none of those, either.
    const fresh = [handle(physics, addBody(physics, sphere([0, 90, 0])))]
    removeBody(physics, old[3]![0])
    fresh.push(handle(physics, addBody(physics, sphere([0, 95, 0]))))
    expect(since.filter((one) => good(physics, one))).toEqual([])
    since.push(...fresh)
  }
})

test('joints likewise', async () => {
  const physics = await makePhysics()
  const [a, b] = [addBody(physics, sphere([0, 0, 0])), addBody(physics, sphere([3, 0, 0]))]
  const join = (): number => addJoint(physics, { type: 'distance', a, b })
  const first = join()
  const bytes = snapshot(physics)
  const since: number[] = []
  for (let k = 0; k < 8; k++) {
    since.push(join(), join())
    removeJoint(physics, since.at(-1)!)
    since.push(join())
    removeJoint(physics, first)
    since.push(join())
    restore(physics, bytes)
    expect(isJoint(physics, first)).toBe(true)
    expect(jointCount(physics)).toBe(1)
    expect(since.filter((id) => isJoint(physics, id))).toEqual([])
  }
  const other = await makePhysics()
  restore(other, bytes)
  expect(isJoint(other, first)).toBe(true)
  removeBody(other, a)
  expect(jointCount(other)).toBe(0)
})

test('bitECS follows: who came goes, who went comes back with the id', async () => {
  const physics = await makePhysics()
  const { world, components } = physics
  const { RigidBody, Position } = components
  const bodies = Array.from({ length: 30 }, (_, i) => addBody(physics, sphere([3 * i, 0, 0])))
  const mark = addEntity(world)
  addComponents(world, mark, Position)
  const foreign = addEntity(world)
  for (const eid of [4, 9, 11]) removeBody(physics, bodies[eid]!)
  const then = [...query(world, [RigidBody])].sort((x, y) => x - y)
  const bytes = snapshot(physics)
  const next = (): number[] => Array.from({ length: 8 }, () => addBody(physics, sphere([0, 70, 0])))
  const ids = next()
  restore(physics, bytes)
  const seen: string[] = []
  observe(world, onAdd(RigidBody), (eid: number) => void seen.push(`+${eid}`))
  observe(world, onRemove(RigidBody), (eid: number) => void seen.push(`-${eid}`))
  removeBody(physics, bodies[20]!)
  removeEntity(world, mark)
  const late = addBody(physics, sphere([0, 80, 0]))
  seen.length = 0
  restore(physics, bytes)
  expect([...query(world, [RigidBody])].sort((x, y) => x - y)).toEqual(then)
  expect(hasComponent(world, mark, Position)).toBe(true)
  expect(hasComponent(world, mark, RigidBody)).toBe(false)
  expect(entityExists(world, foreign)).toBe(true)
  // Both had the id of another one: the late body that of the mark.
  expect(late).toBe(mark)
  expect(new Set(seen)).toEqual(new Set([`-${late}`, `+${bodies[20]}`]))
  expect(bodyCount(physics)).toBe(27)
  // Ids go on as they would have.
  expect(next()).toEqual(ids)
  // In a fresh world too.
  const other = await makePhysics()
  restore(other, bytes)
  expect([...query(other.world, [other.components.RigidBody])].sort((x, y) => x - y)).toEqual(then)
  expect(entityExists(other.world, foreign)).toBe(false)
})

test('an entity of somebody else stays, unless its id is needed', async () => {
  const physics = await makePhysics()
  const { world } = physics
  const body = addBody(physics, sphere([0, 0, 0]))
  const bytes = snapshot(physics)
  removeBody(physics, body)
  const tag = {}
  const squatter = addEntity(world, tag)
  const bystander = addEntity(world, tag)
  expect(squatter).toBe(body)
  restore(physics, bytes)
  expect(isAlive(physics, body)).toBe(true)
  expect(hasComponent(world, body, tag)).toBe(false)
  expect(hasComponent(world, bystander, tag)).toBe(true)
})

test('prefabs, and components without a body, come back', async () => {
  const physics = await makePhysics()
  const { world, components } = physics
  const { RigidBody, Position } = components
  const prefab = addPrefab(world)
  addComponent(world, prefab, set(RigidBody, { shape: { type: 'box', halfExtents: [1, 2, 3] }, mass: 5 }))
  const bytes = snapshot(physics)
  const other = await makePhysics()
  restore(other, bytes)
  expect(bodyCount(other)).toBe(0)
  const copy = addEntity(other.world)
  addComponent(other.world, copy, IsA(prefab))
  expect(isAlive(other, copy)).toBe(true)
  expect(shapeInfo(other, copy).type).toBe('box')
  removeEntity(world, prefab)
  const point = addEntity(world)
  addComponent(world, point, Position)
  restore(physics, bytes)
  expect(hasComponent(world, prefab, RigidBody)).toBe(true)
  expect(bodyCount(physics)).toBe(0)
})

test('parents come back, and their lists', async () => {
  const physics = await makePhysics()
  const { world, components } = physics
  const leaves = Array.from({ length: 6 }, () =>
    addEntity(world, components.Position, components.Rotation, components.Scale),
  )
  for (let k = 1; k < 6; k++) setParent(physics, leaves[k]!, leaves[k >> 1]!)
  const bytes = snapshot(physics)
  setParent(physics, leaves[4]!, 0)
  removeEntity(world, leaves[1]!)
  restore(physics, bytes)
  expect(leaves.map((eid) => parentOf(physics, eid))).toEqual([0, 1, 2, 3, 4, 5].map((k) => (k ? leaves[k >> 1] : 0)))
  removeEntity(world, leaves[1]!)
  expect([parentOf(physics, leaves[2]!), parentOf(physics, leaves[3]!)]).toEqual([0, 0])
})

test('shapes are let go and held again', async () => {
  const physics = await makePhysics({ capacity: { shapes: 8, geometry: 2000 } })
  const hull = {
    type: 'hull',
    points: [
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  } as const
  const first = addBody(physics, { shape: hull as never, mass: 1 })
  const bytes = snapshot(physics)
  for (let k = 0; k < 40; k++) {
    removeBody(physics, first)
    const boxes = [1, 2, 3, 4, 5, 6, 7].map((size) => addBody(physics, box([5 * size, 0, 0], [size, 1 + k, 1])))
    if (k % 2) for (const eid of boxes) removeBody(physics, eid)
    restore(physics, bytes)
    expect(shapeInfo(physics, first).type).toBe('hull')
  }
  // All that has gone is free again: there is room for seven more.
  for (let size = 1; size < 8; size++) addBody(physics, box([5 * size, 0, 0], [size, 50, 1]))
})

test('emitters: the same numbers are free', async () => {
  const physics = await makePhysics()
  const sparks = { position: [0, 0, 0], rate: 60, speed: [1, 2], life: [1, 2], size: [1, 1], color: [1, 1, 1] } as const
  const ids = [0, 1, 2].map(() => addEmitter(physics, sparks))
  removeEmitter(physics, ids[1]!)
  const bytes = snapshot(physics)
  addEmitter(physics, sparks)
  restore(physics, bytes)
  const slot = (id: number): number => id % 2 ** 20
  const again = addEmitter(physics, sparks)
  expect(slot(again)).toBe(slot(ids[1]!))
  expect(again).not.toBe(ids[1])
  expect(() => removeEmitter(physics, ids[1]!)).toThrow('E_STALE_ENTITY')
  removeEmitter(physics, ids[2]!)
})

test('3,000 restores, and nothing grows', { timeout: 60_000 }, async () => {
  const physics = await makePhysics()
  const random = createRandom(5)
  const eids = Array.from({ length: 60 }, (_, i) => addBody(physics, sphere([3 * i, 0, 0])))
  addJoint(physics, { type: 'distance', a: eids[0]!, b: eids[1]! })
  const into = new Uint8Array(1 << 20)
  const bytes = snapshot(physics, into).slice()
  const hash = stateHash(physics)
  const gc = globalThis.gc as undefined | (() => void)
  let least = Number.POSITIVE_INFINITY
  for (let k = 0; k < 3000; k++) {
    removeBody(physics, eids[Math.floor(between(random, 0, 60))]!)
    addBody(physics, sphere([0, 40, 0]))
    step(physics, 1 / 60)
    restore(physics, bytes)
    if (k % 500 !== 499) continue
    gc?.()
    const { heapUsed } = process.memoryUsage()
    least = Math.min(least, heapUsed)
    // Without a collector on call the heap may hold some garbage.
    expect(heapUsed - least).toBeLessThan(gc ? 2e6 : 6e7)
  }
  expect(stateHash(physics)).toBe(hash)
  expect(snapshot(physics, into).length).toBe(bytes.length)
})
