import { contactHits } from 'manybody'
import { ROLE } from '../components.ts'
import { damageBody } from '../damage.ts'
import { cloud, createSource } from '../explosions.ts'
import type { Galaxy } from '../galaxy.ts'

const source = createSource()
const { position, normal, velocity } = source

/** Shots that hit something end: damage and sparks. `fireWeapons` fires them again. */
export function resolveHits(galaxy: Galaxy): void {
  const { Projectile, tally } = galaxy
  const hits = contactHits(galaxy.physics)
  for (let i = 0; i < hits.count; i++) {
    const shot = hits.bullet[i]
    const other = hits.other[i]
    if (Projectile.expires[shot] === 0) continue
    Projectile.expires[shot] = 0
    position[0] = hits.x[i]
    position[1] = hits.y[i]
    position[2] = hits.z[i]
    normal[0] = hits.nx[i]
    normal[1] = hits.ny[i]
    normal[2] = hits.nz[i]
    tally.hits++
    hitBody(galaxy, other, Projectile.damage[shot])
  }
}

function hitBody(galaxy: Galaxy, other: number, amount: number): void {
  const { LinearVelocity } = galaxy.physics.components
  velocity[0] = LinearVelocity.x[other]
  velocity[1] = LinearVelocity.y[other]
  velocity[2] = LinearVelocity.z[other]
  const role = galaxy.Role.value[other]
  if (role === ROLE.ship) {
    galaxy.tally.shipHits++
    cloud(galaxy, galaxy.Health.shield[other] > 0 ? 'shield' : 'impact', 9, source)
    warmFight(galaxy)
  } else {
    galaxy.tally.rockHits++
    cloud(galaxy, 'chip', 6, source)
  }
  if (role === ROLE.ship || role === ROLE.rock) damageBody(galaxy, other, amount)
}

/** Distance within which hits belong to the same fight, m. */
const FIGHT_SIZE = 110

/** Draws the focus of the fight to a hit near it; a fight that has cooled down moves to the hit. */
function warmFight(galaxy: Galaxy): void {
  const { fight } = galaxy
  const dx = position[0] - fight.position[0]
  const dy = position[1] - fight.position[1]
  const dz = position[2] - fight.position[2]
  const near = dx * dx + dy * dy + dz * dz < FIGHT_SIZE * FIGHT_SIZE
  const part = near ? 0.03 : fight.heat < 1 ? 1 : 0
  fight.position[0] += dx * part
  fight.position[1] += dy * part
  fight.position[2] += dz * part
  if (near || part === 1) fight.heat += 1
}
