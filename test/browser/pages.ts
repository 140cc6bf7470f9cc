/** A built page, served with the headers of several kinds of hosts, and a headless Chromium to open it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { WORKER_SOURCE } from '../../engine/kernel/worker.ts'
import { kernelAlias } from '../../scripts/kernel/alias.ts'
import { CHROMIUM_FLAGS, findChromium } from '../support/optional-parts.ts'
import type { PageCalls } from './page/main.ts'

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}
const WASM_ONLY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"

/** Kinds of hosts: the first folder of the address chooses the headers. */
const HOSTS: Record<string, Record<string, string>> = {
  isolated: ISOLATED,
  plain: {},
  /** No worker may start at all. */
  workerless: { ...ISOLATED, 'Content-Security-Policy': `${WASM_ONLY}; worker-src 'none'` },
  /** Only scripts of the host's own may be workers: no blobs. */
  strict: { ...ISOLATED, 'Content-Security-Policy': `${WASM_ONLY}; worker-src 'self'` },
  /** WebAssembly may not be compiled. */
  wasmless: {
    ...ISOLATED,
    'Content-Security-Policy': "default-src 'self'; script-src 'self'; worker-src 'self' blob:",
  },
}
export type Host = 'isolated' | 'plain' | 'workerless' | 'strict' | 'wasmless'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

export interface Pages {
  /** Opens the page of a host; `prepare` runs in it before any of its scripts. */
  open(host: Host, prepare?: () => void): Promise<Page>
  close(): Promise<void>
}

/** Builds the page, serves it and starts the browser. */
export async function startPages(): Promise<Pages> {
  const folder = mkdtempSync(join(tmpdir(), 'manybody-page-'))
  await buildPage(folder)
  const server = await serve(folder)
  const { port } = server.address() as AddressInfo
  const browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] })
  return {
    open: (host, prepare) => openPage(browser, `http://127.0.0.1:${port}/${host}/index.html`, prepare),
    async close() {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function openPage(browser: Browser, address: string, prepare?: () => void): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  if (prepare) await page.addInitScript(prepare)
  await page.goto(address)
  await page.waitForFunction(() => document.title === 'ready')
  return page
}

/** Calls one of the page's functions in it. */
export async function callIn<Name extends keyof PageCalls>(
  page: Page,
  name: Name,
  ...given: Parameters<PageCalls[Name]>
): Promise<Awaited<ReturnType<PageCalls[Name]>>> {
  const call = ([name, given]: [string, unknown[]]): unknown =>
    (globalThis as unknown as Record<string, (...given: unknown[]) => unknown>)[name](...given)
  return (await page.evaluate(call, [name, given] as [string, unknown[]])) as Awaited<ReturnType<PageCalls[Name]>>
}

async function buildPage(outDir: string): Promise<void> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
  await build({
    configFile: false,
    logLevel: 'error',
    root: here('page'),
    base: './',
    resolve: { alias: [{ find: /^manybody$/, replacement: here('../../engine/index.ts') }, ...kernelAlias()] },
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4096 },
  })
}

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const [, host, ...rest] = normalize(new URL(request.url ?? '/', 'http://host').pathname).split('/')
    const path = rest.join('/')
    try {
      const body = path === 'worker.js' ? WORKER_SOURCE : readFileSync(join(folder, path))
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain', ...HOSTS[host] })
      response.end(body)
    } catch {
      response.writeHead(404)
      response.end()
    }
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
