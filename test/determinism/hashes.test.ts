/**
 * The same hash after 600 steps on every tier and number of threads, and the same as the golden one: on another machine,
 * in another engine, in another build of the kernel. `MANYBODY_UPDATE_GOLDEN=1` writes golden.json anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { PhysicsOptions } from 'manybody'
import { afterAll, describe, expect, test } from 'vitest'
import { hashAfter, SCENES, type Size } from './scenes.ts'

const GOLDEN = new URL('golden.json', import.meta.url)
const update = process.env.MANYBODY_UPDATE_GOLDEN === '1'
const golden: Record<string, string> = update ? {} : JSON.parse(readFileSync(GOLDEN, 'utf8'))

const FULL: PhysicsOptions[] = [1, 2, 3, 4, 8].map((threads) => ({ tier: 'threads', threads }))
FULL.push({ tier: 'simd' })
const SMALL: PhysicsOptions[] = [{ tier: 'threads', threads: 2 }, { tier: 'simd' }, { tier: 'js' }]

describe.each(SCENES)('%s', (scene) => {
  const check = async (size: Size, options: PhysicsOptions): Promise<void> => {
    const seen = await hashAfter(scene, size, options)
    expect(seen).toMatchObject({ tier: options.tier, threads: options.threads ?? 1 })
    const name = `${scene}-${size}`
    if (update) golden[name] ??= seen.hash
    expect(seen.hash).toBe(golden[name])
  }

  test.each(FULL)('full, %j', (options) => check('full', options))
  test.each(SMALL)('small, %j', (options) => check('small', options))
})

test('a scene that differs in one bit has another hash', async () => {
  const hashes = new Set(await Promise.all([1, 1 + 2 ** -23].map((mass) => hashOfOne(mass))))
  expect(hashes.size).toBe(2)
})

async function hashOfOne(mass: number): Promise<string> {
  const { addBody, createPhysics, dispose, stateHash } = await import('manybody')
  const physics = await createPhysics({ capacity: { entities: 16 } })
  addBody(physics, { shape: { type: 'sphere', radius: 1 }, mass })
  const hash = stateHash(physics)
  dispose(physics)
  return hash
}

afterAll(() => {
  if (update) writeFileSync(GOLDEN, `${JSON.stringify(golden, null, 2)}\n`)
})
