import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/kernel/manifest.ts'
import { findSnippets, readmeSnippets } from '../support/readme.ts'

// Inside the tree, so that types and packages are found as in any other file of it; git ignores it.
const FOLDER = join(ROOT, 'test/docs/.snippets')
const snippets = existsSync(join(ROOT, 'README.md')) ? readmeSnippets() : []
const nameOf = (line: number): string => `readme-line-${line}`

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  for (const { line, code } of snippets) writeFileSync(join(FOLDER, `${nameOf(line)}.ts`), `${code}\nexport {}\n`)
})
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

describe('finding examples', () => {
  test('takes ts blocks only and knows which of them run', () => {
    const text = 'a\n```ts\nlet x = 1\n```\n```sh\nls\n```\n\n```ts no-run\nlet y = 2\nlet z\n```\n'
    expect(findSnippets(text)).toEqual([
      { line: 3, code: 'let x = 1\n', runs: true },
      { line: 10, code: 'let y = 2\nlet z\n', runs: false },
    ])
  })
})

describe('README.md', () => {
  test('has an example that runs', () => {
    expect(snippets.some((snippet) => snippet.runs)).toBe(true)
  })

  test('its examples have no type error', () => {
    const files = snippets.map(({ line }) => `${nameOf(line)}.ts`)
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const config = { extends: '../../../tsconfig.json', compilerOptions, include: [], files }
    writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', FOLDER], { cwd: ROOT, encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  test.each(snippets.filter((snippet) => snippet.runs))('the example of line $line runs and ends', async ({ line }) => {
    const outfile = join(FOLDER, `${nameOf(line)}.mjs`)
    await build({
      entryPoints: [join(FOLDER, `${nameOf(line)}.ts`)],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      alias: { manybody: join(ROOT, 'engine/index.ts') },
      external: ['bitecs', 'three'],
      logLevel: 'silent',
    })
    // A process of its own: an example that leaves workers running would hang its reader's script too.
    const { status, signal, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8', timeout: 20_000 })
    expect(stderr).toBe('')
    expect(signal ?? status).toBe(0)
  })
})
