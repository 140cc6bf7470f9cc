import * as flag from '../flags.ts'
import * as FIELD from '../shapes/field.ts'
import { KIND } from '../shapes/layout.ts'
import * as STRIDE from '../shapes/stride.ts'
import * as WORD from '../shapes/word.ts'
import { arc, dip, enter, localBox, localLine, type Pen, place } from './pen.ts'
import type { Scene } from './scene.ts'

/** Colours by what a body is. */
const COLOR = {
  fixed: 0x8899aa,
  kinematic: 0x55cc77,
  dynamic: 0xf0b050,
  asleep: 0x5070a0,
  sensor: 0xe0e060,
  bullet: 0xff5050,
} as const
/** Half the side of the square that stands for a plane, m, and its lines each way. */
const PLANE_SIZE = 10
const PLANE_LINES = 10

/** Draws every body's shape. */
export function drawShapes(pen: Pen, scene: Scene, islands: boolean): void {
  const { flags } = scene.components.RigidBody
  for (let e = 0; e < scene.internals.high; e++) {
    if (!(flags[e]! & flag.BODY)) continue
    dip(pen, islands ? islandColor(scene, e) : colorOf(flags[e]!))
    placeAt(pen.pose, scene, e)
    drawShape(pen, scene, e)
  }
}

function colorOf(flags: number): number {
  if (flags & flag.SENSOR) return COLOR.sensor
  if (flags & flag.BULLET) return COLOR.bullet
  if (flags & flag.ASLEEP) return COLOR.asleep
  if (flags & flag.DYNAMIC) return COLOR.dynamic
  return flags & flag.KINEMATIC ? COLOR.kinematic : COLOR.fixed
}

/** What is awake is white, what does not move grey; each sleeping island has a colour of its own. */
function islandColor(scene: Scene, e: number): number {
  const flags = scene.components.RigidBody.flags[e]!
  if (!(flags & flag.DYNAMIC)) return COLOR.fixed
  if (!(flags & flag.ASLEEP)) return 0xffffff
  // A golden-ratio walk through the bits: neighbours in number are far apart in colour. Never dark.
  return (Math.imul(scene.islands[e]!, 0x9e3779b1) >>> 8) | 0x404040
}

/** Names each sleeping body's island by its lowest body: walks every ring once. */
export function nameIslands({ components, internals, islands, sleepNext }: Scene): void {
  const { flags } = components.RigidBody
  islands.fill(0, 0, internals.high)
  for (let e = 1; e < internals.high; e++) {
    let at = e
    while (flags[at]! & flag.ASLEEP && islands[at] === 0) {
      islands[at] = e
      at = sleepNext[at]!
    }
  }
}

/** Sets the pose to a body's. */
export function placeAt(pose: Float64Array, { components }: Scene, e: number): void {
  const { Position, Rotation } = components
  place(
    pose,
    Position.x[e]!,
    Position.y[e]!,
    Position.z[e]!,
    Rotation.x[e]!,
    Rotation.y[e]!,
    Rotation.z[e]!,
    Rotation.w[e]!,
  )
}

function drawShape(pen: Pen, scene: Scene, e: number): void {
  const { RigidBody } = scene.components
  const entry = RigidBody.shape[e]!
  if (RigidBody.flags[e]! & flag.PLANE) drawPlane(pen)
  else if (!entry) drawBall(pen, RigidBody.radius[e]!)
  else if (kindOf(scene, entry) === KIND.compound) drawCompound(pen, scene, entry, e)
  else drawEntry(pen, scene, entry)
}

function kindOf({ internals }: Scene, entry: number): number {
  return internals.shapes.word[entry * STRIDE.words + WORD.kind]!
}

function drawPlane(pen: Pen): void {
  for (let i = 0; i <= PLANE_LINES; i++) {
    const at = PLANE_SIZE * ((2 * i) / PLANE_LINES - 1)
    localLine(pen, at, 0, -PLANE_SIZE, at, 0, PLANE_SIZE)
    localLine(pen, -PLANE_SIZE, 0, at, PLANE_SIZE, 0, at)
  }
}

function drawBall(pen: Pen, radius: number): void {
  for (let across = 0; across < 3; across++) arc(pen, radius, 0, across)
}

function drawEntry(pen: Pen, scene: Scene, entry: number): void {
  const { real } = scene.internals.shapes
  const at = entry * STRIDE.reals + FIELD.size
  const kind = kindOf(scene, entry)
  if (kind === KIND.box) {
    const [x, y, z] = [real[at]!, real[at + 1]!, real[at + 2]!]
    localBox(pen, -x, -y, -z, x, y, z)
  } else if (kind === KIND.capsule) drawCapsule(pen, real[at]!, real[at + 1]!)
  else if (kind === KIND.hull) drawHull(pen, scene, entry)
  else if (kind === KIND.mesh) drawMesh(pen, scene, entry)
  else if (kind === KIND.heightField) drawField(pen, scene, entry)
}

/** A line between two of the corners from `realAt` on. */
function between(pen: Pen, { internals }: Scene, a: number, b: number): void {
  const to = internals.shapes.geometryReal
  localLine(pen, to[a]!, to[a + 1]!, to[a + 2]!, to[b]!, to[b + 1]!, to[b + 2]!)
}

function drawMesh(pen: Pen, scene: Scene, entry: number): void {
  const { word, geometryWord } = scene.internals.shapes
  const at = entry * STRIDE.words
  const [realAt, wordAt] = [word[at + WORD.realAt]!, word[at + WORD.wordAt]!]
  const end = wordAt + 3 * word[at + WORD.faces]!
  for (let t = wordAt; t < end; t += 3) {
    for (let k = 0; k < 3; k++) {
      between(pen, scene, realAt + 3 * geometryWord[t + k]!, realAt + 3 * geometryWord[t + ((k + 1) % 3)]!)
    }
  }
}

/** Rows and columns, without diagonals. */
function drawField(pen: Pen, { internals }: Scene, entry: number): void {
  const { word, real, geometryReal: heights } = internals.shapes
  const at = entry * STRIDE.words
  const [first, rows, columns] = [word[at + WORD.realAt]!, word[at + WORD.vertices]!, word[at + WORD.faces]!]
  const [dx, dz] = [real[entry * STRIDE.reals + FIELD.size]!, real[entry * STRIDE.reals + FIELD.size + 1]!]
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, z] = [dx * (column - 0.5 * (columns - 1)), dz * (row - 0.5 * (rows - 1))]
      const here = first + row * columns + column
      if (column + 1 < columns) localLine(pen, x, heights[here]!, z, x + dx, heights[here + 1]!, z)
      if (row + 1 < rows) localLine(pen, x, heights[here]!, z, x, heights[here + columns]!, z + dz)
    }
  }
}

function drawCapsule(pen: Pen, radius: number, halfHeight: number): void {
  for (let end = -1; end <= 1; end += 2) {
    arc(pen, radius, end * halfHeight, 1)
    // Half circles: the upper ones are the first half of the circle.
    arc(pen, radius, end * halfHeight, 0, end > 0 ? 0 : 12, end > 0 ? 12 : 24)
    arc(pen, radius, end * halfHeight, 2, end > 0 ? 0 : 12, end > 0 ? 12 : 24)
    localLine(pen, end * radius, -halfHeight, 0, end * radius, halfHeight, 0)
    localLine(pen, 0, -halfHeight, end * radius, 0, halfHeight, end * radius)
  }
}

/** Every second half-edge: its twin is the same edge the other way. */
function drawHull(pen: Pen, scene: Scene, entry: number): void {
  const { halfEdges } = scene
  const { word } = scene.internals.shapes
  const at = entry * STRIDE.words
  const [realAt, first] = [word[at + WORD.realAt]!, 2 * word[at + WORD.wordAt]!]
  const edges = word[at + WORD.edges]!
  for (let edge = 0; edge < edges; edge += 2) {
    const a = realAt + 3 * halfEdges[first + 4 * edge + 2]!
    between(pen, scene, a, realAt + 3 * halfEdges[first + 4 * edge + 6]!)
  }
}

function drawCompound(pen: Pen, scene: Scene, entry: number, e: number): void {
  const { word, geometryReal, geometryWord } = scene.internals.shapes
  const at = entry * STRIDE.words
  const children = word[at + WORD.children]!
  for (let k = 0; k < children; k++) {
    const row = word[at + WORD.realAt]! + k * STRIDE.child
    const part = geometryWord[word[at + WORD.wordAt]! + k]!
    const g = geometryReal
    placeAt(pen.pose, scene, e)
    enter(pen.pose, g[row]!, g[row + 1]!, g[row + 2]!, g[row + 3]!, g[row + 4]!, g[row + 5]!, g[row + 6]!)
    if (part) drawEntry(pen, scene, part)
    else drawBall(pen, g[row + 7]!)
  }
}
