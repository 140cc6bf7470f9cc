/** Our components as a bitECS user has them: set, prefabs, queries, observers, relations, systems. */
import {
  addComponent,
  addComponents,
  addEntity,
  addPrefab,
  createRelation,
  createWorld,
  entityExists,
  getComponent,
  getEntityComponents,
  getRelationTargets,
  hasComponent,
  IsA,
  Not,
  Or,
  observe,
  onAdd,
  onGet,
  onRemove,
  onSet,
  pipe,
  query,
  removeComponent,
  removeEntity,
  set,
} from 'bitecs'
import {
  createSnapshotDeserializer,
  createSnapshotSerializer,
  createSoADeserializer,
  createSoASerializer,
  f32,
} from 'bitecs/serialization'
import {
  addBodies,
  addBody,
  bodyCount,
  createChildOf,
  hierarchySystem,
  isAlive,
  type Physics,
  parentOf,
  physicsSystem,
  removeBody,
  renderSystem,
  setParent,
  shapeInfo,
  step,
  worldMatrix,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { DT, makePhysics, positionOf, run, sphere, velocityOf } from '../physics/harness.ts'

const ball = (radius: number) => ({ type: 'sphere', radius }) as const

describe('prefabs', () => {
  test('give their values; an override in the same call wins, and so does a later one', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const { Position, Mass, RigidBody, LinearVelocity } = physics.components
    const rock = addPrefab(world)
    addComponents(world, rock, [
      set(Mass, { value: 7 }),
      set(RigidBody, { shape: ball(2), friction: 0.25, restitution: 0.75 }),
      set(LinearVelocity, { x: 60, y: 0, z: 0 }),
    ])
    const made = addEntity(world)
    addComponents(world, made, [IsA(rock), set(Position, { x: 5, y: 0, z: 0 })])
    const heavy = addEntity(world)
    addComponents(world, heavy, [set(Mass, { value: 9 }), IsA(rock), set(RigidBody, { shape: ball(3) })])
    expect([Mass.value[made], RigidBody.radius[made], RigidBody.friction[made]]).toEqual([7, 2, 0.25])
    expect([Mass.value[heavy], RigidBody.radius[heavy]]).toEqual([9, 3])
    expect([bodyCount(physics), isAlive(physics, rock)]).toEqual([2, false])
    step(physics, DT)
    expect(positionOf(physics, made)).toEqual([6, 0, 0])
    expect(Mass.value[rock]).toBe(7)
  })

  test('of prefabs: the nearest value wins, and what is made has them all', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const { Mass, Charge, RigidBody } = physics.components
    const base = addPrefab(world)
    addComponents(world, base, [set(Mass, { value: 2 }), set(Charge, { value: 3 }), set(RigidBody, { shape: ball(4) })])
    const special = addPrefab(world)
    addComponents(world, special, [set(Mass, { value: 20 }), IsA(base)])
    const eid = addEntity(world)
    addComponent(world, eid, IsA(special))
    expect([Mass.value[eid], Charge.value[eid], RigidBody.radius[eid]]).toEqual([20, 3, 4])
    expect(bodyCount(physics)).toBe(1)
    expect([...query(world, [RigidBody])]).toEqual([eid])
  })

  test('share their shape with what is made from them; it goes when all of them are gone', async () => {
    const physics = await makePhysics({ capacity: { shapes: 1 } })
    const { world } = physics
    const { RigidBody } = physics.components
    const crate = addPrefab(world)
    addComponent(world, crate, set(RigidBody, { shape: { type: 'box', halfExtents: [1, 2, 3] } }))
    const eid = addEntity(world)
    addComponent(world, eid, IsA(crate))
    removeEntity(world, crate)
    expect(shapeInfo(physics, eid).size).toEqual([1, 2, 3])
    const other = { type: 'box', halfExtents: [3, 3, 3] } as const
    expectError('E_CAPACITY', { call: 'addBody' }, () => addBody(physics, { shape: other }))
    removeEntity(world, eid)
    addBody(physics, { shape: other })
  })

  test('may be a body that addBody made', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const model = addBody(physics, sphere([1, 2, 3], { mass: 5, shape: ball(2) }))
    const copy = addEntity(world)
    addComponent(world, copy, IsA(model))
    expect([positionOf(physics, copy), physics.components.Mass.value[copy], bodyCount(physics)]).toEqual([
      [1, 2, 3],
      5,
      2,
    ])
    removeBody(physics, model)
    expect([bodyCount(physics), isAlive(physics, copy)]).toEqual([1, true])
  })
})

describe('queries', () => {
  test('have bodies from addBody, addBodies and components alike, before and after, with other components and without', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const { Position, RigidBody, Parent } = physics.components
    const [Enemy, Dead] = [{}, {}]
    const first = addBody(physics, sphere([0, 0, 0]))
    const terms = {
      bodies: [RigidBody],
      enemies: [RigidBody, Enemy],
      living: [Position, Not(Dead)],
      any: [Or(Enemy, RigidBody)],
      bare: [Not(RigidBody)],
      nodes: [Parent],
    }
    const all = (): Record<string, number[]> =>
      Object.fromEntries(Object.entries(terms).map(([name, list]) => [name, [...query(world, list)].sort()]))
    expect(all()).toEqual({ bodies: [first], enemies: [], living: [first], any: [first], bare: [], nodes: [] })
    const [second, third] = addBodies(physics, 2, () => {})
    const plain = addEntity(world)
    addComponents(world, plain, [Enemy, set(RigidBody, { shape: ball(1) })])
    addComponents(world, second, [Enemy, Dead])
    expect(all()).toEqual({
      bodies: [first, second, third, plain],
      enemies: [second, plain],
      living: [first, third],
      any: [first, second, third, plain],
      bare: [],
      nodes: [],
    })
    removeBody(physics, third)
    removeComponent(world, plain, RigidBody)
    removeComponent(world, second, Dead)
    expect(all()).toEqual({
      bodies: [first, second],
      enemies: [second],
      living: [first, second],
      any: [first, second, plain],
      bare: [plain],
      nodes: [],
    })
    const again = addBody(physics, sphere([0, 0, 0]))
    expect(again).toBe(third)
    expect(all()).toMatchObject({ bodies: [first, second, again], enemies: [second], bare: [plain] })
  })

  test('components beyond the 31st: masks of two generations', async () => {
    const world = createWorld()
    const others = Array.from({ length: 27 }, () => ({}))
    addComponents(world, addEntity(world), others)
    const physics = await makePhysics({ world })
    const { Position, RigidBody, Charge } = physics.components
    const body = addBody(physics, sphere([0, 0, 0]))
    const late = Array.from({ length: 40 }, () => ({}))
    addComponents(world, body, late)
    expect([...query(world, [Position, RigidBody, Charge, late[39]])]).toEqual([body])
    expect([...query(world, [Position, Not(late[39])])]).toEqual([])
    for (const component of [Position, RigidBody, Charge]) expect(hasComponent(world, body, component)).toBe(true)
    removeBody(physics, body)
    expect([...query(world, [Position])]).toEqual([])
  })
})

describe('components of a body', () => {
  test('one is taken away, the rest stays; another body is not touched', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const { LinearVelocity, Force, Position } = physics.components
    const [a, b] = [0, 9].map((x) => addBody(physics, sphere([x, 0, 0], { linearVelocity: [60, 0, 0] })))
    expect(getEntityComponents(world, a)).toHaveLength(10)
    removeComponent(world, a, Force)
    expect([hasComponent(world, a, Force), hasComponent(world, b, Force)]).toEqual([false, true])
    expect([getEntityComponents(world, a).length, getEntityComponents(world, b).length]).toEqual([9, 10])
    step(physics, DT)
    expect([positionOf(physics, a)[0], positionOf(physics, b)[0]]).toEqual([1, 10])
    removeComponent(world, a, LinearVelocity)
    addComponent(world, a, LinearVelocity)
    expect(velocityOf(physics, a)).toEqual([0, 0, 0])
    expect(getComponent(world, b, Position)).toEqual({ x: 10, y: 0, z: 0 })
    expect(getComponent(world, a, Force)).toBeUndefined()
  })

  test('set changes them on a body; data that is refused changes nothing', async () => {
    const physics = await makePhysics()
    const { Position, LinearVelocity } = physics.components
    const body = addBody(physics, sphere([0, 0, 0]))
    addComponent(physics.world, body, set(Position, { x: 4 }))
    addComponent(physics.world, body, set(LinearVelocity, { y: 60 }))
    expect(() => addComponent(physics.world, body, set(Position, { x: 9, y: Number.NaN }))).toThrow('E_NOT_FINITE')
    step(physics, DT)
    expect([positionOf(physics, body), hasComponent(physics.world, body, Position)]).toEqual([[4, 1, 0], true])
  })
})

describe('observers of the game', () => {
  test('hear what happens to our components, with the values that are there', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const { Position, RigidBody, Mass } = physics.components
    const told: [string, ...unknown[]][] = []
    const ends = [
      observe(world, onAdd(RigidBody), (eid: number) => told.push(['added', eid, Position.x[eid]])),
      observe(world, onRemove(RigidBody, Mass), (eid: number) => told.push(['removed', eid])),
      observe(world, onSet(Mass), (eid: number, data: object) => told.push(['set', eid, data])),
      observe(world, onGet(Mass), () => ({ unit: 'kg' })),
      observe(world, onAdd(Not(RigidBody)), (eid: number) => told.push(['bare', eid])),
    ]
    const body = addBody(physics, sphere([7, 0, 0]))
    addComponent(world, body, set(Mass, { value: 3 }))
    expect(getComponent(world, body, Mass)).toEqual({ value: 3, unit: 'kg' })
    removeComponent(world, body, RigidBody)
    removeEntity(world, body)
    const [first, second] = addBodies(physics, 2, (i, desc) => {
      desc.position = [i, 0, 0]
    })
    removeBody(physics, second)
    for (const end of ends) end()
    removeBody(physics, first)
    // bitECS has an entity without components first, which is then a body.
    expect(told).toEqual([
      ['bare', 1],
      ['added', 1, 7],
      ['set', 1, { value: 3 }],
      ['removed', 1],
      // That it is bare again bitECS does not say: no query was made meanwhile.
      ['bare', 1],
      ['bare', 2],
      ['added', 1, 0],
      ['added', 2, 1],
      ['removed', 2],
    ])
  })
})

describe('a relation of parents', () => {
  const place = (physics: Physics, x: number): number => {
    const eid = addEntity(physics.world)
    const { Position, Rotation, Scale } = physics.components
    addComponents(physics.world, eid, [set(Position, { x, y: 0, z: 0 }), Rotation, Scale])
    return eid
  }
  const worldX = (physics: Physics, eid: number): number => worldMatrix(physics, eid, new Array<number>(16))[12]

  test('sets parents, changes them, and lets children stay where they are when it ends', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const ChildOf = createChildOf(physics)
    const [a, b, child] = [place(physics, 10), place(physics, 100), place(physics, 1)]
    addComponent(world, child, ChildOf(a))
    expect([parentOf(physics, child), worldX(physics, child)]).toEqual([a, 11])
    addComponent(world, child, ChildOf(b))
    expect([parentOf(physics, child), worldX(physics, child)]).toEqual([b, 101])
    expect(getRelationTargets(world, child, ChildOf)).toEqual([b])
    expect([...query(world, [ChildOf(b)])]).toEqual([child])
    removeComponent(world, child, ChildOf(b))
    expect([parentOf(physics, child), worldX(physics, child)]).toEqual([0, 101])
    addComponent(world, child, ChildOf(a))
    expect(worldX(physics, child)).toBe(111)
    removeEntity(world, a)
    expect([parentOf(physics, child), worldX(physics, child)]).toEqual([0, 111])
    const next = place(physics, 1000)
    expect([next, parentOf(physics, child)]).toEqual([a, 0])
    addComponent(world, child, ChildOf(next))
    expect(worldX(physics, child)).toBe(1111)
    removeEntity(world, child)
    expect(physics.transforms.count).toBe(0)
    expect(place(physics, 5)).toBe(child)
    expect(parentOf(physics, child)).toBe(0)
  })

  test('refuses circles and bodies, and the pair is not there then', async () => {
    const physics = await makePhysics()
    const { world } = physics
    const ChildOf = createChildOf(physics)
    const [a, b] = [place(physics, 1), place(physics, 2)]
    const body = addBody(physics, sphere([0, 0, 0]))
    addComponent(world, b, ChildOf(a))
    expectError('E_RANGE', { call: 'setParent', entity: a }, () => addComponent(world, a, ChildOf(b)))
    expectError('E_UNSUPPORTED', { call: 'setParent', entity: body }, () => addComponent(world, body, ChildOf(a)))
    expect([hasComponent(world, a, ChildOf(b)), hasComponent(world, body, ChildOf(a))]).toEqual([false, false])
    expect([parentOf(physics, a), parentOf(physics, b)]).toEqual([0, a])
    addComponent(world, b, ChildOf(body))
    expect(parentOf(physics, b)).toBe(body)
    step(physics, DT)
  })

  test('is one of many: Parent and setParent have the truth', async () => {
    const physics = await makePhysics()
    const ChildOf = createChildOf(physics)
    const Owns = createRelation()
    const [a, b, child] = [place(physics, 1), place(physics, 2), place(physics, 3)]
    addComponents(physics.world, child, [ChildOf(a), Owns(b)])
    setParent(physics, child, b)
    removeComponent(physics.world, child, ChildOf(a))
    expect(parentOf(physics, child)).toBe(b)
  })
})

describe('systems', () => {
  test('work in a pipe: game, physics, hierarchy, drawing', async () => {
    interface Time {
      delta: number
      alphas: number[]
    }
    const world = createWorld<Time>({ delta: 0, alphas: [] })
    const physics = await makePhysics({ world, instanceGroups: { rock: 10 } })
    const { Position, Force, RigidBody, Rotation, Scale } = physics.components
    const body = addBody(physics, sphere([0, 0, 0], { instanceGroup: 'rock', linearVelocity: [60, 0, 0] }))
    const child = addEntity(world)
    addComponents(world, child, [Position, Rotation, Scale])
    setParent(physics, child, body)
    const push = (given: Time): Time => {
      for (const eid of query(given, [RigidBody])) Force.y[eid] = 60
      return given
    }
    const after = (given: Time): Time => {
      Position.y[child] = 5
      return given
    }
    let drawn: number[] = []
    const update = pipe(
      push,
      physicsSystem<Time>(physics, { dt: ({ delta }) => delta, fixedDt: DT, maxSteps: 3 }),
      after,
      hierarchySystem<Time>(physics),
      renderSystem<Time>(physics, {
        origin: () => [0, 0, 0],
        draw: ({ groups }, given) => {
          drawn = [...groups.rock.data.subarray(0, 3)]
          given.alphas.push(groups.rock.count)
        },
      }),
    )
    world.delta = 1.5 * DT
    expect(update(world)).toBe(world)
    expect(positionOf(physics, body)[0]).toBe(1)
    expect(drawn[0]).toBeCloseTo(0.5, 5)
    // Where the body is drawn, and the child with it.
    expect(physics.transforms.matrices[16 + 13]).toBeCloseTo(drawn[1]! + 5, 5)
    world.delta = 10
    update(world)
    expect(positionOf(physics, body)[0]).toBe(4)
    expect(world.alphas).toEqual([1, 1])
  })

  test('physicsSystem without more: one step of a sixtieth a call, and all of it is shown', async () => {
    const physics = await makePhysics({ instanceGroups: { rock: 10 } })
    const body = addBody(physics, sphere([0, 0, 0], { instanceGroup: 'rock', linearVelocity: [60, 0, 0] }))
    const update = pipe(physicsSystem(physics), renderSystem(physics))
    for (let i = 0; i < 3; i++) update(physics.world)
    expect(positionOf(physics, body)[0]).toBe(3)
    expect(physics.instances.groups.rock.data[0]).toBe(3)
    renderSystem(physics, { alpha: 0.5, origin: [1, 0, 0] })(physics.world)
    expect(physics.instances.groups.rock.data[0]).toBe(1.5)
    expectError('E_RANGE', { call: 'step', field: 'dt' }, () => physicsSystem(physics, { dt: -1 })(physics.world))
  })
})

describe('without bitECS', () => {
  test('the columns are plain arrays: another entity system reads and writes them by the ids it keeps', async () => {
    const physics = await makePhysics()
    const { Position, LinearVelocity } = physics.components
    // A game with lists of its own: names by place, ids beside them.
    const names: string[] = []
    const bodies = new Uint32Array(8)
    for (const name of ['sun', 'earth', 'moon']) {
      bodies[names.length] = addBody(physics, sphere([10 * names.length, 0, 0]))
      names.push(name)
    }
    for (let i = 0; i < names.length; i++) LinearVelocity.y[bodies[i]] = 60 * i
    run(physics, 2)
    const heights = new Float32Array(8)
    for (let i = 0; i < names.length; i++) heights[i] = Position.y[bodies[i]]
    expect([...heights.subarray(0, 3)]).toEqual([0, 2, 4])
    // A range of a column goes to whoever wants an array: nothing is copied.
    const view = Position.x.subarray(bodies[0], bodies[0] + 3)
    view[1] = 99
    expect(positionOf(physics, bodies[1])[0]).toBe(99)
  })
})

describe('bitECS’s serializers', () => {
  test('SoA: columns of bodies go to another world', async () => {
    const [from, to] = [await makePhysics({ precision: 'single' }), await makePhysics({ precision: 'single' })]
    const bodies = addBodies(from, 3, (i, desc) => {
      desc.position = [i, 2 * i, 3 * i]
    })
    addBodies(to, 3, () => {})
    const columns = ({ components: { Position } }: Physics): object[] => [
      { x: f32(Position.x as never), y: f32(Position.y as never), z: f32(Position.z as never) },
    ]
    const packet = createSoASerializer(columns(from) as never, { buffer: new ArrayBuffer(4096) })([...bodies])
    createSoADeserializer(columns(to) as never)(packet)
    for (const eid of bodies) expect(positionOf(to, eid)).toEqual(positionOf(from, eid))
  })

  test('snapshots: entities with our components become bodies in another world', async () => {
    const [from, to] = [await makePhysics({ precision: 'single' }), await makePhysics({ precision: 'single' })]
    addBodies(from, 3, (i, desc) => {
      desc.position = [5 * i, 0, 0]
    })
    const listed = ({ components: { Position, RigidBody } }: Physics): object[] => [Position, RigidBody]
    const buffer = new ArrayBuffer(100_000)
    const packet = createSnapshotSerializer(from.world, listed(from) as never, buffer)()
    const ids = createSnapshotDeserializer(to.world, listed(to) as never)(packet)
    expect([bodyCount(to), ids.size]).toEqual([3, 3])
    for (const [old, eid] of ids) {
      expect(entityExists(to.world, eid)).toBe(true)
      expect(isAlive(to, eid)).toBe(true)
      expect(old).toBeGreaterThan(0)
    }
    run(to, 3)
  })
})
