import { addEntity } from 'bitecs'
import { type Physics, setParent } from 'manybody'
import type { Shuttles } from './shuttles.ts'

/** What a node is drawn as; `frame` is not drawn: others turn with it. */
export const KINDS = [
  ...(['frame', 'sun', 'corona', 'planet', 'air', 'disc', 'moon'] as const),
  ...(['rock', 'ice', 'hub', 'hull', 'wheel', 'lamp', 'shuttle'] as const),
]
export type Kind = (typeof KINDS)[number]

/** The sun and all that goes round it, and round that. */
export interface SolarSystem {
  physics: Physics
  /** By entity: number of the kind; and a number of its own, of a planet and its air and ring the planet's. */
  kinds: Uint8Array
  numbers: Float32Array
  /** Entity of the sun, of each planet, of the frame about it that leans but does not turn, and of each station. */
  sun: number
  planets: number[]
  seats: number[]
  stations: number[]
  comets: number[]
  /** Frames that turn about their y axis: entity, angle, rad, and rad/s. */
  turning: { eid: number; angle: number; rate: number }[]
  shuttles: Shuttles
  /** Raised whenever an entity gets another parent. */
  changes: number
}

export const HERE: readonly number[] = [0, 0, 0]

/** Adds an entity in the frame of another: 0 for none. */
export function addNode(
  { physics, kinds, numbers }: SolarSystem,
  kind: Kind,
  parent: number,
  place: readonly number[] = HERE,
  scale: number | readonly number[] = 1,
): number {
  const { Position, Rotation, Scale } = physics.components
  const eid = addEntity(physics.world)
  const [sx, sy, sz] = typeof scale === 'number' ? [scale, scale, scale] : scale
  ;[Position.x[eid], Position.y[eid], Position.z[eid]] = place as [number, number, number]
  Rotation.w[eid] = 1
  ;[Scale.x[eid], Scale.y[eid], Scale.z[eid]] = [sx!, sy!, sz!]
  if (parent) setParent(physics, eid, parent)
  kinds[eid] = KINDS.indexOf(kind)
  numbers[eid] = eid
  return eid
}

/** Lets a frame turn once in so many seconds, backwards if below 0. Gives the frame. */
export function addTurning(system: SolarSystem, eid: number, seconds: number, angle = 0): number {
  system.turning.push({ eid, angle, rate: (2 * Math.PI) / seconds })
  return eid
}

/** Leans an axis, mostly towards the sun: a ring that the sun sees edge-on is not lit. */
export function lean(
  {
    physics: {
      components: { Rotation },
    },
  }: SolarSystem,
  eid: number,
  angle: number,
): void {
  Rotation.x[eid] = 0.6 * Math.sin(angle / 2)
  Rotation.z[eid] = 0.8 * Math.sin(angle / 2)
  Rotation.w[eid] = Math.cos(angle / 2)
}

/** Turns all frames by what they turn in so many seconds. */
export function turnFrames({ physics, turning }: SolarSystem, seconds: number): void {
  const { Rotation } = physics.components
  for (const frame of turning) {
    frame.angle = (frame.angle + frame.rate * seconds) % (2 * Math.PI)
    Rotation.y[frame.eid] = Math.sin(frame.angle / 2)
    Rotation.w[frame.eid] = Math.cos(frame.angle / 2)
  }
}
