import { type Internals, part } from '../internals.ts'
import { BROOD, STRIDE as SYSTEM } from '../particles/layout.ts'
import { SnapshotError } from './format.ts'

/**
 * Which columns are the state, and how much of each: what a snapshot copies. Everything that decides a later bit is here, in `State.kept`
 * (the kernel's loose numbers), among the settings and counters, or follows from those (`state_load` makes it anew).
 *
 * To add columns, add them to a group or add a group: names, and the ranges that are in use.
 */

/** How much of everything is in use. Numbers of elements, unless they say otherwise. */
export interface Extent {
  /** Entity ids that any component was ever given to, from 0 on. */
  entities: number
  /** Ids that the last step went through, and those that the list of pairs is of. */
  live: number
  kept: number
  joints: number
  emitters: number
  bursts: number
  /** Slots of particle systems, pages in use by any, places where particles are asked for, and particles that hit something. */
  systems: number
  pages: number
  broods: number
  particleHits: number
  /** Free slots of particle systems. */
  freeSystems: number
  particles: number
  /** Contacts of the last step and of sleepers; those that lists of events hold. */
  warm: number
  warmAsleep: number
  contacts: number
  touched: number
  /** Which part of the manifold records is that of the last step, how many are used there, and how many sleepers have. */
  half: number
  manifolds: number
  manifoldsAsleep: number
  hits: number
  begins: number
  ends: number
  sensorBegins: number
  sensorEnds: number
  broken: number
  flown: number
  /** Numbers of the game's own columns. */
  own: number
}

/** First element and number of elements of each range. */
type Ranges = (extent: Extent, capacity: Rooms) => readonly (readonly [start: number, count: number])[]

/** Lengths of the kernel's tables that parts of columns begin at. */
export interface Rooms {
  contacts: number
  manifolds: number
}

interface Group {
  columns: readonly string[]
  ranges: Ranges
  /** Whether elements are entity ids: what is not in use is zero. */
  perEntity?: boolean
}

const vector = (name: string): string[] => [`${name}.x`, `${name}.y`, `${name}.z`]
const of = (name: string, ...fields: string[]): string[] => fields.map((field) => `${name}${field}`)

/** Words of a manifold's record, reals of it; numbers of a joint and of its state; floats of an emission; words of a bullet in a sensor. */
export const MANIFOLD = { reals: 88, words: 12 } as const
export const JOINT = { reals: 48, states: 16 } as const
const EMISSION = 24
const SENSED = 3
/** Ids of a block of entities. */
const ENTITY_BLOCK = 1024

/** The groups, in the order in which a snapshot holds them. */
function groups(): readonly Group[] {
  return [
    {
      columns: [
        ...vector('LinearVelocity'),
        ...vector('AngularVelocity'),
        ...vector('Position'),
        ...vector('Rotation'),
        'Rotation.w',
        ...vector('Scale'),
        ...vector('Force'),
        ...vector('Torque'),
        'Mass.value',
        'Charge.value',
        ...of('RigidBody.', 'flags', 'radius', 'friction', 'restitution', 'linearDamping', 'angularDamping'),
        ...of('RigidBody.', 'gravityScale', 'tint', 'group', 'mask', 'instanceGroup', 'shape', 'rollingResistance'),
        ...of('RigidBody.', 'generation', 'still', 'sleepNext'),
        ...of('Parent.', 'entity', 'child', 'next', 'previous'),
      ],
      ranges: ({ entities }) => [[0, entities]],
      perEntity: true,
    },
    { columns: ['scratch.live'], ranges: ({ live }) => [[0, live]] },
    {
      columns: of('scratch.kept', 'Live', 'Group', 'Mask', 'X', 'Y', 'Z', 'Reach', 'ExtentX', 'ExtentY', 'ExtentZ'),
      ranges: ({ kept }) => [[0, kept]],
    },
    { columns: ['scratch.keptBounds'], ranges: ({ kept }) => [[0, (kept / ENTITY_BLOCK) * 6]] },
    { columns: ['scratch.keptNormal'], ranges: ({ kept }) => [[0, kept > 0 ? 3 * 64 : 0]] },
    { columns: of('Joint.', 'kind', 'a', 'b', 'flags'), ranges: ({ joints }) => [[0, joints]] },
    { columns: ['Joint.real'], ranges: ({ joints }) => [[0, joints * JOINT.reals]] },
    { columns: ['Joint.state'], ranges: ({ joints }) => [[0, joints * JOINT.states]] },
    { columns: ['emitters'], ranges: ({ emitters }) => [[0, emitters * EMISSION]] },
    { columns: ['bursts'], ranges: ({ bursts }) => [[0, bursts * EMISSION]] },
    { columns: ['System.word'], ranges: ({ systems }) => [[0, systems * SYSTEM.words]] },
    { columns: ['System.real'], ranges: ({ systems }) => [[0, systems * SYSTEM.reals]] },
    { columns: ['System.generation'], ranges: ({ systems }) => [[0, systems]] },
    { columns: ['System.free'], ranges: ({ freeSystems }) => [[0, 1 + freeSystems]] },
    { columns: ['Particle.pageSystem'], ranges: ({ pages }) => [[0, pages]] },
    { columns: ['Brood.real'], ranges: ({ broods }) => [[0, broods * BROOD.reals]] },
    { columns: ['Brood.word'], ranges: ({ broods }) => [[0, broods * BROOD.words]] },
    {
      columns: of('particleHits.', 'system', 'other', 'x', 'y', 'z', 'nx', 'ny', 'nz', 'speed'),
      ranges: ({ particleHits }) => [[0, particleHits]],
    },
    {
      columns: of('scratch.warm', 'A', 'B', 'Stamp', 'Bits', 'Manifold', 'Normal', 'Tx', 'Ty', 'Tz'),
      ranges: ({ warm, warmAsleep }, { contacts }) => [
        [0, warm],
        [contacts, warmAsleep],
      ],
    },
    { columns: ['scratch.manifoldWord'], ranges: manifolds(MANIFOLD.words) },
    { columns: ['scratch.manifoldReal'], ranges: manifolds(MANIFOLD.reals) },
    { columns: of('scratch.contact', 'A', 'B', 'Bits'), ranges: ({ contacts }) => [[0, contacts]] },
    { columns: ['scratch.solverId'], ranges: ({ touched }) => [[0, touched]] },
    { columns: ['scratch.sensedLast'], ranges: ({ flown }) => [[0, flown * SENSED]] },
    {
      columns: of('hits.', 'bullet', 'other', 'x', 'y', 'z', 'nx', 'ny', 'nz', 'impulse'),
      ranges: ({ hits }) => [[0, hits]],
    },
    {
      columns: of('begins.', 'a', 'b', 'x', 'y', 'z', 'nx', 'ny', 'nz', 'speed', 'impulse'),
      ranges: ({ begins }) => [[0, begins]],
    },
    { columns: ['ends.a', 'ends.b'], ranges: ({ ends }) => [[0, ends]] },
    { columns: of('sensorBegins.', 'sensor', 'other'), ranges: ({ sensorBegins }) => [[0, sensorBegins]] },
    { columns: of('sensorEnds.', 'sensor', 'other'), ranges: ({ sensorEnds }) => [[0, sensorEnds]] },
    { columns: ['joints.broken'], ranges: ({ broken }) => [[0, broken]] },
    // What the game asked for with `createColumns`: whole, for it may use them as it likes.
    { columns: ['own'], ranges: ({ own }) => [[0, own]] },
  ]
}

function manifolds(size: number): Ranges {
  return ({ half, manifolds, manifoldsAsleep }, { manifolds: room }) => [
    [half * room * size, manifolds * size],
    [2 * room * size, manifoldsAsleep * size],
  ]
}

/** A column of the state, as words of 32 bits. */
export interface StateColumn {
  readonly name: string
  readonly words: Uint32Array
  /** Words of an element. */
  readonly size: number
  readonly ranges: Ranges
  readonly perEntity: boolean
}

/** A range of a column, in words. */
export interface Range {
  readonly column: StateColumn
  readonly start: number
  readonly count: number
  /** As a snapshot has it already. */
  readonly encoded?: Uint32Array
}

const made = new WeakMap<Internals, readonly StateColumn[]>()

/** The columns of a world's state. */
export function stateColumns(internals: Internals): readonly StateColumn[] {
  return part(made, internals, ({ layout, kernel }) =>
    groups().flatMap(({ columns, ranges, perEntity = false }) =>
      columns.map((name) => {
        const place = layout.columns.get(name)
        if (!place) throw new SnapshotError('snapshot', 'layout', name, 'is no column of this kernel')
        const size = place.type === 'f64' || place.type === 'u64' ? 2 : 1
        return {
          name,
          words: new Uint32Array(kernel.memory.buffer, place.offset, place.length * size),
          size,
          ranges,
          perEntity,
        }
      }),
    ),
  )
}

/** The ranges that are in use, in order; empty ones too. The pages of particles come behind them: `pageRanges`. */
export function rangesOf(internals: Internals, extent: Extent, rooms: Rooms): Range[] {
  const all: Range[] = []
  for (const column of stateColumns(internals)) {
    for (const [start, count] of column.ranges(extent, rooms)) {
      all.push({ column, start: start * column.size, count: count * column.size })
    }
  }
  return all
}
