import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, launchBrowser, openPage, quietIntervals, rendererName } from '../../bench/budget/browser.ts'
import { collectFrames, openDemo } from '../../bench/budget/demo.ts'
import { optionalPart } from '../support/optional-parts.ts'

/** A page that logs itself as the demo does: the physics of frame n takes 2 + n/1000 ms, every third frame does no step. */
const PAGE = `<!doctype html><script>
  const ring = () => new Float32Array(64)
  const frameLog = {
    capacity: 64, physics: ring(), main: ring(), presented: ring(), steps: new Uint8Array(64), index: 0,
  }
  const onFrame = () => {
    const slot = frameLog.index % 64
    frameLog.steps[slot] = frameLog.index % 3 ? 1 : 0
    frameLog.physics[slot] = frameLog.steps[slot] ? 2 + frameLog.index / 1000 : 0
    frameLog.main[slot] = frameLog.index
    frameLog.presented[slot] = 16
    frameLog.index++
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
  window.galacticWars = {
    ready: new Promise((resolve) => setTimeout(resolve, 50)),
    frameLog,
    firstFrameMs: 123,
    quality: new URLSearchParams(location.search).get('quality'),
    backend: { tier: crossOriginIsolated ? 'threads' : 'simd', threads: 2, reasons: ['because'] },
    dropped: 0.5,
    counts: () => ({ ships: 500 }),
    stats: () => ({ stages: { solve: 1 } }),
  }
</script>`

/** A page whose game cannot start. */
const BROKEN = `<!doctype html><script>
  window.galacticWars = { ready: Promise.reject(new Error('no memory')) }
</script>`

const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

describe.skipIf(!optionalPart('Chromium', chromiumPath()))('budget: driving a page', () => {
  let browser: Browser
  let server: Server
  let url: string

  beforeAll(async () => {
    browser = await launchBrowser(false)
    server = createServer((request, response) => {
      const isolation = request.url?.startsWith('/isolated') ? ISOLATION : {}
      response
        .writeHead(200, { 'Content-Type': 'text/html', ...isolation })
        .end(request.url === '/broken' ? BROKEN : PAGE)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  test('names the renderer and measures the quiet page', async () => {
    const page = await openPage(await browser.newContext())
    expect(await rendererName(page)).toMatch(/\w/)
    const quiet = await quietIntervals(page, 30)
    expect(quiet).toHaveLength(30)
    expect(Math.min(...quiet)).toBeGreaterThanOrEqual(0)
  })

  test('takes every frame once, in order, also when the rings are shorter than the run', async () => {
    const { page, context, firstFrameMs, backend, isolated, quality } = await openDemo(
      browser,
      `${url}isolated?quality=points`,
    )
    expect({ firstFrameMs, isolated, quality }).toEqual({ firstFrameMs: 123, isolated: true, quality: 'points' })
    expect(backend).toEqual({ tier: 'threads', threads: 2, reasons: ['because'] })
    const { log, stages, counts, dropped } = await collectFrames(page, 90, 5)
    expect(log.main.length).toBeGreaterThanOrEqual(90)
    expect(log.presented).toHaveLength(log.main.length)
    expect([...log.main].every((frame, index) => frame === log.main[0] + index)).toBe(true)
    expect(Math.min(...log.physics)).toBeGreaterThan(2)
    expect(log.physics.length / log.main.length).toBeCloseTo(2 / 3, 1)
    expect(Math.max(...stages.solve)).toBe(1)
    expect({ counts, dropped }).toEqual({ counts: { ships: 500 }, dropped: 0.5 })
    await context.close()
  })

  test('a page without isolation headers says so', async () => {
    const { context, backend, isolated } = await openDemo(browser, url)
    expect(isolated).toBe(false)
    expect(backend.tier).toBe('simd')
    await context.close()
  })

  test('a demo that cannot start is an error with its reason', async () => {
    await expect(openDemo(browser, `${url}broken`)).rejects.toThrow(/did not start: .*no memory/s)
  })
})
