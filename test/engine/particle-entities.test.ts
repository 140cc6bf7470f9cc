/** Entities with the component `ParticleSystem`, and the system that gives them their particles. Ids of emitters. */
import {
  addComponent,
  addComponents,
  addEntity,
  addPrefab,
  getComponent,
  hasComponent,
  IsA,
  pipe,
  removeComponent,
  removeEntity,
  set,
} from 'bitecs'
import {
  addBody,
  addEmitter,
  isParticleSystem,
  type ParticleSystemDesc,
  type Physics,
  packInstances,
  particleCount,
  particleSystem,
  physicsSystem,
  poolStats,
  removeBody,
  removeEmitter,
  setParent,
  step,
  systemParticles,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { DT, makePhysics, sphere } from '../physics/harness.ts'

const JET: ParticleSystemDesc = { rate: 60, speed: [0, 0], life: [9, 9], size: [1, 1] }

/** Where the particles of a world are: x, rounded. */
function places(physics: Physics): number[] {
  packInstances(physics)
  const { data, stride, count } = physics.instances.particles
  return Array.from({ length: count }, (_, i) => Math.round(data[i * stride])).sort((a, b) => a - b)
}

const updateOf = (physics: Physics): (() => void) => {
  const update = pipe(particleSystem(physics), physicsSystem(physics, { dt: DT }))
  return () => void update(physics.world)
}

describe('particleSystem', () => {
  test('starts what a body got, follows it, and ends it with the component', async () => {
    const physics = await makePhysics()
    const { ParticleSystem } = physics.components
    const update = updateOf(physics)
    const body = addBody(physics, sphere([5, 0, 0], { linearVelocity: [60, 0, 0] }))
    addComponent(physics.world, body, set(ParticleSystem, { ...JET, inherit: 0 }))
    expect(ParticleSystem.system[body]).toBe(0)
    for (let i = 0; i < 3; i++) update()
    const id = ParticleSystem.system[body]
    expect([isParticleSystem(physics, id), systemParticles(physics, id)]).toEqual([true, 3])
    expect(new Set(places(physics)).size).toBe(3)
    expect(getComponent(physics.world, body, ParticleSystem)).toMatchObject({ rate: 60 })
    removeComponent(physics.world, body, ParticleSystem)
    update()
    expect([isParticleSystem(physics, id), ParticleSystem.system[body]]).toEqual([false, 0])
  })

  test('another description starts another system; one that is refused takes the component away', async () => {
    const physics = await makePhysics()
    const { ParticleSystem } = physics.components
    const update = updateOf(physics)
    const body = addBody(physics, sphere([0, 0, 0]))
    addComponent(physics.world, body, set(ParticleSystem, JET))
    update()
    const first = ParticleSystem.system[body]
    addComponent(physics.world, body, set(ParticleSystem, { ...JET, rate: 600 }))
    update()
    const second = ParticleSystem.system[body]
    expect([isParticleSystem(physics, first), systemParticles(physics, second)]).toEqual([false, 10])
    addComponent(physics.world, body, set(ParticleSystem, { ...JET, rate: -1 }))
    expectError('E_RANGE', { call: 'addParticleSystem', field: 'rate' }, update)
    expect([hasComponent(physics.world, body, ParticleSystem), isParticleSystem(physics, second)]).toEqual([
      false,
      false,
    ])
    update()
    expect(particleCount(physics)).toBe(0)
  })

  test('takes the systems of entities that are no bodies along: alone, and below others', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const { Position, Rotation, Scale, ParticleSystem } = physics.components
    const update = updateOf(physics)
    const place = (x: number, turned = false): number => {
      const eid = addEntity(world)
      const turn = turned ? { x: 0, y: 1, z: 0, w: 0 } : { x: 0, y: 0, z: 0, w: 1 }
      addComponents(world, eid, [set(Position, { x, y: 0, z: 0 }), set(Rotation, turn), Scale])
      return eid
    }
    const bare = addEntity(world)
    addComponents(world, bare, [set(Position, { x: 1000, y: 0, z: 0 }), set(ParticleSystem, JET)])
    const [arm, hand] = [place(100, true), place(10)]
    setParent(physics, hand, arm)
    addComponent(world, hand, set(ParticleSystem, { ...JET, position: [1, 0, 0] }))
    update()
    expect(places(physics)).toEqual([89, 1000])
    Position.x[arm] = 200
    Position.x[bare] = 2000
    update()
    expect(places(physics)).toEqual([89, 189, 1000, 2000])
    removeEntity(world, bare)
    update()
    expect(places(physics)).toEqual([89, 189, 289 - 100])
  })

  test('ends with the entity: who gets the id has none', async () => {
    const physics = await makePhysics()
    const { ParticleSystem } = physics.components
    const update = updateOf(physics)
    const body = addBody(physics, sphere([0, 0, 0]))
    addComponent(physics.world, body, set(ParticleSystem, JET))
    update()
    const id = ParticleSystem.system[body]
    removeBody(physics, body)
    const next = addBody(physics, sphere([0, 0, 0]))
    expect(next).toBe(body)
    update()
    expect([isParticleSystem(physics, id), ParticleSystem.system[next]]).toEqual([false, 0])
    expect(hasComponent(physics.world, next, ParticleSystem)).toBe(false)
    expect(particleCount(physics)).toBe(0)
  })

  test('prefabs have none; what is made from them has its own', async () => {
    const physics = await makePhysics()
    const { ParticleSystem, Position } = physics.components
    const update = updateOf(physics)
    const torch = addPrefab(physics.world)
    addComponents(physics.world, torch, [set(Position, { x: 7, y: 0, z: 0 }), set(ParticleSystem, JET)])
    const eids = [0, 1].map(() => addEntity(physics.world))
    for (const eid of eids) addComponent(physics.world, eid, IsA(torch))
    update()
    const ids = eids.map((eid) => ParticleSystem.system[eid])
    expect([ids.every((id) => isParticleSystem(physics, id)), ids[0] === ids[1]]).toEqual([true, false])
    expect([ParticleSystem.system[torch], particleCount(physics)]).toEqual([0, 2])
  })
})

describe('emitters', () => {
  const emission = { position: [0, 0, 0], speed: [0, 0], life: [9, 9], size: [1, 1], color: [1, 1, 1] } as const

  test('have handles: one that was removed is refused, also when its place is taken again', async () => {
    const physics = await makePhysics()
    const first = addEmitter(physics, { ...emission, rate: 60 })
    removeEmitter(physics, first)
    expectError('E_STALE_ENTITY', { call: 'removeEmitter', value: first }, () => removeEmitter(physics, first))
    const second = addEmitter(physics, { ...emission, rate: 60 })
    expect(second).not.toBe(first)
    expectError('E_STALE_ENTITY', { call: 'removeEmitter', value: first }, () => removeEmitter(physics, first))
    step(physics, DT)
    expect(particleCount(physics)).toBe(1)
    removeEmitter(physics, second)
    expect(poolStats(physics).emitters).toMatchObject({ live: 0, peak: 1, taken: 2, reused: 1 })
  })

  test('particles that were born are counted, and those beyond the most at once are reused', async () => {
    const physics = await makePhysics()
    addEmitter(physics, { ...emission, life: [0.05, 0.05], rate: 600 })
    for (let i = 0; i < 60; i++) step(physics, DT)
    const { live, peak, taken, reused } = poolStats(physics).particles
    expect([taken, live]).toEqual([600, particleCount(physics)])
    expect(peak).toBeGreaterThanOrEqual(live)
    expect(reused).toBe(taken - peak)
    expect(reused / taken).toBeGreaterThan(0.9)
  })
})
