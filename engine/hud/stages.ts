import { type FrameStats, STAGES, type Stage } from '../index.ts'
import { add, write } from './element.ts'

/** Apart from each other for the colour-blind as well; neighbours differ in tone. */
const COLORS: Readonly<Partial<Record<Stage, string>>> = {
  forces: '#5b8ff9',
  longRange: '#b9e769',
  integrateVelocities: '#9ec5fe',
  gather: '#2a9d8f',
  findPairs: '#f4d35e',
  collide: '#ee964b',
  solve: '#c8553d',
  integratePositions: '#bfd7ea',
  sweep: '#8e6bbf',
  events: '#5ad1cd',
  sleep: '#6b7fa8',
  hierarchy: '#c9b37e',
  particles: '#e88bc4',
  pack: '#8a929e',
}
const LABELS: Readonly<Partial<Record<Stage, string>>> = {
  longRange: 'long range',
  integrateVelocities: 'velocities',
  findPairs: 'pairs',
  integratePositions: 'positions',
}
/** Part of the old value that an update keeps: single steps are for the graph. */
const KEEP = 0.7

/** One bar of all stages, and a legend with milliseconds. */
export interface StageBar {
  readonly smooth: Float32Array
  readonly segments: readonly HTMLElement[]
  readonly values: readonly HTMLElement[]
}

/** Fills the two elements. */
export function createStages(bar: HTMLElement, legend: HTMLElement): StageBar {
  const segments: HTMLElement[] = []
  const values: HTMLElement[] = []
  for (const stage of STAGES) {
    const color = COLORS[stage] ?? '#bbb'
    const segment = add(bar, 'i')
    segment.style.background = color
    segment.title = stage
    segments.push(segment)
    const row = add(legend, 'span')
    add(row, 'i').style.background = color
    row.append(LABELS[stage] ?? stage)
    values.push(add(row, 'b'))
  }
  return { smooth: new Float32Array(STAGES.length), segments, values }
}

/** @param legend whether the milliseconds are shown too */
export function writeStages({ smooth, segments, values }: StageBar, { stages }: FrameStats, legend: boolean): void {
  for (let i = 0; i < STAGES.length; i++) {
    const ms = stages[STAGES[i]!]
    smooth[i] = smooth[i] === 0 ? ms : smooth[i]! * KEEP + ms * (1 - KEEP)
    segments[i]!.style.flexGrow = smooth[i]!.toFixed(3)
    if (legend) write(values[i]!, smooth[i]!.toFixed(2))
  }
}
