//! The exported functions: few, numbers only. TypeScript's `engine/kernel/exports.ts` is their only caller, and checks what the user gave;
//! what is checked here keeps a wrong caller from writing outside the world.
//!
//! One world lives in one memory: the memory belongs to the instance, workers instantiate the same module over it. There is no allocator:
//! `world_create` places every column once, from the end of the module's own data and the workers' stacks on.

use core::ptr::addr_of_mut;
#[cfg(target_arch = "wasm32")]
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use crate::layout::{self, Capacity, BLOCK};
use crate::stages::{hash, measure, pack, query};
use crate::step::{step as run_step, STAGES};
use crate::wide::Real;
use crate::world::{counter, setting, World};

/// Bytes kept for the stacks of helpers, before the columns.
const STACKS: usize = if cfg!(target_feature = "atomics") { 32 * (64 * 1024 + 256) } else { 0 };

/// The world of this memory. The caller's thread alone uses it; helpers reach it through the context of a phase.
static mut WORLD: Option<World> = None;
static mut TABLE: [[u32; 2]; layout::COUNT] = [[0; 2]; layout::COUNT];
#[cfg(target_arch = "wasm32")]
static STACKS_USED: AtomicUsize = AtomicUsize::new(0);

fn world() -> Option<&'static mut World> {
    // SAFETY: exports run on the caller's thread, one at a time (a step does not call back), so there is one reference at a time.
    unsafe { (*addr_of_mut!(WORLD)).as_mut() }
}

/// First byte after the module's data.
fn heap_base() -> usize {
    #[cfg(target_arch = "wasm32")]
    {
        extern "C" {
            static __heap_base: u8;
        }
        // One line on: wasm-bindgen keeps the number of its threads in the first word.
        core::ptr::addr_of!(__heap_base) as usize + layout::LINE
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// Stack and thread-local block of a helper: wasm-bindgen's start asks for them by this name. Bumps through `STACKS`, never grows the memory.
#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn __wbindgen_malloc(size: usize, align: usize) -> usize {
    let start = STACKS_USED.fetch_add(size + align, SeqCst);
    if start + size + align > STACKS {
        return 0;
    }
    (heap_base() + start).next_multiple_of(align.max(16))
}

/// Nothing is given back: a helper lives as long as its memory.
#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn __wbindgen_free(_pointer: usize, _size: usize, _align: usize) {}

/// Text that names everything the two languages share: sections `columns`, `settings`, `counters`, `stages`, one name a line.
static NAMES: &[&str] = &[layout::NAMES, setting::NAMES, counter::NAMES];

/// Address of text `section`: 0 columns, 1 settings, 2 counters, then the stages, one a section.
#[no_mangle]
pub extern "C" fn names_address(section: u32) -> *const u8 {
    text(section).map_or(core::ptr::null(), str::as_ptr)
}

/// Bytes of text `section`; 0 after the last.
#[no_mangle]
pub extern "C" fn names_length(section: u32) -> u32 {
    text(section).map_or(0, |text| text.len() as u32)
}

fn text(section: u32) -> Option<&'static str> {
    let section = section as usize;
    NAMES.get(section).or_else(|| STAGES.get(section.wrapping_sub(NAMES.len()))).copied()
}

fn capacity(entities: u32, particles: u32, contacts: u32, emitters: u32, hits: u32, instances: u32) -> Capacity {
    Capacity {
        entities: (entities as usize).max(1).next_multiple_of(BLOCK),
        particles: particles as usize,
        contacts: (contacts as usize).max(1),
        emitters: (emitters as usize).max(1),
        hits: (hits as usize).max(1),
        instances: (instances as usize).max(1),
    }
}

/// Bytes of memory that a world of this capacity needs, in an instance of any size; 0 when it is more than 4 GB.
#[no_mangle]
pub extern "C" fn world_bytes(entities: u32, particles: u32, contacts: u32, emitters: u32, hits: u32, instances: u32) -> f64 {
    let capacity = capacity(entities, particles, contacts, emitters, hits, instances);
    let (_, _, end) = World::place(capacity, heap_base() + STACKS);
    end as f64
}

/// Places the world; the memory is large enough and zero. Gives the address of its table: offset and length of every column.
#[no_mangle]
pub extern "C" fn world_create(entities: u32, particles: u32, contacts: u32, emitters: u32, hits: u32, instances: u32) -> *const u32 {
    let capacity = capacity(entities, particles, contacts, emitters, hits, instances);
    let (world, table, _) = World::place(capacity, heap_base() + STACKS);
    // SAFETY: as in `world`.
    unsafe {
        *addr_of_mut!(WORLD) = Some(world);
        *addr_of_mut!(TABLE) = table;
        addr_of_mut!(TABLE).cast()
    }
}

/// One step. 0: complete; 1: a helper died inside it; 2: there is no world.
#[no_mangle]
pub extern "C" fn step(dt: Real, threads: u32) -> u32 {
    match world() {
        None => 2,
        Some(world) => !run_step(world, dt, threads) as u32,
    }
}

/// A helper's share of a step; returns when the step ends. `slot` counts from 1.
#[no_mangle]
pub extern "C" fn help(slot: u32) {
    // SAFETY: helpers only touch the fork-join, which is made of atomics, and what its phases hand them.
    if let Some(world) = unsafe { (*core::ptr::addr_of!(WORLD)).as_ref() } {
        world.jobs.help(slot);
    }
}

/// Fills the packed instances.
#[no_mangle]
pub extern "C" fn pack_instances(x: Real, y: Real, z: Real, behind: Real, threads: u32) {
    if let Some(world) = world() {
        pack::run(world, [x, y, z], behind, threads);
    }
}

/// Measure 0: linear, 1: angular, 2: potential, 3: potential by the tree, into `result`; 4: errors of the long-range forces of at most `wanted`
/// bodies, into `samples`. On up to `threads` threads. Gives the number of samples.
#[no_mangle]
pub extern "C" fn measure(kind: u32, wanted: u32, threads: u32) -> u32 {
    let Some(world) = world() else { return 0 };
    world.jobs.begin(threads);
    let mut samples = 0;
    match kind {
        0 => measure::linear(world),
        1 => measure::angular(world),
        2 => measure::potential(world),
        3 => measure::potential_by_tree(world),
        _ => samples = measure::error(world, wanted as usize),
    }
    world.jobs.end();
    samples as u32
}

/// Bodies that a ball touches, into `found`.
#[no_mangle]
pub extern "C" fn overlap_sphere(x: Real, y: Real, z: Real, radius: Real) -> u32 {
    world().map_or(0, |world| query::overlap_sphere(world, [x, y, z], radius) as u32)
}

/// First body on a ray, 0 for none; its distance, point and normal into `result`.
#[no_mangle]
pub extern "C" fn cast_ray(x: Real, y: Real, z: Real, dx: Real, dy: Real, dz: Real, max_distance: Real) -> u32 {
    world().map_or(0, |world| query::cast_ray(world, [x, y, z], [dx, dy, dz], max_distance))
}

/// Hash of the state, 32 bits of it: `half` 0 or 1.
#[no_mangle]
pub extern "C" fn state_hash(half: u32) -> u32 {
    world().map_or(0, |world| hash::run(world)[(half & 1) as usize])
}
