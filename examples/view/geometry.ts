import type { CapsuleShape, HullShape, MeshShape, Shape } from 'manybody'
import { BufferAttribute, BufferGeometry, CapsuleGeometry, SphereGeometry, Vector3 } from 'three'
import { ConvexGeometry } from 'three/addons/geometries/ConvexGeometry.js'
import { RoundedBoxGeometry } from 'three/addons/geometries/RoundedBoxGeometry.js'

/** Corners of boxes are rounded by this share of the shortest edge, for the light that they catch. */
const BEVEL = 0.05

/**
 * The triangles of a shape, in the body's frame. Spheres have radius 1: the packed scale is theirs.
 * @throws Error for shapes without a surface of their own
 */
export function createGeometry(shape: Shape): BufferGeometry {
  switch (shape.type) {
    case 'sphere':
      return new SphereGeometry(1, 32, 20)
    case 'box':
      return createBox(Array.from(shape.halfExtents))
    case 'capsule':
      return createCapsule(shape)
    case 'hull':
      return createHull(shape)
    case 'mesh':
      return createMesh(shape)
    default:
      throw new Error(`no geometry for a ${shape.type}`)
  }
}

function createBox(half: number[]): BufferGeometry {
  const [x, y, z] = half as [number, number, number]
  return new RoundedBoxGeometry(2 * x, 2 * y, 2 * z, 2, 2 * BEVEL * Math.min(x, y, z))
}

function createCapsule({ radius, halfHeight }: CapsuleShape): BufferGeometry {
  return new CapsuleGeometry(radius, 2 * halfHeight, 8, 20)
}

/** The body's origin is the centre of mass, wherever the points' origin is. */
function createHull({ points }: HullShape): BufferGeometry {
  const geometry = new ConvexGeometry(readVectors(points))
  const center = centerOfMass(geometry)
  return geometry.translate(-center.x, -center.y, -center.z)
}

/** Flat triangles, each with a normal of its own. */
function createMesh({ vertices, indices }: MeshShape): BufferGeometry {
  const corners = readVectors(vertices)
  const places = Float32Array.from(Array.from(indices).flatMap((index) => corners[index]!.toArray()))
  const geometry = new BufferGeometry().setAttribute('position', new BufferAttribute(places, 3))
  geometry.computeVertexNormals()
  return geometry
}

function readVectors(points: HullShape['points']): Vector3[] {
  const list = points as ArrayLike<number | ArrayLike<number>>
  if (typeof list[0] !== 'number') return Array.from(list as ArrayLike<number[]>, ([x, y, z]) => new Vector3(x, y, z))
  const flat = list as ArrayLike<number>
  return Array.from({ length: flat.length / 3 }, (_, i) => new Vector3(flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]))
}

/** Mean of the tetrahedra between the origin and each triangle, by their volumes. */
function centerOfMass(geometry: BufferGeometry): Vector3 {
  const places = geometry.getAttribute('position')
  const [a, b, c, sum] = [new Vector3(), new Vector3(), new Vector3(), new Vector3()]
  let total = 0
  for (let i = 0; i < places.count; i += 3) {
    for (const [k, corner] of [a, b, c].entries()) corner.fromBufferAttribute(places, i + k)
    const volume = a.dot(new Vector3().crossVectors(b, c)) / 6
    total += volume
    sum.addScaledVector(a.add(b).add(c), volume / 4)
  }
  return sum.divideScalar(total)
}
