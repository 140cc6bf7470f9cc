/**
 * The same hash after 600 steps on every tier and number of threads, and the same as the golden one: on another machine,
 * in another engine, in another build of the kernel. `MANYBODY_UPDATE_GOLDEN=1` writes golden.json anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { PhysicsOptions, Precision } from 'manybody'
import { afterAll, describe, expect, test } from 'vitest'
import { goldenName, hashAfter, SCENES, type SceneName, type Size } from './scenes.ts'

const GOLDEN = new URL('golden.json', import.meta.url)
const update = process.env.MANYBODY_UPDATE_GOLDEN === '1'
const golden: Record<string, string> = update ? {} : JSON.parse(readFileSync(GOLDEN, 'utf8'))

/** What the first run of a scene passed through. */
const marks: Record<string, string[]> = {}

const FULL: PhysicsOptions[] = [1, 2, 3, 4, 8].map((threads) => ({ tier: 'threads', threads }))
FULL.push({ tier: 'simd' })
const SMALL: PhysicsOptions[] = [{ tier: 'threads', threads: 2 }, { tier: 'simd' }, { tier: 'js' }]

const check = async (scene: SceneName, size: Size, options: PhysicsOptions): Promise<void> => {
  const seen = await hashAfter(scene, size, options)
  expect(seen).toMatchObject({ tier: options.tier, threads: options.threads ?? 1 })
  const name = goldenName(scene, size, options.precision)
  // On the way too: a hash at the end tells that two runs differ, this tells from when on.
  marks[name] ??= seen.marks
  expect(seen.marks).toEqual(marks[name])
  if (update) golden[name] ??= seen.hash
  expect(seen.hash).toBe(golden[name])
}

describe.each(SCENES)('%s', (scene) => {
  test.each(FULL)('full, %j', (options) => check(scene, 'full', options))
  test.each(SMALL)('small, %j', (options) => check(scene, 'small', options))

  describe('in double precision', () => {
    const precision = 'double'
    test.each(SMALL)('small, %j', (options) => check(scene, 'small', { ...options, precision }))
  })
})

// The scene that uses every stage; the others run the same kernels.
describe('battle in double precision', () => {
  test.each(FULL)('full, %j', (options) => check('battle', 'full', { ...options, precision: 'double' }))
})

test.each([
  ['single', 2 ** -23],
  ['double', 2 ** -52],
] as const)('%s: a scene that differs in one bit has another hash', async (precision, bit) => {
  const hashes = new Set(await Promise.all([1, 1 + bit].map((mass) => hashOfOne(mass, precision))))
  expect(hashes.size).toBe(2)
})

async function hashOfOne(mass: number, precision: Precision): Promise<string> {
  const { addBody, createPhysics, dispose, stateHash } = await import('manybody')
  const physics = await createPhysics({ capacity: { entities: 16 }, precision })
  addBody(physics, { shape: { type: 'sphere', radius: 1 }, mass })
  const hash = stateHash(physics)
  dispose(physics)
  return hash
}

afterAll(() => {
  if (update) writeFileSync(GOLDEN, `${JSON.stringify(golden, null, 2)}\n`)
})
