import { BODY, DYNAMIC, JOINTED, KINEMATIC, PLANE } from '../flags.ts'
import { type Internals, type Physics, part } from '../internals.ts'
import { SHAPE, STRIDE, WORD } from '../particles/layout.ts'
import { isStaticOnly } from '../shapes/table.ts'
import { largestOf, readBlocks, skipBlocks } from './blocks.ts'
import { checkIndices, checkManifolds } from './checks.ts'
import { type Extent, type Range, rangesOf } from './columns.ts'
import { type EmitterSlots, readEmitters } from './emitters.ts'
import { checkFamily } from './family.ts'
import { refused, signed } from './format.ts'
import { type Joints, readJoints } from './joints.ts'
import { ALIVE, bitOf, isMember, isPrefab, knownBits } from './members.ts'
import { checkSystems, pageRanges } from './pages.ts'
import { checkScalars, createScalars, ENGINE, extentOf, roomsOf, type Scalars, scalarParts } from './scalars.ts'
import { readShapes } from './shapes.ts'
import { headWords, membersRange, sourcesRange } from './snapshot.ts'

/** A range of a snapshot and where it begins in its words. */
export interface Place {
  readonly range: Range
  readonly at: number
}

/** A snapshot that has been checked: all that a restore writes. */
export interface Plan {
  readonly words: Uint32Array
  readonly scalars: Scalars
  readonly extent: Extent
  readonly places: readonly Place[]
  readonly members: Uint32Array
  readonly generations: Uint32Array
  readonly freeIds: Uint32Array
  /** Entry of this world for each entry of the snapshot. */
  readonly shapeOf: ReadonlyMap<number, number>
  readonly joints: Joints
  readonly emitters: EmitterSlots
  readonly flags: Uint32Array
  readonly counts: BodyCounts
  /** Entities in the hierarchy. */
  readonly nodes: readonly number[]
  /** Whether any entity has particles by its component. */
  readonly sourced: boolean
}

/** How many bodies, planes and bodies with joints there are, and the highest id of a body. */
export interface BodyCounts {
  bodies: number
  planes: number
  jointed: number
  last: number
}

/** Reads columns of 32-bit words from a snapshot. */
export interface Columns {
  /** A column's range `part`; the array is good until the same one is asked for again. */
  read(name: string, part?: number): Uint32Array
  /** Its largest word. */
  largest(name: string, part?: number): number
}

/** A snapshot whose parts have been found: everything fits, but nothing has been looked at. */
export interface Frame {
  readonly words: Uint32Array
  readonly scalars: Scalars
  readonly extent: Extent
  readonly columns: Columns
  /** The columns' ranges; the members'; those of the pages of particles. */
  readonly places: readonly Place[]
  readonly members: Place
  readonly pages: readonly Place[]
  /** Where it goes on behind the ranges. */
  readonly reader: Reader
}

/** Finds the parts of a snapshot whose head is sound. @throws PhysicsError E_SNAPSHOT */
export function readFrame(physics: Physics, internals: Internals, words: Uint32Array): Frame {
  const reader = new Reader(words, headWords(physics))
  const scalars = readScalars(physics, internals, reader)
  const extent = extentOf(internals, scalars)
  const place = (range: Range): Place => ({ range, at: reader.skip(range) })
  const places = rangesOf(internals, extent, roomsOf(internals)).map(place)
  places.push(place(sourcesRange(physics, extent.entities)))
  const members = place(membersRange(new Uint32Array(0), extent.entities))
  const columns = columnReader(internals, words, [...places, members])
  checkSystems(columns, extent, physics.capacity.entities)
  const systems = { systemAt: columns.read('Particle.pageSystem'), words: columns.read('System.word') }
  const pages = pageRanges(internals, extent.pages, { pageAt: (k) => k, ...systems }).map(place)
  return { words, scalars, extent, columns, places, members, pages, reader }
}

/** Reads and checks the loose numbers. */
export function readScalars(physics: Physics, internals: Internals, reader: Reader): Scalars {
  const scalars = createScalars(internals)
  for (const list of scalarParts(scalars)) list.set(reader.take(list.length))
  checkScalars(physics, internals, scalars, extentOf(internals, scalars))
  return scalars
}

/**
 * Reads and checks a snapshot whose head is sound, touching nothing but the shape table (what is new there is held by nobody).
 * @throws PhysicsError E_SNAPSHOT
 */
export function readPlan(physics: Physics, internals: Internals, words: Uint32Array): Plan {
  const frame = readFrame(physics, internals, words)
  const { scalars, extent, columns, reader } = frame
  const places = [...frame.places, ...frame.pages]
  const column = columns.read
  const freeIds = reader.take(scalars.engine[ENGINE.freeIds]!)
  const members = column('members')
  const all = checkMembers(physics, members, freeIds, scalars.engine[ENGINE.highest]!)
  const sourced = (all & bitOf(physics, physics.components.ParticleSystem)) !== 0
  const shapeOf = readShapes(internals.shapes, (count) => reader.take(count))
  checkMeshes(internals, columns, shapeOf)
  const flags = column('RigidBody.flags')
  const counts = checkBodies(physics, internals, { flags, members, shapes: column('RigidBody.shape'), shapeOf })
  const high = scalars.engine[ENGINE.high]!
  if (counts.last >= high) throw refused('high', high, `entity ${counts.last} is a body`)
  const isBody = (eid: number): boolean => eid < flags.length && (flags[eid]! & BODY) !== 0
  const kind = column('Joint.kind')
  const joints =
    extent.joints > 0 || reader.peek() > 0
      ? readJoints(extent.joints, (count) => reader.take(count), {
          kind,
          a: column('Joint.a'),
          b: column('Joint.b'),
          isBody,
        })
      : readJoints(0, (count) => reader.take(count), { kind, a: kind, b: kind, isBody })
  for (const eid of joints.first.keys())
    if (!(flags[eid]! & JOINTED)) throw refused('RigidBody.flags', flags[eid], `entity ${eid} has joints`)
  if (counts.jointed !== joints.first.size)
    throw refused('RigidBody.flags', counts.jointed, 'more bodies have joints than are joined')
  const emission = column('emitters')
  const floats = new Float32Array(emission.buffer, emission.byteOffset, emission.length)
  const emitters = readEmitters(extent.emitters, (count) => reader.take(count), floats, physics.capacity.entities)
  if (reader.at !== words.length) throw refused('length', words.length, 'goes on behind the end')
  checkIndices(physics, internals, columns)
  checkManifolds(extent, roomsOf(internals), columns)
  const nodes = checkFamily(physics, columns, members, high)
  const generations = column('RigidBody.generation')
  return {
    words,
    scalars,
    extent,
    places,
    members,
    generations,
    freeIds,
    shapeOf,
    joints,
    emitters,
    flags,
    counts,
    nodes,
    sourced,
  }
}

/** Walks through the words of a snapshot. */
export class Reader {
  readonly words: Uint32Array
  at: number
  constructor(words: Uint32Array, at: number) {
    this.words = words
    this.at = at
  }
  take(count: number): Uint32Array {
    if (!(count <= this.words.length - this.at)) throw refused('length', this.words.length, 'ends too early')
    this.at += count
    return this.words.subarray(this.at - count, this.at)
  }
  peek(): number {
    return this.words[this.at] ?? 0
  }
  skip({ column, count }: Range): number {
    const { at } = this
    this.at = skipBlocks(this.words, at, count, column.size)
    if (this.at < 0) throw refused('length', this.words.length, `ends within ${column.name}`)
    return at
  }
}

const scratch = new WeakMap<Internals, Map<string, Uint32Array>>()

function columnReader(internals: Internals, words: Uint32Array, places: readonly Place[]): Columns {
  const byName = new Map<string, Place>()
  const seen = new Map<string, number>()
  for (const place of places) {
    const { name } = place.range.column
    const part = seen.get(name) ?? 0
    seen.set(name, part + 1)
    byName.set(`${name} ${part}`, place)
  }
  const buffers = part(scratch, internals, () => new Map())
  const room = (key: string, count: number): Uint32Array => {
    let buffer = buffers.get(key)
    if (!buffer || buffer.length < count) {
      buffer = new Uint32Array(2 * count)
      buffers.set(key, buffer)
    }
    return buffer.subarray(0, count)
  }
  return {
    read(name, part = 0) {
      const { range, at } = byName.get(`${name} ${part}`)!
      const out = room(`${name} ${part}`, range.count)
      readBlocks(words, at, { count: range.count, size: range.column.size }, out, 0)
      return out
    },
    largest(name, part = 0) {
      const { range, at } = byName.get(`${name} ${part}`)!
      return largestOf(words, at, range.count)
    },
  }
}

function checkMembers(physics: Physics, members: Uint32Array, freeIds: Uint32Array, highest: number): number {
  const free = new Uint8Array(highest + 1)
  for (const eid of freeIds) {
    if (eid === 0 || eid > highest || free[eid]) throw refused('freeIds', eid, 'is free twice, or was never used')
    free[eid] = 1
  }
  let all = 0
  const foreign = ~knownBits(physics)
  const words = signed(members)
  for (let eid = 0; eid < words.length; eid++) {
    const word = words[eid]!
    if (word === 0) continue
    all |= word
    const alive = (word & ALIVE) !== 0 && eid > 0 && eid <= highest && free[eid] === 0
    if (!alive || (word & foreign) !== 0) throw refused('members', word, `entity ${eid} cannot have these components`)
  }
  return all
}

/** Refuses particle systems that are born on a mesh that is none. */
function checkMeshes({ shapes }: Internals, columns: Columns, shapeOf: ReadonlyMap<number, number>): void {
  const words = columns.read('System.word')
  for (let at = 0; at < words.length; at += STRIDE.words) {
    const mesh = words[at + WORD.mesh]!
    if (mesh === 0 && words[at + WORD.shape] !== SHAPE.mesh) continue
    const entry = at > 0 ? shapeOf.get(mesh) : undefined
    if (entry === undefined || shapes.shapes[entry]!.type !== 'mesh') throw refused('System.word', mesh, 'is no mesh')
  }
}

interface Bodies {
  flags: Uint32Array
  members: Uint32Array
  shapes: Uint32Array
  shapeOf: ReadonlyMap<number, number>
}

function checkBodies(physics: Physics, internals: Internals, { flags, members, shapes, shapeOf }: Bodies): BodyCounts {
  const bit = bitOf(physics, physics.components.RigidBody)
  const counts: BodyCounts = { bodies: 0, planes: 0, jointed: 0, last: -1 }
  const words = signed(members)
  const given = signed(flags)
  for (let eid = 0; eid < given.length; eid++) {
    const member = words[eid]!
    const flag = given[eid]!
    const body = (member & bit) !== 0 && !isPrefab(member)
    if (body !== ((flag & BODY) !== 0))
      throw refused('RigidBody.flags', flag, `entity ${eid} is ${body ? 'a' : 'no'} body`)
    if (shapes[eid]) {
      const entry = shapeOf.get(shapes[eid]!)
      if (entry === undefined || !isMember(member))
        throw refused('RigidBody.shape', shapes[eid], `entity ${eid} has no such shape`)
      if (flag & (DYNAMIC | KINEMATIC) && isStaticOnly(internals.shapes.shapes[entry]!)) {
        throw refused('RigidBody.shape', shapes[eid], `entity ${eid} moves, and its shape cannot`)
      }
    }
    if (flag & PLANE) counts.planes++
    if (flag & JOINTED) counts.jointed++
    if (!body) continue
    counts.bodies++
    counts.last = eid
  }
  if (counts.bodies > physics.capacity.bodies) throw refused('bodies', counts.bodies, 'are more than fit')
  return counts
}
