import type { FrameStats } from '../index.ts'
import { add, write } from './element.ts'

/** Figures of a page's own: by the label, what gives the value. */
export type HudFigures = Readonly<Record<string, () => number | string>>

/** Counts of the world that are shown while they are not 0. */
const COUNTS = [
  'bodies',
  'asleep',
  'bullets',
  'joints',
  'pairs',
  'contacts',
  'particles',
  'sources',
  'nodes',
  'quarantined',
  'droppedContacts',
  'droppedParticles',
] as const satisfies (keyof FrameStats)[]

const LABELS: Readonly<Record<string, string>> = {
  droppedContacts: 'lost contacts',
  droppedParticles: 'lost particles',
}

/** A list of labels and values. */
export interface Figures {
  readonly counts: readonly Row[]
  readonly own: readonly (readonly [row: Row, read: () => number | string])[]
  readonly memory: Row
}

interface Row {
  readonly row: HTMLElement
  readonly value: HTMLElement
}

/** Adds the list: figures of the page's own first. */
export function createFigures(parent: HTMLElement, own: HudFigures): Figures {
  const list = add(parent, 'dl')
  const addRow = (label: string): Row => {
    const row = add(list, 'div')
    add(row, 'dt').textContent = label
    return { row, value: add(row, 'dd') }
  }
  return {
    own: Object.entries(own).map(([label, read]) => [addRow(label), read] as const),
    counts: COUNTS.map((name) => addRow(LABELS[name] ?? name)),
    memory: addRow('memory'),
  }
}

/** Writes all values. */
export function writeFigures({ own, counts, memory }: Figures, stats: FrameStats): void {
  for (const [row, read] of own) show(row, read())
  for (let i = 0; i < COUNTS.length; i++) show(counts[i]!, stats[COUNTS[i]!] || '')
  write(memory.value, `${(stats.memoryBytes / 2 ** 20).toFixed(0)} MiB`)
}

function show({ row, value }: Row, what: number | string): void {
  const text = typeof what === 'number' ? what.toLocaleString('en') : what
  row.hidden = text === ''
  row.style.display = text === '' ? 'none' : ''
  write(value, text)
}
