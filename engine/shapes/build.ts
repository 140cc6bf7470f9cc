import { checkNumber, checkVector } from '../errors.ts'
import { KIND } from './layout.ts'
import {
  type Asker,
  type BoxShape,
  type CapsuleShape,
  type ChildShape,
  type CompoundShape,
  checkBox,
  checkCapsule,
  checkPose,
  checkSphere,
  countPoints,
  type HeightFieldShape,
  type HullShape,
  isPlace,
  MAX_CHILDREN,
  MAX_HULL_POINTS,
  type MeshShape,
  PLACE_BOUNDS,
  readPoints,
  refusePart,
  SIZE_BOUNDS,
} from './shape.ts'
import * as STRIDE from './stride.ts'
import { build, holdEntry, type ShapeTable, type TableShape } from './table.ts'

/**
 * The entry of a shape, built when it is new. It must be held, or dropped by `dropFresh`, before the public call ends.
 * @throws PhysicsError E_RANGE, E_NOT_FINITE, E_CAPACITY, E_UNSUPPORTED; the table is as before, but for what `dropFresh` drops
 */
export function findEntry(table: ShapeTable, asker: Asker, shape: TableShape): number {
  if (shape.type === 'box') {
    checkBox(asker, shape)
    const [x, y, z] = [shape.halfExtents[0]!, shape.halfExtents[1]!, shape.halfExtents[2]!]
    return findSized(table, asker, { type: 'box', halfExtents: [x, y, z] }, [x, y, z])
  }
  if (shape.type === 'capsule') {
    checkCapsule(asker, shape)
    const { type, radius, halfHeight } = shape
    return findSized(table, asker, { type, radius, halfHeight }, [radius, halfHeight])
  }
  const known = table.entries.get(shape)
  if (known) return known
  switch (shape.type) {
    case 'hull':
      return buildHull(table, asker, shape)
    case 'compound':
      return buildCompound(table, asker, shape)
    case 'mesh':
      return buildMesh(table, asker, shape)
    case 'heightField':
      return buildField(table, asker, shape)
  }
}

/** The entry of a shape that is known by its sizes, m. */
function findSized(table: ShapeTable, asker: Asker, shape: BoxShape | CapsuleShape, sizes: readonly number[]): number {
  const key = `${shape.type} ${sizes.join(' ')}`
  const known = table.entries.get(key)
  if (known) return known
  table.staging.set(sizes)
  return build(table, asker, { kind: KIND[shape.type], count: 1, more: 0, key, shape })
}

function buildHull(table: ShapeTable, asker: Asker, shape: HullShape): number {
  const { staging } = table
  const count = countPoints(asker, 'points', shape.points, [4, MAX_HULL_POINTS])
  readPoints(asker, 'points', shape.points, count, (index, value) => {
    staging[index] = value
  })
  return build(table, asker, { kind: KIND.hull, count, more: 0, key: shape, shape })
}

const PARTS = ['sphere', 'box', 'capsule', 'hull']
const ORIGIN = [0, 0, 0]
const IDENTITY = [0, 0, 0, 1]

function buildCompound(table: ShapeTable, asker: Asker, shape: CompoundShape): number {
  const { children } = shape
  const count = children?.length
  if (!(Array.isArray(children) && count! >= 1 && count! <= MAX_CHILDREN)) {
    refusePart(asker, 'E_RANGE', 'children', `must be an array of 1 … ${MAX_CHILDREN} parts`, children)
  }
  // All parts first: building one uses the staging area too.
  const entries = children.map((child, index) => {
    const part: Asker = { ...asker, field: `${asker.field}.children[${index}]` }
    checkPose(part, child)
    return findPart(table, { ...part, field: `${part.field}.shape` }, child?.shape)
  })
  for (const [index, { shape: part, position, rotation }] of children.entries()) {
    const at = index * STRIDE.stagedChild
    table.staging.set(position ?? ORIGIN, at)
    table.staging.set(rotation ?? IDENTITY, at + 3)
    table.staging[at + 7] = part.type === 'sphere' ? part.radius : 0
    table.staging[at + 8] = entries[index]!
  }
  const entry = build(table, asker, { kind: KIND.compound, count: children.length, more: 0, key: shape, shape })
  const held = entries.filter((part) => part > 0)
  for (const part of held) holdEntry(table, part)
  table.parts[entry] = held
  return entry
}

/** The entry of a compound's part, 0 for a sphere. */
function findPart(table: ShapeTable, asker: Asker, shape: ChildShape): number {
  if (!PARTS.includes(shape?.type)) {
    refusePart(asker, 'E_UNSUPPORTED', 'type', `a part must be ${PARTS.join(', ')}`, shape?.type)
  }
  if (shape.type !== 'sphere') return findEntry(table, asker, shape)
  checkSphere(asker, shape)
  return 0
}

/** Vertices, triangles, rows or columns at most: what no geometry could hold anyway. */
const MOST = 2 ** 26

function buildMesh(table: ShapeTable, asker: Asker, shape: MeshShape): number {
  const { vertices, indices } = shape
  const count = countPoints(asker, 'vertices', vertices, [3, MOST])
  readPoints(asker, 'vertices', vertices, count, () => {})
  const list = checkList(asker, 'indices', indices)
  if (list.length < 3 || list.length % 3 !== 0 || list.length > 3 * MOST) {
    refusePart(asker, 'E_RANGE', 'indices.length', 'must be a multiple of 3, and not 0', list.length)
  }
  for (let i = 0; i < list.length; i++) {
    const index = list[i]!
    if (!(Number.isInteger(index) && index >= 0 && index < count)) {
      refusePart(asker, 'E_RANGE', `indices[${i}]`, `must be a whole number, 0 … ${count - 1}`, index)
    }
  }
  const fill = (realAt: number, wordAt: number): void => {
    readPoints(asker, 'vertices', vertices, count, (index, value) => {
      table.geometryReal[realAt + index] = value
    })
    table.geometryWord.set(list, wordAt)
  }
  return build(table, asker, { kind: KIND.mesh, count, more: list.length / 3, key: shape, shape, fill })
}

function buildField(table: ShapeTable, asker: Asker, shape: HeightFieldShape): number {
  const { call, field, entity } = asker
  const { rows, columns, spacing } = shape
  const grid = { min: 2, max: MOST, integer: true }
  checkNumber(call, `${field}.rows`, rows, grid, entity)
  checkNumber(call, `${field}.columns`, columns, grid, entity)
  const both = typeof spacing === 'number' ? [spacing, spacing] : spacing
  checkVector(call, `${field}.spacing`, both, 2, entity, SIZE_BOUNDS)
  const list = checkList(asker, 'heights', shape.heights)
  if (list.length !== rows * columns) {
    refusePart(asker, 'E_RANGE', 'heights.length', `must be rows × columns = ${rows * columns}`, list.length)
  }
  for (let i = 0; i < list.length; i++) {
    if (!isPlace(list[i])) checkNumber(call, `${field}.heights[${i}]`, list[i], PLACE_BOUNDS, entity)
  }
  const fill = (realAt: number): void => {
    table.geometryReal.set(list, realAt)
    table.staging[0] = both[0]!
    table.staging[1] = both[1]!
  }
  return build(table, asker, { kind: KIND.heightField, count: rows, more: columns, key: shape, shape, fill })
}

function checkList(asker: Asker, part: string, list: ArrayLike<number>): ArrayLike<number> {
  if (list === null || typeof list !== 'object' || typeof list.length !== 'number') {
    refusePart(asker, 'E_RANGE', part, 'must be an array of numbers', list)
  }
  return list
}
