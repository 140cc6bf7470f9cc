export { CAPITAL_TYPE, FIGHTER_TYPE, MODE, ROLE } from './components.ts'
export {
  BATTLE,
  BATTLE_ANGLE,
  CAPITAL,
  FIELD,
  FIGHTER,
  FIXED_DT,
  FLEET_COLORS,
  FLEET_COUNT,
  INSTANCE_GROUPS,
  MOONS,
  PLANET,
  PROJECTILE,
  ROCK,
} from './constants.ts'
export { createGalacticWars, disposeGalaxy } from './create.ts'
export { throwExplosion } from './explosions.ts'
export type { ExplosionList, Galaxy, GalaxyOptions, Tally } from './galaxy.ts'
export { type GalaxyCounts, galaxyCounts, nearestFight } from './report.ts'
export { loadGalaxy, type Save, saveGalaxy } from './save.ts'
export { type GalaxySystem, SYSTEMS_AFTER_STEP, SYSTEMS_BEFORE_STEP, updateGalaxy } from './update.ts'
