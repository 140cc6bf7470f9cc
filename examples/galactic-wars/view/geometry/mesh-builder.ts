import { BufferAttribute, InstancedBufferGeometry } from 'three'

export type Point = readonly [x: number, y: number, z: number]

/** A cross-section of a hull: an octagon across z. */
export interface Section {
  z: number
  /** half width and half height */
  width: number
  height: number
  /** how much of the corners is cut off, 0 … 1 (0.4) */
  bevel?: number
  /** shift of the centre */
  x?: number
  y?: number
}

/** Triangles with flat normals and a paint each; plain lists, made once at load time. */
export interface MeshBuilder {
  positions: number[]
  normals: number[]
  paints: number[]
}

export function createMeshBuilder(): MeshBuilder {
  return { positions: [], normals: [], paints: [] }
}

export function addTriangle(mesh: MeshBuilder, paint: number, a: Point, b: Point, c: Point): void {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]]
  const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
  const length = Math.hypot(nx, ny, nz)
  if (length < 1e-9) return
  for (const corner of [a, b, c]) {
    mesh.positions.push(...corner)
    mesh.normals.push(nx / length, ny / length, nz / length)
    mesh.paints.push(paint)
  }
}

export function addQuad(mesh: MeshBuilder, paint: number, a: Point, b: Point, c: Point, d: Point): void {
  addTriangle(mesh, paint, a, b, c)
  addTriangle(mesh, paint, a, c, d)
}

function octagon({ z, width: w, height: h, bevel = 0.4, x = 0, y = 0 }: Section): Point[] {
  const [cw, ch] = [w * (1 - bevel), h * (1 - bevel)]
  // Counter-clockwise seen from +z.
  return [
    [x + w, y - ch, z],
    [x + w, y + ch, z],
    [x + cw, y + h, z],
    [x - cw, y + h, z],
    [x - w, y + ch, z],
    [x - w, y - ch, z],
    [x - cw, y - h, z],
    [x + cw, y - h, z],
  ]
}

/**
 * A closed hull through cross-sections from the tail (smallest z) to the nose.
 *
 * @param paints one for all, or one for each gap between two sections
 * @param tail paint of the rear cap
 */
export function addHull(mesh: MeshBuilder, sections: Section[], paints: number | number[], tail: number): void {
  const rings = sections.map(octagon)
  for (let s = 0; s + 1 < rings.length; s++) {
    const [from, to] = [rings[s], rings[s + 1]]
    const paint = typeof paints === 'number' ? paints : paints[s]
    for (let i = 0; i < 8; i++) addQuad(mesh, paint, from[i], from[(i + 1) % 8], to[(i + 1) % 8], to[i])
  }
  const last = typeof paints === 'number' ? paints : paints[paints.length - 1]
  addCap(mesh, tail, rings[0], true)
  addCap(mesh, last, rings[rings.length - 1], false)
}

function addCap(mesh: MeshBuilder, paint: number, ring: Point[], backwards: boolean): void {
  for (let i = 1; i + 1 < ring.length; i++) {
    if (backwards) addTriangle(mesh, paint, ring[0], ring[i + 1], ring[i])
    else addTriangle(mesh, paint, ring[0], ring[i], ring[i + 1])
  }
}

/**
 * A wing: a flat outline, in any direction round, that is thickest in its middle.
 *
 * @param place turns a point of the outline (u, v) and a thickness t into space
 */
export function addSlab(
  mesh: MeshBuilder,
  paint: number,
  outline: readonly (readonly [u: number, v: number])[],
  thickness: number,
  place: (u: number, t: number, v: number) => Point,
): void {
  const [cu, cv] = [0, 1].map((k) => outline.reduce((sum, p) => sum + p[k], 0) / outline.length)
  const [top, bottom] = [place(cu, thickness, cv), place(cu, -thickness, cv)]
  for (let i = 0; i < outline.length; i++) {
    const [a, b] = [outline[i], outline[(i + 1) % outline.length]]
    const [edgeA, edgeB] = [place(a[0], 0, a[1]), place(b[0], 0, b[1])]
    addFacing(mesh, paint, [top, edgeA, edgeB], bottom)
    addFacing(mesh, paint, [bottom, edgeA, edgeB], top)
  }
}

/** A triangle that shows its outside to everything but `inner`. */
function addFacing(mesh: MeshBuilder, paint: number, [a, b, c]: [Point, Point, Point], inner: Point): void {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]]
  const [ix, iy, iz] = [inner[0] - a[0], inner[1] - a[1], inner[2] - a[2]]
  const inwards = ix * (uy * vz - uz * vy) + iy * (uz * vx - ux * vz) + iz * (ux * vy - uy * vx)
  if (inwards > 0) addTriangle(mesh, paint, a, c, b)
  else addTriangle(mesh, paint, a, b, c)
}

/** The finished geometry, with the vertex attributes `position`, `normal` and `paint`. */
export function buildGeometry(mesh: MeshBuilder): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(mesh.positions), 3))
  geometry.setAttribute('normal', new BufferAttribute(Float32Array.from(mesh.normals), 3))
  geometry.setAttribute('paint', new BufferAttribute(Float32Array.from(mesh.paints), 1))
  return geometry
}
