import { change, type Physics } from '../internals.ts'
import { step } from '../step.ts'
import { applyDelta } from './delta.ts'
import { bytesOf, RECORDING, refused } from './format.ts'
import { checkHead } from './head.ts'
import { Reader } from './plan.ts'
import { hashWords } from './record.ts'
import { restore } from './restore.ts'
import { headWords, snapshot } from './snapshot.ts'

/** What a replay came to. */
export interface Replay {
  /** Steps that were taken. */
  readonly steps: number
  /** The first step that came to another state than in the recording, from 0 on, and both hashes; undefined when all came out the same. */
  readonly divergence: { readonly step: number; readonly recorded: string; readonly replayed: string } | undefined
}

/**
 * Plays a recording again, in the world that it was made of or in one of the same options: the world is restored to its beginning, what the game
 * did is done again, and each step is compared. It ends where the two part, or with the recording.
 * @param options `onStep`: called behind each step with its number. `goOn`: go on where the two part, to the end. Default false.
 * @throws PhysicsError E_SNAPSHOT (damaged, or of another kind of world), E_BUSY, E_DISPOSED
 */
export function replay(
  physics: Physics,
  recording: Uint8Array,
  options: { onStep?: (step: number) => void; goOn?: boolean } = {},
): Replay {
  const internals = change(physics, 'replay')
  const words = checkHead(physics, internals, recording, RECORDING)
  const reader = new Reader(words, headWords(physics))
  const [steps, length] = reader.take(2) as unknown as [number, number]
  const number = new Float64Array(1)
  const halves = new Uint32Array(number.buffer)
  restore(physics, bytesOf(reader.take(length)))
  let divergence: Replay['divergence']
  for (let k = 0; k < steps; k++) {
    halves.set(reader.take(2))
    const done = reader.take(reader.take(1)[0]!)
    if (!(number[0]! > 0 && number[0]! <= 1)) throw refused('dt', number[0], 'must be above 0, at most 1')
    if (done.length > 0) {
      const base = snapshot(physics)
      restore(physics, applyDelta(physics, internals, { delta: bytesOf(done), base, strict: false }))
    }
    step(physics, number[0]!)
    const recorded = reader.take(2)
    const replayed = hashWords(physics)
    options.onStep?.(k)
    if (recorded[0] === replayed[0] && recorded[1] === replayed[1]) continue
    divergence ??= { step: k, recorded: text(recorded), replayed: text(replayed) }
    if (!options.goOn) return { steps: k + 1, divergence }
  }
  return { steps, divergence }
}

function text(hash: ArrayLike<number>): string {
  return [hash[1]!, hash[0]!].map((word) => word.toString(16).padStart(8, '0')).join('')
}
