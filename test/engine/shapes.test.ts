/** The shape table: mass properties, sharing, memory that comes back, level geometry. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addComponent, addEntity, addPrefab, IsA, removeEntity, set } from 'bitecs'
import fc from 'fast-check'
import { addBodies, addBody, applyImpulse, removeBody, type Shape, shapeInfo } from 'manybody'
import { describe, expect, test } from 'vitest'
import { JOINT, RECORD } from '../../engine/debug/marks.ts'
import * as flags from '../../engine/flags.ts'
import { createArena, giveRange, takeRange } from '../../engine/memory/arena.ts'
import * as FIELD from '../../engine/shapes/field.ts'
import { KIND, STATUS } from '../../engine/shapes/layout.ts'
import * as STRIDE from '../../engine/shapes/stride.ts'
import * as WORD from '../../engine/shapes/word.ts'
import { ROOT } from '../../scripts/kernel/manifest.ts'
import { makePhysics, positionOf, run, sphere, spinOf, velocityOf } from '../physics/harness.ts'

const source = (path: string): string => readFileSync(join(ROOT, 'physics-wasm/src', path), 'utf8')

/** The number that a Rust text gives a constant within a module. */
function rust(text: string, module: string, name: string): number {
  const body = text.slice(text.search(new RegExp(`mod ${module} \\{`)))
  const found = body.match(new RegExp(`pub const ${name}: \\w+ = ([^;]+);`))
  // Numbers, and shifts of numbers.
  const [value, shift] = found![1]!.split('<<').map(Number)
  return value! << (shift ?? 0)
}

const screaming = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

describe('both languages have the same numbers for', () => {
  test('flags', () => {
    const { LOCK_X, LOCK_TURN_X, ...plain } = flags
    for (const [name, value] of Object.entries(plain))
      expect([name, rust(source('world.rs'), 'flag', name)]).toEqual([name, value])
    expect(flags.LOCK_LINEAR & -flags.LOCK_LINEAR).toBe(LOCK_X)
    expect(flags.LOCK_ANGULAR & -flags.LOCK_ANGULAR).toBe(LOCK_TURN_X)
  })

  test.each([
    ['shapes.rs', 'kind', KIND],
    ['shapes.rs', 'field', FIELD],
    ['shapes.rs', 'word', WORD],
    ['shapes/build.rs', 'status', STATUS],
  ])('%s %s', (path, module, numbers) => {
    for (const [name, value] of Object.entries(numbers)) {
      expect([name, rust(source(path), module, screaming(name))]).toEqual([name, value])
    }
  })

  test('strides, manifolds and joints', () => {
    const top = (path: string, name: string): number =>
      Number(source(path).match(new RegExp(`pub const ${name}: usize = (\\d+)`))![1])
    expect({ ...STRIDE }).toEqual({
      reals: top('sizes.rs', 'SHAPE_REALS'),
      words: top('sizes.rs', 'SHAPE_WORDS'),
      stagedChild: top('shapes/build.rs', 'STAGED_CHILD'),
      child: top('shapes.rs', 'CHILD_REALS'),
    })
    const record = source('stages/manifold.rs')
    expect(RECORD).toEqual({
      reals: top('sizes.rs', 'MANIFOLD_REALS'),
      words: top('sizes.rs', 'MANIFOLD_WORDS'),
      normal: rust(record, 'record', 'NORMAL'),
      inA: rust(record, 'record', 'IN_A'),
      count: rust(record, 'word', 'COUNT'),
    })
    const joint = source('stages/joint.rs')
    expect(JOINT).toEqual({
      reals: top('sizes.rs', 'JOINT_REALS'),
      anchorA: rust(joint, 'parameter', 'ANCHOR_A'),
      anchorB: rust(joint, 'parameter', 'ANCHOR_B'),
    })
  })
})

const CUBE: [number, number, number][] = [0, 2].flatMap((x) =>
  [0, 2].flatMap((y) => [0, 2].map((z) => [x, y, z] as [number, number, number])),
)
const box = (x: number, y: number, z: number): Shape => ({ type: 'box', halfExtents: [x, y, z] })

describe('mass properties', () => {
  test('of a box', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, { shape: box(1, 2, 3), density: 0.5 })
    const info = shapeInfo(physics, body)
    expect(info).toMatchObject({ type: 'box', size: [1, 2, 3], center: [0, 0, 0] })
    expect(info.volume).toBeCloseTo(48, 4)
    expect(physics.components.Mass.value[body]).toBeCloseTo(24, 4)
    expect(info.inertia.map((v) => +v.toFixed(3))).toEqual([104, 80, 40, 0, 0, 0])
    expect(info.boundingRadius).toBeCloseTo(Math.sqrt(14), 5)
  })

  test('of a capsule: between those of the cylinder in it and the one around it', async () => {
    const physics = await makePhysics()
    const [r, h] = [0.5, 1]
    const info = shapeInfo(physics, addBody(physics, { shape: { type: 'capsule', radius: r, halfHeight: h }, mass: 1 }))
    const volume = Math.PI * r * r * 2 * h + (4 / 3) * Math.PI * r ** 3
    expect(info.volume).toBeCloseTo(volume, 5)
    // By rings: ∫ over y of ½ π r(y)⁴ about the axis, ¼ π r⁴ + π r² y² across, over the volume.
    let [along, across] = [0, 0]
    const slices = 20_000
    for (let i = 0; i < slices; i++) {
      const y = (h + r) * (-1 + (2 * i + 1) / slices)
      const rest = Math.max(0, Math.abs(y) - h)
      const square = r * r - rest * rest
      const thick = (2 * (h + r)) / slices
      along += (thick * Math.PI * square * square) / 2
      across += thick * Math.PI * square * (square / 4 + y * y)
    }
    expect(info.inertia[1]).toBeCloseTo(along / volume, 5)
    expect(info.inertia[0]).toBeCloseTo(across / volume, 5)
    expect(info.inertia[2]).toBeCloseTo(across / volume, 5)
  })

  test('of a hull: a cube of points is a box about its own middle', async () => {
    const physics = await makePhysics()
    const flat = new Float32Array([...CUBE.flat(), 1, 1, 1, 0, 0, 0])
    for (const points of [CUBE, flat]) {
      const body = addBody(physics, { shape: { type: 'hull', points }, position: [5, 6, 7] })
      const info = shapeInfo(physics, body)
      expect(info.volume).toBeCloseTo(8, 4)
      expect(info.center.map((v) => +v.toFixed(5))).toEqual([1, 1, 1])
      expect(info.inertia[0]).toBeCloseTo(16 / 3, 4)
      expect(info.hull!.vertices).toHaveLength(8)
      expect(info.hull!.faces.map((face) => face.length)).toEqual([4, 4, 4, 4, 4, 4])
      // The position is the centre of mass.
      expect(positionOf(physics, body)).toEqual([5, 6, 7])
    }
  })

  test('of a compound: the parallel-axis theorem, with turned parts and shifted hulls', async () => {
    const physics = await makePhysics()
    const half = Math.SQRT1_2
    // Two cubes as hulls from 0 to 2, the second turned by a right angle about y, so it goes from x 4 to 6 and z −2 to 0.
    const hull: Shape = { type: 'hull', points: CUBE }
    const children = [{ shape: hull }, { shape: hull, position: [4, 0, 0], rotation: [0, half, 0, half] }] as const
    const info = shapeInfo(physics, addBody(physics, { shape: { type: 'compound', children }, mass: 2 }))
    expect(info.volume).toBeCloseTo(16, 4)
    const expected = { center: [3, 1, 0], inertia: [4 / 3 + 2, 4 / 3 + 10, 4 / 3 + 8, 0, 4, 0] }
    info.center.forEach((v, i) => void expect(v).toBeCloseTo(expected.center[i]!, 4))
    info.inertia.forEach((v, i) => void expect(v).toBeCloseTo(expected.inertia[i]!, 3))
    expect(info.parts!.map((part) => part.position.map((v) => +v.toFixed(4)))).toEqual([
      [-2, 0, 1],
      [2, 0, -1],
    ])
  })

  test('a hull of random points holds them all and weighs less than their box', async () => {
    const physics = await makePhysics()
    const place = fc.tuple(
      ...([0, 1, 2].map(() => fc.float({ min: -3, max: 3, noNaN: true })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
      ]),
    )
    fc.assert(
      fc.property(fc.array(place, { minLength: 4, maxLength: 40 }), (points) => {
        // A tetrahedron of fixed size among them, so that there is a volume.
        const all = [...points, [-1, -1, -1], [1, -1, -1], [0, 1, -1], [0, 0, 1]] as [number, number, number][]
        const body = addBody(physics, { shape: { type: 'hull', points: all } })
        const { hull, center, volume, boundingRadius } = shapeInfo(physics, body)
        removeBody(physics, body)
        expect(volume).toBeLessThanOrEqual(6 ** 3 * 1.0001)
        expect(volume).toBeGreaterThan(1.3)
        for (const face of hull!.faces) {
          const [a, b, c] = [hull!.vertices[face[0]!]!, hull!.vertices[face[1]!]!, hull!.vertices[face[2]!]!]
          const [u, v] = [a.map((x, i) => b[i]! - x), a.map((x, i) => c[i]! - x)] as [number[], number[]]
          const n = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!]
          const length = Math.hypot(...n)
          for (const p of all) {
            const over = n.reduce((sum, x, i) => sum + (x * (p[i]! - center[i]! - a[i]!)) / length, 0)
            // Corners of a sliver of a face say little of its plane.
            if (length > 1e-2) expect(over).toBeLessThan(2e-3)
          }
        }
        for (const p of hull!.vertices) expect(Math.hypot(...p)).toBeLessThanOrEqual(boundingRadius * 1.00001)
      }),
      { numRuns: 60 },
    )
  })

  test('an off-centre impulse turns a box by its inverse inertia', async () => {
    const physics = await makePhysics()
    const half = Math.SQRT1_2
    // A quarter turn about z: the body's x axis is the world's y.
    const body = addBody(physics, { shape: box(1, 2, 3), mass: 3, rotation: [0, 0, half, half] })
    applyImpulse(physics, body, [0, 0, 6], [0, 1, 0])
    expect(velocityOf(physics, body)).toEqual([0, 0, 2])
    // r × J = (6, 0, 0) in the world, along the body's −y: I = m (x² + z²) / 3 = 10.
    const [x, y, z] = spinOf(physics, body)
    expect(x).toBeCloseTo(0.6, 5)
    expect(y).toBeCloseTo(0, 5)
    expect(z).toBeCloseTo(0, 5)
  })
})

describe('drawn size', () => {
  test('is what the shape is, unless given', async () => {
    const physics = await makePhysics()
    const { Scale } = physics.components
    const of = (shape: Shape, scale?: number | number[]): number[] => {
      const e = addBody(physics, { shape, ...(scale === undefined ? {} : { scale }) })
      return [Scale.x[e]!, Scale.y[e]!, Scale.z[e]!]
    }
    expect(of(box(1, 2, 3))).toEqual([1, 2, 3])
    expect(of({ type: 'capsule', radius: 0.5, halfHeight: 2 })).toEqual([0.5, 2, 0.5])
    expect(of({ type: 'hull', points: CUBE })).toEqual([1, 1, 1])
    expect(of({ type: 'sphere', radius: 4 })).toEqual([4, 4, 4])
    expect(of(box(1, 2, 3), 7)).toEqual([7, 7, 7])
    expect(of(box(1, 2, 3), [7, 8, 9])).toEqual([7, 8, 9])
  })
})

describe('sharing', () => {
  const shapeOf = (physics: Awaited<ReturnType<typeof makePhysics>>, e: number): number =>
    physics.components.RigidBody.shape[e]!

  test('boxes and capsules by value, hulls by identity', async () => {
    const physics = await makePhysics()
    const add = (shape: Shape): number => shapeOf(physics, addBody(physics, { shape }))
    expect(add(box(1, 2, 3))).toBe(add(box(1, 2, 3)))
    expect(add(box(1, 2, 3))).not.toBe(add(box(3, 2, 1)))
    expect(add({ type: 'capsule', radius: 1, halfHeight: 2 })).toBe(add({ type: 'capsule', radius: 1, halfHeight: 2 }))
    const hull: Shape = { type: 'hull', points: CUBE }
    expect(add(hull)).toBe(add(hull))
    expect(add(hull)).not.toBe(add({ ...hull }))
  })

  test('an entry is free when its last body is gone, and the parts of a compound with it', async () => {
    const physics = await makePhysics({ capacity: { shapes: 2, geometry: 400 } })
    const hull: Shape = { type: 'hull', points: CUBE }
    const compound: Shape = {
      type: 'compound',
      children: [{ shape: hull }, { shape: { type: 'sphere', radius: 1 }, position: [3, 0, 0] }],
    }
    for (let round = 0; round < 20; round++) {
      const [a, b] = [addBody(physics, { shape: compound }), addBody(physics, { shape: compound })]
      expect(() => addBody(physics, { shape: box(1, 1, 1) })).toThrow('capacity.shapes')
      removeBody(physics, a)
      expect(() => addBody(physics, { shape: box(1, 1, 1) })).toThrow('capacity.shapes')
      removeBody(physics, b)
      const boxes = [addBody(physics, { shape: box(1, 1, 1) }), addBody(physics, { shape: box(2, 1, 1) })]
      for (const one of boxes) removeBody(physics, one)
    }
  })

  test('any order of adding and removing leaves all memory free', async () => {
    const physics = await makePhysics({ capacity: { shapes: 8, geometry: 4000 } })
    const hulls: Shape[] = [0, 1, 2].map((k) => ({ type: 'hull', points: [...CUBE, [3 + k, 1, 1]] }))
    const pool: Shape[] = [
      box(1, 1, 1),
      { type: 'sphere', radius: 1 },
      ...hulls,
      { type: 'compound', children: [{ shape: hulls[0] as never }, { shape: hulls[1] as never, position: [5, 0, 0] }] },
      { type: 'mesh', vertices: [0, 0, 0, 1, 0, 0, 0, 0, 1], indices: [0, 2, 1] },
    ]
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 * pool.length - 1 }), { maxLength: 60 }), (choices) => {
        const alive: number[] = []
        for (const choice of choices) {
          if (choice < pool.length) alive.push(addBody(physics, { shape: pool[choice]! }))
          else if (alive.length > 0) removeBody(physics, alive.splice(choice % alive.length, 1)[0]!)
        }
        for (const e of alive) removeBody(physics, e)
        // A field of nearly all reals finds room only when nothing is left.
        const heights = new Float32Array(60 * 60)
        const whole = addBody(physics, { shape: { type: 'heightField', heights, rows: 60, columns: 60, spacing: 1 } })
        removeBody(physics, whole)
      }),
      { numRuns: 40 },
    )
  })

  test('a prefab holds its shape, and gives it on', async () => {
    const physics = await makePhysics({ capacity: { shapes: 1 } })
    const { world, components } = physics
    const prefab = addPrefab(world)
    addComponent(world, prefab, set(components.RigidBody, { shape: box(1, 2, 3), mass: 2 } as never))
    const eid = addEntity(world)
    addComponent(world, eid, IsA(prefab))
    expect(shapeInfo(physics, eid)).toMatchObject({ type: 'box', size: [1, 2, 3] })
    removeEntity(world, eid)
    // The prefab still holds the only entry.
    expect(() => addBody(physics, { shape: box(1, 1, 1) })).toThrow('capacity.shapes')
  })

  test('set(RigidBody, …) without a shape keeps the one it has', async () => {
    const physics = await makePhysics()
    const body = addBody(physics, { shape: box(1, 2, 3) })
    addComponent(physics.world, body, set(physics.components.RigidBody, { friction: 0.9 } as never))
    expect(shapeInfo(physics, body).size).toEqual([1, 2, 3])
    expect(physics.components.RigidBody.friction[body]).toBeCloseTo(0.9)
  })

  test('addBodies shares one hull among all', async () => {
    const physics = await makePhysics({ capacity: { shapes: 1 } })
    const hull: Shape = { type: 'hull', points: CUBE }
    const eids = addBodies(physics, 100, (i, desc) => {
      desc.position = [3 * i, 0, 0]
      desc.shape = hull
    })
    expect(new Set(Array.from(eids, (e) => shapeOf(physics, e))).size).toBe(1)
  })
})

describe('the arena', () => {
  test('gives no number twice, and all of them back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 40 }), { maxLength: 80 }), (choices) => {
        const arena = createArena(200)
        const owner = new Uint8Array(200)
        const taken: [number, number][] = []
        for (const choice of choices) {
          if (choice > 0) {
            const at = takeRange(arena, choice)
            if (at < 0) {
              // Only when no stretch is long enough.
              expect(
                owner
                  .join('')
                  .split('1')
                  .some((free) => free.length >= choice),
              ).toBe(false)
              continue
            }
            expect(owner.subarray(at, at + choice).every((o) => o === 0)).toBe(true)
            owner.fill(1, at, at + choice)
            taken.push([at, choice])
          } else if (taken.length > 0) {
            const [at, size] = taken.splice(-choice % taken.length, 1)[0]!
            owner.fill(0, at, at + size)
            giveRange(arena, at, size)
          }
        }
        for (const [at, size] of taken) giveRange(arena, at, size)
        expect(arena).toEqual(createArena(200))
      }),
    )
  })
})

describe('level geometry', () => {
  test('spheres and boxes come to rest on a mesh and on a height field', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    const vertices = [-9, 0, -9, 9, 0, -9, 9, 0, 9, -9, 0, 9]
    addBody(physics, { shape: { type: 'mesh', vertices, indices: [0, 2, 1, 0, 3, 2] } })
    const heights = new Float32Array(21 * 21).fill(2)
    addBody(physics, {
      position: [40, 0, 0],
      shape: { type: 'heightField', heights, rows: 21, columns: 21, spacing: [1, 1] },
    })
    const fall = (x: number, shape: Shape): number => addBody(physics, { position: [x, 4, 0.3], shape })
    const bodies = [
      fall(0, box(0.5, 0.5, 0.5)),
      fall(3, { type: 'sphere', radius: 0.5 }),
      fall(40, box(0.5, 0.5, 0.5)),
      fall(43, { type: 'sphere', radius: 0.5 }),
    ]
    run(physics, 240)
    const heightsOf = bodies.map((e) => positionOf(physics, e)[1])
    for (const [i, wanted] of [0.5, 0.5, 2.5, 2.5].entries()) expect(heightsOf[i]).toBeCloseTo(wanted, 2)
  })

  test('a height field has rows along z, columns along x, and its middle at the body', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    // Higher by 1 m a column, on four columns and two rows: at x = −0.75 … 0.75.
    const heights = [0, 1, 2, 3, 0, 1, 2, 3]
    addBody(physics, { shape: { type: 'heightField', heights, rows: 2, columns: 4, spacing: [0.5, 8] } })
    const body = addBody(physics, { ...sphere([0.7, 6, 0]), shape: { type: 'sphere', radius: 0.1 } })
    let lowest = 6
    for (let i = 0; i < 60; i++) {
      run(physics, 1)
      const [x, y] = positionOf(physics, body)
      if (x > 0.65) lowest = Math.min(lowest, y)
    }
    expect(lowest).toBeGreaterThan(2.7)
    expect(lowest).toBeLessThan(3.4)
  })
})
