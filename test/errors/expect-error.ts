import { type Physics, PhysicsError, type PhysicsErrorCode, type RealArray, stateHash } from 'manybody'
import { expect } from 'vitest'

/** What a refusal must say, besides its code: every part has to be in the message. */
export interface Refusal {
  call: string
  entity?: number
  field?: string
  value?: unknown
}

/** Expects `act` to throw a PhysicsError with this code whose message names the call, the entity, the field and the value. */
export function expectError(code: PhysicsErrorCode, refusal: Refusal, act: () => unknown): void {
  let thrown: unknown
  try {
    act()
  } catch (error) {
    thrown = error
  }
  checkError(thrown, code, refusal)
}

/** The same for what rejects. */
export async function expectRejection(code: PhysicsErrorCode, refusal: Refusal, act: Promise<unknown>): Promise<void> {
  const thrown = await act.then(
    () => undefined,
    (error: unknown) => error,
  )
  checkError(thrown, code, refusal)
}

function checkError(thrown: unknown, code: PhysicsErrorCode, { call, entity, field, value }: Refusal): void {
  expect(thrown).toBeInstanceOf(PhysicsError)
  const error = thrown as PhysicsError
  expect({ code: error.code, call: error.call }).toEqual({ code, call })
  const parts = [code, call, entity, field, value].filter((part) => part !== undefined)
  for (const part of parts) expect(error.message).toContain(String(part))
  if (entity !== undefined) expect(error.entity).toBe(entity)
  if (field !== undefined) expect(error.field).toContain(field)
}

/** Expects the refusal, and that the world is bit for bit what it was before. */
export function expectUnchanged(physics: Physics, code: PhysicsErrorCode, refusal: Refusal, act: () => unknown): void {
  const before = columnsOf(physics)
  const hash = stateHash(physics)
  expectError(code, refusal, act)
  expect(stateHash(physics)).toBe(hash)
  expectSameColumns(columnsOf(physics), before)
}

/** Copies of columns, by name. */
export type ColumnCopies = Record<string, RealArray | Uint32Array>

/** A copy of every public column. */
export function columnsOf(physics: Physics): ColumnCopies {
  const columns: ColumnCopies = {}
  for (const [name, component] of Object.entries(physics.components)) {
    for (const [key, column] of Object.entries(component as ColumnCopies)) {
      columns[`${name}.${key}`] = column.slice()
    }
  }
  return columns
}

/** Expects equal bits in every column; names the first element of each that differs. */
export function expectSameColumns(seen: ColumnCopies, wanted: ColumnCopies): void {
  const different = Object.keys(wanted).filter((name) => Buffer.compare(bytes(seen[name]), bytes(wanted[name])) !== 0)
  const firstOf = (name: string): number =>
    Array.from(seen[name]).findIndex((value, i) => !Object.is(value, wanted[name][i]))
  const firsts = different.map((name) => `${name}[${firstOf(name)}]`)
  expect(firsts).toEqual([])
}

const bytes = (column: RealArray | Uint32Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
