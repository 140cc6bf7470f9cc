/** The TypeScript examples of README.md and of docs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/kernel/manifest.ts'

export interface Snippet {
  /** Line of its file on which the code begins. */
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

/** The examples of README.md and of every page of docs, each with a name that says where it is. */
export function allSnippets(): (Snippet & { name: string })[] {
  const pages = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  ]
  return pages.flatMap((page) =>
    findSnippets(readFileSync(join(ROOT, page), 'utf8')).map((snippet) => ({
      ...snippet,
      name: `${page.replace(/\W/g, '-').toLowerCase()}-line-${snippet.line}`,
    })),
  )
}
