/**
 * Takes the pictures of this folder in a headless browser: `npx tsx examples/galaxy/screenshots/take.ts [NAME…]`.
 * Each is the state after a number of steps, so it is the same on every machine but for the last bits of the renderer.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createServer } from 'vite'
import { CHROMIUM_FLAGS, findChromium } from '../../../test/support/optional-parts.ts'
import { readPixels } from '../../view/read-pixels.ts'
import type {} from '../main.ts'
import { encodePalettePng } from './palette-png.ts'

const SIZE = { width: 1280, height: 720 }
/** Steps per call: a page that does not answer for long is given up by the browser. */
const CHUNK = 100
const TIMEOUT = 600_000

/** Name, steps. */
const SHOTS: readonly (readonly [name: string, steps: number])[] = [
  ['opening', 0],
  ['first-passage', 540],
  ['tails', 900],
  ['merger', 1900],
]
/** The page as it runs, in the view for renderers without a graphics device. */
const HUD = { name: 'hud', query: 'quality=low&skip=640', size: { width: 800, height: 450 }, seconds: 15 }

async function main(): Promise<void> {
  const wanted = (name: string): boolean => process.argv.length < 3 || process.argv.includes(name, 2)
  const server = await createServer({ configFile: 'vite.config.ts', server: { port: 0 }, logLevel: 'error' })
  await server.listen()
  const url = `${server.resolvedUrls?.local[0]}galaxy/`
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] })
  try {
    if (SHOTS.some(([name]) => wanted(name))) await takeStills(browser, `${url}?quality=high&hud=0`, wanted)
    if (wanted(HUD.name)) await takeHud(browser, `${url}?${HUD.query}`)
  } finally {
    await browser.close()
    await server.close()
  }
}

async function takeStills(browser: Browser, url: string, wanted: (name: string) => boolean): Promise<void> {
  const page = await openGalaxy(browser, url, SIZE)
  await page.evaluate(() => window.galaxy.pause())
  let done = await page.evaluate(() => window.galaxy.page.merger.frame)
  for (const [name, steps] of SHOTS) {
    if (!wanted(name)) continue
    while (done < steps) done = await advance(page, Math.min(CHUNK, steps - done))
    await waitFrames(page, 3)
    await save(page, name, `step ${done}`)
  }
  await page.close()
}

async function takeHud(browser: Browser, url: string): Promise<void> {
  const page = await openGalaxy(browser, url, HUD.size)
  await page.waitForTimeout(1000 * HUD.seconds)
  await save(page, HUD.name, 'running')
  await page.close()
}

async function openGalaxy(browser: Browser, url: string, viewport: typeof SIZE): Promise<Page> {
  const page = await (await browser.newContext({ viewport })).newPage()
  page.setDefaultTimeout(TIMEOUT)
  // Functions sent to a page may call the helper by which the TypeScript runner keeps their names.
  await page.addInitScript('globalThis.__name ??= (value) => value')
  await page.goto(url)
  await page.waitForFunction(() => window.galaxy)
  await page.evaluate(() => window.galaxy.ready)
  return page
}

async function save(page: Page, name: string, remark: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? SIZE
  const png = encodePalettePng(await readPixels(page, await page.screenshot()), width, height)
  writeFileSync(fileURLToPath(new URL(`${name}.png`, import.meta.url)), png)
  console.log(`${name}.png: ${remark}, ${Math.round(png.length / 1024)} KiB`)
}

/** Does steps without drawing; gives the number done since the start. */
function advance(page: Page, steps: number): Promise<number> {
  return page.evaluate((count) => {
    window.galaxy.skip(count)
    return window.galaxy.page.merger.frame
  }, steps)
}

/** Waits until what the page shows is drawn from its present state. */
function waitFrames(page: Page, count: number): Promise<void> {
  return page.evaluate(
    (frames) =>
      new Promise<void>((resolve) => {
        const onFrame = (): void => {
          if (frames-- > 0) requestAnimationFrame(onFrame)
          else resolve()
        }
        onFrame()
      }),
    count,
  )
}

await main()
