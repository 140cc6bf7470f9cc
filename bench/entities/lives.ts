/** Coming and going: bodies singly and in bulk, entities of bitECS alone with as many components, and both going again. */
import {
  addComponents,
  addEntity,
  createWorld,
  observe,
  onAdd,
  onSet,
  query,
  removeEntity,
  set,
  type World,
} from 'bitecs'
import {
  addBodies,
  addBody,
  applyForce,
  type BodyDesc,
  entityOf,
  handleOf,
  isAlive,
  type Physics,
  removeBody,
} from 'manybody'
import type { Work } from './passes.ts'

const DESC = { position: [1, 2, 3], shape: { type: 'sphere', radius: 1 }, mass: 2 } as const

/** Bodies come in one way and go; `eids` has the last pass's. */
function comings(
  what: string,
  goal: number | undefined,
  physics: Physics,
  items: number,
  come: () => Uint32Array,
): Work {
  let eids: Uint32Array = new Uint32Array(0)
  return {
    what,
    engine: 'manybody',
    items,
    goal,
    run: () => {
      eids = come()
    },
    after: () => {
      for (let i = items - 1; i >= 0; i--) removeBody(physics, eids[i])
    },
  }
}

/** Bodies as they are made singly, in bulk and by components. */
export function bodyComings(physics: Physics, items: number): Work[] {
  const eids = new Uint32Array(items)
  const list = Array.from({ length: items }, (_, i): BodyDesc => ({ ...DESC, position: [i, 0, 0] }))
  const { Position, LinearVelocity, RigidBody } = physics.components
  const place = { x: 1, y: 2, z: 3 }
  const singly = (): Uint32Array => {
    for (let i = 0; i < items; i++) eids[i] = addBody(physics, DESC)
    return eids
  }
  const filled = (): Uint32Array =>
    addBodies(physics, items, (i, desc) => {
      ;(desc.position as number[])[0] = i
    })
  const byComponents = (): Uint32Array => {
    for (let i = 0; i < items; i++) {
      eids[i] = addEntity(physics.world)
      addComponents(physics.world, eids[i], [set(Position, place), set(LinearVelocity, place), set(RigidBody, DESC)])
    }
    return eids
  }
  return [
    comings('addBody', 2, physics, items, singly),
    comings('addBodies, filled', 0.5, physics, items, filled),
    comings('addBodies, listed', 0.5, physics, items, () => addBodies(physics, list)),
    comings('addComponents, three set', undefined, physics, items, byComponents),
  ]
}

/** As many components of plain columns. */
function plainComponents(entities: number): Record<string, Float32Array>[] {
  return Array.from({ length: 10 }, () => ({ x: new Float32Array(entities + 1) }))
}

/** bitECS alone: ten components on an entity, once unobserved, once with what engines on top of it observe. */
export function bitecsComings(items: number): Work[] {
  const work = (what: string, observed: boolean): Work => {
    const world: World = createWorld()
    const components = plainComponents(items)
    if (observed) {
      for (const component of components) {
        observe(world, onAdd(component), (eid: number) => {
          component.x[eid] = 0
        })
        observe(world, onSet(component), (eid: number, data: { x: number }) => {
          component.x[eid] = data.x
        })
      }
    }
    const eids = new Uint32Array(items)
    return {
      what,
      engine: 'bitecs',
      items,
      run: () => {
        for (let i = 0; i < items; i++) {
          eids[i] = addEntity(world)
          addComponents(world, eids[i], components)
        }
      },
      after: () => {
        for (let i = items - 1; i >= 0; i--) removeEntity(world, eids[i])
      },
    }
  }
  return [work('ten components', false), work('ten components, observed', true)]
}

/** Going: bodies with all they have, entities with ten components. */
export function goings(physics: Physics, items: number): Work[] {
  const world = createWorld()
  const components = plainComponents(items)
  let bodies: Uint32Array = new Uint32Array(0)
  const entities = new Uint32Array(items)
  return [
    {
      what: 'removeBody',
      engine: 'manybody',
      items,
      before: () => {
        bodies = addBodies(physics, items, () => {})
      },
      run: () => {
        for (let i = items - 1; i >= 0; i--) removeBody(physics, bodies[i])
      },
    },
    {
      what: 'removeEntity, ten components',
      engine: 'bitecs',
      items,
      before: () => {
        for (let i = 0; i < items; i++) {
          entities[i] = addEntity(world)
          addComponents(world, entities[i], components)
        }
      },
      run: () => {
        for (let i = items - 1; i >= 0; i--) removeEntity(world, entities[i])
      },
    },
  ]
}

/** Where results go, so that no optimiser leaves out what gives them. */
export const sink = { found: 0 }

/** Looking: handles checked, bodies found and written through a query, the same in bitECS alone. */
export function looks(physics: Physics, items: number): Work[] {
  const { world, components } = physics
  const { Position, LinearVelocity, RigidBody } = components
  const eids = addBodies(physics, items, () => {})
  const handles = Float64Array.from(eids, (eid) => handleOf(physics, eid))
  const force = [1, 0, 0]
  const alone = createWorld()
  const [Place, Speed] = [0, 1].map(() => ({ x: new Float32Array(items + 1) }))
  for (let i = 0; i < items; i++) addComponents(alone, addEntity(alone), [Place, Speed])
  const each = (what: string, act: (i: number) => void): Work => ({
    what,
    engine: 'manybody',
    items,
    run: () => {
      for (let i = 0; i < items; i++) act(i)
    },
  })
  const move = (x: Float32Array, v: Float32Array, list: ArrayLike<number>): void => {
    for (let i = 0; i < list.length; i++) x[list[i]] += v[list[i]] * 1e-3
  }
  return [
    each('entityOf(handle)', (i) => {
      sink.found += entityOf(physics, handles[i])
    }),
    each('isAlive(handle)', (i) => {
      sink.found += isAlive(physics, handles[i]) ? 1 : 0
    }),
    each('applyForce by id', (i) => applyForce(physics, eids[i], force)),
    each('applyForce by handle', (i) => applyForce(physics, handles[i], force)),
    {
      what: 'query and write',
      engine: 'manybody',
      items,
      run: () =>
        move(Position.x as Float32Array, LinearVelocity.x as Float32Array, query(world, [RigidBody, Position])),
    },
    {
      what: 'query and write',
      engine: 'bitecs',
      items,
      run: () => move(Place.x, Speed.x, query(alone, [Place, Speed])),
    },
  ]
}
