import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/kernel/manifest.ts'
import { allSnippets, findSnippets } from '../support/readme.ts'

// Inside the tree, so that types and packages are found as in any other file of it; git ignores it.
const FOLDER = join(ROOT, 'test/docs/.snippets')
const snippets = allSnippets()

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  for (const { name, code } of snippets) writeFileSync(join(FOLDER, `${name}.ts`), `${code}\nexport {}\n`)
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

describe('README.md and docs', () => {
  test('have examples that run', () => {
    for (const page of ['readme', 'docs-rigid-bodies']) {
      expect(snippets.some(({ name, runs }) => runs && name.startsWith(page))).toBe(true)
    }
  })

  test('the examples have no type error', () => {
    const files = snippets.map(({ name }) => `${name}.ts`)
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const config = { extends: '../../../tsconfig.json', compilerOptions, include: [], files }
    writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', FOLDER], { cwd: ROOT, encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  test.each(snippets.filter((snippet) => snippet.runs))('$name runs and ends', async ({ name }) => {
    const outfile = join(FOLDER, `${name}.mjs`)
    await build({
      entryPoints: [join(FOLDER, `${name}.ts`)],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      alias: {
        'manybody/debug': join(ROOT, 'engine/debug/index.ts'),
        'manybody/hud': join(ROOT, 'engine/hud/index.ts'),
        'manybody/three': join(ROOT, 'engine/three/index.ts'),
        manybody: join(ROOT, 'engine/index.ts'),
      },
      external: ['bitecs', 'three'],
      logLevel: 'silent',
    })
    // A process of its own: an example that leaves workers running would hang its reader's script too.
    const { status, signal, stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8', timeout: 20_000 })
    expect(stderr).toBe('')
    expect(signal ?? status).toBe(0)
  })
})
