import { change, type Internals, type Physics, use } from '../internals.ts'
import { encodeDelta } from './delta.ts'
import { bytesOf, RECORDING, room, seal, wordsOf } from './format.ts'
import { stateHash } from './hash.ts'
import { Writer } from './residuals.ts'
import { headWords, snapshot, takeSnapshot, writeHead } from './snapshot.ts'

/**
 * A recording: the state at its beginning, and for each step what the game did to the world before it, the length of the step, and the hash of the
 * state behind it.
 *
 * What the game did is not told call by call: it is how the state before a step differs from the state behind the step before it. So nothing
 * escapes, neither a call nor a column that a system wrote, and a replay needs none of the game's code. Recording takes a snapshot, a comparison with
 * the one before and a hash in each step, and a delta where something was done.
 */
export interface Recorder {
  /** Steps so far. */
  readonly steps: number
  /** Ends the recording; twice gives the same bytes. */
  stop(): Uint8Array
}

/**
 * Begins to record a world: from now on until `stop`. Several recordings can run at once.
 * @throws PhysicsError E_UNSUPPORTED (a bitECS world that numbers versions), E_BUSY, E_DISPOSED
 */
export function record(physics: Physics): Recorder {
  const internals = change(physics, 'record')
  const start = snapshot(physics).slice()
  const out = new Writer(new Uint32Array(start.length / 2), headWords(physics))
  out.put([0, start.length / 4])
  out.put(wordsOf(start))
  const tape: Tape = { out, steps: 0, behind: start, dt: new Float64Array(1) }
  const beginning = (dt: number): void => begin(physics, internals, tape, dt)
  const stepped = (): void => end(physics, internals, tape)
  internals.beginning = [...internals.beginning, beginning]
  // Before whoever else hears of steps, and may do something about it.
  internals.stepped = [stepped, ...internals.stepped]
  let bytes: Uint8Array | undefined
  return {
    get steps() {
      return tape.steps
    },
    stop() {
      if (bytes) return bytes
      internals.beginning = internals.beginning.filter((one) => one !== beginning)
      internals.stepped = internals.stepped.filter((one) => one !== stepped)
      bytes = finish(physics, tape)
      return bytes
    },
  }
}

interface Tape {
  readonly out: Writer
  steps: number
  /** The state behind the last step. */
  behind: Uint8Array
  readonly dt: Float64Array
}

/** Notes what was done since the last step. */
function begin(physics: Physics, internals: Internals, { out, behind, dt: number }: Tape, dt: number): void {
  number[0] = dt
  out.put(new Uint32Array(number.buffer))
  const { block, differs } = encodeDelta(physics, internals, behind)
  out.put([differs ? block.length : 0])
  if (differs) out.put(block)
}

/** Notes what came of the step. */
function end(physics: Physics, internals: Internals, tape: Tape): void {
  tape.steps++
  tape.out.put(hashWords(physics))
  tape.behind = takeSnapshot(physics, internals, tape.behind, true)
}

/** The hash of the state as two words. */
export function hashWords(physics: Physics): [number, number] {
  const hash = stateHash(physics)
  return [Number.parseInt(hash.slice(8), 16), Number.parseInt(hash.slice(0, 8), 16)]
}

function finish(physics: Physics, { out, steps }: Tape): Uint8Array {
  const block = room(undefined, out.at)
  block.set(out.words.subarray(0, out.at))
  writeHead(physics, use(physics, 'stop'), block, RECORDING)
  block[headWords(physics)] = steps
  seal(block)
  return bytesOf(block)
}
