/**
 * Takes the pictures of the small examples in a headless browser: `npx tsx examples/gallery/take.ts [NAME…]`.
 * Each is the state some seconds after the start, in steps of a sixtieth of a second, so it is the same on every machine but for the last
 * bits of the renderer.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { createServer } from 'vite'
import { CHROMIUM_FLAGS, findChromium } from '../../test/support/optional-parts.ts'
import { encodePalettePng } from '../galaxy/screenshots/palette-png.ts'
import { readPixels } from '../view/read-pixels.ts'
import type {} from '../view/view.ts'
import { SHOTS, type Shot } from './shots.ts'

const SIZE = { width: 960, height: 540 }
/** Frames after the last step until the picture is taken: the first may have begun before. */
const FRAMES = 2
const TIMEOUT = 300_000

async function main(): Promise<void> {
  const names = process.argv.slice(2)
  const server = await createServer({
    configFile: 'vite.config.ts',
    server: { port: 0, hmr: false, watch: null },
    logLevel: 'error',
  })
  await server.listen()
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] })
  try {
    for (const [name, shots] of Object.entries(SHOTS)) {
      if (names.length === 0 || names.includes(name)) {
        await take(browser, `${server.resolvedUrls?.local[0]}${name}/`, name, shots)
      }
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Pictures of one example, after so many seconds each. */
async function take(browser: Browser, url: string, name: string, shots: readonly Shot[]): Promise<void> {
  const page = await (await browser.newContext({ viewport: SIZE })).newPage()
  page.setDefaultTimeout(TIMEOUT)
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`))
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`))
  // Functions sent to a page may call the helper by which the TypeScript runner keeps their names.
  await page.addInitScript('globalThis.__name ??= (value) => value')
  await page.goto(url)
  await page.waitForFunction(() => window.example)
  await page.evaluate(() => {
    window.example.view.paused = true
  })
  let time = 0
  for (const [index, { at, keys = [] }] of shots.entries()) {
    await page.evaluate((passed) => window.example.skip(passed), at - time)
    time = at
    for (const key of keys) await page.keyboard.press(key)
    const drawn = await page.evaluate(() => window.example.view.frames)
    await page.waitForFunction((frames) => window.example.view.frames >= frames, drawn + FRAMES)
    const png = encodePalettePng(await readPixels(page, await page.screenshot()), SIZE.width, SIZE.height)
    const folder = fileURLToPath(new URL(`../${name}/screenshots/`, import.meta.url))
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}${index + 1}.png`, png)
    console.log(`${name}/screenshots/${index + 1}.png: ${at} s, ${Math.round(png.length / 1024)} KiB`)
  }
  await page.close()
}

await main()
