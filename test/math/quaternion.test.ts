import fc from 'fast-check'
import { Euler, Matrix4, Object3D, Quaternion, Vector3 } from 'three'
import { describe, expect, it } from 'vitest'
import {
  conjugateQuaternion,
  type EulerOrder,
  eulerFromQuaternion,
  integrateQuaternion,
  lookRotation,
  multiplyQuaternions,
  nlerp,
  normalizeQuaternion,
  quaternionFromAxisAngle,
  quaternionFromEuler,
  rotateVector,
  slerp,
} from '../../engine/math/quaternion.ts'

const ORDERS: readonly EulerOrder[] = ['XYZ', 'YXZ', 'ZXY', 'ZYX', 'YZX', 'XZY']
const TURN = 2 * Math.PI

const number = fc.double({ min: -10, max: 10, noNaN: true })
const vector = fc.tuple(number, number, number)
const angle = fc.double({ min: -TURN, max: TURN, noNaN: true })
const angles = fc.tuple(angle, angle, angle)
const share = fc.double({ min: 0, max: 1, noNaN: true })
const attitude = fc
  .tuple(number, number, number, number)
  .filter((q) => Math.hypot(...q) > 1e-3)
  .map((q) => normalizeQuaternion([0, 0, 0, 1], q))

const three = (q: readonly number[]): Quaternion => new Quaternion(q[0], q[1], q[2], q[3])
const fresh = (): number[] => [0, 0, 0, 1]

/** The same turn: q and −q are one. */
function expectTurn(found: readonly number[], wanted: Quaternion, error = 1e-12): void {
  const dot = found[0]! * wanted.x + found[1]! * wanted.y + found[2]! * wanted.z + found[3]! * wanted.w
  const sign = dot < 0 ? -1 : 1
  for (const [k, value] of wanted.toArray().entries()) expect(Math.abs(found[k]! - sign * value)).toBeLessThan(error)
}

describe('quaternions, against three.js', () => {
  it('multiplies, inverts and turns vectors', () => {
    fc.assert(
      fc.property(attitude, attitude, vector, (a, b, v) => {
        expectTurn(multiplyQuaternions(fresh(), a, b), three(a).multiply(three(b)))
        expectTurn(conjugateQuaternion(fresh(), a), three(a).conjugate())
        const turned = new Vector3(...v).applyQuaternion(three(a))
        for (const [k, value] of rotateVector([0, 0, 0], a, v).entries()) {
          expect(Math.abs(value - turned.getComponent(k))).toBeLessThan(1e-12)
        }
      }),
    )
  })

  it.each(ORDERS)('goes from %s angles to a quaternion and back', (order) => {
    fc.assert(
      fc.property(angles, (given) => {
        const q = quaternionFromEuler(fresh(), given, order)
        expectTurn(q, new Quaternion().setFromEuler(new Euler(...given, order)))
        const found = eulerFromQuaternion([0, 0, 0], q, order)
        // Near gimbal lock the angles are as exact as a sine near 1 allows; the turn they make is what counts.
        expectTurn(quaternionFromEuler(fresh(), found, order), three(q), 1e-3)
        if (Math.abs(Math.cos(found['XYZ'.indexOf(order[1]!)]!)) > 0.01) {
          expectTurn(quaternionFromEuler(fresh(), found, order), three(q), 1e-10)
          const euler = new Euler().setFromQuaternion(three(q), order)
          for (const [k, value] of [euler.x, euler.y, euler.z].entries()) {
            const off = Math.abs(found[k]! - value)
            expect(Math.min(off, Math.abs(off - TURN))).toBeLessThan(1e-9)
          }
        }
      }),
    )
  })

  it.each(ORDERS)('gimbal lock in %s: the last angle is 0', (order) => {
    const middle = 'XYZ'.indexOf(order[1]!)
    for (const quarter of [Math.PI / 2, -Math.PI / 2]) {
      const given = [0.3, 0.4, 0.5]
      given[middle] = quarter
      const q = quaternionFromEuler(fresh(), given, order)
      const found = eulerFromQuaternion([0, 0, 0], q, order)
      expect(found['XYZ'.indexOf(order[2]!)]).toBe(0)
      expectTurn(quaternionFromEuler(fresh(), found, order), three(q), 1e-7)
    }
  })

  it('slerps along the shorter way at even speed', () => {
    fc.assert(
      fc.property(attitude, attitude, share, (a, b, t) => {
        fc.pre(Math.abs(three(a).dot(three(b))) > 1e-6)
        expectTurn(slerp(fresh(), a, b, t), three(a).slerp(three(b), t), 1e-8)
      }),
    )
  })

  it('nlerp begins and ends where slerp does and passes its middle', () => {
    fc.assert(
      fc.property(attitude, attitude, (a, b) => {
        fc.pre(Math.abs(three(a).dot(three(b))) > 1e-3)
        expectTurn(nlerp(fresh(), a, b, 0), three(a))
        expectTurn(nlerp(fresh(), a, b, 1), three(b))
        expectTurn(nlerp(fresh(), a, b, 0.5), three(slerp(fresh(), a, b, 0.5)), 1e-8)
      }),
    )
  })

  it('looks where three.js objects look', () => {
    fc.assert(
      fc.property(vector, vector, (forward, up) => {
        const across = new Vector3(...forward).cross(new Vector3(...up)).length()
        fc.pre(across > 1e-3)
        const m = new Matrix4().lookAt(new Vector3(...forward), new Vector3(), new Vector3(...up))
        expectTurn(lookRotation(fresh(), forward, up), new Quaternion().setFromRotationMatrix(m), 1e-7)
      }),
    )
    const object = new Object3D()
    object.lookAt(3, 4, 5)
    expectTurn(lookRotation(fresh(), [3, 4, 5]), object.quaternion)
  })

  it('looks along what is parallel to up, and along nothing', () => {
    for (const forward of [
      [0, 2, 0],
      [0, -2, 0],
      [1e-12, 1, 0],
    ]) {
      const q = lookRotation(fresh(), forward)
      const z = rotateVector([0, 0, 0], q, [0, 0, 1])
      expect(Math.abs(z[1]! - Math.sign(forward[1]!))).toBeLessThan(1e-12)
    }
    expect(lookRotation(fresh(), [0, 0, 0])).toEqual([0, 0, 0, 1])
  })

  it('integrates a constant angular velocity exactly', () => {
    fc.assert(
      fc.property(attitude, vector, share, (q, omega, dt) => {
        const speed = Math.hypot(...omega)
        fc.pre(speed > 1e-6)
        const axis = omega.map((v) => v / speed)
        const turn = quaternionFromAxisAngle(fresh(), axis, speed * dt)
        expectTurn(integrateQuaternion(fresh(), q, omega, dt), three(turn).multiply(three(q)))
      }),
    )
    expect(integrateQuaternion(fresh(), [0, 0, 0, 1], [0, 0, 0], 1)).toEqual([0, 0, 0, 1])
  })

  it('may write into an argument', () => {
    fc.assert(
      fc.property(attitude, attitude, share, (a, b, t) => {
        const into = [...a]
        expect(multiplyQuaternions(into, into, b)).toEqual(multiplyQuaternions(fresh(), a, b))
        const between = [...a]
        expect(nlerp(between, between, b, t)).toEqual(nlerp(fresh(), a, b, t))
        const turned = [...a]
        expect(integrateQuaternion(turned, turned, [1, 2, 3], t)).toEqual(integrateQuaternion(fresh(), a, [1, 2, 3], t))
      }),
    )
  })
})
