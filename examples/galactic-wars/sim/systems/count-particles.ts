import { particleCount } from 'manybody'
import type { Galaxy } from '../galaxy.ts'

/** Notes how many particles live and how many died in the step: what the governor reckons with. */
export function countParticles(galaxy: Galaxy): void {
  const { bursts } = galaxy
  const alive = particleCount(galaxy.physics)
  const died = bursts.alive + bursts.emitted - alive
  bursts.died = Math.max(0, died)
  bursts.alive = alive
  bursts.emitted = 0
}
