/** Many joints together: chains with heavy ends, ragdolls, the same bits whatever the threads. */
import {
  addBody,
  addJoint,
  type JointId,
  jointAngle,
  jointGap,
  type Physics,
  type PhysicsOptions,
  stateHash,
  step,
} from 'manybody'
import { expect, test } from 'vitest'
import { DT, ground, makePhysics, positionOf, run, spinOf, velocityOf } from './harness.ts'
import { chain } from './joint-harness.ts'

const EARTH = { gravity: [0, -9.81, 0] as [number, number, number] }

/** Largest sum of gaps of joints over steps, m. */
function stretch(physics: Physics, joints: JointId[], steps: number): number {
  let worst = 0
  for (let k = 0; k < steps; k++) {
    step(physics, DT)
    let sum = 0
    for (const joint of joints) sum += jointGap(physics, joint)
    worst = Math.max(worst, sum)
  }
  return worst
}

for (const [end, subSteps, bound] of [
  [1, 4, 0.06],
  [100, 4, 0.7],
  [1000, 8, 1.6],
  [1000, 16, 0.4],
]) {
  test(`a chain of 20 m with ${end} times the mass at its end stretches less than ${bound} m in ${subSteps} sub-steps`, async () => {
    const physics = await makePhysics({ ...EARTH, subSteps })
    const { joints } = chain(physics, 20, end)
    expect(stretch(physics, joints, 300)).toBeLessThan(bound)
  })
}

/** Limbs of a ragdoll: name, where, radius, mass. */
const LIMBS: [number, number, number, number, number][] = [
  [0, 1.2, 0, 0.25, 30],
  [0, 1.75, 0, 0.14, 5],
  [0, 0.75, 0, 0.2, 20],
  [0.4, 1.35, 0, 0.1, 3],
  [0.75, 1.35, 0, 0.08, 2],
  [-0.4, 1.35, 0, 0.1, 3],
  [-0.75, 1.35, 0, 0.08, 2],
  [0.15, 0.35, 0, 0.12, 8],
  [0.15, -0.1, 0, 0.1, 4],
  [-0.15, 0.35, 0, 0.12, 8],
  [-0.15, -0.1, 0, 0.1, 4],
]

/** Joints of a ragdoll: which limbs, where, whether a hinge. */
const BONES: [number, number, [number, number, number], boolean][] = [
  [0, 1, [0, 1.55, 0], false],
  [0, 2, [0, 0.95, 0], false],
  [0, 3, [0.25, 1.35, 0], false],
  [3, 4, [0.58, 1.35, 0], true],
  [0, 5, [-0.25, 1.35, 0], false],
  [5, 6, [-0.58, 1.35, 0], true],
  [2, 7, [0.15, 0.55, 0], false],
  [7, 8, [0.15, 0.12, 0], true],
  [2, 9, [-0.15, 0.55, 0], false],
  [9, 10, [-0.15, 0.12, 0], true],
]

/** A ragdoll of eleven balls with its middle at a point. */
function ragdoll(
  physics: Physics,
  [x, y, z]: [number, number, number],
  spin = 0,
): { limbs: number[]; hinges: JointId[]; balls: JointId[] } {
  const limbs = LIMBS.map(([dx, dy, dz, radius, mass]) =>
    addBody(physics, {
      shape: { type: 'sphere', radius },
      mass,
      position: [x + dx, y + dy, z + dz],
      angularVelocity: [spin, 0, spin],
      linearVelocity: [0, 0, spin],
    }),
  )
  const [hinges, balls]: JointId[][] = [[], []]
  for (const [a, b, [dx, dy, dz], hinged] of BONES) {
    const base = { a: limbs[a], b: limbs[b], anchor: [x + dx, y + dy, z + dz] }
    if (hinged) hinges.push(addJoint(physics, { ...base, type: 'hinge', axis: [1, 0, 0], limits: [0, 2.2] }))
    else balls.push(addJoint(physics, { ...base, type: 'ball', axis: [0, 1, 0], swing: 1, twist: [-0.6, 0.6] }))
  }
  return { limbs, hinges, balls }
}

test('ragdolls fall in a heap and stay whole for 10 s', async () => {
  const physics = await makePhysics(EARTH)
  addBody(physics, ground({ friction: 0.6 }))
  const dolls = Array.from({ length: 8 }, (_, k) =>
    ragdoll(physics, [0.3 * (k % 3), 1 + 2 * k, 0.2 * k], k % 2 ? 4 : -3),
  )
  const joints = dolls.flatMap(({ hinges, balls }) => [...hinges, ...balls])
  const gap = (): number => Math.max(...joints.map((joint) => jointGap(physics, joint)))
  const bent = (): number[] => dolls.flatMap(({ hinges }) => hinges).map((joint) => jointAngle(physics, joint))
  const beyond = (): number => Math.max(...bent().flatMap((angle) => [-angle, angle - 2.2]))
  let [worst, off] = [0, 0]
  for (let k = 0; k < 600; k++) {
    step(physics, DT)
    worst = Math.max(worst, gap())
    off = Math.max(off, beyond())
  }
  // The highest of them hits the ground at 17 m/s.
  expect(worst).toBeLessThan(0.12)
  expect(off).toBeLessThan(0.25)
  expect(gap()).toBeLessThan(0.01)
  expect(beyond()).toBeLessThan(0.05)
  for (const limb of dolls.flatMap((doll) => doll.limbs)) {
    expect(positionOf(physics, limb)[1]).toBeGreaterThan(0)
    expect(positionOf(physics, limb)[1]).toBeLessThan(4)
    expect(Math.hypot(...velocityOf(physics, limb))).toBeLessThan(2)
    expect(Math.hypot(...spinOf(physics, limb))).toBeLessThan(20)
  }
})

test('the same bits with any number of threads', async () => {
  const hashes = new Set<string>()
  for (const threads of [1, 2, 3]) {
    const options: PhysicsOptions = { ...EARTH, threads }
    const physics = await makePhysics(options)
    addBody(physics, ground())
    for (let k = 0; k < 40; k++)
      ragdoll(physics, [1.2 * (k % 7), 1 + 2 * (k % 5), 1.1 * Math.floor(k / 7)], (k % 3) - 1)
    run(physics, 60)
    hashes.add(String(stateHash(physics)))
  }
  expect(hashes.size).toBe(1)
})
