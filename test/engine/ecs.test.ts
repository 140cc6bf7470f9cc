/** The short way into bitECS against its public calls: the same queries, the same observers, whatever comes. */
import {
  addComponent,
  addEntity,
  addPrefab,
  createWorld,
  getAllEntities,
  getEntityComponents,
  hasComponent,
  IsA,
  Not,
  Or,
  observe,
  onAdd,
  onRemove,
  Prefab,
  query,
  removeComponent,
  removeEntity,
} from 'bitecs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { announce, createEcs, createKit, equip, onComponent, onLife, spawn } from '../../engine/ecs.ts'

test('the inside of the bitECS that is installed is what we know; where it is not, the public calls do', () => {
  const world = createWorld()
  expect(createEcs(world).inside).toBeDefined()
  const inside = (world as Record<symbol, Record<string, unknown>>)[Symbol.for('bitecs_internal')]
  inside.dirty = inside.dirtyQueries
  delete inside.dirtyQueries
  expect(createEcs(world).inside).toBeUndefined()
})

type Command = [kind: number, entity: number, component: number]

/** Runs commands in a fresh world. Gives what queries, observers and listeners say. */
function story(direct: boolean, commands: readonly Command[]): unknown[] {
  const world = createWorld()
  const filler = Array.from({ length: 27 }, () => ({}))
  for (const component of filler) addComponent(world, addEntity(world), component)
  const ecs = createEcs(world, direct)
  expect(ecs.inside !== undefined).toBe(direct)
  const parts = Array.from({ length: 6 }, () => ({}))
  const kit = createKit(ecs, parts.slice(0, 4))
  const told: unknown[] = []
  const alive = new Set<number>()
  const listened = new Set<number>()
  let equipping = false
  onLife(ecs, {
    has: (eid) => alive.has(eid),
    added: (eid) => void alive.add(eid),
    removed: (eid) => void alive.delete(eid),
  })
  onComponent(ecs, parts[5], {
    has: (eid) => listened.has(eid),
    added: (eid) => {
      listened.add(eid)
      if (!equipping) told.push('listened', eid)
    },
    removed: (eid) => void listened.delete(eid),
  })
  const terms = [[parts[0]], [parts[0], parts[5]], [parts[1], Not(parts[4])], [Or(parts[3], parts[4])], [Not(parts[5])]]
  observe(world, onAdd(parts[0], parts[3]), (eid: number) => told.push('added', eid))
  observe(world, onRemove(parts[2]), (eid: number) => told.push('removed', eid))
  const entities: number[] = []
  const look = (): void => {
    for (const list of terms) told.push([...query(world, list)].sort((a, b) => a - b).join())
    told.push([...alive].sort((a, b) => a - b).join())
    told.push([...getAllEntities(world)].sort((a, b) => a - b).join())
    for (const eid of entities) told.push(parts.map((part) => getEntityComponents(world, eid).includes(part)).join())
  }
  for (const [kind, entity, component] of commands) {
    const eid = entities[entity % Math.max(1, entities.length)]
    if (kind < 3) {
      const made = spawn(kit)
      equipping = true
      equip(kit, made)
      announce(kit, made)
      equipping = false
      entities.push(made)
    } else if (kind === 3) entities.push(addEntity(world))
    else if (kind === 4) entities.push(addPrefab(world))
    else if (eid === undefined) continue
    else if (kind === 5) {
      removeEntity(world, eid)
      entities.splice(entities.indexOf(eid), 1)
      listened.delete(eid)
    } else if (kind < 8) addComponent(world, eid, parts[component])
    else if (kind === 8) removeComponent(world, eid, parts[component])
    else if (kind === 9) {
      const base = entities[component % entities.length]
      if (base !== eid && hasComponent(world, base, Prefab)) addComponent(world, eid, IsA(base))
    } else look()
  }
  look()
  return told
}

test('any commands tell the same story both ways', () => {
  const command = fc.tuple(fc.nat(10), fc.nat(30), fc.nat(5)) as fc.Arbitrary<Command>
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      expect(story(true, commands)).toEqual(story(false, commands))
    }),
    { numRuns: 400 },
  )
})

test('two kits in one world: each body has what its own says, and what it was given beside', () => {
  const world = createWorld()
  const ecs = createEcs(world)
  const parts = Array.from({ length: 4 }, () => ({}))
  const [one, other] = [createKit(ecs, parts.slice(0, 2)), createKit(createEcs(world), parts.slice(1, 3))]
  const make = (kit: typeof one): number => {
    const eid = spawn(kit)
    equip(kit, eid)
    announce(kit, eid)
    return eid
  }
  const [a, b, c] = [make(one), make(other), make(one)]
  addComponent(world, c, parts[3])
  const has = (eid: number): number[] =>
    getEntityComponents(world, eid)
      .map((part) => parts.indexOf(part))
      .sort()
  expect([a, b, c].map(has)).toEqual([
    [0, 1],
    [1, 2],
    [0, 1, 3],
  ])
  removeEntity(world, b)
  expect([...getAllEntities(world)]).toEqual([a, c])
  expect(has(make(one))).toEqual([0, 1])
})
