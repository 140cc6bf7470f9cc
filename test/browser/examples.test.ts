/** Every page of the examples in a real browser: it starts, steps and draws, without an error. */

import { type Browser, chromium } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOTS } from '../../examples/gallery/shots.ts'
import type {} from '../../examples/view/view.ts'
import { CHROMIUM_FLAGS, findChromium } from '../support/optional-parts.ts'

let server: ViteDevServer
let browser: Browser
const chromiumPath = findChromium()

describe.skipIf(!chromiumPath)('the page of', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    const options = { port: 0, hmr: false, watch: null } as const
    server = await createServer({ configFile: 'vite.config.ts', server: options, logLevel: 'error' })
    await server.listen()
    browser = await chromium.launch({ executablePath: chromiumPath, args: [...CHROMIUM_FLAGS] })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test.each(Object.keys(SHOTS))('%s', async (name) => {
    const page = await (await browser.newContext({ viewport: { width: 240, height: 135 } })).newPage()
    page.setDefaultTimeout(100_000)
    const errors: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${server.resolvedUrls?.local[0]}${name}/`)
    await page.waitForFunction(() => window.example?.view.frames > 2)
    // Each key of its own, a click, a reset: none may fail.
    const codes = await page.evaluate(() => Object.keys(window.example.view.keys))
    for (const code of [...codes, 'KeyD', 'KeyR', 'Space', 'Period', 'KeyH', 'KeyH']) await page.keyboard.press(code)
    await page.mouse.click(120, 70)
    const drawn = await page.evaluate(() => window.example.view.frames)
    await page.waitForFunction((frames) => window.example.view.frames > frames + 2, drawn)
    expect(await page.title()).toContain('manybody')
    expect(await page.locator('.manybody-hud header span').textContent()).toMatch(/fps|paused/)
    expect(errors).toEqual([])
    await page.close()
  })
})
