import { entityOf, handleOf } from 'manybody'
import type { Galaxy } from './galaxy.ts'

/** Whom a ship hunts, 0 for nobody: whoever is gone is nobody, even when its id has another owner by now. */
export function targetOf({ physics, Ship }: Galaxy, eid: number): number {
  const handle = Ship.target[eid]
  return handle === 0 ? 0 : entityOf(physics, handle)
}

/** Changes a ship's target (0: none) and keeps the count of hunters. */
export function setTarget(galaxy: Galaxy, eid: number, target: number): void {
  const { Ship, physics } = galaxy
  const old = targetOf(galaxy, eid)
  if (old === target) return
  if (old !== 0) Ship.hunters[old]--
  if (target !== 0) Ship.hunters[target]++
  Ship.target[eid] = target === 0 ? 0 : handleOf(physics, target)
}
