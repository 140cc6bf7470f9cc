import type { Internals, Physics } from '../internals.ts'
import { Checksum, HEAD, layoutHash, MAGIC, refused, VERSION, wordsOf } from './format.ts'
import { capacities } from './snapshot.ts'

/** Refuses bytes that are no block of this kind of a world like this one. Gives their words. */
export function checkHead(physics: Physics, internals: Internals, bytes: Uint8Array, kind: number): Uint32Array {
  if (!(bytes instanceof Uint8Array)) throw refused('bytes', typeof bytes, 'must be a Uint8Array')
  if (bytes.byteLength < 4 * (HEAD.capacities + 1))
    throw refused('length', bytes.byteLength, 'is too short for a snapshot')
  const words = wordsOf(bytes)
  if (words[HEAD.magic] !== MAGIC) throw refused('magic', words[HEAD.magic], 'is no snapshot')
  if (words[HEAD.version] !== VERSION) throw refused('version', words[HEAD.version], `must be ${VERSION}`)
  if (words[HEAD.kind] !== kind) throw refused('kind', words[HEAD.kind], 'is another kind of block')
  if (words[HEAD.length] !== bytes.byteLength)
    throw refused('length', bytes.byteLength, `must be ${words[HEAD.length]} bytes`)
  const precision = physics.backend.precision === 'double' ? 2 : 1
  if (words[HEAD.precision] !== precision) {
    throw refused(
      'precision',
      words[HEAD.precision] === 2 ? 'double' : 'single',
      `this world is ${physics.backend.precision}`,
    )
  }
  if (words[HEAD.layout] !== layoutHash(internals.layout)) {
    throw refused('layout', words[HEAD.layout], 'was taken by another version of the kernel')
  }
  const list = capacities(physics)
  if (words[HEAD.capacities] !== list.length) throw refused('capacity', words[HEAD.capacities], 'has other capacities')
  for (const [index, [name, value]] of list.entries()) {
    const then = words[HEAD.capacities + 1 + index]
    if (then !== value) throw refused(`capacity.${name}`, then, `this world has ${value}`)
  }
  const [low, high] = new Checksum(words, internals).finish()
  if (words[HEAD.checksum] !== low || words[HEAD.checksum + 1] !== high) {
    throw refused('checksum', words[HEAD.checksum], 'the bytes were damaged')
  }
  return words
}
