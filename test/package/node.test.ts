import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { readmeSnippets } from '../support/readme.ts'
import { FALL, MISTYPED, TYPED } from './consumers.ts'
import { makeConsumer, type Packed, packedPackage, runNode, toolPath } from './support.ts'

let packed: Packed
let folder: string

beforeAll(() => {
  packed = packedPackage()
  folder = makeConsumer(packed, 'node-consumer', {
    'fall.js': FALL,
    'node.js':
      "import { fall } from './fall.js'\n\nconsole.log(JSON.stringify(await fall({ tier: process.argv[2], threads: Number(process.argv[3]) })))\n",
    'required.cjs':
      "const { createPhysics, dispose } = require('manybody')\n\ncreatePhysics({ threads: 1 }).then(dispose)\n",
    'import-only.js': "import * as manybody from 'manybody'\n\nconsole.log(Object.keys(manybody).length)\n",
    'typed.ts': TYPED,
    'mistyped.ts': MISTYPED,
  })
})

const run = (tier: string, threads: number): { tier: string; hash: string; bodies: number } =>
  JSON.parse(runNode(folder, 'node.js', tier, String(threads)))

describe('the installed package in plain Node', () => {
  test('runs the README’s example, and the process ends by itself', () => {
    const snippet = readmeSnippets().find(({ runs }) => runs)
    if (!snippet) throw new Error('README.md has no example')
    const { code } = transformSync(snippet.code, { loader: 'ts', format: 'esm', target: 'es2022' })
    const consumer = makeConsumer(packed, 'readme-consumer', { 'readme.js': code })
    runNode(consumer, 'readme.js')
  })

  test('runs every tier and gives the same state on each', () => {
    const results = [run('threads', 2), run('simd', 1), run('js', 1)]
    expect(results.map((result) => result.tier)).toEqual(['threads', 'simd', 'js'])
    expect(new Set(results.map((result) => result.hash)).size).toBe(1)
    expect(results[0]?.bodies).toBe(200)
  })

  test('does nothing on import', () => {
    expect(Number(runNode(folder, 'import-only.js'))).toBeGreaterThan(10)
  })

  test.each(['bundler', 'nodenext'])('type-checks in a strict project (moduleResolution %s)', (moduleResolution) => {
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext'
    const compile = (file: string): string => {
      const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', module, '--types', '']
      const tsc = join(toolPath('typescript'), 'bin/tsc')
      const args = [tsc, ...options, '--moduleResolution', moduleResolution, file]
      return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout
    }
    // bitECS' own declarations are not ours to answer for.
    const errors = compile('typed.ts').split('\n')
    expect(errors.filter((line) => line !== '' && !line.includes('node_modules/bitecs'))).toEqual([])
    expect(compile('mistyped.ts')).toMatch(/mistyped\.ts.*error TS2322/)
  })
})
