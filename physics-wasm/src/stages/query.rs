//! Queries between steps: rays, shapes that move, what overlaps, what is nearest. Answers are about the public columns.
//!
//! A few single questions after a step look at every body, four at a time: that costs less than an index. From the `PATIENCE`-th on there is
//! one (`query_index`), and it is kept until the next step. Both ways run the same tests on the same numbers, and give the same answers.

use super::query_index::{self, state};
use crate::wide::{Real4, Vector4, LANES};
use crate::world::{flag, setting, World};

/// Questions that are answered without an index: about what building it costs.
const PATIENCE: usize = 16;

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
    /// Whether it is a place in the index.
    pub indexed: bool,
}

impl Four {
    /// Entity id in a place.
    #[inline(always)]
    pub fn id(&self, world: &World, lane: usize) -> u32 {
        let at = self.first + (lane & 3);
        if self.indexed {
            world.columns.query_id.get(at)
        } else {
            at as u32
        }
    }
}

/// Whether there is an index, or else its use: opens the call for `threads` threads, and builds an index when `count` more questions make it worth it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn open(world: &World, count: usize, threads: u32) -> bool {
    world.jobs.begin(threads);
    let words = &world.columns.query_state;
    if words.get(state::VALID) == 0 {
        let asked = words.get(state::ASKED).saturating_add(count as u32);
        words.set(state::ASKED, asked);
        if asked as usize > PATIENCE {
            query_index::build(world);
        }
    }
    words.get(state::VALID) != 0
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
                indexed: false,
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
