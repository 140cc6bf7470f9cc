import type { Dice } from './dice.ts'
import { BANDS } from './plan.ts'
import { addNode, addTurning, type SolarSystem } from './system.ts'

/** Pieces between two radii. */
interface Belt {
  kind: 'rock' | 'ice'
  inner: number
  outer: number
  count: number
  /** Half of what it is high where there are fewest. */
  height: number
  /** Seconds of one turn at a radius. */
  year(radius: number): number
}

/** Pieces between two radii, in bands that turn each at its own pace. */
export function addPieces(system: SolarSystem, parent: number, belt: Belt, dice: Dice): void {
  const { kind, inner, outer, count, height, year } = belt
  const bands = Array.from({ length: BANDS }, (_, i) => {
    const middle = inner + ((outer - inner) * (i + 0.5)) / BANDS
    return addTurning(system, addNode(system, 'frame', parent), year(middle))
  })
  const { Rotation } = system.physics.components
  for (let i = 0; i < count; i++) {
    const band = Math.floor(dice() * BANDS)
    const radius = inner + ((outer - inner) * (band + dice())) / BANDS
    const angle = 2 * Math.PI * dice()
    const size = kind === 'rock' ? 0.04 + 0.42 * dice() ** 14 : 0.014 + 0.05 * dice() ** 6
    const y = height * (dice() + dice() + dice() - 1.5)
    const eid = addNode(system, kind, bands[band]!, [radius * Math.cos(angle), y, radius * Math.sin(angle)], size)
    const [x, z, turn] = [dice() - 0.5, dice() - 0.5, dice() - 0.5]
    const length = Math.hypot(x, turn, z, 0.4)
    ;[Rotation.x[eid], Rotation.y[eid], Rotation.z[eid], Rotation.w[eid]] = [x, turn, z, 0.4].map(
      (v) => v / length,
    ) as [number, number, number, number]
  }
}
