import { addBody } from 'manybody'
import type { Dice } from './dice.ts'
import { COMET_PIECES, COMETS, SUN_PULL } from './plan.ts'
import { addNode, type SolarSystem } from './system.ts'

/** Bodies that fall about the sun, with ice that flies along as their children. */
export function addComets(system: SolarSystem, dice: Dice): void {
  const { physics } = system
  addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 1 }, mass: 1, attracts: true, sensor: true })
  for (let i = 0; i < COMETS; i++) {
    const [radius, angle] = [60 + 160 * dice(), 2 * Math.PI * dice()]
    const speed = Math.sqrt(SUN_PULL / radius) * (0.45 + 0.3 * dice())
    const comet = addBody(physics, {
      shape: { type: 'sphere', radius: 0.2 },
      position: [radius * Math.cos(angle), 30 * (dice() - 0.5), radius * Math.sin(angle)],
      linearVelocity: [speed * Math.sin(angle), speed * (dice() - 0.5), -speed * Math.cos(angle)],
      angularVelocity: [0, 0.4, 0.2],
      mass: 1e-6,
      mask: 0,
      canSleep: false,
    })
    system.comets.push(comet)
    for (let k = 0; k < COMET_PIECES; k++) {
      const place = k === 0 ? [0, 0, 0] : [dice() - 0.5, dice() - 0.5, dice() - 0.5].map((v) => 1.6 * v)
      addNode(system, 'ice', comet, place, k === 0 ? 0.32 : 0.05 + 0.1 * dice())
    }
  }
}
