import type { Random } from '../../scenes/random.ts'

/**
 * e to the power x, for x in [−700, 0], to about 1e-12: only operations whose last bit is the same in every engine (see
 * `scenes/exact-math.ts`), because what it gives ends up in the state.
 */
export function exactExp(x: number): number {
  const t = x / 1024
  let value = 1 + t * (1 + (t / 2) * (1 + (t / 3) * (1 + (t / 4) * (1 + (t / 5) * (1 + t / 6)))))
  for (let i = 0; i < 10; i++) value *= value
  return value
}

/** A number with mean 0, variance 1 and a nearly normal density, never beyond ±6: the sum of twelve uniform ones. */
export function normal(random: Random): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random()
  return sum
}

/** A function of the radius on equal steps from 0, read by linear interpolation. */
export interface Table {
  readonly step: number
  readonly values: Float64Array
}

/** Fills a table of `count` steps from 0 to `end`. */
export function tabulate(end: number, count: number, value: (radius: number) => number): Table {
  const step = end / count
  return { step, values: Float64Array.from({ length: count + 1 }, (_, i) => value(i * step)) }
}

/** The value at a radius; beyond the end, the last one. */
export function readTable({ step, values }: Table, radius: number): number {
  const place = Math.min(radius / step, values.length - 1)
  const low = Math.min(Math.floor(place), values.length - 2)
  return values[low] + (values[low + 1] - values[low]) * (place - low)
}

/** The slope at a radius, by central difference over two steps. */
export function slopeOf(table: Table, radius: number): number {
  const { step } = table
  const low = Math.max(0, radius - step)
  return (readTable(table, radius + step) - readTable(table, low)) / (radius + step - low)
}
