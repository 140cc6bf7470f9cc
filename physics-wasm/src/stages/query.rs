//! Queries between steps: rays, shapes that move, what overlaps, what is nearest. Answers are about the public columns.
//!
//! A few single questions after a step look at every body, four at a time: that costs less than an index. From the `PATIENCE`-th on there is
//! one (`query_index`), and it is kept until the next step.
//! Many rays at once may get a grid (`query_grid`) in its place. All ways run the same tests on the same numbers, and give the same answers.

use super::query_grid;
use super::query_index::{self, state, TREE};
use crate::wide::{Real4, Vector4, LANES};
use crate::world::{flag, setting, World};

/// Questions that are answered without an index: about what building it costs.
const PATIENCE: usize = 16;
/// Rays from which on they get a grid.
const MANY: usize = 1024;
/// Builds for rays without a grid after a question that wants the tree.
const WANTED: u32 = 4;

/// Words of the column `query.filter`.
pub mod filter {
    /// Groups of the asker: a body counts when its mask has one of them; all bits: whatever its mask.
    pub const GROUP: usize = 0;
    /// Groups that the asker looks for; all bits: any.
    pub const MASK: usize = 1;
    /// An id that does not count; 0: none.
    pub const EXCLUDE: usize = 2;
    /// Bits of `flag`: a body that has any does not count.
    pub const REFUSED: usize = 3;
    /// Types that count, as bits: 1 static, 2 dynamic, 4 kinematic.
    pub const TYPES: usize = 4;
}

/// Which bodies count.
#[derive(Clone, Copy)]
pub struct Filter {
    group: u32,
    mask: u32,
    exclude: u32,
    refused: u32,
    types: u32,
}

impl Filter {
    /// What the caller wrote.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn read(world: &World) -> Self {
        let word = |index| world.columns.query_filter.get(index);
        Self {
            group: word(filter::GROUP),
            mask: word(filter::MASK),
            exclude: word(filter::EXCLUDE),
            refused: word(filter::REFUSED),
            types: word(filter::TYPES),
        }
    }

    /// Whether body `e` counts.
    #[inline(always)]
    pub fn passes(&self, world: &World, e: u32) -> bool {
        let c = &world.columns;
        let flags = c.flags.get(e as usize);
        let kind = match flags & (flag::DYNAMIC | flag::KINEMATIC) {
            0 => 1,
            flag::DYNAMIC => 2,
            _ => 4,
        };
        flags & flag::BODY != 0
            && flags & self.refused == 0
            && kind & self.types != 0
            && e != self.exclude
            && (self.mask == u32::MAX || self.mask & c.group.get(e as usize) != 0)
            && (self.group == u32::MAX || self.group & c.mask.get(e as usize) != 0)
    }
}

/// Four bodies: where they are, how large, and who.
#[derive(Clone, Copy)]
pub struct Four {
    /// Centres.
    pub centre: Vector4,
    /// Radii; of a body with a shape: around the centre of mass.
    pub radius: Real4,
    /// Places that have a body, a bit each: of the others the numbers mean nothing.
    pub used: u32,
    /// Number of the first body: its id, or its place in the index.
    pub first: usize,
    /// What that number counts.
    pub source: Source,
}

/// Where four bodies come from.
#[derive(Clone, Copy)]
pub enum Source {
    /// The public columns.
    Columns,
    /// Leaves of the tree.
    Leaves,
    /// Cells of the grid.
    Grid,
}

impl Four {
    /// Entity id in a place.
    #[inline(always)]
    pub fn id(&self, world: &World, lane: usize) -> u32 {
        let at = self.first + (lane & 3);
        match self.source {
            Source::Columns => at as u32,
            Source::Leaves => world.columns.query_id.get(at),
            // SAFETY: the four is one of the grid.
            Source::Grid => unsafe { *query_grid::id(world, at) },
        }
    }
}

/// Whether there is an index, or else its use: opens the call for `threads` threads, and builds an index when `count` more questions make it worth it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn open(world: &World, count: usize, threads: u32) -> bool {
    world.jobs.begin(threads);
    let words = &world.columns.query_state;
    words.set(state::PAUSE, words.get(state::PAUSE).max(WANTED));
    if words.get(state::VALID) != TREE && is_worth(world, count) {
        query_index::build(world);
    }
    words.get(state::VALID) == TREE
}

/// Counts questions without an index; whether they make it worth it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn is_worth(world: &World, count: usize) -> bool {
    let words = &world.columns.query_state;
    let asked = words.get(state::ASKED).saturating_add(count as u32);
    words.set(state::ASKED, asked);
    asked as usize > PATIENCE
}

/// As `open`, for rays: many of them may get the grid. Gives what there is, 0 for nothing.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn open_rays(world: &World, count: usize, threads: u32) -> u32 {
    world.jobs.begin(threads);
    let words = &world.columns.query_state;
    if words.get(state::VALID) == 0 && is_worth(world, count) && !(count >= MANY && query_index::build_grid(world)) {
        query_index::build(world);
    }
    words.get(state::VALID)
}

/// Ends the call. False when a helper was lost inside it: the answers are not complete, and the index may be wrong.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn close(world: &World) -> bool {
    let complete = !world.jobs.end();
    if !complete {
        query_index::forget(world);
    }
    complete
}

/// Ids in use.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn high(world: &World) -> usize {
    (world.columns.settings.get(setting::HIGH) as usize).min(world.capacity.entities)
}

/// Visits all bodies but planes, four at a time, in the order of their ids.
#[inline(always)]
pub fn each_four(world: &World, mut visit: impl FnMut(Four)) {
    let c = &world.columns;
    for i in (0..high(world)).step_by(LANES) {
        let flags = c.flags.load(i);
        let bodies = flags.has(flag::BODY).without(flags.has(flag::PLANE));
        if bodies.any() {
            visit(Four {
                centre: Vector4::new(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i)),
                radius: c.radius.load(i),
                used: bodies.bits(),
                first: i,
                source: Source::Columns,
            });
        }
    }
}

/// Visits the planes.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn each_plane(world: &World, indexed: bool, mut visit: impl FnMut(u32)) {
    let words = &world.columns.query_state;
    if indexed {
        for k in 0..words.get(state::PLANES) as usize {
            visit(words.get(state::FIRST_PLANE + k));
        }
        return;
    }
    for i in (0..high(world)).step_by(LANES) {
        let mut bits = world.columns.flags.load(i).has(flag::PLANE).bits();
        while bits != 0 {
            visit(i as u32 + bits.trailing_zeros());
            bits &= bits - 1;
        }
    }
}
