/** Passes over many items of one kind of work, timed side by side: what one item takes. */
import { type Distribution, distribution } from '../harness/quantile.ts'
import type { Row } from '../harness/report.ts'

/** One kind of work to time. */
export interface Work {
  /** What is done, as the row's scene. */
  what: string
  /** Who does it. */
  engine: string
  /** How often it is done in a pass. */
  items: number
  /** Most that one item may take, µs. */
  goal?: number
  /** One pass. */
  run(): void
  /** Before each pass, untimed. */
  before?(): void
  /** After each pass, untimed. */
  after?(): void
}

/** Milliseconds of passes: the works take turns, so that what disturbs one disturbs all. */
export function timePasses(works: readonly Work[], passes: number, warmUp: number): Distribution[] {
  const times = works.map(() => new Float64Array(passes))
  for (let pass = -warmUp; pass < passes; pass++) {
    for (const [index, work] of works.entries()) {
      work.before?.()
      const start = performance.now()
      work.run()
      const ms = performance.now() - start
      work.after?.()
      if (pass >= 0) times[index][pass] = ms
    }
  }
  return times.map(distribution)
}

/** Rows of works: `eachUs` is the median pass by the number of items. */
export function workRows(works: readonly Work[], frames: number, warmUp: number): Row[] {
  const timed = timePasses(works, frames, warmUp)
  return works.map(({ what, engine, items, goal }, index) => {
    const ms = timed[index]
    const eachUs = (1000 * ms.p50) / items
    return {
      bench: 'entities',
      scene: what,
      engine,
      tier: '',
      threads: 1,
      bodies: items,
      particles: 0,
      frames,
      ms,
      overBudget: 0,
      eachUs,
      ...(goal === undefined ? {} : { goalUs: goal, met: eachUs <= goal }),
    }
  })
}
