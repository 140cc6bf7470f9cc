import type { KernelMemory } from '../kernel/exports.ts'
import { ARRAYS, type ColumnPlace, type Layout } from './layout.ts'

/** A column of the state: 32-bit floats in precision `single`, 64-bit floats in `double`. */
export type RealArray = Float32Array | Float64Array

/** Gives views of the kernel's columns by name. The only place that makes them; memory never grows, so none ever detaches. */
export interface Views {
  f32(name: string, length?: number): Float32Array
  /** A column in the precision of the kernel. */
  real(name: string, length?: number): RealArray
  f64(name: string): Float64Array
  u32(name: string, length?: number): Uint32Array
  /** A column of whichever of these types the kernel has. */
  any(name: string, length?: number): RealArray | Uint32Array
}

/** Views over a kernel's memory. */
export function createViews(memory: KernelMemory, layout: Layout): Views {
  const view = (name: string, length: number | undefined, ...types: ColumnPlace['type'][]): never => {
    const column = layout.columns.get(name)
    if (!column || !types.includes(column.type)) throw new Error(`the kernel has no ${types[0]} column '${name}'`)
    return new ARRAYS[column.type](memory.buffer as ArrayBuffer, column.offset, length ?? column.length) as never
  }
  return {
    f32: (name, length) => view(name, length, 'f32'),
    real: (name, length) => view(name, length, 'f32', 'f64'),
    f64: (name) => view(name, undefined, 'f64'),
    u32: (name, length) => view(name, length, 'u32'),
    any: (name, length) => view(name, length, 'f32', 'f64', 'u32'),
  }
}
