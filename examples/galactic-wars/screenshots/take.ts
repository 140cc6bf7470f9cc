/**
 * Takes the pictures of this folder in a headless browser: `npx tsx examples/galactic-wars/screenshots/take.ts [NAME…]`.
 * The stills are the state after a number of steps, so they are the same on every machine but for the last bits of the renderer.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { createServer } from 'vite'
import { CHROMIUM_FLAGS, findChromium } from '../../../test/support/optional-parts.ts'
import { encodePalettePng } from '../../galaxy/screenshots/palette-png.ts'
import { readPixels } from '../../view/read-pixels.ts'
import type {} from '../main.ts'

const SIZE = { width: 1280, height: 720 }
/** Steps per call: a page that does not answer for long is given up by the browser. */
const CHUNK = 220
const TIMEOUT = 600_000
/** Shots and sparks everywhere: more colours would make the files a third larger, and nobody would see them. */
const COLORS = 96

/** What is asked of the page, steps, and for how long it then runs, s. */
interface Shot {
  query: string
  steps: number
  runs: number
}

const SHOTS: Readonly<Record<string, Shot>> = {
  opening: { query: 'quality=high&hud=0&camera=opening', steps: 400, runs: 0 },
  fight: { query: 'quality=high&hud=0&camera=fight', steps: 660, runs: 0 },
  /** The page as it runs, in the view for renderers without a graphics device. */
  hud: { query: 'quality=points&camera=fight', steps: 300, runs: 12 },
}

async function main(): Promise<void> {
  const server = await createServer({ configFile: 'vite.config.ts', server: { port: 0 }, logLevel: 'error' })
  await server.listen()
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] })
  try {
    for (const [name, shot] of Object.entries(SHOTS)) {
      if (process.argv.length < 3 || process.argv.includes(name, 2)) {
        await take(browser, `${server.resolvedUrls?.local[0]}?${shot.query}`, name, shot)
      }
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

async function take(browser: Browser, url: string, name: string, { steps, runs }: Shot): Promise<void> {
  const page = await (await browser.newContext({ viewport: SIZE })).newPage()
  page.setDefaultTimeout(TIMEOUT)
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`))
  // Functions sent to a page may call the helper by which the TypeScript runner keeps their names.
  await page.addInitScript('globalThis.__name ??= (value) => value')
  await page.goto(url)
  await page.waitForFunction(() => window.galacticWars)
  await page.evaluate(() => window.galacticWars.ready)
  for (let done = 0; done < steps; done += CHUNK) {
    await page.evaluate((count) => window.galacticWars.skip(count), Math.min(CHUNK, steps - done))
  }
  if (runs > 0) await page.evaluate(() => window.galacticWars.resume())
  await page.waitForTimeout(1000 * runs)
  // The page asked for its next frame before this does, so it has drawn it then.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)))
  const png = encodePalettePng(await readPixels(page, await page.screenshot()), SIZE.width, SIZE.height, COLORS)
  writeFileSync(fileURLToPath(new URL(`${name}.png`, import.meta.url)), png)
  console.log(
    `${name}.png: step ${await page.evaluate(() => window.galacticWars.game.galaxy.frame)}, ${Math.round(png.length / 1024)} KiB`,
  )
  await page.close()
}

await main()
