import { type FrameStats, STAGES, type Stage } from 'manybody'

/** Apart from each other for the colour-blind as well; neighbours differ in tone. */
const COLORS: Record<Stage, string> = {
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
  particles: '#e88bc4',
  pack: '#8a929e',
}
const LABELS: Partial<Record<Stage, string>> = {
  longRange: 'long range',
  integrateVelocities: 'velocities',
  integratePositions: 'positions',
}
/** Part of the old value that an update keeps: single frames are for the graph. */
const KEEP = 0.7

/** One bar of all stages and a legend with milliseconds. */
export interface StageBar {
  smooth: Float32Array
  segments: HTMLElement[]
  values: HTMLElement[]
}

export function createStageBar(bar: HTMLElement, legend: HTMLElement): StageBar {
  const segments: HTMLElement[] = []
  const values: HTMLElement[] = []
  for (const stage of STAGES) {
    const segment = bar.appendChild(document.createElement('i'))
    segment.style.background = COLORS[stage]
    segment.title = stage
    segments.push(segment)
    const row = legend.appendChild(document.createElement('span'))
    const dot = row.appendChild(document.createElement('i'))
    dot.style.background = COLORS[stage]
    row.append(LABELS[stage] ?? stage)
    values.push(row.appendChild(document.createElement('b')))
  }
  return { smooth: new Float32Array(STAGES.length), segments, values }
}

export function updateStageBar(stages: StageBar, stats: FrameStats): void {
  const { smooth } = stages
  for (let i = 0; i < STAGES.length; i++) {
    const ms = stats.stages[STAGES[i]]
    smooth[i] = smooth[i] === 0 ? ms : smooth[i] * KEEP + ms * (1 - KEEP)
    stages.segments[i].style.flexGrow = smooth[i].toFixed(3)
    stages.values[i].textContent = smooth[i].toFixed(2)
  }
}
