import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/kernel/manifest.ts'

const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
const folder = mkdtempSync(join(tmpdir(), 'manybody-cycles-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lints a small tree with the repository's own rules. */
function lint(files: Record<string, string>): { status: number | null; text: string } {
  const root = mkdtempSync(join(folder, 'tree-'))
  copyFileSync(join(ROOT, 'biome.json'), join(root, 'biome.json'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  spawnSync('git', ['init', '-q', root])
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIOME, 'lint', '--error-on-warnings', '.'], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, text: stdout + stderr }
}

describe('the import rules', () => {
  test('a cycle over three files fails', () => {
    const { status, text } = lint({
      'engine/a.ts': "import { b } from './b.ts'\nexport const a = () => b()\n",
      'engine/b.ts': "import { c } from './c.ts'\nexport const b = () => c()\n",
      'engine/c.ts': "import { a } from './a.ts'\nexport const c = () => a()\n",
    })
    expect(text).toContain('noImportCycles')
    expect(status).not.toBe(0)
  })

  test('the same files without the last import pass', () => {
    const { status, text } = lint({
      'engine/a.ts': "import { b } from './b.ts'\nexport const a = () => b()\n",
      'engine/b.ts': "import { c } from './c.ts'\nexport const b = () => c()\n",
      'engine/c.ts': 'export const c = () => 1\n',
    })
    expect(text).not.toContain('noImportCycles')
    expect(status).toBe(0)
  })

  test.each([
    ['the engine may not import the examples', 'engine/a.ts', '../examples/scenes/field.ts'],
    ['the engine may not import the tests', 'engine/a.ts', '../test/reference/step.ts'],
    ['the engine may not import three', 'engine/a.ts', 'three'],
    ['the sim may not import three', 'examples/galactic-wars/sim/a.ts', 'three'],
    ['the sim may not import the view', 'examples/galactic-wars/sim/a.ts', '../view/hud.ts'],
    ['memory may not import the step', 'engine/memory/a.ts', '../step.ts'],
    ['the oracle may not import the engine', 'test/reference/a.ts', '../../engine/index.ts'],
  ])('%s', (_, path, specifier) => {
    const { status, text } = lint({ [path]: `import * as it from '${specifier}'\n\nexport const all = it\n` })
    expect(text).toContain('noRestrictedImports')
    expect(status).not.toBe(0)
  })
})
