import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { makeScratch, type Packed, packPackage } from './support.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The package, built and packed once for all files of this folder; or why that failed. */
    packed: Packed | { error: string }
  }
}

export function setup(project: TestProject): () => void {
  const scratch = makeScratch()
  try {
    project.provide('packed', packPackage(scratch))
  } catch (error) {
    // Thrown here, it would end the other projects' tests too.
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string }
    project.provide('packed', { error: [message, stdout, stderr].filter(Boolean).join('\n') })
  }
  return () => rmSync(scratch, { recursive: true, force: true })
}
