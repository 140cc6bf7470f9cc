/** Headless Chromium for the budget check, and what can be measured without the demo. */
import { existsSync, readdirSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const USUAL_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Known to work headless, as root and without a graphics device; a real one is used when ANGLE finds it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
]
const SOFTWARE_FLAGS = ['--disable-gpu', '--use-angle=swiftshader']

/** Path of the browser: CHROMIUM_PATH or MANYBODY_CHROMIUM, or where it usually is. Undefined when there is none. */
export function chromiumPath(): string | undefined {
  const named = [process.env.CHROMIUM_PATH, process.env.MANYBODY_CHROMIUM].filter((path) => path !== undefined)
  return [...named, ...USUAL_PATHS].find((path) => existsSync(path))
}

/**
 * Starts the browser with a fresh profile.
 *
 * @param hardware leave the graphics device on; otherwise the processor draws, which is the same on every machine
 */
export async function launchBrowser(hardware: boolean): Promise<Browser> {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('no Chromium: install it, or name it in CHROMIUM_PATH')
  return chromium.launch({ executablePath, headless: true, args: hardware ? FLAGS : [...FLAGS, ...SOFTWARE_FLAGS] })
}

/** Functions sent to a page may call the helper by which the TypeScript runner keeps their names. */
const NAME_HELPER = 'globalThis.__name ??= (value) => value'

/** A page that can run functions of this process. */
export async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(NAME_HELPER)
  await page.goto('about:blank')
  return page
}

/** The name that WebGL gives its renderer; `none` without WebGL. */
export async function rendererName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2')
    const info = gl?.getExtension('WEBGL_debug_renderer_info')
    if (!gl) return 'none'
    return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  })
}

/** Intervals (ms) between animation frames of an empty page: how even this machine presents when nothing is asked of it. */
export async function quietIntervals(page: Page, frames: number): Promise<Float64Array> {
  const intervals = await page.evaluate(
    (count) =>
      new Promise<number[]>((resolve) => {
        const stamps: number[] = []
        const onFrame = (now: number): void => {
          stamps.push(now)
          if (stamps.length <= count) requestAnimationFrame(onFrame)
          else resolve(stamps.slice(1).map((stamp, index) => stamp - stamps[index]))
        }
        requestAnimationFrame(onFrame)
      }),
    frames,
  )
  return Float64Array.from(intervals)
}

/**
 * Gives the browser's drawing process the lowest priority, where the processor stands in for a graphics device: it then
 * takes the cores that the page leaves, as a device would, rather than taking them from the page. Linux only.
 *
 * @returns how many threads were lowered; 0 where that is not possible
 */
export async function lowerRasteriser(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  let lowered = 0
  for (const { id } of processInfo.filter(({ type }) => type === 'GPU')) {
    const tasks = `/proc/${id}/task`
    // On Linux priority belongs to the thread; threads started later inherit it.
    for (const thread of existsSync(tasks) ? readdirSync(tasks) : []) {
      try {
        setPriority(Number(thread), constants.priority.PRIORITY_LOW)
        lowered++
      } catch {
        // The thread has ended since.
      }
    }
  }
  return lowered
}
