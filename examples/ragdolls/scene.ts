import {
  type AdvanceResult,
  addBody,
  addJoint,
  advance,
  createPhysics,
  type JointDesc,
  type Physics,
  type PhysicsOptions,
  type Shape,
} from 'manybody'

const capsule = (radius: number, halfHeight: number): Shape => ({ type: 'capsule', radius, halfHeight })
export const STEP: Shape = { type: 'box', halfExtents: [0.5, 3.4, 4] }
/** Parts of a doll, m. */
export const PARTS = {
  head: { type: 'sphere', radius: 0.15 },
  chest: { type: 'box', halfExtents: [0.13, 0.2, 0.2] },
  pelvis: { type: 'box', halfExtents: [0.12, 0.13, 0.17] },
  arm: capsule(0.065, 0.11),
  leg: capsule(0.085, 0.14),
} satisfies Record<string, Shape>
type Part = keyof typeof PARTS

const [DOLLS, STEPS] = [16, 8]
/** Torque of a limp joint, N·m: without it limbs that hang over an edge swing for a minute. */
const FRICTION = 2
/** Every joint of a doll: its parts by number in `STANDING`, and where it is when the doll stands. */
type Link = readonly [a: number, b: number, anchor: readonly number[], joint: Partial<JointDesc>]
const ball = (swing: number, twist: number): Partial<JointDesc> => ({
  type: 'ball',
  axis: [0, 1, 0],
  swing,
  twist: [-twist, twist],
  friction: FRICTION,
})
/** Knees and elbows turn about the doll's sideways axis, each one way. */
const hinge = (lower: number, upper: number): Partial<JointDesc> => ({
  type: 'hinge',
  axis: [0, 0, 1],
  limits: [lower, upper],
  friction: FRICTION,
})

const STANDING: (readonly [part: Part, x: number, y: number, z: number])[] = [
  ['pelvis', 0, 1, 0],
  ['chest', 0, 1.36, 0],
  ['head', 0, 1.75, 0],
]
const LINKS: Link[] = [
  [0, 1, [0, 1.15, 0], ball(0.5, 0.4)],
  [1, 2, [0, 1.59, 0], ball(0.6, 0.7)],
]
for (const side of [-1, 1]) {
  const first = STANDING.length
  STANDING.push(['arm', 0, 1.36, 0.28 * side], ['arm', 0, 1.04, 0.28 * side])
  STANDING.push(['leg', 0, 0.68, 0.1 * side], ['leg', 0, 0.26, 0.1 * side])
  LINKS.push(
    [1, first, [0, 1.5, 0.28 * side], ball(1.6, 0.8)],
    [first, first + 1, [0, 1.2, 0.28 * side], hinge(0, 2.3)],
  )
  LINKS.push(
    [0, first + 2, [0, 0.88, 0.1 * side], ball(1.1, 0.4)],
    [first + 2, first + 3, [0, 0.47, 0.1 * side], hinge(-2.3, 0)],
  )
}

/** Dolls that tumble down a flight of stairs; `dolls[i]` are the bodies of one, the pelvis first. */
export interface Ragdolls {
  physics: Physics
  dolls: number[][]
  joints: number[]
}

/** Builds the stairs, and dolls over their upper end. */
export async function createRagdolls(options: PhysicsOptions = {}): Promise<Ragdolls> {
  const groups = Object.fromEntries(Object.keys(PARTS).map((part) => [part, 4 * DOLLS]))
  const instanceGroups = { ...groups, step: STEPS, ball: 50 }
  const physics = await createPhysics({ capacity: { bodies: 1000, contacts: 8000 }, instanceGroups, ...options })
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, friction: 0.6 })
  for (let i = 0; i < STEPS; i++) {
    const position = [i - STEPS, 0.8 * (STEPS - i) - 3.4, 0]
    addBody(physics, { type: 'static', shape: STEP, position, friction: 0.5, instanceGroup: 'step', tint: i % 2 })
  }
  const joints: number[] = []
  const dolls = Array.from({ length: DOLLS }, (_, i) => {
    const place = [
      -7.6 + 1.3 * (i % 4),
      7.4 + 1.9 * Math.floor(i / 4),
      1.6 * ((i % 4) - 1.5) + 0.35 * Math.floor(i / 4),
    ]
    return addDoll(physics, joints, place, i)
  })
  return { physics, dolls, joints }
}

/** A doll that falls forwards. */
function addDoll(physics: Physics, joints: number[], place: readonly number[], number: number): number[] {
  const at = (x: number, y: number, z: number): number[] => [place[0]! + x, place[1]! + y, place[2]! + z]
  const bodies = STANDING.map(([part, x, y, z]) =>
    addBody(physics, {
      shape: PARTS[part],
      position: at(x, y, z),
      linearVelocity: [2.2 + 0.7 * (y - 1), 0, 0.3 * Math.sin(number)],
      density: 1000,
      friction: 0.5,
      angularDamping: 0.4,
      instanceGroup: part,
      tint: number % 6,
    }),
  )
  for (const [a, b, [x, y, z], joint] of LINKS) {
    const desc = { ...joint, a: bodies[a]!, b: bodies[b]!, anchor: at(x!, y!, z!) } as JointDesc
    joints.push(addJoint(physics, desc))
  }
  return bodies
}

/** Steps the world. */
export function updateRagdolls({ physics }: Ragdolls, seconds: number): AdvanceResult {
  return advance(physics, seconds)
}
