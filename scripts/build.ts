/**
 * Builds the package into `dist/`: a JavaScript file an entry, a lazily loaded chunk per kernel, and types.
 *
 *   npm run build
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { WORKER_SOURCE } from '../engine/kernel/worker.ts'
import { checkKernels } from './check-kernel.ts'
import { FLAVOURS } from './kernel/flavours.ts'
import { PKG, ROOT } from './kernel/manifest.ts'

const DIST = join(ROOT, 'dist')

/** Types of a file imported by path, as bundlers give it: its address. */
const ADDRESS_TYPES = `/** The address of the file (with \`?url\` where the bundler asks for it). */
declare const url: string
export default url
`

async function main(): Promise<void> {
  const problems = checkKernels()
  if (problems.length > 0) throw new Error(`will not pack these kernels:\n${problems.join('\n')}`)
  rmSync(DIST, { recursive: true, force: true })
  await bundle()
  copyKernels()
  writeWorker()
  emitTypes()
}

// Each kernel stays a file of its own behind its dynamic import: a page fetches only the tier that it runs.
const kernelsApart: Plugin = {
  name: 'kernels-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /\/physics-wasm\/pkg\/[\w-]+\.js$/ }, ({ path }) => ({
      path: `./kernel/${basename(path)}`,
      external: true,
    }))
  },
}

/** The package's entries: what a page does not import, it does not download. */
const ENTRIES = { index: 'engine/index.ts', debug: 'engine/debug/index.ts', three: 'engine/three/index.ts' } as const

// An entry that uses another one imports it, so that there is one of everything, of `PhysicsError` before all.
const entriesApart: Plugin = {
  name: 'entries-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /\/index\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point') return undefined
      const wanted = join(resolveDir, path)
      const name = Object.entries(ENTRIES).find(([, entry]) => join(ROOT, entry) === wanted)?.[0]
      return name === undefined ? undefined : { path: `./${name}.js`, external: true }
    })
  },
}

async function bundle(): Promise<void> {
  await build({
    entryPoints: Object.entries(ENTRIES).map(([out, entry]) => ({ in: join(ROOT, entry), out })),
    outdir: DIST,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    // Names stay readable in a stack trace; a page's own bundler shortens them, and 3 kB more go.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    external: ['bitecs', 'three', 'node:*'],
    plugins: [kernelsApart, entriesApart],
    logLevel: 'warning',
  })
}

function copyKernels(): void {
  const folder = join(DIST, 'kernel')
  mkdirSync(folder, { recursive: true })
  for (const { name } of FLAVOURS) copyFileSync(join(PKG, `${name}.js`), join(folder, `${name}.js`))
}

/** The script that the engine starts from its text, for pages that must host it themselves (`workerUrl`). */
function writeWorker(): void {
  writeFileSync(join(DIST, 'worker.js'), WORKER_SOURCE)
  writeFileSync(join(DIST, 'worker.d.ts'), ADDRESS_TYPES)
}

function emitTypes(): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' })
  const types = join(DIST, 'types')
  const reached = new Set<string>()
  for (const entry of Object.values(ENTRIES)) {
    rewriteTypes(join(types, entry.replace(/^engine\//, '').replace(/\.ts$/, '.d.ts')), reached)
  }
  // What no public type mentions is not published.
  for (const entry of readdirSync(types, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !reached.has(path)) rmSync(path)
  }
  for (const entry of readdirSync(types, { withFileTypes: true })) {
    const path = join(types, entry.name)
    if (entry.isDirectory() && readdirSync(path).length === 0) rmSync(path, { recursive: true })
  }
}

/** Gives a declaration file's relative imports the extension `.js`, which every resolution mode understands. */
function rewriteTypes(path: string, reached: Set<string>): void {
  if (reached.has(path) || !existsSync(path)) return
  reached.add(path)
  const next: string[] = []
  const text = readFileSync(path, 'utf8').replace(/(['"])(\.\.?\/[^'"]+)\.ts\1/g, (_, quote: string, name: string) => {
    next.push(join(dirname(path), `${name}.d.ts`))
    return `${quote}${name}.js${quote}`
  })
  writeFileSync(path, text)
  for (const other of next) rewriteTypes(other, reached)
}

await main()
