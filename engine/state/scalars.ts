import type { Internals, Physics } from '../internals.ts'
import type { Extent, Rooms } from './columns.ts'
import { refused } from './format.ts'

/** The loose numbers of a state: everything that is no column. */
export interface Scalars {
  readonly settings: Float64Array
  readonly counters: Uint32Array
  /** What the kernel keeps outside its columns: `physics-wasm/src/stages/state.rs`. */
  readonly kept: Float64Array
  /** What the engine keeps: `ENGINE`. */
  readonly engine: Float64Array
}

/** Places of the engine's numbers. */
export const ENGINE = {
  entities: 0,
  high: 1,
  emitters: 2,
  joints: 3,
  lastDt: 4,
  pending: 5,
  /** Highest id that bitECS has handed out, and how many of them are free. */
  highest: 6,
  freeIds: 7,
  /** Manifold records of the last step. */
  manifolds: 8,
  /** Pages of particles that any system has, and free slots of systems. */
  pages: 9,
  freeSystems: 10,
} as const
const ENGINE_NUMBERS = 11

/** Places of the kernel's numbers. */
export const KEPT = { half: 0, valid: 1, blocks: 2, gridHalf: 7, bits: 8, live: 12 } as const
/** Ids of a block of entities. */
const ENTITY_BLOCK = 1024

/** Fresh numbers of a world's layout; `kept` is written by the kernel. */
export function createScalars({ layout, views }: Internals): Scalars {
  return {
    settings: new Float64Array(layout.settings.size),
    counters: new Uint32Array(layout.counters.size),
    kept: new Float64Array(views.f64('State.kept').length),
    engine: new Float64Array(ENGINE_NUMBERS),
  }
}

/** Words that they take. */
export function scalarWords({ settings, counters, kept, engine }: Scalars): number {
  return 2 * (settings.length + kept.length + engine.length) + counters.length
}

/** Their words, one array after the other. */
export function scalarParts({ settings, counters, kept, engine }: Scalars): Uint32Array[] {
  return [settings, kept, engine, counters].map(
    (list) => new Uint32Array(list.buffer, list.byteOffset, list.byteLength / 4),
  )
}

/** Lengths of the kernel's tables. */
export function roomsOf({ layout }: Internals): Rooms {
  const length = (name: string): number => layout.columns.get(name)!.length
  return { contacts: length('scratch.contactA'), manifolds: length('scratch.manifoldWord') / 36 }
}

/** How much of everything is in use. */
export function extentOf(internals: Internals, { settings, counters, kept, engine }: Scalars): Extent {
  const { layout } = internals
  const counter = (name: string): number => counters[layout.counters.get(name)!]!
  return {
    entities: engine[ENGINE.entities]!,
    live: ENTITY_BLOCK * kept[KEPT.live]!,
    kept: kept[KEPT.valid] ? ENTITY_BLOCK * kept[KEPT.blocks]! : 0,
    joints: engine[ENGINE.joints]!,
    emitters: engine[ENGINE.emitters]!,
    bursts: settings[layout.settings.get('bursts')!]!,
    systems: Math.max(1, settings[layout.settings.get('systems')!]!),
    pages: engine[ENGINE.pages]!,
    broods: counter('broods'),
    particleHits: counter('particleHits'),
    freeSystems: engine[ENGINE.freeSystems]!,
    particles: counter('particles'),
    warm: counter('warm'),
    warmAsleep: counter('warmAsleep'),
    contacts: counter('contacts'),
    touched: counter('touched'),
    half: kept[KEPT.half]!,
    manifolds: engine[ENGINE.manifolds]!,
    manifoldsAsleep: counter('manifoldsAsleep'),
    hits: counter('hits'),
    begins: counter('begins'),
    ends: counter('ends'),
    sensorBegins: counter('sensorBegins'),
    sensorEnds: counter('sensorEnds'),
    broken: counter('broken'),
    flown: counter('flownBefore'),
    own: layout.columns.get('own')!.length,
  }
}

/** Refuses numbers that no world has: every length must fit before anything is read by it. */
export function checkScalars(physics: Physics, internals: Internals, scalars: Scalars, extent: Extent): void {
  const { layout } = internals
  const length = (name: string): number => layout.columns.get(name)!.length
  const rooms = roomsOf(internals)
  const most: Record<keyof Extent, number> = {
    entities: physics.capacity.entities,
    live: length('scratch.live'),
    kept: length('scratch.keptX'),
    joints: length('Joint.kind'),
    emitters: physics.capacity.emitters,
    bursts: length('bursts') / 24,
    systems: length('System.generation'),
    pages: length('Particle.pageSystem'),
    broods: length('Brood.word') / 3,
    particleHits: length('particleHits.system'),
    freeSystems: length('System.free') - 1,
    particles: physics.capacity.particles,
    warm: rooms.contacts,
    warmAsleep: rooms.contacts,
    contacts: rooms.contacts,
    touched: length('scratch.solverId'),
    half: 1,
    manifolds: rooms.manifolds,
    manifoldsAsleep: rooms.manifolds,
    hits: length('hits.bullet'),
    begins: length('begins.a'),
    ends: length('ends.a'),
    sensorBegins: length('sensorBegins.sensor'),
    sensorEnds: length('sensorEnds.sensor'),
    broken: length('joints.broken'),
    flown: length('scratch.sensedLast') / 3,
    own: length('own'),
  }
  for (const name of Object.keys(most) as (keyof Extent)[]) {
    const value = extent[name]
    if (!(Number.isInteger(value) && value >= 0 && value <= most[name])) {
      throw refused(name, value, `must be a whole number, 0 … ${most[name]}`)
    }
  }
  for (const [list, name] of [
    [scalars.settings, 'settings'],
    [scalars.kept, 'State.kept'],
    [scalars.engine, 'engine'],
  ] as const) {
    for (const value of list) if (!Number.isFinite(value)) throw refused(name, value, 'must be finite')
  }
  const { engine, kept } = scalars
  const whole = (name: string, value: number, top: number): void => {
    if (!(Number.isInteger(value) && value >= 0 && value <= top)) throw refused(name, value, `must be 0 … ${top}`)
  }
  whole('high', engine[ENGINE.high]!, extent.entities)
  whole('highest', engine[ENGINE.highest]!, 2 ** 24)
  whole('freeIds', engine[ENGINE.freeIds]!, engine[ENGINE.highest]!)
  for (let axis = 0; axis < 3; axis++) whole('grid', kept[KEPT.bits + axis]!, 20)
  if (extent.kept > 0 && !(kept[KEPT.gridHalf]! > 0)) throw refused('grid', kept[KEPT.gridHalf], 'must be above 0')
  if (!(engine[ENGINE.lastDt]! >= 0 && engine[ENGINE.lastDt]! <= 1))
    throw refused('lastDt', engine[ENGINE.lastDt], 'must be 0 … 1')
  if (!(engine[ENGINE.pending]! >= 0)) throw refused('pending', engine[ENGINE.pending], 'must be at least 0')
}
