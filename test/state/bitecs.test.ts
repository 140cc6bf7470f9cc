/** bitECS's own serializers with the components of a world, which are views of the kernel's memory. */
import { addComponents, createWorld, query } from 'bitecs'
import {
  createSnapshotDeserializer,
  createSnapshotSerializer,
  createSoADeserializer,
  createSoASerializer,
} from 'bitecs/serialization'
import { addBody, restore, snapshot, step } from 'manybody'
import { expect, test } from 'vitest'
import { makePhysics, positionOf, sphere } from '../physics/harness.ts'

test('its columns go through the serializer of columns', async () => {
  const physics = await makePhysics()
  const { Position, LinearVelocity } = physics.components
  const eids = [0, 1, 2].map((i) => addBody(physics, sphere([3 * i, 1, 2], { linearVelocity: [i, 0, 0] })))
  const serialize = createSoASerializer([Position, LinearVelocity] as never)
  const bytes = serialize(eids)
  for (let k = 0; k < 10; k++) step(physics, 1 / 60)
  expect(positionOf(physics, eids[2]!)[0]).not.toBe(6)
  createSoADeserializer([Position, LinearVelocity] as never)(bytes)
  expect(positionOf(physics, eids[2]!)).toEqual([6, 1, 2])
})

test('its snapshots of a world name entities and components, beside ours', async () => {
  const physics = await makePhysics()
  const { world, components } = physics
  const { Position, LinearVelocity } = components
  const tag = {}
  const eids = [0, 1, 2].map((i) => addBody(physics, sphere([3 * i, 0, 0])))
  addComponents(world, eids[1]!, tag)
  const theirs = createSnapshotSerializer(world, [Position, LinearVelocity, tag] as never)()
  const ours = snapshot(physics)
  const other = createWorld()
  const column = (): Float32Array | Float64Array =>
    Position.x instanceof Float64Array ? new Float64Array(64) : new Float32Array(64)
  const copy = { x: column(), y: column(), z: column() }
  const speed = { x: column(), y: column(), z: column() }
  const map = createSnapshotDeserializer(other, [copy, speed, tag] as never)(theirs)
  expect(query(other, [copy as never]).length).toBe(3)
  expect(eids.map((eid) => copy.x[map.get(eid)!])).toEqual([0, 3, 6])
  expect(query(other, [tag as never]).length).toBe(1)
  // A restored world serializes alike.
  step(physics, 1 / 60)
  restore(physics, ours)
  expect(new Uint8Array(createSnapshotSerializer(world, [Position, LinearVelocity, tag] as never)())).toEqual(
    new Uint8Array(theirs),
  )
})
