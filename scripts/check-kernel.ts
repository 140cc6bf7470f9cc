/**
 * Checks the built kernels against their manifest and against what every kernel must be.
 *
 *   npm run check:kernel -- [--pkg FOLDER] [--like FOLDER]
 *
 * With `--like`, kernels that the same compiler built from the same sources must be the same bytes as those of that folder.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { FLAVOURS, type Flavour } from './kernel/flavours.ts'
import { countSimd, factsOf, findMachinePaths, findPanicText } from './kernel/inspect.ts'
import { binaryOf } from './kernel/javascript.ts'
import { CRATE, type KernelManifest, PKG, readManifest, sourceHash } from './kernel/manifest.ts'

/** Everything that is wrong with the kernels in a folder, one sentence each; empty when all is well. */
export function checkKernels(pkg: string = PKG, crate: string = CRATE): string[] {
  let manifest: KernelManifest
  try {
    manifest = readManifest(pkg)
  } catch (error) {
    return [`no readable manifest: ${(error as Error).message}`]
  }
  const problems: string[] = []
  if (manifest.sourceHash !== sourceHash(crate)) {
    problems.push('stale: the crate or its build scripts changed after the kernels were built (npm run build:kernel)')
  }
  for (const flavour of FLAVOURS) problems.push(...checkFlavour(pkg, flavour, manifest))
  return problems
}

/** What differs between two builds by the same compiler from the same sources; empty when compiler or sources differ. */
export function checkReproduced(pkg: string, like: string): string[] {
  const [ours, theirs] = [readManifest(pkg), readManifest(like)]
  const madeBy = ({ sourceHash, rustc, wasmPack, wasmBindgen, binaryen }: KernelManifest): string =>
    [sourceHash, rustc, wasmPack, wasmBindgen, binaryen].join()
  if (madeBy(ours) !== madeBy(theirs)) return []
  // The module around a binary is its deflated text, which another zlib may write otherwise.
  const wraps = (name: string): boolean => name.replace(/\.js$/, '.wasm') in theirs.artefacts
  return Object.keys(theirs.artefacts)
    .filter((name) => !name.endsWith('.js') || !wraps(name))
    .filter((name) => ours.artefacts[name]?.sha256 !== theirs.artefacts[name]?.sha256)
    .map((name) => `${name}: another build of the same sources by the same compiler gave other bytes`)
}

function checkFlavour(pkg: string, flavour: Flavour, manifest: KernelManifest): string[] {
  const names = flavour.simd ? [`${flavour.name}.wasm`, `${flavour.name}.js`] : [`${flavour.name}.js`]
  const problems: string[] = []
  const contents = new Map<string, Buffer>()
  for (const name of names) {
    try {
      const content = readFileSync(join(pkg, name))
      contents.set(name, content)
      const expected = manifest.artefacts[name]
      if (expected?.sha256 !== factsOf(content).sha256) problems.push(`${name}: not the file that the manifest names`)
      const paths = findMachinePaths(content)
      if (paths.length > 0) problems.push(`${name}: holds paths of the machine that built it: ${paths[0]}`)
    } catch {
      problems.push(`${name}: missing`)
    }
  }
  if (manifest.simdInstructions[flavour.name] === undefined) problems.push(`${flavour.name}: not in the manifest`)
  const wasm = contents.get(`${flavour.name}.wasm`)
  if (wasm) problems.push(...checkBinary(flavour, wasm, contents.get(`${flavour.name}.js`)))
  else if (!flavour.simd && manifest.simdInstructions[flavour.name] !== 0) {
    problems.push(`${flavour.name}: was built with SIMD instructions`)
  }
  return problems
}

function checkBinary(flavour: Flavour, wasm: Buffer, module: Buffer | undefined): string[] {
  const problems: string[] = []
  if (!WebAssembly.validate(new Uint8Array(wasm))) problems.push(`${flavour.name}.wasm: not a valid module`)
  try {
    const { simd, relaxed, grows } = countSimd(wasm)
    if (simd === 0) problems.push(`${flavour.name}.wasm: holds no SIMD instruction`)
    // Relaxed instructions give other bits on other machines.
    if (relaxed > 0) problems.push(`${flavour.name}.wasm: holds ${relaxed} relaxed SIMD instructions`)
    // Memory comes from TypeScript, once: an allocator would write over the columns.
    if (grows > 0) problems.push(`${flavour.name}.wasm: holds ${grows} instructions that grow the memory`)
  } catch (error) {
    problems.push(`${flavour.name}.wasm: cannot be read: ${(error as Error).message}`)
  }
  const panics = findPanicText(wasm)
  if (panics.length > 0) problems.push(`${flavour.name}.wasm: holds panic messages: ${panics[0]}`)
  if (module && Buffer.compare(binaryOf(module.toString('utf8')) ?? new Uint8Array(), wasm) !== 0) {
    problems.push(`${flavour.name}.js: not the text of ${flavour.name}.wasm`)
  }
  return problems
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { pkg: { type: 'string' }, like: { type: 'string' } } })
  const pkg = values.pkg ? resolve(values.pkg) : PKG
  const problems = checkKernels(pkg)
  if (values.like) problems.push(...checkReproduced(pkg, resolve(values.like)))
  for (const problem of problems) console.error(`kernel: ${problem}`)
  if (problems.length === 0) console.log('kernel: the manifest is current, the binaries are as they should be')
  process.exitCode = problems.length > 0 ? 1 : 0
}
