import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STAGES } from 'manybody'
import { describe, expect, test } from 'vitest'
import { BENCHES } from '../../bench/benches/index.ts'
import { parseOptions } from '../../bench/harness/options.ts'
import { createReport, type Report, type Row, writeJson } from '../../bench/harness/report.ts'
import { plotReport } from '../../bench/plot.ts'

const NAMES = BENCHES.map(({ name }) => name)
const FRAMES = 60
const SMALL = { determinism: 20, memory: 100 } as Record<string, number>
/** Other engines need many seconds for full scenes: they have a test of their own on small ones. */
const SMOKED = NAMES.filter((name) => name !== 'peers')
const HASH = /^[0-9a-f]{16}$/

async function run(name: string, ...more: string[]): Promise<Row[]> {
  const options = parseOptions([name, '--frames', String(SMALL[name] ?? FRAMES), ...more], NAMES)
  return BENCHES.find((bench) => bench.name === name)!.run(options)
}

/** The shape of a report as the README promises it. */
function expectReport(report: Report): void {
  expect(report.bench).toBeTypeOf('string')
  expect(report.commit).toMatch(/^([0-9a-f]{7,40}(-dirty)?|unknown)$/)
  expect(report.machine).toEqual({
    cpu: expect.any(String),
    cores: expect.any(Number),
    runtime: expect.stringMatching(/^node \d+\./),
  })
  for (const row of report.rows) {
    for (const field of ['bench', 'scene', 'engine', 'tier'] as const) expect(row[field], field).toBeTypeOf('string')
    for (const field of ['threads', 'bodies', 'particles', 'frames'] as const)
      expect(row[field], field).toBeTypeOf('number')
    if (row.ms) expectTimes(row)
    if (row.hash !== undefined) expect(row.hash).toMatch(HASH)
  }
}

function expectTimes({ ms, frames, overBudget }: Row): void {
  const { mean, p50, p95, p99, p998, max } = ms!
  expect(mean).toBeGreaterThan(0)
  expect([p50, p95, p99, p998, max]).toEqual([p50, p95, p99, p998, max].sort((a, b) => a - b))
  expect(overBudget).toBeGreaterThanOrEqual(0)
  expect(overBudget).toBeLessThanOrEqual(frames)
}

describe('every bench runs and reports', () => {
  test.each(SMOKED)('%s', { timeout: 120_000 }, async (name) => {
    const bench = BENCHES.find((candidate) => candidate.name === name)!
    const rows = await run(name)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.bench).toBe(name)
    expectReport(createReport([name], rows))
    expect(bench.verdict?.(rows)).toBeUndefined()
  })
})

describe('galactic', () => {
  test('has everything alive and every stage timed; options are obeyed; it draws', { timeout: 60_000 }, async () => {
    const [row] = await run('galactic', '--threads', '1', '--tier', 'simd', '--seed', '3')
    expect(row).toMatchObject({ scene: 'galactic', engine: 'manybody', tier: 'simd', threads: 1, frames: FRAMES })
    const { ships, asteroids, projectiles, particles } = row.counts as Record<string, number>
    expect([ships, asteroids, projectiles]).toEqual([500, 25_000, 15_000])
    expect(particles).toBeGreaterThan(49_000)
    expect(Object.keys(row.stages!)).toEqual([...STAGES])
    const sum = Object.values(row.stages!).reduce((total, ms) => total + ms, 0)
    expect(sum).toBeGreaterThan(0.5 * row.ms!.mean)
    expect((row.samples as { physics: number[] }).physics).toHaveLength(FRAMES)
    expect(plotReport(createReport(['galactic'], [row]))).toContain('<svg')
  })
})

describe('report file', () => {
  test('survives the way through JSON, numbers cut to five digits', () => {
    const folder = mkdtempSync(join(tmpdir(), 'manybody-bench-'))
    try {
      const file = join(folder, 'deep', 'report.json')
      writeJson(file, createReport(['size'], [{ scene: 'x', value: 1.23456789, count: 123456789 } as unknown as Row]))
      const report = JSON.parse(readFileSync(file, 'utf8')) as Report
      expect(report.rows[0]).toEqual({ scene: 'x', value: 1.2346, count: 123456789 })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
