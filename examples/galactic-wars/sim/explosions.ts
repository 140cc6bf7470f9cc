import type { Vec3 } from '../../scenes/scene.ts'
import { type BurstKind, queueBurst } from './bursts.ts'
import type { Casualties, ExplosionList, Galaxy } from './galaxy.ts'

const LIGHTS = 32
const BLASTS = 64
/** Numbers a waiting blast takes: x, y, z, strength. */
export const BLAST_STRIDE = 4

export function createExplosionList(): ExplosionList {
  const column = (): Float32Array => new Float32Array(LIGHTS)
  const frame = new Uint32Array(LIGHTS)
  return { capacity: LIGHTS, total: 0, next: 0, x: column(), y: column(), z: column(), strength: column(), frame }
}

export function createCasualties(): Casualties {
  return { dead: new Uint32Array(2048), deadCount: 0, blasts: new Float32Array(BLASTS * BLAST_STRIDE), blastCount: 0 }
}

/** Where a cloud of particles comes from. */
export interface Source {
  position: Vec3
  /** m/s, which the particles keep */
  velocity: Vec3
  /** the middle of the cone, for clouds that have one */
  normal: Vec3
  /** 1 is a fighter */
  strength: number
}

export function createSource(): Source {
  return { position: [0, 0, 0], velocity: [0, 0, 0], normal: [0, 1, 0], strength: 1 }
}

const thrown = createSource()

/**
 * Lets an explosion go off: fire and sparks at once, damage and push on everything near in the next step.
 *
 * @param position metres
 * @param strength 1 is a fighter, 5 a capital ship going up; kept within 0.1–10
 * @throws RangeError when a number is not finite
 */
export function throwExplosion(galaxy: Galaxy, position: ArrayLike<number>, strength = 3): void {
  if (!Number.isFinite(position[0] + position[1] + position[2] + strength)) {
    throw new RangeError(
      `throwExplosion: position and strength must be finite, got [${Array.from(position)}], ${strength}`,
    )
  }
  copy(position, thrown.position)
  thrown.strength = Math.min(10, Math.max(0.1, strength))
  explode(galaxy, thrown)
}

/** The same with the velocity of what blew up, which its fire and debris keep. */
export function explode(galaxy: Galaxy, source: Source): void {
  const { position, strength } = source
  const amount = strength * Math.sqrt(strength)
  cloud(galaxy, 'fire', 80 * amount, source)
  cloud(galaxy, 'spark', 40 * amount, source)
  cloud(galaxy, 'debris', 26 * amount, source)
  noteExplosion(galaxy, source)
  const { casualties } = galaxy
  if (casualties.blastCount === BLASTS) return
  const at = casualties.blastCount++ * BLAST_STRIDE
  casualties.blasts[at] = position[0]
  casualties.blasts[at + 1] = position[1]
  casualties.blasts[at + 2] = position[2]
  casualties.blasts[at + 3] = strength
}

/** Queues `count` particles of one kind (fewer in a galaxy with few particles). */
export function cloud(galaxy: Galaxy, kind: BurstKind, count: number, source: Source): void {
  const burst = queueBurst(galaxy.bursts, kind, Math.round(count * galaxy.particleScale), source.strength)
  if (burst === undefined) {
    galaxy.tally.droppedBursts++
    return
  }
  copy(source.position, burst.position)
  copy(source.velocity, burst.velocity)
  copy(source.normal, burst.direction)
}

function noteExplosion(galaxy: Galaxy, source: Source): void {
  const list = galaxy.explosions
  const at = list.next
  list.x[at] = source.position[0]
  list.y[at] = source.position[1]
  list.z[at] = source.position[2]
  list.strength[at] = source.strength
  list.frame[at] = galaxy.frame
  list.next = (at + 1) % list.capacity
  list.total++
}

function copy(from: ArrayLike<number>, into: Vec3): void {
  into[0] = from[0]
  into[1] = from[1]
  into[2] = from[2]
}
