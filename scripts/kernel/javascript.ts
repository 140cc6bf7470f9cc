/** From a WebAssembly binary to the JavaScript modules that the package imports. */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { transformSync } from 'esbuild'

const binaryenTool = (name: string): string =>
  join(dirname(createRequire(import.meta.url).resolve('binaryen/package.json')), 'bin', name)

/**
 * A module whose default export is the binary, deflated, as base64 text: it works in every bundler, in Node and from a CDN. A third of the
 * size of plain base64 on disk, and two thirds of it over a compressed connection.
 */
export function base64Module(wasm: Uint8Array): string {
  return `export default '${deflateRawSync(wasm, { level: 9 }).toString('base64')}'\n`
}

/** The binary in the text of such a module; undefined when there is none. What deflate makes of it may differ between versions of zlib. */
export function binaryOf(module: string): Uint8Array | undefined {
  const text = /^export default '([A-Za-z0-9+/=]+)'\n$/.exec(module)?.[1]
  try {
    return text ? inflateRawSync(Buffer.from(text, 'base64')) : undefined
  } catch {
    return undefined
  }
}

export const BASE64_TYPES = `/** The kernel's WebAssembly binary, deflated (raw), as base64 text. */
declare const base64: string
export default base64
`

/**
 * The scalar kernel as JavaScript: a module whose default export instantiates it over `{ buffer }` in place of a
 * WebAssembly memory.
 * @param wasmPath a binary without SIMD, atomics or bulk memory.
 */
export function scalarModule(wasmPath: string): string {
  const script = execFileSync(process.execPath, [binaryenTool('wasm2js'), '-O3', '--emscripten', wasmPath], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // In this form wasm2js writes one function `instantiate(imports)`; its other form makes a memory of its own.
  if (!/^function instantiate\(\w+\) \{/m.test(script)) throw new Error('wasm2js wrote an unexpected module')
  const module = `${script}\nexport default instantiate\n`
  // Names and white space only: a rewrite of expressions could change what V8 sees as a number.
  return transformSync(module, { minifyWhitespace: true, minifyIdentifiers: true, format: 'esm', target: 'es2020' })
    .code
}

export const SCALAR_TYPES = `/** Instantiates the scalar kernel. \`imports\` has the names that the WebAssembly build imports, with \`{ buffer }\` as memory. */
export default function instantiate(
  imports: Record<string, Record<string, unknown>>,
): Record<string, ((...args: number[]) => number) & { value: number }>
`
