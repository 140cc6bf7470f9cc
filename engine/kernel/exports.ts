/** The kernel's exported functions, as `physics-wasm/src/api.rs` documents them. This folder is their only caller. */
export interface KernelExports {
  names_address(section: number): number
  names_length(section: number): number
  world_bytes(
    entities: number,
    particles: number,
    contacts: number,
    emitters: number,
    hits: number,
    instances: number,
  ): number
  world_create(
    entities: number,
    particles: number,
    contacts: number,
    emitters: number,
    hits: number,
    instances: number,
  ): number
  step(dt: number, threads: number): number
  help(slot: number): void
  pack_instances(x: number, y: number, z: number, behind: number, threads: number): void
  measure(kind: number, wanted: number, threads: number): number
  overlap_sphere(x: number, y: number, z: number, radius: number): number
  cast_ray(x: number, y: number, z: number, dx: number, dy: number, dz: number, maxDistance: number): number
  state_hash(half: number): number
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
