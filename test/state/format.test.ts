/** The pieces that snapshots are made of: sizes as in the kernel, blocks, residuals, the checksum. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { INTERNALS } from '../../engine/internals.ts'
import { JOINT, MANIFOLD } from '../../engine/state/columns.ts'
import { deskOf } from '../../engine/state/desk.ts'
import { HEAD, seal } from '../../engine/state/format.ts'
import { FIELDS, PAGE } from '../../engine/state/pages.ts'
import { hear, skipSame, tell, tellSame, Writer } from '../../engine/state/residuals.ts'
import { createRandom } from '../../examples/scenes/random.ts'
import { makePhysics } from '../physics/harness.ts'

test('sizes are those of the kernel', () => {
  const source = readFileSync(new URL('../../physics-wasm/src/sizes.rs', import.meta.url), 'utf8')
  const size = (name: string): number => Number(new RegExp(`pub const ${name}: usize = (\\d+);`).exec(source)?.[1])
  expect([MANIFOLD.reals, MANIFOLD.words]).toEqual([size('MANIFOLD_REALS'), size('MANIFOLD_WORDS')])
  expect([JOINT.reals, JOINT.states]).toEqual([size('JOINT_REALS'), size('JOINT_STATE')])
  expect([PAGE, FIELDS]).toEqual([size('PARTICLE_PAGE'), size('PARTICLE_FIELDS')])
})

test('what is told is heard again, whatever the guess', async () => {
  const desk = deskOf((await makePhysics())[INTERNALS])
  const random = createRandom(3)
  const word = (): number => Math.floor(random() * 2 ** 32) >>> 0
  for (let round = 0; round < 60; round++) {
    const length = round < 3 ? 32_768 * (round & 1) : Math.floor(random() * 5000)
    const words = Uint32Array.from({ length }, word)
    // Guesses that are right, nearly right, or wrong, in turns.
    const guess = words.map((v, i) =>
      Math.floor(i / 700) % 3 === round % 3 ? v : random() < 0.7 ? v + Math.floor(random() * 2 ** (i % 33)) : word(),
    )
    const out = new Writer(new Uint32Array(4), 2)
    tell(desk, out, words, guess)
    const told = out.words.subarray(0, out.at)
    const heard = guess.slice()
    expect(hear(told, 2, heard)).toBe(out.at)
    expect(Buffer.compare(new Uint8Array(heard.buffer), new Uint8Array(words.buffer))).toBe(0)
    expect(skipSame(told, 2, length)).toBe(-1)
    // Cut short it is none, and never reads beyond.
    if (length > 0) expect(hear(told.subarray(0, -1), 2, guess.slice())).toBe(-1)
    const same = new Writer(new Uint32Array(1), 1)
    tellSame(same, length)
    expect(skipSame(same.words.subarray(0, same.at), 1, length)).toBe(same.at)
    expect(hear(same.words.subarray(0, same.at), 1, guess)).toBe(-1)
  }
})

test('every flipped bit changes the checksum', () => {
  const words = Uint32Array.from({ length: 333 }, (_, i) => Math.imul(i, 0x9e37_79b1))
  seal(words)
  const [low, high] = words.subarray(HEAD.checksum)
  for (let bit = 0; bit < 333 * 32; bit++) {
    const at = bit >> 5
    if (at === HEAD.checksum || at === HEAD.checksum + 1 || at === HEAD.length) continue
    const copy = words.slice()
    copy[at]! ^= 1 << (bit & 31)
    seal(copy)
    expect(copy[HEAD.checksum] === low && copy[HEAD.checksum + 1] === high).toBe(false)
  }
})
