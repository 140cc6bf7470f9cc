import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { beforeAll, describe, expect, test } from 'vitest'
import { findTraces } from '../../scripts/check-traces.ts'
import { FLAVOURS } from '../../scripts/kernel/flavours.ts'
import { makeConsumer, type Packed, packedPackage, readText } from './support.ts'

let packed: Packed
let installed: string

beforeAll(() => {
  packed = packedPackage()
  installed = join(makeConsumer(packed, 'inspected', {}), 'node_modules/manybody')
})

const gzipBytes = (...path: string[]): number => gzipSync(readFileSync(join(installed, ...path)), { level: 9 }).length

describe('the tarball', () => {
  test('holds what users need and nothing else', () => {
    const paths = packed.report.files.map((file) => file.path)
    for (const path of [
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'dist/index.js',
      'dist/types/index.d.ts',
      'dist/debug.js',
      'dist/types/debug/index.d.ts',
      'dist/hud.js',
      'dist/types/hud/index.d.ts',
      'dist/three.js',
      'dist/types/three/index.d.ts',
      'dist/worker.js',
    ]) {
      expect(paths).toContain(path)
    }
    const stray = paths.filter((path) => !/^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path))
    expect(stray).toEqual([])
  })

  test('is below 4.8 MB unpacked, below 2 MB packed', () => {
    // Six kernels: two precisions of three tiers. The two without WebAssembly are two thirds of it.
    expect(packed.report.unpackedSize).toBeLessThan(4_800_000)
    expect(packed.report.size).toBeLessThan(2_000_000)
  })

  test('has no install scripts and no dependencies', () => {
    const manifest = JSON.parse(readText(installed, 'package.json'))
    expect(manifest.dependencies ?? {}).toEqual({})
    const onInstall = ['preinstall', 'install', 'postinstall', 'prepare']
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => onInstall.includes(name))).toEqual([])
  })

  test('all JavaScript ≤ 60.7 kB gzipped, debug draw and helpers apart, each kernel ≤ 221 kB gzipped, 262 kB in double precision', () => {
    // With its functions' names. What a page's bundler leaves of it: see budgets.test.ts.
    expect(gzipBytes('dist/index.js')).toBeLessThanOrEqual(60_650)
    // What a page that steps with threads downloads beside their kernel.
    expect(gzipBytes('dist/kernel/helpers.js')).toBeLessThanOrEqual(1505)
    expect(gzipBytes('dist/debug.js')).toBeLessThanOrEqual(4350)
    expect(gzipBytes('dist/hud.js')).toBeLessThanOrEqual(4120)
    expect(gzipBytes('dist/three.js')).toBeLessThanOrEqual(768)
    for (const tier of ['threads', 'simd']) {
      expect(gzipBytes(`dist/kernel/${tier}.js`)).toBeLessThanOrEqual(221_000)
      expect(gzipBytes(`dist/kernel/${tier}-double.js`)).toBeLessThanOrEqual(262_000)
    }
  })

  test('loads each kernel, and what threads take, from files of their own, only when wanted', () => {
    const entry = readText(installed, 'dist/index.js')
    for (const { name, simd } of FLAVOURS) {
      // Scripts by address, so that they are files to bundlers and no code.
      expect(entry).toContain(
        simd ? `import("./kernel/${name}.js")` : `new URL("./kernel/${name}.js", import.meta.url)`,
      )
    }
    // The engine reads the text modules; binaries beside them would be dead weight.
    expect(entry).toContain('import("./kernel/helpers.js")')
    const files = ['helpers.js', ...FLAVOURS.map(({ name }) => `${name}.js`)]
    expect(readdirSync(join(installed, 'dist/kernel')).sort()).toEqual(files.sort())
    expect(entry).not.toMatch(/^import .*kernel\//m)
  })

  test('has one of everything: the entries beside the core import it', () => {
    expect(readText(installed, 'dist/debug.js')).toMatch(/from\s*["']\.\/index\.js["']/)
    expect(readText(installed, 'dist/hud.js')).toMatch(/from\s*["']\.\/index\.js["']/)
    expect(readText(installed, 'dist/three.js')).toMatch(/from\s*["']\.\/debug\.js["']/)
    expect(readText(installed, 'dist/debug.js')).not.toContain('class PhysicsError')
  })

  test('holds no path of the machine that built it', () => {
    const traces = packed.report.files.flatMap(({ path }) =>
      findTraces(path, readFileSync(join(installed, path)).toString('latin1')),
    )
    expect(traces).toEqual([])
  })

  test('is clean under publint', async () => {
    const { messages } = await publint({ pkgDir: installed, strict: true })
    // The worker is a plain script on purpose, valid as classic and as module script; publint sees Node's `require` in it.
    const isWorkerFormat = (message: (typeof messages)[number]): boolean =>
      message.code === 'FILE_INVALID_FORMAT' && JSON.stringify(message.path).includes('worker.js')
    expect(messages.filter((message) => !isWorkerFormat(message))).toEqual([])
  })

  test('is clean under are-the-types-wrong', async () => {
    const data = new Uint8Array(readFileSync(packed.tarball))
    const result = await checkPackage(createPackageFromTarballData(data))
    if (!result.types) throw new Error('no types found')
    // The package is ESM only, for resolvers that know `exports`: that CommonJS reaches it by import() is the choice itself.
    const problems = result.problems.filter(
      (problem) =>
        problem.kind !== 'CJSResolvesToESM' && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    )
    expect(problems).toEqual([])
  })
})
