import { collide, inOrder } from './collide.ts'
import { findPairs } from './find-pairs.ts'
import { forces } from './forces.ts'
import { gather } from './gather.ts'
import { integratePositions } from './integrate-positions.ts'
import { integrateVelocities } from './integrate-velocities.ts'
import { particles } from './particles.ts'
import { solve } from './solve.ts'
import { sweep } from './sweep.ts'
import { ZERO } from './vec.ts'
import type { ContactOrder, ReferenceWorld } from './world.ts'

/**
 * Advances the world by dt seconds: every stage once, under the names that the kernel uses. The kernel gathers after
 * the velocities, because its sorted working copy needs them; here `gather` only says who takes part, so it is first.
 *
 * Free motion is drift–kick–drift: half a drift (the mid-points of `forces`), a kick, half a drift
 * (v − a·dt/2 is the mean velocity of the step), which is second order and symplectic.
 *
 * A Gauss–Seidel sweep depends on the order of its contacts: `order` is the one to take, by default that of the ids.
 */
export function stepReference(world: ReferenceWorld, dt: number, order?: ContactOrder): void {
  if (dt === 0) return
  gather(world)
  forces(world, dt)
  integrateVelocities(world, dt)
  const pairs = findPairs(world)
  const contacts = inOrder(collide(world, pairs, dt), order)
  solve(world, contacts, dt)
  integratePositions(world, dt)
  sweep(world, dt)
  particles(world, dt)
  clearForces(world)
}

/** Applied forces last for one step. */
function clearForces(world: ReferenceWorld): void {
  for (const body of world.bodies) {
    body.force = ZERO
    body.torque = ZERO
  }
}
