import {
  type AdvanceResult,
  addBody,
  addParticleSystem,
  advance,
  createPhysics,
  emit,
  type Physics,
  type PhysicsOptions,
  type Shape,
  setEmissionRate,
  teleport,
} from 'manybody'
import { createDice, type Dice } from '../solar-system/dice.ts'
import type { Effect } from './effect.ts'
import { BOWLS, embers, flame, smoke } from './fires.ts'
import { crackle, FLOWERS, tail } from './fireworks.ts'
import { SPRAYS, sparks } from './sparks.ts'

export const CRATE: Shape = { type: 'box', halfExtents: [0.5, 0.5, 0.5] }
export const ORB: Shape = { type: 'sphere', radius: 1 }
export const BOWL: Shape = { type: 'box', halfExtents: [0.7, 0.75, 0.7] }

const ROCKETS = 3
/** Where rockets wait. */
const PARKED = [0, -60, 0] as const
const TAIL_RATE = 420
/** Seconds from one rocket to the next. */
const PACE = 0.75

/** A rocket: a body with a tail, and what it becomes. */
interface Rocket {
  eid: number
  tail: number
  flower: number
  /** s until it bursts; below 0 while it waits */
  fuse: number
}

/** A light that goes out. */
export interface Flash {
  place: [number, number, number]
  flower: number
  left: number
}

/** A yard with fires, sparks, and rockets above. */
export interface Show {
  physics: Physics
  /** Systems in the order in which they were made, and what they are. */
  systems: { id: number; effect: Effect }[]
  flowers: number[]
  rockets: Rocket[]
  flashes: Flash[]
  dice: Dice
  next: number
  time: number
}

/** Builds the yard and all its systems. */
export async function createShow(options: PhysicsOptions = {}): Promise<Show> {
  const physics = await createPhysics({
    capacity: { bodies: 300, particles: 40_000, systems: 24 },
    instanceGroups: { crate: 100, orb: 60, bowl: 4, ball: 50 },
    ...options,
  })
  const show: Show = {
    physics,
    systems: [],
    flowers: [],
    rockets: [],
    flashes: FLOWERS.map((_, flower) => ({ place: [0, 0, 0], flower, left: 0 })),
    dice: createDice(11),
    next: 0.3,
    time: 0,
  }
  addYard(show)
  for (const bowl of BOWLS) {
    addBody(physics, { type: 'static', shape: BOWL, position: [bowl[0], 0.75, bowl[2]], instanceGroup: 'bowl' })
    addEffect(show, smoke(bowl))
    addEffect(show, flame(bowl))
  }
  for (const spray of SPRAYS) addEffect(show, sparks(spray))
  addEffect(show, embers())
  addRockets(show)
  return show
}

/** Adds a system, and for its dead another one's. Gives its id. */
function addEffect({ physics, systems }: Show, effect: Effect, onDeath?: { system: number; count: number }): number {
  const id = addParticleSystem(physics, {
    ...effect.desc,
    ...(onDeath ? { onDeath: { ...onDeath, inherit: 0.3 } } : {}),
  })
  systems.push({ id, effect })
  return id
}

/** A floor, heaps of crates and balls: what sparks bounce on. */
function addYard({ physics, dice }: Show): void {
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, friction: 0.7 })
  for (let layer = 0; layer < 3; layer++) {
    for (let i = 0; i < 3 - layer; i++) {
      for (let k = 0; k < 3 - layer; k++) {
        const position = [1.04 * (i - (2 - layer) / 2), 0.5 + layer, 1.04 * (k - (2 - layer) / 2)] as const
        addBody(physics, {
          shape: CRATE,
          position,
          density: 300,
          friction: 0.6,
          instanceGroup: 'crate',
          tint: (i + k + layer) % 3,
        })
      }
    }
  }
  for (let i = 0; i < 14; i++) {
    const radius = 0.25 + 0.45 * dice()
    const angle = 2 * Math.PI * dice()
    const far = 3 + 4.5 * dice()
    addBody(physics, {
      shape: { type: 'sphere', radius },
      position: [far * Math.cos(angle), radius + 0.01, 0.6 * far * Math.sin(angle)],
      density: 600,
      rollingResistance: 0.08,
      instanceGroup: 'orb',
      tint: i % 4,
    })
  }
}

function addRockets(show: Show): void {
  const { physics } = show
  const flashes = addEffect(show, crackle())
  for (const { effect, crackles } of FLOWERS) {
    show.flowers.push(addEffect(show, effect, crackles > 0 ? { system: flashes, count: crackles } : undefined))
  }
  for (let i = 0; i < ROCKETS; i++) {
    const shape: Shape = { type: 'sphere', radius: 0.1 }
    const eid = addBody(physics, { shape, mass: 1, position: PARKED, mask: 0, gravityScale: 0, canSleep: false })
    show.rockets.push({ eid, tail: addEffect(show, tail(eid)), flower: 0, fuse: -1 })
  }
}

/** Sends rockets up, lets those burst whose time has come, and steps. */
export function updateShow(show: Show, seconds: number): AdvanceResult {
  const done = advance(show.physics, seconds)
  const passed = done.steps / 60
  show.time += passed
  for (const flash of show.flashes) flash.left = Math.max(0, flash.left - passed)
  for (const rocket of show.rockets) {
    if (rocket.fuse < 0) continue
    rocket.fuse -= passed
    if (rocket.fuse < 0) burst(show, rocket)
  }
  if (show.time >= show.next) launch(show)
  return done
}

function launch(show: Show): void {
  const { physics, rockets, dice } = show
  show.next = show.time + PACE * (0.5 + dice())
  const rocket = rockets.find(({ fuse }) => fuse < 0)
  if (!rocket) return
  rocket.fuse = 1.25 + 0.4 * dice()
  rocket.flower = Math.floor(dice() * show.flowers.length)
  teleport(physics, rocket.eid, { position: [30 * (dice() - 0.5), 0.5, -22 - 12 * dice()] })
  const { x, y, z } = physics.components.LinearVelocity
  x[rocket.eid] = 5 * (dice() - 0.5)
  y[rocket.eid] = 8.2 + 2.4 * dice()
  z[rocket.eid] = 2 * (dice() - 0.5)
  setEmissionRate(physics, rocket.tail, TAIL_RATE)
}

const PLACE: [number, number, number] = [0, 0, 0]
const SPEED: [number, number, number] = [0, 0, 0]

function burst({ physics, flowers, flashes }: Show, { eid, tail, flower }: Rocket): void {
  const { Position, LinearVelocity } = physics.components
  for (const [k, axis] of (['x', 'y', 'z'] as const).entries()) {
    PLACE[k] = Position[axis][eid]!
    SPEED[k] = 0.35 * LinearVelocity[axis][eid]!
    LinearVelocity[axis][eid] = 0
  }
  emit(physics, flowers[flower]!, FLOWERS[flower]!.stars, { at: PLACE, velocity: SPEED })
  setEmissionRate(physics, tail, 0)
  teleport(physics, eid, { position: PARKED })
  const flash = flashes[flower]!
  flash.place = [...PLACE]
  flash.left = 1
}
