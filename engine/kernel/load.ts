import type { Precision, Tier } from '../settings.ts'
import type { Kernel, KernelExports, KernelMemory } from './exports.ts'

const PAGE = 65_536
/** Pages of the instance that only tells how much memory a world needs: the module's data and one stack, with room to spare. */
const PROBE_PAGES = 64
const CAPACITY_SECTION = 3

/** Capacities by the kernel's names. */
export type KernelCapacity = Readonly<Record<string, number>>

/** A kernel with its world placed: where each column lies, and what a worker needs to join. */
export interface LoadedKernel extends Kernel {
  /** Offset and length of each column, in the order of the names. */
  readonly table: Uint32Array
  /** The compiled module, absent in tier `js`. */
  readonly module: WebAssembly.Module | undefined
}

type Imports = Record<string, Record<string, unknown>>

/** Loads the build of a tier and precision and places a world in a memory of exactly the size it needs. */
export async function loadKernel(tier: Tier, precision: Precision, capacity: KernelCapacity): Promise<LoadedKernel> {
  if (tier === 'js') return placeWorld(await scalarBuild(precision), undefined, scalarMemory, capacity)
  const module = await compiledModule(tier, precision)
  const shared = tier === 'threads'
  const memory = (pages: number): KernelMemory => new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  return placeWorld((memory) => instantiate(module, memory as WebAssembly.Memory), module, memory, capacity)
}

function placeWorld(
  instance: (memory: KernelMemory) => KernelExports,
  module: WebAssembly.Module | undefined,
  createMemory: (pages: number) => KernelMemory,
  capacity: KernelCapacity,
): LoadedKernel {
  const sized = (memory: KernelMemory): KernelExports => {
    const exports = instance(memory)
    writeCapacity(exports, memory, capacity)
    return exports
  }
  const bytes = sized(createMemory(PROBE_PAGES)).world_bytes()
  const memory = createMemory(Math.max(PROBE_PAGES, Math.ceil(bytes / PAGE)))
  const exports = sized(memory)
  const address = exports.world_create() >>> 0
  const columns = readText(exports, memory, 0).length
  return { exports, memory, module, table: new Uint32Array(memory.buffer, address, 2 * columns).slice() }
}

function writeCapacity(exports: KernelExports, memory: KernelMemory, capacity: KernelCapacity): void {
  const names = readText(exports, memory, CAPACITY_SECTION)
  const numbers = new Uint32Array(memory.buffer, exports.capacity_address() >>> 0, names.length)
  for (const [index, name] of names.entries()) numbers[index] = capacity[name]!
}

/** The names of one section: 0 columns (`name type`), 1 settings, 2 counters, 3 capacities, then one stage a section. */
export function readText(exports: KernelExports, memory: KernelMemory, section: number): string[] {
  const bytes = new Uint8Array(memory.buffer, exports.names_address(section) >>> 0, exports.names_length(section))
  // A copy: TextDecoder refuses views of shared memory in browsers.
  return new TextDecoder().decode(bytes.slice()).split('\n').filter(Boolean)
}

/** Each build is its own lazily loaded module, so that a page downloads one. The addresses are written out for the bundlers. */
const BINARIES = {
  threads: {
    single: () => import('../../physics-wasm/pkg/threads.js'),
    double: () => import('../../physics-wasm/pkg/threads-double.js'),
  },
  simd: {
    single: () => import('../../physics-wasm/pkg/simd.js'),
    double: () => import('../../physics-wasm/pkg/simd-double.js'),
  },
}
const SCRIPTS = {
  single: () => import('../../physics-wasm/pkg/scalar.js'),
  double: () => import('../../physics-wasm/pkg/scalar-double.js'),
}

const modules = new Map<object, Promise<WebAssembly.Module>>()

/** The compiled module of a tier and precision, compiled once. */
function compiledModule(tier: keyof typeof BINARIES, precision: Precision): Promise<WebAssembly.Module> {
  const fetchText = BINARIES[tier][precision]
  let module = modules.get(fetchText)
  if (!module) {
    module = fetchText()
      .then((text) => inflate(text.default))
      .then(WebAssembly.compile)
    modules.set(fetchText, module)
    module.catch(() => modules.delete(fetchText))
  }
  return module
}

/** The bytes that were deflated and written as base64 text. */
async function inflate(text: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Response(stream).arrayBuffer()
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

async function scalarBuild(precision: Precision): Promise<(memory: KernelMemory) => KernelExports> {
  const { default: build } = await SCRIPTS[precision]()
  return (memory) => {
    const host = { memory, now: () => performance.now() }
    return build({ env: host, wbg: host }) as unknown as KernelExports
  }
}
