import { Euler, Matrix4, type Quaternion, Vector3 } from 'three'

/** A place or direction: x, y, z. */
export type Triple = [number, number, number]

const euler = new Euler(0, 0, 0, 'YXZ')
const matrix = new Matrix4()
const eye = new Vector3()
const aim = new Vector3()
const roof = new Vector3()

/** Orientation of a camera that looks along `yaw` (0: −z, growing to the left) and `pitch` (up), radians. */
export function lookAlong(yaw: number, pitch: number, out: Quaternion): void {
  out.setFromEuler(euler.set(pitch, yaw, 0))
}

/** Orientation of a camera at `from` that looks at `to` with its roof towards `up`. */
export function lookAt(from: Triple, to: Triple, up: Triple, out: Quaternion): void {
  matrix.lookAt(eye.fromArray(from), aim.fromArray(to), roof.fromArray(up))
  out.setFromRotationMatrix(matrix)
}

/** Yaw and pitch of an orientation, its roll left out. */
export function anglesOf(look: Quaternion): { yaw: number; pitch: number } {
  euler.setFromQuaternion(look)
  return { yaw: euler.y, pitch: euler.x }
}

/** Unit vector along which `yaw` and `pitch` look. */
export function forwardOf(yaw: number, pitch: number, out: Triple): void {
  out[0] = -Math.sin(yaw) * Math.cos(pitch)
  out[1] = Math.sin(pitch)
  out[2] = -Math.cos(yaw) * Math.cos(pitch)
}

/** Moves `value` towards `goal`; the way left halves about every 0.7/`rate` seconds, at any frame rate. */
export function approach(value: number, goal: number, rate: number, seconds: number): number {
  return goal + (value - goal) * Math.exp(-rate * seconds)
}
