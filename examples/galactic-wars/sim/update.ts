import { step } from 'manybody'
import { FIXED_DT } from './constants.ts'
import type { Galaxy } from './galaxy.ts'
import { aimTurrets } from './systems/aim-turrets.ts'
import { burnEngines } from './systems/burn-engines.ts'
import { chooseModes } from './systems/choose-modes.ts'
import { chooseTargets } from './systems/choose-targets.ts'
import { countParticles } from './systems/count-particles.ts'
import { feelCrashes } from './systems/feel-crashes.ts'
import { fireWeapons } from './systems/fire-weapons.ts'
import { governParticles } from './systems/govern-particles.ts'
import { herdRocks } from './systems/herd-rocks.ts'
import { mendShips } from './systems/mend-ships.ts'
import { moveMoons } from './systems/move-moons.ts'
import { orientShips } from './systems/orient-ships.ts'
import { replaceDead } from './systems/replace-dead.ts'
import { resolveHits } from './systems/resolve-hits.ts'
import { scoutRocks } from './systems/scout-rocks.ts'
import { senseObstacles } from './systems/sense-obstacles.ts'
import { spreadBlasts } from './systems/spread-blasts.ts'
import { steerShips } from './systems/steer-ships.ts'

export type GalaxySystem = (galaxy: Galaxy) => void

/** What happens before the physics step, in this order. */
export const SYSTEMS_BEFORE_STEP: readonly GalaxySystem[] = [
  spreadBlasts,
  moveMoons,
  chooseTargets,
  chooseModes,
  scoutRocks,
  senseObstacles,
  steerShips,
  orientShips,
  aimTurrets,
  burnEngines,
  governParticles,
]

/** What happens after it: what the step brought about. */
export const SYSTEMS_AFTER_STEP: readonly GalaxySystem[] = [
  countParticles,
  feelCrashes,
  resolveHits,
  replaceDead,
  fireWeapons,
  mendShips,
  herdRocks,
]

/**
 * One fixed step of the game: systems, physics, events.
 *
 * @param dt seconds; the rules are tuned for `FIXED_DT`
 */
export function updateGalaxy(galaxy: Galaxy, dt: number = FIXED_DT): void {
  for (let i = 0; i < SYSTEMS_BEFORE_STEP.length; i++) SYSTEMS_BEFORE_STEP[i](galaxy)
  step(galaxy.physics, dt)
  for (let i = 0; i < SYSTEMS_AFTER_STEP.length; i++) SYSTEMS_AFTER_STEP[i](galaxy)
  galaxy.frame++
}
