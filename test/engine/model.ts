/** What the world must be like after any calls, in plain objects, and the calls as fast-check commands. */
import { addComponents, addEntity, query, removeComponent, removeEntity, set } from 'bitecs'
import fc from 'fast-check'
import {
  addBodies,
  addBody,
  addJoint,
  applyForce,
  bodyCount,
  childrenOf,
  createPhysics,
  dispose,
  entityOf,
  handleOf,
  isAlive,
  isJoint,
  jointCount,
  type Physics,
  parentOf,
  poolStats,
  removeBody,
  removeJoint,
  restore,
  setParent,
  snapshot,
  step,
  teleport,
} from 'manybody'
import { expect } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { PRECISION } from '../physics/harness.ts'
import type { Vec3 } from '../reference/vec.ts'

const CAPACITY = { entities: 41, bodies: 24, joints: 6, nodes: 20, shapes: 2, particles: 0, contacts: 64 }
const DT = 1 / 64

/** An entity as it must be. */
type Place = [number, number, number]

interface One {
  eid: number
  handle: number
  body: boolean
  /** Where it is; undefined when a joint may have pulled it. */
  place: Place | undefined
  velocity: Vec3
  parent: One | undefined
}

interface Model {
  alive: One[]
  joints: { id: number; a: One; b: One }[]
  /** Handles of what is gone, of entities and of joints. */
  stale: number[]
  staleJoints: number[]
  taken: number
  /** A snapshot, and the model of then. */
  saved: { bytes: Uint8Array; alive: One[]; joints: Model['joints'] } | undefined
}

const createModel = (): Model => ({
  alive: [],
  joints: [],
  stale: [],
  staleJoints: [],
  taken: 0,
  saved: undefined,
})

type Command = fc.Command<Model, Physics>

/** A command: what it is called when a run fails, whether it can be, and what it does to both. */
function command(
  name: string,
  act: (model: Model, physics: Physics) => void,
  can?: (model: Model) => boolean,
): Command {
  return {
    check: (model) => can?.(model) ?? true,
    run: (model, physics) => {
      act(model, physics)
      compare(model, physics)
    },
    toString: () => name,
  }
}

const bodies = ({ alive }: Model): One[] => alive.filter(({ body }) => body)
const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]
const isNode = ({ alive }: Model, one: One): boolean => one.parent !== undefined || alive.some((o) => o.parent === one)
const nodes = (model: Model): number => model.alive.filter((one) => isNode(model, one)).length

function enter(model: Model, physics: Physics, eid: number, more: Partial<One>): void {
  const handle = handleOf(physics, eid)
  expect(model.stale).not.toContain(handle)
  expect(model.alive.map((one) => one.eid)).not.toContain(eid)
  model.alive.push({ eid, handle, body: false, place: [0, 0, 0], velocity: [0, 0, 0], parent: undefined, ...more })
}

function leaveJoints(model: Model, one: One): void {
  for (const { id, a, b } of model.joints) if (a === one || b === one) model.staleJoints.push(id)
  model.joints = model.joints.filter(({ a, b }) => a !== one && b !== one)
}

function leave(model: Model, one: One): void {
  leaveJoints(model, one)
  model.stale.push(one.handle)
  model.alive = model.alive.filter((other) => other !== one)
  // They stay where they are in the world, which these nodes are wherever they hang.
  for (const other of model.alive) if (other.parent === one) other.parent = undefined
}

/** All that can be seen from outside. */
function compare(model: Model, physics: Physics): void {
  const ids = bodies(model).map(({ eid }) => eid)
  const { entities, bodies: pool, joints, nodes: family } = poolStats(physics)
  same('counts', [bodyCount(physics), jointCount(physics)], [ids.length, model.joints.length])
  same('query', sorted([...query(physics.world, [physics.components.RigidBody])]), sorted(ids))
  same(
    'pools',
    [entities.live, pool.live, joints.live, family.live, entities.taken, entities.taken - entities.reused],
    [model.alive.length, ids.length, model.joints.length, nodes(model), model.taken, entities.peak],
  )
  for (const one of model.alive) compareOne(model, physics, one)
  const gone = model.stale.filter((handle) => entityOf(physics, handle) !== 0)
  const rejoined = model.staleJoints.filter((id) => isJoint(physics, id))
  same('stale', [...gone, ...rejoined], [])
  same('joints', [...model.joints.filter(({ id }) => !isJoint(physics, id)).map(({ id }) => id)], [])
}

function compareOne(model: Model, physics: Physics, one: One): void {
  const { Position } = physics.components
  const { eid, handle, body, place, parent } = one
  const seen = [entityOf(physics, handle), Number(isAlive(physics, handle)), parentOf(physics, handle)]
  same('entity', seen, [eid, Number(body), parent?.eid ?? 0])
  if (body && place) {
    const off = Math.hypot(Position.x[eid] - place[0], Position.y[eid] - place[1], Position.z[eid] - place[2])
    if (!(off < 1e-3)) same('place', [Position.x[eid], Position.y[eid], Position.z[eid]], [...place])
  }
  const found = new Array<number>(CAPACITY.entities)
  found.length = childrenOf(physics, eid, found)
  same('children', sorted(found), sorted(model.alive.filter((other) => other.parent === one).map((other) => other.eid)))
}

const sorted = (list: number[]): number[] => list.sort((a, b) => a - b)

/** Expects equal lists. Looks by itself first: an `expect` for each would take most of the time. */
function same(what: string, seen: readonly number[], wanted: readonly number[]): void {
  if (seen.length === wanted.length && seen.every((value, i) => value === wanted[i])) return
  expect({ [what]: seen }).toEqual({ [what]: wanted })
}

const full = (model: Model, more = 1): boolean => bodies(model).length + more > CAPACITY.bodies
const room = ({ alive }: Model): boolean => alive.length < CAPACITY.entities - 1

/** They touch nobody: what they do is for the model to know. */
const desc = (place: Vec3, velocity: Vec3, box: number) => ({
  position: place,
  linearVelocity: velocity,
  mask: 0,
  group: 0,
  shape: box ? ({ type: 'box', halfExtents: [box, 1, 1] } as const) : ({ type: 'sphere', radius: 0.5 } as const),
})

const vector = fc.tuple(
  fc.integer({ min: -50, max: 50 }),
  fc.integer({ min: -50, max: 50 }),
  fc.nat(9),
) as fc.Arbitrary<Vec3>
const index = fc.nat(1000)

const add = fc.tuple(vector, vector, fc.nat(2)).map(([place, velocity, box]) =>
  command(`addBody ${place}`, (model, physics) => {
    if (full(model) || !room(model)) {
      expectError('E_CAPACITY', { call: 'addBody' }, () => addBody(physics, desc(place, velocity, box)))
      // The id that was too high was taken and given back.
      if (!full(model)) model.taken = poolStats(physics).entities.taken
      return
    }
    model.taken++
    enter(model, physics, addBody(physics, desc(place, velocity, box)), { body: true, place: [...place], velocity })
  }),
)

const addMany = fc.tuple(fc.nat(6), fc.nat(8), vector).map(([count, bad, place]) =>
  command(`addBodies ${count}${bad < count ? `, the ${bad}th is bad` : ''}`, (model, physics) => {
    const fill = (i: number, one: { position?: ArrayLike<number> }): void => {
      one.position = i === bad ? [Number.NaN, 0, 0] : [place[0] + i, place[1], place[2]]
    }
    const act = (): Uint32Array =>
      addBodies(physics, count, (i, one) => fill(i, Object.assign(one, { mask: 0, group: 0 })))
    if (full(model, count)) return expectError('E_CAPACITY', { call: 'addBodies' }, act)
    if (bad < count || model.alive.length + count >= CAPACITY.entities) {
      expect(act).toThrow(/E_NOT_FINITE|E_CAPACITY/)
      model.taken = poolStats(physics).entities.taken
      return undefined
    }
    model.taken += count
    act().forEach((eid, i) => {
      enter(model, physics, eid, { body: true, place: [place[0] + i, place[1], place[2]] })
    })
    return undefined
  }),
)

const addPlain = fc.constant(null).map(() =>
  command(
    'addEntity',
    (model, physics) => {
      model.taken++
      const eid = addEntity(physics.world)
      addComponents(physics.world, eid, [physics.components.Position])
      enter(model, physics, eid, {})
    },
    room,
  ),
)

const become = fc.tuple(index, vector).map(([at, place]) =>
  command(
    `set(RigidBody) of ${at}`,
    (model, physics) => {
      const one = pick(model.alive, at)
      const { Position, RigidBody } = physics.components
      const [x, y, z] = place
      const data = { shape: { type: 'sphere', radius: 1 }, mask: 0, group: 0, linearVelocity: [0, 0, 0] } as const
      const act = (): void => addComponents(physics.world, one.eid, [set(RigidBody, data), set(Position, { x, y, z })])
      if (!one.body && full(model)) return expectError('E_CAPACITY', { call: 'addComponent' }, act)
      act()
      one.parent = undefined
      if (!one.body || one.place) one.place = [...place]
      one.velocity = [0, 0, 0]
      one.body = true
      return undefined
    },
    (model) => model.alive.length > 0,
  ),
)

const unbecome = index.map((at) =>
  command(
    `removeComponent(RigidBody) of ${at}`,
    (model, physics) => {
      const one = pick(bodies(model), at)
      leaveJoints(model, one)
      removeComponent(physics.world, one.eid, physics.components.RigidBody)
      model.stale.push(one.handle)
      one.body = false
      one.handle = handleOf(physics, one.eid)
      expect(model.stale).not.toContain(one.handle)
    },
    (model) => bodies(model).length > 0,
  ),
)

const remove = fc.tuple(index, fc.boolean()).map(([at, byHandle]) =>
  command(
    `remove ${at}`,
    (model, physics) => {
      const one = pick(model.alive, at)
      leave(model, one)
      if (one.body && byHandle) removeBody(physics, one.handle)
      else removeEntity(physics.world, one.eid)
    },
    (model) => model.alive.length > 0,
  ),
)

const move = fc.tuple(index, vector, vector).map(([at, place, velocity]) =>
  command(
    `teleport ${at}`,
    (model, physics) => {
      const one = pick(bodies(model), at)
      teleport(physics, one.handle, { position: place, linearVelocity: velocity })
      if (model.joints.some(({ a, b }) => a === one || b === one)) return
      one.place = [...place]
      one.velocity = velocity
    },
    (model) => bodies(model).length > 0,
  ),
)

const adopt = fc.tuple(index, index, fc.boolean(), fc.nat(5)).map(([at, to, keepWorld, none]) =>
  command(
    `setParent ${at} ${none === 0 ? 'none' : to}`,
    (model, physics) => {
      const child = pick(model.alive, at)
      const parent = none === 0 ? undefined : pick(model.alive, to)
      const act = (): void => setParent(physics, child.handle, parent?.handle ?? 0, { keepWorld })
      if (child.body) return expectError('E_UNSUPPORTED', { call: 'setParent', entity: child.eid }, act)
      for (let up = parent; up; up = up.parent) {
        if (up === child) return expectError('E_RANGE', { call: 'setParent', entity: child.eid }, act)
      }
      const fresh = parent ? [child, parent].filter((one) => !isNode(model, one)).length : 0
      if (nodes(model) + fresh > CAPACITY.nodes) return expectError('E_CAPACITY', { call: 'setParent' }, act)
      act()
      child.parent = parent
      return undefined
    },
    (model) => model.alive.length > 0,
  ),
)

const join = fc.tuple(index, index).map(([at, to]) =>
  command(
    `addJoint ${at} ${to}`,
    (model, physics) => {
      const [a, b] = [pick(bodies(model), at), pick(bodies(model), to)]
      const act = (): number => addJoint(physics, { type: 'ball', a: a.handle, b: b.eid, anchor: [0, 0, 0] })
      if (a === b) return expectError('E_RANGE', { call: 'addJoint' }, act)
      if (model.joints.length >= CAPACITY.joints) return expectError('E_CAPACITY', { call: 'addJoint' }, act)
      const id = act()
      expect(model.staleJoints).not.toContain(id)
      model.joints.push({ id, a, b })
      // From now on they go where the joint lets them.
      a.place = undefined
      b.place = undefined
      return undefined
    },
    (model) => bodies(model).length > 0,
  ),
)

const unjoin = index.map((at) =>
  command(
    `removeJoint ${at}`,
    (model, physics) => {
      const joint = pick(model.joints, at)
      removeJoint(physics, joint.id)
      model.joints = model.joints.filter((other) => other !== joint)
      model.staleJoints.push(joint.id)
    },
    (model) => model.joints.length > 0,
  ),
)

const misuse = fc.tuple(index, fc.nat(3)).map(([at, call]) =>
  command(
    `a stale handle, ${at}`,
    (model, physics) => {
      const stale = pick(model.stale, at)
      const acts: [string, () => unknown][] = [
        ['applyForce', () => applyForce(physics, stale, [1, 0, 0])],
        ['removeBody', () => removeBody(physics, stale)],
        ['setParent', () => setParent(physics, stale, 0)],
        ['handleOf', () => handleOf(physics, stale)],
      ]
      const [name, act] = acts[call]
      expectError('E_STALE_ENTITY', { call: name, value: stale }, act)
      const joint = pick(model.staleJoints, at)
      if (joint) expectError('E_STALE_ENTITY', { call: 'removeJoint', value: joint }, () => removeJoint(physics, joint))
    },
    (model) => model.stale.length > 0,
  ),
)

const advance = fc.integer({ min: 1, max: 3 }).map((steps) =>
  command(`step ${steps}`, (model, physics) => {
    for (let i = 0; i < steps; i++) step(physics, DT)
    for (const { body, place, velocity } of model.alive) {
      if (!body || !place) continue
      for (let axis = 0; axis < 3; axis++) place[axis] += steps * DT * velocity[axis]
    }
  }),
)

/** Copies of entities and joints, as they hang together. */
function copyOf({ alive, joints }: Pick<Model, 'alive' | 'joints'>): Pick<Model, 'alive' | 'joints'> {
  const copies = new Map(alive.map((one) => [one, { ...one, place: one.place && ([...one.place] as Place) }]))
  for (const copy of copies.values()) copy.parent = copy.parent && copies.get(copy.parent)
  const ends = joints.map(({ id, a, b }) => ({ id, a: copies.get(a) as One, b: copies.get(b) as One }))
  return { alive: [...copies.values()], joints: ends }
}

const save = fc.constant(null).map(() =>
  command('snapshot', (model, physics) => {
    model.saved = { bytes: snapshot(physics).slice(), ...copyOf(model) }
  }),
)

const goBack = fc.constant(null).map(() =>
  command(
    'restore',
    (model, physics) => {
      const { bytes, ...then } = model.saved as NonNullable<Model['saved']>
      const issued = [...model.stale, ...model.alive.map(({ handle }) => handle)]
      const issuedJoints = [...model.staleJoints, ...model.joints.map(({ id }) => id)]
      restore(physics, bytes)
      Object.assign(model, copyOf(then))
      model.stale = issued.filter((handle) => !model.alive.some((one) => one.handle === handle))
      model.staleJoints = issuedJoints.filter((id) => !model.joints.some((joint) => joint.id === id))
      model.taken = poolStats(physics).entities.taken
    },
    ({ saved }) => saved !== undefined,
  ),
)

const COMMANDS = [
  save,
  goBack,
  add,
  add,
  addMany,
  addPlain,
  become,
  unbecome,
  remove,
  remove,
  move,
  adopt,
  adopt,
  join,
  unjoin,
  misuse,
  advance,
]

/** Runs random commands in fresh worlds, and compares after each. Gives how many there were. */
export async function runModel(runs: number, seed: number): Promise<number> {
  let commands = 0
  const counted = COMMANDS.map((arbitrary) =>
    arbitrary.map((one) => ({
      ...one,
      run: (model: Model, physics: Physics) => {
        commands++
        one.run(model, physics)
      },
    })),
  )
  const options = { gravity: [0, 0, 0], capacity: CAPACITY, sleep: false, precision: PRECISION, tier: 'simd' } as const
  await fc.assert(
    fc.asyncProperty(fc.commands(counted, { size: 'max', maxCommands: 200 }), async (list) => {
      const physics = await createPhysics(options)
      try {
        fc.modelRun(() => ({ model: createModel(), real: physics }), list)
      } finally {
        dispose(physics)
      }
    }),
    { numRuns: runs, seed, endOnFailure: false },
  )
  return commands
}
