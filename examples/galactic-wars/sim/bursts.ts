import { emit, type ParticleSystemDesc } from 'manybody'
import type { Vec3 } from '../../scenes/scene.ts'
import type { Galaxy } from './galaxy.ts'

const around = (radius: number) => ({ shape: { type: 'sphere', radius }, spread: Math.PI }) as const
/** Off a surface: about the direction of the burst. */
const off = (radius: number, spread: number) =>
  ({ shape: { type: 'sphere', radius }, direction: [0, 1, 0], spread }) as const

/** Kinds of bursts, at strength 1. Speeds, lives and sizes grow with the square root of the strength. */
export const BURST = {
  fire: { ...around(1.6), speed: [2, 16], life: [0.35, 1.2], size: [1.2, 3.2], color: [3.2, 1.3, 0.3], drag: 1.6 },
  spark: { ...around(0.5), speed: [28, 85], life: [0.3, 1.1], size: [0.2, 0.45], color: [4, 2.6, 1.1], drag: 0.7 },
  debris: { ...around(1.2), speed: [3, 24], life: [1.4, 3.6], size: [0.3, 0.9], color: [0.4, 0.36, 0.32], drag: 0.05 },
  rubble: { ...around(0.8), speed: [1.5, 13], life: [1.2, 3.2], size: [0.3, 1.1], color: [0.5, 0.41, 0.32], drag: 0.1 },
  impact: { ...off(0.1, 1), speed: [6, 32], life: [0.12, 0.5], size: [0.15, 0.35], color: [4, 3, 1.6], drag: 0.9 },
  shield: { ...off(0.3, 1.2), speed: [4, 14], life: [0.15, 0.4], size: [0.2, 0.5], color: [0.7, 1.7, 3.4], drag: 1 },
  chip: { ...off(0.1, 1), speed: [3, 14], life: [0.3, 0.9], size: [0.15, 0.4], color: [0.75, 0.58, 0.42], drag: 0.4 },
  warp: { ...around(2), speed: [4, 40], life: [0.3, 0.9], size: [0.4, 1.2], color: [1.2, 1.9, 3.6], drag: 1.2 },
} satisfies Record<string, ParticleSystemDesc>

export type BurstKind = keyof typeof BURST

interface PendingBurst {
  kind: BurstKind
  left: number
  strength: number
  position: Vec3
  velocity: Vec3
  direction: Vec3
}

/**
 * Bursts that wait for room among the particles: a ring of records made once. What does not fit in this frame goes out
 * in the next ones, so the number of live particles stays where it should be.
 */
export interface BurstQueue {
  readonly ring: PendingBurst[]
  first: number
  count: number
  /** particles handed to the engine since the last step */
  emitted: number
  /** particles alive after the last step, and how many died in it (for the governor's forecast) */
  alive: number
  died: number
}

const RING = 512
/** Bursts that go out in one step: with dust and exhausts they stay below the engine's 1,024. */
const MAX_SENT = 256

export function createBurstQueue(): BurstQueue {
  const ring: PendingBurst[] = []
  for (let i = 0; i < RING; i++) {
    ring.push({
      kind: 'fire',
      left: 0,
      strength: 1,
      position: [0, 0, 0],
      velocity: [0, 0, 0],
      direction: [0, 1, 0],
    })
  }
  return { ring, first: 0, count: 0, emitted: 0, alive: 0, died: 0 }
}

/** Room that sparks and chips leave to explosions. */
const RESERVED = 128

/**
 * Queues a burst and returns its record, whose `position`, `velocity` and `direction` the caller fills in; undefined
 * when the queue is full. Small bursts (below `RESERVED` free places) give way to large ones.
 */
export function queueBurst(
  queue: BurstQueue,
  kind: BurstKind,
  count: number,
  strength: number,
): PendingBurst | undefined {
  const free = RING - queue.count
  if (free === 0 || (count < 16 && free < RESERVED)) return undefined
  const burst = queue.ring[(queue.first + queue.count) % RING]
  queue.count++
  burst.kind = kind
  burst.left = count
  burst.strength = strength
  return burst
}

const ORIGIN: Vec3 = [0, 0, 0]
// One record for every call: emit reads it at once.
const place = { at: ORIGIN, velocity: ORIGIN, direction: ORIGIN, scale: 1 }

/** Sends queued bursts, oldest first, as long as there is room for `room` more particles. */
export function sendBursts({ physics, bursts: queue, clouds }: Galaxy, room: number): void {
  let left = Math.floor(room)
  for (let i = 0; i < MAX_SENT && queue.count > 0 && left > 0; i++) {
    const burst = queue.ring[queue.first]
    const count = Math.min(burst.left, left)
    place.at = burst.position
    place.velocity = burst.velocity
    place.direction = burst.direction
    place.scale = Math.sqrt(burst.strength)
    emit(physics, clouds.bursts[burst.kind], count, place)
    left -= count
    burst.left -= count
    if (burst.left > 0) break
    queue.first = (queue.first + 1) % RING
    queue.count--
  }
  queue.emitted += Math.floor(room) - left
}
