/**
 * Builds the kernel's flavours from the Rust crate into `physics-wasm/pkg`.
 *
 *   npm run build:kernel -- [--out FOLDER] [--crate FOLDER] [--only threads,simd,scalar,threads-double,…]
 *
 * binaryen's wasm-opt is not run: on these kernels it changed no step time beyond the noise, and 2 % of the size.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { FLAVOURS, type Flavour } from './kernel/flavours.ts'
import { type ArtefactFacts, countSimd, factsOf, stripCustomSections } from './kernel/inspect.ts'
import { BASE64_TYPES, base64Module, SCALAR_TYPES, scalarModule } from './kernel/javascript.ts'
import { CRATE, type KernelManifest, MANIFEST, PKG, sourceHash } from './kernel/manifest.ts'
import {
  findToolchain,
  remapFlags,
  type Toolchain,
  toolchainEnvironment,
  WASM_BINDGEN_VERSION,
  WASM_PACK_VERSION,
} from './kernel/toolchain.ts'

interface Job {
  crate: string
  out: string
  scratch: string
  toolchain: Toolchain
}

function main(): void {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, crate: { type: 'string' }, only: { type: 'string' } },
  })
  const toolchain = findToolchain()
  if (typeof toolchain === 'string') throw new Error(`cannot build the kernels: ${toolchain}`)
  const crate = resolve(values.crate ?? CRATE)
  const out = resolve(values.out ?? (values.crate ? join(crate, 'pkg') : PKG))
  const only = values.only?.split(',')
  const flavours = FLAVOURS.filter((flavour) => !only || only.includes(flavour.name))
  const scratch = mkdtempSync(join(tmpdir(), 'manybody-kernel-'))
  mkdirSync(out, { recursive: true })
  try {
    const job = { crate, out, scratch, toolchain }
    const simdInstructions: Record<string, number> = {}
    for (const flavour of flavours) simdInstructions[flavour.name] = buildFlavour(job, flavour)
    if (!only) writeManifest(job, simdInstructions)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Builds one flavour and writes its files; returns its number of SIMD instructions. */
function buildFlavour(job: Job, flavour: Flavour): number {
  const began = performance.now()
  console.log(`${flavour.name}: ${flavour.title}`)
  const wasm = stripCustomSections(compile(job, flavour))
  const types = flavour.simd ? BASE64_TYPES : SCALAR_TYPES
  if (flavour.simd) {
    writeFileSync(join(job.out, `${flavour.name}.wasm`), wasm)
    writeFileSync(join(job.out, `${flavour.name}.js`), base64Module(wasm))
  } else {
    const path = join(job.scratch, `${flavour.name}.wasm`)
    writeFileSync(path, wasm)
    writeFileSync(join(job.out, `${flavour.name}.js`), scalarModule(path))
  }
  writeFileSync(join(job.out, `${flavour.name}.d.ts`), types)
  const { simd } = countSimd(wasm)
  const { bytes, gzipBytes } = factsOf(wasm)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(`${flavour.name}: ${bytes} bytes (${gzipBytes} gzipped), ${simd} SIMD instructions, ${seconds} s`)
  return simd
}

/** Runs wasm-pack and returns the binary that wasm-bindgen left. Its JavaScript glue is not used. */
function compile(job: Job, flavour: Flavour): Uint8Array {
  const outDir = join(job.scratch, flavour.name)
  const flags = [...flavour.rustflags, ...remapFlags(job.toolchain, job.crate)]
  const env = {
    ...toolchainEnvironment(job.toolchain, join(job.scratch, 'bin')),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: flags.join(' '),
    // A folder for each set of flags: the standard libraries differ, and a shared folder would rebuild them every time.
    CARGO_TARGET_DIR: join(job.crate, 'target', 'wasm', flavour.base),
  }
  const args = ['build', '--target', 'web', '--mode', 'no-install', '--out-dir', outDir, '--no-typescript', '--no-pack']
  const cargo = ['-Z', 'build-std=std,panic_abort', ...flavour.features.flatMap((name) => ['--features', name])]
  const { status, error } = spawnSync('wasm-pack', [...args, '.', ...cargo], { cwd: job.crate, env, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) throw new Error(`wasm-pack failed on ${flavour.name} with status ${status}`)
  const wasm = readdirSync(outDir).find((name) => name.endsWith('_bg.wasm'))
  if (!wasm) throw new Error(`wasm-pack left no binary for ${flavour.name}`)
  return readFileSync(join(outDir, wasm))
}

function writeManifest(job: Job, simdInstructions: Record<string, number>): void {
  const artefacts: Record<string, ArtefactFacts> = {}
  for (const name of readdirSync(job.out).sort()) {
    if (name !== MANIFEST && /\.(wasm|js)$/.test(name)) artefacts[name] = factsOf(readFileSync(join(job.out, name)))
  }
  const manifest: KernelManifest = {
    sourceHash: sourceHash(job.crate),
    rustc: job.toolchain.version,
    wasmPack: WASM_PACK_VERSION,
    wasmBindgen: WASM_BINDGEN_VERSION,
    binaryen: createRequire(import.meta.url)('binaryen/package.json').version,
    simdInstructions,
    artefacts,
  }
  writeFileSync(join(job.out, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
}

main()
