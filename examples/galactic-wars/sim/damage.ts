import { ROLE } from './components.ts'
import type { Galaxy } from './galaxy.ts'

/**
 * Takes `amount` points from a ship's shield and hull, or from a rock's hull. Whatever falls to zero is listed among
 * the dead, once, and replaced at the end of the step.
 */
export function damageBody(galaxy: Galaxy, eid: number, amount: number): void {
  const { Health, casualties } = galaxy
  if (Health.hull[eid] <= 0) return
  const absorbed = Math.min(Health.shield[eid], amount)
  Health.shield[eid] -= absorbed
  Health.hull[eid] -= amount - absorbed
  if (galaxy.Role.value[eid] === ROLE.ship) Health.flash[eid] = 1
  if (Health.hull[eid] > 0) return
  if (casualties.deadCount < casualties.dead.length) casualties.dead[casualties.deadCount++] = eid
  else Health.hull[eid] = 1 // Too many at once: this one dies at the next hit.
}
