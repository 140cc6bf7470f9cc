import { type Internals, type Physics, readCounter, use } from './internals.ts'
import type { Layout } from './memory/layout.ts'

/** The stages of a step, in order, and `pack`. The same word is the kernel's file, the profile field and the heading in the docs. */
export const STAGES = [
  'forces',
  'longRange',
  'integrateVelocities',
  'gather',
  'findPairs',
  'collide',
  'solve',
  'integratePositions',
  'sweep',
  'events',
  'sleep',
  'hierarchy',
  'particles',
  'pack',
] as const

/** Name of a stage. */
export type Stage = (typeof STAGES)[number]

/** A step is over budget above this many milliseconds: half of a 60 FPS frame. */
export const BUDGET_MS = 8

/** A frame is over budget above this many milliseconds: it missed a refresh of a 60 Hz display. */
export const FRAME_BUDGET_MS = 25

/** What the last step took and met. One reused object in fixed memory. */
export interface FrameStats {
  /** Milliseconds of each stage of the last step, and of the last `packInstances`. */
  readonly stages: Record<Stage, number>
  /** Milliseconds of the last step, measured around the kernel call, the wake-up of the helpers included. */
  physicsMs: number
  /** Threads that the last step woke, the caller included: 1 when there was too little to share. */
  threads: number
  /** Steps since creation. */
  steps: number
  /** Steps of more than 8 ms since creation. */
  overBudget: number
  /** Calls of `advance` since creation. */
  frames: number
  /** Milliseconds from the last call of `advance` but one to the last, as it was told. */
  frameMs: number
  /** Frames of more than 25 ms since creation. */
  framesOverBudget: number
  /** Seconds that `advance` has dropped since creation. */
  droppedTime: number
  /** Bodies alive, bullets included. */
  bodies: number
  /** Bullets that flew in the last step. */
  bullets: number
  /** Particles alive. */
  particles: number
  /** How the last step summed long-range forces. */
  longRange: 'none' | 'direct' | 'tree'
  /** Sources of long-range forces. */
  sources: number
  /** Nodes of the tree of the last step. */
  treeNodes: number
  /** Candidates of the broad phase. */
  pairs: number
  /** Contacts of all kinds. */
  contacts: number
  /** Those that are manifolds: see `Capacity.manifolds`. */
  manifolds: number
  /** Joints that acted in the last step. */
  joints: number
  /** Bodies that moved or could move in the last step. */
  awake: number
  /** Bodies that slept through it. */
  asleep: number
  /** Entities that have a parent or children. */
  nodes: number
  /** Those whose world matrix was made anew in the last step. */
  nodesMoved: number
  /** Colours of the graph of contacts and joints. */
  colours: number
  /** Hits of bullets. */
  hits: number
  /** Bodies that were left out because a value was not finite or the mass not positive. */
  quarantined: number
  /** Contacts, and pairs that might have become some, that found no room in the last step. */
  droppedContacts: number
  /** Manifolds that found no room in the last step. */
  droppedManifolds: number
  /** Events of the last step that were not reported. */
  droppedEvents: number
  /** Hits of the last step that were not reported. */
  droppedHits: number
  /** Particles that found no room in the last step. */
  droppedParticles: number
  /** Instances that found no room in the last `packInstances`. */
  droppedInstances: number
  /** Bytes of the kernel's memory; it never grows. */
  memoryBytes: number
}

/** Counters that are copied from the kernel by name. */
const COPIED = [
  'bodies',
  'bullets',
  'sources',
  'treeNodes',
  'particles',
  'pairs',
  'contacts',
  'manifolds',
  'joints',
  'awake',
  'asleep',
  'nodes',
  'nodesMoved',
  'colours',
  'hits',
  'quarantined',
  'droppedContacts',
  'droppedManifolds',
  'droppedEvents',
  'droppedHits',
  'droppedParticles',
  'droppedInstances',
] as const

/** Values of the kernel's counter `longRange`. */
const METHODS = ['none', 'direct', 'tree'] as const

/** Fresh statistics. */
export function createStats(layout: Layout, memoryBytes: number): FrameStats {
  // A test compares the kernel's stages with those here.
  const stages = Object.fromEntries(layout.stages.map((stage) => [stage, 0])) as Record<Stage, number>
  const counts = Object.fromEntries(COPIED.map((name) => [name, 0])) as Record<(typeof COPIED)[number], number>
  const steps = { physicsMs: 0.5, threads: 1, steps: 0, overBudget: 0 }
  const frames = { frames: 0, frameMs: 0.5, framesOverBudget: 0, droppedTime: 0.5 }
  const stats: FrameStats = { stages, ...steps, ...frames, longRange: 'none', ...counts, memoryBytes }
  // Made with fractions, so that engines keep these fields as numbers in place and not in a new box each time.
  stats.physicsMs = stats.frameMs = stats.droppedTime = 0
  return stats
}

/** Takes the kernel's figures over after a step of `ms` milliseconds. */
export function publishStats(internals: Internals, ms: number): void {
  const { stats } = internals
  stats.physicsMs = ms
  stats.steps++
  if (ms > BUDGET_MS) stats.overBudget++
  stats.longRange = METHODS[readCounter(internals, 'longRange')]!
  for (let i = 0; i < COPIED.length; i++) stats[COPIED[i]!] = internals.counters[internals.copied[i]!]!
  // The kernel lists what sensors see among the contacts.
  stats.contacts -= readCounter(internals, 'sensed')
}

/** Counts a frame of `elapsed` seconds, of which `dropped` were not stepped. */
export function publishFrame({ stats }: Internals, elapsed: number, dropped: number): void {
  stats.frames++
  stats.frameMs = 1000 * elapsed
  stats.droppedTime += dropped
  if (stats.frameMs > FRAME_BUDGET_MS) stats.framesOverBudget++
}

/** Where the kernel has the counters that are copied, in their order. */
export function copiedCounters(layout: Layout): number[] {
  return COPIED.map((name) => layout.counters.get(name)!)
}

/**
 * What the last step took and met. One reused object: nothing is allocated.
 * @throws PhysicsError E_DISPOSED
 */
export function frameStats(physics: Physics): FrameStats {
  const internals = use(physics, 'frameStats')
  const { stats, profile } = internals
  const { stages } = stats
  // Written out: a computed name would box every number.
  stages.forces = profile[0]!
  stages.longRange = profile[1]!
  stages.integrateVelocities = profile[2]!
  stages.gather = profile[3]!
  stages.findPairs = profile[4]!
  stages.collide = profile[5]!
  stages.solve = profile[6]!
  stages.integratePositions = profile[7]!
  stages.sweep = profile[8]!
  stages.events = profile[9]!
  stages.sleep = profile[10]!
  stages.hierarchy = profile[11]!
  stages.particles = profile[12]!
  stages.pack = profile[13]!
  stats.particles = readCounter(internals, 'particles')
  return stats
}
