/** The manifest beside the committed kernels: which sources they were built from, by what, and what they are. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ArtefactFacts } from './inspect.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const CRATE = join(ROOT, 'physics-wasm')
export const PKG = join(CRATE, 'pkg')
export const MANIFEST = 'manifest.json'

export interface KernelManifest {
  /** SHA-256 over the crate's sources and over the scripts that decide how they are built. */
  sourceHash: string
  rustc: string
  wasmPack: string
  wasmBindgen: string
  binaryen: string
  /** SIMD instructions by flavour. */
  simdInstructions: Record<string, number>
  artefacts: Record<string, ArtefactFacts>
}

// What decides the bytes of a kernel besides the crate itself.
const BUILD_SCRIPTS = ['build-kernel.ts', 'kernel/flavours.ts', 'kernel/toolchain.ts', 'kernel/javascript.ts']

/** SHA-256 over name and content of every file that decides what the kernels are. */
export function sourceHash(crate: string = CRATE): string {
  const files = [
    ...listFiles(join(crate, 'src')),
    ...['Cargo.toml', 'Cargo.lock', 'build.rs', '.cargo/config.toml'].map((name) => join(crate, name)),
  ].filter((path) => existsSync(path))
  const hash = createHash('sha256')
  for (const path of files) addFile(hash, relative(crate, path), path)
  for (const name of BUILD_SCRIPTS) addFile(hash, name, join(ROOT, 'scripts', name))
  return hash.digest('hex')
}

export function readManifest(pkg: string = PKG): KernelManifest {
  return JSON.parse(readFileSync(join(pkg, MANIFEST), 'utf8')) as KernelManifest
}

function addFile(hash: ReturnType<typeof createHash>, name: string, path: string): void {
  const content = readFileSync(path)
  hash.update(`${name.split(sep).join('/')}\0${content.length}\0`)
  hash.update(content)
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
