import { PhysicsError } from '../errors.ts'
import { change, type Internals, type Physics, part, writeSetting } from '../internals.ts'
import { STRIDE, WORD } from '../particles/layout.ts'
import { countBlocks, planBlocks, writeBlocks } from './blocks.ts'
import { type Extent, type Range, rangesOf } from './columns.ts'
import { writeEmitters } from './emitters.ts'
import { bytesOf, Checksum, FULL, HEAD, layoutHash, MAGIC, room, seal, VERSION } from './format.ts'
import { writeJoints } from './joints.ts'
import { freeIds, hasVersions, highestId, readMembers } from './members.ts'
import { livePages, pageRanges } from './pages.ts'
import { createScalars, ENGINE, extentOf, KEPT, roomsOf, type Scalars, scalarParts, scalarWords } from './scalars.ts'
import { ShapeNumbers, writeShapes } from './shapes.ts'

/** What a world keeps for its snapshots, so that taking one after the other allocates little. */
interface Desk {
  readonly scalars: Scalars
  /** Members of the ids: the words of `state-members.ts`. */
  readonly members: Uint32Array
  /** Numbers of the bodies' shapes. */
  readonly shapes: Uint32Array
  kinds: Uint8Array
}

const desks = new WeakMap<Internals, Desk>()

function deskOf(internals: Internals): Desk {
  return part(desks, internals, (internals) => ({
    scalars: createScalars(internals),
    members: new Uint32Array(internals.generations.length),
    shapes: new Uint32Array(internals.generations.length),
    kinds: new Uint8Array(1024),
  }))
}

/**
 * The whole state as one block of bytes: bodies, joints, shapes, hierarchy, particles, emitters, random numbers, contacts and events, and who has
 * this package's components. `restore` puts it back, here or in another world of the same options, and what follows is the same, bit for bit.
 * Taking a snapshot changes nothing.
 * @param into a block to write into, when it is large enough: what is returned is then a part of it
 * @returns the snapshot
 * @throws PhysicsError E_UNSUPPORTED (a bitECS world that numbers versions), E_BUSY, E_DISPOSED
 */
export function snapshot(physics: Physics, into?: Uint8Array): Uint8Array {
  return takeSnapshot(physics, change(physics, 'snapshot'), into, false)
}

/** Takes a snapshot; a bare one has no length and no checksum in its head, and never leaves the package. @internal */
export function takeSnapshot(
  physics: Physics,
  internals: Internals,
  into: Uint8Array | undefined,
  bare: boolean,
): Uint8Array {
  return assemble(physics, internals, { ...gather(physics, internals), bare }, into)
}

/**
 * Finds all that a snapshot is made of: the columns as they are in memory, good until the world changes or the next one is gathered. @internal
 * @throws PhysicsError E_UNSUPPORTED (a bitECS world that numbers versions)
 */
export function gather(physics: Physics, internals: Internals): Parts {
  if (hasVersions(physics.world)) {
    throw new PhysicsError('E_UNSUPPORTED', 'snapshot', 'the bitECS world numbers the versions of ids')
  }
  const desk = deskOf(internals)
  const { scalars } = desk
  readScalars(physics, internals, scalars)
  const extent = extentOf(internals, scalars)
  const shapes = new ShapeNumbers()
  shapes.translate(physics.components.RigidBody.shape, extent.entities, desk.shapes)
  const systems = numberMeshes(internals, extent.systems, shapes)
  const own: Record<string, Uint32Array> = { 'RigidBody.shape': desk.shapes, 'System.word': systems }
  const ranges = rangesOf(internals, extent, roomsOf(internals)).map((range) => {
    const { [range.column.name]: words } = own
    return words ? { ...range, column: { ...range.column, words } } : range
  })
  ranges.push(sourcesRange(physics, extent.entities))
  readMembers(physics, extent.entities, desk.members)
  ranges.push(membersRange(desk.members, extent.entities))
  const list = internals.views.u32('Particle.pageList')
  const systemAt = internals.views.u32('Particle.pageSystem')
  const words = internals.views.u32('System.word')
  ranges.push(...pageRanges(internals, extent.pages, { pageAt: (k) => list[k]!, systemAt, words }))
  const tail: ArrayLike<number>[] = []
  const put = (words: ArrayLike<number>): void => void tail.push(words)
  put(freeIds(physics.world))
  writeShapes(internals.shapes, shapes.entries, put)
  writeJoints(physics, put)
  writeEmitters(internals, put)
  return { scalars, ranges, tail }
}

/** The words of the particle systems, with numbers of shapes instead of entries. */
function numberMeshes({ views }: Internals, count: number, shapes: ShapeNumbers): Uint32Array {
  const words = views.u32('System.word').slice(0, count * STRIDE.words)
  for (let at = WORD.mesh; at < words.length; at += STRIDE.words) words[at] = shapes.of(words[at]!)
  return words
}

/** What a snapshot is made of. */
export interface Parts {
  scalars: Scalars
  ranges: readonly Range[]
  tail: readonly ArrayLike<number>[]
  /** Whether the head stays without length and checksum. Default false. */
  bare?: boolean
}

/** Puts the parts of a snapshot together. The same parts give the same bytes. */
export function assemble(
  physics: Physics,
  internals: Internals,
  { scalars, ranges, tail, bare }: Parts,
  into: Uint8Array | undefined,
): Uint8Array {
  const desk = deskOf(internals)
  const blocks = countBlocks(ranges)
  if (desk.kinds.length < blocks) desk.kinds = new Uint8Array(2 * blocks)
  const head = headWords(physics)
  let length = head + scalarWords(scalars) + planBlocks(internals.kernel, ranges, desk.kinds)
  for (const words of tail) length += words.length
  const out = room(into, length)
  writeHead(physics, internals, out, FULL)
  let at = head
  for (const words of scalarParts(scalars)) {
    out.set(words, at)
    at += words.length
  }
  const sum = bare ? undefined : new Checksum(out, internals)
  at = writeBlocks(ranges, desk.kinds, { words: out, at, sum })
  for (const words of tail) {
    out.set(words, at)
    at += words.length
  }
  if (sum) seal(out, sum)
  else out.fill(0, HEAD.length, HEAD.base)
  return bytesOf(out)
}

/** Words of the head of a block. */
export function headWords(physics: Physics): number {
  return HEAD.capacities + 1 + capacities(physics).length
}

/** Members are written as if they were a column. */
export function membersRange(members: Uint32Array, entities: number): Range {
  return {
    column: { name: 'members', words: members, size: 1, ranges: () => [], perEntity: false },
    start: 0,
    count: entities,
  }
}

/** Which particle system an entity has by its component is written likewise. */
export function sourcesRange({ components }: Physics, entities: number): Range {
  const { system } = components.ParticleSystem
  const words = new Uint32Array(system.buffer, system.byteOffset, 2 * system.length)
  return {
    column: { name: 'sources', words, size: 2, ranges: () => [], perEntity: false },
    start: 0,
    count: 2 * entities,
  }
}

/** The capacities of a world, in the order of their names. */
export function capacities({ capacity }: Physics): [name: string, value: number][] {
  return Object.entries(capacity).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Writes the head of a block; `seal` writes the rest of it when all is there. */
export function writeHead(physics: Physics, internals: Internals, out: Uint32Array, kind: number): void {
  const list = capacities(physics)
  out[HEAD.magic] = MAGIC
  out[HEAD.version] = VERSION
  out[HEAD.kind] = kind
  out[HEAD.layout] = layoutHash(internals.layout)
  out[HEAD.precision] = physics.backend.precision === 'double' ? 2 : 1
  out[HEAD.base] = 0
  out[HEAD.base + 1] = 0
  out[HEAD.capacities] = list.length
  for (const [index, [, value]] of list.entries()) out[HEAD.capacities + 1 + index] = value
}

/** Reads everything that is no column. */
function readScalars(physics: Physics, internals: Internals, scalars: Scalars): void {
  const { kernel, views, counters, settings, shapes } = internals
  kernel.exports.state_save()
  writeSetting(internals, 'high', internals.high)
  writeSetting(internals, 'emitters', internals.emitterHigh)
  writeSetting(internals, 'shapes', shapes.used)
  scalars.settings.set(settings)
  scalars.counters.set(counters)
  scalars.kept.set(views.f64('State.kept'))
  const { engine } = scalars
  const highest = highestId(physics.world)
  engine[ENGINE.entities] = Math.min(physics.capacity.entities, Math.max(internals.high, highest + 1))
  engine[ENGINE.high] = internals.high
  engine[ENGINE.emitters] = internals.emitterHigh
  engine[ENGINE.joints] = settings[internals.layout.settings.get('joints')!]!
  engine[ENGINE.lastDt] = internals.lastDt
  engine[ENGINE.pending] = internals.pending
  engine[ENGINE.highest] = highest
  engine[ENGINE.freeIds] = freeIds(physics.world).length
  engine[ENGINE.pages] = livePages(internals)
  engine[ENGINE.freeSystems] = views.u32('System.free')[0]!
  engine[ENGINE.manifolds] = 0
  engine[ENGINE.manifolds] = usedManifolds(internals, extentOf(internals, scalars))
  if (!scalars.kept[KEPT.valid]) scalars.kept[KEPT.gridHalf] = 0
}

/** Where a record has the next one of its pair, and its words. */
const NEXT = 0
const WORDS = 12

/** How many records of the last step there are up to the last that a contact has. */
function usedManifolds(internals: Internals, { warm, half }: Extent): number {
  const first = internals.views.u32('scratch.warmManifold')
  const bits = internals.views.u32('scratch.warmBits')
  const words = internals.views.u32('scratch.manifoldWord')
  const base = half * roomsOf(internals).manifolds
  let used = 0
  for (let index = 0; index < warm; index++) {
    if (!(bits[index]! & 1)) continue
    for (let m = first[index]!; m !== 0; m = words[(m - 1) * WORDS + NEXT]!) used = Math.max(used, m - base)
  }
  return used
}
