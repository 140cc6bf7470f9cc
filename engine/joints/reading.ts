import { type Physics, readCounter, use } from '../internals.ts'
import { rotate } from '../math/rotate.ts'
import type { Vec3 } from '../measure.ts'
import { refuse } from './desc.ts'
import { conjugate, multiply, type Quad, type Triple } from './frame.ts'
import { checkJointId, type JointId, poseOf } from './joint.ts'
import { BIT, existingTable, jointId, jointTable, KIND, PARAMETER, STATE } from './table.ts'

/**
 * The mean force of the last step on body b, N, world axes; a has the opposite. Writes into `out` when it is given.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function jointForce(physics: Physics, id: JointId, out: Vec3 = [0, 0, 0]): Vec3 {
  return read(physics, 'jointForce', id, STATE.force, out)
}

/**
 * The mean torque of the last step on body b about the anchor, N·m, world axes: of directions, limits and motor. Writes into `out` when it is given.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function jointTorque(physics: Physics, id: JointId, out: Vec3 = [0, 0, 0]): Vec3 {
  return read(physics, 'jointTorque', id, STATE.torque, out)
}

function read(physics: Physics, call: string, id: JointId, place: number, out: Vec3): Vec3 {
  const index = checkJointId(physics, call, id)
  const table = jointTable(physics)
  for (let axis = 0; axis < 3; axis++) out[axis] = table.state[index * table.states + place + axis]!
  return out
}

/** Both frames of a joint now. */
function frames(physics: Physics, index: number): { frameA: Quad; frameB: Quad; apart: Triple } {
  const table = jointTable(physics)
  const real = (place: number): number => table.real[index * table.reals + place]!
  const three = (place: number): Triple => [real(place), real(place + 1), real(place + 2)]
  const four = (place: number): Quad => [real(place), real(place + 1), real(place + 2), real(place + 3)]
  const [a, b] = [poseOf(physics, table.a[index]!), poseOf(physics, table.b[index]!)]
  const [ra, rb] = [rotate(a.rotation, three(PARAMETER.anchorA)), rotate(b.rotation, three(PARAMETER.anchorB))]
  const d = (axis: 0 | 1 | 2): number => b.position[axis] - a.position[axis] + (rb[axis] - ra[axis])
  return {
    frameA: multiply(a.rotation, four(PARAMETER.frameA)),
    frameB: multiply(b.rotation, four(PARAMETER.frameB)),
    apart: [d(0), d(1), d(2)],
  }
}

/**
 * Angle of a hinge, or twist of a ball, since its creation, rad: within half a turn of the middle of its limits.
 * @throws PhysicsError E_STALE_ENTITY, E_RANGE, E_DISPOSED
 */
export function jointAngle(physics: Physics, id: JointId): number {
  const index = checkJointId(physics, 'jointAngle', id)
  const table = jointTable(physics)
  const { [index]: kind } = table.kind
  if (kind !== KIND.hinge && kind !== KIND.ball) refuse('jointAngle', 'joint', id, 'must be a hinge or a ball')
  const { frameA, frameB } = frames(physics, index)
  const [x, , , w] = multiply(conjugate(frameA), frameB)
  const limited = table.flags[index]! & BIT.limited
  const at = index * table.reals
  const middle = limited ? (table.real[at + PARAMETER.lower]! + table.real[at + PARAMETER.upper]!) / 2 : 0
  const angle = 2 * Math.atan2(x, w)
  return angle - 2 * Math.PI * Math.round((angle - middle) / (2 * Math.PI))
}

/**
 * How far b's anchor is from a's, m: along the axis of a slider, straight between the anchors of a distance.
 * @throws PhysicsError E_STALE_ENTITY, E_RANGE, E_DISPOSED
 */
export function jointTranslation(physics: Physics, id: JointId): number {
  const index = checkJointId(physics, 'jointTranslation', id)
  const { [index]: kind } = jointTable(physics).kind
  if (kind !== KIND.slider && kind !== KIND.distance) {
    refuse('jointTranslation', 'joint', id, 'must be a slider or a distance')
  }
  const { frameA, apart } = frames(physics, index)
  const along: Triple = kind === KIND.slider ? rotate(frameA, [1, 0, 0]) : apart
  const product = apart[0] * along[0] + apart[1] * along[1] + apart[2] * along[2]
  return kind === KIND.slider ? product : Math.sqrt(product)
}

/**
 * How far b's anchor is from where it should be, m: off a's anchor, or off the axis of a slider; 0 for a distance. A measure of the solver.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function jointGap(physics: Physics, id: JointId): number {
  const index = checkJointId(physics, 'jointGap', id)
  const { [index]: kind } = jointTable(physics).kind
  if (kind === KIND.distance) return 0
  const { frameA, apart } = frames(physics, index)
  const axis: Triple = kind === KIND.slider ? rotate(frameA, [1, 0, 0]) : [0, 0, 0]
  const along = apart[0] * axis[0] + apart[1] * axis[1] + apart[2] * axis[2]
  const [x, y, z] = [apart[0] - along * axis[0], apart[1] - along * axis[1], apart[2] - along * axis[2]]
  return Math.sqrt(x * x + y * y + z * z)
}

/**
 * Joints that broke in the last step, in an order that does not depend on threads. They stay, and hold nothing, until they are removed.
 * @throws PhysicsError E_DISPOSED
 */
export function brokenJoints(physics: Physics): JointId[] {
  const internals = use(physics, 'brokenJoints')
  const table = existingTable(physics)
  if (!table) return []
  const broken: JointId[] = []
  for (const index of table.broken.subarray(0, readCounter(internals, 'broken'))) {
    if (table.kind[index] !== 0) broken.push(jointId(table, index))
  }
  return broken
}
