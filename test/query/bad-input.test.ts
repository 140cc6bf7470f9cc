/** Questions that cannot be asked are refused by name. */
import {
  addBody,
  castRay,
  castRays,
  castShape,
  nearest,
  nearestMany,
  overlapBox,
  overlapShape,
  overlapSpheres,
  type Physics,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { makePhysics } from '../physics/harness.ts'

describe('bad input', () => {
  const shape = { type: 'sphere', radius: 1 } as const
  const good = () => ({ origins: new Float32Array(60), directions: new Float32Array(60).fill(1), maxDistance: 5 })
  const out = (): { entities: Uint32Array } => ({ entities: new Uint32Array(20) })
  const nan = (): Float32Array => {
    const values = new Float32Array(60).fill(1)
    values[31] = Number.NaN
    return values
  }
  const zero = (): Float32Array => new Float32Array(60).fill(1).fill(0, 30, 33)
  const cases: [string, string, (p: Physics) => unknown][] = [
    ['E_NOT_FINITE', 'rays.origins of number 10', (p) => castRays(p, { ...good(), origins: nan() }, out())],
    ['E_NOT_FINITE', 'rays.directions of number 10', (p) => castRays(p, { ...good(), directions: nan() }, out())],
    ['E_RANGE', 'rays.directions of number 10', (p) => castRays(p, { ...good(), directions: zero() }, out())],
    ['E_RANGE', 'rays.origins', (p) => castRays(p, { ...good(), origins: new Float32Array(4) }, out())],
    ['E_RANGE', 'rays.directions', (p) => castRays(p, { ...good(), directions: new Float32Array(59) }, out())],
    ['E_RANGE', 'rays.maxDistance', (p) => castRays(p, { ...good(), maxDistance: -1 }, out())],
    ['E_RANGE', 'rays.maxDistance', (p) => castRays(p, { ...good(), maxDistance: new Float32Array(19) }, out())],
    ['E_RANGE', 'out.entities', (p) => castRays(p, good(), { entities: new Uint32Array(19) })],
    ['E_RANGE', 'out.normals', (p) => castRays(p, good(), { ...out(), normals: new Float32Array(59) })],
    ['E_NOT_FINITE', 'batch.points of number 10', (p) => nearestMany(p, { points: nan(), maxDistance: 1 }, out())],
    [
      'E_RANGE',
      'balls.radius of number 0',
      (p) =>
        overlapSpheres(
          p,
          { centers: new Float32Array(3), radius: new Float32Array([-1]) },
          { starts: new Uint32Array(2), entities: new Uint32Array(9) },
        ),
    ],
    [
      'E_RANGE',
      'out.starts',
      (p) =>
        overlapSpheres(
          p,
          { centers: new Float32Array(3), radius: 1 },
          { starts: new Uint32Array(1), entities: new Uint32Array(9) },
        ),
    ],
    ['E_NOT_FINITE', 'point', (p) => nearest(p, [0, Number.NaN, 0], 1)],
    ['E_RANGE', 'maxDistance', (p) => nearest(p, [0, 0, 0], -1)],
    ['E_NOT_FINITE', 'path', (p) => castShape(p, { shape, position: [0, 0, 0], path: [0, Number.NaN, 0] })],
    ['E_RANGE', 'position', (p) => castShape(p, { shape, position: [0, 0], path: [0, 0, 0] })],
    [
      'E_RANGE',
      'rotation',
      (p) => castShape(p, { shape, position: [0, 0, 0], rotation: [0, 0, 0, 0], path: [1, 0, 0] }),
    ],
    [
      'E_UNSUPPORTED',
      'shape.type',
      (p) => overlapShape(p, { shape: { type: 'plane' } as never, position: [0, 0, 0] }, new Uint32Array(1)),
    ],
    [
      'E_RANGE',
      'shape.halfExtents',
      (p) => overlapBox(p, { center: [0, 0, 0], halfExtents: [0, 1, 1] }, new Uint32Array(1)),
    ],
    ['E_RANGE', 'filter.types', (p) => castRay(p, [0, 0, 0], [1, 0, 0], 1, { types: ['solid' as never] })],
    ['E_RANGE', 'filter.group', (p) => castRay(p, [0, 0, 0], [1, 0, 0], 1, { group: -1 })],
    ['E_RANGE', 'filter', (p) => castRay(p, [0, 0, 0], [1, 0, 0], 1, null as never)],
  ]
  test.each(cases)('%s %s', async (code, field, act) => {
    const physics = await makePhysics()
    addBody(physics, { shape, position: [0, 0, 0] })
    expect(() => act(physics)).toThrow(expect.objectContaining({ code, field }))
    expect(castRay(physics, [-9, 0, 0], [1, 0, 0], 20)?.distance).toBe(8)
  })
})
