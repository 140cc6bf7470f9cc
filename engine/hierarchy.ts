import { addComponent, hasComponent, removeComponent } from 'bitecs'
import { checkEntity, idOf } from './alive.ts'
import { readVector, writeVector } from './body-write.ts'
import { checkNumber, refuse } from './errors.ts'
import { BODY } from './flags.ts'
import { change, INTERNALS, type Internals, type Physics, use, writeSetting } from './internals.ts'
import { wakeHelpers } from './kernel/pool.ts'
import { composeMatrix, decomposeMatrix, invertMatrix, multiplyMatrices } from './math/matrix.ts'
import type { WritableNumbers } from './math/quaternion.ts'
import type { RealArray, Views } from './memory/views.ts'
import { countReleased, countTaken } from './pool.ts'

/**
 * Entities in the frame of another. Position, rotation and scale of an entity with a parent are local; its world matrix is the parent's times its
 * own. Bodies are in the world's frame: they have children, but no parent.
 */

/** World matrices of all nodes: entities with a parent, and their parents. Views of kernel memory. */
export interface Transforms {
  /** Node by node 16 numbers in three.js's order: the images of the x, y and z axis and the place, four numbers each. */
  readonly matrices: RealArray
  /**
   * Entity of each node, level by level: the roots by id, then their children, and so on. In a level the order is that of the parents, and the
   * children of one node lie side by side, by id. Changes when a parent is set or goes.
   */
  readonly entities: Uint32Array
  /** By entity: the number of its node plus one, 0 for none. */
  readonly nodeOf: Uint32Array
  /** How many nodes the last step or `updateTransforms` had. */
  count: number
}

/** What the engine keeps of the hierarchy: links, 0 for none, by entity. */
export interface Family {
  readonly parent: Uint32Array
  /** First child; next and previous child of the same parent. */
  readonly child: Uint32Array
  readonly next: Uint32Array
  readonly previous: Uint32Array
  readonly transforms: Transforms
  /** 1 for what has a parent or children. */
  readonly isNode: Uint8Array
  /** How many those are. */
  nodes: number
}

/** The links and the nodes' views. */
export function createFamily(views: Views, entities: number): Family {
  const links = (name: string): Uint32Array => views.u32(name, entities)
  return {
    parent: links('Parent.entity'),
    child: links('Parent.child'),
    next: links('Parent.next'),
    previous: links('Parent.previous'),
    transforms: {
      matrices: views.real('Node.matrix'),
      entities: views.u32('Node.entity'),
      nodeOf: links('Node.of'),
      count: 0,
    },
    isNode: new Uint8Array(entities),
    nodes: 0,
  }
}

/**
 * Puts an entity into the frame of another, or of the world. Both get the component `Parent`.
 * @param childEntity an entity that is no body (join bodies with `addJoint`, or make one compound body), by id or handle
 * @param parentEntity the same of any entity; 0 for none
 * @param options `keepWorld`: changes the local values so that the child stays where it is in the world (what is sheared stays nearly);
 *   else they stay as they are. Default false.
 * @throws PhysicsError E_STALE_ENTITY, E_RANGE (an ancestor of the parent, or itself), E_UNSUPPORTED (a body as child), E_CAPACITY, E_BUSY,
 *   E_DISPOSED
 */
export function setParent(
  physics: Physics,
  childEntity: number,
  parentEntity: number,
  options: { keepWorld?: boolean } = NOTHING,
): void {
  place(physics, childEntity, parentEntity, options.keepWorld ? rebase : undefined)
}

/** What `setParent` does: the core of a world knows this half of it. `keep` gives the child other local values before it moves. */
export function place(
  physics: Physics,
  childEntity: number,
  parentEntity: number,
  keep?: (physics: Physics, child: number, parent: number) => void,
): void {
  const internals = change(physics, CALL)
  const { family } = internals
  const child = entityAt(physics, 'child', childEntity)
  const parent = parentEntity === 0 ? 0 : entityAt(physics, 'parent', parentEntity)
  checkChild(physics, family, child, parent)
  const before = family.parent[child]!
  if (before === parent) return
  keep?.(physics, child, parent)
  unlink(family, child)
  if (parent) link(family, child, parent)
  for (const eid of [child, parent, before]) if (eid) settle(physics, internals, eid)
  writeSetting(internals, 'nodesStale', 1)
}

const CALL = 'setParent'
const NOTHING: { keepWorld?: boolean } = {}

function checkChild(physics: Physics, family: Family, child: number, parent: number): void {
  if (physics.components.RigidBody.flags[child]! & BODY) {
    refuse('E_UNSUPPORTED', CALL, 'is a body: join it, or make one compound body', 'child', child, child)
  }
  if (parent === 0) return
  // Who has no children is nobody's ancestor: a chain that is built downwards costs nothing here.
  for (let at = family.child[child] || child === parent ? parent : 0; at !== 0; at = family.parent[at]!) {
    if (at === child) refuse('E_RANGE', CALL, 'hangs on the child: a circle', 'parent', parent, child)
  }
  const fresh = Number(!isNode(family, child)) + Number(!isNode(family, parent))
  const { nodes } = physics.capacity
  if (family.nodes + fresh > nodes) {
    refuse('E_CAPACITY', CALL, 'no room for another node', 'capacity.nodes', nodes, child)
  }
}

function entityAt(physics: Physics, field: string, entity: number): number {
  return checkEntity(physics, CALL, checkNumber(CALL, field, entity, ENTITY), field)
}

const ENTITY = { min: 1, integer: true } as const

function isNode({ parent, child }: Family, eid: number): boolean {
  return parent[eid] !== 0 || child[eid] !== 0
}

/** Takes an entity out of its parent's list. */
function unlink({ parent, child, next, previous }: Family, eid: number): void {
  const before = previous[eid]!
  const after = next[eid]!
  if (before) next[before] = after
  else if (parent[eid]) child[parent[eid]!] = after
  if (after) previous[after] = before
  next[eid] = 0
  previous[eid] = 0
  parent[eid] = 0
}

/** Puts an entity at the head of a parent's list. */
function link({ parent, child, next, previous }: Family, eid: number, to: number): void {
  const first = child[to]!
  parent[eid] = to
  next[eid] = first
  if (first) previous[first] = eid
  child[to] = eid
}

/**
 * Whoever has a parent or children has the component `Parent`, and nobody else: by it bitECS tells when an entity of the hierarchy goes. Counts
 * who came and went.
 */
function settle(physics: Physics, internals: Internals, eid: number): void {
  const { world, components } = physics
  const { family } = internals
  const is = isNode(family, eid)
  if (is) internals.high = Math.max(internals.high, eid + 1)
  if (is === (family.isNode[eid] === 1)) return
  family.isNode[eid] = is ? 1 : 0
  family.nodes += is ? 1 : -1
  if (is) countTaken(internals.pools.nodes, internals.pools.nodes.live < internals.pools.nodes.peak)
  else countReleased(internals.pools.nodes)
  if (is === hasComponent(world, eid, components.Parent)) return
  if (is) addComponent(world, eid, components.Parent)
  else removeComponent(world, eid, components.Parent)
}

/** Gives the child the local values with which it is, under its new parent, where it is now. */
function rebase(physics: Physics, child: number, parent: number): void {
  const local = worldOf(physics, child, MATRIX)
  if (parent) multiplyMatrices(local, invertMatrix(OTHER, worldOf(physics, parent, OTHER)), local)
  writeLocal(physics, child, local)
}

/** Gives the child the local values with which it is, as a root, where it is now. */
export function uproot(physics: Physics, child: number): void {
  writeLocal(physics, child, worldOf(physics, child, MATRIX))
}

function writeLocal(
  { components: { Position, Rotation, Scale } }: Physics,
  child: number,
  local: WritableNumbers,
): void {
  decomposeMatrix(local, PLACE, TURN, SIZE)
  writeVector(Position, child, PLACE)
  writeVector(Rotation, child, TURN)
  writeVector(Scale, child, SIZE)
  Rotation.w[child] = TURN[3]!
}

const MATRIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const OTHER = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const LINK = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const PLACE = [0, 0, 0]
const TURN = [0, 0, 0, 1]
const SIZE = [1, 1, 1]
const ONES = [1, 1, 1]

/** The parent of an entity, 0 for none. @throws PhysicsError E_STALE_ENTITY (a handle), E_DISPOSED */
export function parentOf(physics: Physics, entity: number): number {
  const internals = use(physics, 'parentOf')
  return internals.family.parent[idOf(internals, 'parentOf', entity)] ?? 0
}

/**
 * The children of an entity, the youngest first, into the caller's array.
 * @returns how many there are; those beyond the array's length are left out
 * @throws PhysicsError E_STALE_ENTITY (a handle), E_DISPOSED
 */
export function childrenOf(physics: Physics, entity: number, out: WritableNumbers): number {
  const internals = use(physics, 'childrenOf')
  const eid = idOf(internals, 'childrenOf', entity)
  const { child, next } = internals.family
  let count = 0
  for (let at = child[eid] ?? 0; at !== 0; at = next[at]!) {
    if (count < out.length) out[count] = at
    count++
  }
  return count
}

/**
 * The matrix from an entity's frame to the world's, of the columns as they are now: product by product along its ancestors.
 * For many entities take `physics.transforms`, which the kernel makes.
 * @param out 16 numbers, in three.js's order
 * @returns `out`
 * @throws PhysicsError E_STALE_ENTITY (a handle), E_DISPOSED
 */
export function worldMatrix<Out extends WritableNumbers>(physics: Physics, entity: number, out: Out): Out {
  return worldOf(physics, idOf(use(physics, 'worldMatrix'), 'worldMatrix', entity), out)
}

function worldOf<Out extends WritableNumbers>(physics: Physics, eid: number, out: Out): Out {
  const { parent } = physics[INTERNALS].family
  localMatrix(physics, eid, out)
  const { flags } = physics.components.RigidBody
  for (let at = eid; parent[at] && !(flags[at]! & BODY); at = parent[at]!) {
    multiplyMatrices(out, localMatrix(physics, parent[at]!, LINK), out)
  }
  return out
}

/**
 * Where an entity is in the world, m, of the columns as they are now.
 * @param out three numbers
 * @returns `out`
 * @throws PhysicsError E_STALE_ENTITY (a handle), E_DISPOSED
 */
export function worldPosition<Out extends WritableNumbers>(physics: Physics, entity: number, out: Out): Out {
  worldOf(physics, idOf(use(physics, 'worldPosition'), 'worldPosition', entity), MATRIX)
  for (let k = 0; k < 3; k++) out[k] = MATRIX[12 + k]!
  return out
}

/**
 * The attitude of an entity in the world: a unit quaternion. What an uneven scale above it shears has only a near one.
 * @param out four numbers: x, y, z, w
 * @returns `out`
 * @throws PhysicsError E_STALE_ENTITY (a handle), E_DISPOSED
 */
export function worldRotation<Out extends WritableNumbers>(physics: Physics, entity: number, out: Out): Out {
  const eid = idOf(use(physics, 'worldRotation'), 'worldRotation', entity)
  decomposeMatrix(worldOf(physics, eid, MATRIX), PLACE, out, SIZE)
  return out
}

/** What children of an entity are in: its position, rotation and scale; of a body the pose alone, for its scale is its drawn size. */
function localMatrix<Out extends WritableNumbers>({ components }: Physics, eid: number, out: Out): Out {
  const { Position, Rotation, Scale, RigidBody } = components
  readVector(Position, eid, PLACE)
  readVector(Rotation, eid, TURN)
  readVector(Scale, eid, SIZE)
  TURN[3] = Rotation.w[eid]!
  return composeMatrix(out, PLACE, TURN, RigidBody.flags[eid]! & BODY ? ONES : SIZE)
}

/**
 * Brings `physics.transforms` up to date without a step: only what changed is made anew. A step does the same after the bodies moved.
 * @param options `alpha`: share of the last step that is shown, 0 … 1, as in `packInstances`: what hangs on bodies is then where these are drawn.
 *   Default 1.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function updateTransforms(physics: Physics, options: { alpha?: number } = WHOLE): void {
  const internals = use(physics, 'updateTransforms')
  const { alpha = 1 } = options
  checkNumber('updateTransforms', 'alpha', alpha, SHARE)
  writeSetting(internals, 'high', internals.high)
  const threads = internals.family.nodes < WAKE_FROM ? 1 : internals.threads
  if (internals.seat && threads > 1) wakeHelpers(internals.seat)
  internals.kernel.exports.update_transforms(1 - alpha, threads)
  if (alpha < 1) writeSetting(internals, 'shown', 1)
  publishTransforms(internals)
}

const WHOLE: { alpha?: number } = {}
const SHARE = { min: 0, max: 1 } as const
/** Fewer nodes than this are done before a helper is awake. */
const WAKE_FROM = 16_384

/** Takes over what the kernel counted. */
export function publishTransforms({ family, counters, layout }: Internals): void {
  family.transforms.count = counters[layout.counters.get('nodes')!]!
}

/** An entity left the hierarchy: its children become roots and stay where they are in the world. */
export function leaveFamily(physics: Physics, eid: number): void {
  const internals = physics[INTERNALS]
  const { family } = internals
  if (!family.isNode[eid]) return
  // It has no place any more, whatever its links say: nobody asks bitECS about it.
  family.isNode[eid] = 0
  family.nodes--
  countReleased(internals.pools.nodes)
  for (let child = family.child[eid]!; child !== 0; child = family.child[eid]!) {
    uproot(physics, child)
    unlink(family, child)
    settle(physics, internals, child)
  }
  const parent = family.parent[eid]!
  unlink(family, eid)
  if (parent) settle(physics, internals, parent)
  writeSetting(internals, 'nodesStale', 1)
}
