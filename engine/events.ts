import { type Internals, type Physics, part, readCounter, use } from './internals.ts'
import type { RealArray } from './memory/views.ts'

/** Hits of bullets in the last step, in the order of the bullets' entity ids. Columns are valid up to `count`, until the next step. */
export interface ContactHits {
  count: number
  /** Entity of the bullet. */
  readonly bullet: Uint32Array
  /** Entity that was hit. */
  readonly other: Uint32Array
  /** Point of contact, m. */
  readonly x: RealArray
  readonly y: RealArray
  readonly z: RealArray
  /** Unit normal, from the hit body to the bullet. */
  readonly nx: RealArray
  readonly ny: RealArray
  readonly nz: RealArray
  /** Impulse along the normal, N·s. */
  readonly impulse: RealArray
}

/**
 * Contacts that began in the last step: one a pair of bodies, in an order that is the same on every tier and with any number of threads.
 * Columns are valid up to `count`, until the next step.
 */
export interface ContactBegins {
  count: number
  /** Entities: a plane first, else level geometry, else the lower id. */
  readonly a: Uint32Array
  readonly b: Uint32Array
  /** The deepest point of contact, m. */
  readonly x: RealArray
  readonly y: RealArray
  readonly z: RealArray
  /** Unit normal, from a to b. */
  readonly nx: RealArray
  readonly ny: RealArray
  readonly nz: RealArray
  /** Speed of approach along the normal before the step, m/s. */
  readonly speed: RealArray
  /** Impulse along the normal in the step, N·s. */
  readonly impulse: RealArray
}

/** Contacts that ended in the last step. Columns are valid up to `count`, until the next step. */
export interface ContactEnds {
  count: number
  readonly a: Uint32Array
  readonly b: Uint32Array
}

/** Bodies that entered, or left, a sensor in the last step. Columns are valid up to `count`, until the next step. */
export interface SensorEvents {
  count: number
  /** Entity of the sensor. */
  readonly sensor: Uint32Array
  /** Entity that entered or left it. */
  readonly other: Uint32Array
}

/** Everything that steps report, each one reused object. */
interface Events {
  readonly hits: ContactHits
  readonly begins: ContactBegins
  readonly ends: ContactEnds
  readonly sensorBegins: SensorEvents
  readonly sensorEnds: SensorEvents
}

const made = new WeakMap<Internals, Events>()

/** The events of a world, published from the first question on. */
function eventsOf(internals: Internals): Events {
  return part(made, internals, watchEvents)
}

function watchEvents(internals: Internals): Events {
  const events = createEvents(internals)
  const publish = (): void => publishEvents(internals, events)
  publish()
  internals.stepped.push(publish)
  internals.restored.push(publish)
  return events
}

function createEvents({ views }: Internals): Events {
  const place = (list: string): Pick<ContactHits, 'x' | 'y' | 'z' | 'nx' | 'ny' | 'nz' | 'impulse'> => {
    const real = (name: string): RealArray => views.real(`${list}.${name}`)
    const point = { x: real('x'), y: real('y'), z: real('z') }
    return { ...point, nx: real('nx'), ny: real('ny'), nz: real('nz'), impulse: real('impulse') }
  }
  const sensor = (list: string): SensorEvents => ({
    count: 0,
    sensor: views.u32(`${list}.sensor`),
    other: views.u32(`${list}.other`),
  })
  const begins = { count: 0, a: views.u32('begins.a'), b: views.u32('begins.b'), ...place('begins') }
  return {
    hits: { count: 0, bullet: views.u32('hits.bullet'), other: views.u32('hits.other'), ...place('hits') },
    begins: { ...begins, speed: views.real('begins.speed') },
    ends: { count: 0, a: views.u32('ends.a'), b: views.u32('ends.b') },
    sensorBegins: sensor('sensorBegins'),
    sensorEnds: sensor('sensorEnds'),
  }
}

/** Publishes the numbers of events after a step. */
function publishEvents(internals: Internals, events: Events): void {
  events.hits.count = readCounter(internals, 'hits')
  events.begins.count = readCounter(internals, 'begins')
  events.ends.count = readCounter(internals, 'ends')
  events.sensorBegins.count = readCounter(internals, 'sensorBegins')
  events.sensorEnds.count = readCounter(internals, 'sensorEnds')
}

/**
 * Hits of bullets in the last step. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function contactHits(physics: Physics): ContactHits {
  return eventsOf(use(physics, 'contactHits')).hits
}

/**
 * Contacts that began in the last step. Bodies that fall asleep keep their contacts. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function contactBegins(physics: Physics): ContactBegins {
  return eventsOf(use(physics, 'contactBegins')).begins
}

/**
 * Contacts that ended in the last step, those of removed bodies included: check an id with `isAlive` before using it. One reused object:
 * nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function contactEnds(physics: Physics): ContactEnds {
  return eventsOf(use(physics, 'contactEnds')).ends
}

/**
 * Bodies that entered sensors in the last step. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function sensorBegins(physics: Physics): SensorEvents {
  return eventsOf(use(physics, 'sensorBegins')).sensorBegins
}

/**
 * Bodies that left sensors in the last step, removed ones included. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function sensorEnds(physics: Physics): SensorEvents {
  return eventsOf(use(physics, 'sensorEnds')).sensorEnds
}
