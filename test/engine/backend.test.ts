/** Which kernel runs, and why not a better one. Features are masked by taking globals away. */
import { availableParallelism } from 'node:os'
import { addBody, createPhysics, dispose, type PhysicsOptions, stateHash } from 'manybody'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { makePhysics, PRECISION, run, sphere } from '../physics/harness.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('tiers and threads', () => {
  test('auto takes the best tier of this process', async () => {
    const physics = await makePhysics()
    const several = availableParallelism() > 1
    expect(physics.backend).toMatchObject({ tier: several ? 'threads' : 'simd', precision: PRECISION })
    expect(physics.backend.reasons).toHaveLength(several ? 0 : 1)
  })

  test('single precision unless asked for', async () => {
    const physics = await createPhysics({ capacity: { entities: 64 } })
    expect(physics.backend.precision).toBe('single')
    dispose(physics)
  })

  test.each([1, 2, 3, 8])('%i threads when asked for them', async (threads) => {
    const physics = await makePhysics({ threads, tier: 'threads' })
    expect(physics.backend).toMatchObject({ tier: 'threads', threads, reasons: [] })
  })

  test.each(['simd', 'js'] as const)('%s when asked for it', async (tier) => {
    const physics = await makePhysics({ tier })
    expect(physics.backend).toMatchObject({ tier, threads: 1 })
  })
})

/** Steps a small scene and gives its hash: whatever tier runs, the state is the same. */
async function smallRun(
  options: PhysicsOptions,
): Promise<{ tier: string; threads: number; reasons: string; hash: string }> {
  const physics = await createPhysics({ ...options, capacity: { entities: 256, particles: 64 } })
  for (let i = 0; i < 100; i++) addBody(physics, sphere([i % 5, Math.floor(i / 5) * 0.9, (i * 7) % 3]))
  run(physics, 60)
  const { tier, threads, reasons } = physics.backend
  const result = { tier, threads, reasons: reasons.join(' | '), hash: stateHash(physics) }
  dispose(physics)
  return result
}

describe('what is missing leads to the next tier, with the reason and the same state', () => {
  test('a page that is not cross-origin isolated', async () => {
    const full = await smallRun({ threads: 2 })
    vi.stubGlobal('crossOriginIsolated', false)
    const less = await smallRun({ threads: 2 })
    expect(less).toMatchObject({ tier: 'simd', threads: 1, hash: full.hash })
    expect(less.reasons).toMatch(/not cross-origin isolated/)
  })

  test('no SharedArrayBuffer', async () => {
    const full = await smallRun({ threads: 2 })
    vi.stubGlobal('SharedArrayBuffer', undefined)
    const less = await smallRun({ threads: 2 })
    expect(less).toMatchObject({ tier: 'simd', threads: 1, hash: full.hash })
    expect(less.reasons).toMatch(/SharedArrayBuffer/)
  })

  test('workers that are blocked', async () => {
    const full = await smallRun({ threads: 2 })
    vi.resetModules()
    // As in a browser whose policy forbids workers.
    vi.stubGlobal(
      'Worker',
      class {
        constructor() {
          throw new Error('blocked by the policy')
        }
      },
    )
    const fresh = await import('manybody')
    const physics = await fresh.createPhysics({ threads: 2, capacity: { entities: 64 } })
    expect(physics.backend).toMatchObject({ tier: 'simd', threads: 1 })
    expect(physics.backend.reasons.join()).toMatch(/blocked by the policy/)
    fresh.dispose(physics)
    expect(full.tier).toBe('threads')
  })

  test('no WebAssembly SIMD', async () => {
    const full = await smallRun({ threads: 2 })
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    const less = await smallRun({ threads: 2 })
    expect(less).toMatchObject({ tier: 'js', threads: 1, hash: full.hash })
    expect(less.reasons).toMatch(/SIMD/)
  })

  test('no WebAssembly at all', async () => {
    const full = await smallRun({ threads: 2 })
    vi.stubGlobal('WebAssembly', undefined)
    const less = await smallRun({ threads: 2 })
    expect(less).toMatchObject({ tier: 'js', threads: 1, hash: full.hash })
  })

  test('each better tier that was passed over leaves one sentence', async () => {
    vi.stubGlobal('crossOriginIsolated', false)
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    const physics = await makePhysics({ threads: 2 })
    expect(physics.backend.reasons).toHaveLength(2)
    expect(physics.backend.reasons[0]).toMatch(/^threads off: /)
    expect(physics.backend.reasons[1]).toMatch(/^simd off: /)
  })
})

test('worlds made at the same time all get their threads', async () => {
  vi.resetModules()
  const fresh = await import('manybody')
  const options = { threads: 3, tier: 'threads', capacity: { entities: 64 } } as const
  const worlds = await Promise.all(Array.from({ length: 4 }, () => fresh.createPhysics(options)))
  for (const physics of worlds) {
    expect(physics.backend).toMatchObject({ tier: 'threads', threads: 3, reasons: [] })
    fresh.dispose(physics)
  }
})
