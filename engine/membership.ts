import { getAllEntities, hasComponent, observe, onGet, onSet, Prefab, removeComponent, type World } from 'bitecs'
import { ALIVE, RETIRED, SEEN } from './alive.ts'
import { type BodyDesc, blankBody, checkBody, readBody } from './body-desc.ts'
import { enlist, readVector, writeBody, writeEntry, writeVector } from './body-write.ts'
import type { Components, VectorComponent } from './components.ts'
import { createEcs, createKit, onComponent, onLife } from './ecs.ts'
import { checkNumber, refuse } from './errors.ts'
import { BODY, CAN_SLEEP, DYNAMIC, JOINTED } from './flags.ts'
import { leaveFamily, place, uproot } from './hierarchy.ts'
import { busyError, INTERNALS, type Internals, type Physics } from './internals.ts'
import type { RealArray, Views } from './memory/views.ts'
import { countReleased, countTaken } from './pool.ts'
import { forgetIndex } from './query/columns.ts'
import { dropFresh } from './shapes/table.ts'

/**
 * bitECS decides who is a body: adding `RigidBody` makes one, removing it or the entity ends it.
 *
 * bitECS 0.4 calls `onAdd` before the data of `set(…)` is there, reuses ids at once with the old values in the columns, and drops the data of
 * `set` when no observer takes it. So adding a component clears its columns, and `onSet` writes the data.
 */
type Columns = Record<string, RealArray>

/** What is known of the entities of a world, and what every body has of components: all but those of the hierarchy and of particles. */
export function createLife(
  world: World,
  components: Components,
  views: Views,
  entities: number,
): Pick<
  Internals,
  'generations' | 'still' | 'raised' | 'life' | 'ecs' | 'kit' | 'blank' | 'sources' | 'changedSources'
> {
  const ecs = createEcs(world)
  const { Parent, ParticleSystem, ...rest } = components
  return {
    generations: views.u32('RigidBody.generation'),
    still: views.real('RigidBody.still'),
    raised: new Uint32Array(entities),
    life: new Uint8Array(entities),
    ecs,
    kit: createKit(ecs, Object.values(rest)),
    blank: blankBody(),
    sources: new Map(),
    changedSources: new Set(),
  }
}

/** Clears what an earlier body with this id left: everything zero. */
export function clearEntity(physics: Physics, eid: number): void {
  forgetShape(physics, eid)
  for (const component of physics[INTERNALS].kit.components) clearComponent(component, eid)
}

/** Lets the shape of an entity go. bitECS tells nobody when a prefab goes: its shape goes when its id is used again. */
function forgetShape(physics: Physics, eid: number): void {
  const { shape } = physics.components.RigidBody
  if (shape[eid]) writeEntry(physics[INTERNALS], shape, eid, 0)
}

function clearComponent(component: object, eid: number): void {
  for (const key in component) (component as Record<string, RealArray | Uint32Array>)[key]![eid] = 0
}

/** An entity is born: its id gets a generation that it never had. */
function beBorn({ life, raised, generations, pools }: Internals, eid: number): void {
  if (eid >= life.length || life[eid]! & RETIRED) return
  countTaken(pools.entities, (life[eid]! & SEEN) !== 0)
  if (life[eid]! & SEEN) raise({ life, raised, generations }, eid)
  life[eid]! |= ALIVE | SEEN
}

/** Nobody has the handles of before any more. The last generation retires the id: a later one would be one of the first again. */
function raise({ life, raised, generations }: Pick<Internals, 'life' | 'raised' | 'generations'>, eid: number): void {
  const next = Math.min(LAST, Math.max(raised[eid]!, generations[eid]!) + 1)
  if (next === LAST) life[eid]! |= RETIRED
  raised[eid] = next
  generations[eid] = next
}

const LAST = 2 ** 32 - 1

/** An entity goes, with all that it is here. bitECS has not freed the id yet. */
function die(physics: Physics, eid: number): void {
  const internals = physics[INTERNALS]
  if (eid >= internals.life.length) return
  if (internals.busy === 'step') throw busyError(internals, 'removeEntity')
  leaveFamily(physics, eid)
  endSource(internals, eid)
  endBody(physics, eid)
  // Of a prefab.
  forgetShape(physics, eid)
  internals.life[eid]! &= ~ALIVE
  countReleased(internals.pools.entities)
}

/** An entity has no particle system any more: `particleSystem` ends it. */
function endSource({ sources, changedSources }: Internals, eid: number): void {
  if (sources.delete(eid)) changedSources.add(eid)
}

/** An entity is a body no longer, and another one to whoever has a handle. */
function leave(physics: Physics, eid: number): void {
  const internals = physics[INTERNALS]
  if (!(physics.components.RigidBody.flags[eid]! & BODY)) return
  if (internals.busy === 'step') throw busyError(internals, 'removeComponent')
  endBody(physics, eid)
  raise(internals, eid)
}

function endBody(physics: Physics, eid: number): void {
  const internals = physics[INTERNALS]
  const { flags } = physics.components.RigidBody
  if (!(flags[eid]! & BODY)) return
  internals.kernel.exports.wake_island(eid)
  for (const tell of internals.leaving) tell(eid)
  forgetShape(physics, eid)
  internals.still[eid] = 0
  // What the last step did to it is not what happened to the next body with this id.
  internals.live[eid] = 0
  enlist(internals, flags, eid, 0)
}

/** Installs the observers; gives what takes them away again. */
export function observeWorld(physics: Physics): (() => void)[] {
  const { world, components } = physics
  const { RigidBody, Parent, ParticleSystem, ...values } = components
  const internals = physics[INTERNALS]
  const { ecs, family, life, sources, changedSources } = internals
  for (const eid of getAllEntities(world)) beBorn(internals, eid)
  const unsubscribe = [
    observe(world, onSet(Parent), (eid: number, data: { entity: number }) => {
      place(physics, eid, data.entity)
    }),
    onComponent(ecs, Parent, {
      has: (eid) => family.isNode[eid] === 1,
      removed: (eid) => leaveFamily(physics, eid),
    }),
    onComponent(ecs, RigidBody, {
      has: (eid) => (RigidBody.flags[eid]! & BODY) !== 0,
      added: (eid) => joinByComponent(physics, eid),
      removed: (eid) => leave(physics, eid),
    }),
    observe(world, onSet(ParticleSystem), (eid: number, desc: object) => {
      sources.set(eid, desc)
      changedSources.add(eid)
    }),
    observe(world, onGet(ParticleSystem), (eid: number) => sources.get(eid)),
    onComponent(ecs, ParticleSystem, {
      has: (eid) => sources.has(eid),
      removed: (eid) => endSource(internals, eid),
    }),
    onLife(ecs, {
      has: (eid) => (life[eid]! & ALIVE) !== 0,
      added: (eid) => beBorn(internals, eid),
      removed: (eid) => die(physics, eid),
    }),
    observe(world, onSet(RigidBody), (eid: number, data: BodyDesc | BodyColumns) => {
      orTakeBack(physics, RigidBody, eid, () => setBody(physics, eid, data))
    }),
  ]
  for (const component of [Parent, RigidBody, ...Object.values(values)]) {
    const columns = component as unknown as Columns
    unsubscribe.push(observe(world, onGet(component), (eid: number) => getValues(columns, eid)))
  }
  for (const [name, component] of Object.entries(values)) {
    const columns = component as unknown as Columns
    unsubscribe.push(
      onComponent(ecs, component, { added: (eid) => addValues(physics, component, eid) }),
      observe(world, onSet(component), (eid: number, data: Record<string, number>) => {
        orTakeBack(physics, component, eid, () => setValues(name, columns, eid, data))
        forgetIndex(physics[INTERNALS])
      }),
    )
  }
  return unsubscribe
}

/** Runs a `set`. When it is refused and the component was only just added for it, the component goes again. */
function orTakeBack(physics: Physics, component: object, eid: number, run: () => void): void {
  const { added } = physics[INTERNALS]
  const fresh = added.component === component && added.eid === eid
  added.component = undefined
  try {
    run()
  } catch (error) {
    if (fresh) removeComponent(physics.world, eid, component)
    throw error
  }
}

/** A value component begins with zeros: no rotation, mass 1 kg, drawn size 1. */
function addValues(physics: Physics, component: object, eid: number): void {
  const { components, capacity } = physics
  const internals = physics[INTERNALS]
  if (internals.direct || eid >= capacity.entities) return
  internals.added.eid = eid
  internals.added.component = component
  clearComponent(component, eid)
  if (component === components.Rotation) components.Rotation.w[eid] = 1
  if (component === components.Mass) components.Mass.value[eid] = 1
  if (component === components.Scale) writeVector(components.Scale, eid, ONES)
  forgetIndex(internals)
}

const ONES = [1, 1, 1]

/** A `RigidBody` without data is a dynamic sphere of radius 0.5 m and mass 1 kg; components that the entity lacks are cleared. */
function joinByComponent(physics: Physics, eid: number): void {
  const { world, components } = physics
  const internals = physics[INTERNALS]
  if (internals.direct) return
  const prefab = hasComponent(world, eid, Prefab)
  try {
    checkRoom(physics, eid, prefab)
  } catch (refused) {
    removeComponent(world, eid, components.RigidBody)
    throw refused
  }
  if (!prefab && components.Parent.entity[eid]) place(physics, eid, 0, uproot)
  writeDefaults(physics, eid)
  const { RigidBody } = components
  internals.added.eid = eid
  internals.added.component = RigidBody
  enlist(internals, RigidBody.flags, eid, DYNAMIC | (prefab ? 0 : BODY) | (internals.sleeps ? CAN_SLEEP : 0))
}

/** Refuses an entity that cannot become a body. @throws PhysicsError E_BUSY, E_CAPACITY */
function checkRoom({ capacity, [INTERNALS]: internals }: Physics, eid: number, prefab: boolean): void {
  if (internals.busy) throw busyError(internals, CALL)
  let field = ''
  let value = LAST
  if (eid >= capacity.entities) {
    field = 'capacity.entities'
    value = capacity.entities
  } else if (!prefab && internals.bodies >= capacity.bodies) {
    field = 'capacity.bodies'
    value = capacity.bodies
  } else if (!prefab && internals.life[eid]! & RETIRED) field = 'generation'
  if (field) refuse('E_CAPACITY', CALL, 'no room for another body', field, value, eid)
}

const CALL = 'addComponent'

/** What a body is without data. Components that the entity has keep their values. */
function writeDefaults(physics: Physics, eid: number): void {
  const { world, components, [INTERNALS]: internals } = physics
  const { RigidBody, Rotation, Mass } = components
  forgetShape(physics, eid)
  for (const component of internals.kit.components) {
    if (component === RigidBody || !hasComponent(world, eid, component)) clearComponent(component, eid)
  }
  if (!hasComponent(world, eid, Rotation)) Rotation.w[eid] = 1
  if (!hasComponent(world, eid, Mass)) Mass.value[eid] = 1
  RigidBody.radius[eid] = 0.5
  RigidBody.friction[eid] = 0.5
  RigidBody.gravityScale[eid] = 1
  RigidBody.group[eid] = 1
  RigidBody.mask[eid] = 0xffff_ffff
}

/** What `onGet` gives of a body: the columns. bitECS hands it to `onSet` when an entity is made from a prefab. */
type BodyColumns = Record<string, number> & { flags: number }

/**
 * `set(RigidBody, desc)`: the description's fields; pose, velocity, mass and charge only when it has them, for they are components of their own.
 * A prefab keeps the values without being a body.
 */
function setBody(physics: Physics, eid: number, data: BodyDesc | BodyColumns): void {
  const { components, world } = physics
  const { Position, Rotation, LinearVelocity, AngularVelocity, Mass, Charge, RigidBody } = components
  const internals = physics[INTERNALS]
  const prefab = hasComponent(world, eid, Prefab)
  // bitECS calls no `onAdd` for prefabs.
  if (prefab && RigidBody.flags[eid] === 0) writeDefaults(physics, eid)
  if ('flags' in data) {
    const { flags, shape, ...values } = data
    setValues('RigidBody', RigidBody as unknown as Columns, eid, values)
    writeEntry(internals, RigidBody.shape, eid, shape ?? 0)
    enlist(internals, RigidBody.flags, eid, prefab ? flags & ~BODY : flags | BODY)
    return
  }
  const at = (v: VectorComponent): number[] => readVector(v, eid, [])
  const whole: BodyDesc = {
    position: at(Position),
    rotation: [...at(Rotation), Rotation.w[eid]!],
    linearVelocity: at(LinearVelocity),
    angularVelocity: at(AngularVelocity),
    charge: Charge.value[eid]!,
    ...(hasComponent(world, eid, Mass) && data.density === undefined ? { mass: Mass.value[eid]! } : {}),
    ...data,
    shape: data.shape ??
      internals.shapes.shapes[RigidBody.shape[eid]!] ?? { type: 'sphere', radius: RigidBody.radius[eid]! },
  }
  const before = RigidBody.flags[eid]!
  try {
    const checked = checkBody(internals, 'set(RigidBody)', readBody(whole, internals.blank), eid)
    if (prefab) checked.flags &= ~BODY
    if (before & BODY) internals.kernel.exports.wake_island(eid)
    checked.flags |= before & JOINTED
    writeBody(physics, eid, internals.blank, checked)
  } finally {
    dropFresh(internals.shapes)
  }
}

function setValues(name: string, columns: Columns, eid: number, data: Record<string, number>): void {
  const bounds = name === 'Mass' ? { above: 0 } : {}
  for (const key in columns) {
    if (data[key] !== undefined) checkNumber(`set(${name})`, key, data[key], bounds, eid)
  }
  for (const key in columns) if (data[key] !== undefined) columns[key]![eid] = data[key]
}

function getValues(columns: Columns, eid: number): Record<string, number> {
  const data: Record<string, number> = {}
  for (const key in columns) data[key] = columns[key]![eid]!
  return data
}
