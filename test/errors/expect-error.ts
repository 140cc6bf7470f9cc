import { type Physics, PhysicsError, type PhysicsErrorCode, stateHash } from 'manybody'
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

/** Every public column as raw bits. */
export function columnsOf(physics: Physics): Record<string, Uint32Array> {
  const columns: Record<string, Uint32Array> = {}
  for (const [name, component] of Object.entries(physics.components)) {
    for (const [key, column] of Object.entries(component as Record<string, Float32Array | Uint32Array>)) {
      columns[`${name}.${key}`] = new Uint32Array(column.buffer, column.byteOffset, column.length).slice()
    }
  }
  return columns
}

/** Expects equal bits in every column; names the first element of each that differs. */
export function expectSameColumns(seen: Record<string, Uint32Array>, wanted: Record<string, Uint32Array>): void {
  const different = Object.keys(wanted).filter((name) => Buffer.compare(bytes(seen[name]), bytes(wanted[name])) !== 0)
  const firsts = different.map((name) => `${name}[${seen[name].findIndex((bits, i) => bits !== wanted[name][i])}]`)
  expect(firsts).toEqual([])
}

const bytes = (column: Uint32Array): Uint8Array => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
