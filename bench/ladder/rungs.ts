/** How each rung of the ladder steps the same scene: what it took, and where it put the bodies. */
import { spawn } from 'node:child_process'
import * as manybody from 'manybody'
import { capacityOf, loadScene, type SceneData, type SphereData } from '../../examples/scenes/scene.ts'
import { DT } from '../harness/bench.ts'
import type { Tier } from '../harness/options.ts'
import type { Progress } from '../harness/progress.ts'
import { REPOSITORY } from '../harness/report.ts'
import { Body, type StageTimes, Vec3, World, type WorldSettings } from './objects.ts'
import type { Engine } from './scalar-kernel.ts'

/** Every rung must have its bodies at the same places after so many steps. */
export const CHECK_STEPS = 10

/** The five stages that every rung has, and what only the engine does: bullets, particles. */
export const SHARES = ['broadPhase', 'narrowPhase', 'forces', 'integration', 'constraints', 'other'] as const
export type Share = (typeof SHARES)[number]

/** What a rung gives back. */
export interface RungResult {
  /** Milliseconds of each timed frame. */
  frames: Float64Array
  /** Mean milliseconds of each stage. */
  stages: Record<Share, number>
  /** Mean contacts of a timed frame. */
  contacts: number
  /** x, y, z of every body after CHECK_STEPS. */
  positions: Float64Array
  /** State hash after CHECK_STEPS, of the engine's rungs. */
  hash?: string
}

export interface RungRun {
  scene: SceneData
  /** Untimed frames after the checked ones, and timed frames. */
  warmUp: number
  frames: number
  progress: Progress
}

/** The sum of the engine's stages that each of the five is. */
const STAGE_OF: Record<string, Share> = {
  forces: 'forces',
  longRange: 'forces',
  integrateVelocities: 'integration',
  gather: 'broadPhase',
  findPairs: 'broadPhase',
  collide: 'narrowPhase',
  solve: 'constraints',
  integratePositions: 'integration',
}

const noTimes = (): Record<Share, number> => ({
  broadPhase: 0,
  narrowPhase: 0,
  forces: 0,
  integration: 0,
  constraints: 0,
  other: 0,
})

function settingsOf(scene: SceneData): WorldSettings {
  const { gravity = 0, coulomb = 0, softening = 0, minDistance = 1e-3 } = scene.longRange ?? {}
  return { gravity, coulomb, softening, minDistance, subSteps: 4 }
}

/** Plain objects, in this process. */
export function runObjects({ scene, warmUp, frames, progress }: RungRun): RungResult {
  const world = createObjects(scene)
  for (let step = 0; step < CHECK_STEPS; step++) world.step(DT)
  const positions = Float64Array.from(world.bodies.flatMap(({ position: { x, y, z } }) => [x, y, z]))
  const result: RungResult = { frames: new Float64Array(frames), stages: noTimes(), contacts: 0, positions }
  for (let frame = -warmUp; frame < frames; frame++) {
    const start = performance.now()
    world.step(DT)
    if (frame >= 0) {
      result.frames[frame] = performance.now() - start
      addTimes(result.stages, world.times, frames)
      result.contacts += world.contacts.size / frames
    }
    progress.advance()
  }
  return result
}

function addTimes(sum: Record<Share, number>, times: StageTimes, frames: number): void {
  for (const stage of Object.keys(times) as (keyof StageTimes)[]) sum[stage] += times[stage] / frames
}

/** A scene as plain objects. */
export function createObjects(scene: SceneData): World {
  const s = scene.spheres
  const bodies = Array.from({ length: s.count }, (_, i) => {
    const position = new Vec3(s.x[i], s.y[i], s.z[i])
    const velocity = new Vec3(s.vx[i], s.vy[i], s.vz[i])
    const matter = { radius: s.radius[i], mass: s.mass[i], charge: s.charge[i] }
    return new Body(i, { position, velocity }, { ...matter, friction: s.friction[i], restitution: s.restitution[i] })
  })
  return new World(settingsOf(scene), bodies)
}

const PYTHON_COLUMNS = [
  ...['x', 'y', 'z', 'vx', 'vy', 'vz'],
  ...['radius', 'mass', 'charge', 'friction', 'restitution'],
] as (keyof SphereData)[]

/** The plain script in a process of its own. Python has nothing to warm up: the checked frames are timed too. */
export async function runPython(python: string, { scene, frames, progress }: RungRun): Promise<RungResult> {
  const s = scene.spheres
  const columns = PYTHON_COLUMNS.map((name) => s[name] as Float32Array)
  const input = {
    ...settingsOf(scene),
    dt: DT,
    frames: Math.max(frames, CHECK_STEPS),
    checkAfter: CHECK_STEPS,
    bodies: Array.from({ length: s.count }, (_, i) => columns.map((column) => column[i])),
  }
  const text = await runScript(python, JSON.stringify(input), progress)
  const output = JSON.parse(text) as Record<'frames' | 'contacts' | 'positions', number[]> & {
    stages: Record<keyof StageTimes, number[]>
  }
  const stages = noTimes()
  for (const [stage, times] of Object.entries(output.stages)) stages[stage as Share] = average(times)
  const positions = Float64Array.from(output.positions)
  return { frames: Float64Array.from(output.frames), stages, contacts: average(output.contacts), positions }
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

function runScript(python: string, input: string, progress: Progress): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = spawn(python, ['bench/ladder/nbody.py'], { cwd: REPOSITORY })
    let output = ''
    let errors = ''
    script.stdout.on('data', (data: Buffer) => {
      output += data
    })
    script.stderr.on('data', (data: Buffer) => {
      errors += data
      progress.advance(data.toString().split('\n').length - 1)
    })
    script.on('error', reject)
    script.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${python} ended with ${code}: ${errors.slice(-500)}`))
    })
    script.stdin.end(input)
  })
}

/** The engine of this checkout, as the other builds of it are given. */
export const ENGINE: Engine = { ...manybody, loadScene }

/** One tier of the engine. @throws Error when the tier cannot run here */
export async function runKernel(
  engine: Engine,
  tier: Tier,
  threads: number,
  { scene, warmUp, frames, progress }: RungRun,
): Promise<RungResult> {
  const physics = await engine.createPhysics({
    gravity: scene.gravity,
    longRange: { ...scene.longRange, method: 'direct' },
    capacity: capacityOf(scene),
    tier,
    threads,
  })
  try {
    const { backend } = physics
    if (backend.tier !== tier || backend.threads !== threads) throw new Error(backend.reasons.join(' '))
    const eids = engine.loadScene(physics, scene)
    for (let step = 0; step < CHECK_STEPS; step++) engine.step(physics, DT)
    const { x, y, z } = physics.components.Position
    const positions = Float64Array.from([...eids].flatMap((eid) => [x[eid], y[eid], z[eid]]))
    const hash = engine.stateHash(physics)
    const result: RungResult = { frames: new Float64Array(frames), stages: noTimes(), contacts: 0, positions, hash }
    for (let frame = -warmUp; frame < frames; frame++) {
      const start = performance.now()
      engine.step(physics, DT)
      const ms = performance.now() - start
      progress.advance()
      if (frame < 0) continue
      result.frames[frame] = ms
      const { stages, contacts } = engine.frameStats(physics)
      result.contacts += contacts / frames
      for (const [stage, time] of Object.entries(stages)) {
        // `pack` belongs to the renderer's call, not to the step.
        if (stage !== 'pack') result.stages[STAGE_OF[stage] ?? 'other'] += time / frames
      }
    }
    return result
  } finally {
    engine.dispose(physics)
  }
}
