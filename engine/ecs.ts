import { addComponents, addEntity, Not, observe, onAdd, onRemove, registerComponent, type World } from 'bitecs'

/**
 * The wire to bitECS. Its public calls cost about 0.6 µs for each component that is added and observed, ten of them to a body; so listeners enter
 * themselves as queries that keep no list, and a fresh entity gets a whole set of components at once, by the same masks and queries as bitECS's
 * own calls. That rests on the inside of bitECS 0.4, which a test compares with the public calls; where it looks different, those are used.
 */
export interface Ecs {
  readonly world: World
  /** The inside of the world; undefined where it is not what we know. */
  readonly inside: Inside | undefined
  /** Listens to entities. */
  life: Query | undefined
}

/** What we use of the inside of a bitECS world. */
interface Inside {
  entityIndex: { aliveCount: number; maxId: number; readonly dense: number[]; readonly sparse: number[] }
  entityMasks: number[][]
  entityComponents: Sets
  componentMap: Map<object, ComponentRecord>
  queries: Set<Query>
  notQueries: Set<Query>
  dirtyQueries: Set<Query>
}

interface ComponentRecord {
  readonly generationId: number
  readonly bitflag: number
  readonly queries: Set<Query>
}

/** A sparse set of entities. */
interface List {
  has(eid: number): boolean
  add(eid: number): void
  remove(eid: number): void
  reset(): void
  sort(): void
  readonly dense: number[]
  readonly sparse: number[]
}

type Masks = Record<number, number>

interface Query extends List {
  readonly masks: Masks
  readonly notMasks: Masks
  readonly orMasks: Masks
  readonly generations: number[]
  readonly toRemove: List
  readonly addObservable: { notify(eid: number): void }
  readonly removeObservable: { notify(eid: number): void }
  /** Of listeners: they are nobody's query. */
  readonly listens?: true
}

/** What a listener does. */
export interface Listener {
  added?: (eid: number) => void
  removed?: (eid: number) => void
  /** Whether the entity counts as added. Only who does is removed. */
  has?: (eid: number) => boolean
}

const INSIDE = Symbol.for('bitecs_internal')

/** The wire to a world. */
export function createEcs(world: World, direct = true): Ecs {
  const inside = (world as Record<symbol, object | undefined>)[INSIDE]
  const known = direct && inside && KNOWN.every((name) => name in inside)
  return { world, inside: known ? (inside as Inside) : undefined, life: undefined }
}

const KNOWN: readonly (keyof Inside)[] = [
  'entityIndex',
  'entityMasks',
  'entityComponents',
  'componentMap',
  'queries',
  'notQueries',
  'dirtyQueries',
]

/** Listens to a component coming and going. Gives what ends it. Entities that go whole are told to `onLife` alone, where that is possible. */
export function onComponent({ world, inside }: Ecs, component: object, listener: Listener): () => void {
  if (!inside) return observeBoth(world, component, listener)
  const { generationId, bitflag, queries } = recordOf(world, inside, component)
  const listening = listen({ [generationId]: bitflag }, [generationId], listener)
  queries.add(listening)
  return () => queries.delete(listening)
}

/** What bitECS keeps of a component. */
function recordOf(world: World, { componentMap }: Inside, component: object): ComponentRecord {
  return componentMap.get(component) ?? (registerComponent(world, component) as unknown as ComponentRecord)
}

/** Listens to entities coming and going, whatever they have. Gives what ends it. */
export function onLife(ecs: Ecs, listener: Listener): () => void {
  const { world, inside } = ecs
  if (!inside) return observeBoth(world, Not({}), listener)
  const listening = listen({}, [], listener)
  ecs.life = listening
  inside.notQueries.add(listening)
  inside.queries.add(listening)
  return () => {
    inside.notQueries.delete(listening)
    inside.queries.delete(listening)
  }
}

function observeBoth(world: World, term: object, { added, removed }: Listener): () => void {
  const ends = [
    added ? observe(world, onAdd(term), added) : undefined,
    removed ? observe(world, onRemove(term), removed) : undefined,
  ]
  return () => {
    for (const end of ends) end?.()
  }
}

/** A query without a list: who is in it is the listener's business. */
function listen(masks: Masks, generations: number[], { added = nothing, removed = nothing, has }: Listener): Query {
  return {
    ...NO_LIST,
    has: has ?? never,
    toRemove: NO_LIST,
    masks,
    notMasks: {},
    orMasks: {},
    generations,
    addObservable: { notify: added },
    removeObservable: { notify: removed },
    listens: true,
  }
}

const nothing = (): void => {}
const never = (): boolean => false
const NO_LIST: List = {
  has: never,
  add: nothing,
  remove: nothing,
  reset: nothing,
  sort: nothing,
  dense: [],
  sparse: [],
}

/** Components that fresh entities get all at once. */
export interface Kit {
  readonly ecs: Ecs
  readonly components: readonly object[]
  readonly shared: ReadonlySet<object>
  /** Mask generations and their bits. */
  readonly masks: readonly (readonly [number[], number])[]
  /** The queries of bitECS that any of the components is in, and how many of them those components had when they were listed. */
  readonly queries: Query[]
  readonly sets: readonly Set<Query>[]
  listed: number
}

/** A kit of components. */
export function createKit(ecs: Ecs, components: readonly object[]): Kit {
  const { inside, world } = ecs
  const known = inside ? components.map((component) => recordOf(world, inside, component)) : []
  if (inside && !('sharing' in inside.entityComponents)) inside.entityComponents = new SharedSets(inside)
  const bits: number[] = []
  for (const { generationId, bitflag } of known) bits[generationId]! |= bitflag
  return {
    ecs,
    components,
    shared: new Set(components),
    masks: bits.map((mask, generation) => [inside!.entityMasks[generation]!, mask]),
    queries: [],
    sets: known.map(({ queries }) => queries),
    listed: -1,
  }
}

/** A new entity, which queries know of that ask for what it has not; `equip` or `leaveBare` comes next. */
export function spawn({ ecs, shared }: Kit): number {
  const { inside, life } = ecs
  if (!inside) return addEntity(ecs.world)
  const { entityIndex, notQueries } = inside
  const { dense, sparse, aliveCount } = entityIndex
  if (aliveCount === dense.length) dense.push(++entityIndex.maxId)
  const eid = dense[aliveCount]!
  sparse[eid] = aliveCount
  entityIndex.aliveCount++
  inside.entityComponents.sharing![eid] = shared
  // Most worlds have no query but the listener's that finds an entity without components.
  if (life && notQueries.size === 1) life.addObservable.notify(eid)
  else for (const one of notQueries) if (one.listens || matches(inside, one, eid)) enter(one, eid)
  return eid
}

/** Gives a spawned entity the kit's components; queries and observers hear of it by `announce`. */
export function equip({ ecs, components, masks }: Kit, eid: number): void {
  const { inside } = ecs
  if (!inside) {
    addComponents(ecs.world, eid, components as object[])
    return
  }
  for (let i = 0; i < masks.length; i++) {
    const [of, bits] = masks[i]!
    of[eid]! |= bits
  }
}

/** Lets a spawned entity be without components. */
export function leaveBare({ ecs: { inside } }: Kit, eid: number): void {
  inside?.entityComponents.set(eid, new Set())
}

/** Enters an equipped entity into the queries that it matches, and so tells their observers. */
export function announce(kit: Kit, eid: number): void {
  const { inside } = kit.ecs
  if (!inside) return
  listQueries(kit)
  const { queries } = kit
  for (let i = 0; i < queries.length; i++) {
    const one = queries[i]!
    if (matches(inside, one, eid)) enter(one, eid)
    else withdraw(inside, one, eid)
  }
}

/** Lists the kit's queries anew when there are more: bitECS takes none away from a component. */
function listQueries(kit: Kit): void {
  const { sets, queries } = kit
  let count = 0
  for (let i = 0; i < sets.length; i++) count += sets[i]!.size
  if (count === kit.listed) return
  kit.listed = count
  queries.length = 0
  for (const one of new Set(sets.flatMap((set) => [...set]))) if (!one.listens) queries.push(one)
}

/** bitECS's own rule, of the masks that the entity has now. */
function matches({ entityMasks }: Inside, { generations, masks, notMasks, orMasks }: Query, eid: number): boolean {
  let either = true
  for (const generation in orMasks) either &&= !orMasks[generation]
  for (let i = 0; i < generations.length; i++) {
    const generation = generations[i]!
    const mask = entityMasks[generation]![eid]!
    const wanted = masks[generation]
    if (mask & notMasks[generation]! || (wanted && (mask & wanted) !== wanted)) return false
    if (mask & orMasks[generation]!) either = true
  }
  return either
}

function enter(one: Query, eid: number): void {
  const { toRemove } = one
  if (toRemove.has(eid)) toRemove.remove(eid)
  else if (one.has(eid)) return
  else one.add(eid)
  one.addObservable.notify(eid)
}

function withdraw({ dirtyQueries }: Inside, one: Query, eid: number): void {
  if (!one.has(eid) || one.toRemove.has(eid)) return
  one.toRemove.add(eid)
  dirtyQueries.add(one)
  one.removeObservable.notify(eid)
}

/** The components of each entity, as far as bitECS asks for them. */
interface Sets {
  readonly sharing?: (ReadonlySet<object> | undefined)[]
  get(eid: number): Set<object> | undefined
  set(eid: number, components: Set<object>): unknown
  delete(eid: number): unknown
  keys(): Iterable<number>
}

/**
 * Takes the place of bitECS's own map: all entities with the same kit share one set, until bitECS asks for that of one. An entry a body in the map
 * took a third of the time of `addBody`.
 */
class SharedSets implements Sets {
  readonly sharing: (ReadonlySet<object> | undefined)[] = []
  private readonly own: Sets
  private readonly inside: Inside

  constructor(inside: Inside) {
    this.own = inside.entityComponents
    this.inside = inside
  }

  get(eid: number): Set<object> | undefined {
    const shared = this.sharing[eid]
    if (shared) this.set(eid, new Set(shared))
    return this.own.get(eid)
  }

  set(eid: number, components: Set<object>): void {
    this.sharing[eid] = undefined
    this.own.set(eid, components)
  }

  delete(eid: number): void {
    if (this.sharing[eid]) this.sharing[eid] = undefined
    else this.own.delete(eid)
  }

  keys(): Iterable<number> {
    const { dense, aliveCount } = this.inside.entityIndex
    return dense.slice(0, aliveCount)
  }
}
