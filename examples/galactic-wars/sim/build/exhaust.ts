import type { ParticleSystemDesc } from 'manybody'
import type { Vec3 } from '../../../scenes/scene.ts'
import { CAPITAL_TYPE } from '../components.ts'
import { CAPITAL, EXHAUST, FIGHTER, FLEET_COLORS } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'
import { emitExhaust } from '../systems/burn-engines.ts'

/** Exhausts of a capital ship count as this many of a fighter. */
const CAPITAL_WEIGHT = 4
const MEAN_LIFE = (EXHAUST.minLife + EXHAUST.maxLife) / 2
/** Engines glow brighter than the fleet's colour on the hull. */
const GLOW = 2.2
/** Ships whose exhaust is filled at the start: the engine takes 1,024 places before a step. */
const MAX_FILLED = 500

/** What leaves the engines of a type of ship. */
export function exhaustOf(fleet: number, type: number): ParticleSystemDesc {
  const { radius } = type === CAPITAL_TYPE ? CAPITAL : FIGHTER
  const color = FLEET_COLORS[fleet].map((channel) => channel * GLOW) as Vec3
  return {
    shape: { type: 'sphere', radius: radius * 0.18 },
    direction: [0, 0, 1],
    spread: 0.1,
    speed: [26, 48],
    life: [EXHAUST.minLife, EXHAUST.maxLife],
    size: [radius * 0.18, radius * 0.34],
    color,
    drag: 1.4,
  }
}

/** What the engines of the ships emit: particles a second by type of ship, and what each ship owes. */
export interface Engines {
  readonly rates: [fighter: number, capital: number]
  /** by place in `ships`: the share of a particle that is due */
  readonly due: Float32Array
}

/** Engines that give the exhausts their share of the particles. */
export function createEngines(ships: number, capitals: number, particles: number): Engines {
  const weights = ships + capitals * (CAPITAL_WEIGHT - 1)
  const rate = (EXHAUST.share * particles) / MEAN_LIFE / Math.max(1, weights)
  // Out of step with one another.
  const due = Float32Array.from({ length: ships }, (_, i) => (i * 0.618034) % 1)
  return { rates: [rate, rate * CAPITAL_WEIGHT], due }
}

/**
 * Fills the exhausts as if the engines had burnt for a while already: the number of their particles is right from the
 * first step on. Of what has burnt for long any share of a life may be left: so weak are the ships' first puffs, by turns.
 */
export function fillExhausts(galaxy: Galaxy): void {
  const { ships, engines, Ship } = galaxy
  const stride = Math.ceil(ships.length / MAX_FILLED)
  for (let i = 0; i < ships.length; i += stride) {
    const eid = ships[i]
    const count = Math.round(engines.rates[Ship.type[eid]] * MEAN_LIFE * stride)
    emitExhaust(galaxy, eid, count, 1 - 0.98 * engines.due[i])
  }
}
