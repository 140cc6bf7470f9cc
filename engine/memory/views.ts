import type { KernelMemory } from '../kernel/exports.ts'
import { ARRAYS, type Layout } from './layout.ts'

/** A column of the state: 32-bit floats in precision `single`, 64-bit floats in `double`. */
export type RealArray = Float32Array | Float64Array

/** Gives views of the kernel's columns by name. The only place that makes them; memory never grows, so none ever detaches. */
export interface Views {
  f32(name: string, length?: number): Float32Array
  /** A column in the precision of the kernel. */
  real(name: string, length?: number): RealArray
  f64(name: string): Float64Array
  u32(name: string, length?: number): Uint32Array
  /** Several columns whose names begin alike, by the rest of their names; of the types that the kernel has. */
  all<Columns>(prefix: string, names: string, length?: number): Columns
}

/** Views over a kernel's memory. */
export function createViews(memory: KernelMemory, layout: Layout): Views {
  // The kernel's table says the type.
  const view = (name: string, length?: number): never => {
    const column = layout.columns.get(name)
    if (!column) throw new Error(`the kernel has no column '${name}'`)
    return new ARRAYS[column.type](memory.buffer as ArrayBuffer, column.offset, length ?? column.length) as never
  }
  const all = (prefix: string, names: string, length?: number): never =>
    Object.fromEntries(names.split(' ').map((name) => [name, view(prefix + name, length)])) as never
  return { f32: view, real: view, f64: view, u32: view, all }
}
