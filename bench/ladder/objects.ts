/**
 * The ladder's second rung: the five stages as a game programmer writes them first, in plain TypeScript objects and f64.
 * The physics is the engine's, equation for equation; only spheres that attract one another and are all charged.
 */

/** Constants of one run. SI units. */
export interface WorldSettings {
  gravity: number
  coulomb: number
  softening: number
  minDistance: number
  subSteps: number
}

/** Milliseconds of each stage of the last step. */
export interface StageTimes {
  broadPhase: number
  narrowPhase: number
  forces: number
  integration: number
  constraints: number
}

/** Surfaces closer than this share of the summed radii count as touching. */
const MARGIN = 0.005
/** The contact spring: hertz as a share of the sub-step rate, damping ratio, fastest push out of overlap (m/s). */
const CONTACT_RATE = 0.25
const DAMPING_RATIO = 10
const PUSH_SPEED = 3
/** Slower impacts than this do not bounce, m/s. */
const BOUNCE_THRESHOLD = 1

export class Vec3 {
  static readonly ZERO = new Vec3(0, 0, 0)
  readonly x: number
  readonly y: number
  readonly z: number

  constructor(x: number, y: number, z: number) {
    this.x = x
    this.y = y
    this.z = z
  }

  add(other: Vec3): Vec3 {
    return new Vec3(this.x + other.x, this.y + other.y, this.z + other.z)
  }

  subtract(other: Vec3): Vec3 {
    return new Vec3(this.x - other.x, this.y - other.y, this.z - other.z)
  }

  scale(factor: number): Vec3 {
    return new Vec3(this.x * factor, this.y * factor, this.z * factor)
  }

  dot(other: Vec3): number {
    return this.x * other.x + this.y * other.y + this.z * other.z
  }

  cross(other: Vec3): Vec3 {
    return new Vec3(
      this.y * other.z - this.z * other.y,
      this.z * other.x - this.x * other.z,
      this.x * other.y - this.y * other.x,
    )
  }

  length(): number {
    return Math.sqrt(this.dot(this))
  }
}

export class Body {
  readonly id: number
  readonly radius: number
  readonly mass: number
  readonly charge: number
  readonly friction: number
  readonly restitution: number
  position: Vec3
  velocity: Vec3
  spin = Vec3.ZERO
  /** x, y, z of the rotation's quaternion, and w. */
  turn = Vec3.ZERO
  turnW = 1
  acceleration = Vec3.ZERO
  /** Velocity before the kick of this step. */
  coasting = Vec3.ZERO
  /** A contact, not the free integration, moves it in this step. */
  touched = false
  displacement = Vec3.ZERO

  constructor(
    id: number,
    place: { position: Vec3; velocity: Vec3 },
    matter: { radius: number; mass: number; charge: number; friction: number; restitution: number },
  ) {
    this.id = id
    this.position = place.position
    this.velocity = place.velocity
    this.radius = matter.radius
    this.mass = matter.mass
    this.charge = matter.charge
    this.friction = matter.friction
    this.restitution = matter.restitution
  }

  inverseInertia(): number {
    return 1 / (0.4 * this.mass * this.radius * this.radius)
  }

  surfaceVelocity(arm: Vec3): Vec3 {
    return this.velocity.add(this.spin.cross(arm))
  }

  applyImpulse(arm: Vec3, impulse: Vec3): void {
    this.velocity = this.velocity.add(impulse.scale(1 / this.mass))
    this.spin = this.spin.add(arm.cross(impulse).scale(this.inverseInertia()))
  }

  /** Turns by the spin: q ← normalise(q + ½ dt (ω, 0) ⊗ q). */
  rotate(dt: number): void {
    const half = this.spin.scale(dt / 2)
    const turn = this.turn.add(half.scale(this.turnW)).add(half.cross(this.turn))
    const w = this.turnW - half.dot(this.turn)
    const size = Math.sqrt(turn.dot(turn) + w * w)
    this.turn = turn.scale(1 / size)
    this.turnW = w / size
  }
}

interface Softness {
  biasRate: number
  massScale: number
  impulseScale: number
}

class Contact {
  readonly a: Body
  readonly b: Body
  /** From a to b. */
  readonly normal: Vec3
  /** Gap at the start of the step, m; negative when they overlap. */
  readonly separation: number
  /** Normal velocity when they meet, m/s. */
  readonly approach: number
  readonly friction: number
  readonly restitution: number
  normalImpulse = 0
  tangentImpulse = Vec3.ZERO
  peakImpulse = 0

  constructor(a: Body, b: Body, meeting: { normal: Vec3; separation: number; time: number }) {
    this.a = a
    this.b = b
    this.normal = meeting.normal
    this.separation = meeting.separation
    const velocityA = a.coasting.add(a.acceleration.scale(meeting.time))
    const velocityB = b.coasting.add(b.acceleration.scale(meeting.time))
    this.approach = meeting.normal.dot(velocityB.subtract(velocityA))
    this.friction = Math.sqrt(a.friction * b.friction)
    this.restitution = Math.max(a.restitution, b.restitution)
  }

  warmStart(): void {
    this.applyImpulse(this.normal.scale(this.normalImpulse).add(this.tangentImpulse))
  }

  /** One pass: the normal impulse, then friction. Without softness overlap is left alone (relax). */
  solve(h: number, softness: Softness | undefined): void {
    const moved = this.b.displacement.subtract(this.a.displacement)
    const separation = this.separation + this.normal.dot(moved)
    let bias = 0
    let massScale = 1
    let impulseScale = 0
    if (separation > 0) {
      bias = separation / h
    } else if (softness) {
      bias = Math.max(softness.biasRate * separation, -PUSH_SPEED)
      massScale = softness.massScale
      impulseScale = softness.impulseScale
    }
    const speed = this.normal.dot(this.relativeVelocity())
    this.push(-this.normalMass() * massScale * (speed + bias) - impulseScale * this.normalImpulse)
    this.peakImpulse = Math.max(this.peakImpulse, this.normalImpulse)
    this.solveFriction()
  }

  bounce(): void {
    if (this.restitution === 0 || this.approach >= -BOUNCE_THRESHOLD || this.peakImpulse <= 0) return
    const speed = this.normal.dot(this.relativeVelocity())
    this.push(-this.normalMass() * (speed + this.restitution * this.approach))
  }

  private solveFriction(): void {
    const velocity = this.relativeVelocity()
    const sliding = velocity.subtract(this.normal.scale(velocity.dot(this.normal)))
    const wanted = this.tangentImpulse.subtract(sliding.scale(this.tangentMass()))
    const longest = this.friction * this.normalImpulse
    const size = wanted.length()
    const total = size > longest ? wanted.scale(longest / size) : wanted
    this.applyImpulse(total.subtract(this.tangentImpulse))
    this.tangentImpulse = total
  }

  /** Adds to the accumulated impulse, which never pulls. */
  private push(impulse: number): void {
    const total = Math.max(this.normalImpulse + impulse, 0)
    this.applyImpulse(this.normal.scale(total - this.normalImpulse))
    this.normalImpulse = total
  }

  private applyImpulse(impulse: Vec3): void {
    this.a.applyImpulse(this.normal.scale(this.a.radius), impulse.scale(-1))
    this.b.applyImpulse(this.normal.scale(-this.b.radius), impulse)
  }

  private relativeVelocity(): Vec3 {
    const atA = this.a.surfaceVelocity(this.normal.scale(this.a.radius))
    const atB = this.b.surfaceVelocity(this.normal.scale(-this.b.radius))
    return atB.subtract(atA)
  }

  private normalMass(): number {
    return 1 / (1 / this.a.mass + 1 / this.b.mass)
  }

  private tangentMass(): number {
    const { a, b } = this
    const spin = a.radius * a.radius * a.inverseInertia() + b.radius * b.radius * b.inverseInertia()
    return 1 / (1 / a.mass + 1 / b.mass + spin)
  }
}

type Pair = [a: Body, b: Body]

export class World {
  readonly settings: WorldSettings
  readonly bodies: Body[]
  readonly times: StageTimes = { broadPhase: 0, narrowPhase: 0, forces: 0, integration: 0, constraints: 0 }
  contacts = new Map<string, Contact>()

  constructor(settings: WorldSettings, bodies: Body[]) {
    this.settings = settings
    this.bodies = bodies
  }

  step(dt: number): void {
    const start = performance.now()
    this.computeForces(dt)
    const forces = performance.now()
    this.integrateVelocities(dt)
    const kicked = performance.now()
    const pairs = this.findPairs(dt)
    const found = performance.now()
    const contacts = this.collide(pairs, dt)
    const collided = performance.now()
    this.solve(contacts, dt)
    const solved = performance.now()
    this.integratePositions(dt)
    const end = performance.now()
    this.times.forces = forces - start
    this.times.broadPhase = found - kicked
    this.times.narrowPhase = collided - found
    this.times.constraints = solved - collided
    this.times.integration = kicked - forces + (end - solved)
  }

  /** Gravity and Coulomb force of every pair, at the positions in the middle of the step. */
  private computeForces(dt: number): void {
    const { gravity, coulomb, softening, minDistance } = this.settings
    const middle = this.bodies.map((body) => body.position.add(body.velocity.scale(dt / 2)))
    for (const body of this.bodies) body.acceleration = Vec3.ZERO
    for (let i = 0; i < this.bodies.length; i++) {
      const a = this.bodies[i]
      for (let j = i + 1; j < this.bodies.length; j++) {
        const b = this.bodies[j]
        const d = middle[j].subtract(middle[i])
        const squared = d.dot(d)
        if (squared < minDistance * minDistance) continue
        const r = Math.sqrt(squared + softening * softening)
        const force = (gravity * a.mass * b.mass - coulomb * a.charge * b.charge) / (r * r * r)
        a.acceleration = a.acceleration.add(d.scale(force / a.mass))
        b.acceleration = b.acceleration.subtract(d.scale(force / b.mass))
      }
    }
  }

  private integrateVelocities(dt: number): void {
    for (const body of this.bodies) {
      body.coasting = body.velocity
      body.velocity = body.velocity.add(body.acceleration.scale(dt))
    }
  }

  /** Bodies whose ways may cross in this step, by a grid whose cells hold the largest reach. */
  private findPairs(dt: number): Pair[] {
    const reach = this.bodies.map((body) => body.radius * (1 + MARGIN) + body.velocity.length() * dt)
    const cell = 2 * Math.max(...reach)
    const grid = new Map<string, Body[]>()
    const pairs: Pair[] = []
    for (const body of this.bodies) {
      const { x, y, z } = body.position
      const [i, j, k] = [Math.floor(x / cell), Math.floor(y / cell), Math.floor(z / cell)]
      for (let di = -1; di <= 1; di++) {
        for (let dj = -1; dj <= 1; dj++) {
          for (let dk = -1; dk <= 1; dk++) {
            // Only bodies that came before are in the grid yet, so each pair is met once.
            for (const other of grid.get(`${i + di},${j + dj},${k + dk}`) ?? []) {
              const distance = body.position.subtract(other.position).length()
              if (distance <= reach[body.id] + reach[other.id]) pairs.push([other, body])
            }
          }
        }
      }
      const key = `${i},${j},${k}`
      const inCell = grid.get(key)
      if (inCell) inCell.push(body)
      else grid.set(key, [body])
    }
    return pairs
  }

  /** Pairs that touch, or will meet within the step on their straight ways, become contacts. */
  private collide(pairs: Pair[], dt: number): Contact[] {
    const contacts: Contact[] = []
    for (const [a, b] of pairs) {
      const meeting = meet(a, b, dt)
      if (!meeting) continue
      const contact = new Contact(a, b, meeting)
      const before = this.contacts.get(`${a.id}-${b.id}`)
      if (before) {
        contact.normalImpulse = before.normalImpulse
        contact.tangentImpulse = before.tangentImpulse
      }
      contacts.push(contact)
    }
    return contacts
  }

  /** Sequential impulses in sub-steps: kick, warm start, solve softly, move, solve again without the push. */
  private solve(contacts: Contact[], dt: number): void {
    const h = dt / this.settings.subSteps
    const softness = softnessOf(h)
    const touched = new Set(contacts.flatMap(({ a, b }) => [a, b]))
    for (const body of touched) {
      body.touched = true
      body.displacement = Vec3.ZERO
      body.velocity = body.coasting
    }
    for (let subStep = 0; subStep < this.settings.subSteps; subStep++) {
      for (const body of touched) body.velocity = body.velocity.add(body.acceleration.scale(h))
      for (const contact of contacts) contact.warmStart()
      for (const contact of contacts) contact.solve(h, softness)
      for (const body of touched) body.displacement = body.displacement.add(body.velocity.scale(h))
      for (const contact of contacts) contact.solve(h, undefined)
    }
    for (const contact of contacts) contact.bounce()
    this.contacts = new Map(contacts.map((contact) => [`${contact.a.id}-${contact.b.id}`, contact]))
  }

  private integratePositions(dt: number): void {
    for (const body of this.bodies) {
      const mean = body.velocity.subtract(body.acceleration.scale(dt / 2))
      body.position = body.position.add(body.touched ? body.displacement : mean.scale(dt))
      body.touched = false
      body.rotate(dt)
    }
  }
}

/** Normal, gap along it and the time (s) when two spheres meet; undefined when they do not within the step. */
function meet(a: Body, b: Body, dt: number): { normal: Vec3; separation: number; time: number } | undefined {
  const radii = a.radius + b.radius
  const d = b.position.subtract(a.position)
  const distance = d.length()
  if (distance - radii < MARGIN * radii) {
    const normal = distance > 0 ? d.scale(1 / distance) : new Vec3(0, 1, 0)
    return { normal, separation: distance - radii, time: 0 }
  }
  const way = b.velocity.subtract(a.velocity).scale(dt)
  const closing = way.dot(d)
  const root = closing * closing - way.dot(way) * (distance * distance - radii * radii)
  if (closing >= 0 || root < 0) return undefined
  const share = (distance * distance - radii * radii) / (Math.sqrt(root) - closing)
  if (share > 1) return undefined
  const normal = d.add(way.scale(share)).scale(1 / radii)
  return { normal, separation: d.dot(normal) - radii, time: share * dt }
}

function softnessOf(h: number): Softness {
  const omega = (2 * Math.PI * CONTACT_RATE) / h
  const a1 = 2 * DAMPING_RATIO + h * omega
  const a2 = h * omega * a1
  return { biasRate: omega / a1, massScale: a2 / (1 + a2), impulseScale: 1 / (1 + a2) }
}
