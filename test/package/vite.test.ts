import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { FLAVOURS } from '../../scripts/kernel/flavours.ts'
import { CHROMIUM_FLAGS, findChromium, optionalPart } from '../support/optional-parts.ts'
import { FALL } from './consumers.ts'
import { makeConsumer, type Packed, packedPackage, readText, runNode, toolPath } from './support.ts'

const CHROMIUM = findChromium()
/** Bytes, gzipped, of the script that the page loads before any kernel. */
const VITE_ENTRY = 24_000
const VITE = join(toolPath('vite'), 'bin/vite.js')

const PAGE = `<!doctype html><meta charset="utf-8"><title>consumer</title><script type="module" src="/main.js"></script>\n`
const MAIN = `import { fall } from './fall.js'

const tier = new URLSearchParams(location.search).get('tier') ?? 'auto'
fall({ tier }).then(
  (result) => { window.result = result },
  (error) => { window.result = { error: String(error) } },
)
`
// The headers that threads need, as the README gives them; the project without them has no config at all.
const ISOLATED = `const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

export default { server: { headers }, preview: { headers } }
`

let packed: Packed
let folder: string

beforeAll(() => {
  packed = packedPackage()
  folder = makeConsumer(packed, 'vite-consumer', {
    'index.html': PAGE,
    'main.js': MAIN,
    'fall.js': FALL,
    'node.js': "import { fall } from './fall.js'\n\nconsole.log((await fall()).hash)\n",
    'isolated.config.js': ISOLATED,
  })
})

let server: ChildProcess | undefined
afterEach(() => {
  server?.kill()
  server = undefined
})

/** Starts Vite in the consumer and returns the address that it prints. */
function serve(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [VITE, ...args, '--host', '127.0.0.1'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  })
  server = child
  return new Promise((resolve, reject) => {
    let text = ''
    const listen = (data: Buffer): void => {
      text += data.toString('utf8')
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)
      if (address) resolve(address[0])
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('exit', () => reject(new Error(`vite ended: ${text}`)))
  })
}

describe('the installed package in an empty Vite project', () => {
  test('builds without any configuration and without a warning, each kernel in a file of its own', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [VITE, 'build'], { cwd: folder, encoding: 'utf8' })
    // Not of large chunks either: the kernels without WebAssembly are files beside them.
    expect(stdout + stderr).not.toMatch(/warn|error|larger than/i)
    expect(status, stdout + stderr).toBe(0)
    const assets = readdirSync(join(folder, 'dist/assets'))
    for (const { name } of FLAVOURS) {
      // The bundler's hash has eight characters.
      const chunk = new RegExp(`^${name}-.{8}\\.js$`)
      expect(assets.filter((asset) => chunk.test(asset))).toHaveLength(1)
    }
    const entry = assets.find((asset) => asset.startsWith('index-')) as string
    // The engine without what the page does not import, and bitECS: 23.5 kB when this was written.
    expect(gzipSync(readText(folder, 'dist/assets', entry)).length).toBeLessThan(VITE_ENTRY)
  })
})

describe.skipIf(!optionalPart('Chromium', CHROMIUM))('the same project in Chromium', () => {
  let browser: Browser
  let expected: string

  beforeAll(async () => {
    spawnSync(process.execPath, [VITE, 'build'], { cwd: folder })
    expected = runNode(folder, 'node.js').trim()
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: [...CHROMIUM_FLAGS] })
  })
  afterAll(() => browser?.close())

  interface Result {
    tier: string
    threads: number
    hash: string
    reasons: string[]
    error?: string
  }

  /** The page's own result, every complaint of its console, and the kernels that it fetched. */
  async function open(address: string): Promise<{ result: Result; complaints: string[]; kernels: string[] }> {
    const page = await browser.newPage()
    const kernels: string[] = []
    page.on('request', (request) => {
      const name = /\/(?:threads|simd|scalar)(?:-double)?(?=[-.])/.exec(new URL(request.url()).pathname)
      if (name) kernels.push(name[0].slice(1))
    })
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !message.text().includes('favicon'))
        complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(address)
    const handle = await page.waitForFunction(() => (globalThis as { result?: unknown }).result, undefined, {
      timeout: 60_000,
    })
    const result = (await handle.jsonValue()) as never
    await page.close()
    return { result, complaints: complaints.filter((text) => !/404/.test(text)), kernels }
  }

  test.each([
    ['preview of the build', ['preview', '--port', '0', '--config', 'isolated.config.js']],
    ['development server', ['--port', '0', '--config', 'isolated.config.js']],
  ])('%s, cross-origin isolated: threads, and the bits of Node', async (_, args) => {
    const { result, complaints, kernels } = await open(await serve(...args))
    expect(complaints).toEqual([])
    expect(kernels).toEqual(['threads'])
    expect(result.tier).toBe('threads')
    expect(result.hash).toBe(expected)
  })

  test.each([
    ['preview of the build', ['preview', '--port', '0']],
    ['development server', ['--port', '0']],
  ])('%s without headers: simd with the reason, and the same bits', async (_, args) => {
    const { result, complaints, kernels } = await open(await serve(...args))
    expect(complaints).toEqual([])
    expect(kernels).toEqual(['simd'])
    expect(result.tier).toBe('simd')
    expect(result.reasons.join()).toMatch(/isolated/)
    expect(result.hash).toBe(expected)
  })

  test.each([
    ['preview of the build', ['preview', '--port', '0']],
    ['development server', ['--port', '0']],
  ])('%s, tier js: its script alone, from the file beside the bundle, and the same bits', async (_, args) => {
    const { result, complaints, kernels } = await open(`${await serve(...args)}?tier=js`)
    expect(complaints).toEqual([])
    expect(kernels).toEqual(['scalar'])
    expect(result.error).toBeUndefined()
    expect(result.tier).toBe('js')
    expect(result.hash).toBe(expected)
  })
})
