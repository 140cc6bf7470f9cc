import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/kernel/manifest.ts'
import { totalsOf } from '../../scripts/sum-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'manybody-sum-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const CARGO = `running 3 tests
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
`
const report = (passed: number, failed: number, testResults: unknown[] = []): string =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 1, numTodoTests: 0, testResults })

function sum(...results: (string | undefined)[]): { status: number | null; lastLine: string | undefined } {
  const paths = results.map((text, index) => {
    const path = join(folder, `${index}.txt`)
    if (text === undefined) rmSync(path, { force: true })
    else writeFileSync(path, text)
    return path
  })
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs')
  const script = join(ROOT, 'scripts/sum-tests.ts')
  const { status, stdout } = spawnSync(process.execPath, [tsx, script, ...paths], { encoding: 'utf8' })
  return { status, lastLine: stdout.trim().split('\n').pop() }
}

describe('sum-tests', () => {
  test('adds cargo and Vitest results', () => {
    expect(totalsOf(CARGO)).toEqual({ passed: 7, failed: 0, skipped: 1 })
    expect(sum(CARGO, report(10, 0))).toEqual({ status: 0, lastLine: '17 passed, 0 failed, 2 skipped' })
  })

  test('fails on a failed test', () => {
    expect(sum(CARGO, report(10, 2))).toEqual({ status: 1, lastLine: '17 passed, 2 failed, 2 skipped' })
  })

  test('counts a file that failed before its tests were known', () => {
    const lost = report(1, 0, [{ status: 'failed', assertionResults: [] }])
    expect(totalsOf(lost).failed).toBe(1)
  })

  test('fails on a run that left no result, or ran nothing', () => {
    expect(sum(CARGO, undefined).status).toBe(1)
    expect(sum(CARGO, report(0, 0)).status).toBe(1)
    expect(sum(CARGO, 'error: could not compile').status).toBe(1)
  })
})
