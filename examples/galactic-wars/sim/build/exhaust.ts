import { addEmitter, emitBurst } from 'manybody'
import type { Vec3 } from '../../../scenes/scene.ts'
import { CAPITAL_TYPE } from '../components.ts'
import { EXHAUST, FIXED_DT, FLEET_COLORS } from '../constants.ts'
import type { Galaxy } from '../galaxy.ts'

/** Exhausts of a capital ship count as this many of a fighter. */
const CAPITAL_WEIGHT = 4
const MEAN_LIFE = (EXHAUST.minLife + EXHAUST.maxLife) / 2
const SPEED = [26, 48] as const
const SPREAD = 0.1
/** Ships whose exhaust is filled at the start: the engine takes 1,024 bursts before a step. */
const MAX_CLOUDS = 500
/** Engines glow brighter than the fleet's colour on the hull. */
const GLOW = 2.2

/**
 * Gives each ship an engine exhaust, and fills the exhausts as if they had burnt for a while already: the number of
 * their particles is right from the first step on.
 */
export function addExhausts(galaxy: Galaxy): void {
  const { ships, options, Ship, bursts } = galaxy
  if (ships.length === 0 || options.particles === 0) return
  let weights = 0
  for (const eid of ships) weights += weightOf(galaxy, eid)
  const share = (EXHAUST.share * options.particles) / weights
  const stride = Math.ceil(ships.length / MAX_CLOUDS)
  for (let i = 0; i < ships.length; i++) {
    const eid = ships[i]
    const alive = share * weightOf(galaxy, eid)
    addExhaust(galaxy, eid, alive / MEAN_LIFE, Ship.fleet[eid])
    bursts.exhaustPerStep += (alive / MEAN_LIFE) * FIXED_DT
    if (i % stride === 0) fillExhaust(galaxy, eid, Math.round(alive * stride), Ship.fleet[eid])
  }
}

function weightOf(galaxy: Galaxy, eid: number): number {
  return galaxy.Ship.type[eid] === CAPITAL_TYPE ? CAPITAL_WEIGHT : 1
}

function glow(fleet: number): Vec3 {
  const [r, g, b] = FLEET_COLORS[fleet]
  return [r * GLOW, g * GLOW, b * GLOW]
}

function addExhaust(galaxy: Galaxy, eid: number, rate: number, fleet: number): void {
  const radius = galaxy.physics.components.RigidBody.radius[eid]
  addEmitter(galaxy.physics, {
    entity: eid,
    position: [0, 0, -radius],
    direction: [0, 0, -1],
    spread: SPREAD,
    speed: SPEED,
    rate,
    life: [EXHAUST.minLife, EXHAUST.maxLife],
    size: [radius * 0.18, radius * 0.34],
    color: glow(fleet),
    drag: 1.4,
    radius: radius * 0.18,
  })
}

/** One cloud behind the ship with every remaining life from nothing to full. */
function fillExhaust(galaxy: Galaxy, eid: number, count: number, fleet: number): void {
  const { Position, RigidBody } = galaxy.physics.components
  const radius = RigidBody.radius[eid]
  const behind = fleet === 0 ? -1 : 1
  emitBurst(galaxy.physics, {
    position: [Position.x[eid] + behind * radius * 3, Position.y[eid], Position.z[eid]],
    count,
    direction: [behind, 0, 0],
    spread: SPREAD,
    speed: SPEED,
    life: [0.02, EXHAUST.maxLife * 0.8],
    size: [radius * 0.18, radius * 0.34],
    color: glow(fleet),
    drag: 1.4,
    radius: radius * 2,
  })
  galaxy.bursts.emitted += count
}
