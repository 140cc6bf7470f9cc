/**
 * What an engine's steps are worth, by its poses alone and in the same way for all: how deep bodies are in one another, how
 * far stacks moved, whether energy came from nowhere, how far joints came apart.
 */
import { bodyAt, type SceneBody, type SceneData } from '../../examples/scenes/scene.ts'
import { jointFrames } from './frames.ts'
import { boundingRadius, isMeasured, overlapDepth, planeDepth } from './overlap.ts'
import { initialPoses, type Poses, pointOf } from './poses.ts'

/** Further away than this (m) a body has left the scene. */
const FAR = 1e4

/** All in SI units. A field that makes no sense for a scene is absent. */
export interface Quality {
  /** m, over all moments looked at: spheres and boxes among one another, every shape against planes. */
  deepest: number
  /** m, mean of the pairs that overlap at the last moment. */
  meanDepth: number
  /** Bodies that are no numbers any more, or further than 10 km away. */
  lost: number
  /** m, mean way of a body across the direction of gravity since the scene began. */
  drift?: number
  /** m, how much lower the body is that was the highest. */
  sag?: number
  /** J/kg: the largest rise of linear and potential energy above an earlier moment. Nothing in the scenes puts energy in. */
  energyRise: number
  /** J/kg, linear, at the last moment: what a heap at rest should not have. */
  kinetic: number
  /** m, largest and mean distance of anchors at the last moment; of ropes, what they are too long. */
  jointWorst?: number
  jointMean?: number
}

/** Watches one engine in one scene. */
export interface Judge {
  scene: SceneData
  bodies: SceneBody[]
  start: Poses
  /** Pairs that joints keep from colliding. */
  apart: Set<number>
  lowestEnergy: number
  quality: Quality
}

export function createJudge(scene: SceneData): Judge {
  const start = initialPoses(scene)
  const bodies = Array.from({ length: start.count }, (_, index) => bodyAt(scene, index))
  const apart = new Set<number>()
  for (const { a, b, collideConnected } of scene.joints ?? []) {
    if (!collideConnected) apart.add(pairKey(a, b, start.count))
  }
  const quality = { deepest: 0, meanDepth: 0, lost: 0, energyRise: 0, kinetic: 0 }
  return { scene, bodies, start, apart, lowestEnergy: Number.POSITIVE_INFINITY, quality }
}

const pairKey = (a: number, b: number, count: number): number => Math.min(a, b) * count + Math.max(a, b)

/** Looks at two moments that are one step of `dt` seconds apart. */
export function observe(judge: Judge, before: Poses, now: Poses, dt: number): void {
  const { quality, bodies } = judge
  quality.lost = countLost(now)
  const depths = measureDepths(judge, now)
  quality.deepest = Math.max(quality.deepest, depths.deepest)
  quality.meanDepth = depths.mean
  const { kinetic, total } = energyOf(judge, before, now, dt)
  if (Number.isFinite(total)) {
    quality.energyRise = Math.max(quality.energyRise, total - judge.lowestEnergy)
    judge.lowestEnergy = Math.min(judge.lowestEnergy, total)
  }
  quality.kinetic = kinetic
  if (bodies.length > 0 && judge.scene.planes.length > 0) Object.assign(quality, driftOf(judge, now))
  if (judge.scene.joints) Object.assign(quality, jointErrors(judge, now))
}

function countLost({ position }: Poses): number {
  let lost = 0
  for (let i = 0; i < position.length; i += 3) {
    if (!(Math.abs(position[i]) + Math.abs(position[i + 1]) + Math.abs(position[i + 2]) < FAR)) lost++
  }
  return lost
}

function measureDepths(judge: Judge, poses: Poses): { deepest: number; mean: number } {
  const shapes = judge.bodies.map(({ shape }) => shape)
  let deepest = 0
  let sum = 0
  let count = 0
  const add = (depth: number): void => {
    if (!(depth > 0)) return
    deepest = Math.max(deepest, depth)
    sum += depth
    count++
  }
  for (const plane of judge.scene.planes) {
    for (let body = 0; body < poses.count; body++) {
      if (judge.bodies[body].kind !== 0) add(planeDepth(poses, body, shapes[body], plane))
    }
  }
  eachNearPair(judge, poses, (a, b) => add(overlapDepth(poses, a, b, shapes)))
  return { deepest, mean: count > 0 ? sum / count : 0 }
}

/** Calls `found` for every pair of measured bodies whose bounding balls meet and that may collide: a hashed grid of large cells. */
function eachNearPair(
  { bodies, apart }: Judge,
  { position: p, count }: Poses,
  found: (a: number, b: number) => void,
): void {
  const radius = Float64Array.from(bodies, ({ shape }) => (isMeasured(shape) ? boundingRadius(shape) : 0))
  const edge = 2 * radius.reduce((most, each) => Math.max(most, each), 1e-3)
  const cell = (body: number, axis: number): number => Math.floor(p[3 * body + axis] / edge)
  const key = (x: number, y: number, z: number): number => ((x + 32768) * 65536 + (y + 32768)) * 65536 + (z + 32768)
  const cells = new Map<number, number[]>()
  for (let a = 0; a < count; a++) {
    if (radius[a] === 0 || !Number.isFinite(p[3 * a] + p[3 * a + 1] + p[3 * a + 2])) continue
    const [x, y, z] = [cell(a, 0), cell(a, 1), cell(a, 2)]
    for (let near = 0; near < 27; near++) {
      const list = cells.get(key(x - 1 + (near % 3), y - 1 + (Math.floor(near / 3) % 3), z - 1 + Math.floor(near / 9)))
      for (const b of list ?? []) {
        if (bodies[a].bullet && bodies[b].bullet) continue
        const [dx, dy, dz] = [p[3 * a] - p[3 * b], p[3 * a + 1] - p[3 * b + 1], p[3 * a + 2] - p[3 * b + 2]]
        if (dx * dx + dy * dy + dz * dz > (radius[a] + radius[b]) ** 2) continue
        if (!apart.has(pairKey(a, b, count))) found(b, a)
      }
    }
    const own = cells.get(key(x, y, z))
    if (own) own.push(a)
    else cells.set(key(x, y, z), [a])
  }
}

/** Per kilogram of what moves; velocity is the way of the last step. */
function energyOf({ scene, bodies }: Judge, before: Poses, now: Poses, dt: number): { kinetic: number; total: number } {
  let mass = 0
  let kinetic = 0
  let potential = 0
  for (let body = 0; body < now.count; body++) {
    const { kind, mass: m } = bodies[body]
    if (kind !== 1) continue
    mass += m
    for (let axis = 0; axis < 3; axis++) {
      const at = 3 * body + axis
      kinetic += 0.5 * m * ((now.position[at] - before.position[at]) / dt) ** 2
      potential -= m * scene.gravity[axis] * now.position[at]
    }
  }
  return mass > 0 ? { kinetic: kinetic / mass, total: (kinetic + potential) / mass } : { kinetic: 0, total: 0 }
}

function driftOf({ scene, start, bodies }: Judge, now: Poses): { drift: number; sag: number } {
  const strength = Math.hypot(...scene.gravity)
  const down = scene.gravity.map((value) => (strength > 0 ? value / strength : 0))
  let top = 0
  let topHeight = Number.NEGATIVE_INFINITY
  let sum = 0
  let moving = 0
  const way = (body: number): number[] =>
    [0, 1, 2].map((i) => now.position[3 * body + i] - start.position[3 * body + i])
  const dot = (v: readonly number[]): number => v[0] * down[0] + v[1] * down[1] + v[2] * down[2]
  for (let body = 0; body < now.count; body++) {
    if (bodies[body].kind !== 1) continue
    const height = -dot(bodies[body].position)
    if (height > topHeight) [top, topHeight] = [body, height]
    const moved = way(body)
    const fallen = dot(moved)
    sum += Math.hypot(...moved.map((value, axis) => value - fallen * down[axis]))
    moving++
  }
  return { drift: moving > 0 ? sum / moving : 0, sag: dot(way(top)) }
}

function jointErrors({ scene, bodies }: Judge, now: Poses): { jointWorst: number; jointMean: number } {
  const errors = (scene.joints ?? []).map((joint) => {
    const { anchorA, anchorB } = jointFrames(joint, bodies[joint.a], bodies[joint.b])
    const [p, q] = [pointOf(now, joint.a, anchorA), pointOf(now, joint.b, anchorB)]
    const distance = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
    return Math.max(0, joint.type === 'distance' ? distance - (joint.length ?? 0) : distance)
  })
  return {
    jointWorst: errors.reduce((most, error) => Math.max(most, error), 0),
    jointMean: errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length),
  }
}
