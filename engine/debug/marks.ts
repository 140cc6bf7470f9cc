import * as flag from '../flags.ts'
import { readCounter } from '../internals.ts'
import * as FIELD from '../shapes/field.ts'
import * as STRIDE from '../shapes/stride.ts'
import { box, dip, line, type Pen } from './pen.ts'
import type { ContactColumns, Scene } from './scene.ts'
import { placeAt } from './shapes.ts'

const COLOR = {
  contact: 0xff4040,
  normal: 0xffffff,
  sleeping: 0x804040,
  joint: 0x40c0ff,
  aabb: 0x308040,
  cell: 0x503070,
}
/** Numbers of a manifold's record, as `physics-wasm/src/stages/manifold.rs` defines them; a test compares the two. */
export const RECORD = { reals: 88, words: 12, normal: 0, inA: 48, count: 2 } as const
/** Points of a record are in rows of four. */
const ROW = 4
/** Numbers of a joint, as `physics-wasm/src/stages/joint.rs` defines them; a test compares the two. */
export const JOINT = { reals: 48, anchorA: 0, anchorB: 7 } as const
const MAX_POINTS = 4

/** Draws the contacts of the last step: a cross at each point and a line along the normal, `size` metres long. Those of sleepers are dark. */
export function drawContacts(pen: Pen, scene: Scene, size: number): void {
  const { internals, contact, warm } = scene
  const contacts = readCounter(internals, 'contacts')
  drawList(pen, scene, contact, { from: 0, count: contacts, color: COLOR.contact, size })
  const from = contact.a.length
  drawList(pen, scene, warm, { from, count: readCounter(internals, 'warmAsleep'), color: COLOR.sleeping, size })
}

interface Stretch {
  from: number
  count: number
  color: number
  size: number
}

function drawList(
  pen: Pen,
  scene: Scene,
  list: Pick<ContactColumns, 'a' | 'b' | 'manifold'>,
  { from, count, color, size }: Stretch,
): void {
  const { flags } = scene.components.RigidBody
  for (let i = from; i < from + count; i++) {
    const [a, b] = [list.a[i]!, list.b[i]!]
    // Removed since.
    if (!(flags[a]! & flags[b]! & flag.BODY)) continue
    const manifold = list.manifold[i]!
    if (manifold) drawManifold(pen, scene, a, manifold - 1, { color, size })
    else drawSpheres(pen, scene, a, b, { color, size })
  }
}

type Look = Pick<Stretch, 'color' | 'size'>

const point = new Float64Array(3)
const normal = new Float64Array(3)
const pose = new Float64Array(12)

/** Draws a cross at `point` and a line along `normal`. */
function drawPoint(pen: Pen, { color, size }: Look): void {
  const [x, y, z] = [point[0]!, point[1]!, point[2]!]
  const arm = 0.2 * size
  dip(pen, color)
  line(pen, x - arm, y, z, x + arm, y, z)
  line(pen, x, y - arm, z, x, y + arm, z)
  line(pen, x, y, z - arm, x, y, z + arm)
  dip(pen, color === COLOR.sleeping ? color : COLOR.normal)
  line(pen, x, y, z, x + size * normal[0]!, y + size * normal[1]!, z + size * normal[2]!)
}

/** The points of a record are in the frame of a, the normal in the world's. */
function drawManifold(pen: Pen, scene: Scene, a: number, manifold: number, look: Look): void {
  const { manifoldReal: real, manifoldWord: word } = scene
  const at = manifold * RECORD.reals
  const count = Math.min(word[manifold * RECORD.words + RECORD.count]!, MAX_POINTS)
  placeAt(pose, scene, a)
  for (let axis = 0; axis < 3; axis++) normal[axis] = real[at + RECORD.normal + axis]!
  for (let k = 0; k < count; k++) {
    const p = at + RECORD.inA + k * ROW
    const [x, y, z] = [real[p]!, real[p + 1]!, real[p + 2]!]
    for (let axis = 0; axis < 3; axis++) {
      point[axis] = pose[axis]! + pose[3 + axis]! * x + pose[6 + axis]! * y + pose[9 + axis]! * z
    }
    drawPoint(pen, look)
  }
}

/** A contact of two spheres, or of a plane, a, and a sphere: where they are now. */
function drawSpheres(pen: Pen, scene: Scene, a: number, b: number, look: Look): void {
  const { Position, RigidBody } = scene.components
  const [x, y, z] = [Position.x[b]!, Position.y[b]!, Position.z[b]!]
  if (RigidBody.flags[a]! & flag.PLANE) {
    placeAt(pose, scene, a)
    for (let axis = 0; axis < 3; axis++) normal[axis] = pose[6 + axis]!
  } else {
    normal[0] = x - Position.x[a]!
    normal[1] = y - Position.y[a]!
    normal[2] = z - Position.z[a]!
    const length = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
    for (let axis = 0; axis < 3; axis++) normal[axis]! /= length || 1
  }
  const radius = RigidBody.radius[b]!
  point[0] = x - radius * normal[0]!
  point[1] = y - radius * normal[1]!
  point[2] = z - radius * normal[2]!
  drawPoint(pen, look)
}

/** Draws each joint: from both bodies to their anchors, and between the anchors. */
export function drawJoints(pen: Pen, scene: Scene): void {
  const { joint, components } = scene
  const { flags } = components.RigidBody
  dip(pen, COLOR.joint)
  for (let j = 1; j < joint.kind.length; j++) {
    const [a, b] = [joint.a[j]!, joint.b[j]!]
    if (!joint.kind[j] || !(flags[a]! & flags[b]! & flag.BODY)) continue
    drawAnchor(pen, scene, a, j * JOINT.reals + JOINT.anchorA)
    const [x, y, z] = [point[0]!, point[1]!, point[2]!]
    drawAnchor(pen, scene, b, j * JOINT.reals + JOINT.anchorB)
    line(pen, x, y, z, point[0]!, point[1]!, point[2]!)
  }
}

/** Draws a line from a body to its anchor; the anchor is left in `point`. */
function drawAnchor(pen: Pen, scene: Scene, e: number, at: number): void {
  const { real } = scene.joint
  placeAt(pose, scene, e)
  for (let axis = 0; axis < 3; axis++) {
    point[axis] =
      pose[axis]! + pose[3 + axis]! * real[at]! + pose[6 + axis]! * real[at + 1]! + pose[9 + axis]! * real[at + 2]!
  }
  line(pen, pose[0]!, pose[1]!, pose[2]!, point[0]!, point[1]!, point[2]!)
}

const low = new Float64Array(3)
const high = new Float64Array(3)

/** Draws each body's bounding box; planes have none. */
export function drawBounds(pen: Pen, scene: Scene): void {
  const { RigidBody } = scene.components
  dip(pen, COLOR.aabb)
  for (let e = 0; e < scene.internals.high; e++) {
    const flags = RigidBody.flags[e]!
    if (!(flags & flag.BODY) || flags & flag.PLANE) continue
    findBounds(scene, e)
    box(pen, low[0]!, low[1]!, low[2]!, high[0]!, high[1]!, high[2]!)
  }
}

/** The box around a ball, or around the turned box that holds the shape. */
function findBounds(scene: Scene, e: number): void {
  const { Position, RigidBody } = scene.components
  const entry = RigidBody.shape[e]!
  const radius = RigidBody.radius[e]!
  if (!entry) {
    low[0] = Position.x[e]! - radius
    low[1] = Position.y[e]! - radius
    low[2] = Position.z[e]! - radius
    for (let axis = 0; axis < 3; axis++) high[axis] = low[axis]! + 2 * radius
    return
  }
  const { real } = scene.internals.shapes
  const at = entry * STRIDE.reals
  placeAt(pose, scene, e)
  for (let axis = 0; axis < 3; axis++) {
    let [middle, half] = [pose[axis]!, 0]
    for (let k = 0; k < 3; k++) {
      const [from, to] = [real[at + FIELD.low + k]!, real[at + FIELD.high + k]!]
      const along = pose[3 + 3 * k + axis]!
      middle += 0.5 * (from + to) * along
      half += 0.5 * (to - from) * Math.abs(along)
    }
    low[axis] = middle - half
    high[axis] = middle + half
  }
}

/** Draws the cells of the long-range tree: the cubes of the balls that hold their sources. */
export function drawCells(pen: Pen, { internals, cells }: Scene): void {
  const count = Math.min(readCounter(internals, 'treeNodes'), cells.length / 4)
  dip(pen, COLOR.cell)
  for (let i = 0; i < count; i++) {
    const [x, y, z, r] = [cells[4 * i]!, cells[4 * i + 1]!, cells[4 * i + 2]!, cells[4 * i + 3]!]
    if (r > 0) box(pen, x - r, y - r, z - r, x + r, y + r, z + r)
  }
}
