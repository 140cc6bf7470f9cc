/** The kernel's exported functions, as `physics-wasm/src/api.rs` documents them. This folder is their only caller. */
export interface KernelExports {
  names_address(section: number): number
  names_length(section: number): number
  capacity_address(): number
  world_bytes(): number
  world_create(): number
  step(dt: number, threads: number): number
  help(slot: number): void
  pack_instances(x: number, y: number, z: number, share: number, threads: number): void
  update_transforms(share: number, threads: number): void
  bulk(operation: number, first: number, count: number, t: number): number
  measure(kind: number, wanted: number, threads: number): number
  overlap_shape(kind: number, shape: number): number
  overlap_balls(count: number, threads: number): number
  cast_shape(kind: number, shape: number): number
  nearest(count: number, threads: number): number
  cast_rays(count: number, threads: number): number
  forget_index(): void
  build_index(threads: number): void
  state_hash(half: number): number
  shape_measure(kind: number, count: number, more: number): number
  shape_build(kind: number, count: number, more: number, shape: number, realAt: number, wordAt: number): number
  wake_island(eid: number): void
  sleep_island(eid: number): void
  state_uniform(address: number, count: number, size: number): number
  state_sum(rows: number): void
  state_fly(kind: number, count: number, number: number): void
  state_tell(groups: number): number
  state_save(): void
  state_load(): void
}

/** What the kernel lives in: a WebAssembly memory, or a plain buffer for the JavaScript build. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike
}

/** One instance of the kernel over its memory. */
export interface Kernel {
  readonly exports: KernelExports
  readonly memory: KernelMemory
}
