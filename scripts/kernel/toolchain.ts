/**
 * Finds a Rust compiler that can rebuild the standard library for WebAssembly: one that has its library's source.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** The versions that the committed kernels are built with; the bindgen version is the crate's, exactly. */
export const WASM_PACK_VERSION = '0.15.1'
export const WASM_BINDGEN_VERSION = '0.2.100'

const TARGET = 'wasm32-unknown-unknown'

export interface Toolchain {
  rustc: string
  cargo: string
  /** A working `rust-lld` or `wasm-ld`. */
  linker: string
  sysroot: string
  /** The first line of `rustc --version`. */
  version: string
}

/** The toolchain to build kernels with, or one sentence that says what is missing. */
export function findToolchain(): Toolchain | string {
  const compiler = findCompiler()
  if (!compiler) return 'no Rust compiler with its library source (scripts/setup installs one)'
  const linker = findLinker(compiler.sysroot)
  if (!linker) return 'no rust-lld or wasm-ld'
  for (const [tool, version] of [
    ['wasm-pack', WASM_PACK_VERSION],
    ['wasm-bindgen', WASM_BINDGEN_VERSION],
  ] as const) {
    const found = output(tool, ['--version'])?.split(' ')[1]
    if (found !== version) return `${tool} ${version} is needed, ${found ?? 'none'} found (scripts/setup installs it)`
  }
  return { ...compiler, linker }
}

/**
 * An environment in which `rustc`, `cargo` and wasm-pack's probes all mean the given toolchain.
 * @param binDir an empty folder for links to the compiler, put first on PATH: wasm-pack calls plain `rustc`.
 */
export function toolchainEnvironment(toolchain: Toolchain, binDir: string): NodeJS.ProcessEnv {
  mkdirSync(binDir, { recursive: true })
  for (const [name, path] of [
    ['rustc', toolchain.rustc],
    ['cargo', toolchain.cargo],
  ] as const) {
    if (!existsSync(join(binDir, name))) symlinkSync(path, join(binDir, name))
  }
  // wasm-pack wants this folder, although build-std fills none of it.
  const libDir = output(toolchain.rustc, ['--print', 'target-libdir', '--target', TARGET])
  if (libDir) mkdirSync(libDir, { recursive: true })
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: binDir + delimiter + (process.env.PATH ?? ''),
    RUSTC: toolchain.rustc,
    CARGO: toolchain.cargo,
    RUSTC_BOOTSTRAP: '1',
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: toolchain.linker,
  }
  // These would reach the host's build too, or silently take the place of the flavour's flags.
  delete env.RUSTFLAGS
  delete env.CARGO_ENCODED_RUSTFLAGS
  delete env.RUSTUP_TOOLCHAIN
  return env
}

/** Flags that take every folder of this machine out of panic messages. */
export function remapFlags(toolchain: Toolchain, checkout: string): string[] {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
  const registry = join(cargoHome, 'registry', 'src')
  // rustc takes the last rule that matches: from the widest folder to the narrowest.
  const rules: [string, string][] = [
    [homedir(), '~'],
    [join(toolchain.sysroot, 'lib', 'rustlib', 'src', 'rust'), 'rust'],
    [cargoHome, 'cargo'],
    ...(existsSync(registry) ? readdirSync(registry) : []).map((index): [string, string] => [
      join(registry, index),
      'crates',
    ]),
    [checkout, 'manybody'],
  ]
  return rules.map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
}

function findCompiler(): Omit<Toolchain, 'linker'> | undefined {
  // Debian's rustc-web first: it is what CI has; then any nightly of rustup.
  const candidates: [string, string][] = [['/usr/bin/rustc', '/usr/bin/cargo']]
  const nightly = output('rustup', ['which', '--toolchain', 'nightly', 'rustc'])
  if (nightly) candidates.push([nightly, join(dirname(nightly), 'cargo')])
  for (const [rustc, cargo] of candidates) {
    if (!existsSync(rustc) || !existsSync(cargo)) continue
    const sysroot = output(rustc, ['--print', 'sysroot'])
    const version = output(rustc, ['--version'])
    if (!sysroot || !version) continue
    if (existsSync(join(sysroot, 'lib/rustlib/src/rust/library/Cargo.lock'))) return { rustc, cargo, sysroot, version }
  }
  return undefined
}

function findLinker(sysroot: string): string | undefined {
  const sysroots = [sysroot]
  for (const name of output('rustup', ['toolchain', 'list'])?.split('\n') ?? []) {
    const path = output('rustup', ['run', name.split(' ')[0] as string, 'rustc', '--print', 'sysroot'])
    if (path) sysroots.push(path)
  }
  const candidates = sysroots.flatMap((root) => {
    const libs = join(root, 'lib', 'rustlib')
    if (!existsSync(libs)) return []
    return readdirSync(libs).map((host) => join(libs, host, 'bin', 'rust-lld'))
  })
  for (const major of [22, 21, 20, 19, 18]) candidates.push(`/usr/bin/wasm-ld-${major}`)
  // existsSync follows links, so that Debian's dangling /usr/bin/rust-lld does not count.
  return candidates.find((path) => existsSync(path))
}

function output(command: string, args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
