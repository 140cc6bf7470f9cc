import { moonPosition, moonRate } from '../build/heavens.ts'
import { FIXED_DT, MOONS } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'

// The turn of one step, small enough for two terms of the series; the phase is normalised after it.
const TURNS = MOONS.map((moon) => moonRate(moon.distance) * FIXED_DT)

const goal: [number, number, number] = [0, 0, 0]

/** Gives each moon the velocity that takes it to the next point of its circle. */
export function moveMoons(galaxy: Galaxy): void {
  const { Position, LinearVelocity } = galaxy.physics.components
  for (let i = 0; i < galaxy.moons.length; i++) {
    turnPhase(galaxy.moonPhase, i, TURNS[i])
    moonPosition(MOONS[i], galaxy.moonPhase[2 * i], galaxy.moonPhase[2 * i + 1], goal)
    const eid = galaxy.moons[i]
    LinearVelocity.x[eid] = (goal[0] - Position.x[eid]) / FIXED_DT
    LinearVelocity.y[eid] = (goal[1] - Position.y[eid]) / FIXED_DT
    LinearVelocity.z[eid] = (goal[2] - Position.z[eid]) / FIXED_DT
  }
}

function turnPhase(phases: Float64Array, i: number, angle: number): void {
  const cosine = phases[2 * i]
  const sine = phases[2 * i + 1]
  const x = cosine - sine * angle - 0.5 * cosine * angle * angle
  const y = sine + cosine * angle - 0.5 * sine * angle * angle
  const size = Math.sqrt(x * x + y * y)
  phases[2 * i] = x / size
  phases[2 * i + 1] = y / size
}
