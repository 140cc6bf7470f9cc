import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STAGES } from 'manybody'
import { describe, expect, test } from 'vitest'
import { BENCHES } from '../../bench/benches/index.ts'
import { parseOptions } from '../../bench/harness/options.ts'
import { createReport, type Report, type Row, writeJson } from '../../bench/harness/report.ts'
import { plotReport } from '../../bench/plot.ts'
import { findToolchain } from '../../scripts/kernel/toolchain.ts'
import { hasCommand, optionalPart } from '../support/optional-parts.ts'

const NAMES = BENCHES.map(({ name }) => name)
const FRAMES = 60
/** Benches whose frames are long, or many times as many as asked for. */
const LIMITS: Record<string, string[]> = {
  determinism: ['--frames', '20'],
  memory: ['--frames', '100'],
  ladder: ['--frames', '10'],
  nbody: ['--quick'],
  particles: ['--quick'],
}
/** Other engines need many seconds for full scenes: they have a test of their own on small ones. */
const SMOKED = NAMES.filter((name) => name !== 'peers')
const HASH = /^[0-9a-f]{16}$/

async function run(name: string, ...more: string[]): Promise<Row[]> {
  const limits = LIMITS[name] ?? ['--frames', String(FRAMES)]
  const options = parseOptions([name, ...limits, ...more], NAMES)
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

/** What a bench must have beyond what all of them have. */
const EXPECT: Record<string, (rows: Row[]) => void> = { ladder: expectLadder, nbody: expectNbody }

describe('every bench runs and reports', () => {
  // The first ladder on a machine builds a kernel.
  test.each(SMOKED)('%s', { timeout: 300_000 }, async (name) => {
    const bench = BENCHES.find((candidate) => candidate.name === name)!
    const rows = await run(name)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.bench).toBe(name)
    expectReport(createReport([name], rows))
    expect(bench.verdict?.(rows)).toBeUndefined()
    EXPECT[name]?.(rows)
  })
})

const PYTHON = optionalPart('python3', hasCommand('python3'))
const RUST = optionalPart('a Rust toolchain for WebAssembly', typeof findToolchain() !== 'string')

/** Six rungs; those that a machine can lack are there where it does not, and say why elsewhere. */
function expectLadder(rows: Row[]): void {
  const rungs = rows.filter(({ engine }) => engine !== 'reference')
  expect(rungs.map(({ tier }) => tier)).toEqual(['', '', 'js', 'scalar', 'simd', 'threads'])
  expect(rows.slice(rungs.length).map(({ published }) => published)).toEqual([150.3, 18.7, 8.9, 3.2])
  for (const [index, present] of [PYTHON, true, true, RUST, true, true].entries()) {
    const { ms, absent, shares, fps, rung } = rows[index]
    expect(absent, String(rung)).toEqual(present ? undefined : expect.any(String))
    if (!present) continue
    expect(fps).toBeCloseTo(1000 / ms!.p50)
    const sum = Object.values(shares as Record<string, number>).reduce((total, share) => total + share, 0)
    expect(sum).toBeCloseTo(100, 6)
    expect((shares as Record<string, number>).forces).toBeGreaterThan(30)
  }
  const [python, objects] = rows
  if (PYTHON) expect(objects.toPython).toBeCloseTo(python.ms!.p50 / objects.ms!.p50)
}

function expectNbody(rows: Row[]): void {
  const of = (kind: string): Row[] => rows.filter((row) => row.kind === kind)
  expect(of('pairs').map(({ threads }) => threads)).toEqual([1, 2, 1, 2])
  const scenes = ['uniform box', 'Plummer sphere', 'thin disc']
  for (const scene of scenes) {
    const scaling = of('scaling').filter((row) => row.scene === scene)
    expect(scaling.map(({ method, bodies }) => [method, bodies])).toEqual([
      ...[500, 1_000].map((bodies) => ['direct', bodies]),
      ...[500, 1_000, 2_000].map((bodies) => ['tree', bodies]),
    ])
    for (const { method, forces, ms, rmsError, p99Error } of scaling) {
      expect(forces).toBeGreaterThan(0)
      expect(forces).toBeLessThan(ms!.max)
      // Single precision, or the tree's own error, which few bodies make larger than the default promises for many.
      expect(rmsError, `${scene}, ${method}`).toBeLessThan(method === 'direct' ? 1e-5 : 0.03)
      expect(p99Error, `${scene}, ${method}`).toBeLessThan(method === 'direct' ? 1e-4 : 0.15)
      expect(rmsError).toBeGreaterThan(0)
    }
  }
  expect(of('exponent').map(({ scene, method }) => [scene, method])).toEqual(
    scenes.flatMap((scene) => ['direct', 'tree'].map((method) => [scene, method])),
  )
  for (const { value } of of('exponent')) expect(value).toBeGreaterThan(0)
  expect(of('crossover').map(({ scene }) => scene)).toEqual(scenes)
  expect(of('largest').map(({ scene, limit }) => [scene, limit])).toEqual(
    scenes.flatMap((scene) => [8, 16.67].map((limit) => [scene, limit])),
  )
  const goals = of('goal')
  expect(goals).toHaveLength(7)
  for (const { what, value, goal } of goals)
    expect([value, goal], String(what)).toEqual(Array(2).fill(expect.any(Number)))
  const [neutral, drift, check] = goals.slice(4)
  expect(drift.met).toBe(true)
  for (const { what, value } of [neutral, check]) expect(value, String(what)).toBeLessThan(0.03)
  // Two judges, one tree.
  expect((check.ownRms as number) / (check.rmsError as number)).toBeCloseTo(1, 0)
  expect(plotReport(createReport(['nbody'], rows)).map(({ suffix }) => suffix)).toEqual(['-time', '-error'])
}

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
    expect(plotReport(createReport(['galactic'], [row]))[0].svg).toContain('<svg')
  })
})

describe('galactic with asteroids that attract one another', () => {
  test('has everything alive, every asteroid a source, and its own name', { timeout: 120_000 }, async () => {
    const [row] = await run('galactic', '--mutual', '--frames', '20')
    expect(row.scene).toBe('galactic-mutual')
    const { ships, asteroids, projectiles } = row.counts as Record<string, number>
    expect([ships, asteroids, projectiles]).toEqual([500, 25_000, 15_000])
    expect(row.sources).toBeGreaterThanOrEqual(25_000)
    expect(row.longRange).toBe('tree')
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
