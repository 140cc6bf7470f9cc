import { onGround } from './rigid-pile.ts'
import {
  type BodyShape,
  boxMass,
  capsuleMass,
  createShaped,
  type JointData,
  type SceneData,
  type ShapedData,
  STATIC,
  type Vec3,
} from './scene.ts'

/** Links of a chain below its hook; the last one is a box that is heavier than all of them. */
export const CHAIN_LINKS = 9
const HOOK = 0
const LINK = 1
const WEIGHT = 2
const SHAPES: BodyShape[] = [
  { type: 'box', halfExtents: [0.1, 0.1, 0.1] },
  { type: 'capsule', radius: 0.08, halfHeight: 0.15 },
  { type: 'box', halfExtents: [0.4, 0.4, 0.4] },
]
/** From joint to joint, m. */
const LENGTH = 0.5
/** Above the ground, m: chains hang free. */
const HEIGHT = 8
/** Between chains, m. */
const APART = 3
/** The first link lies along x, the chain swings down. */
const SIDEWAYS = Math.SQRT1_2

/**
 * Chains of capsules on balls, each from a static hook and let go sideways, with a weight of ten links at the end. In turn
 * the weight hangs on a ball, on a hinge, on a fixed joint, or on a rope of 1 m.
 */
export function chainScene(count = 100): SceneData {
  const bodies = CHAIN_LINKS + 2
  const shaped = createShaped(count * bodies)
  const joints: JointData[] = []
  let across = 1
  while (across * across < count) across++
  for (let chain = 0; chain < count; chain++) {
    const hook: Vec3 = [(chain % across) * (APART + CHAIN_LINKS * LENGTH), HEIGHT, Math.floor(chain / across) * APART]
    addChain(shaped, joints, chain, hook)
  }
  return { ...onGround(`chains-${count}`), shapes: SHAPES, shaped, joints }
}

function addChain(s: ShapedData, joints: JointData[], chain: number, [x, y, z]: Vec3): void {
  const first = chain * (CHAIN_LINKS + 2)
  put(s, first, HOOK, [x, y, z])
  s.kind[first] = STATIC
  for (let link = 1; link <= CHAIN_LINKS; link++) {
    put(s, first + link, LINK, [x + (link - 0.5) * LENGTH, y, z])
    // A capsule lies along its y: a quarter turn about z lays it along x.
    s.qz[first + link] = SIDEWAYS
    s.qw[first + link] = SIDEWAYS
    const anchor: Vec3 = [x + (link - 1) * LENGTH, y, z]
    joints.push({ type: 'ball', a: first + link - 1, b: first + link, anchor, collideConnected: false })
  }
  const end: Vec3 = [x + CHAIN_LINKS * LENGTH, y, z]
  const weight = first + CHAIN_LINKS + 1
  put(s, weight, WEIGHT, [end[0] + 0.5, y, z])
  joints.push({ a: weight - 1, b: weight, ...LAST[chain % LAST.length](end), collideConnected: false })
}

/** How the weight hangs on the end of its chain. */
const LAST: ((end: Vec3) => Pick<JointData, 'type' | 'anchor' | 'anchorB' | 'axis' | 'length'>)[] = [
  (anchor) => ({ type: 'ball', anchor }),
  (anchor) => ({ type: 'hinge', anchor, axis: [0, 0, 1] }),
  (anchor) => ({ type: 'fixed', anchor }),
  (anchor) => ({ type: 'distance', anchor, anchorB: [anchor[0] + 0.5, anchor[1], anchor[2]], length: 1 }),
]

function put(s: ShapedData, body: number, shape: number, [x, y, z]: Vec3): void {
  s.x[body] = x
  s.y[body] = y
  s.z[body] = z
  s.shape[body] = shape
  s.mass[body] = MASSES[shape]
}

const LINK_MASS = capsuleMass(0.08, 0.15, 1_000)
/** kg */
const MASSES = [boxMass([0.1, 0.1, 0.1], 1_000), LINK_MASS, 10 * LINK_MASS]
