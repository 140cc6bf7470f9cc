//! The exported functions: few, numbers only. TypeScript's `engine/kernel/exports.ts` is their only caller, and checks what the user gave;
//! what is checked here keeps a wrong caller from writing outside the world.
//!
//! One world lives in one memory: the memory belongs to the instance, workers instantiate the same module over it. There is no allocator:
//! `world_create` places every column once, from the end of the module's own data and the workers' stacks on.

use core::ptr::addr_of_mut;
#[cfg(target_arch = "wasm32")]
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use crate::layout::{self, Capacity};
use crate::shapes::build;
use crate::stages::{
    bulk, delta, hash, hierarchy, measure, pack, query, query_cast, query_index, query_nearest, query_overlap, query_ray, sleep, state,
};
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

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn world() -> Option<&'static mut World> {
    // SAFETY: exports run on the caller's thread, one at a time (a step does not call back), so there is one reference at a time.
    unsafe { (*addr_of_mut!(WORLD)).as_mut() }
}

/// First byte after the module's data.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
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
#[cfg_attr(target_arch = "wasm32", optimize(size))]
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
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn __wbindgen_free(_pointer: usize, _size: usize, _align: usize) {}

/// Text that names everything the two languages share: sections `columns`, `settings`, `counters`, `capacities`, `stages`, one name a line.
static NAMES: &[&str] = &[layout::NAMES, setting::NAMES, counter::NAMES, layout::CAPACITY_NAMES];

/// Address of text `section`: 0 columns, 1 settings, 2 counters, 3 capacities, then the stages, one a section.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn names_address(section: u32) -> *const u8 {
    text(section).map_or(core::ptr::null(), str::as_ptr)
}

/// Bytes of text `section`; 0 after the last.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn names_length(section: u32) -> u32 {
    text(section).map_or(0, |text| text.len() as u32)
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn text(section: u32) -> Option<&'static str> {
    let section = section as usize;
    NAMES.get(section).or_else(|| STAGES.get(section.wrapping_sub(NAMES.len()))).copied()
}

/// Where the caller writes the capacities before it asks for a world, in the order of their names.
static mut CAPACITY: [u32; layout::CAPACITIES] = [0; layout::CAPACITIES];

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn capacity() -> Capacity {
    // SAFETY: as in `world`.
    Capacity::from_numbers(unsafe { *addr_of_mut!(CAPACITY) })
}

/// Address of the capacities.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn capacity_address() -> *mut u32 {
    addr_of_mut!(CAPACITY).cast()
}

/// Bytes of memory that a world of the written capacity needs, in an instance of any size.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn world_bytes() -> f64 {
    let (_, _, end) = World::place(capacity(), heap_base() + STACKS);
    end as f64
}

/// Places a world of the written capacity; the memory is large enough and zero. Gives the address of its table: offset and length of every
/// column.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn world_create() -> *const u32 {
    let (world, table, _) = World::place(capacity(), heap_base() + STACKS);
    // SAFETY: as in `world`.
    unsafe {
        *addr_of_mut!(WORLD) = Some(world);
        *addr_of_mut!(TABLE) = table;
        addr_of_mut!(TABLE).cast()
    }
}

/// One step. 0: complete; 1: a helper died inside it; 2: there is no world.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn step(dt: Real, threads: u32) -> u32 {
    match world() {
        None => 2,
        Some(world) => !run_step(world, dt, threads) as u32,
    }
}

/// A helper's share of a step; returns when the step ends. `slot` counts from 1.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn help(slot: u32) {
    // SAFETY: helpers only touch the fork-join, which is made of atomics, and what its phases hand them.
    if let Some(world) = unsafe { (*core::ptr::addr_of!(WORLD)).as_ref() } {
        world.jobs.help(slot);
    }
}

/// Fills the packed instances, `share` of the last step ago.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn pack_instances(x: Real, y: Real, z: Real, share: Real, threads: u32) {
    if let Some(world) = world() {
        pack::run(world, [x, y, z], share, threads);
    }
}

/// World matrices of all nodes, without a step; bodies are where they were `share` of the last step ago.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn update_transforms(share: Real, threads: u32) {
    if let Some(world) = world() {
        world.jobs.begin(threads);
        hierarchy::run(world, share);
        world.jobs.end();
    }
}

/// Bulk operation `operation` (`stages::bulk`) with the number `t` over the columns of `bulk.offset`: for `count` entities
/// from `first` on, or for the first `count` of `bulk.list` when `first` is the highest word. False when a column or an entity is not the
/// world's.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn bulk(operation: u32, first: u32, count: u32, t: Real) -> bool {
    let Some(world) = world() else { return false };
    let listed = first == u32::MAX;
    let entities = bulk::Entities { first: if listed { 0 } else { first as usize }, count: count as usize, listed };
    let sound = bulk::is_sound(world, entities);
    if sound {
        bulk::run(world, operation, entities, t);
    }
    sound
}

/// Measure 0: linear, 1: angular, 2: potential, 3: potential by the tree, into `result`; 4: errors of the long-range forces of at most `wanted`
/// bodies, into `samples`. On up to `threads` threads. Gives the number of samples.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
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

/// Bodies that a shape touches, into `found`; `kind` and `shape` as `query_probe` has them.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn overlap_shape(kind: u32, shape: u32) -> u32 {
    world().map_or(0, |world| query_overlap::overlap_shape(world, kind, shape as usize) as u32)
}

/// Bodies that balls touch: the first `count`, as far as `found` has room; gives how many were answered, or −1 − i where ball i cannot be.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn overlap_balls(count: u32, threads: u32) -> i32 {
    world().map_or(0, |world| query_overlap::overlap_balls(world, count as usize, threads))
}

/// The first body that a shape meets on its path, 0 for none.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn cast_shape(kind: u32, shape: u32) -> u32 {
    world().map_or(0, |world| query_cast::cast_shape(world, kind, shape as usize))
}

/// The bodies nearest to the first `count` points; gives how many have one, or −1 − i where point i cannot be asked about.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn nearest(count: u32, threads: u32) -> i32 {
    world().map_or(0, |world| query_nearest::nearest(world, count as usize, threads))
}

/// Casts the first `count` rays of the column `query.origin`; gives how many hit, or −1 − i where ray i cannot be cast.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn cast_rays(count: u32, threads: u32) -> i32 {
    world().map_or(0, |world| query_ray::cast_rays(world, count as usize, threads))
}

/// The index of the queries no longer holds: bodies came, went or were moved.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn forget_index() {
    if let Some(world) = world() {
        query_index::forget(world);
    }
}

/// Builds the index of the queries when it does not hold.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn build_index(threads: u32) {
    if let Some(world) = world() {
        query::open(world, layout::QUERIES, threads);
        query::close(world);
    }
}

/// Hash of the state, 32 bits of it: `half` 0 or 1.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn state_hash(half: u32) -> u32 {
    world().map_or(0, |world| hash::run(world)[(half & 1) as usize])
}

/// Whether the `count` words at `address` repeat the first `size` of them, one or two.
#[no_mangle]
pub extern "C" fn state_uniform(address: usize, count: u32, size: u32) -> u32 {
    // SAFETY: the caller gives a block of a column: aligned, and inside the memory.
    state::uniform(unsafe { core::slice::from_raw_parts(address as *const u32, count as usize) }, size as usize) as u32
}

/// The words of the desk.
fn desk() -> Option<&'static mut [u32; state::DESK]> {
    // SAFETY: nobody else is at the desk: the caller's thread alone uses it, between steps.
    world().map(|world| unsafe { &mut *world.columns.state_desk.address(0).cast() })
}

/// Takes `rows` rows of the desk into the checksum that is on it.
#[no_mangle]
pub extern "C" fn state_sum(rows: u32) {
    if let Some(desk) = desk() {
        state::sum(desk, rows as usize);
    }
}

/// Works out how the `count` bodies on the desk fly: `delta::fly`. `number`: sources of velocities (`kind` 0), else steps.
#[no_mangle]
pub extern "C" fn state_fly(kind: u32, count: u32, number: u32) {
    if let Some(desk) = desk() {
        delta::fly(desk, kind, count as usize, number);
    }
}

/// Tells the words on the desk by their guess: `delta::tell`.
#[no_mangle]
pub extern "C" fn state_tell(groups: u32) -> u32 {
    desk().map_or(0, |desk| delta::tell(desk, groups as usize) as u32)
}

/// Writes what the kernel keeps outside the columns into `State.kept`.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn state_save() {
    if let Some(world) = world() {
        state::save(world);
    }
}

/// Takes restored columns and `State.kept` over.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn state_load() {
    if let Some(world) = world() {
        state::load(world);
    }
}

/// Memory of the shape builder; the caller's thread alone uses it.
static mut WORKSHOP: build::Workshop = build::Workshop::new();

/// How much geometry the staged shape of `kind` takes: reals, words, and words that stay, into `result`. `count` and `more`: `build::Order`.
/// Gives a `shapes::build::status`.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn shape_measure(kind: u32, count: u32, more: u32) -> u32 {
    let Some(world) = world() else { return build::status::RANGE };
    // SAFETY: as in `world`.
    let shop = unsafe { &mut *addr_of_mut!(WORKSHOP) };
    match build::measure(world, shop, build::Order { kind, count: count as usize, more: more as usize }) {
        Err(status) => status,
        Ok(sizes) => {
            for (k, size) in [sizes.reals, sizes.words, sizes.kept].into_iter().enumerate() {
                world.columns.result.set(k, size as f64);
            }
            build::status::OK
        }
    }
}

/// Builds the shape that was measured last into entry `shape`, its geometry from `real_at` and `word_at` on. Gives a `shapes::build::status`;
/// what it is about (a triangle, a height) into `result`.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn shape_build(kind: u32, count: u32, more: u32, shape: u32, real_at: u32, word_at: u32) -> u32 {
    let Some(world) = world() else { return build::status::RANGE };
    let place = build::Place { shape: shape as usize, real_at: real_at as usize, word_at: word_at as usize };
    // SAFETY: as in `world`.
    let shop = unsafe { &mut *addr_of_mut!(WORKSHOP) };
    let order = build::Order { kind, count: count as usize, more: more as usize };
    match build::build(world, shop, order, place) {
        Ok(()) => build::status::OK,
        Err((status, about)) => {
            world.columns.result.set(0, about as f64);
            status
        }
    }
}

/// Wakes the island of a body.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn wake_island(entity: u32) {
    if let Some(world) = world() {
        sleep::wake_island(world, entity as usize);
    }
}

/// Puts the island of a body to sleep.
#[no_mangle]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub extern "C" fn sleep_island(entity: u32) {
    if let Some(world) = world() {
        sleep::sleep_island(world, entity as usize);
    }
}
