/**
 * The kernel as WebAssembly without SIMD: the binary that wasm2js turns into the package's tier `js`. The package does not
 * hold it, since every engine that runs WebAssembly has SIMD, so the ladder builds it when it needs it and keeps it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { FLAVOURS } from '../../scripts/kernel/flavours.ts'
import { stripCustomSections } from '../../scripts/kernel/inspect.ts'
import { base64Module } from '../../scripts/kernel/javascript.ts'
import { CRATE, ROOT, sourceHash } from '../../scripts/kernel/manifest.ts'
import { findToolchain, remapFlags, type Toolchain, toolchainEnvironment } from '../../scripts/kernel/toolchain.ts'

/** What `import … from 'manybody'` gives, and the scene loader that calls it. */
export type Engine = typeof import('manybody') & Pick<typeof import('../../examples/scenes/scene.ts'), 'loadScene'>

/** Ignored by git; one binary a state of the sources. */
const CACHE = join(CRATE, 'target', 'bench')
/** The loader goes along: it must call this engine and not the other one. */
const ENTRY = `export * from './engine/index.ts'\nexport { loadScene } from './examples/scenes/scene.ts'\n`
const TARGET = 'wasm32-unknown-unknown'

/** The engine whose tier `simd` runs the scalar binary, or one sentence that says why it cannot be had. */
export async function scalarEngine(): Promise<Engine | string> {
  const kernel = scalarKernel()
  if (typeof kernel === 'string') return kernel
  const outfile = join(CACHE, 'scalar-engine.mjs')
  await build({
    stdin: { contents: ENTRY, resolveDir: ROOT },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['bitecs'],
    alias: { manybody: join(ROOT, 'engine/index.ts') },
    logLevel: 'silent',
    plugins: [replaceKernel(kernel)],
  })
  return (await import(`${pathToFileURL(outfile).href}?${kernel.length}-${Date.now()}`)) as Engine
}

function replaceKernel(wasm: Uint8Array): Plugin {
  return {
    name: 'scalar-kernel',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]pkg[\\/]simd\.js$/ }, () => ({ contents: base64Module(wasm) }))
    },
  }
}

/** The binary: as it was built from the same sources before, or built now, which takes up to a minute. */
function scalarKernel(): Uint8Array | string {
  const path = join(CACHE, `scalar-${sourceHash().slice(0, 16)}.wasm`)
  if (!existsSync(path)) {
    const toolchain = findToolchain()
    if (typeof toolchain === 'string') return toolchain
    const wasm = compile(toolchain)
    if (typeof wasm === 'string') return wasm
    if (existsSync(CACHE)) {
      for (const old of readdirSync(CACHE).filter((name) => name.endsWith('.wasm'))) rmSync(join(CACHE, old))
    }
    mkdirSync(CACHE, { recursive: true })
    writeFileSync(path, wasm)
  }
  return readFileSync(path)
}

/** Cargo alone is enough: the crate calls nothing of wasm-bindgen, so its binary needs no glue. */
function compile(toolchain: Toolchain): Uint8Array | string {
  const flavour = FLAVOURS.find(({ name }) => name === 'scalar')!
  const scratch = mkdtempSync(join(tmpdir(), 'manybody-scalar-'))
  // The folder of the kernel build: whichever of the two comes second finds the standard library built.
  const targetDir = join(CRATE, 'target', 'wasm', 'scalar')
  process.stderr.write('ladder: building the scalar kernel\n')
  try {
    const { status, stderr } = spawnSync(
      toolchain.cargo,
      ['build', '--release', '--locked', '--lib', '--target', TARGET, '-Z', 'build-std=std,panic_abort'],
      {
        cwd: CRATE,
        encoding: 'utf8',
        env: {
          ...toolchainEnvironment(toolchain, join(scratch, 'bin')),
          CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: [...flavour.rustflags, ...remapFlags(toolchain, CRATE)].join(
            ' ',
          ),
          CARGO_TARGET_DIR: targetDir,
        },
      },
    )
    if (status !== 0) return `cargo cannot build the scalar kernel: ${stderr?.trim().split('\n').at(-1)}`
    return stripCustomSections(readFileSync(join(targetDir, TARGET, 'release', 'kernel.wasm')))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
