import type { LoadedKernel } from '../kernel/load.ts'
import { readText } from '../kernel/load.ts'

/** Element types of columns, by their names in the kernel. */
export const ARRAYS = { f32: Float32Array, f64: Float64Array, u32: Uint32Array, u64: BigUint64Array } as const

/** One column of the kernel's memory. */
export interface ColumnPlace {
  type: keyof typeof ARRAYS
  /** Bytes from the start of memory, a multiple of 64. */
  offset: number
  /** Elements. */
  length: number
}

/** The kernel's table, read at start: where everything lies and what the numbers mean. */
export interface Layout {
  columns: ReadonlyMap<string, ColumnPlace>
  settings: ReadonlyMap<string, number>
  counters: ReadonlyMap<string, number>
  stages: readonly string[]
}

/** Reads the layout. */
export function readLayout(kernel: LoadedKernel): Layout {
  const text = (section: number): string[] => readText(kernel.exports, kernel.memory, section)
  const columns = new Map<string, ColumnPlace>()
  for (const [index, line] of text(0).entries()) {
    const [name, type] = line.split(' ') as [string, keyof typeof ARRAYS]
    columns.set(name, { type, offset: kernel.table[2 * index]!, length: kernel.table[2 * index + 1]! })
  }
  const stages: string[] = []
  for (let section = 4; kernel.exports.names_length(section) > 0; section++) stages.push(...text(section))
  return { columns, settings: numbered(text(1)), counters: numbered(text(2)), stages }
}

function numbered(names: string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]))
}
