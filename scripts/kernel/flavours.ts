/**
 * The builds of the one crate: three in single precision and the same three in double. Those of one precision are all four lanes wide and give
 * the same bits; they differ in the instructions they may use and in where their memory comes from.
 */

/** One build of the crate. */
export interface Flavour {
  name: FlavourName
  /** The build whose flags it shares: its compiled standard library serves both precisions. */
  base: BaseName
  /** What the flavour is, for messages. */
  title: string
  /** Whether the result must hold SIMD instructions (true) or must hold none (false). */
  simd: boolean
  /** Compiler flags for the target `wasm32-unknown-unknown`, without the path remapping. */
  rustflags: readonly string[]
  /** Features of the crate. */
  features: readonly string[]
}

type BaseName = 'threads' | 'simd' | 'scalar'
export type FlavourName = BaseName | `${BaseName}-double`

/** Stack of each instance in bytes. Helpers get stacks of their own from the crate's layout. */
const STACK_BYTES = 131_072

const linkArgs = (...args: string[]): string[] => args.flatMap((arg) => ['-C', `link-arg=${arg}`])

// Every tier gets its memory from TypeScript, so that a new instance can be put over the old memory.
const COMMON_ARGS = [
  // A panic is one trap: no message, so no formatting, no unwinding machinery and no allocator behind it.
  ...['-Z', 'unstable-options', '-C', 'panic=immediate-abort'],
  // The kernel is four lanes wide by hand: what the compiler makes wide by itself is cold code, and only grows by it.
  ...['-C', 'no-vectorize-loops', '-C', 'no-vectorize-slp'],
  // The default of 300 unrolls loops over a dozen elements completely: 5 kB of download, and no step is faster by it beyond the noise.
  ...['-C', 'llvm-args=-unroll-threshold=120'],
  ...linkArgs('--import-memory', '--export=__heap_base', '--export=__stack_pointer', `-zstack-size=${STACK_BYTES}`),
]

// Without -reference-types wasm-bindgen would want a table allocator, and with it its own allocator, in a
// crate whose memory is shared.
const NO_TABLES = '-reference-types,-multivalue'

const SINGLE: readonly (Pick<Flavour, 'title' | 'simd' | 'rustflags'> & { name: BaseName })[] = [
  {
    name: 'threads',
    title: 'shared memory, atomics, SIMD',
    simd: true,
    rustflags: [
      ...['-C', 'linker-flavor=wasm-ld'],
      ...['-C', `target-feature=+atomics,+bulk-memory,+mutable-globals,+simd128,${NO_TABLES}`],
      ...COMMON_ARGS,
      // The loader may pass any maximum up to this one; it picks a small one (see engine/kernel).
      ...linkArgs('--shared-memory', '--max-memory=4294967296'),
      ...linkArgs('--export=__wasm_init_tls', '--export=__tls_size', '--export=__tls_align', '--export=__tls_base'),
    ],
  },
  {
    name: 'simd',
    title: 'plain memory, SIMD',
    simd: true,
    rustflags: [
      ...['-C', 'linker-flavor=wasm-ld'],
      ...['-C', `target-feature=+bulk-memory,+mutable-globals,+simd128,${NO_TABLES}`],
      ...COMMON_ARGS,
    ],
  },
  {
    name: 'scalar',
    title: 'JavaScript by wasm2js',
    simd: false,
    rustflags: [
      ...['-C', 'linker-flavor=wasm-ld'],
      // wasm2js knows the first WebAssembly only.
      ...['-C', 'target-cpu=mvp', '-C', 'target-feature=+mutable-globals'],
      ...COMMON_ARGS,
    ],
  },
]

export const FLAVOURS: readonly Flavour[] = [
  ...SINGLE.map((one): Flavour => ({ ...one, base: one.name, features: [] })),
  ...SINGLE.map(
    (one): Flavour => ({
      ...one,
      name: `${one.name}-double`,
      base: one.name,
      title: `${one.title}, double precision`,
      features: ['double'],
    }),
  ),
]
