import { restore, snapshot } from 'manybody'
import type { Galaxy } from './galaxy.ts'

/** A moment of a game: the engine's state as one block, and the rules' own, which is plain data. */
export interface Save {
  readonly world: Uint8Array
  readonly rules: Plain
}

type Plain = { [name: string]: unknown }

/** What is no state of the rules: it never changes, is made anew in each step, or is the engine's. */
const APART = ['physics', 'options', 'moons', 'rocks', 'ships', 'fleets', 'capitals', 'projectiles', 'shipGrid']

/**
 * Keeps the moment. Takes a few milliseconds: it is for a key, not for each frame.
 * @param old a save that is wanted no more: its memory is used again, for new memory takes as long as what is written into it
 */
export function saveGalaxy(galaxy: Galaxy, old?: Save): Save {
  return { world: snapshot(galaxy.physics, old?.world), rules: copyOf(rulesOf(galaxy)) as Plain }
}

/**
 * Goes back to a moment of the same game, and what follows is the same again.
 * @throws PhysicsError E_SNAPSHOT for one of another game
 */
export function loadGalaxy(galaxy: Galaxy, { world, rules }: Save): void {
  restore(galaxy.physics, world)
  const current = rulesOf(galaxy)
  for (const [name, value] of Object.entries(rules)) {
    if (typeof value === 'object' && value !== null) writeInto(current[name] as Plain, value as Plain)
    else (galaxy as unknown as Plain)[name] = value
  }
}

/** What there is to keep. Ships were made first: of their columns, which are most of the memory, few elements are in use. */
function rulesOf(galaxy: Galaxy): Plain {
  const { Ship, ...rest } = Object.fromEntries(Object.entries(galaxy).filter(([name]) => !APART.includes(name)))
  return { ...rest, Ship: beginningOf(Ship as Plain, 1 + Math.max(0, ...galaxy.ships)) }
}

/** The first elements of each column of a component. */
function beginningOf(columns: Plain, count: number): Plain {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      ArrayBuffer.isView(column) ? (column as Float64Array).subarray(0, count) : beginningOf(column as Plain, count),
    ]),
  )
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice()
  if (Array.isArray(value)) return value.map(copyOf)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]))
}

/** Writes a copy's values into the records that it was made of: others hold these. */
function writeInto(to: Plain, from: Plain): void {
  if (ArrayBuffer.isView(from)) {
    ;(to as unknown as Float64Array).set(from as unknown as Float64Array)
    return
  }
  for (const [name, value] of Object.entries(from)) {
    const inner = typeof value === 'object' && value !== null
    if (inner) writeInto(to[name] as Plain, value as Plain)
    else to[name] = value
  }
}
