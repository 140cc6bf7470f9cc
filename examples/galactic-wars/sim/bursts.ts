import { emit, emitBurst, type Physics } from 'manybody'
import type { Vec3 } from '../../scenes/scene.ts'
import type { Clouds } from './build/clouds.ts'
import type { Galaxy } from './galaxy.ts'

/** A kind of particle cloud. Speeds and sizes grow with the square root of the burst's strength. */
export interface BurstStyle {
  speed: [number, number]
  life: [number, number]
  size: [number, number]
  color: Vec3
  drag: number
  spread: number
  /** of the sphere in which particles start, metres at strength 1 */
  radius: number
  /** number of its particle systems, for what a system of its own is worth; −1: the engine's bursts do */
  system: number
}

/** Bursts stronger than this are large. */
const LARGE = 2.2
/** Half-angle of a burst in all directions. */
const ALL_AROUND = Math.PI

export const BURST = {
  fire: style([2, 16], [0.35, 1.2], [1.2, 3.2], [3.2, 1.3, 0.3], 1.6, ALL_AROUND, 1.6),
  spark: style([28, 85], [0.3, 1.1], [0.2, 0.45], [4, 2.6, 1.1], 0.7, ALL_AROUND, 0.5, 0),
  debris: style([3, 24], [1.4, 3.6], [0.3, 0.9], [0.4, 0.36, 0.32], 0.05, ALL_AROUND, 1.2, 1),
  rubble: style([1.5, 13], [1.2, 3.2], [0.3, 1.1], [0.5, 0.41, 0.32], 0.1, ALL_AROUND, 0.8, 2),
  impact: style([6, 32], [0.12, 0.5], [0.15, 0.35], [4, 3, 1.6], 0.9, 1, 0.1),
  shield: style([4, 14], [0.15, 0.4], [0.2, 0.5], [0.7, 1.7, 3.4], 1, 1.2, 0.3),
  chip: style([3, 14], [0.3, 0.9], [0.15, 0.4], [0.75, 0.58, 0.42], 0.4, 1, 0.1),
  warp: style([4, 40], [0.3, 0.9], [0.4, 1.2], [1.2, 1.9, 3.6], 1.2, ALL_AROUND, 2),
} satisfies Record<string, BurstStyle>

function style(
  speed: [number, number],
  life: [number, number],
  size: [number, number],
  color: Vec3,
  drag: number,
  spread: number,
  radius: number,
  system = -1,
): BurstStyle {
  return { speed, life, size, color, drag, spread, radius, system }
}

interface PendingBurst {
  style: BurstStyle
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
  /** particles a step from all engine exhausts */
  exhaustPerStep: number
}

const RING = 512
/** Bursts that go out in one step: with the first dust and exhausts they stay below the engine's 1,024. */
const MAX_SENT = 256

export function createBurstQueue(): BurstQueue {
  const ring: PendingBurst[] = []
  for (let i = 0; i < RING; i++) {
    ring.push({
      style: BURST.fire,
      left: 0,
      strength: 1,
      position: [0, 0, 0],
      velocity: [0, 0, 0],
      direction: [0, 1, 0],
    })
  }
  return { ring, first: 0, count: 0, emitted: 0, alive: 0, died: 0, exhaustPerStep: 0 }
}

/** Room that sparks and chips leave to explosions. */
const RESERVED = 128

/**
 * Queues a burst and returns its record, whose `position`, `velocity` and `direction` the caller fills in; undefined
 * when the queue is full. Small bursts (below `RESERVED` free places) give way to large ones.
 */
export function queueBurst(
  queue: BurstQueue,
  style: BurstStyle,
  count: number,
  strength: number,
): PendingBurst | undefined {
  const free = RING - queue.count
  if (free === 0 || (count < 16 && free < RESERVED)) return undefined
  const burst = queue.ring[(queue.first + queue.count) % RING]
  queue.count++
  burst.style = style
  burst.left = count
  burst.strength = strength
  return burst
}

// One record for every call: emitBurst reads it at once.
const desc = {
  position: [0, 0, 0] as Vec3,
  velocity: [0, 0, 0] as Vec3,
  direction: [0, 1, 0] as Vec3,
  count: 0,
  spread: 0,
  speed: [0, 0] as [number, number],
  life: [0, 0] as [number, number],
  size: [0, 0] as [number, number],
  color: [0, 0, 0] as Vec3,
  drag: 0,
  radius: 0,
}

/** Sends queued bursts, oldest first, as long as there is room for `room` more particles. */
export function sendBursts({ physics, bursts: queue, clouds }: Galaxy, room: number): void {
  let left = Math.floor(room)
  for (let i = 0; i < MAX_SENT && queue.count > 0 && left > 0; i++) {
    const burst = queue.ring[queue.first]
    const count = Math.min(burst.left, left)
    sendBurst(physics, clouds, burst, count)
    left -= count
    burst.left -= count
    if (burst.left > 0) break
    queue.first = (queue.first + 1) % RING
    queue.count--
  }
  queue.emitted += Math.floor(room) - left
}

function sendBurst(physics: Physics, { systems }: Clouds, burst: PendingBurst, count: number): void {
  const { style } = burst
  if (style.system >= 0) {
    emit(physics, systems[style.system][burst.strength > LARGE ? 1 : 0], count, burst.position, burst.velocity)
    return
  }
  const grow = Math.sqrt(burst.strength)
  desc.position = burst.position
  desc.velocity = burst.velocity
  desc.direction = burst.direction
  desc.count = count
  desc.spread = style.spread
  desc.speed[0] = style.speed[0] * grow
  desc.speed[1] = style.speed[1] * grow
  desc.life[0] = style.life[0] * grow
  desc.life[1] = style.life[1] * grow
  desc.size[0] = style.size[0] * grow
  desc.size[1] = style.size[1] * grow
  desc.color = style.color
  desc.drag = style.drag
  desc.radius = style.radius * burst.strength
  emitBurst(physics, desc)
}
