import { addBody, bodyCount, castRay, isAlive, type Physics, removeBody } from 'manybody'

/** A ray from the camera: where it begins, m, and its direction, of length one. */
export interface Ray {
  origin: readonly [number, number, number]
  direction: readonly [number, number, number]
}

/** What is thrown. */
export interface Throw {
  /** m. Default 0.4. */
  radius?: number
  /** kg/m³. Default 2,000. */
  density?: number
  /** m/s. Default 28. */
  speed?: number
  /** Colour of the instance group `ball`. */
  tint?: number
}

/** Balls that fly or lie about at most; the oldest goes first. */
const MOST_BALLS = 40
const FAR = 500
const GRAVITY = 9.81
const thrown = new WeakMap<Physics, number[]>()

/** Throws a ball so that it hits what the ray hits, the fall on the way allowed for. It is drawn by the instance group `ball`. */
export function throwBall(physics: Physics, { origin, direction }: Ray, ball: Throw = {}): number {
  const { radius = 0.4, density = 2000, speed = 28, tint = 0 } = ball
  const balls = thrown.get(physics) ?? []
  thrown.set(physics, balls)
  if (balls.length >= MOST_BALLS || bodyCount(physics) >= physics.capacity.bodies) {
    const oldest = balls.shift()
    if (oldest !== undefined && isAlive(physics, oldest)) removeBody(physics, oldest)
  }
  const distance = castRay(physics, origin, direction, FAR)?.distance ?? FAR
  const seconds = distance < FAR ? distance / speed : 0
  const [x, y, z] = direction
  const eid = addBody(physics, {
    shape: { type: 'sphere', radius },
    density,
    position: [origin[0] + x, origin[1] + y, origin[2] + z],
    linearVelocity: [x * speed, y * speed + (GRAVITY * seconds) / 2, z * speed],
    restitution: 0.2,
    rollingResistance: 0.02,
    instanceGroup: 'ball',
    tint,
  })
  balls.push(eid)
  return eid
}
