import { hasComponent, observe, onAdd, onGet, onRemove, onSet, Prefab, removeComponent } from 'bitecs'
import { type BodyDesc, checkBody } from './body-desc.ts'
import { enlist, writeBody, writeEntry, writeVector } from './body-write.ts'
import type { Components, VectorComponent } from './components.ts'
import { checkNumber, PhysicsError } from './errors.ts'
import { BODY, CAN_SLEEP, DYNAMIC, JOINTED } from './flags.ts'
import { INTERNALS, type Physics } from './internals.ts'
import type { RealArray } from './memory/views.ts'
import { forgetIndex } from './query-columns.ts'
import { dropFresh } from './shape-table.ts'

/**
 * bitECS decides who is a body: adding `RigidBody` makes one, removing it or the entity ends it.
 *
 * bitECS 0.4 calls `onAdd` before the data of `set(…)` is there, reuses ids at once with the old values in the columns, and drops the data of
 * `set` when no observer takes it. So adding a component clears its columns, and `onSet` writes the data.
 */
type Columns = Record<string, RealArray>

const lists = new WeakMap<Components, object[]>()

/** Every component of a world, as `addComponents` takes them. */
export function allComponents(components: Components): object[] {
  let list = lists.get(components)
  if (!list) {
    list = Object.values(components)
    lists.set(components, list)
  }
  return list
}

/** Clears what an earlier body with this id left: everything zero. */
export function clearEntity(physics: Physics, eid: number): void {
  forgetShape(physics, eid)
  for (const component of allComponents(physics.components)) clearComponent(component, eid)
}

/** Lets the shape of an entity go. bitECS tells nobody when a prefab goes: its shape goes when its id is used again. */
function forgetShape(physics: Physics, eid: number): void {
  const { shape } = physics.components.RigidBody
  if (shape[eid]) writeEntry(physics[INTERNALS], shape, eid, 0)
}

function clearComponent(component: object, eid: number): void {
  for (const key in component) (component as Record<string, RealArray | Uint32Array>)[key]![eid] = 0
}

/** Ends a body: its id is free, and an old handle to it is known as stale. */
export function leave(physics: Physics, eid: number): void {
  const internals = physics[INTERNALS]
  const { flags } = physics.components.RigidBody
  if (!(flags[eid]! & BODY)) return
  internals.kernel.exports.wake_island(eid)
  for (const tell of internals.leaving) tell(eid)
  forgetShape(physics, eid)
  internals.still[eid] = 0
  enlist(internals, flags, eid, 0)
  internals.generations[eid]!++
}

/** Installs the observers; gives what takes them away again. */
export function observeWorld(physics: Physics): (() => void)[] {
  const { world, components } = physics
  const { RigidBody, ...values } = components
  const unsubscribe = [
    observe(world, onAdd(RigidBody), (eid: number) => joinByComponent(physics, eid)),
    observe(world, onRemove(RigidBody), (eid: number) => leave(physics, eid)),
    observe(world, onSet(RigidBody), (eid: number, data: BodyDesc | BodyColumns) => {
      orTakeBack(physics, RigidBody, eid, () => setBody(physics, eid, data))
    }),
    observe(world, onGet(RigidBody), (eid: number) => getValues(RigidBody as unknown as Columns, eid)),
  ]
  for (const [name, component] of Object.entries(values)) {
    const columns = component as unknown as Columns
    unsubscribe.push(
      observe(world, onAdd(component), (eid: number) => addValues(physics, component, eid)),
      observe(world, onSet(component), (eid: number, data: Record<string, number>) => {
        orTakeBack(physics, component, eid, () => setValues(name, columns, eid, data))
        forgetIndex(physics[INTERNALS])
      }),
      observe(world, onGet(component), (eid: number) => getValues(columns, eid)),
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
  const { world, components, capacity } = physics
  const internals = physics[INTERNALS]
  if (internals.direct) return
  const prefab = hasComponent(world, eid, Prefab)
  if (eid >= capacity.entities || (!prefab && internals.bodies >= capacity.bodies)) {
    const field = eid >= capacity.entities ? 'capacity.entities' : 'capacity.bodies'
    const value = eid >= capacity.entities ? capacity.entities : capacity.bodies
    removeComponent(world, eid, components.RigidBody)
    throw new PhysicsError('E_CAPACITY', 'addComponent', 'no room for another body', { entity: eid, field, value })
  }
  writeDefaults(physics, eid)
  const { RigidBody } = components
  internals.added.eid = eid
  internals.added.component = RigidBody
  enlist(internals, RigidBody.flags, eid, DYNAMIC | (prefab ? 0 : BODY) | (internals.sleeps ? CAN_SLEEP : 0))
}

/** What a body is without data. Components that the entity has keep their values. */
function writeDefaults(physics: Physics, eid: number): void {
  const { world, components } = physics
  const { RigidBody, Rotation, Mass } = components
  forgetShape(physics, eid)
  for (const component of allComponents(components)) {
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
  const at = (v: VectorComponent): number[] => [v.x[eid]!, v.y[eid]!, v.z[eid]!]
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
    const checked = checkBody(internals, 'set(RigidBody)', whole, eid)
    if (prefab) checked.flags &= ~BODY
    if (before & BODY) internals.kernel.exports.wake_island(eid)
    checked.flags |= before & JOINTED
    writeBody(physics, eid, whole, checked)
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
