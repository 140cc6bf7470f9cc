/** Collects what steps report. */
import { contactBegins, contactEnds, type Physics, sensorBegins, sensorEnds, step } from 'manybody'
import { DT } from '../physics/harness.ts'

/** Everything reported over some steps: `step a b`, in the order in which it came. */
export interface Log {
  begins: string[]
  ends: string[]
  sensorBegins: string[]
  sensorEnds: string[]
}

/** Runs a number of steps and writes down every event, with the step's number unless `bare`. */
export function record(physics: Physics, steps: number, act: (index: number) => void = () => {}): Log {
  const log: Log = { begins: [], ends: [], sensorBegins: [], sensorEnds: [] }
  for (let i = 0; i < steps; i++) {
    act(i)
    step(physics, DT)
    collect(physics, log, `${i} `)
  }
  return log
}

/** Appends the events of the last step. */
export function collect(physics: Physics, log: Log, prefix = ''): void {
  const begins = contactBegins(physics)
  for (let k = 0; k < begins.count; k++) log.begins.push(`${prefix}${begins.a[k]} ${begins.b[k]}`)
  const ends = contactEnds(physics)
  for (let k = 0; k < ends.count; k++) log.ends.push(`${prefix}${ends.a[k]} ${ends.b[k]}`)
  const entered = sensorBegins(physics)
  for (let k = 0; k < entered.count; k++) log.sensorBegins.push(`${prefix}${entered.sensor[k]} ${entered.other[k]}`)
  const left = sensorEnds(physics)
  for (let k = 0; k < left.count; k++) log.sensorEnds.push(`${prefix}${left.sensor[k]} ${left.other[k]}`)
}

/** The pairs alone, without the numbers of steps. */
export const pairs = (events: string[]): string[] => events.map((event) => event.slice(event.indexOf(' ') + 1))

/** Checks that each pair begins and ends in turn, beginning first; gives the pairs that are still touching. */
export function openPairs(log: Pick<Log, 'begins' | 'ends'>): Set<string> {
  const timed = [
    ...log.ends.map((event) => ({ event, begins: false })),
    ...log.begins.map((event) => ({ event, begins: true })),
  ]
  const stepOf = (event: string): number => Number.parseInt(event, 10)
  timed.sort((p, q) => stepOf(p.event) - stepOf(q.event))
  const open = new Set<string>()
  for (const { event, begins } of timed) {
    const pair = event.slice(event.indexOf(' ') + 1)
    if (begins === open.has(pair)) throw new Error(`${begins ? 'begins twice' : 'ends without a beginning'}: ${event}`)
    if (begins) open.add(pair)
    else open.delete(pair)
  }
  return open
}
