import { describe, expect, test } from 'vitest'
import { checkTraces, findTraces } from '../../scripts/check-traces.ts'
import { ROOT } from '../../scripts/kernel/manifest.ts'

// Put together here, so that this file holds no trace itself.
const slash = '/'
const host = ['npmjs', 'org'].join('.')

describe('check-traces', () => {
  test('finds nothing in the repository', () => {
    expect(checkTraces(ROOT)).toEqual([])
  })

  test.each([
    ['a home folder', `see ${slash}root/project/file.ts`],
    ['a user’s folder', `"${slash}home/someone/x"`],
    ['a temporary file', `open('${slash}tmp/out.json')`],
    ['a panic message in a binary', `\0\0${slash}work/main/src/lib.rs\0`],
    ['cargo’s registry', ['registry', 'src', 'index-1949'].join(slash)],
    ['a registry host', `https:${slash}${slash}registry.${host}${slash}left-pad`],
  ])('finds %s', (_, text) => {
    expect(findTraces('some/file', text)).toHaveLength(1)
  })

  test('finds download addresses in lock files only', () => {
    const text = '{ "resolved": "anything" }'
    expect(findTraces('package-lock.json', text)).toHaveLength(1)
    expect(findTraces('engine/step.ts', text)).toEqual([])
  })

  test.each([
    ['a folder of that name inside the tree', 'examples/work/a.ts, ./tmp/x, ../root/y'],
    ['a division', 'const ratio = work/home/2'],
    ['an address', 'https://example.org/home/page'],
    ['the device list', '/usr/bin/chromium'],
  ])('lets %s pass', (_, text) => {
    expect(findTraces('some/file', text)).toEqual([])
  })

  test('says the line', () => {
    expect(findTraces('a.ts', `one\ntwo\n'${slash}tmp/x'`)[0]).toMatch(/^a\.ts:3: /)
  })
})
