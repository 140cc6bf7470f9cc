import { resolve } from 'node:path'

/**
 * Kernels built elsewhere in the place of the committed ones: with MANYBODY_KERNEL_DIR set, the engine's imports from
 * `physics-wasm/pkg` go to that folder in Vite and Vitest.
 */
export function kernelAlias(): { find: RegExp; replacement: string }[] {
  return kernelFolders().map((folder) => ({ find: /^.*\/physics-wasm\/pkg\//, replacement: `${folder}/` }))
}

/** The folder that MANYBODY_KERNEL_DIR names, if any: a server must be allowed to read it. */
export function kernelFolders(): string[] {
  const folder = process.env.MANYBODY_KERNEL_DIR
  return folder ? [resolve(folder)] : []
}
