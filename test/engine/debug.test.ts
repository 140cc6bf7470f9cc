/** Debug draw: what is drawn, where, in which colour, in fixed memory. */
import { addBody, dispose, type Physics, type Shape, sleep, step } from 'manybody'
import { DEBUG_STRIDE, type DebugLines, type DebugOptions, debugLines } from 'manybody/debug'
import { createDebugLines } from 'manybody/three'
import type { InterleavedBufferAttribute } from 'three'
import { describe, expect, test } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { DT, ground, makePhysics, run, sphere } from '../physics/harness.ts'

type Point = [number, number, number]

/** Both ends of every line, and its colour as 0xrrggbb. */
function read({ data, count }: DebugLines): { a: Point; b: Point; color: number }[] {
  return Array.from({ length: count / 2 }, (_, i) => {
    const at = 2 * DEBUG_STRIDE * i
    const point = (from: number): Point => [data[from]!, data[from + 1]!, data[from + 2]!]
    const byte = (k: number): number => Math.round(255 * data[at + 3 + k]!)
    return { a: point(at), b: point(at + DEBUG_STRIDE), color: (byte(0) << 16) | (byte(1) << 8) | byte(2) }
  })
}

const lengthOf = ({ a, b }: { a: Point; b: Point }): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
const CUBE = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z])))
const box: Shape = { type: 'box', halfExtents: [1, 2, 3] }

describe('shapes', () => {
  const rows: [string, Shape, number][] = [
    ['a box has twelve edges', box, 12],
    ['a sphere three circles', { type: 'sphere', radius: 2 }, 72],
    [
      'a capsule two circles, four half circles and four lines',
      { type: 'capsule', radius: 1, halfHeight: 1 },
      2 * 24 + 4 * 12 + 4,
    ],
    ['a hull its edges', { type: 'hull', points: CUBE }, 12],
    [
      'a compound those of its parts',
      { type: 'compound', children: [{ shape: box as never }, { shape: { type: 'sphere', radius: 1 } }] },
      84,
    ],
    ['a mesh its triangles', { type: 'mesh', vertices: [0, 0, 0, 1, 0, 0, 0, 0, 1], indices: [0, 2, 1] }, 3],
    [
      'a height field its rows and columns',
      { type: 'heightField', heights: [0, 0, 0, 0, 0, 0], rows: 2, columns: 3, spacing: 1 },
      7,
    ],
    ['a plane a grid', { type: 'plane', normal: [0, 1, 0], offset: 0 }, 22],
  ]
  test.each(rows)('%s', async (_, shape, lines) => {
    const physics = await makePhysics()
    addBody(physics, { shape })
    expect(debugLines(physics).count).toBe(2 * lines)
  })

  test('are where the bodies are, turned as they are', async () => {
    const physics = await makePhysics()
    const half = Math.SQRT1_2
    addBody(physics, { shape: box, position: [10, 20, 30], rotation: [0, 0, half, half] })
    const lines = read(debugLines(physics))
    for (const { a } of lines)
      a.forEach((v, i) => void expect(Math.abs(v - [10, 20, 30][i]!)).toBeCloseTo([2, 1, 3][i]!, 4))
    expect(lines.map((line) => Math.round(lengthOf(line))).sort()).toEqual([2, 2, 2, 2, 4, 4, 4, 4, 6, 6, 6, 6])
  })

  test('parts of a compound are at their places about the centre of mass', async () => {
    const physics = await makePhysics()
    const cube = { type: 'box', halfExtents: [1, 1, 1] } as const
    const children = [{ shape: cube }, { shape: cube, position: [4, 0, 0] }]
    addBody(physics, { shape: { type: 'compound', children }, position: [0, 7, 0] })
    const xs = read(debugLines(physics)).flatMap(({ a, b }) => [a[0], b[0]])
    expect([...new Set(xs.map((x) => Math.round(x)))].sort((a, b) => a - b)).toEqual([-3, -1, 1, 3])
  })

  test('far from the origin they can be drawn relative to a camera', async () => {
    const physics = await makePhysics()
    addBody(physics, { shape: box, position: [1e6, 0, 0] })
    const lines = read(debugLines(physics, { origin: [1e6, 0, 0] }))
    for (const { a } of lines) expect(Math.abs(a[0])).toBe(1)
  })

  test('have a colour by what the body is', async () => {
    const physics = await makePhysics()
    const colorsOf = (): number[] => [...new Set(read(debugLines(physics)).map((line) => line.color))]
    addBody(physics, sphere([0, 0, 0]))
    addBody(physics, sphere([5, 0, 0], { type: 'kinematic' }))
    addBody(physics, sphere([10, 0, 0], { type: 'static' }))
    addBody(physics, sphere([15, 0, 0], { sensor: true }))
    addBody(physics, sphere([20, 0, 0], { bullet: true }))
    sleep(physics, addBody(physics, sphere([25, 0, 0])))
    expect(colorsOf()).toHaveLength(6)
  })
})

/** Two towers of two boxes, asleep, and one box in the air. */
async function towers(): Promise<Physics> {
  const physics = await makePhysics({ gravity: [0, -9.81, 0] })
  addBody(physics, ground())
  const cube = { type: 'box', halfExtents: [0.5, 0.5, 0.5] } as const
  for (const x of [0, 5]) for (const y of [0.5, 1.5]) addBody(physics, { shape: cube, position: [x, y, 0] })
  run(physics, 120)
  addBody(physics, { shape: cube, position: [20, 50, 0] })
  step(physics, DT)
  return physics
}

describe('marks', () => {
  const only = (more: DebugOptions): DebugOptions => ({ shapes: false, ...more })

  test('each sleeping island has a colour of its own, what is awake is white', async () => {
    const physics = await towers()
    const byBody = new Map<string, Set<number>>()
    for (const { a, color } of read(debugLines(physics, { islands: true }))) {
      if (Math.abs(a[0] - Math.round(a[0] / 5) * 5) > 0.6 || a[1] < -0.01) continue
      const name = `${Math.round(a[0] / 5)}`
      byBody.set(name, (byBody.get(name) ?? new Set()).add(color))
    }
    const [left, right] = [[...byBody.get('0')!], [...byBody.get('1')!]].map((colors) =>
      colors.filter((c) => c !== 0x8899aa),
    )
    expect([left!.length, right!.length]).toEqual([1, 1])
    expect(left).not.toEqual(right)
    expect([...byBody.get('4')!]).toEqual([0xffffff])
  })

  test('contacts: a cross and a normal at each point, of sleepers too', async () => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    addBody(physics, ground())
    const cube = addBody(physics, { shape: { type: 'box', halfExtents: [0.5, 0.5, 0.5] }, position: [0, 0.5, 0] })
    addBody(physics, sphere([5, 1, 0]))
    run(physics, 5)
    const lines = read(debugLines(physics, only({ contacts: true, size: 0.5 })))
    // Four corners and one sphere: three lines of a cross, and the normal.
    expect(lines).toHaveLength(5 * 4)
    const normals = lines.filter(({ color }) => color === 0xffffff)
    expect(normals).toHaveLength(5)
    for (const { a, b } of normals) {
      expect(a[1]).toBeCloseTo(0, 2)
      expect(b[1] - a[1]).toBeCloseTo(0.5, 3)
    }
    sleep(physics, cube)
    run(physics, 3)
    expect(read(debugLines(physics, only({ contacts: true })))).toHaveLength(20)
  })

  test('bounding boxes hold the shapes', async () => {
    const physics = await makePhysics()
    addBody(physics, {
      shape: { type: 'capsule', radius: 0.5, halfHeight: 1 },
      rotation: [0, 0, 1, 1],
      position: [3, 0, 0],
    })
    const lines = read(debugLines(physics, only({ aabbs: true })))
    expect(lines).toHaveLength(12)
    const of = (axis: number): number[] => lines.flatMap(({ a, b }) => [a[axis]!, b[axis]!])
    expect(
      [Math.min(...of(0)), Math.max(...of(0)), Math.min(...of(1)), Math.max(...of(1))].map((v) => +v.toFixed(4)),
    ).toEqual([1.5, 4.5, -0.5, 0.5])
  })

  test('cells of the long-range tree hold the sources', async () => {
    const physics = await makePhysics({ longRange: { gravity: 1, method: 'tree' } })
    for (let i = 0; i < 100; i++)
      addBody(physics, sphere([(i % 10) * 5, 0, Math.floor(i / 10) * 5], { attracts: true }))
    step(physics, DT)
    const lines = read(debugLines(physics, only({ treeCells: true })))
    expect(lines.length).toBeGreaterThan(12)
    expect(lines.length % 12).toBe(0)
  })
})

describe('memory', () => {
  test('is the same every time; what does not fit is counted', async () => {
    const physics = await makePhysics()
    for (let i = 0; i < 10; i++) addBody(physics, { shape: box, position: [10 * i, 0, 0] })
    const lines = debugLines(physics, { maxLines: 50 })
    expect([lines.count, lines.dropped, lines.data.length]).toEqual([100, 70, 50 * 2 * DEBUG_STRIDE])
    expect(debugLines(physics)).toBe(lines)
    expect(lines.dropped).toBe(70)
  })

  test('refuses a disposed world and no room', async () => {
    const physics = await makePhysics()
    expectError('E_RANGE', { call: 'debugLines', field: 'maxLines', value: 0 }, () =>
      debugLines(physics, { maxLines: 0 }),
    )
    dispose(physics)
    expectError('E_DISPOSED', { call: 'debugLines' }, () => debugLines(physics))
  })
})

test('three.js draws from the memory that the lines are in', async () => {
  const physics = await makePhysics()
  addBody(physics, { shape: box })
  const object = createDebugLines(physics)
  const position = object.geometry.getAttribute('position') as InterleavedBufferAttribute
  expect(position.data.array).toBe(debugLines(physics).data)
  expect(object.geometry.drawRange).toEqual({ start: 0, count: 24 })
  expect([Math.abs(position.getX(5)), Math.abs(position.getY(5)), Math.abs(position.getZ(5))]).toEqual([1, 2, 3])
  addBody(physics, { shape: box })
  const { version } = position.data
  object.options.aabbs = true
  object.update()
  expect(object.geometry.drawRange.count).toBe(2 * (24 + 24))
  expect(position.data.version).toBeGreaterThan(version)
})
