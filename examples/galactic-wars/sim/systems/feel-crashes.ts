import { damageBody } from '../damage.ts'
import type { Galaxy } from '../galaxy.ts'

/** Change of velocity that hulls stand, m/s, and points a m/s more. */
const HARMLESS = 5
const POINTS = 1.6

/**
 * A ship whose velocity is not what its engines made it has run into something. Gravity and shots change it by less
 * than a metre a second a step.
 */
export function feelCrashes(galaxy: Galaxy): void {
  const { ships } = galaxy
  const { expected } = galaxy.Ship
  const { LinearVelocity } = galaxy.physics.components
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    const x = LinearVelocity.x[eid] - expected.x[eid]
    const y = LinearVelocity.y[eid] - expected.y[eid]
    const z = LinearVelocity.z[eid] - expected.z[eid]
    const squared = x * x + y * y + z * z
    if (squared < HARMLESS * HARMLESS) continue
    galaxy.tally.crashes++
    damageBody(galaxy, eid, (Math.sqrt(squared) - HARMLESS) * POINTS)
  }
}
