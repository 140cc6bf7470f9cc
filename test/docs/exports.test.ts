import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/kernel/manifest.ts'

const pages = readdirSync(join(ROOT, 'docs')).map((file) => ({
  file,
  text: readFileSync(join(ROOT, 'docs', file), 'utf8'),
}))
const code = pages.flatMap(({ text }) => [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] as string))

/** Names that a module exports, by name or where it declares them. */
function exportsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const named = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap((match) =>
    (match[1] as string).split(','),
  )
  const declared = [...text.matchAll(/^export (?:async )?(?:function|const|interface|type|class) (\w+)/gm)]
  return [
    ...named.map((name) => name.replace('type ', '').trim()),
    ...declared.map((match) => match[1] as string),
  ].filter((name) => name !== '')
}

/** The anchor of a heading, as GitHub makes it. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}

describe('docs', () => {
  test.each(['engine/index.ts', 'engine/debug/index.ts', 'engine/hud/index.ts', 'engine/three/index.ts'])(
    'name all that %s exports',
    (path) => {
      const names = exportsOf(path)
      expect(names.length).toBeGreaterThan(1)
      const missing = names.filter((name) => !code.some((span) => new RegExp(`\\b${name}\\b`).test(span)))
      expect(missing).toEqual([])
    },
  )

  test('name every capacity and every error', () => {
    const reference = readFileSync(join(ROOT, 'docs/api.md'), 'utf8')
    const settings = readFileSync(join(ROOT, 'engine/settings.ts'), 'utf8')
    const capacity = settings.match(/interface Capacity \{([^}]*)\}/)?.[1] ?? ''
    const fields = [...capacity.matchAll(/^ {2}(\w+): number/gm)].map((match) => match[1] as string)
    const errors = readFileSync(join(ROOT, 'engine/errors.ts'), 'utf8').match(/'E_\w+'/g) ?? []
    expect(fields.length).toBeGreaterThan(8)
    expect(errors.length).toBeGreaterThan(5)
    const names = [...fields, ...errors.map((code) => code.slice(1, -1))]
    expect(names.filter((name) => !reference.includes(`| \`${name}\``))).toEqual([])
  })

  test.each(['README.md', 'CHANGELOG.md', ...pages.map(({ file }) => `docs/${file}`)])(
    '%s links to what is there',
    (page) => {
      const text = readFileSync(join(ROOT, page), 'utf8')
      const folder = page.startsWith('docs/') ? 'docs' : ''
      const broken = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].filter(([, path, id]) => {
        const target = path ? join(ROOT, folder, path) : join(ROOT, page)
        if (!existsSync(target)) return true
        if (id === undefined) return false
        const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map((match) =>
          anchor(match[1] as string),
        )
        return !headings.includes(id)
      })
      expect(broken.map(([link]) => link)).toEqual([])
    },
  )
})
