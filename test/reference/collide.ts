import type { Pair } from './find-pairs.ts'
import { addScaled, dot, length, scale, subtract, UP, type Vec3, ZERO } from './vec.ts'
import {
  type Contact,
  type ContactOrder,
  type ReferenceBody,
  type ReferenceWorld,
  radiusOf,
  velocityOf,
} from './world.ts'

/** Surfaces closer than this share of the summed radii count as touching, so that resting contacts do not flicker. */
const MARGIN = 0.005

interface Meeting {
  normal: Vec3
  /** Gap along the normal at the start of the step, m. */
  separation: number
  /** When the surfaces meet, as a fraction of the step; 0 when they touch already. */
  time: number
}

/** The pairs that touch now, or will meet within this step on their straight ways, become contacts. */
export function collide(world: ReferenceWorld, pairs: Pair[], dt: number): Contact[] {
  const contacts: Contact[] = []
  for (const pair of pairs) {
    const meeting = pair.a.shape.type === 'plane' ? meetPlane(pair, dt) : meetSphere(pair, dt)
    if (meeting) contacts.push(contactOf(world, pair, meeting, dt))
  }
  return contacts
}

/** The contacts in the order given; one that it does not name is an error of the test. */
export function inOrder(contacts: Contact[], order: ContactOrder | undefined): Contact[] {
  if (!order) return contacts
  const place = ({ a, b }: Contact): number => {
    const at = order.get(pairKey(a, b))
    if (at === undefined) throw new Error(`contact ${pairKey(a, b)} has no place in the order`)
    return at
  }
  return contacts.sort((one, other) => place(one) - place(other))
}

function contactOf(world: ReferenceWorld, { a, b }: Pair, meeting: Meeting, dt: number): Contact {
  const when = meeting.time * dt
  const old = world.contacts.get(pairKey(a, b))
  return {
    a,
    b,
    normal: meeting.normal,
    separation: meeting.separation,
    approach: dot(meeting.normal, subtract(velocityAt(b, when), velocityAt(a, when))),
    friction: Math.sqrt(a.friction * b.friction),
    restitution: Math.max(a.restitution, b.restitution),
    normalImpulse: old?.normalImpulse ?? 0,
    tangentImpulse: old?.tangentImpulse ?? ZERO,
    peakImpulse: 0,
  }
}

/** |d + w·t| = ra + rb for the first t in [0, 1]: d is the distance at the start, w the relative way of the step. */
function meetSphere({ a, b }: Pair, dt: number): Meeting | undefined {
  const reach = radiusOf(a) + radiusOf(b)
  const d = subtract(b.position, a.position)
  const distance = length(d)
  if (distance - reach < MARGIN * reach) {
    const normal = distance > 0 ? scale(d, 1 / distance) : UP
    return { normal, separation: distance - reach, time: 0 }
  }
  const w = scale(subtract(velocityOf(b), velocityOf(a)), dt)
  const time = firstRoot(dot(w, w), dot(d, w), distance * distance - reach * reach)
  if (time === undefined || time > 1) return undefined
  const normal = scale(addScaled(d, w, time), 1 / reach)
  return { normal, separation: dot(d, normal) - reach, time }
}

/** The first t ≥ 0 with a·t² + 2·b·t + c = 0, for c ≥ 0 (apart now) and a body that comes closer (b < 0). */
export function firstRoot(a: number, b: number, c: number): number | undefined {
  const discriminant = b * b - a * c
  if (b >= 0 || discriminant < 0) return undefined
  return c / (-b + Math.sqrt(discriminant))
}

function meetPlane({ a, b }: Pair, dt: number): Meeting | undefined {
  if (a.shape.type !== 'plane') return undefined
  const { normal, offset } = a.shape
  const separation = dot(normal, b.position) - offset - radiusOf(b)
  if (separation < MARGIN * radiusOf(b)) return { normal, separation, time: 0 }
  const way = dot(normal, velocityOf(b)) * dt
  const time = separation / -way
  return way < 0 && time <= 1 ? { normal, separation, time } : undefined
}

/** Velocity of a free body at a time within the step. */
const velocityAt = (body: ReferenceBody, time: number): Vec3 =>
  addScaled(body.motion.coasting, body.motion.acceleration, time)

export const pairKey = (a: { id: number }, b: { id: number }): string =>
  a.id < b.id ? `${a.id}-${b.id}` : `${b.id}-${a.id}`
