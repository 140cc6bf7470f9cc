/** Entities in the frame of others, against three.js's scene graph. */
import { addComponent, addComponents, addEntity, hasComponent, removeEntity, set } from 'bitecs'
import fc from 'fast-check'
import {
  addBody,
  childrenOf,
  frameStats,
  type Physics,
  packInstances,
  parentOf,
  removeBody,
  setParent,
  step,
  updateTransforms,
  worldMatrix,
  worldPosition,
  worldRotation,
} from 'manybody'
import { Matrix4, Object3D, Quaternion, Vector3 } from 'three'
import { describe, expect, test } from 'vitest'
import { expectUnchanged } from '../errors/expect-error.ts'
import { DT, makePhysics, sphere } from '../physics/harness.ts'

const NAN = Number.NaN
type Triple = [number, number, number]
type Quad = [number, number, number, number]

interface Pose {
  position: Triple
  rotation: Quad
  scale: number
}

/** An entity that is no body. */
function addNode(physics: Physics, { position, rotation, scale }: Partial<Pose> = {}): number {
  const { Position, Rotation, Scale } = physics.components
  const eid = addEntity(physics.world)
  const [x, y, z] = position ?? [0, 0, 0]
  const [qx, qy, qz, w] = rotation ?? [0, 0, 0, 1]
  const size = scale ?? 1
  addComponents(physics.world, eid, [
    set(Position, { x, y, z }),
    set(Rotation, { x: qx, y: qy, z: qz, w }),
    set(Scale, { x: size, y: size, z: size }),
  ])
  return eid
}

function elementsOf(physics: Physics, eid: number): number[] {
  return worldMatrix(physics, eid, new Array<number>(16).fill(0))
}

/** The kernel's matrix of a node. */
function kernelMatrix({ transforms }: Physics, eid: number): number[] | undefined {
  const node = transforms.entities.subarray(0, transforms.count).indexOf(eid)
  return node < 0 ? undefined : [...transforms.matrices.subarray(16 * node, 16 * node + 16)]
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, error: number): void {
  const size = Math.max(1, ...Array.from(wanted, Math.abs))
  for (let k = 0; k < 16; k++) expect(Math.abs(found[k]! - wanted[k]!)).toBeLessThan(error * size)
}

/** The nearest whole number, zero without a sign: rounding errors have either. */
function whole(value: number): number {
  return Math.round(value) + 0
}

describe('parents', () => {
  test('a child is where its parent takes it, and a grandchild too', async () => {
    const physics = await makePhysics()
    const ship = addNode(physics, { position: [10, 0, 0], rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2] })
    const turret = addNode(physics, { position: [0, 1, 2], scale: 2 })
    const barrel = addNode(physics, { position: [0, 0, 1] })
    setParent(physics, barrel, turret)
    setParent(physics, turret, ship)
    updateTransforms(physics)
    // A quarter turn about y takes +z to +x.
    expect(kernelMatrix(physics, turret)?.slice(12, 15).map(whole)).toEqual([12, 1, 0])
    expect(kernelMatrix(physics, barrel)?.slice(12, 15).map(whole)).toEqual([14, 1, 0])
    expect(physics.transforms.count).toBe(3)
    expect(parentOf(physics, barrel)).toBe(turret)
    const children = [0, 0]
    expect(childrenOf(physics, ship, children)).toBe(1)
    expect(children).toEqual([turret, 0])
  })

  test('children follow a body: its pose, not its drawn size', async () => {
    const physics = await makePhysics({ gravity: [0, 0, 0] })
    const rock = addBody(physics, { shape: { type: 'sphere', radius: 3 }, linearVelocity: [60, 0, 0], mass: 1 })
    const flag = addNode(physics, { position: [0, 4, 0] })
    addComponent(physics.world, flag, set(physics.components.Parent, { entity: rock }))
    step(physics, DT)
    expect(kernelMatrix(physics, flag)?.slice(12, 15)).toEqual([physics.components.Position.x[rock], 4, 0])
    removeBody(physics, rock)
    // Where it was, in the world's frame now.
    expect(physics.components.Position.x[flag]).toBeCloseTo(1, 6)
    expect(parentOf(physics, flag)).toBe(0)
    step(physics, DT)
    expect(physics.transforms.count).toBe(0)
  })

  test('nothing moved, nothing is made anew', async () => {
    const physics = await makePhysics()
    const root = addNode(physics)
    const leaves = Array.from({ length: 50 }, (_, k) => addNode(physics, { position: [k, 0, 0] }))
    for (const leaf of leaves) setParent(physics, leaf, root)
    step(physics, DT)
    expect(frameStats(physics).nodesMoved).toBe(51)
    step(physics, DT)
    expect(frameStats(physics).nodesMoved).toBe(0)
    physics.components.Position.x[leaves[7]!] += 1
    step(physics, DT)
    expect(frameStats(physics).nodesMoved).toBe(1)
    physics.components.Rotation.y[root] = 1
    step(physics, DT)
    expect(frameStats(physics).nodesMoved).toBe(51)
  })

  test('an entity that becomes a body leaves its parent and stays where it was', async () => {
    const physics = await makePhysics({ gravity: [0, 0, 0] })
    const hand = addNode(physics, { position: [5, 5, 5] })
    const ball = addNode(physics, { position: [1, 0, 0] })
    setParent(physics, ball, hand)
    addComponent(
      physics.world,
      ball,
      set(physics.components.RigidBody, { shape: { type: 'sphere', radius: 1 }, position: [6, 5, 5] }),
    )
    expect(parentOf(physics, ball)).toBe(0)
    step(physics, DT)
    expect(physics.components.Position.x[ball]).toBe(6)
  })

  test('what hangs on a body is drawn where the body is drawn', async () => {
    const physics = await makePhysics({ gravity: [0, 0, 0], instanceGroups: { ship: 4 } })
    const ship = addBody(
      physics,
      sphere([0, 0, 0], { linearVelocity: [60, 0, 0], angularVelocity: [0, 0, 20], instanceGroup: 'ship' }),
    )
    const turret = addNode(physics, { position: [0, 3, 0] })
    setParent(physics, turret, ship)
    for (let i = 0; i < 3; i++) {
      step(physics, DT)
      for (const alpha of [0, 0.3, 1]) {
        packInstances(physics, { alpha })
        updateTransforms(physics, { alpha })
        const [x, y, z, , ...q] = physics.instances.groups.ship.data.subarray(0, 8)
        const [matrix, body] = [kernelMatrix(physics, turret)!, kernelMatrix(physics, ship)!]
        // Instances are 32-bit floats in double precision too.
        expect(body.slice(12, 15).map(Math.fround)).toEqual([x, y, z])
        const drawn = new Matrix4().compose(new Vector3(x, y, z), new Quaternion(...q), new Vector3(1, 1, 1))
        expectClose(matrix, drawn.multiply(new Matrix4().makeTranslation(0, 3, 0)).elements, 1e-6)
      }
      expect(kernelMatrix(physics, ship)![12]).toBe(physics.components.Position.x[ship])
    }
    expectUnchanged(physics, 'E_RANGE', { call: 'updateTransforms', field: 'alpha', value: 2 }, () =>
      updateTransforms(physics, { alpha: 2 }),
    )
  })

  test('world position and rotation, of what has parents and what has none', async () => {
    const physics = await makePhysics()
    const half = Math.SQRT1_2
    const ship = addNode(physics, { position: [10, 0, 0], rotation: [0, half, 0, half], scale: 2 })
    const turret = addNode(physics, { position: [0, 1, 2], rotation: [0, half, 0, half] })
    setParent(physics, turret, ship)
    expect(worldPosition(physics, turret, [0, 0, 0]).map(whole)).toEqual([14, 2, 0])
    expect(worldRotation(physics, turret, [0, 0, 0, 0]).map((v) => Math.abs(Math.round(v)))).toEqual([0, 1, 0, 0])
    expect(worldPosition(physics, ship, new Float32Array(3))).toEqual(new Float32Array([10, 0, 0]))
    expect(worldRotation(physics, ship, [0, 0, 0, 0])[1]).toBeCloseTo(half, 6)
  })

  test('uneven scales shear what is turned below them, as in three.js', async () => {
    const physics = await makePhysics()
    const parent = addNode(physics, { position: [1, 2, 3], rotation: [0.5, 0.5, 0.5, 0.5] })
    const child = addNode(physics, { position: [1, 0, -1], rotation: [0.6, 0, 0, 0.8], scale: 3 })
    physics.components.Scale.y[parent] = 5
    physics.components.Scale.z[parent] = -0.5
    setParent(physics, child, parent)
    updateTransforms(physics)
    const [above, below] = [new Object3D(), new Object3D()]
    above.position.set(1, 2, 3)
    above.quaternion.set(0.5, 0.5, 0.5, 0.5)
    above.scale.set(1, 5, -0.5)
    below.position.set(1, 0, -1)
    below.quaternion.set(0.6, 0, 0, 0.8)
    below.scale.setScalar(3)
    above.add(below)
    above.updateMatrixWorld()
    expectClose(kernelMatrix(physics, child)!, below.matrixWorld.elements, 1e-6)
    expectClose(elementsOf(physics, child), below.matrixWorld.elements, 1e-6)
  })

  test('a chain of 3,000, built downwards and upwards, and a circle at its end', async () => {
    const physics = await makePhysics({ capacity: { bodies: 4000 } })
    const chain = Array.from({ length: 3000 }, () => addNode(physics, { position: [0, 1, 0] }))
    for (let i = 1; i < 1500; i++) setParent(physics, chain[i]!, chain[i - 1]!)
    for (let i = 2999; i >= 1500; i--) setParent(physics, chain[i]!, chain[i - 1]!)
    updateTransforms(physics)
    expect(kernelMatrix(physics, chain[2999]!)![13]).toBe(3000)
    expect(() => setParent(physics, chain[0]!, chain[2999]!)).toThrow('circle')
    physics.components.Position.y[chain[1000]!] = 2
    updateTransforms(physics)
    expect(kernelMatrix(physics, chain[2999]!)![13]).toBe(3001)
    expect(kernelMatrix(physics, chain[999]!)![13]).toBe(1000)
  })

  test('bad parents are refused and change nothing', async () => {
    const physics = await makePhysics({ capacity: { bodies: 8, nodes: 4 } })
    const [a, b, c] = [addNode(physics), addNode(physics), addNode(physics)] as [number, number, number]
    const body = addBody(physics, sphere([0, 0, 0]))
    setParent(physics, b, a)
    setParent(physics, c, b)
    const call = 'setParent'
    expectUnchanged(physics, 'E_RANGE', { call, entity: a, field: 'parent', value: c }, () => setParent(physics, a, c))
    expectUnchanged(physics, 'E_RANGE', { call, entity: a, field: 'parent', value: a }, () => setParent(physics, a, a))
    const asChild = { call, entity: body, field: 'child' }
    expectUnchanged(physics, 'E_UNSUPPORTED', asChild, () => setParent(physics, body, a))
    expectUnchanged(physics, 'E_STALE_ENTITY', { call, field: 'parent', value: 7 }, () => setParent(physics, a, 7))
    expectUnchanged(physics, 'E_NOT_FINITE', { call, field: 'child' }, () => setParent(physics, NAN, a))
    expectUnchanged(physics, 'E_RANGE', { call, field: 'parent', value: -1 }, () => setParent(physics, a, -1))
    setParent(physics, addNode(physics), a)
    const full = { call, field: 'capacity.nodes', value: 4 }
    const late = addNode(physics)
    expectUnchanged(physics, 'E_CAPACITY', full, () => setParent(physics, late, a))
    removeEntity(physics.world, c)
    setParent(physics, late, a)
    expect(hasComponent(physics.world, late, physics.components.Parent)).toBe(true)
  })
})

/** One entity and its mirror in three.js. */
interface Twin {
  eid: number
  object: Object3D
}

const amount = fc.double({ min: -3, max: 3, noNaN: true })
const pose = fc.record({
  position: fc.tuple(amount, amount, amount),
  rotation: fc
    .tuple(amount, amount, amount, amount)
    .filter((q) => Math.hypot(...q) > 0.1)
    .map((q) => q.map((v) => v / Math.hypot(...q)) as Quad),
  // Even scales: what is sheared has no position, rotation and scale to keep.
  scale: fc.double({ min: 0.5, max: 2, noNaN: true }),
})
const pick = fc.nat(1000)
const command = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), pose }),
  fc.record({ kind: fc.constant('remove' as const), pick }),
  fc.record({ kind: fc.constant('move' as const), pick, pose }),
  fc.record({ kind: fc.constant('parent' as const), pick, to: fc.option(pick), keepWorld: fc.boolean() }),
)

/** Runs a command on both; what would make a circle is skipped. */
function apply(
  physics: Physics,
  twins: Twin[],
  scene: Object3D,
  c: typeof command extends fc.Arbitrary<infer T> ? T : never,
): void {
  const { Position, Rotation, Scale } = physics.components
  if (c.kind === 'add') {
    const { position, rotation, scale } = c.pose
    const object = new Object3D()
    object.position.set(...position)
    object.quaternion.set(...rotation)
    object.scale.setScalar(scale)
    scene.add(object)
    twins.push({ eid: addNode(physics, c.pose), object })
    return
  }
  if (twins.length === 0) return
  const twin = twins[c.pick % twins.length]!
  if (c.kind === 'move') {
    const { position, rotation, scale } = c.pose
    for (const [k, axis] of (['x', 'y', 'z'] as const).entries()) {
      Position[axis][twin.eid] = position[k]!
      Rotation[axis][twin.eid] = rotation[k]!
      Scale[axis][twin.eid] = scale
    }
    Rotation.w[twin.eid] = rotation[3]
    twin.object.position.set(...position)
    twin.object.quaternion.set(...rotation)
    twin.object.scale.setScalar(scale)
  } else if (c.kind === 'remove') {
    for (const child of [...twin.object.children]) scene.attach(child)
    twin.object.removeFromParent()
    removeEntity(physics.world, twin.eid)
    twins.splice(twins.indexOf(twin), 1)
  } else {
    const parent = c.to === null ? undefined : twins[c.to % twins.length]
    if (parent) {
      for (let at: Object3D | null = parent.object; at; at = at.parent) if (at === twin.object) return
    }
    if (twin.object.parent !== (parent?.object ?? scene)) {
      const to = parent?.object ?? scene
      if (c.keepWorld) to.attach(twin.object)
      else to.add(twin.object)
    }
    setParent(physics, twin.eid, parent?.eid ?? 0, { keepWorld: c.keepWorld })
  }
}

describe('any sequence of adding, moving, reparenting and removing', () => {
  test('gives the matrices of three.js, and who has a parent has a node', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 120 }), async (commands) => {
        const physics = await makePhysics({ capacity: { bodies: 300 }, precision: 'double', tier: 'simd' })
        const scene = new Object3D()
        const twins: Twin[] = []
        for (const [index, one] of commands.entries()) {
          apply(physics, twins, scene, one)
          if (index % 10 === 9) check(physics, twins, scene)
        }
        check(physics, twins, scene)
      }),
      { numRuns: 30 },
    )
  })
})

function check(physics: Physics, twins: Twin[], scene: Object3D): void {
  updateTransforms(physics)
  scene.updateMatrixWorld(true)
  let nodes = 0
  for (const { eid, object } of twins) {
    expectClose(elementsOf(physics, eid), object.matrixWorld.elements, 1e-6)
    const isNode = object.parent !== scene || object.children.length > 0
    const found = kernelMatrix(physics, eid)
    expect(found !== undefined).toBe(isNode)
    if (found) expectClose(found, object.matrixWorld.elements, 1e-6)
    if (isNode) nodes++
    const children = new Array<number>(twins.length).fill(0)
    const count = childrenOf(physics, eid, children)
    const wanted = twins.filter((other) => other.object.parent === object).map((other) => other.eid)
    expect(children.slice(0, count).sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b))
  }
  expect(physics.transforms.count).toBe(nodes)
}
