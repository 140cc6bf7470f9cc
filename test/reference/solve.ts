import { pairKey } from './collide.ts'
import { colourContacts } from './colours.ts'
import { add, addScaled, cross, dot, length, rejectFrom, scale, subtract, type Vec3, ZERO } from './vec.ts'
import {
  type Contact,
  inverseInertia,
  inverseMass,
  type ReferenceBody,
  type ReferenceWorld,
  radiusOf,
  spinOf,
  velocityOf,
} from './world.ts'

/**
 * The contact solver: the "soft step" of Erin Catto's Solver2D, as in Box2D v3. Each sub-step applies the forces, the
 * impulses of before (warm start), then solves with a soft push out of overlap, moves, and solves once more without
 * the push (relax), so that the push leaves no velocity behind. Restitution comes last.
 */
/** Hertz of a contact's spring, as a share of the sub-step rate: the stiffest that stays stable at a mass ratio of 1,000. */
const CONTACT_RATE = 0.25
const DAMPING_RATIO = 10
/** Overlap is pushed out no faster than this, m/s. */
const PUSH_SPEED = 3
/** Slower impacts than this do not bounce, m/s: resting contacts stay quiet. */
const BOUNCE_THRESHOLD = 1

/** Sweeps over the contacts that bounce: one alone leaves what hits two at once with the wrong energy. */
const BOUNCE_SWEEPS = 4
/** A gap that this speed closes in a sub-step is closed, m/s: solving closes gaps to zero but for rounding, which must not decide anything. */
const CLOSED_SPEED = 1e-3

/** A spring and damper as the share of velocity error, of impulse kept, and of overlap pushed out per second. */
interface Softness {
  biasRate: number
  massScale: number
  impulseScale: number
}

export function solve(world: ReferenceWorld, contacts: Contact[], dt: number): void {
  const h = dt / world.subSteps
  const softness = softnessOf(CONTACT_RATE / h, DAMPING_RATIO, h)
  const touched = restartTouched(contacts)
  const colours = colourContacts(contacts)
  for (let subStep = 0; subStep < world.subSteps; subStep++) {
    for (const body of touched) applyForces(body, h, subStep === 0)
    if (subStep === 0) forEachContact(colours, warmStart)
    forEachContact(colours, (contact) => solveContact(contact, h, softness))
    for (const body of touched) body.motion.displacement = addScaled(body.motion.displacement, body.velocity, h)
    forEachContact(colours, (contact) => solveContact(contact, h, undefined))
  }
  for (let sweep = 0; sweep < BOUNCE_SWEEPS; sweep++) forEachContact(colours, bounce)
  world.contacts = new Map(contacts.map((contact) => [pairKey(contact.a, contact.b), contact]))
}

/**
 * The whole kick of the step is taken back from the bodies that touch: the sub-steps give it anew, part by part.
 * Kinematic bodies run along: nothing accelerates them, and contacts must know how far they have come.
 */
function restartTouched(contacts: Contact[]): ReferenceBody[] {
  const touched = new Set(contacts.flatMap(({ a, b }) => [a, b]).filter((body) => body.kind !== 'static'))
  for (const body of touched) {
    body.motion.touched = true
    body.motion.displacement = ZERO
    body.velocity = body.motion.coasting
    body.angularVelocity = body.motion.coastingSpin
  }
  return [...touched]
}

/**
 * The kick of a sub-step. But for the first one it gives again what the contacts gave since the kick before: their impulses, as warm
 * starting each of them would.
 */
function applyForces(body: ReferenceBody, h: number, first: boolean): void {
  const { motion } = body
  const velocity = addScaled(body.velocity, motion.acceleration, h)
  const spin = addScaled(body.angularVelocity, motion.angularAcceleration, h)
  if (first) {
    body.velocity = velocity
    body.angularVelocity = spin
  } else {
    const given = subtract(body.velocity, motion.kicked)
    const turned = subtract(body.angularVelocity, motion.kickedSpin)
    body.velocity = add(velocity, given)
    body.angularVelocity = add(spin, turned)
  }
  motion.kicked = velocity
  motion.kickedSpin = spin
}

function forEachContact(colours: Contact[][], visit: (contact: Contact) => void): void {
  for (const colour of colours) colour.forEach(visit)
}

function softnessOf(hertz: number, dampingRatio: number, h: number): Softness {
  const omega = 2 * Math.PI * hertz
  const a1 = 2 * dampingRatio + h * omega
  const a2 = h * omega * a1
  const a3 = 1 / (1 + a2)
  return { biasRate: omega / a1, massScale: a2 * a3, impulseScale: a3 }
}

function warmStart(contact: Contact): void {
  applyImpulse(contact, addScaled(contact.tangentImpulse, contact.normal, contact.normalImpulse))
}

/** One pass over one contact: the normal impulse, then friction. Without softness (relax) overlap is left alone. */
function solveContact(contact: Contact, h: number, softness: Softness | undefined): void {
  const { a, b, normal } = contact
  const moved = subtract(displacementOf(b), displacementOf(a))
  const separation = contact.separation + dot(normal, moved)
  let bias = 0
  let massScale = 1
  let impulseScale = 0
  if (separation / h > CLOSED_SPEED) {
    bias = separation / h
  } else if (softness) {
    bias = Math.max(softness.biasRate * separation, -PUSH_SPEED)
    massScale = softness.massScale
    impulseScale = softness.impulseScale
  }
  const speed = dot(normal, contactVelocity(contact))
  const push = -normalMass(contact) * massScale * (speed + bias) - impulseScale * contact.normalImpulse
  applyNormalImpulse(contact, push)
  contact.peakImpulse = Math.max(contact.peakImpulse, contact.normalImpulse)
  solveFriction(contact)
}

/** Coulomb's cone: the tangent impulse stops the sliding, but is never longer than μ times the normal impulse. */
function solveFriction(contact: Contact): void {
  const sliding = rejectFrom(contactVelocity(contact), contact.normal)
  const wanted = addScaled(contact.tangentImpulse, sliding, -tangentMass(contact))
  const longest = contact.friction * contact.normalImpulse
  const size = length(wanted)
  const total = size > longest ? scale(wanted, longest / size) : wanted
  applyImpulse(contact, subtract(total, contact.tangentImpulse))
  contact.tangentImpulse = total
}

/** Newton's law of impact, for contacts that met fast enough and pushed. */
function bounce(contact: Contact): void {
  if (contact.restitution === 0 || contact.approach >= -BOUNCE_THRESHOLD || contact.peakImpulse <= 0) return
  const speed = dot(contact.normal, contactVelocity(contact))
  applyNormalImpulse(contact, -normalMass(contact) * (speed + contact.restitution * contact.approach))
}

/** Adds to the accumulated normal impulse, which never pulls. */
function applyNormalImpulse(contact: Contact, impulse: number): void {
  const total = Math.max(contact.normalImpulse + impulse, 0)
  applyImpulse(contact, scale(contact.normal, total - contact.normalImpulse))
  contact.normalImpulse = total
}

/** Gives `impulse` to b and its opposite to a, at their surfaces. */
function applyImpulse({ a, b, normal }: Contact, impulse: Vec3): void {
  kick(a, scale(normal, radiusOf(a)), scale(impulse, -1))
  kick(b, scale(normal, -radiusOf(b)), impulse)
}

function kick(body: ReferenceBody, arm: Vec3, impulse: Vec3): void {
  if (body.kind !== 'dynamic') return
  body.velocity = addScaled(body.velocity, impulse, inverseMass(body))
  body.angularVelocity = addScaled(body.angularVelocity, cross(arm, impulse), inverseInertia(body))
}

/** Velocity of b's surface against a's at the contact. */
function contactVelocity({ a, b, normal }: Contact): Vec3 {
  return subtract(surfaceVelocity(b, scale(normal, -radiusOf(b))), surfaceVelocity(a, scale(normal, radiusOf(a))))
}

const surfaceVelocity = (body: ReferenceBody, arm: Vec3): Vec3 => add(velocityOf(body), cross(spinOf(body), arm))

const normalMass = ({ a, b }: Contact): number => 1 / (inverseMass(a) + inverseMass(b))

const tangentMass = ({ a, b }: Contact): number =>
  1 / (inverseMass(a) + inverseMass(b) + spinCompliance(a) + spinCompliance(b))

const spinCompliance = (body: ReferenceBody): number => radiusOf(body) ** 2 * inverseInertia(body)

/** How far a body has moved in this step so far; static bodies never do. */
const displacementOf = (body: ReferenceBody): Vec3 => (body.motion.touched ? body.motion.displacement : ZERO)
