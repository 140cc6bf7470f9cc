/** Garbage in columns, for the tests of what it does to others. */
import { type Physics, type RealArray, stateHash, step } from 'manybody'
import { expect } from 'vitest'
import { createRandom, DT } from '../physics/harness.ts'

/** A column of a component by its name. */
export function lane(physics: Physics, name: string): RealArray {
  const [component, key] = name.split('.')
  const column = (physics.components as unknown as Record<string, Record<string, RealArray>>)[component][key]
  if (!column) throw new Error(`no column ${name}`)
  return column
}

/** Writes garbage into lanes of bodies at random for some steps, in two worlds that are made alike: neither hangs, and their hashes are equal. */
export async function expectSameGarbage(
  lanes: readonly string[],
  steps: number,
  make: () => Promise<{ physics: Physics; bodies: Uint32Array }>,
): Promise<void> {
  const hashes: string[] = []
  for (let round = 0; round < 2; round++) {
    const { physics, bodies } = await make()
    const random = createRandom(77)
    const values = [Number.NaN, Infinity, -1e38, 1e-42, 0, -7, 1e12, 3]
    const pick = <T>(list: ArrayLike<T>): T => list[Math.floor(random() * list.length)]
    for (let i = 0; i < steps; i++) {
      lane(physics, pick(lanes))[pick(bodies)] = pick(values)
      step(physics, DT)
    }
    hashes.push(stateHash(physics))
  }
  expect(hashes[0]).toBe(hashes[1])
}
