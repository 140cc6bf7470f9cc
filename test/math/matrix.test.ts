import fc from 'fast-check'
import { Matrix4, Quaternion, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import { composeMatrix, decomposeMatrix, invertMatrix, multiplyMatrices } from '../../engine/math/matrix.ts'
import { normalizeQuaternion } from '../../engine/math/quaternion.ts'

const number = fc.double({ min: -10, max: 10, noNaN: true })
const vector = fc.tuple(number, number, number)
const size = fc.double({ min: 0.1, max: 4, noNaN: true })
const scale = fc.tuple(size, size, size)
const mirrored = fc.tuple(
  fc.tuple(size, fc.boolean()).map(([s, flip]) => (flip ? -s : s)),
  size,
  size,
)
const attitude = fc
  .tuple(number, number, number, number)
  .filter((q) => Math.hypot(...q) > 1e-3)
  .map((q) => normalizeQuaternion([0, 0, 0, 1], q))

const threeOf = (p: readonly number[], q: readonly number[], s: readonly number[]): Matrix4 =>
  new Matrix4().compose(
    new Vector3(p[0], p[1], p[2]),
    new Quaternion(q[0], q[1], q[2], q[3]),
    new Vector3(s[0], s[1], s[2]),
  )
const fresh = (): number[] => new Array(16).fill(7)

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, error = 1e-11): void {
  for (let k = 0; k < wanted.length; k++) expect(Math.abs(found[k]! - wanted[k]!)).toBeLessThan(error)
}

describe('matrices, against three.js', () => {
  it('composes and multiplies', () => {
    fc.assert(
      fc.property(vector, attitude, scale, vector, attitude, mirrored, (p, q, s, p2, q2, s2) => {
        const a = composeMatrix(fresh(), p, q, s)
        const b = composeMatrix(fresh(), p2, q2, s2)
        expectClose(a, threeOf(p, q, s).elements)
        const product = threeOf(p, q, s).multiply(threeOf(p2, q2, s2)).elements
        expectClose(multiplyMatrices(fresh(), a, b), product)
        expectClose(multiplyMatrices(b, a, b), product)
      }),
    )
  })

  it('inverts', () => {
    fc.assert(
      fc.property(vector, attitude, mirrored, (p, q, s) => {
        const m = composeMatrix(fresh(), p, q, s)
        expectClose(invertMatrix(fresh(), m), threeOf(p, q, s).invert().elements, 1e-9)
        expectClose(invertMatrix(m, m), threeOf(p, q, s).invert().elements, 1e-9)
      }),
    )
    expect([...invertMatrix(new Float32Array(16), composeMatrix(fresh(), [1, 2, 3], [0, 0, 0, 1], [1, 0, 1]))]).toEqual(
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0, -0, -0, 1],
    )
  })

  it('takes apart what it put together', () => {
    fc.assert(
      fc.property(vector, attitude, mirrored, (p, q, s) => {
        const [position, rotation, size] = [
          [0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0],
        ]
        const m = composeMatrix(fresh(), p, q, s)
        decomposeMatrix(m, position, rotation, size)
        expectClose(position, p)
        expectClose(size, s)
        expectClose(composeMatrix(fresh(), position, rotation, size), m, 1e-10)
      }),
    )
  })
})
