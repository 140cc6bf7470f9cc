import {
  type AdvanceResult,
  addBody,
  addJoint,
  advance,
  createPhysics,
  type Physics,
  type PhysicsOptions,
} from 'manybody'

const BALLS = 5
export const RADIUS = 0.25
/** Between neighbours, m: a blow passes from ball to ball, one after the other, as in steel. */
const GAP = 0.004
/** m: above the floor, and from the middle to each side. */
export const BAR = { height: 2.6, aside: 0.7 }
const LENGTH = 2
/** Radians by which the first ball is drawn back. */
const DRAWN = 0.7
/** s: short, so that a ball moves less than the gap in a step. */
export const STEP = 1 / 480

/** A cradle: balls on two rods each. */
export interface Cradle {
  physics: Physics
  balls: number[]
}

/** Steel balls in a row, the first drawn back. Nothing takes energy away but the strings' stiffness. */
export async function createCradle(options: PhysicsOptions = {}): Promise<Cradle> {
  const physics = await createPhysics({
    capacity: { bodies: 64 },
    sleep: false,
    instanceGroups: { ball: 50 },
    ...options,
  })
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 } })
  const bar = addBody(physics, {
    type: 'static',
    shape: { type: 'sphere', radius: 0.01 },
    position: [0, BAR.height, 0],
  })
  const balls: number[] = []
  for (let i = 0; i < BALLS; i++) {
    const x = (i - (BALLS - 1) / 2) * (2 * RADIUS + GAP)
    const angle = i === 0 ? DRAWN : 0
    const ball = addBody(physics, {
      shape: { type: 'sphere', radius: RADIUS },
      position: [x - LENGTH * Math.sin(angle), BAR.height - LENGTH * Math.cos(angle), 0],
      density: 7800,
      restitution: 1,
      friction: 0,
      instanceGroup: 'ball',
    })
    for (const z of [-BAR.aside, BAR.aside])
      addJoint(physics, { type: 'distance', a: bar, b: ball, anchorA: [x, 0, z], anchorB: [0, 0, 0] })
    balls.push(ball)
  }
  return { physics, balls }
}

/** Steps the world, eight small steps a frame. */
export function updateCradle({ physics }: Cradle, seconds: number): AdvanceResult {
  return advance(physics, seconds, { fixedDt: STEP, maxSteps: 48 })
}
