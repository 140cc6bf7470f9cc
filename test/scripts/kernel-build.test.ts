import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import binaryen from 'binaryen'
import { afterAll, describe, expect, test } from 'vitest'
import { checkKernels, checkReproduced } from '../../scripts/check-kernel.ts'
import { countSimd, findMachinePaths, stripCustomSections } from '../../scripts/kernel/inspect.ts'
import { base64Module, binaryOf, scalarModule } from '../../scripts/kernel/javascript.ts'
import { MANIFEST, PKG, readManifest } from '../../scripts/kernel/manifest.ts'
import { findToolchain } from '../../scripts/kernel/toolchain.ts'
import { optionalPart } from '../support/optional-parts.ts'

const folder = mkdtempSync(join(tmpdir(), 'manybody-kernel-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const wasmOf = (text: string, features = binaryen.Features.All): Uint8Array => {
  const module = binaryen.parseText(text)
  module.setFeatures(features)
  const wasm = module.emitBinary()
  module.dispose()
  return wasm
}

const ADDER = `(module
  (import "env" "memory" (memory 1))
  (import "env" "now" (func $now (result f64)))
  (data (i32.const 16) "\\2a\\00\\00\\00")
  (func (export "add") (param i32) (result i32)
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (local.get 0)))
    (i32.load (i32.const 16)))
  (func (export "sum32") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1)))
  (func (export "time") (result f64) (call $now)))`

const SPLAT = '(module (func (export "f") (param f32) (result v128) (f32x4.splat (local.get 0))))'
const RELAXED = `(module (func (export "f") (param v128 v128 v128) (result v128)
  (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))`

describe('the committed kernels', () => {
  test('are current and as they should be', () => {
    expect(checkKernels()).toEqual([])
  })

  test('fit their size budget: 221 kB gzipped each, 262 kB in double precision', () => {
    const { artefacts } = readManifest()
    for (const tier of ['threads', 'simd']) {
      expect(artefacts[`${tier}.wasm`]?.gzipBytes).toBeLessThanOrEqual(221_000)
      expect(artefacts[`${tier}-double.wasm`]?.gzipBytes).toBeLessThanOrEqual(262_000)
      // Deflated, the text module is no larger a download than the binary.
      expect(artefacts[`${tier}.js`]?.gzipBytes).toBeLessThanOrEqual(221_000)
    }
  })
})

describe('check-kernel', () => {
  /** The problems of a copy of the committed kernels after `spoil` changed it. */
  function problemsAfter(spoil: (pkg: string) => void): string {
    const pkg = mkdtempSync(join(folder, 'pkg-'))
    for (const name of readdirSync(PKG)) writeFileSync(join(pkg, name), readFileSync(join(PKG, name)))
    spoil(pkg)
    return checkKernels(pkg).join('\n')
  }
  const editManifest = (pkg: string, edit: (manifest: ReturnType<typeof readManifest>) => void): void => {
    const manifest = readManifest(pkg)
    edit(manifest)
    writeFileSync(join(pkg, MANIFEST), JSON.stringify(manifest))
  }

  test('finds sources that changed after the build', () => {
    const problems = problemsAfter((pkg) =>
      editManifest(pkg, (manifest) => Object.assign(manifest, { sourceHash: '0' })),
    )
    expect(problems).toContain('stale')
  })

  test('finds a kernel without SIMD', () => {
    const problems = problemsAfter((pkg) => {
      const wasm = wasmOf('(module (func (export "f")))')
      writeFileSync(join(pkg, 'simd.wasm'), wasm)
      writeFileSync(join(pkg, 'simd.js'), base64Module(wasm))
    })
    expect(problems).toContain('simd.wasm: holds no SIMD instruction')
    expect(problems).toContain('not the file that the manifest names')
  })

  test('finds relaxed SIMD', () => {
    const problems = problemsAfter((pkg) => writeFileSync(join(pkg, 'threads.wasm'), wasmOf(RELAXED)))
    expect(problems).toContain('relaxed SIMD')
  })

  test('finds a path of the building machine', () => {
    const path = ['', 'root', '.cargo', 'lib.rs'].join('/')
    const problems = problemsAfter((pkg) => {
      const wasm = wasmOf(`(module (import "e" "m" (memory 1)) (data (i32.const 0) "${path}"))`)
      writeFileSync(join(pkg, 'threads.wasm'), wasm)
    })
    expect(problems).toContain(path)
  })

  test('finds a scalar build with SIMD, a missing file, and text that is not the binary', () => {
    const scalar = problemsAfter((pkg) =>
      editManifest(pkg, (manifest) => Object.assign(manifest.simdInstructions, { scalar: 3 })),
    )
    expect(scalar).toContain('scalar: was built with SIMD')
    expect(problemsAfter((pkg) => rmSync(join(pkg, 'scalar.js')))).toContain('scalar.js: missing')
    expect(problemsAfter((pkg) => writeFileSync(join(pkg, 'simd.js'), 'export default ""'))).toContain(
      'not the text of',
    )
    expect(problemsAfter((pkg) => rmSync(join(pkg, MANIFEST)))).toContain('no readable manifest')
  })
})

describe('a second build', () => {
  /** What is said of a copy of the committed kernels whose manifest was edited. */
  function differencesAfter(edit: (manifest: ReturnType<typeof readManifest>) => void): string[] {
    const pkg = mkdtempSync(join(folder, 'second-'))
    const manifest = readManifest()
    edit(manifest)
    writeFileSync(join(pkg, MANIFEST), JSON.stringify(manifest))
    return checkReproduced(pkg, PKG)
  }
  const spoil = (manifest: ReturnType<typeof readManifest>): void => {
    Object.assign(manifest.artefacts['simd.wasm'] as object, { sha256: '0' })
  }

  test('by the same compiler must be the same bytes', () => {
    expect(differencesAfter(() => {})).toEqual([])
    expect(differencesAfter(spoil)).toEqual([expect.stringContaining('simd.wasm')])
  })

  test('by another compiler, or of other sources, may differ', () => {
    expect(differencesAfter((manifest) => [spoil(manifest), Object.assign(manifest, { rustc: 'rustc 9' })])).toEqual([])
    expect(differencesAfter((manifest) => [spoil(manifest), Object.assign(manifest, { sourceHash: '9' })])).toEqual([])
  })
})

describe('a binary as a module', () => {
  test('comes out as it went in', () => {
    const wasm = wasmOf(ADDER)
    expect(binaryOf(base64Module(wasm))).toEqual(Buffer.from(wasm))
  })

  test('is undefined in any other text', () => {
    expect(binaryOf('export default ""')).toBeUndefined()
    expect(binaryOf("export default 'AAAA'\n")).toBeUndefined()
  })
})

describe('inspecting a binary', () => {
  test('counts SIMD and relaxed SIMD', () => {
    expect(countSimd(wasmOf(ADDER))).toEqual({ simd: 0, relaxed: 0, grows: 0 })
    expect(countSimd(wasmOf(SPLAT))).toEqual({ simd: 1, relaxed: 0, grows: 0 })
    expect(countSimd(wasmOf(RELAXED))).toEqual({ simd: 1, relaxed: 1, grows: 0 })
  })

  test('strips custom sections only', () => {
    const plain = wasmOf(SPLAT)
    const section = [0, 6, 4, 110, 97, 109, 101, 0] // a custom section "name" of one byte
    const named = Buffer.concat([plain, Buffer.from(section)])
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(named), 'name')).toHaveLength(1)
    const stripped = stripCustomSections(named)
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(new Uint8Array(stripped)), 'name')).toEqual([])
    expect(Buffer.compare(stripped, stripCustomSections(plain))).toBe(0)
  })

  test('finds no path in plain names', () => {
    expect(findMachinePaths(Buffer.from('manybody/src/step.rs rust/library/core/src/fmt.rs'))).toEqual([])
  })
})

describe('the scalar kernel as JavaScript', () => {
  test('runs over a given buffer, with data, imports and single precision', async () => {
    const path = join(folder, 'adder.wasm')
    writeFileSync(path, wasmOf(ADDER, binaryen.Features.MVP))
    const module = join(folder, 'adder.mjs')
    writeFileSync(module, scalarModule(path))
    const { default: instantiate } = await import(/* @vite-ignore */ module)
    const memory = { buffer: new ArrayBuffer(65_536) }
    const kernel = instantiate({ env: { memory, now: () => 7.5 } })
    expect(new Int32Array(memory.buffer)[4]).toBe(42)
    expect(kernel.add(3)).toBe(45)
    expect(new Int32Array(memory.buffer)[4]).toBe(45)
    expect(kernel.sum32(0.1, 0.2)).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)))
    expect(kernel.time()).toBe(7.5)
  })
})

test('the kernel toolchain is complete where it is required', () => {
  const toolchain = findToolchain()
  if (!optionalPart('the kernel toolchain', typeof toolchain !== 'string')) return
  expect(toolchain).toMatchObject({ linker: expect.stringContaining('ld'), version: expect.stringContaining('rustc') })
})
