import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import type { Vec3Like } from '../settings.ts'

/** Smallest and largest value: radians for hinges, metres for sliders and distances. */
export type JointRange = readonly [lower: number, upper: number]

/** A damped spring, of the bodies' effective mass at the joint. */
export interface JointSpring {
  /** Natural frequency, Hz, > 0 … 10⁶. Best below an eighth of the sub-step rate: 30 at 60 steps of 4 sub-steps. */
  hertz: number
  /** 0: swings for ever, 1: comes to rest soonest. Default 1. */
  dampingRatio?: number
}

/** Keeps a speed (rad/s, m/s), or holds a target (rad, m) by a spring. `max`: the largest torque (N·m) or force (N); default none. */
export type JointMotor = { speed: number; max?: number } | ({ target: number; max?: number } & JointSpring)

/** What all joints have in common. */
export interface JointBase {
  /** The two bodies, by id or handle; at least one is dynamic. */
  a: number
  b: number
  /** The point of both bodies that the joint holds together, world, m. Needed but for distances. Or give one to each body: */
  anchor?: Vec3Like
  /** in a's own frame, m from its centre of mass. Default the centre. */
  anchorA?: Vec3Like
  /** The same in b's. */
  anchorB?: Vec3Like
  /** Axis, world, any length but zero. Hinges and sliders need one; others have x. Or give one to each body: */
  axis?: Vec3Like
  /** in a's own frame. */
  axisA?: Vec3Like
  /** The same in b's. */
  axisB?: Vec3Like
  /** N: more force, as the mean of a step, breaks the joint. Default never. */
  breakForce?: number
  /** N·m about the anchor: more torque breaks the joint. Default never. */
  breakTorque?: number
  /** Whether the two bodies collide with each other. Default false. */
  collideConnected?: boolean
}

/** A joint. Angles and translations count from the poses at creation. */
export type JointDesc =
  /** Holds b in a's frame, as it is at creation; with `spring` softly. */
  | (JointBase & { type: 'fixed'; spring?: JointSpring })
  /**
   * Holds a point: all turns are free, within `swing` (half angle of a cone about the axis, 0 … π) and `twist` (about the axis, within ± π).
   * `friction`: torque that resists turning, N·m, ≥ 0. Default 0: a limb that hangs on such a joint swings for long.
   */
  | (JointBase & { type: 'ball'; spring?: JointSpring; swing?: number; twist?: JointRange; friction?: number })
  /** Turns about the axis only. Limits within ± 2π, less than a turn apart. `friction` as of a ball. */
  | (JointBase & { type: 'hinge'; spring?: JointSpring; limits?: JointRange; motor?: JointMotor; friction?: number })
  /** Moves along the axis only, without turning. */
  | (JointBase & { type: 'slider'; limits?: JointRange; motor?: JointMotor })
  /**
   * Keeps the distance of the anchors within `length`: [0, d] is a rope, [d, d] a rod; Infinity is no upper limit. With `spring` the limits
   * are soft. Default: a rod of the present distance.
   */
  | (JointBase & { type: 'distance'; spring?: JointSpring; length?: JointRange })

/** A motor as the kernel has it. */
export interface CheckedMotor {
  servo: boolean
  goal: number
  hertz: number
  damping: number
  max: number
}

/** Numbers beyond this are refused: the kernel squares them in 32 bits. */
export const MOST = 1e15
const BOUNDS = { min: -1e15, max: 1e15 }
const POSITIVE = { min: 0, max: MOST }

/** Refuses a value with a reason. */
export function refuse(call: string, field: string, value: unknown, reason: string): never {
  throw new PhysicsError('E_RANGE', call, reason, { field, value })
}

/** A number that may be infinite: what the kernel can square. */
export function checkMost(call: string, field: string, value: number): number {
  return value === Infinity ? MOST : checkNumber(call, field, value, POSITIVE)
}

/**
 * A range whose numbers are within bounds and not reversed.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkRange(call: string, field: string, range: JointRange, min: number, max: number): JointRange {
  if (range === null || typeof range !== 'object' || range.length !== 2) {
    refuse(call, field, range, 'must be [lower, upper]')
  }
  const upper = range[1] === Infinity && max === Infinity ? MOST : range[1]
  const bounds = { min: Math.max(min, -MOST), max: Math.min(max, MOST) }
  checkNumber(call, `${field}[0]`, range[0], bounds)
  checkNumber(call, `${field}[1]`, upper, bounds)
  if (range[0] > upper) refuse(call, field, range, 'lower must not be above upper')
  return [range[0], upper]
}

/**
 * Limits of a hinge: less than a turn apart.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkAngles(call: string, range: JointRange): JointRange {
  const checked = checkRange(call, 'limits', range, -2 * Math.PI, 2 * Math.PI)
  if (checked[1] - checked[0] > 2 * Math.PI) refuse(call, 'limits', range, 'must be at most one turn apart')
  return checked
}

/**
 * A spring.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkSpring(call: string, field: string, spring: JointSpring): Required<JointSpring> {
  if (spring === null || typeof spring !== 'object') refuse(call, field, spring, 'must be { hertz, dampingRatio }')
  const dampingRatio = spring.dampingRatio ?? 1
  checkNumber(call, `${field}.hertz`, spring.hertz, { above: 0, max: 1e6 })
  checkNumber(call, `${field}.dampingRatio`, dampingRatio, { min: 0, max: 1e6 })
  return { hertz: spring.hertz, dampingRatio }
}

/**
 * A motor.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkMotor(call: string, motor: JointMotor): CheckedMotor {
  if (motor === null || typeof motor !== 'object' || 'speed' in motor === 'target' in motor) {
    refuse(call, 'motor', motor, 'must have either a speed or a target')
  }
  const max = checkMost(call, 'motor.max', motor.max ?? Infinity)
  if ('speed' in motor) {
    const goal = checkNumber(call, 'motor.speed', motor.speed, { min: -1e6, max: 1e6 })
    return { servo: false, goal, hertz: 0, damping: 0, max }
  }
  const { hertz, dampingRatio } = checkSpring(call, 'motor', motor)
  return {
    servo: true,
    goal: checkNumber(call, 'motor.target', motor.target, BOUNDS),
    hertz,
    damping: dampingRatio,
    max,
  }
}

/**
 * An axis of length one.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkAxis(call: string, field: string, axis: Vec3Like): [number, number, number] {
  checkVector(call, field, axis, 3)
  const [x, y, z] = [axis[0]!, axis[1]!, axis[2]!]
  const largest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z))
  if (!(largest > 1e-30)) refuse(call, field, axis, 'must not be zero')
  const [p, q, r] = [x / largest, y / largest, z / largest]
  const length = Math.sqrt(p * p + q * q + r * r)
  return [p / length, q / length, r / length]
}
