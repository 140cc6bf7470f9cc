import {
  CylinderGeometry,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshStandardMaterial,
  Quaternion,
  type Scene,
  Vector3,
} from 'three'

const UP = new Vector3(0, 1, 0)
const ends = { from: new Vector3(), to: new Vector3() }
const [along, middle, size] = [new Vector3(), new Vector3(), new Vector3()]
const turn = new Quaternion()
const matrix = new Matrix4()

/** Thin straight strings, drawn in one call. */
export function createStrings(scene: Scene, count: number, radius = 0.008): InstancedMesh {
  const material = new MeshStandardMaterial({ color: '#d8dde2', roughness: 0.5 })
  const mesh = new InstancedMesh(new CylinderGeometry(radius, radius, 1, 6), material, count)
  mesh.frustumCulled = false
  mesh.castShadow = true
  scene.add(mesh)
  return mesh
}

/** Puts each string between two points, which `place` writes. */
export function updateStrings(mesh: InstancedMesh, place: (index: number, out: typeof ends) => void): void {
  for (let i = 0; i < mesh.count; i++) {
    place(i, ends)
    mesh.setMatrixAt(i, between(ends.from, ends.to))
  }
  mesh.instanceMatrix.needsUpdate = true
}

type Point = readonly [number, number, number]

/** A bar that stays where it is: scenery, no body. */
export function addBar(scene: Scene, from: Point, to: Point, radius = 0.045): Mesh {
  const material = new MeshStandardMaterial({ color: '#8f9aa5', roughness: 0.3, metalness: 1 })
  const bar = new Mesh(new CylinderGeometry(radius, radius, 1, 16), material)
  bar.applyMatrix4(between(ends.from.set(...from), ends.to.set(...to)))
  bar.castShadow = bar.receiveShadow = true
  scene.add(bar)
  return bar
}

/** Turns and stretches something of length 1 along y to reach from one point to another. */
function between(from: Vector3, to: Vector3): Matrix4 {
  const length = along.subVectors(to, from).length()
  turn.setFromUnitVectors(UP, along.divideScalar(length || 1))
  return matrix.compose(middle.addVectors(from, to).multiplyScalar(0.5), turn, size.set(1, length, 1))
}
