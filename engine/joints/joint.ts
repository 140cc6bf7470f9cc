import { checkAlive } from '../alive.ts'
import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import { DYNAMIC } from '../flags.ts'
import { change, INTERNALS, type Physics, use } from '../internals.ts'
import { rotate } from '../math/rotate.ts'
import {
  type CheckedMotor,
  checkAngles,
  checkAxis,
  checkMost,
  checkMotor,
  checkRange,
  checkSpring,
  type JointDesc,
  type JointMotor,
  type JointRange,
  type JointSpring,
  MOST,
  refuse,
} from './desc.ts'
import { between, conjugate, multiply, normalize, type Quad, type Triple } from './frame.ts'
import {
  BIT,
  existingTable,
  type JointTable,
  jointId,
  jointIndex,
  jointTable,
  KIND,
  link,
  PARAMETER,
  takeIndex,
  unlink,
} from './table.ts'

/** A joint's handle: never that of another joint, even when that one is gone. */
export type JointId = number

/** What checking a description finds out: the numbers that the kernel gets. */
interface CheckedJoint {
  kind: number
  flags: number
  numbers: [place: number, values: readonly number[]][]
}

/** The same, and the bodies. */
interface CheckedPair extends CheckedJoint {
  a: number
  b: number
}

/**
 * Joins two bodies, at their poses of now, and wakes both.
 * @returns the joint's id, above 0
 * @throws PhysicsError E_CAPACITY, E_STALE_ENTITY, E_NOT_FINITE, E_RANGE, E_BUSY, E_DISPOSED; nothing is joined then
 */
export function addJoint(physics: Physics, desc: JointDesc): JointId {
  const call = 'addJoint'
  change(physics, call)
  const checked = checkJoint(physics, call, desc)
  const table = openJoints(physics)
  if (table.count >= physics.capacity.joints) {
    throw new PhysicsError('E_CAPACITY', call, 'no room for another joint', {
      field: 'capacity.joints',
      value: physics.capacity.joints,
    })
  }
  const index = takeIndex(physics, table)
  const at = index * table.reals
  table.real.fill(0, at, at + table.reals)
  table.state.fill(0, index * table.states, (index + 1) * table.states)
  for (const [place, values] of checked.numbers) table.real.set(values, at + place)
  table.a[index] = checked.a
  table.b[index] = checked.b
  table.flags[index] = checked.flags
  table.kind[index] = checked.kind
  link(physics, table, index)
  wake(physics, index)
  return jointId(table, index)
}

/**
 * Removes a joint and wakes its bodies.
 * @throws PhysicsError E_STALE_ENTITY, E_BUSY, E_DISPOSED
 */
export function removeJoint(physics: Physics, id: JointId): void {
  const index = checkJointId(physics, 'removeJoint', id)
  change(physics, 'removeJoint')
  wake(physics, index)
  unlink(physics, jointTable(physics), index)
}

/** The table of a world; from the first call on, bodies that leave lose their joints. @internal */
export function openJoints(physics: Physics): JointTable {
  const had = existingTable(physics)
  if (had) return had
  const table = jointTable(physics)
  physics[INTERNALS].leaving.push((eid) => removeJointsOf(physics, table, eid))
  return table
}

/** Removes the joints of a body that leaves. */
function removeJointsOf(physics: Physics, table: JointTable, eid: number): void {
  while (table.first[eid]) {
    const index = table.first[eid]! >>> 1
    wake(physics, index)
    unlink(physics, table, index)
  }
}

/** Whether an id is that of a joint, broken ones included. @throws PhysicsError E_DISPOSED */
export function isJoint(physics: Physics, id: JointId): boolean {
  use(physics, 'isJoint')
  return jointIndex(existingTable(physics), id) !== 0
}

/**
 * Whether a joint broke. It holds nothing any more, and stays until it is removed.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 */
export function isBroken(physics: Physics, id: JointId): boolean {
  const index = checkJointId(physics, 'isBroken', id)
  return (jointTable(physics).flags[index]! & BIT.broken) !== 0
}

/** How many joints there are, broken ones included. @throws PhysicsError E_DISPOSED */
export function jointCount(physics: Physics): number {
  use(physics, 'jointCount')
  return existingTable(physics)?.count ?? 0
}

/**
 * The index of a joint's numbers in the kernel's columns.
 * @throws PhysicsError E_STALE_ENTITY, E_DISPOSED
 * @internal
 */
export function checkJointId(physics: Physics, call: string, id: JointId): number {
  use(physics, call)
  const index = jointIndex(existingTable(physics), id)
  if (!index) throw new PhysicsError('E_STALE_ENTITY', call, 'is not a joint', { field: 'joint', value: id })
  return index
}

/**
 * Gives a hinge or a slider another motor, or none, and wakes its bodies.
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function setJointMotor(physics: Physics, id: JointId, motor: JointMotor | null): void {
  const call = 'setJointMotor'
  const index = checkJointId(physics, call, id)
  const table = jointTable(physics)
  const { [index]: kind } = table.kind
  if (kind !== KIND.hinge && kind !== KIND.slider) refuse(call, 'joint', id, 'must be a hinge or a slider')
  const checked = motor ? checkMotor(call, motor) : undefined
  const draft: CheckedJoint = { kind, flags: table.flags[index]! & ~(BIT.speedMotor | BIT.targetMotor), numbers: [] }
  if (checked) addMotor(draft, checked)
  commit(physics, index, draft)
}

/** New limits: what is given is changed, `null` takes it away. */
export interface JointLimits {
  /** Of a hinge (rad) or a slider (m). */
  limits?: JointRange | null
  /** Of a ball: half angle of the cone, rad. */
  swing?: number | null
  /** Of a ball: about the axis, rad. */
  twist?: JointRange | null
  /** Of a distance, m; it always has one. */
  length?: JointRange
}

/**
 * Gives a joint other limits, and wakes its bodies.
 * @throws PhysicsError E_STALE_ENTITY, E_NOT_FINITE, E_RANGE, E_DISPOSED
 */
export function setJointLimits(physics: Physics, id: JointId, given: JointLimits): void {
  const call = 'setJointLimits'
  const index = checkJointId(physics, call, id)
  const table = jointTable(physics)
  const kind = table.kind[index]!
  const draft: CheckedJoint = { kind, flags: table.flags[index]!, numbers: [] }
  for (const field of Object.keys(given) as (keyof JointLimits)[]) {
    if (!LIMITS[kind]!.includes(field)) refuse(call, field, given[field], 'is nothing that this joint has')
  }
  if (given.limits === null || given.twist === null) draft.flags &= ~BIT.limited
  if (given.swing === null) draft.flags &= ~BIT.cone
  addLimits(call, draft, given)
  commit(physics, index, draft)
}

/** Fields of `JointLimits` that each kind has, by the numbers of `KIND`. A plain literal: what is computed here, no bundler leaves out. */
const LIMITS: readonly (readonly (keyof JointLimits)[])[] = [
  [],
  [],
  ['swing', 'twist'],
  ['limits'],
  ['limits'],
  ['length'],
]

function commit(physics: Physics, index: number, draft: CheckedJoint): void {
  const table = jointTable(physics)
  for (const [place, values] of draft.numbers) table.real.set(values, index * table.reals + place)
  table.flags[index] = draft.flags
  wake(physics, index)
}

function wake(physics: Physics, index: number): void {
  const { exports } = physics[INTERNALS].kernel
  const table = jointTable(physics)
  exports.wake_island(table.a[index]!)
  exports.wake_island(table.b[index]!)
}

/** Checks a description against the world, writing nothing. */
function checkJoint(physics: Physics, call: string, desc: JointDesc): CheckedPair {
  if (desc === null || typeof desc !== 'object' || !Object.hasOwn(KIND, desc.type)) {
    refuse(call, 'type', desc?.type, `must be one of ${Object.keys(KIND).join(', ')}`)
  }
  const { flags } = physics.components.RigidBody
  const a = checkAlive(physics, call, desc.a, 'a')
  const b = checkAlive(physics, call, desc.b, 'b')
  if (a === b) refuse(call, 'b', desc.b, 'must be another body than a')
  if (!((flags[a]! | flags[b]!) & DYNAMIC)) refuse(call, 'b', desc.b, 'one of the bodies must be dynamic')
  const flagged = desc.collideConnected ? BIT.collide : 0
  const draft: CheckedPair = { a, b, kind: KIND[desc.type], flags: flagged, numbers: [] }
  const apart = addFrames(physics, call, draft, desc)
  if ('spring' in desc && desc.spring !== undefined) addSpring(call, draft, desc.spring)
  if ('motor' in desc && desc.motor !== undefined) addMotor(draft, checkMotor(call, desc.motor))
  if ('friction' in desc && desc.friction !== undefined) {
    draft.numbers.push([PARAMETER.friction, [checkNumber(call, 'friction', desc.friction, { min: 0, max: MOST })]])
  }
  addLimits(call, draft, desc as JointLimits)
  if (desc.type === 'distance' && desc.length === undefined) {
    draft.numbers.push([PARAMETER.lower, [apart]], [PARAMETER.upper, [apart]])
  }
  const { breakForce = Infinity, breakTorque = Infinity } = desc
  const breaks = [checkMost(call, 'breakForce', breakForce), checkMost(call, 'breakTorque', breakTorque)]
  if (Math.min(...breaks) < MOST) draft.flags |= BIT.breakable
  draft.numbers.push([PARAMETER.breakForce, breaks])
  return draft
}

function addSpring(call: string, draft: CheckedJoint, spring: JointSpring): void {
  const { hertz, dampingRatio } = checkSpring(call, 'spring', spring)
  draft.flags |= BIT.spring
  draft.numbers.push([PARAMETER.hertz, [hertz, dampingRatio]])
}

function addMotor(draft: CheckedJoint, motor: CheckedMotor): void {
  draft.flags |= motor.servo ? BIT.targetMotor : BIT.speedMotor
  draft.numbers.push([motor.servo ? PARAMETER.target : PARAMETER.speed, [motor.goal]])
  draft.numbers.push([PARAMETER.motorHertz, [motor.hertz, motor.damping, motor.max]])
}

function addLimits(call: string, draft: CheckedJoint, given: JointLimits): void {
  let range: JointRange | undefined
  if (given.limits) {
    range =
      draft.kind === KIND.hinge
        ? checkAngles(call, given.limits)
        : checkRange(call, 'limits', given.limits, -Infinity, Infinity)
  }
  if (given.twist) range = checkRange(call, 'twist', given.twist, -Math.PI, Math.PI)
  if (given.length) range = checkRange(call, 'length', given.length, 0, Infinity)
  if (range) {
    draft.flags |= BIT.limited
    draft.numbers.push([PARAMETER.lower, range])
  }
  if (given.swing !== undefined && given.swing !== null) {
    checkRange(call, 'swing', [0, given.swing], 0, Math.PI)
    draft.flags |= BIT.cone
    draft.numbers.push([PARAMETER.cone, [given.swing]])
  }
}

/** Anchors and frames on both bodies. Gives the distance of the anchors. */
function addFrames(physics: Physics, call: string, draft: CheckedPair, desc: JointDesc): number {
  const [pa, pb] = [poseOf(physics, draft.a), poseOf(physics, draft.b)]
  const vector = (field: 'anchor' | 'anchorA' | 'anchorB'): Triple | undefined => {
    const value = desc[field]
    if (value === undefined) return undefined
    checkVector(call, field, value, 3)
    for (let i = 0; i < 3; i++) if (Math.abs(value[i]!) > MOST) refuse(call, field, value, `must be within ${MOST}`)
    return [value[0]!, value[1]!, value[2]!]
  }
  const point = vector('anchor')
  if (!point && !desc.anchorA && !desc.anchorB && desc.type !== 'distance') {
    refuse(call, 'anchor', undefined, 'must be given, or anchorA and anchorB')
  }
  const seenFrom = (pose: Pose): Triple => {
    const [x, y, z] = pose.position
    return rotate(conjugate(pose.rotation), [point![0] - x, point![1] - y, point![2] - z])
  }
  const anchorA = vector('anchorA') ?? (point ? seenFrom(pa) : ORIGIN)
  const anchorB = vector('anchorB') ?? (point ? seenFrom(pb) : ORIGIN)
  const axis = (field: 'axisA' | 'axisB', pose: Pose): Triple => {
    const own = desc[field]
    if (own !== undefined) return rotate(pose.rotation, checkAxis(call, field, own))
    if (desc.axis !== undefined) return checkAxis(call, 'axis', desc.axis)
    if (desc.type === 'hinge' || desc.type === 'slider') refuse(call, 'axis', undefined, 'must be given')
    return X
  }
  const [axisA, axisB] = [axis('axisA', pa), axis('axisB', pb)]
  const frameA = between(X, axisA)
  // Where the axes are given apart, b's frame is a's turned the shortest way: angle 0 is where that way leads.
  const frameB = multiply(between(axisA, axisB), frameA)
  draft.numbers.push(
    [PARAMETER.anchorA, anchorA],
    [PARAMETER.frameA, normalize(multiply(conjugate(pa.rotation), frameA))],
    [PARAMETER.anchorB, anchorB],
    [PARAMETER.frameB, normalize(multiply(conjugate(pb.rotation), frameB))],
  )
  const [ra, rb] = [rotate(pa.rotation, anchorA), rotate(pb.rotation, anchorB)]
  const d = [0, 1, 2].map((i) => pb.position[i]! + rb[i]! - pa.position[i]! - ra[i]!)
  return Math.sqrt(d[0]! * d[0]! + d[1]! * d[1]! + d[2]! * d[2]!)
}

const ORIGIN: Triple = [0, 0, 0]
const X: Triple = [1, 0, 0]

/** Where a body is and how it is turned. */
export interface Pose {
  position: Triple
  rotation: Quad
}

/** The pose of a body now. */
export function poseOf(physics: Physics, eid: number): Pose {
  const { Position, Rotation } = physics.components
  return {
    position: [Position.x[eid]!, Position.y[eid]!, Position.z[eid]!],
    rotation: normalize([Rotation.x[eid]!, Rotation.y[eid]!, Rotation.z[eid]!, Rotation.w[eid]!]),
  }
}
