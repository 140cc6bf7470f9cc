import type { KernelMemory } from '../kernel/exports.ts'
import type { ColumnPlace, Layout } from './layout.ts'

/** A column of the state: 32-bit floats in precision `single`, 64-bit floats in `double`. */
export type RealArray = Float32Array | Float64Array

/** Gives views of the kernel's columns by name. The only place that makes them; memory never grows, so none ever detaches. */
export interface Views {
  f32(name: string, length?: number): Float32Array
  /** A column in the precision of the kernel. */
  real(name: string, length?: number): RealArray
  f64(name: string): Float64Array
  u32(name: string, length?: number): Uint32Array
}

/** Views over a kernel's memory. */
export function createViews(memory: KernelMemory, layout: Layout): Views {
  const place = (name: string, type: ColumnPlace['type']): ColumnPlace => {
    const column = layout.columns.get(name)
    if (column?.type !== type) throw new Error(`the kernel has no ${type} column '${name}'`)
    return column
  }
  return {
    f32(name, length) {
      const column = place(name, 'f32')
      return new Float32Array(memory.buffer, column.offset, length ?? column.length)
    },
    real(name, length) {
      if (layout.columns.get(name)?.type !== 'f64') return this.f32(name, length)
      const column = place(name, 'f64')
      return new Float64Array(memory.buffer, column.offset, length ?? column.length)
    },
    f64(name) {
      const column = place(name, 'f64')
      return new Float64Array(memory.buffer, column.offset, column.length)
    },
    u32(name, length) {
      const column = place(name, 'u32')
      return new Uint32Array(memory.buffer, column.offset, length ?? column.length)
    },
  }
}
