import type { StepTimes } from '../index.ts'
import { add, write } from './element.ts'
import type { FrameTimes } from './window.ts'

const COLUMNS = ['p50', 'p95', 'p99', 'max'] as const

/** Percentiles of frames and of steps, and how many were over their line. */
export interface Times {
  readonly frames: readonly HTMLElement[]
  readonly steps: readonly HTMLElement[]
  readonly late: HTMLElement
}

/** Adds the table. */
export function createTimes(parent: HTMLElement): Times {
  const table = add(parent, 'table')
  const head = add(table, 'tr')
  for (const name of ['ms', ...COLUMNS]) add(head, 'th').textContent = name
  const addRow = (label: string): HTMLElement[] => {
    const row = add(table, 'tr')
    add(row, 'th').textContent = label
    return COLUMNS.map(() => add(row, 'td'))
  }
  return { frames: addRow('frame'), steps: addRow('step'), late: add(parent, 'p', 'small') }
}

/** Writes it. */
export function writeTimes({ frames, steps, late }: Times, frame: FrameTimes, step: StepTimes): void {
  for (let i = 0; i < COLUMNS.length; i++) {
    write(frames[i]!, frame[COLUMNS[i]!].toFixed(1))
    write(steps[i]!, step[COLUMNS[i]!].toFixed(2))
  }
  const share = (part: number, all: number): string => (all === 0 ? '–' : `${((100 * part) / all).toFixed(1)} %`)
  write(
    late,
    `${share(step.overBudget, step.steps)} of steps over 8 ms, ${share(frame.late, frame.frames)} of frames late`,
  )
}
