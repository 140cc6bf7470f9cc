/** Shapes that are refused: the code, the message, and a world that is as it was. */
import {
  addBodies,
  addBody,
  type BodyDesc,
  bodyCount,
  type PhysicsErrorCode,
  removeBody,
  type Shape,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { DT, makePhysics, run, sphere } from '../physics/harness.ts'
import { expectUnchanged } from './expect-error.ts'

const NAN = Number.NaN
const SQUARE = [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1]
const FIELD = { heights: [0, 0, 0, 0, 0, 0], rows: 2, columns: 3, spacing: 1 }
const CUBE = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z])))
const box = { type: 'box', halfExtents: [1, 1, 1] }
/** Points that are turned and moved, and still on one plane, line or point but for rounding. */
const spread = (directions: number[][]): number[][] =>
  Array.from({ length: 12 }, (_, i) =>
    [0, 1, 2].map((axis) => 3 + directions.reduce((sum, d, k) => sum + d[axis]! * Math.sin(1 + i * (k + 1)), 0)),
  )

type Row = [name: string, shape: unknown, field: string, code: PhysicsErrorCode, value?: unknown]

const ROWS: Row[] = [
  ['no type', {}, 'shape.type', 'E_UNSUPPORTED'],
  ['an unknown type', { type: 'torus' }, 'shape.type', 'E_UNSUPPORTED', 'torus'],
  ['a box of no width', { type: 'box', halfExtents: [1, 0, 1] }, 'shape.halfExtents', 'E_RANGE', 0],
  ['a box of negative width', { type: 'box', halfExtents: [1, 1, -2] }, 'shape.halfExtents', 'E_RANGE', -2],
  ['a box with NaN', { type: 'box', halfExtents: [NAN, 1, 1] }, 'shape.halfExtents', 'E_NOT_FINITE'],
  ['an infinite box', { type: 'box', halfExtents: [1, Infinity, 1] }, 'shape.halfExtents', 'E_NOT_FINITE'],
  ['a box of two numbers', { type: 'box', halfExtents: [1, 1] }, 'shape.halfExtents', 'E_RANGE'],
  ['a box without extents', { type: 'box' }, 'shape.halfExtents', 'E_RANGE'],
  ['a box too small for 32 bits', { type: 'box', halfExtents: [1e-9, 1, 1] }, 'shape.halfExtents', 'E_RANGE'],
  ['a box too large for 32 bits', { type: 'box', halfExtents: [1e12, 1, 1] }, 'shape.halfExtents', 'E_RANGE'],
  ['a capsule without radius', { type: 'capsule', halfHeight: 1 }, 'shape.radius', 'E_NOT_FINITE'],
  ['a capsule of radius 0', { type: 'capsule', radius: 0, halfHeight: 1 }, 'shape.radius', 'E_RANGE', 0],
  ['a capsule of negative height', { type: 'capsule', radius: 1, halfHeight: -1 }, 'shape.halfHeight', 'E_RANGE', -1],
  ['a capsule of NaN', { type: 'capsule', radius: 1, halfHeight: NAN }, 'shape.halfHeight', 'E_NOT_FINITE'],
  ['a hull without points', { type: 'hull' }, 'shape.points', 'E_RANGE'],
  ['a hull of a text', { type: 'hull', points: 'many' }, 'shape.points', 'E_RANGE'],
  ['a hull of three points', { type: 'hull', points: CUBE.slice(0, 3) }, 'shape.points', 'E_RANGE', 3],
  ['a hull of half a point', { type: 'hull', points: new Float32Array(13) }, 'shape.points', 'E_RANGE', 13],
  ['a hull of 4,097 points', { type: 'hull', points: new Float32Array(3 * 4097) }, 'shape.points', 'E_RANGE'],
  ['a hull with NaN', { type: 'hull', points: [...CUBE, [0, NAN, 0]] }, 'shape.points[8]', 'E_NOT_FINITE'],
  ['a flat hull with NaN', { type: 'hull', points: [...CUBE.flat(), 0, 0, NAN] }, 'shape.points[8]', 'E_NOT_FINITE'],
  ['a hull far out', { type: 'hull', points: [...CUBE, [0, 1e9, 0]] }, 'shape.points[8]', 'E_RANGE'],
  ['a hull with a point of two numbers', { type: 'hull', points: [...CUBE, [0, 1]] }, 'shape.points[8]', 'E_RANGE'],
  ['a hull of one place', { type: 'hull', points: Array(9).fill([1, 2, 3]) }, 'shape.points', 'E_RANGE'],
  [
    'a hull of two places',
    { type: 'hull', points: [...Array(5).fill([1, 2, 3]), ...Array(5).fill([3, 2, 1])] },
    'shape.points',
    'E_RANGE',
  ],
  ['a hull on a line', { type: 'hull', points: spread([[0.3, 0.5, -0.7]]) }, 'shape.points', 'E_RANGE'],
  [
    'a hull on a plane',
    {
      type: 'hull',
      points: spread([
        [0.3, 0.5, -0.7],
        [1, -0.2, 0.4],
      ]),
    },
    'shape.points',
    'E_RANGE',
  ],
  ['a compound without parts', { type: 'compound', children: [] }, 'shape.children', 'E_RANGE'],
  ['a compound of nothing', { type: 'compound' }, 'shape.children', 'E_RANGE'],
  [
    'a compound of 456 parts',
    { type: 'compound', children: Array(456).fill({ shape: box }) },
    'shape.children',
    'E_RANGE',
  ],
  [
    'a compound in a compound',
    { type: 'compound', children: [{ shape: { type: 'compound', children: [{ shape: box }] } }] },
    'shape.children[0].shape.type',
    'E_UNSUPPORTED',
    'compound',
  ],
  [
    'a plane in a compound',
    { type: 'compound', children: [{ shape: box }, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 } }] },
    'shape.children[1].shape.type',
    'E_UNSUPPORTED',
    'plane',
  ],
  ['a part without shape', { type: 'compound', children: [{}] }, 'shape.children[0].shape.type', 'E_UNSUPPORTED'],
  ['a part that is nothing', { type: 'compound', children: [null] }, 'shape.children[0]', 'E_UNSUPPORTED'],
  [
    'a part of negative size',
    { type: 'compound', children: [{ shape: box }, { shape: { type: 'sphere', radius: -1 } }] },
    'shape.children[1].shape.radius',
    'E_RANGE',
    -1,
  ],
  [
    'a part nowhere',
    { type: 'compound', children: [{ shape: box, position: [0, NAN, 0] }] },
    'shape.children[0].position',
    'E_NOT_FINITE',
  ],
  [
    'a part turned by nothing',
    { type: 'compound', children: [{ shape: box, rotation: [0, 0, 0, 0] }] },
    'shape.children[0].rotation',
    'E_RANGE',
  ],
  [
    'a bad hull as a part',
    { type: 'compound', children: [{ shape: box }, { shape: { type: 'hull', points: SQUARE } }] },
    'shape.children[1].shape.points',
    'E_RANGE',
  ],
  ['a mesh without triangles', { type: 'mesh', vertices: SQUARE, indices: [] }, 'shape.indices', 'E_RANGE', 0],
  [
    'a mesh of half a triangle',
    { type: 'mesh', vertices: SQUARE, indices: [0, 2, 1, 0] },
    'shape.indices',
    'E_RANGE',
    4,
  ],
  ['a mesh without vertices', { type: 'mesh', vertices: [], indices: [0, 1, 2] }, 'shape.vertices', 'E_RANGE'],
  [
    'a mesh with a vertex beyond the last',
    { type: 'mesh', vertices: SQUARE, indices: [0, 2, 1, 0, 3, 4] },
    'shape.indices[5]',
    'E_RANGE',
    4,
  ],
  [
    'a mesh with a negative vertex',
    { type: 'mesh', vertices: SQUARE, indices: [0, 2, -1] },
    'shape.indices[2]',
    'E_RANGE',
    -1,
  ],
  [
    'a mesh with half a vertex',
    { type: 'mesh', vertices: SQUARE, indices: [0, 2, 1.5] },
    'shape.indices[2]',
    'E_RANGE',
    1.5,
  ],
  [
    'a mesh with NaN',
    { type: 'mesh', vertices: [...SQUARE.slice(0, 11), NAN], indices: [0, 2, 1] },
    'shape.vertices[3]',
    'E_NOT_FINITE',
  ],
  [
    'a mesh with a triangle of one point',
    { type: 'mesh', vertices: SQUARE, indices: [0, 2, 1, 3, 3, 3] },
    'shape.indices[3]',
    'E_RANGE',
    '3, 3, 3',
  ],
  [
    'a mesh with a triangle on a line',
    { type: 'mesh', vertices: [0, 0, 0, 1, 1, 1, 3, 3, 3], indices: [0, 1, 2] },
    'shape.indices[0]',
    'E_RANGE',
    '0, 1, 2',
  ],
  ['a height field of one row', { type: 'heightField', ...FIELD, rows: 1 }, 'shape.rows', 'E_RANGE', 1],
  ['a height field of 2.5 columns', { type: 'heightField', ...FIELD, columns: 2.5 }, 'shape.columns', 'E_RANGE', 2.5],
  ['a height field with too few heights', { type: 'heightField', ...FIELD, rows: 3 }, 'shape.heights', 'E_RANGE', 6],
  [
    'a height field with NaN',
    { type: 'heightField', ...FIELD, heights: [0, 0, 0, 0, NAN, 0] },
    'shape.heights[4]',
    'E_NOT_FINITE',
  ],
  ['a height field without spacing', { type: 'heightField', ...FIELD, spacing: [1, 0] }, 'shape.spacing', 'E_RANGE', 0],
]

describe('addBody refuses', () => {
  test.each(ROWS)('%s', async (_, shape, field, code, value) => {
    const physics = await makePhysics({ gravity: [0, -9.81, 0] })
    addBody(physics, sphere([0, 2, 0]))
    addBody(physics, { shape: box as Shape, position: [5, 0, 0] })
    run(physics, 3)
    const refusal = { call: 'addBody', field, ...(value === undefined ? {} : { value }) }
    expectUnchanged(physics, code, refusal, () => addBody(physics, { shape: shape as Shape }))
    expect(bodyCount(physics)).toBe(2)
    step(physics, DT)
  })

  test.each(['mesh', 'heightField', 'plane'] as const)('a %s that moves', async (type) => {
    const physics = await makePhysics()
    const shapes = {
      mesh: { type: 'mesh', vertices: SQUARE, indices: [0, 2, 1] },
      heightField: { type: 'heightField', ...FIELD },
      plane: { type: 'plane', normal: [0, 1, 0], offset: 0 },
    } as const
    for (const moving of ['dynamic', 'kinematic'] as const) {
      const desc: BodyDesc = { type: moving, shape: shapes[type] }
      expectUnchanged(physics, 'E_RANGE', { call: 'addBody', field: 'type', value: moving }, () =>
        addBody(physics, desc),
      )
    }
    addBody(physics, { shape: shapes[type] })
  })

  test.each([
    ['rollingResistance', -1, 'E_RANGE'],
    ['rollingResistance', NAN, 'E_NOT_FINITE'],
    ['lockRotation', [true, true], 'E_RANGE'],
    ['lockTranslation', 'x', 'E_RANGE'],
    ['scale', [1, NAN, 1], 'E_NOT_FINITE'],
    ['scale', [1, 1], 'E_RANGE'],
    ['mass', 0, 'E_RANGE'],
    ['mass', -1, 'E_RANGE'],
    ['density', 0, 'E_RANGE'],
    // A moment of inertia out of 32 bits, though mass and size are in.
    ['mass', 1e-38, 'E_RANGE'],
  ] as const)('a box with %s = %j', async (field, value, code) => {
    const physics = await makePhysics()
    const desc = { shape: box, [field]: value } as unknown as BodyDesc
    expectUnchanged(physics, code, { call: 'addBody', field }, () => addBody(physics, desc))
  })
})

describe('no room', () => {
  const distinct = (i: number): BodyDesc => ({
    shape: { type: 'box', halfExtents: [1 + i, 1, 1] },
    position: [9 * i, 0, 0],
  })

  test('for another shape: refused, and there is room again when one goes', async () => {
    const physics = await makePhysics({ capacity: { shapes: 3 } })
    const bodies = [0, 1, 2].map((i) => addBody(physics, distinct(i)))
    expectUnchanged(physics, 'E_CAPACITY', { call: 'addBody', field: 'capacity.shapes', value: 3 }, () =>
      addBody(physics, distinct(3)),
    )
    removeBody(physics, bodies[1]!)
    addBody(physics, distinct(3))
  })

  test('for the parts of a shape: nothing of it stays', async () => {
    const physics = await makePhysics({ capacity: { geometry: 300, shapes: 4 } })
    const points = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(i), Math.sin(2.1 * i)])
    const children = [{ shape: { type: 'hull', points: CUBE } as const }, { shape: { type: 'hull', points } as const }]
    const refusal = { call: 'addBody', field: 'capacity.geometry', value: 300 }
    for (let i = 0; i < 5; i++) {
      expectUnchanged(physics, 'E_CAPACITY', refusal, () => addBody(physics, { shape: { type: 'compound', children } }))
    }
    addBody(physics, { shape: { type: 'hull', points: CUBE } })
    expectUnchanged(physics, 'E_CAPACITY', refusal, () =>
      addBody(physics, {
        shape: { type: 'heightField', heights: new Float32Array(400), rows: 20, columns: 20, spacing: 1 },
      }),
    )
  })

  test('in a world without shapes; spheres and planes need none', async () => {
    const physics = await makePhysics({ capacity: { shapes: 0, geometry: 0 } })
    expectUnchanged(physics, 'E_CAPACITY', { call: 'addBody', field: 'capacity.shapes', value: 0 }, () =>
      addBody(physics, distinct(0)),
    )
    addBody(physics, sphere([0, 0, 0]))
  })

  test('for a body: its new shape goes with it', async () => {
    const physics = await makePhysics({ capacity: { entities: 3, bodies: 1, shapes: 2 } })
    const body = addBody(physics, distinct(0))
    for (let i = 1; i < 5; i++) {
      expectUnchanged(physics, 'E_CAPACITY', { call: 'addBody', field: 'capacity.bodies' }, () =>
        addBody(physics, distinct(i)),
      )
    }
    removeBody(physics, body)
    addBody(physics, distinct(9))
  })

  test('addBodies with one bad shape in the middle adds none, and keeps no shape', async () => {
    const physics = await makePhysics({ capacity: { shapes: 2 } })
    for (let i = 0; i < 3; i++) {
      expectUnchanged(physics, 'E_CAPACITY', { call: 'addBodies', field: 'capacity.shapes' }, () =>
        addBodies(physics, [0, 1, 2].map(distinct)),
      )
      expectUnchanged(physics, 'E_RANGE', { call: 'addBodies', field: 'shape.halfExtents' }, () =>
        addBodies(physics, 3, (k, desc) => {
          desc.shape = { type: 'box', halfExtents: [1 + k, k === 2 ? 0 : 1, 1] }
        }),
      )
    }
    expect(addBodies(physics, [0, 1].map(distinct))).toHaveLength(2)
  })
})
