/** Conserved quantities of a reference world, over its dynamic bodies. */
import { inverseCube } from './long-range.ts'
import { add, addScaled, cross, dot, scale, subtract, type Vec3, ZERO } from './vec.ts'
import { type ReferenceBody, type ReferenceWorld, radiusOf } from './world.ts'

const dynamicBodies = (world: ReferenceWorld): ReferenceBody[] => world.bodies.filter((b) => b.kind === 'dynamic')

const inertia = (body: ReferenceBody): number => 0.4 * body.mass * radiusOf(body) ** 2

/** Σ ½ m v² + ½ I ω², J. */
export function kineticEnergy(world: ReferenceWorld): number {
  let sum = 0
  for (const body of dynamicBodies(world)) {
    sum += 0.5 * body.mass * dot(body.velocity, body.velocity)
    sum += 0.5 * inertia(body) * dot(body.angularVelocity, body.angularVelocity)
  }
  return sum
}

/** Energy in uniform gravity (zero at the origin) and of every long-range pair, J. */
export function potentialEnergy(world: ReferenceWorld): number {
  let sum = 0
  for (const body of dynamicBodies(world)) sum -= body.mass * body.gravityScale * dot(world.gravity, body.position)
  world.bodies.forEach((a, i) => {
    for (const b of world.bodies.slice(i + 1)) sum += pairEnergy(world, a, b)
  })
  return sum
}

/** −G m m / r where one body attracts the other, + k c c / r for charges; r softened. Somebody must feel it: be dynamic. */
export function pairEnergy(world: ReferenceWorld, a: ReferenceBody, b: ReferenceBody): number {
  const { gravity, coulomb } = world.longRange
  const inverse = Math.cbrt(inverseCube(world.longRange, subtract(b.position, a.position)))
  const [aMoves, bMoves] = [a.kind === 'dynamic', b.kind === 'dynamic']
  const attract = (aMoves && b.attracts) || (bMoves && a.attracts) ? gravity * a.mass * b.mass : 0
  const repel = aMoves || bMoves ? coulomb * a.charge * b.charge : 0
  return (repel - attract) * inverse
}

/** Σ m v, kg·m/s. */
export function momentum(world: ReferenceWorld): Vec3 {
  let sum = ZERO
  for (const body of dynamicBodies(world)) sum = addScaled(sum, body.velocity, body.mass)
  return sum
}

/** Σ x × m v + I ω about the origin, kg·m²/s. */
export function angularMomentum(world: ReferenceWorld): Vec3 {
  let sum = ZERO
  for (const body of dynamicBodies(world)) {
    sum = add(sum, cross(body.position, scale(body.velocity, body.mass)))
    sum = addScaled(sum, body.angularVelocity, inertia(body))
  }
  return sum
}

/** Σ m x / Σ m, m. */
export function centerOfMass(world: ReferenceWorld): Vec3 {
  let sum = ZERO
  let mass = 0
  for (const body of dynamicBodies(world)) {
    sum = addScaled(sum, body.position, body.mass)
    mass += body.mass
  }
  return scale(sum, 1 / mass)
}
