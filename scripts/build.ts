/**
 * Builds the package into `dist/`: a JavaScript file an entry, a lazily loaded chunk per kernel, and types.
 *
 *   npm run build
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { build, type Plugin, transformSync } from 'esbuild'
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
  for (const entry of [...Object.keys(ENTRIES), HELPERS]) shortenLocals(join(DIST, `${entry}.js`))
  loadScriptsByAddress()
  copyKernels()
  writeWorker()
  emitTypes()
}

// Each kernel stays a file of its own behind its dynamic import, and so do the helpers: a page fetches only the tier that it runs.
const kernelsApart: Plugin = {
  name: 'kernels-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /\/physics-wasm\/pkg\/[\w-]+\.js$|^\.\/kernel\/helpers\.ts$/ }, ({ path }) => ({
      path: `./kernel/${basename(path, '.ts').replace(/(\.js)?$/, '.js')}`,
      external: true,
    }))
    // The worker's script is a text, which no minifier looks into.
    bundler.onLoad({ filter: /\/engine\/kernel\/worker\.ts$/ }, () => ({
      contents: `export const WORKER_SOURCE = ${JSON.stringify(minified(WORKER_SOURCE))}`,
    }))
  },
}

function minified(script: string): string {
  return transformSync(script, { minify: true, target: 'es2022' }).code.trim()
}

/** The package's entries: what a page does not import, it does not download. */
const ENTRIES = {
  index: 'engine/index.ts',
  debug: 'engine/debug/index.ts',
  hud: 'engine/hud/index.ts',
  three: 'engine/three/index.ts',
} as const

/** What threads need beside their kernel. */
const HELPERS = 'kernel/helpers'

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
    entryPoints: Object.entries({ ...ENTRIES, [HELPERS]: `engine/${HELPERS}.ts` }).map(([out, entry]) => ({
      in: join(ROOT, entry),
      out,
    })),
    outdir: DIST,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    minifyWhitespace: true,
    minifySyntax: true,
    external: ['bitecs', 'three', 'node:*'],
    plugins: [kernelsApart, entriesApart],
    logLevel: 'warning',
  })
}

/** `import {…} from "…"` and `export {…}`, as esbuild writes them. */
const LINKS = /\b(?:import\s*\{[^}]*\}\s*from\s*"[^"]*"|export\s*\{[^}]*\});?\s*/g

/**
 * Shortens the names inside functions. Those of functions stay, for stack traces: esbuild keeps the top names of what is no module, so imports
 * and exports are put aside meanwhile.
 */
function shortenLocals(path: string): void {
  const text = joinImports(readFileSync(path, 'utf8'))
  // To bundlers `**` may have effects: a constant made by it stays in bundles that do not use it.
  const plain = text.replace(LINKS, '').replace(/\b2\*\*-?\d+\b/g, (power) => String(2 ** Number(power.slice(3))))
  const { code } = transformSync(plain, {
    minifyWhitespace: true,
    minifyIdentifiers: true,
    target: 'es2022',
    lineLimit: 160,
  })
  // Imports first.
  const moved = (text.match(LINKS) ?? []).sort().reverse()
  // Empty tables are left out where nobody uses them; the marks of the sources are gone by now.
  const marked = code.replace(/([=:])new (Float64Array|Uint32Array)\(/g, '$1/* @__PURE__ */new $2(')
  writeFileSync(path, moved.map((line) => `${line.trim().replace(/;$/, '')};\n`).join('') + marked)
}

/**
 * One import for each name: esbuild has one for each of our modules, `hasComponent as hasComponent2`, and what of them a page does not use stays in
 * its bundle.
 */
function joinImports(text: string): string {
  const imports = /\bimport\s*\{([^}]*)\}\s*from\s*("[^"]*");?\s*/g
  const locals = new Map<string, string[]>()
  for (const [, list, from] of text.matchAll(imports)) {
    for (const specifier of list!.split(',')) {
      const [name, local = name] = specifier.trim().split(/\s+as\s+/) as [string, string?]
      locals.set(`${name} ${from}`, [...(locals.get(`${name} ${from}`) ?? []), local])
    }
  }
  const lists = new Map<string, string[]>()
  let joined = text.replace(imports, '')
  for (const [key, names] of locals) {
    const [name, from] = key.split(' ') as [string, string]
    // The name itself where it is one of them: only those with a number go, which are esbuild's own and nobody else's.
    const kept = names.includes(name) ? name : names[0]!
    for (const other of names) {
      if (other !== kept) joined = joined.replace(new RegExp(`(?<![\\w$])${other}(?![\\w$])`, 'g'), kept)
    }
    lists.set(from, [...(lists.get(from) ?? []), kept === name ? name : `${name} as ${kept}`])
  }
  return [...lists].map(([from, all]) => `import{${all.join(',')}}from${from};`).join('') + joined
}

/**
 * The kernels without WebAssembly are scripts of over a megabyte that hardly any page loads. Imported by address they are files beside the
 * bundle, which bundlers copy as they are; imported by name they would be chunks that bundlers parse, minify and warn about.
 */
function loadScriptsByAddress(): void {
  const path = join(DIST, 'index.js')
  let text = readFileSync(path, 'utf8')
  for (const { name } of FLAVOURS.filter((flavour) => !flavour.simd)) {
    const byName = `import("./kernel/${name}.js")`
    if (text.split(byName).length !== 2) throw new Error(`expected one ${byName} in index.js`)
    const address = `new URL("./kernel/${name}.js", import.meta.url)`
    text = text.replace(byName, `import(/* @vite-ignore */ /* webpackIgnore: true */ ${address}.href)`)
  }
  writeFileSync(path, text)
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
