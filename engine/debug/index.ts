/** Debug draw: what the kernel sees, as lines. `import … from 'manybody/debug'`. */
import { PhysicsError } from '../index.ts'
import { INTERNALS, type Physics } from '../internals.ts'
import type { Vec3Like } from '../settings.ts'
import { drawBounds, drawCells, drawContacts, drawJoints } from './marks.ts'
import { createPen, type Pen, STRIDE } from './pen.ts'
import { createScene, type Scene } from './scene.ts'
import { drawShapes, nameIslands } from './shapes.ts'

/** What is drawn. */
export interface DebugOptions {
  /** Every body's shape, coloured by what it is: static grey, kinematic green, dynamic orange, asleep blue, sensor yellow, bullet red. Default true. */
  shapes?: boolean
  /** Shapes coloured by island instead: what is awake is white, each sleeping island has a colour of its own. Default false. */
  islands?: boolean
  /** Points and normals of the contacts of the last step. Default false. */
  contacts?: boolean
  /** Anchors of joints. Default false. */
  joints?: boolean
  /** Bounding boxes. Default false. */
  aabbs?: boolean
  /** Cells of the long-range tree. Default false. */
  treeCells?: boolean
  /** Length of a contact's normal, m. Default 0.3. */
  size?: number
  /** What positions are relative to, m: far from the world's origin, a place near the camera. Default the origin. */
  origin?: Vec3Like
  /** Most lines; read on the first call for a world. Default 65,536 (3 MB). */
  maxLines?: number
}

/** Lines. One reused object a world, over memory that never moves. */
export interface DebugLines {
  /** Six numbers an end, two ends a line: x, y, z, red, green, blue; colours 0 … 1. The first `count` ends are valid. */
  readonly data: Float32Array
  /** Ends drawn: twice the lines. */
  count: number
  /** Lines that found no room. */
  dropped: number
}

/** Numbers of one end of a line. */
export const DEBUG_STRIDE: number = STRIDE

interface Drawing {
  readonly pen: Pen
  readonly scene: Scene
  readonly lines: DebugLines
}

const DEFAULT_LINES = 65_536
const MAX_LINES = 2 ** 24
const ORIGIN: Vec3Like = [0, 0, 0]
const DEFAULTS: DebugOptions = {}
const drawings = new WeakMap<Physics, Drawing>()

/**
 * Draws the state after the last step as lines. After the first call for a world nothing is allocated.
 * @returns the world's lines, valid until the next call
 * @throws PhysicsError E_DISPOSED, E_RANGE
 */
export function debugLines(physics: Physics, options: DebugOptions = DEFAULTS): DebugLines {
  if (physics[INTERNALS].disposed) throw new PhysicsError('E_DISPOSED', 'debugLines', 'the world was disposed')
  const { pen, scene, lines } = drawings.get(physics) ?? begin(physics, options)
  const origin = options.origin ?? ORIGIN
  for (let axis = 0; axis < 3; axis++) pen.origin[axis] = origin[axis]!
  pen.lines = 0
  pen.dropped = 0
  if (options.islands) nameIslands(scene)
  if (options.shapes ?? true) drawShapes(pen, scene, options.islands ?? false)
  if (options.contacts) drawContacts(pen, scene, options.size ?? 0.3)
  if (options.joints) drawJoints(pen, scene)
  if (options.aabbs) drawBounds(pen, scene)
  if (options.treeCells) drawCells(pen, scene)
  lines.count = 2 * pen.lines
  lines.dropped = pen.dropped
  return lines
}

function begin(physics: Physics, { maxLines = DEFAULT_LINES }: DebugOptions): Drawing {
  if (!(Number.isInteger(maxLines) && maxLines >= 1 && maxLines <= MAX_LINES)) {
    const reason = `must be a whole number, 1 … ${MAX_LINES}`
    throw new PhysicsError('E_RANGE', 'debugLines', reason, { field: 'maxLines', value: maxLines })
  }
  const pen = createPen(maxLines)
  const drawing: Drawing = { pen, scene: createScene(physics), lines: { data: pen.data, count: 0, dropped: 0 } }
  drawings.set(physics, drawing)
  return drawing
}
