/** The TypeScript examples of README.md. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/kernel/manifest.ts'

export interface Snippet {
  /** Line of README.md on which the code begins. */
  line: number
  code: string
  /** Whether it runs in plain Node; a block fenced as `ts no-run` is type-checked only. */
  runs: boolean
}

/** Every fenced `ts` block of a text, in order. */
export function findSnippets(markdown: string): Snippet[] {
  return [...markdown.matchAll(/^```ts\b([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length + 1,
    code: match[2] as string,
    runs: !/\bno-run\b/.test(match[1] as string),
  }))
}

export function readmeSnippets(): Snippet[] {
  return findSnippets(readFileSync(join(ROOT, 'README.md'), 'utf8'))
}
