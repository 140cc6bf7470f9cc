/** The engine in Chromium: the golden hashes on every tier, and what it does on pages that lack something. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import golden from '../determinism/golden.json' with { type: 'json' }
import { SCENES } from '../determinism/scenes.ts'
import { findChromium, optionalPart } from '../support/optional-parts.ts'
import type { PageCalls } from './page/main.ts'
import { callIn, type Pages, startPages } from './pages.ts'

type Seen = Awaited<ReturnType<PageCalls['hashAfter']>>
/** Hashes on the way, of the first run of each scene: all others have the same. */
const marks: Record<string, string[]> = {}

function expectGolden(seen: Seen, name: keyof typeof golden, tier: string, threads: number): void {
  marks[name] ??= seen.marks
  expect(seen).toEqual({ hash: golden[name], marks: marks[name], tier, threads })
  expect(seen.marks.at(-1)).toBe(seen.hash)
}

describe.skipIf(!optionalPart('Chromium', findChromium()))('in Chromium', () => {
  let pages: Pages
  // The scenes share a page of each kind: what is compiled once serves them all.
  let isolated: Page | undefined
  let plain: Page | undefined
  beforeAll(async () => {
    pages = await startPages()
  })
  afterAll(() => pages?.close())

  describe.each(SCENES)('%s: the golden hash', (scene) => {
    test.each([1, 2, 3, 4, 8])('on %i threads', async (threads) => {
      isolated ??= await pages.open('isolated')
      const seen = await callIn(isolated, 'hashAfter', scene, 'full', { tier: 'threads', threads })
      expectGolden(seen, `${scene}-full`, 'threads', threads)
    })

    test('on a page that is not isolated: tier simd', async () => {
      plain ??= await pages.open('plain')
      const seen = await callIn(plain, 'hashAfter', scene, 'full', {})
      expectGolden(seen, `${scene}-full`, 'simd', 1)
    })

    test('on tier js', async () => {
      plain ??= await pages.open('plain')
      const seen = await callIn(plain, 'hashAfter', scene, 'small', { tier: 'js' })
      expectGolden(seen, `${scene}-small`, 'js', 1)
    })
  })

  test('in double precision, on every tier: the golden hash', async () => {
    isolated ??= await pages.open('isolated')
    plain ??= await pages.open('plain')
    const options = { precision: 'double' } as const
    for (const [page, tier, threads] of [
      [isolated, 'threads', 2],
      [plain, 'simd', 1],
      [plain, 'js', 1],
    ] as const) {
      const seen = await callIn(page, 'hashAfter', 'battle', 'small', { ...options, tier, threads })
      expectGolden(seen, 'battle-small-double', tier, threads)
    }
  })

  test('a world in single precision loads nothing of double, and the other way round', async () => {
    for (const [precision, other] of [
      ['single', /-double/],
      ['double', /(threads|simd|scalar)-[^d]/],
    ] as const) {
      const page = await pages.open('isolated')
      const loaded: string[] = []
      page.on('request', (request) => loaded.push(request.url()))
      expect(await callIn(page, 'backendOf', { threads: 2, precision })).toMatchObject({ tier: 'threads', precision })
      expect(loaded.filter((url) => /threads/.test(url))).toHaveLength(1)
      expect(loaded.filter((url) => other.test(url))).toEqual([])
    }
  })

  describe('what the page lacks', () => {
    test('nothing: threads, without a reason', async () => {
      const page = await pages.open('isolated')
      expect(await callIn(page, 'backendOf', { threads: 2 })).toMatchObject({
        tier: 'threads',
        threads: 2,
        reasons: [],
      })
    })

    test('cross-origin isolation: simd, and the headers that would help', async () => {
      const page = await pages.open('plain')
      const { tier, reasons } = await callIn(page, 'backendOf', { threads: 2 })
      expect(tier).toBe('simd')
      expect(reasons.join()).toMatch(/not cross-origin isolated.*Cross-Origin-Opener-Policy/)
    })

    test('the Worker constructor: simd', async () => {
      const page = await pages.open('isolated', () => {
        globalThis.Worker = class {
          constructor() {
            throw new Error('workers are blocked here')
          }
        } as unknown as typeof Worker
      })
      const { tier, reasons } = await callIn(page, 'backendOf', { threads: 2 })
      expect(tier).toBe('simd')
      expect(reasons.join()).toContain('workers are blocked here')
    })

    test('a policy that lets workers start: simd', async () => {
      const page = await pages.open('workerless')
      const { tier, reasons } = await callIn(page, 'backendOf', { threads: 2 })
      expect(tier).toBe('simd')
      expect(reasons.join()).toMatch(/worker/)
    })

    test('a policy that lets blobs be workers: threads with a self-hosted script', async () => {
      const page = await pages.open('strict')
      expect(await callIn(page, 'backendOf', { threads: 2 })).toMatchObject({ tier: 'simd' })
      const { tier, threads } = await callIn(page, 'backendOf', { threads: 2, workerUrl: './worker.js' })
      expect({ tier, threads }).toEqual({ tier: 'threads', threads: 2 })
    })

    test('a worker that never answers: simd, within a few seconds', async () => {
      const page = await pages.open('isolated', () => {
        globalThis.Worker = class {
          postMessage(): void {}
          terminate(): void {}
        } as unknown as typeof Worker
      })
      const start = performance.now()
      const { tier, reasons } = await callIn(page, 'backendOf', { threads: 2 })
      expect(tier).toBe('simd')
      expect(reasons.join()).toMatch(/no answer/)
      expect(performance.now() - start).toBeLessThan(8000)
    })

    test('WebAssembly SIMD: js', async () => {
      const page = await pages.open('isolated', () => {
        WebAssembly.validate = () => false
      })
      const { tier, reasons } = await callIn(page, 'backendOf', { threads: 2 })
      expect(tier).toBe('js')
      expect(reasons.join()).toMatch(/SIMD/)
    })

    test('WebAssembly: js', async () => {
      const page = await pages.open('isolated', () => {
        Reflect.deleteProperty(globalThis, 'WebAssembly')
      })
      expect(await callIn(page, 'backendOf', { threads: 2 })).toMatchObject({ tier: 'js', threads: 1 })
    })

    test('a policy that lets WebAssembly be compiled: js, with the reason', async () => {
      const page = await pages.open('wasmless')
      const { tier, reasons } = await callIn(page, 'backendOf', { threads: 2 })
      expect(tier).toBe('js')
      expect(reasons.join()).toMatch(/simd off: /)
    })
  })
})
