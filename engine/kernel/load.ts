import type { Tier } from '../settings.ts'
import type { Kernel, KernelExports, KernelMemory } from './exports.ts'

const PAGE = 65_536
/** Pages of the instance that only tells how much memory a world needs: the module's data and one stack, with room to spare. */
const PROBE_PAGES = 64

/** Capacities in the order of the kernel's functions. */
export type CapacityArguments = [
  entities: number,
  particles: number,
  contacts: number,
  emitters: number,
  hits: number,
  instances: number,
]

/** A kernel with its world placed: where each column lies, and what a worker needs to join. */
export interface LoadedKernel extends Kernel {
  /** Offset and length of each column, in the order of the names. */
  readonly table: Uint32Array
  /** The compiled module, absent in tier `js`. */
  readonly module: WebAssembly.Module | undefined
}

type Imports = Record<string, Record<string, unknown>>

/** Loads the build of a tier and places a world in a memory of exactly the size it needs. */
export async function loadKernel(tier: Tier, capacity: CapacityArguments): Promise<LoadedKernel> {
  if (tier === 'js') return placeWorld(await scalarBuild(), undefined, scalarMemory, capacity)
  const module = await compiledModule(tier)
  const shared = tier === 'threads'
  const memory = (pages: number): KernelMemory => new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  return placeWorld((memory) => instantiate(module, memory as WebAssembly.Memory), module, memory, capacity)
}

function placeWorld(
  instance: (memory: KernelMemory) => KernelExports,
  module: WebAssembly.Module | undefined,
  createMemory: (pages: number) => KernelMemory,
  capacity: CapacityArguments,
): LoadedKernel {
  const bytes = instance(createMemory(PROBE_PAGES)).world_bytes(...capacity)
  const memory = createMemory(Math.max(PROBE_PAGES, Math.ceil(bytes / PAGE)))
  const exports = instance(memory)
  const address = exports.world_create(...capacity) >>> 0
  const columns = readText(exports, memory, 0).length
  return { exports, memory, module, table: new Uint32Array(memory.buffer, address, 2 * columns).slice() }
}

/** The names of one section: 0 columns (`name type`), 1 settings, 2 counters, 3 stages. */
export function readText(exports: KernelExports, memory: KernelMemory, section: number): string[] {
  const bytes = new Uint8Array(memory.buffer, exports.names_address(section) >>> 0, exports.names_length(section))
  // A copy: TextDecoder refuses views of shared memory in browsers.
  return new TextDecoder().decode(bytes.slice()).split('\n').filter(Boolean)
}

const modules = new Map<Tier, Promise<WebAssembly.Module>>()

/** The compiled module of a tier, compiled once. */
function compiledModule(tier: 'threads' | 'simd'): Promise<WebAssembly.Module> {
  let module = modules.get(tier)
  if (!module) {
    module = kernelText(tier).then((text) => WebAssembly.compile(decodeBase64(text)))
    modules.set(tier, module)
    module.catch(() => modules.delete(tier))
  }
  return module
}

/** Each build is its own lazily loaded module, so that a page downloads one. */
async function kernelText(tier: 'threads' | 'simd'): Promise<string> {
  const module =
    tier === 'threads'
      ? await import('../../physics-wasm/pkg/threads.js')
      : await import('../../physics-wasm/pkg/simd.js')
  return module.default
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const imports = hostImports(WebAssembly.Module.imports(module), memory)
  const exports = new WebAssembly.Instance(module, imports as WebAssembly.Imports).exports
  const start = exports.__wbindgen_start as undefined | (() => void)
  start?.()
  return exports as unknown as KernelExports
}

/** The clock and the memory, under the module names that the build gave them. */
function hostImports(wanted: WebAssembly.ModuleImportDescriptor[], memory: KernelMemory): Imports {
  const imports: Imports = {}
  for (const { module, name, kind } of wanted) {
    imports[module] ??= {}
    imports[module][name] = kind === 'memory' ? memory : () => performance.now()
  }
  return imports
}

function scalarMemory(pages: number): KernelMemory {
  return { buffer: new ArrayBuffer(pages * PAGE) }
}

async function scalarBuild(): Promise<(memory: KernelMemory) => KernelExports> {
  const { default: build } = await import('../../physics-wasm/pkg/scalar.js')
  return (memory) => {
    const host = { memory, now: () => performance.now() }
    return build({ env: host, wbg: host }) as unknown as KernelExports
  }
}
