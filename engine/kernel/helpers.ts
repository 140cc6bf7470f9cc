/** Spawns the helpers and seats worlds among them. In the package this is a file of its own, which only pages fetch that step with threads. */
import { EPOCH, type Helper, MAIL, type PoolSeat } from './pool.ts'
import { isNode } from './tiers.ts'
import { WORKER_SOURCE } from './worker.ts'

const CONTROL_WORDS = 16
/** A helper that does not answer within this time is left out. */
const START_MS = 2000

const helpers: Helper[] = []
let worlds = 0
/** Worlds are seated one after the other: a helper answers one question at a time. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Seats a world: spawns helpers up to `threads − 1` and lets each instantiate the module over the world's memory.
 * Never rejects: what fails costs helpers, and says why.
 */
export function joinPool(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
  workerUrl: string | URL | undefined,
): Promise<Seating> {
  const seating = turn.then(() => seat(module, memory, threads, workerUrl))
  turn = seating
  return seating
}

/** A seat, the threads it has, and why not more. */
export interface Seating {
  seat: PoolSeat
  threads: number
  reason: string | undefined
}

async function seat(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
  workerUrl: string | URL | undefined,
): Promise<Seating> {
  const id = ++worlds
  let reason: string | undefined
  try {
    while (helpers.length < threads - 1) helpers.push(await startHelper(helpers.length + 1, workerUrl))
  } catch (error) {
    reason = `a worker did not start: ${error instanceof Error ? error.message : String(error)}`
  }
  const seated: Helper[] = []
  for (const helper of helpers.slice(0, threads - 1)) {
    const refused = await ask(helper, { type: 'join', id, module, memory })
    if (refused) reason = `a worker did not join: ${refused}`
    // Slots are numbered: a step can use the helpers before the first that is missing.
    if (refused) break
    seated.push(helper)
  }
  const leave = (): void => {
    for (const helper of seated) post(helper, { type: 'leave', id })
  }
  return { seat: { id, helpers: seated, leave }, threads: seated.length + 1, reason }
}

/** Posts a message and brings the helper out of its park to hear it. */
function post(helper: Helper, message: unknown): void {
  // Counted before it is sent: a helper that has heard more than was counted would never park again.
  Atomics.add(helper.control, MAIL, 1)
  helper.post(message)
  Atomics.add(helper.control, EPOCH, 1)
  Atomics.notify(helper.control, EPOCH)
}

/** Posts a message and waits for its answer; gives the reason when there is none. */
async function ask(helper: Helper, message: { type: string; [key: string]: unknown }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`no answer within ${START_MS} ms`), START_MS)
    helper.answer = ({ type, reason }) => {
      if (type !== message.type && type !== 'error') return
      clearTimeout(timer)
      helper.answer = undefined
      resolve(type === 'error' ? reason : undefined)
    }
    post(helper, message)
  })
}

async function startHelper(slot: number, workerUrl: string | URL | undefined): Promise<Helper> {
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS))
  let failed: (reason: string) => void = () => {}
  const failure = new Promise<string>((resolve) => {
    failed = resolve
  })
  const hear = (message: { type: string; reason?: string }): void => helper.answer?.(message)
  const spawned = isNode() ? await spawnInNode(hear, failed) : spawnInBrowser(workerUrl, hear, failed)
  const helper: Helper = { ...spawned, control, answer: undefined }
  const refused = await Promise.race([failure, ask(helper, { type: 'start', control, slot, mail: 1 })])
  if (refused) {
    helper.terminate()
    throw new Error(refused)
  }
  return helper
}

type Hear = (message: { type: string; reason?: string }) => void
type Spawned = Pick<Helper, 'post' | 'terminate'>

async function spawnInNode(hear: Hear, failed: (reason: string) => void): Promise<Spawned> {
  const { Worker } = await import(/* @vite-ignore */ 'node:worker_threads')
  const worker = new Worker(WORKER_SOURCE, { eval: true, stdin: false })
  worker.on('message', hear)
  worker.on('error', (error) => failed(String(error)))
  // A parked helper does not keep the process alive.
  worker.unref()
  return { post: (message) => worker.postMessage(message), terminate: () => void worker.terminate() }
}

function spawnInBrowser(workerUrl: string | URL | undefined, hear: Hear, failed: (reason: string) => void): Spawned {
  const own = workerUrl === undefined
  const url = own ? URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' })) : workerUrl
  const worker = new Worker(url, { name: 'manybody' })
  worker.onmessage = (event) => {
    hear(event.data)
    // The script has run by its first message.
    if (own) URL.revokeObjectURL(url as string)
  }
  worker.onerror = (event) => failed(event.message || 'the worker script could not be loaded')
  return { post: (message) => worker.postMessage(message), terminate: () => worker.terminate() }
}
