/** `npm run bench`: runs named measurements, prints a table each, writes one JSON report and its picture. */
import { join } from 'node:path'
import { BENCHES } from './benches/index.ts'
import type { Bench } from './harness/bench.ts'
import { type BenchOptions, isFullRun, parseOptions, USAGE } from './harness/options.ts'
import { createReport, printRows, REPOSITORY, type Row, writeJson } from './harness/report.ts'
import { plotReport, writePictures } from './plot.ts'

/** Runs the benches in the order given. @returns all rows, and why rows are not as they must be (empty when they are) */
async function runBenches(
  benches: readonly Bench[],
  options: BenchOptions,
): Promise<{ rows: Row[]; faults: string[] }> {
  const rows: Row[] = []
  const faults: string[] = []
  for (const bench of benches) {
    const made = await bench.run(options)
    printRows(`${bench.name}: ${bench.about}`, made, bench.columns)
    const fault = bench.verdict?.(made)
    if (fault) faults.push(`${bench.name}: ${fault}`)
    else if (bench.published && isFullRun(options) && !options.json && !options.plot) publish(bench.name, made)
    rows.push(...made)
  }
  return { rows, faults }
}

/** Writes what `bench/results` has of a bench anew. */
function publish(name: string, rows: Row[]): void {
  const report = createReport([name], rows)
  const file = join(REPOSITORY, 'bench/results', name)
  writeJson(`${file}.json`, report)
  writePictures(`${file}.svg`, plotReport(report))
}

function usage(): string {
  return [USAGE, ...BENCHES.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`)].join('\n')
}

function readOptions(): BenchOptions | undefined {
  try {
    return parseOptions(
      process.argv.slice(2),
      BENCHES.map(({ name }) => name),
    )
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage()}`)
    return undefined
  }
}

async function main(): Promise<number> {
  const options = readOptions()
  if (!options) return 2
  if (options.help) {
    console.log(usage())
    return 0
  }
  const chosen = options.names.flatMap((name) => BENCHES.filter((bench) => bench.name === name))
  const { rows, faults } = await runBenches(chosen, options)
  const report = createReport(options.names, rows)
  if (options.json) writeJson(options.json, report)
  if (options.plot) writePictures(options.plot, plotReport(report))
  for (const fault of faults) console.error(fault)
  return faults.length > 0 ? 1 : 0
}

// Helper threads keep a process alive; there is nothing left to wait for.
process.exit(await main())
