/** The three.js mesh of a hierarchy: kernel memory where it can be, a copy where it must be. */
import { addComponents, addEntity, set } from 'bitecs'
import { type Physics, setParent, updateTransforms } from 'manybody'
import { createTransformMesh } from 'manybody/three'
import { BoxGeometry, Matrix4, MeshBasicMaterial, Vector3 } from 'three'
import { expect, test } from 'vitest'
import { makePhysics } from '../physics/harness.ts'

function addNode({ world, components }: Physics, x: number): number {
  const { Position, Rotation, Scale } = components
  const eid = addEntity(world)
  addComponents(world, eid, [set(Position, { x, y: 0, z: 0 }), Rotation, Scale])
  return eid
}

function placeOf(mesh: ReturnType<typeof createTransformMesh>, index: number): number[] {
  const matrix = new Matrix4()
  mesh.getMatrixAt(index, matrix)
  return new Vector3().setFromMatrixPosition(matrix).toArray()
}

const look = () => [new BoxGeometry(), new MeshBasicMaterial()] as const

test('single precision: the matrices are those of the kernel', async () => {
  const physics = await makePhysics({ precision: 'single' })
  const mesh = createTransformMesh(physics, ...look())
  expect(mesh.count).toBe(0)
  expect(mesh.instanceMatrix.array.buffer).toBe(physics.transforms.matrices.buffer)
  const [a, b] = [addNode(physics, 5), addNode(physics, 2)]
  setParent(physics, b, a)
  updateTransforms(physics)
  const { version } = mesh.instanceMatrix
  mesh.update()
  expect(mesh.count).toBe(2)
  expect(placeOf(mesh, 1)).toEqual([7, 0, 0])
  expect(mesh.instanceMatrix.version).toBe(version + 1)
  expect(mesh.instanceMatrix.updateRanges).toEqual([{ start: 0, count: 32 }])
})

test('double precision, and chosen entities: copies', async () => {
  for (const precision of ['single', 'double'] as const) {
    const physics = await makePhysics({ precision })
    const [a, b, c, alone] = [5, 2, 3, 9].map((x) => addNode(physics, x)) as [number, number, number, number]
    setParent(physics, b, a)
    setParent(physics, c, a)
    updateTransforms(physics)
    const all = createTransformMesh(physics, ...look())
    expect([0, 1, 2].map((index) => placeOf(all, index)[0])).toEqual([5, 7, 8])
    const some = createTransformMesh(physics, ...look(), { entities: [c, alone, a] })
    expect(some.count).toBe(2)
    expect([0, 1].map((index) => placeOf(some, index)[0])).toEqual([8, 5])
  }
})
