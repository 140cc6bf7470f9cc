import { addNode, addTurning, HERE, lean, type SolarSystem } from './system.ts'

const SPOKES = 6

/** A hub with panels, and a wheel that turns about it, with spokes, lamps and docks: what looks alike one after the other. */
export function addStation(system: SolarSystem, station: number): void {
  const { Rotation } = system.physics.components
  system.stations.push(station)
  lean(system, station, 1.2)
  addNode(system, 'hub', station, HERE, [0.2, 0.9, 0.2])
  addNode(system, 'hub', station, [0, -0.62, 0], [0.3, 0.12, 0.3])
  for (const side of [-1, 1]) addNode(system, 'hull', station, [0.75 * side, 0.75, 0], [0.5, 0.02, 0.26])
  for (const side of [-1, 1]) addNode(system, 'lamp', station, [0, 0.95 * side, 0], 0.06)
  const wheel = addTurning(system, addNode(system, 'frame', station), 9)
  addNode(system, 'wheel', wheel)
  const angles = Array.from({ length: SPOKES }, (_, i) => (2 * Math.PI * i) / SPOKES)
  const around = (radius: number, angle: number, y = 0): number[] => [
    radius * Math.cos(angle),
    y,
    -radius * Math.sin(angle),
  ]
  for (const angle of angles) {
    const spoke = addNode(system, 'hull', wheel, around(0.5, angle), [0.5, 0.045, 0.045])
    Rotation.y[spoke] = Math.sin(angle / 2)
    Rotation.w[spoke] = Math.cos(angle / 2)
  }
  for (const angle of angles) addNode(system, 'lamp', wheel, around(1, angle, 0.16), 0.05)
  for (const angle of angles) system.shuttles.docks.push(addNode(system, 'frame', wheel, around(1.3, angle)))
}
