import { FIELD, PLANET } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'
import { respawnRock } from '../respawn.ts'

/** Every rock is looked at once in this many steps. */
const PERIOD = 60
const FARTHEST = FIELD.outer + 500
const HIGHEST = 450

/** Rocks that fell on the planet or left the field come back into orbit. */
export function herdRocks(galaxy: Galaxy): void {
  const { rocks, frame } = galaxy
  const { Position, RigidBody } = galaxy.physics.components
  for (let i = frame % PERIOD; i < rocks.length; i += PERIOD) {
    const eid = rocks[i]
    const x = Position.x[eid]
    const y = Position.y[eid]
    const z = Position.z[eid]
    const squared = x * x + y * y + z * z
    const lowest = PLANET.radius + RigidBody.radius[eid] + 3
    if (squared < lowest * lowest || squared > FARTHEST * FARTHEST || Math.abs(y) > HIGHEST) respawnRock(galaxy, eid)
  }
}
