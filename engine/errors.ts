/** Stable codes of the errors that this package throws. */
export type PhysicsErrorCode =
  | 'E_CAPACITY'
  | 'E_STALE_ENTITY'
  | 'E_NOT_FINITE'
  | 'E_RANGE'
  | 'E_SNAPSHOT'
  | 'E_DISPOSED'
  | 'E_UNSUPPORTED'
  | 'E_BUSY'

/** What an error is about: the entity, the field and the value that were refused. */
export interface PhysicsErrorDetail {
  entity?: number
  field?: string
  value?: unknown
}

/**
 * The one error that public functions throw for bad input. The world is as it was before the call.
 * `code` is stable; the message names the call, the entity, the field and the value.
 */
export class PhysicsError extends Error {
  declare readonly code: PhysicsErrorCode
  declare readonly call: string
  declare readonly entity: number | undefined
  declare readonly field: string | undefined
  declare readonly value: unknown

  constructor(code: PhysicsErrorCode, call: string, reason: string, detail: PhysicsErrorDetail = {}) {
    const { entity, field, value } = detail
    const who = entity === undefined ? '' : ` entity ${entity},`
    const what = (field === undefined ? '' : ` ${field}`) + ('value' in detail ? ` = ${show(value)}` : '')
    super(`${code} in ${call}:${who}${what}${what && ':'} ${reason}`)
    Object.assign(this, { name: 'PhysicsError', code, call, entity, field, value })
  }
}

/**
 * Refuses a field's value.
 * @throws PhysicsError always
 */
export function refuse(
  code: PhysicsErrorCode,
  call: string,
  reason: string,
  field: string,
  value: unknown,
  entity?: number,
): never {
  throw new PhysicsError(code, call, reason, { entity, field, value })
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return `[${Array.from(value as ArrayLike<unknown>).join(', ')}]`
  return String(value)
}

/** Bounds of a number: inclusive, except `above`. Callers keep theirs as constants: a check on a hot path allocates nothing. */
export interface Bounds {
  min?: number
  max?: number
  above?: number
  integer?: boolean
}

/**
 * Refuses a value that is not a finite number within bounds.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkNumber(
  call: string,
  field: string,
  value: unknown,
  bounds: Bounds = ANY,
  entity?: number,
): number {
  if (!isReal(value)) return refuse('E_NOT_FINITE', call, 'must be a finite 32-bit number', field, value, entity)
  if (!isWithin(value, bounds)) refuse('E_RANGE', call, `must be ${describe(bounds)}`, field, value, entity)
  return value
}

const ANY: Bounds = {}

function isReal(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value))
}

function isWithin(value: number, bounds: Bounds): boolean {
  if (bounds.min !== undefined && value < bounds.min) return false
  if (bounds.max !== undefined && value > bounds.max) return false
  // What the kernel sees is the 32-bit value: 1e-50 is zero there.
  if (bounds.above !== undefined && !(Math.fround(value) > bounds.above)) return false
  return !bounds.integer || Number.isInteger(value)
}

function describe({ min, max, above, integer }: Bounds): string {
  const parts = [integer ? 'a whole number' : 'a number']
  if (above !== undefined) parts.push(`above ${above}`)
  if (min !== undefined) parts.push(`at least ${min}`)
  if (max !== undefined) parts.push(`at most ${max}`)
  return parts.join(', ')
}

/**
 * Refuses what is not an array of `length` finite numbers, each within bounds where there are some.
 * @throws PhysicsError E_NOT_FINITE, E_RANGE
 */
export function checkVector(
  call: string,
  field: string,
  value: ArrayLike<number>,
  length: number,
  entity?: number,
  bounds?: Bounds,
): ArrayLike<number> {
  if (value === null || typeof value !== 'object' || value.length !== length) {
    refuse('E_RANGE', call, `must be an array of ${length} numbers`, field, value, entity)
  }
  for (let i = 0; i < length; i++) {
    if (!isReal(value[i])) refuse('E_NOT_FINITE', call, 'must hold finite 32-bit numbers', field, value, entity)
  }
  if (bounds) for (let i = 0; i < length; i++) checkNumber(call, field, value[i], bounds, entity)
  return value
}

/**
 * Refuses a value that is not one of a list.
 * @throws PhysicsError E_RANGE
 */
export function checkChoice<T extends string>(call: string, field: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) refuse('E_RANGE', call, `must be one of ${choices.join(', ')}`, field, value)
  return value as T
}
