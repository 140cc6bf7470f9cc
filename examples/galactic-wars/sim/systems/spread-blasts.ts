import { overlapSphere } from 'manybody'
import { ROLE } from '../components.ts'
import { damageBody } from '../damage.ts'
import { BLAST_STRIDE } from '../explosions.ts'
import type { Galaxy } from '../galaxy.ts'

/** Reach of a blast of strength 1, m; it grows with the square root of the strength. */
const REACH = 16
/** Momentum given to a body at the centre, kg·m/s, and the largest change of velocity, m/s. */
const IMPULSE = 2200
const MAX_KICK = 45
const DAMAGE = 22

const touched = new Uint32Array(256)
const center: [number, number, number] = [0, 0, 0]

/** Pushes and damages what is near the explosions that went off since the last step. */
export function spreadBlasts(galaxy: Galaxy): void {
  const { casualties } = galaxy
  for (let i = 0; i < casualties.blastCount; i++) {
    const at = i * BLAST_STRIDE
    center[0] = casualties.blasts[at]
    center[1] = casualties.blasts[at + 1]
    center[2] = casualties.blasts[at + 2]
    spreadBlast(galaxy, casualties.blasts[at + 3])
  }
  casualties.blastCount = 0
}

function spreadBlast(galaxy: Galaxy, strength: number): void {
  const reach = REACH * Math.sqrt(strength)
  const found = overlapSphere(galaxy.physics, center, reach, touched)
  for (let i = 0; i < found; i++) {
    const role = galaxy.Role.value[touched[i]]
    if (role === ROLE.ship || role === ROLE.rock) kick(galaxy, touched[i], strength, reach)
  }
}

function kick(galaxy: Galaxy, eid: number, strength: number, reach: number): void {
  const { Position, LinearVelocity, Mass, RigidBody } = galaxy.physics.components
  const x = Position.x[eid] - center[0]
  const y = Position.y[eid] - center[1]
  const z = Position.z[eid] - center[2]
  const distance = Math.sqrt(x * x + y * y + z * z)
  const near = Math.max(0, 1 - Math.max(0, distance - RigidBody.radius[eid]) / reach)
  const speed = Math.min(MAX_KICK, (IMPULSE * strength * near) / Mass.value[eid])
  const scale = distance > 1e-3 ? speed / distance : 0
  LinearVelocity.x[eid] += x * scale
  LinearVelocity.y[eid] += y * scale
  LinearVelocity.z[eid] += z * scale
  damageBody(galaxy, eid, DAMAGE * strength * near)
}
