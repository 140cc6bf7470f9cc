/** Numbers of one end of a line: x, y, z, red, green, blue. */
export const STRIDE = 6

/** Writes coloured lines into fixed memory, through a pose. */
export interface Pen {
  readonly data: Float32Array
  /** Lines that fit. */
  readonly capacity: number
  lines: number
  dropped: number
  r: number
  g: number
  b: number
  /** What is taken off every place, m. */
  readonly origin: Float64Array
  /** Where local points are: the place, then the columns of the rotation. */
  readonly pose: Float64Array
}

/** A pen for at most `capacity` lines. */
export function createPen(capacity: number): Pen {
  const data = new Float32Array(2 * STRIDE * capacity)
  const pose = new Float64Array(12)
  return { data, capacity, lines: 0, dropped: 0, r: 1, g: 1, b: 1, origin: new Float64Array(3), pose }
}

/** Chooses a colour, 0xrrggbb. */
export function dip(pen: Pen, color: number): void {
  pen.r = (color >> 16) / 255
  pen.g = ((color >> 8) & 255) / 255
  pen.b = (color & 255) / 255
}

/** A line between two places of the world, m. */
export function line(pen: Pen, ax: number, ay: number, az: number, bx: number, by: number, bz: number): void {
  if (pen.lines >= pen.capacity) {
    pen.dropped++
    return
  }
  const { data, origin } = pen
  const at = 2 * STRIDE * pen.lines++
  data[at] = ax - origin[0]!
  data[at + 1] = ay - origin[1]!
  data[at + 2] = az - origin[2]!
  data[at + 6] = bx - origin[0]!
  data[at + 7] = by - origin[1]!
  data[at + 8] = bz - origin[2]!
  for (let end = at; end <= at + STRIDE; end += STRIDE) {
    data[end + 3] = pen.r
    data[end + 4] = pen.g
    data[end + 5] = pen.b
  }
}

/** A line between two places of the pose's frame, m. */
export function localLine(pen: Pen, ax: number, ay: number, az: number, bx: number, by: number, bz: number): void {
  const p = pen.pose
  line(
    pen,
    p[0]! + p[3]! * ax + p[6]! * ay + p[9]! * az,
    p[1]! + p[4]! * ax + p[7]! * ay + p[10]! * az,
    p[2]! + p[5]! * ax + p[8]! * ay + p[11]! * az,
    p[0]! + p[3]! * bx + p[6]! * by + p[9]! * bz,
    p[1]! + p[4]! * bx + p[7]! * by + p[10]! * bz,
    p[2]! + p[5]! * bx + p[8]! * by + p[11]! * bz,
  )
}

/** Sets the pose to the place `p` and the unit quaternion `q`. */
export function place(
  pose: Float64Array,
  px: number,
  py: number,
  pz: number,
  x: number,
  y: number,
  z: number,
  w: number,
): void {
  pose[0] = px
  pose[1] = py
  pose[2] = pz
  pose[3] = 1 - 2 * (y * y + z * z)
  pose[4] = 2 * (x * y + w * z)
  pose[5] = 2 * (x * z - w * y)
  pose[6] = 2 * (x * y - w * z)
  pose[7] = 1 - 2 * (x * x + z * z)
  pose[8] = 2 * (y * z + w * x)
  pose[9] = 2 * (x * z + w * y)
  pose[10] = 2 * (y * z - w * x)
  pose[11] = 1 - 2 * (x * x + y * y)
}

const inner = new Float64Array(12)

/** Goes into a frame within the pose: the place `p` and the quaternion `q` of the pose's frame. */
export function enter(
  pose: Float64Array,
  px: number,
  py: number,
  pz: number,
  x: number,
  y: number,
  z: number,
  w: number,
): void {
  place(inner, px, py, pz, x, y, z, w)
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = [
    pose[3]!,
    pose[4]!,
    pose[5]!,
    pose[6]!,
    pose[7]!,
    pose[8]!,
    pose[9]!,
    pose[10]!,
    pose[11]!,
  ]
  for (let column = 0; column < 4; column++) {
    const [a, b, c] = [inner[3 * column]!, inner[3 * column + 1]!, inner[3 * column + 2]!]
    const shift = column === 0 ? 1 : 0
    pose[3 * column] = m0 * a + m3 * b + m6 * c + shift * pose[0]!
    pose[3 * column + 1] = m1 * a + m4 * b + m7 * c + shift * pose[1]!
    pose[3 * column + 2] = m2 * a + m5 * b + m8 * c + shift * pose[2]!
  }
}

/** A box between two corners of the world. */
export function box(pen: Pen, lx: number, ly: number, lz: number, hx: number, hy: number, hz: number): void {
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [corner & 1 ? hx : lx, corner & 2 ? hy : ly, corner & 4 ? hz : lz]
    if (!(corner & 1)) line(pen, x, y, z, hx, y, z)
    if (!(corner & 2)) line(pen, x, y, z, x, hy, z)
    if (!(corner & 4)) line(pen, x, y, z, x, y, hz)
  }
}

/** A box between two corners of the pose's frame. */
export function localBox(pen: Pen, lx: number, ly: number, lz: number, hx: number, hy: number, hz: number): void {
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [corner & 1 ? hx : lx, corner & 2 ? hy : ly, corner & 4 ? hz : lz]
    if (!(corner & 1)) localLine(pen, x, y, z, hx, y, z)
    if (!(corner & 2)) localLine(pen, x, y, z, x, hy, z)
    if (!(corner & 4)) localLine(pen, x, y, z, x, y, hz)
  }
}

const SEGMENTS = 24
const COS = Float64Array.from({ length: SEGMENTS + 1 }, (_, i) => Math.cos((2 * Math.PI * i) / SEGMENTS))
const SIN = Float64Array.from({ length: SEGMENTS + 1 }, (_, i) => Math.sin((2 * Math.PI * i) / SEGMENTS))

/**
 * An arc of the pose's frame about (0, y, 0), in the plane across axis `across` (0 x, 1 y, 2 z), of 24 parts from `from` to `to`.
 */
export function arc(pen: Pen, radius: number, y: number, across: number, from = 0, to = SEGMENTS): void {
  for (let i = from; i < to; i++) {
    const [c, s, d, t] = [radius * COS[i]!, radius * SIN[i]!, radius * COS[i + 1]!, radius * SIN[i + 1]!]
    if (across === 0) localLine(pen, 0, y + s, c, 0, y + t, d)
    else if (across === 1) localLine(pen, c, y, s, d, y, t)
    else localLine(pen, c, y + s, 0, d, y + t, 0)
  }
}
