import { checkAlive } from '../alive.ts'
import { PLANE } from '../flags.ts'
import { INTERNALS, type Physics } from '../internals.ts'
import * as FIELD from './field.ts'
import { KIND } from './layout.ts'
import * as STRIDE from './stride.ts'
import type { ShapeTable } from './table.ts'
import * as WORD from './word.ts'

/** The corners of a hull, in the body's frame, and which of them make each face, counter-clockwise seen from outside. */
export interface HullGeometry {
  readonly vertices: readonly (readonly [number, number, number])[]
  readonly faces: readonly (readonly number[])[]
}

/** A part of a compound in the body's frame. */
export interface PartInfo {
  readonly type: string
  /** m from the body's position */
  readonly position: readonly [number, number, number]
  /** Quaternion x, y, z, w. */
  readonly rotation: readonly [number, number, number, number]
  /** Half extents of a box; radius and half height of a capsule; radius of a sphere; m. */
  readonly size: readonly number[]
  readonly hull?: HullGeometry
}

/** What a body's shape is. All in the body's frame, whose origin is the centre of mass. */
export interface ShapeInfo {
  readonly type: string
  /** m³; 0 for planes and level geometry. */
  readonly volume: number
  /** Where the centre of mass is in the frame of the description: what was taken off every point that was given, m. */
  readonly center: readonly [number, number, number]
  /** Moment of inertia of the body: xx, yy, zz, xy, xz, yz, kg·m². */
  readonly inertia: readonly [number, number, number, number, number, number]
  /** Radius of the ball about the centre of mass that holds the shape, m; 0 for planes. */
  readonly boundingRadius: number
  /** Half extents of a box; radius and half height of a capsule; radius of a sphere; else empty; m. */
  readonly size: readonly number[]
  readonly hull?: HullGeometry
  readonly parts?: readonly PartInfo[]
}

/** By the numbers of `KIND`. */
const TYPES = ['sphere', 'box', 'capsule', 'hull', 'compound', 'mesh', 'heightField']

/**
 * What a body's shape is: mass properties, and corners and faces to draw it from. Made anew on each call: not for every frame.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function shapeInfo(physics: Physics, entity: number): ShapeInfo {
  const eid = checkAlive(physics, 'shapeInfo', entity)
  const { shapes } = physics[INTERNALS]
  const { RigidBody, Mass } = physics.components
  const mass = Mass.value[eid]!
  const entry = RigidBody.shape[eid]!
  if (entry) return entryInfo(shapes, entry, mass)
  const plane = (RigidBody.flags[eid]! & PLANE) !== 0
  const radius = plane ? 0 : RigidBody.radius[eid]!
  const moment = 0.4 * mass * radius * radius
  return {
    type: plane ? 'plane' : 'sphere',
    volume: (4 / 3) * Math.PI * radius ** 3,
    center: [0, 0, 0],
    inertia: [moment, moment, moment, 0, 0, 0],
    boundingRadius: radius,
    size: plane ? [] : [radius],
  }
}

function entryInfo(table: ShapeTable, entry: number, mass: number): ShapeInfo {
  const { real } = table
  const at = entry * STRIDE.reals
  const inertia = [0, 1, 2, 3, 4, 5].map((k) => mass * real[at + FIELD.inertia + k]!)
  const parts = partsOf(table, entry)
  return {
    ...geometryOf(table, entry),
    volume: real[at + FIELD.volume]!,
    center: [real[at + FIELD.center]!, real[at + FIELD.center + 1]!, real[at + FIELD.center + 2]!],
    inertia: inertia as unknown as ShapeInfo['inertia'],
    boundingRadius: real[at + FIELD.radius]!,
    ...(parts ? { parts } : {}),
  }
}

function geometryOf(table: ShapeTable, entry: number): Pick<ShapeInfo, 'type' | 'size' | 'hull'> {
  const kind = table.word[entry * STRIDE.words + WORD.kind]!
  const type = TYPES[kind]!
  if (kind === KIND.hull) return { type, size: [], hull: hullOf(table, entry) }
  const numbers = kind === KIND.box ? 3 : kind === KIND.capsule ? 2 : 0
  const at = entry * STRIDE.reals + FIELD.size
  return { type, size: [...table.real.subarray(at, at + numbers)] }
}

/** Reads a hull as `shapes.rs` lays it out: vertices; half-edges (next, twin, origin, face: 16 bits each), then a half-edge of each face. */
function hullOf(table: ShapeTable, entry: number): HullGeometry {
  const at = entry * STRIDE.words
  const word = (index: number): number => table.word[at + index]!
  const [realAt, edges] = [word(WORD.realAt), word(WORD.edges)]
  const half = new Uint16Array(table.geometryWord.buffer, table.geometryWord.byteOffset + 4 * word(WORD.wordAt))
  const vertices = Array.from({ length: word(WORD.vertices) }, (_, i): [number, number, number] => {
    const from = realAt + 3 * i
    return [table.geometryReal[from]!, table.geometryReal[from + 1]!, table.geometryReal[from + 2]!]
  })
  const faces = Array.from({ length: word(WORD.faces) }, (_, i) => {
    const first = half[4 * edges + i]!
    const loop: number[] = []
    let edge = first
    do {
      loop.push(half[4 * edge + 2]!)
      edge = half[4 * edge]!
    } while (edge !== first && loop.length < edges)
    return loop
  })
  return { vertices, faces }
}

function partsOf(table: ShapeTable, entry: number): PartInfo[] | undefined {
  const at = entry * STRIDE.words
  if (table.word[at + WORD.kind] !== KIND.compound) return undefined
  const realAt = table.word[at + WORD.realAt]!
  const wordAt = table.word[at + WORD.wordAt]!
  return Array.from({ length: table.word[at + WORD.children]! }, (_, k): PartInfo => {
    const from = realAt + k * STRIDE.child
    const [x, y, z, qx, qy, qz, qw, radius] = table.geometryReal.subarray(
      from,
      from + STRIDE.child,
    ) as unknown as number[]
    const part = table.geometryWord[wordAt + k]!
    const shape = part ? geometryOf(table, part) : { type: 'sphere', size: [radius!] }
    return { ...shape, position: [x!, y!, z!], rotation: [qx!, qy!, qz!, qw!] }
  })
}
