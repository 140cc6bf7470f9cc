/** What can be read from a built kernel without running it. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import binaryen from 'binaryen'

/** Facts about one artefact, as the manifest holds them. */
export interface ArtefactFacts {
  bytes: number
  gzipBytes: number
  sha256: string
}

export function factsOf(content: Uint8Array): ArtefactFacts {
  return {
    bytes: content.length,
    gzipBytes: gzipSync(content, { level: 9 }).length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
}

/** How many instructions of a module work on the SIMD type, how many of them are of the relaxed SIMD proposal, and how many grow the memory. */
export function countSimd(wasm: Uint8Array): { simd: number; relaxed: number; grows: number } {
  // The second parameter is there, although binaryen's types give it to a function of another name.
  const read = binaryen.readBinary as (data: Uint8Array, features: number) => ReturnType<typeof binaryen.readBinary>
  const module = read(wasm, binaryen.Features.All)
  const text = module.emitText()
  module.dispose()
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
  return {
    simd: count(/\((?:v128|i8x16|i16x8|i32x4|i64x2|f32x4|f64x2)\.[a-z]/g),
    relaxed: count(/\((?:i8x16|i16x8|i32x4|i64x2|f32x4|f64x2)\.(?:relaxed_|dot_i8x16_i7x16)/g),
    grows: count(/\(memory\.grow/g),
  }
}

/** Every trace of the building machine in a binary: absolute source paths and names of registry folders. */
export function findMachinePaths(content: Uint8Array): string[] {
  const text = Buffer.from(content).toString('latin1')
  return text.match(/\/(?:root|home|work|tmp|Users|usr|opt|build)\/[\w.+/-]*|registry\/src[\w./-]*/g) ?? []
}

/** Every trace of panic messages in a binary: names of source files, and words of the standard library's messages. */
export function findPanicText(content: Uint8Array): string[] {
  const text = Buffer.from(content).toString('latin1')
  return text.match(/[\w/-]+\.rs\b|panicked|out of bounds|memory allocation/g) ?? []
}

/** The module without its custom sections (names, producers, features): nothing that runs reads them. */
export function stripCustomSections(wasm: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [wasm.subarray(0, 8)]
  let at = 8
  while (at < wasm.length) {
    const start = at
    const id = wasm[at++]
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] as number
      size += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    at += size
    if (id !== 0) kept.push(wasm.subarray(start, at))
  }
  return Buffer.concat(kept)
}
