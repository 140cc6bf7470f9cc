/** What a bench writes: one JSON shape for all of them, and the table on the console. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Table } from 'console-table-printer'
import type { Distribution } from './quantile.ts'

/** Physics may take this long in a frame of 60 Hz (ms). */
export const PHYSICS_BUDGET = 8
/** A whole frame at 60 Hz (ms). */
export const FRAME_BUDGET = 16.67
/** Share of frames that must be within budget. */
export const WITHIN_BUDGET = 0.998

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))

export interface Machine {
  cpu: string
  cores: number
  runtime: string
}

/** One measured configuration. Times in milliseconds; a bench that times nothing (hashes, sizes) has no `ms`. */
export interface Row {
  bench: string
  scene: string
  engine: string
  tier: string
  threads: number
  bodies: number
  particles: number
  frames: number
  ms?: Distribution
  /** Mean milliseconds of each stage of the step. */
  stages?: Record<string, number>
  /** Frames whose physics took longer than the budget. */
  overBudget?: number
  /** State hash at the end of the run. */
  hash?: string
  [extra: string]: unknown
}

export interface Report {
  bench: string
  commit: string
  machine: Machine
  rows: Row[]
}

export function describeMachine(): Machine {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return { cpu: model, cores: availableParallelism(), runtime: `node ${process.versions.node}` }
}

/** Short hash of the checked-out commit, with `-dirty` when files differ from it; `unknown` outside a repository. */
export function currentCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}

export function createReport(names: readonly string[], rows: Row[]): Report {
  return { bench: names.join(' '), commit: currentCommit(), machine: describeMachine(), rows }
}

/** Writes JSON, fractions cut to five digits (more would be noise); makes the folder when absent. */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  const rounded = JSON.stringify(
    value,
    (_, item) => (typeof item === 'number' && !Number.isInteger(item) ? Number(item.toPrecision(5)) : item),
    2,
  )
  writeFileSync(file, `${rounded}\n`)
}

const STAGE_MINIMUM = 0.0005
/** Below this three decimals say nothing. */
const SMALLEST_FIXED = 0.01

/** Prints rows as a table: the fixed columns that hold anything, then what `extraColumns` names; stages have lines of their own. */
export function printRows(title: string, rows: readonly Row[], extraColumns: readonly string[] = []): void {
  const table = new Table({ title, shouldDisableColors: !process.stdout.isTTY })
  const lines = rows.map((row) => tableRow(row, extraColumns))
  const empty = Object.keys(lines[0] ?? {}).filter((column) => lines.every((line) => !line[column]))
  for (const line of lines) {
    for (const column of empty) delete line[column]
    table.addRow(line)
  }
  table.printTable()
  for (const { scene, engine, threads, stages } of rows) {
    if (!stages) continue
    const parts = Object.entries(stages).filter(([, ms]) => ms >= STAGE_MINIMUM)
    const text = parts.map(([stage, ms]) => `${stage} ${ms.toFixed(3)}`).join('  ')
    console.log(`${scene} · ${engine} · ${threads} threads · mean ms: ${text}`)
  }
}

function tableRow(row: Row, extraColumns: readonly string[]): Record<string, string | number> {
  const { scene, engine, tier, threads, bodies, particles, frames, ms } = row
  const cells: Record<string, string | number> = { scene, engine, tier, threads, bodies, particles, frames }
  for (const [name, value] of Object.entries(ms ?? {})) cells[name] = value.toFixed(3)
  if (row.overBudget !== undefined) cells.over = row.overBudget
  for (const column of extraColumns) {
    // `shares.forces` is the field `forces` of the record `shares`.
    const [name, field] = column.split('.')
    const value = row[name]
    cells[field ?? name] = cellText(field ? (value as Record<string, unknown> | undefined)?.[field] : value)
  }
  if (row.hash) cells.hash = row.hash
  return cells
}

function cellText(value: unknown): string {
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return String(value)
    return Math.abs(value) < SMALLEST_FIXED ? value.toExponential(1) : value.toFixed(3)
  }
  return value === undefined ? '' : String(value)
}
