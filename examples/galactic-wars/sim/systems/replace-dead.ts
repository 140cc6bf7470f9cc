import { CAPITAL_TYPE, ROLE } from '../components.ts'
import { cloud, createSource, explode } from '../explosions.ts'
import type { Galaxy } from '../galaxy.ts'
import { respawnRock, respawnShip } from '../respawn.ts'

/** Rocks larger than this, m, go with a blast; smaller ones only crumble. */
const BLAST_RADIUS = 4
const CAPITAL_STRENGTH = 5

const source = createSource()
const { position, velocity } = source

/** Everything that died in this step explodes and comes back elsewhere: the same body, so the counts never change. */
export function replaceDead(galaxy: Galaxy): void {
  const { casualties } = galaxy
  for (let i = 0; i < casualties.deadCount; i++) {
    const eid = casualties.dead[i]
    readState(galaxy, eid)
    if (galaxy.Role.value[eid] === ROLE.ship) replaceShip(galaxy, eid)
    else replaceRock(galaxy, eid)
  }
  casualties.deadCount = 0
}

function readState(galaxy: Galaxy, eid: number): void {
  const { Position, LinearVelocity } = galaxy.physics.components
  position[0] = Position.x[eid]
  position[1] = Position.y[eid]
  position[2] = Position.z[eid]
  velocity[0] = LinearVelocity.x[eid]
  velocity[1] = LinearVelocity.y[eid]
  velocity[2] = LinearVelocity.z[eid]
}

function replaceShip(galaxy: Galaxy, eid: number): void {
  const capital = galaxy.Ship.type[eid] === CAPITAL_TYPE
  source.strength = capital ? CAPITAL_STRENGTH : 1
  explode(galaxy, source)
  if (capital) galaxy.tally.capitalKills++
  else galaxy.tally.fighterKills++
  respawnShip(galaxy, eid)
}

function replaceRock(galaxy: Galaxy, eid: number): void {
  const radius = galaxy.physics.components.RigidBody.radius[eid]
  galaxy.tally.rockKills++
  source.strength = radius / BLAST_RADIUS
  if (radius > BLAST_RADIUS) explode(galaxy, source)
  source.strength = Math.max(1, radius / 2)
  cloud(galaxy, 'rubble', 10 + 14 * radius, source)
  respawnRock(galaxy, eid)
}
