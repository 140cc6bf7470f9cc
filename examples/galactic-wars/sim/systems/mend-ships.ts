import { MODE } from '../components.ts'
import { FIXED_DT, SHIELD_RECHARGE } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'

const FLASH_DECAY = 0.9
const FIGHT_COOLING = 0.985

/**
 * Shields recharge and stop flashing. A ship's `tint` tells the view: 0 … 1 is the flash of its shield, −1 … 0 the glow
 * of its arrival.
 */
export function mendShips(galaxy: Galaxy): void {
  const { ships, Ship, Health, frame } = galaxy
  const { tint } = galaxy.physics.components.RigidBody
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    Health.flash[eid] *= FLASH_DECAY
    if (Health.flash[eid] < 0.01) Health.flash[eid] = 0
    const full = Health.fullShield[eid]
    Health.shield[eid] = Math.min(full, Health.shield[eid] + SHIELD_RECHARGE * FIXED_DT)
    const arriving = Ship.mode[eid] === MODE.warp && Ship.until[eid] > frame
    tint[eid] = arriving ? -Math.min(1, (Ship.until[eid] - frame) / 120) : Health.flash[eid]
  }
  galaxy.fight.heat *= FIGHT_COOLING
}
