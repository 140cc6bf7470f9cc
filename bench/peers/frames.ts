/** Joints in the frames of their bodies, and bodies grouped by the joints between them. */
import { directionIn, HINGE_AXIS, pointIn } from '../../examples/scenes/rigid-load.ts'
import type { JointData, SceneBody, Vec3 } from '../../examples/scenes/scene.ts'

/** A unit vector at right angles to a unit vector. */
export function perpendicular([x, y, z]: Vec3): Vec3 {
  const [px, py, pz]: Vec3 = Math.abs(x) < 0.7 ? [0, z, -y] : [-z, 0, x]
  const length = Math.hypot(px, py, pz)
  return [px / length, py / length, pz / length]
}

/** A joint in the frames of its bodies. For joints other than hinges the axis is any. */
export function jointFrames(joint: JointData, a: SceneBody, b: SceneBody) {
  const axis = joint.axis ?? HINGE_AXIS
  const normal = perpendicular(axis)
  return {
    anchorA: pointIn(a, joint.anchor),
    anchorB: pointIn(b, joint.anchorB ?? joint.anchor),
    axisA: directionIn(a, axis),
    axisB: directionIn(b, axis),
    normalA: directionIn(a, normal),
    normalB: directionIn(b, normal),
  }
}

/** Bodies that joints connect, directly or over others. */
export interface Assembly {
  /** Numbers of the bodies, ascending. */
  bodies: number[]
  /** Pairs that do not collide, as places in `bodies`. */
  apart: [number, number][]
}

/** The assemblies of all joints whose bodies do not collide with one another. */
export function assembliesOf(joints: readonly JointData[]): Assembly[] {
  const quiet = joints.filter(({ collideConnected }) => !collideConnected)
  const root = new Map<number, number>()
  const find = (body: number): number => {
    const above = root.get(body) ?? body
    return above === body ? body : find(above)
  }
  for (const { a, b } of quiet) {
    const [first, second] = [find(a), find(b)].sort((x, y) => x - y)
    root.set(a, root.get(a) ?? a)
    root.set(b, root.get(b) ?? b)
    root.set(second, first)
  }
  const members = new Map<number, number[]>()
  for (const body of [...root.keys()].sort((x, y) => x - y)) {
    const group = members.get(find(body))
    if (group) group.push(body)
    else members.set(find(body), [body])
  }
  const assemblies = new Map([...members].map(([key, bodies]) => [key, { bodies, apart: [] } as Assembly]))
  for (const { a, b } of quiet) {
    const { bodies, apart } = assemblies.get(find(a)) as Assembly
    apart.push([bodies.indexOf(a), bodies.indexOf(b)])
  }
  return [...assemblies.values()]
}
