import type { Settings, Tier } from '../settings.ts'

/** Which tiers to try, best first, and why not the better ones. */
export interface TierPlan {
  tiers: Tier[]
  threads: number
  reasons: string[]
}

/** The most threads that `auto` takes: beyond four, one frame's work is too small to share. */
const AUTO_THREADS = 4

/** A module of one function with one SIMD instruction; valid only where `simd128` is. */
const SIMD_MODULE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]

/** Decides from what this page or process offers. Every tier that is passed over leaves one sentence. */
export async function planTiers(settings: Settings): Promise<TierPlan> {
  const reasons: string[] = []
  const wanted = settings.tier
  const threads = settings.threads === 'auto' ? Math.min(AUTO_THREADS, await coreCount()) : settings.threads
  const simd = hasSimd()
  const tiers: Tier[] = []
  if (wanted === 'auto' || wanted === 'threads') {
    const lack = whyNoThreads(simd, wanted === 'auto' ? threads : 2)
    if (lack) reasons.push(`threads off: ${lack}`)
    else tiers.push('threads')
  }
  if (wanted !== 'js') {
    if (simd) tiers.push('simd')
    else reasons.push('simd off: this engine runs no WebAssembly SIMD')
  }
  tiers.push('js')
  return { tiers, threads, reasons }
}

/** Whether WebAssembly SIMD runs here. */
function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(SIMD_MODULE))
}

function whyNoThreads(simd: boolean, threads: number): string | undefined {
  if (!simd) return 'this engine runs no WebAssembly SIMD'
  // Outside browsers the property is absent, which means that nothing forbids sharing.
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false) {
    return 'page is not cross-origin isolated (serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)'
  }
  if (typeof SharedArrayBuffer === 'undefined') return 'this page has no SharedArrayBuffer'
  if (typeof Worker === 'undefined' && !isNode()) return 'this page has no Worker'
  if (threads < 2) return 'one thread asked for or one core found'
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  } catch {
    return 'this engine gives no shared WebAssembly memory'
  }
  return undefined
}

/** Whether this is Node, where workers come from `node:worker_threads`. */
export function isNode(): boolean {
  const scope = globalThis as { process?: { versions?: { node?: string } }; Worker?: unknown }
  return Boolean(scope.process?.versions?.node) && typeof scope.Worker === 'undefined'
}

async function coreCount(): Promise<number> {
  const hinted = (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency
  if (hinted) return hinted
  if (isNode()) return (await import(/* @vite-ignore */ 'node:os')).availableParallelism()
  return 1
}
