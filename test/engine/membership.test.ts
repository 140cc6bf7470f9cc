/** bitECS decides who is a body: components added and removed, ids reused, prefabs. */
import {
  addComponent,
  addComponents,
  addEntity,
  addPrefab,
  createWorld,
  entityExists,
  getAllEntities,
  getComponent,
  hasComponent,
  IsA,
  query,
  removeComponent,
  removeEntity,
  set,
} from 'bitecs'
import {
  addBodies,
  addBody,
  addEmitter,
  applyForce,
  type BodyDesc,
  bodyCount,
  createPhysics,
  dispose,
  generation,
  isAlive,
  type Physics,
  PhysicsError,
  particleCount,
  removeBody,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, ground, makePhysics, positionOf, run, sphere, velocityOf } from '../physics/harness.ts'

/** All columns of one entity. */
function rowOf(physics: Physics, eid: number): Record<string, number> {
  const row: Record<string, number> = {}
  for (const [name, component] of Object.entries(physics.components)) {
    for (const [key, column] of Object.entries(component as Record<string, Float32Array>))
      row[`${name}.${key}`] = column[eid]
  }
  return row
}

const LOUD: BodyDesc = {
  position: [1, 2, 3],
  rotation: [0, 1, 0, 0],
  linearVelocity: [4, 5, 6],
  angularVelocity: [7, 8, 9],
  mass: 10,
  charge: 11,
  shape: { type: 'sphere', radius: 12 },
  friction: 0.1,
  restitution: 0.9,
  linearDamping: 13,
  angularDamping: 14,
  gravityScale: 15,
  attracts: true,
  bullet: true,
  sensor: true,
  group: 16,
  mask: 17,
  scale: 18,
  tint: 19,
}

describe('the caller’s world', () => {
  test('is used when given, and made when not', async () => {
    const world = createWorld()
    const physics = await makePhysics({ world })
    expect(physics.world).toBe(world)
    const body = addBody(physics, sphere([0, 0, 0]))
    expect(entityExists(world, body)).toBe(true)
    expect([...query(world, [physics.components.Position, physics.components.RigidBody])]).toEqual([body])
    const other = await makePhysics()
    expect(other.world).not.toBe(world)
  })

  test('entities of the game that are no bodies live beside bodies', async () => {
    const world = createWorld()
    const Name = {}
    const before = addEntity(world, Name)
    const physics = await makePhysics({ world })
    const body = addBody(physics, sphere([0, 0, 0]))
    const after = addEntity(world, Name)
    expect(bodyCount(physics)).toBe(1)
    expect([before, after].map((eid) => isAlive(physics, eid))).toEqual([false, false])
    run(physics, 3)
    removeEntity(world, before)
    expect(isAlive(physics, body)).toBe(true)
  })

  test('dispose lets it be: entities stay, and nobody listens any more', async () => {
    const world = createWorld()
    const physics = await createPhysics({ world, capacity: { entities: 64 } })
    const body = addBody(physics, sphere([0, 0, 0]))
    dispose(physics)
    expect(entityExists(world, body)).toBe(true)
    addComponent(world, addEntity(world), physics.components.RigidBody)
    removeEntity(world, body)
  })
})

describe('components', () => {
  test('set() makes a body with those values; it moves at the next step', async () => {
    const physics = await makePhysics()
    const { Position, LinearVelocity, Mass, RigidBody } = physics.components
    const eid = addEntity(physics.world)
    const shape = { type: 'sphere', radius: 2 } as const
    addComponents(
      physics.world,
      eid,
      set(Position, { x: 1, y: 2, z: 3 }),
      set(LinearVelocity, { x: 60, y: 0, z: 0 }),
      set(Mass, { value: 7 }),
      set(RigidBody, { type: 'dynamic', shape, friction: 0.25 }),
    )
    expect([bodyCount(physics), isAlive(physics, eid)]).toEqual([1, true])
    expect(RigidBody.radius[eid]).toBe(2)
    expect(RigidBody.friction[eid]).toBe(0.25)
    expect(Mass.value[eid]).toBe(7)
    step(physics, DT)
    expect(positionOf(physics, eid)).toEqual([2, 2, 3])
  })

  test('in any order', async () => {
    const physics = await makePhysics()
    const { Position, LinearVelocity, RigidBody } = physics.components
    const shape = { type: 'sphere', radius: 2 } as const
    const eid = addEntity(physics.world)
    addComponent(physics.world, eid, set(RigidBody, { shape, mass: 3 }))
    addComponent(physics.world, eid, set(LinearVelocity, { x: 0, y: 60, z: 0 }))
    addComponent(physics.world, eid, set(Position, { x: 5, y: 0, z: 0 }))
    step(physics, DT)
    expect(positionOf(physics, eid)).toEqual([5, 1, 0])
    expect(physics.components.Mass.value[eid]).toBe(3)
  })

  test('a bare RigidBody is a dynamic sphere', async () => {
    const physics = await makePhysics({ gravity: [0, -60, 0] })
    const eid = addEntity(physics.world)
    addComponents(physics.world, eid, physics.components.Position, physics.components.RigidBody)
    step(physics, DT)
    expect(velocityOf(physics, eid)[1]).toBeCloseTo(-1, 5)
    expect(physics.components.Rotation.w[eid]).toBe(1)
  })

  test('addBody adds every component but those of the hierarchy and of particles, and getComponent gives its values', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([1, 2, 3]))
    for (const [name, component] of Object.entries(physics.components)) {
      expect([name, hasComponent(physics.world, body, component)]).toEqual([
        name,
        name !== 'Parent' && name !== 'ParticleSystem',
      ])
    }
    expect(getComponent(physics.world, body, physics.components.Position)).toEqual({ x: 1, y: 2, z: 3 })
  })

  test('removing RigidBody ends the body but not the entity; adding it again starts anew', async () => {
    const physics = await makePhysics()
    const { RigidBody } = physics.components
    const body = addBody(physics, sphere([0, 0, 0], { linearVelocity: [60, 0, 0] }))
    const old = generation(physics, body)
    removeComponent(physics.world, body, RigidBody)
    expect([bodyCount(physics), isAlive(physics, body), entityExists(physics.world, body)]).toEqual([0, false, true])
    step(physics, DT)
    expect(physics.components.Position.x[body]).toBe(0)
    addComponent(physics.world, body, set(RigidBody, { shape: { type: 'sphere', radius: 1 } }))
    expect(isAlive(physics, body, old)).toBe(false)
    expect(bodyCount(physics)).toBe(1)
  })

  test('set(RigidBody) on a body changes its material, and keeps its place', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, sphere([3, 4, 5], { linearVelocity: [1, 0, 0] }))
    const shape = { type: 'sphere', radius: 4 } as const
    addComponent(physics.world, body, set(physics.components.RigidBody, { shape, type: 'kinematic' }))
    expect(positionOf(physics, body)).toEqual([3, 4, 5])
    expect(physics.components.RigidBody.radius[body]).toBe(4)
    expect(bodyCount(physics)).toBe(1)
  })

  test('a prefab is no body; what is made from it is one', async () => {
    const physics = await makePhysics()
    const { Position, RigidBody } = physics.components
    const prefab = addPrefab(physics.world)
    addComponents(physics.world, prefab, Position, RigidBody)
    expect([bodyCount(physics), isAlive(physics, prefab)]).toEqual([0, false])
    const eid = addEntity(physics.world)
    addComponent(physics.world, eid, IsA(prefab))
    expect([bodyCount(physics), isAlive(physics, eid)]).toEqual([1, true])
    run(physics, 3)
    expect(Number.isFinite(Position.x[eid])).toBe(true)
  })

  test('values that are refused leave no body and no component behind', async () => {
    const physics = await makePhysics()
    const { Position, Mass, RigidBody } = physics.components
    const bad: [object, string][] = [
      [set(Position, { x: Number.NaN, y: 0, z: 0 }), 'E_NOT_FINITE'],
      [set(Mass, { value: -1 }), 'E_RANGE'],
      [set(RigidBody, { shape: { type: 'sphere', radius: -1 } }), 'E_RANGE'],
      [set(RigidBody, { shape: { type: 'torus' } } as unknown as BodyDesc), 'E_UNSUPPORTED'],
      [set(RigidBody, { shape: { type: 'box', halfExtents: [1, 0, 1] } }), 'E_RANGE'],
    ]
    for (const [component, code] of bad) {
      const eid = addEntity(physics.world)
      let thrown: unknown
      try {
        addComponent(physics.world, eid, component)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(PhysicsError)
      expect((thrown as PhysicsError).code).toBe(code)
      expect((thrown as PhysicsError).entity).toBe(eid)
      expect([bodyCount(physics), isAlive(physics, eid)]).toEqual([0, false])
      removeEntity(physics.world, eid)
    }
    step(physics, DT)
  })

  test('an entity beyond the columns is refused, and the world goes on', async () => {
    const physics = await makePhysics({ capacity: { entities: 4, bodies: 3 } })
    for (let i = 0; i < 3; i++) addEntity(physics.world)
    const far = addEntity(physics.world)
    expect(() => addComponent(physics.world, far, physics.components.RigidBody)).toThrow('E_CAPACITY')
    expect(bodyCount(physics)).toBe(0)
    step(physics, DT)
    removeEntity(physics.world, far)
  })
})

describe('ids', () => {
  test('a recycled id inherits nothing: its columns are those of the same body in a fresh world', async () => {
    const [used, fresh] = [await makePhysics(), await makePhysics()]
    const first = addBody(used, LOUD)
    used.components.Force.x[first] = 99
    used.components.Torque.y[first] = 99
    removeBody(used, first)
    const again = addBody(used, sphere([0, 0, 0]))
    expect(again).toBe(first)
    const clean = addBody(fresh, sphere([0, 0, 0]))
    expect(rowOf(used, again)).toEqual(rowOf(fresh, clean))
  })

  test('nor through components: a bare RigidBody after a loud body', async () => {
    const physics = await makePhysics()
    const first = addBody(physics, LOUD)
    physics.components.Force.x[first] = 99
    removeEntity(physics.world, first)
    const again = addEntity(physics.world)
    expect(again).toBe(first)
    addComponents(physics.world, again, physics.components.RigidBody)
    const row = rowOf(physics, again)
    expect([row['Force.x'], row['LinearVelocity.x'], row['Charge.value'], row['Position.x']]).toEqual([0, 0, 0, 0])
    expect(row['RigidBody.restitution']).toBe(0)
  })

  test('nor the impulses of the contacts that the old body had', async () => {
    const gravity: [number, number, number] = [0, -9.81, 0]
    const physics = await makePhysics({ gravity })
    addBody(physics, ground())
    const heavy = addBody(physics, sphere([0, 1, 0], { mass: 1e5 }))
    run(physics, 60)
    removeBody(physics, heavy)
    const light = addBody(physics, sphere([0, 1, 0], { mass: 1 }))
    expect(light).toBe(heavy)
    let highest = 0
    for (let i = 0; i < 30; i++) {
      step(physics, DT)
      highest = Math.max(highest, positionOf(physics, light)[1])
    }
    expect(highest).toBeLessThan(1.001)
  })

  test('an emitter of a removed body does not follow who gets its id', async () => {
    const physics = await makePhysics()
    const ship = addBody(physics, sphere([0, 0, 0]))
    const emission = { speed: [0, 0], life: [9, 9], size: [1, 1], color: [1, 1, 1] } as const
    addEmitter(physics, { ...emission, position: [0, 0, 0], rate: 600, entity: ship })
    step(physics, DT)
    expect(particleCount(physics)).toBe(10)
    removeBody(physics, ship)
    run(physics, 5)
    expect(particleCount(physics)).toBe(10)
    expect(addBody(physics, sphere([50, 0, 0]))).toBe(ship)
    run(physics, 5)
    expect(particleCount(physics)).toBe(10)
  })

  test('a handle with its generation is stale after the id was reused 1,000 times', async () => {
    const physics = await makePhysics({ capacity: { entities: 16 } })
    const first = addBody(physics, sphere([0, 0, 0]))
    const old = generation(physics, first)
    for (let i = 0; i < 1000; i++) {
      removeBody(physics, first)
      expect(addBody(physics, sphere([0, 0, 0]))).toBe(first)
    }
    expect(isAlive(physics, first, old)).toBe(false)
    expect(bodyCount(physics)).toBe(1)
  })
})

describe('many', () => {
  test('addBodies by list and by fill: ids in order, the same columns', async () => {
    const [listed, filled] = [await makePhysics(), await makePhysics()]
    const at = (i: number): [number, number, number] => [i, 2 * i, -i]
    const list = Array.from({ length: 500 }, (_, i) => sphere(at(i), { mass: 1 + i, attracts: i % 2 === 0 }))
    const first = addBodies(listed, list)
    const second = addBodies(filled, 500, (i, desc) => {
      desc.position = at(i)
      desc.shape = { type: 'sphere', radius: 1 }
      desc.mass = 1 + i
      desc.attracts = i % 2 === 0
    })
    expect([...second]).toEqual([...first])
    expect(bodyCount(filled)).toBe(500)
    for (const eid of [first[0], first[123], first[499]]) expect(rowOf(filled, eid)).toEqual(rowOf(listed, eid))
  })

  test('add and remove at random against a list: counts, liveness and generations agree', async () => {
    const physics = await makePhysics({ capacity: { entities: 512, bodies: 400 } })
    const alive = new Map<number, number>()
    const dead: [number, number][] = []
    let seed = 12345
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    for (let i = 0; i < 4000; i++) {
      if (next(100) < 55 && alive.size < 400) {
        const eid = addBody(physics, sphere([next(50), next(50), next(50)]))
        alive.set(eid, generation(physics, eid))
      } else if (alive.size > 0) {
        const eid = [...alive.keys()][next(alive.size)]
        dead.push([eid, alive.get(eid) as number])
        alive.delete(eid)
        if (i % 2) removeBody(physics, eid)
        else removeEntity(physics.world, eid)
      }
      if (i % 100 === 0) step(physics, DT)
    }
    expect(bodyCount(physics)).toBe(alive.size)
    for (const [eid, g] of alive) expect(isAlive(physics, eid, g)).toBe(true)
    for (const [eid, g] of dead) expect(isAlive(physics, eid, g)).toBe(false)
    expect(getAllEntities(physics.world)).toHaveLength(alive.size)
  })

  test('bodies removed between steps, with contacts and forces on them, leave nothing behind', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const bodies = addBodies(
      physics,
      Array.from({ length: 300 }, (_, i) => sphere([(i % 10) * 1.5, Math.floor(i / 10) * 1.5, 0])),
    )
    for (let i = 0; i < 100; i++) {
      step(physics, DT)
      applyForce(physics, bodies[3 * i], [100, 0, 0])
      removeBody(physics, bodies[3 * i])
    }
    step(physics, DT)
    expect(bodyCount(physics)).toBe(200)
    expect(physics.components.Force.x.every((value) => value === 0)).toBe(true)
  })
})
