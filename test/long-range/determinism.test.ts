/**
 * Long-range forces are the same bits on every tier and number of threads: the state after steps in which bodies
 * attract, repel, meet, come and go, and every measure of it.
 */
import {
  addBodies,
  angularMomentum,
  centerOfMass,
  createPhysics,
  dispose,
  frameStats,
  kineticEnergy,
  type LongRangeOptions,
  longRangeError,
  momentum,
  type Physics,
  type PhysicsOptions,
  potentialEnergy,
  removeBody,
  stateHash,
  step,
} from 'manybody'
import { describe, expect, test } from 'vitest'
import { uniformBoxScene } from '../../examples/scenes/nbody.ts'
import { capacityOf, loadScene, type SceneData } from '../../examples/scenes/scene.ts'
import { METHODS } from './measure.ts'
import { changed, shapedScene } from './scenes.ts'

const THREADS: PhysicsOptions[] = [1, 2, 3, 4, 8].map((threads) => ({ tier: 'threads', threads }))

const STEPS = 12

/** A third feels only, a third is charged without attracting, all move, touch and pull. */
function mixed(count: number): SceneData {
  const scene = changed(uniformBoxScene(count, 5), ({ attracts, charge, kind, x, y, z }) => {
    for (let i = 0; i < count; i++) {
      if (i % 3 === 0) attracts[i] = 0
      if (i % 3 === 1) charge[i] = 0
      if (i % 50 === 0) kind[i] = i % 100 ? 0 : 2
      if (i % 9 === 0) for (const column of [x, y, z]) column[i] /= 8
    }
  })
  return { ...scene, gravity: [0, -1, 0], longRange: { ...scene.longRange, gravity: 0.05, coulomb: 0.05 } }
}

/** Each large enough for all threads, and small enough for the tier in plain JavaScript. */
const SCENES: [name: string, full: SceneData, small: SceneData][] = [
  ['mixed bodies that touch', mixed(2_000), mixed(400)],
  ['clumps of charges', shapedScene('clumps', 2_000, 6, true), shapedScene('clumps', 300, 6, true)],
  ['many at few points', shapedScene('coincident', 1_800, 7, true), shapedScene('coincident', 300, 7, true)],
]

/** Hash after steps between which bodies leave and others come, and the bits of every measure. */
async function fingerprint(scene: SceneData, longRange: LongRangeOptions, options: PhysicsOptions): Promise<unknown> {
  const physics = await createPhysics({
    capacity: capacityOf(scene),
    gravity: scene.gravity,
    ...options,
    longRange: { ...scene.longRange, ...longRange },
  })
  try {
    const eids = loadScene(physics, scene)
    for (let i = 0; i < STEPS; i++) {
      if (i === 4) for (let k = 0; k < 40; k++) removeBody(physics, eids[7 * k])
      if (i === 8) addNewcomers(physics)
      step(physics, 1 / 60)
    }
    expect(physics.backend.tier).toBe(options.tier)
    expect(frameStats(physics).threads).toBe(options.threads ?? 1)
    return { hash: stateHash(physics), used: frameStats(physics).longRange, ...measuresOf(physics) }
  } finally {
    dispose(physics)
  }
}

function addNewcomers(physics: Physics): void {
  addBodies(physics, 20, (i, desc) => {
    desc.position = [i - 10, 3, 1]
    desc.charge = i / 10 - 1
    desc.attracts = true
  })
}

/** JSON keeps every bit of a number. */
const measuresOf = (physics: Physics): Record<string, string> => ({
  kinetic: JSON.stringify(kineticEnergy(physics)),
  direct: JSON.stringify(potentialEnergy(physics, { method: 'direct' })),
  tree: JSON.stringify(potentialEnergy(physics, { method: 'tree' })),
  momentum: JSON.stringify(momentum(physics)),
  angularMomentum: JSON.stringify(angularMomentum(physics)),
  centre: JSON.stringify(centerOfMass(physics)),
  error: JSON.stringify(longRangeError(physics)),
})

describe.each(METHODS)('%s', (method) => {
  describe.each(SCENES)('%s', (_, full, small) => {
    let simd: Promise<unknown> | undefined

    test.each(THREADS)('%j gives the bits of tier simd', async (options) => {
      simd ??= fingerprint(full, { method }, { tier: 'simd' })
      expect(await fingerprint(full, { method }, options)).toEqual(await simd)
    })

    test('tier js gives the bits of tier simd', async () => {
      const simd = await fingerprint(small, { method }, { tier: 'simd' })
      expect(await fingerprint(small, { method }, { tier: 'js' })).toEqual(simd)
    })
  })

  test('the same twice in one world after another: nothing is left of the world before', async () => {
    const [, scene] = SCENES[1]
    const once = await fingerprint(scene, { method }, { tier: 'threads', threads: 2 })
    await fingerprint(SCENES[0][1], { method }, { tier: 'threads', threads: 2 })
    expect(await fingerprint(scene, { method }, { tier: 'threads', threads: 2 })).toEqual(once)
  })

  test('another θ, another softening: other bits', async () => {
    const [, scene] = SCENES[1]
    const hashes = new Set<unknown>()
    for (const longRange of [{ theta: 0.5 }, { theta: 0.6 }, { theta: 0.6, softening: 0.02 }]) {
      const { hash } = (await fingerprint(scene, { method, ...longRange }, { tier: 'simd' })) as { hash: string }
      hashes.add(hash)
    }
    expect(hashes.size).toBe(method === 'tree' ? 3 : 2)
  })
})
