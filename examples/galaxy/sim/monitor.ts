import { kineticEnergy, longRangeError, momentum, type Physics, potentialEnergy, type Vec3 } from 'manybody'

/** Bodies whose force is compared with the exact one, each time. */
const SAMPLES = 64
/** Shares of the time that measuring may take. */
const SHARE = 0.01
const SHORTEST_MS = 1000

/** How true the run still is. All of it relative; NaN until it is known. */
export interface Truth {
  /** of the forces, against a direct sum in double precision */
  rms: number
  p99: number
  /** change of the energy since the start */
  energyDrift: number
  /** change of the momentum since the start, over the sum of all |m v| that there would be at the mean speed */
  momentumDrift: number
  /** what the last measurement took, ms */
  ms: number
}

/** Measures by turns, one thing at a time: each is about as long as a step. */
export interface Monitor {
  readonly physics: Physics
  readonly truth: Truth
  readonly start: { energy: number; readonly momentum: Vec3; scale: number }
  turn: number
  /** time of the next measurement, ms */
  due: number
}

/** Takes the first energy and momentum. */
export function createMonitor(physics: Physics): Monitor {
  const truth = { rms: Number.NaN, p99: Number.NaN, energyDrift: 0, momentumDrift: 0, ms: 0 }
  const kinetic = kineticEnergy(physics)
  const start = {
    energy: kinetic + potentialEnergy(physics),
    momentum: momentum(physics),
    scale: momentumScale(physics),
  }
  return { physics, truth, start, turn: 0, due: 0 }
}

/** √(2 E m): the momentum of all bodies if they flew the same way. */
function momentumScale(physics: Physics): number {
  let mass = 0
  const { Mass } = physics.components
  for (let eid = 0; eid < Mass.value.length; eid++) mass += Mass.value[eid]
  return Math.sqrt(2 * kineticEnergy(physics) * mass)
}

/**
 * Measures one thing when its time has come: the frame that does can leave its step out.
 *
 * @param now ms
 * @returns whether it measured
 */
export function observe(monitor: Monitor, now: number): boolean {
  if (now < monitor.due) return false
  const begin = performance.now()
  if (monitor.turn === 0) observeForces(monitor)
  else observeDrift(monitor)
  monitor.turn = 1 - monitor.turn
  monitor.truth.ms = performance.now() - begin
  monitor.due = now + Math.max(SHORTEST_MS, monitor.truth.ms / SHARE)
  return true
}

/** Measures everything at once. */
export function observeAll(monitor: Monitor): void {
  observeForces(monitor)
  observeDrift(monitor)
}

function observeForces({ physics, truth }: Monitor): void {
  const { rms, p99 } = longRangeError(physics, SAMPLES)
  truth.rms = rms
  truth.p99 = p99
}

const present: Vec3 = [0, 0, 0]

function observeDrift({ physics, truth, start }: Monitor): void {
  const energy = kineticEnergy(physics) + potentialEnergy(physics)
  truth.energyDrift = (energy - start.energy) / Math.abs(start.energy)
  const [x, y, z] = momentum(physics, present)
  const [x0, y0, z0] = start.momentum
  truth.momentumDrift = Math.sqrt((x - x0) ** 2 + (y - y0) ** 2 + (z - z0) ** 2) / start.scale
}
