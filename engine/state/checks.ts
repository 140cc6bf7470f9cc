import type { Internals, Physics } from '../internals.ts'
import type { Extent, Rooms } from './columns.ts'
import { refused } from './format.ts'
import type { Columns } from './plan.ts'

/** Columns that hold entity ids. */
const IDS = [
  'RigidBody.sleepNext',
  'scratch.contactA',
  'scratch.contactB',
  'scratch.solverId',
  'hits.bullet',
  'hits.other',
  'begins.a',
  'begins.b',
  'ends.a',
  'ends.b',
  'sensorBegins.sensor',
  'sensorBegins.other',
  'sensorEnds.sensor',
  'sensorEnds.other',
]

/** Refuses numbers of entities, joints and groups that are none. */
export function checkIndices(physics: Physics, internals: Internals, columns: Columns): void {
  const { entities } = physics.capacity
  const below = (name: string, limit: number, part = 0): void => {
    const largest = columns.largest(name, part)
    if (largest >= limit) throw refused(name, largest, `must be below ${limit}`)
  }
  for (const name of IDS) below(name, entities)
  for (const part of [0, 1]) {
    below('scratch.warmA', entities, part)
    below('scratch.warmB', entities, part)
  }
  below('joints.broken', physics.capacity.joints + 1)
  below('RigidBody.instanceGroup', internals.instanceNames.length + 1)
  const sensed = columns.read('scratch.sensedLast')
  for (let i = 0; i < sensed.length; i++) {
    if (i % 3 < 2 && sensed[i]! >= entities) throw refused('scratch.sensedLast', sensed[i], `must be below ${entities}`)
  }
}

/** Words of a manifold's record; where it has the next one of its pair, plus one, and its points. */
const WORDS = 12
const NEXT = 0
const COUNT = 2
const MOST_POINTS = 4

/** Refuses chains of manifolds that leave their part of the records, or go back. */
export function checkManifolds(extent: Extent, rooms: Rooms, columns: Columns): void {
  const parts = [
    { base: extent.half * rooms.manifolds, used: extent.manifolds },
    { base: 2 * rooms.manifolds, used: extent.manifoldsAsleep },
  ]
  for (const [part, { base, used }] of parts.entries()) {
    // Spheres alone have none.
    if (columns.largest('scratch.warmManifold', part) === 0) continue
    const words = columns.read('scratch.manifoldWord', part)
    const bits = columns.read('scratch.warmBits', part)
    for (const [index, first] of columns.read('scratch.warmManifold', part).entries()) {
      if (part === 0 && !(bits[index]! & 1)) continue
      let least = base
      for (let m = first; m !== 0; m = words[(m - 1 - base) * WORDS + NEXT]!) {
        if (!(m > least && m <= base + used)) throw refused('scratch.warmManifold', m, 'is no manifold of its pair')
        if (words[(m - 1 - base) * WORDS + COUNT]! > MOST_POINTS)
          throw refused('scratch.manifoldWord', m, 'has too many points')
        least = m
      }
    }
  }
}
