import { firstRoot } from './collide.ts'
import { collides } from './find-pairs.ts'
import { add, addScaled, dot, length, scale, subtract, UP, type Vec3 } from './vec.ts'
import {
  type Hit,
  inverseMass,
  liveBodies,
  type ReferenceBody,
  type ReferenceWorld,
  radiusOf,
  velocityOf,
} from './world.ts'

/**
 * Bullets: each flies its straight path of the step until the first body it meets (all targets move linearly over the
 * step; ties go to the lower entity id), stops there, and exchanges a frictionless impulse with restitution.
 */
export function sweep(world: ReferenceWorld, dt: number): void {
  const live = liveBodies(world)
  const targets = live.filter((body) => !body.bullet && !body.sensor)
  const bullets = live.filter((body) => body.bullet && body.kind === 'dynamic')
  world.hits = bullets.sort(byId).flatMap((bullet) => flyUntilHit(bullet, targets, dt))
  for (const hit of world.hits) exchangeImpulse(hit)
}

const byId = (a: ReferenceBody, b: ReferenceBody): number => a.id - b.id

/** Moves the bullet to the end of its path or to its first hit, which is returned. */
function flyUntilHit(bullet: ReferenceBody, targets: ReferenceBody[], dt: number): Hit[] {
  const path = scale(addScaled(bullet.velocity, bullet.motion.acceleration, -dt / 2), dt)
  const others = targets.filter((target) => collides(bullet, target))
  const first = firstOf(others.flatMap((target) => meet(bullet, path, target, target.motion.start)))
  bullet.position = addScaled(bullet.position, path, first?.time ?? 1)
  if (!first) return []
  const point = addScaled(bullet.position, first.normal, -radiusOf(bullet))
  bullet.position = carry(bullet, first, others)
  return [{ bullet, other: first.other, time: first.time, point, normal: first.normal, impulse: 0 }]
}

/** The bullet stays at its point of the body that it met, which goes on until the step ends, unless another is in between. */
function carry(bullet: ReferenceBody, { other, time }: Meeting, others: ReferenceBody[]): Vec3 {
  if (other.shape.type === 'plane') return bullet.position
  const rest = scale(subtract(other.position, other.motion.start), 1 - time)
  const meetings = others
    .filter((target) => target !== other)
    .flatMap((target) => meet(bullet, rest, target, target.position))
  return addScaled(bullet.position, rest, firstOf(meetings)?.time ?? 1)
}

const firstOf = (meetings: Meeting[]): Meeting | undefined =>
  meetings.sort((a, b) => a.time - b.time || byId(a.other, b.other))[0]

interface Meeting {
  other: ReferenceBody
  time: number
  normal: Vec3
}

/** When a bullet on `path` comes into contact with a target that was at `from`, as a share of the path; nothing when it does not, or goes away. */
function meet(bullet: ReferenceBody, path: Vec3, target: ReferenceBody, from: Vec3): Meeting[] {
  if (target.shape.type === 'plane') {
    const { normal, offset } = target.shape
    const gap = dot(normal, bullet.position) - offset - radiusOf(bullet)
    const way = dot(normal, path)
    const time = Math.max(gap, 0) / -way
    return way < 0 && time <= 1 ? [{ other: target, time, normal }] : []
  }
  const reach = radiusOf(bullet) + radiusOf(target)
  const d = subtract(bullet.position, from)
  const w = subtract(path, subtract(target.position, from))
  const time = firstRoot(dot(w, w), dot(d, w), Math.max(dot(d, d) - reach * reach, 0))
  if (time === undefined || time > 1) return []
  const between = addScaled(d, w, time)
  const distance = length(between)
  return [{ other: target, time, normal: distance > 0 ? scale(between, 1 / distance) : UP }]
}

function exchangeImpulse(hit: Hit): void {
  const { bullet, other, normal } = hit
  const speed = dot(normal, subtract(bullet.velocity, velocityOf(other)))
  const restitution = Math.max(bullet.restitution, other.restitution)
  const mass = 1 / (inverseMass(bullet) + inverseMass(other))
  hit.impulse = Math.max(-(1 + restitution) * speed * mass, 0)
  bullet.velocity = add(bullet.velocity, scale(normal, hit.impulse * inverseMass(bullet)))
  if (other.kind === 'dynamic') other.velocity = add(other.velocity, scale(normal, -hit.impulse * inverseMass(other)))
}
