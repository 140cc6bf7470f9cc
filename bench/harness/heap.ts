/** How much JavaScript heap a piece of code takes: allocations, not what survives. */
import { type HeapProfiler, Session } from 'node:inspector'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects garbage now. The flag can be set after the start; the function then exists in new contexts only. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

const collect = garbageCollector()

/**
 * Bytes of heap that `rounds` × `perRound` calls of `action` allocate, per call: the median over the rounds.
 *
 * Each round starts behind a full collection, with the young generation empty, and is short enough to end before the next
 * one, so what is used afterwards is what was allocated. The cost of asking is measured in the same way and taken off.
 */
export function allocatedPerCall(action: () => void, rounds: number, perRound: number): number {
  const own = medianOf(rounds, () => allocatedBy(() => {}, perRound))
  return Math.max(0, medianOf(rounds, () => allocatedBy(action, perRound)) - own) / perRound
}

/** Bytes of heap in use behind a full collection. */
export function liveHeap(): number {
  collect()
  return getHeapStatistics().used_heap_size
}

function allocatedBy(action: () => void, calls: number): number {
  const before = liveHeap()
  for (let call = 0; call < calls; call++) action()
  return getHeapStatistics().used_heap_size - before
}

function medianOf(rounds: number, sample: () => number): number {
  const samples = Array.from({ length: rounds }, sample).sort((a, b) => a - b)
  return samples[rounds >> 1]
}

/** Bytes between two samples of the profiler: small, so that rare allocations are seen as well. */
const SAMPLING_INTERVAL = 256

/** The functions that allocate most while `calls` calls of `action` run, with bytes a call: estimates, by sampling. */
export function topAllocators(action: () => void, calls: number, most: number): { where: string; bytes: number }[] {
  const session = new Session()
  session.connect()
  session.post('HeapProfiler.startSampling', {
    samplingInterval: SAMPLING_INTERVAL,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  } as HeapProfiler.StartSamplingParameterType)
  for (let call = 0; call < calls; call++) action()
  const bytes = new Map<string, number>()
  // The session answers at once: the callback has run when `post` returns.
  session.post('HeapProfiler.stopSampling', (error, answer) => {
    if (!error) addNode(answer.profile.head, bytes)
  })
  session.disconnect()
  return [...bytes]
    .map(([where, sum]) => ({ where, bytes: Math.round(sum / calls) }))
    .filter((entry) => entry.bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, most)
}

function addNode(node: HeapProfiler.SamplingHeapProfileNode, bytes: Map<string, number>): void {
  const { functionName, url } = node.callFrame
  const where = `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}`.trim()
  bytes.set(where, (bytes.get(where) ?? 0) + node.selfSize)
  for (const child of node.children) addNode(child, bytes)
}
