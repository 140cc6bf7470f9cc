import { checkNumber, checkVector, PhysicsError } from '../errors.ts'
import type { RealArray } from '../memory/views.ts'

const NOT_NEGATIVE = { min: 0 }

/** Whether a value is an array of reals of at least `length` numbers. */
export function isReals(value: unknown, length: number): value is RealArray {
  return (value instanceof Float32Array || value instanceof Float64Array) && value.length >= length
}

/** The error for what is none. */
export function refuseReals(call: string, field: string, length: number): PhysicsError {
  const reason = `must be a Float32Array or Float64Array of ${length ? `at least ${length} numbers` : 'three numbers each'}`
  return new PhysicsError('E_RANGE', call, reason, { field })
}

/**
 * The error for question `index` of a bulk, which the kernel refused: finds the field whose numbers are to blame. Fields with three numbers a question
 * are vectors, the others lengths.
 */
export function whyNot(
  call: string,
  bulk: string,
  fields: Readonly<Record<string, number | RealArray>>,
  index: number,
): PhysicsError {
  for (const [name, values] of Object.entries(fields)) {
    const field = `${bulk}.${name} of number ${index}`
    try {
      if (name === 'radius' || name === 'maxDistance') {
        checkNumber(call, field, typeof values === 'number' ? values : values[index], NOT_NEGATIVE)
      } else checkVector(call, field, [...(values as RealArray).subarray(3 * index, 3 * index + 3)], 3)
    } catch (error) {
      return error as PhysicsError
    }
  }
  return zeroDirection(call, `${bulk}.directions of number ${index}`)
}

/** The error for a direction of no length. */
export function zeroDirection(call: string, field: string): PhysicsError {
  return new PhysicsError('E_RANGE', call, 'must not be zero', { field })
}
