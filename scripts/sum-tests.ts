/**
 * Adds up the results of test runs, from Vitest's JSON reports and from the output of `cargo test`, and prints one line:
 * `N passed, N failed, N skipped`. Exit status 1 when a run failed, ran nothing or left no result.
 *
 *   tsx scripts/sum-tests.ts FILE…
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

export interface Totals {
  passed: number
  failed: number
  skipped: number
}

/** The totals in one result: a Vitest JSON report, or what `cargo test` printed. */
export function totalsOf(result: string): Totals {
  if (result.trimStart().startsWith('{')) {
    const report = JSON.parse(result)
    // A file that fails before its tests are known counts as a failed suite only.
    const lostSuites = report.testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    ).length
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + lostSuites,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  }
  const totals = { passed: 0, failed: 0, skipped: 0 }
  for (const match of result.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    totals.passed += Number(match[1])
    totals.failed += Number(match[2])
    totals.skipped += Number(match[3])
  }
  return totals
}

function main(paths: string[]): void {
  const sum: Totals = { passed: 0, failed: 0, skipped: 0 }
  let lost = 0
  for (const path of paths) {
    try {
      const totals = totalsOf(readFileSync(path, 'utf8'))
      if (totals.passed + totals.failed === 0) throw new Error('no test ran')
      sum.passed += totals.passed
      sum.failed += totals.failed
      sum.skipped += totals.skipped
    } catch (error) {
      lost++
      console.error(`no result in ${path.split('/').pop()}: ${(error as Error).message}`)
    }
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  process.exitCode = sum.failed + lost > 0 ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2))
