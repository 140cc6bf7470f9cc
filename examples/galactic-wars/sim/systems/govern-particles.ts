import { emit } from 'manybody'
import type { Vec3 } from '../../../scenes/scene.ts'
import { sendBursts } from '../bursts.ts'
import { BATTLE_ANGLE, FIELD } from '../constants.ts'
import { roll, rollBetween } from '../dice.ts'
import type { Galaxy } from '../galaxy.ts'
import { createOrbitState, orbitAt } from '../orbits.ts'

/** Explosions may exceed the number by this part of it for a moment. */
const SLACK = 0.004
/** Clouds in which the dust of one step appears, and in which the first dust does. */
const CLOUDS = 4
const FIRST_CLOUDS = 240
/** Half angle along the ring in which there is dust, radians. */
const DUST_ANGLE = 0.75

const orbit = { radius: 0, angle: 0, height: 0, eccentricity: 0, phase: 0 }
const state = createOrbitState()
const place = { at: [0, 0, 0] as Vec3, velocity: [0, 0, 0] as Vec3 }

/**
 * Keeps the number of live particles: sends the waiting bursts as far as there is room and fills the rest with dust
 * that drifts with the field. The deaths of the step are forecast from those of the last one.
 */
export function governParticles(galaxy: Galaxy): void {
  const { bursts, options, frame } = galaxy
  const target = options.particles
  if (target === 0) {
    bursts.count = 0
    return
  }
  const expected = bursts.alive - bursts.died + bursts.emitted
  sendBursts(galaxy, Math.max(0, target * (1 + SLACK) - expected))
  const missing = target - (bursts.alive - bursts.died + bursts.emitted)
  if (missing < 1) return
  emitDust(galaxy, Math.floor(missing), frame === 0 ? FIRST_CLOUDS : CLOUDS)
}

function emitDust(galaxy: Galaxy, count: number, clouds: number): void {
  const { physics, dice, bursts, clouds: systems, frame } = galaxy
  const dust = systems.dust[frame === 0 ? 0 : 1]
  for (let i = 0; i < clouds; i++) {
    // Integer shares that add up to the count.
    const share = Math.floor(((i + 1) * count) / clouds) - Math.floor((i * count) / clouds)
    if (share === 0) continue
    orbit.radius = rollBetween(dice, FIELD.inner, FIELD.outer)
    orbit.angle = BATTLE_ANGLE + rollBetween(dice, -DUST_ANGLE, DUST_ANGLE)
    orbit.height = FIELD.height * roll(dice)
    orbit.phase = rollBetween(dice, 0, 2 * Math.PI)
    orbitAt(orbit, state)
    place.at[0] = state.x
    place.at[1] = state.y
    place.at[2] = state.z
    place.velocity[0] = state.vx
    place.velocity[1] = state.vy
    place.velocity[2] = state.vz
    emit(physics, dust, share, place)
  }
  bursts.emitted += count
}
