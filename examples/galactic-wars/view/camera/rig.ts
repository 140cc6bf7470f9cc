import { Quaternion } from 'three'
import type { CameraName } from '../knobs.ts'
import { anglesOf, approach, forwardOf, lookAlong, lookAt, type Triple } from './angles.ts'
import type { Input } from './input.ts'

/** What the camera can follow; the caller reads it from the game. */
export interface Subjects {
  /** middle of the battle */
  readonly centre: Triple
  readonly planetRadius: number
  readonly shipCount: number
  /** where the fighting is now */
  fight(out: Triple): void
  /** place, nose and roof of a ship as it is shown in this frame; gives its radius */
  ship(index: number, place: Triple, nose: Triple, up: Triple): number
}

/** The camera: where it is, where it looks, and what it needs to go on. */
export interface Rig {
  mode: CameraName
  readonly position: Triple
  readonly look: Quaternion
  yaw: number
  pitch: number
  /** m from the target in orbit, fight and (as a factor) ship mode */
  distance: number
  /** m/s in fly mode */
  speed: number
  /** index of the ship that is followed */
  ship: number
  /** seconds in this mode */
  clock: number
  readonly target: Triple
  readonly nose: Triple
  readonly up: Triple
  /** pose when the mode changed, from which the camera glides over */
  readonly fromPosition: Triple
  readonly fromLook: Quaternion
  /** 1 right after a change of mode, 0 when the glide is over */
  glide: number
}

const DRAG = 0.0042
const GLIDE_SECONDS = 1.4
/** Farther than this, m, the camera cuts instead of gliding. */
const CUT = 900
const MAX_PITCH = 1.5
/** The camera stays this far above the clouds. */
const CLEARANCE = 1.03
const FIGHT_DISTANCE = 105
const WORLD_UP: Triple = [0, 1, 0]

const fresh = { place: [0, 0, 0] as Triple, nose: [0, 0, 1] as Triple, up: [0, 1, 0] as Triple }
const forward: Triple = [0, 0, 0]
const goal: Triple = [0, 0, 0]
const look = new Quaternion()

export function createRig(mode: CameraName, pose: number[] | null): Rig {
  const rig: Rig = {
    mode,
    position: [0, 0, 0],
    look: new Quaternion(),
    yaw: 0.35,
    pitch: -0.16,
    distance: 520,
    speed: 60,
    // The large ships of the first fleet come first: begin with a fighter.
    ship: 13,
    clock: 0,
    target: [0, 0, 0],
    nose: [0, 0, 1],
    up: [0, 1, 0],
    fromPosition: [0, 0, 0],
    fromLook: new Quaternion(),
    glide: 0,
  }
  if (pose) placeRig(rig, pose)
  return rig
}

/** Puts the camera somewhere, in fly mode: x, y, z of the camera and of the point it looks at. */
export function placeRig(rig: Rig, pose: number[]): void {
  rig.mode = 'fly'
  for (let i = 0; i < 3; i++) {
    rig.position[i] = pose[i]
    goal[i] = pose[i + 3]
  }
  lookAt(rig.position, goal, WORLD_UP, rig.look)
  Object.assign(rig, anglesOf(rig.look))
  rig.glide = 0
}

/** Changes the mode; choosing `ship` again goes on to the next ship. */
export function chooseMode(rig: Rig, mode: CameraName, subjects: Subjects): void {
  if (mode === 'ship') {
    const next = rig.mode === 'ship' ? rig.ship + 37 : rig.ship
    rig.ship = subjects.shipCount === 0 ? 0 : next % subjects.shipCount
  } else if (mode === rig.mode) return
  copy(rig.position, rig.fromPosition)
  rig.fromLook.copy(rig.look)
  // Flying starts from where the camera is: nothing to glide to.
  rig.glide = mode === 'fly' ? 0 : 1
  rig.mode = mode
  rig.clock = 0
  Object.assign(rig, anglesOf(rig.look))
  if (mode === 'orbit') rig.distance = 480
  if (mode === 'fight') rig.distance = FIGHT_DISTANCE
  if (mode === 'ship') Object.assign(rig, { yaw: 0, pitch: 0, distance: 1 })
  if (mode === 'orbit') rig.pitch = Math.min(rig.pitch, -0.12)
}

/** Moves the camera by one frame of `seconds`. Allocates nothing. */
export function updateRig(rig: Rig, input: Input, subjects: Subjects, seconds: number): void {
  const dt = Math.min(seconds, 0.1)
  const first = rig.clock === 0
  rig.clock += dt
  if (rig.mode === 'opening') glideOverRim(rig)
  else if (rig.mode === 'fly') fly(rig, input, dt)
  else if (rig.mode === 'ship' && subjects.shipCount > 0) chaseShip(rig, input, subjects, dt, first)
  else orbit(rig, input, subjects, dt, first)
  keepOutOfPlanet(rig, subjects.planetRadius)
  blend(rig, dt)
}

/** The opening shot: a slow swing outside of the rim, low over the rocks, planet and battle ahead. It never ends. */
function glideOverRim(rig: Rig): void {
  const s = rig.clock
  const angle = 0.135 * Math.cos(s * 0.06 + 0.5)
  const radius = 1452 + 26 * Math.cos(s * 0.05)
  rig.position[0] = radius * Math.sin(angle)
  rig.position[1] = 84 - 22 * Math.cos(s * 0.11)
  rig.position[2] = radius * Math.cos(angle)
  goal[0] = -60 + 0.25 * rig.position[0]
  goal[1] = 92
  goal[2] = 820
  lookAt(rig.position, goal, WORLD_UP, rig.look)
}

function turn(rig: Rig, input: Input): void {
  rig.yaw -= input.dragX * DRAG
  rig.pitch = clamp(rig.pitch - input.dragY * DRAG, -MAX_PITCH, MAX_PITCH)
}

function fly(rig: Rig, input: Input, dt: number): void {
  const { held, zoom } = input
  turn(rig, input)
  rig.speed = clamp(rig.speed * Math.exp(-zoom), 4, 900)
  lookAlong(rig.yaw, rig.pitch, rig.look)
  forwardOf(rig.yaw, rig.pitch, forward)
  const boost = held.ShiftLeft || held.ShiftRight ? 4 : 1
  const way = rig.speed * boost * dt
  const ahead = axis(held.KeyW || held.ArrowUp, held.KeyS || held.ArrowDown) * way
  const aside = axis(held.KeyD || held.ArrowRight, held.KeyA || held.ArrowLeft) * way
  const above = axis(held.KeyE, held.KeyQ) * way
  rig.position[0] += forward[0] * ahead + Math.cos(rig.yaw) * aside
  rig.position[1] += forward[1] * ahead + above
  rig.position[2] += forward[2] * ahead - Math.sin(rig.yaw) * aside
}

/** Orbit and fight: about the middle of the battle, or about the hottest place in it. */
function orbit(rig: Rig, input: Input, subjects: Subjects, dt: number, first: boolean): void {
  const fight = rig.mode === 'fight'
  turn(rig, input)
  if (!input.used || fight) rig.yaw += dt * 0.045
  rig.distance = clamp(rig.distance * Math.exp(input.zoom), 12, 3500)
  if (fight) subjects.fight(goal)
  else copy(subjects.centre, goal)
  for (let i = 0; i < 3; i++) rig.target[i] = first ? goal[i] : approach(rig.target[i], goal[i], 0.9, dt)
  lookAlong(rig.yaw, rig.pitch, rig.look)
  forwardOf(rig.yaw, rig.pitch, forward)
  for (let i = 0; i < 3; i++) rig.position[i] = rig.target[i] - forward[i] * rig.distance
}

function chaseShip(rig: Rig, input: Input, subjects: Subjects, dt: number, first: boolean): void {
  turn(rig, input)
  rig.distance = clamp(rig.distance * Math.exp(input.zoom), 0.4, 8)
  const radius = subjects.ship(rig.ship, fresh.place, fresh.nose, fresh.up)
  for (let i = 0; i < 3; i++) {
    rig.nose[i] = first ? fresh.nose[i] : approach(rig.nose[i], fresh.nose[i], 3.2, dt)
    const roof = 0.7 * fresh.up[i] + 0.3 * WORLD_UP[i]
    rig.up[i] = first ? roof : approach(rig.up[i], roof, 2.4, dt)
  }
  const back = radius * 5.2 * rig.distance
  const over = radius * 2.1 * rig.distance
  for (let i = 0; i < 3; i++) {
    rig.position[i] = fresh.place[i] - rig.nose[i] * back + rig.up[i] * over
    goal[i] = fresh.place[i] + rig.nose[i] * radius * 6
  }
  lookAt(rig.position, goal, rig.up, rig.look)
  if (rig.yaw === 0 && rig.pitch === 0) return
  lookAlong(rig.yaw, rig.pitch, look)
  rig.look.multiply(look)
  // Looking round swings the camera about the ship rather than turning it away from it.
  forward[0] = 0
  forward[1] = 0
  forward[2] = -1
  turnBy(rig.look, forward)
  for (let i = 0; i < 3; i++) rig.position[i] = fresh.place[i] - forward[i] * back + rig.up[i] * over * 0.5
}

function turnBy(q: Quaternion, v: Triple): void {
  const [x, y, z] = v
  const tx = 2 * (q.y * z - q.z * y)
  const ty = 2 * (q.z * x - q.x * z)
  const tz = 2 * (q.x * y - q.y * x)
  v[0] = x + q.w * tx + q.y * tz - q.z * ty
  v[1] = y + q.w * ty + q.z * tx - q.x * tz
  v[2] = z + q.w * tz + q.x * ty - q.y * tx
}

function keepOutOfPlanet(rig: Rig, radius: number): void {
  const p = rig.position
  const distance = Math.hypot(p[0], p[1], p[2])
  const least = radius * CLEARANCE
  if (distance >= least) return
  const push = least / Math.max(distance, 1)
  for (let i = 0; i < 3; i++) p[i] *= push
}

/** Glides from the pose of the last mode to that of the new one. */
function blend(rig: Rig, dt: number): void {
  if (rig.glide <= 0) return
  const { position, fromPosition } = rig
  const way = Math.hypot(position[0] - fromPosition[0], position[1] - fromPosition[1], position[2] - fromPosition[2])
  rig.glide = way > CUT ? 0 : Math.max(0, rig.glide - dt / GLIDE_SECONDS)
  const left = rig.glide * rig.glide * (3 - 2 * rig.glide)
  for (let i = 0; i < 3; i++) position[i] += (fromPosition[i] - position[i]) * left
  rig.look.slerp(rig.fromLook, left)
}

function axis(plus: boolean, minus: boolean): number {
  return (plus ? 1 : 0) - (minus ? 1 : 0)
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

function copy(from: ArrayLike<number>, into: Triple): void {
  into[0] = from[0]
  into[1] = from[1]
  into[2] = from[2]
}
