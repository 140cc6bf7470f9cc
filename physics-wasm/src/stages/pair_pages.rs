//! Where the pairs of the broad phase go: pages from a common pool, a chain for each block of the search.
//!
//! Which page a block gets is a race; what it holds is not, and `list` puts the pages in the order of their blocks.

use core::ops::Range;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::{joint, keep};
use crate::column::Column;
use crate::layout::PAGE;
use crate::wide::Real;
use crate::world::{counter, flag, World};

/// Words of a pair: its bodies, then what `collide` finds: first manifold plus one, number of contacts.
pub const PAIR_WORDS: usize = 4;
/// Where a page has the next page (plus one, 0 for none), its pairs in use, and their contacts.
const NEXT: usize = PAIR_WORDS * PAGE;
const USED: usize = NEXT + 1;
/// Contacts of the pairs of a page.
pub const CONTACTS: usize = NEXT + 2;
/// Pairs of sensors among them, and 2¹⁶ for each pair that begins to touch: `events`.
pub const NEWS: usize = NEXT + 3;
/// Words of a page.
pub const PAGE_WORDS: usize = NEXT + 4;

/// A pair whose flags have only `DYNAMIC` of these is one of free spheres.
const PLAIN: u32 = flag::DYNAMIC | flag::SHAPED | flag::MOVES;
/// Lists the pages of these blocks after those listed before; counts the pairs.
pub fn list(world: &mut World, blocks: Range<usize>) {
    let c = &world.columns;
    let (mut pages, mut pairs) = (world.count(counter::PAGES), world.count(counter::PAIRS));
    for block in blocks {
        let mut left = c.block_page.get(block * 2 + 1) as usize;
        let mut page = c.block_page.get(block * 2) as usize;
        pairs += left;
        while left > 0 {
            let used = left.min(PAGE);
            let base = (page - 1) * PAGE_WORDS;
            c.page.set(base + USED, used as u32);
            c.page_order.set(pages, base as u32);
            pages += 1;
            left -= used;
            page = c.page.get(base + NEXT) as usize;
        }
    }
    world.set_count(counter::PAIRS, pairs);
    world.set_count(counter::PAGES, pages);
}

/// The places of the pairs of a page, given by its first word.
#[inline(always)]
pub fn pairs_of(world: &World, base: usize) -> impl Iterator<Item = usize> {
    (0..world.columns.page.get(base + USED) as usize).map(move |k| base + PAIR_WORDS * k)
}

/// Where a block's pairs go.
pub struct Sink<'a> {
    world: &'a World,
    pool: &'a AtomicU32,
    /// First page plus one, 0 for none.
    pub first: u32,
    page: usize,
    used: usize,
    /// Pairs.
    pub count: u32,
    /// Pairs that found no page.
    pub dropped: usize,
}

impl<'a> Sink<'a> {
    /// An empty one.
    pub fn new(world: &'a World, pool: &'a AtomicU32) -> Self {
        Self { world, pool, first: 0, page: 0, used: 0, count: 0, dropped: 0 }
    }

    /// Adds a pair unless neither can move the other, or their boxes are apart.
    #[inline]
    pub fn offer(&mut self, a: u32, b: u32) {
        let c = &self.world.columns;
        let (i, j) = (a as usize, b as usize);
        let (one, other) = (c.live.get(i), c.live.get(j));
        let either = one | other;
        if either & (flag::DYNAMIC | flag::MOVES | flag::SENSOR) == 0 || !accepts(self.world, i, j) {
            return;
        }
        if either & (PLAIN | flag::SENSOR) != flag::DYNAMIC && !self.may_meet([i, j], [one, other]) {
            return;
        }
        self.store(a, b);
    }

    /// Adds the pair of stray `a` and `b`, unless `b` is a stray, or the pair is in the list. Boxes are asked in `collide`.
    #[inline(never)]
    pub fn add(&mut self, a: u32, b: u32) {
        let c = &self.world.columns;
        let (i, j) = (a as usize, b as usize);
        let flags = [c.live.get(i), c.live.get(j)];
        if a == b || flags[1] & flag::STRAY != 0 || !may_sense(flags) || !accepts(self.world, i, j) {
            return;
        }
        let listed = keep::met(self.world, i, j) && (flags[1] & flag::SHAPED == 0 || self.boxes_met([i, j], flags));
        if !listed {
            self.store(a, b);
        }
    }

    /// Writes down where the pairs of a block are.
    pub fn close(&self, block: usize) {
        self.world.columns.block_page.set(block * 2, self.first);
        self.world.columns.block_page.set(block * 2 + 1, self.count);
    }

    /// Adds a pair.
    #[inline(always)]
    pub fn store(&mut self, a: u32, b: u32) {
        let c = &self.world.columns;
        if self.used == PAGE || self.first == 0 {
            self.turn_page();
            if self.dropped > 0 {
                return;
            }
        }
        let at = self.page * PAGE_WORDS + PAIR_WORDS * self.used;
        c.page.set(at, a);
        c.page.set(at + 1, b);
        self.used += 1;
        self.count += 1;
    }

    /// What a pair of free spheres need not be asked: whether it is a sensor's, moves at all, overlaps with its padded boxes.
    #[inline(never)]
    fn may_meet(&self, ends: [usize; 2], flags: [u32; 2]) -> bool {
        may_sense(flags) && ((flags[0] | flags[1]) & flag::SHAPED == 0 || self.boxes_met(ends, flags))
    }

    fn boxes_met(&self, ends: [usize; 2], flags: [u32; 2]) -> bool {
        let c = &self.world.columns;
        let boxes = Boxes {
            position: [&c.kept_x, &c.kept_y, &c.kept_z],
            extent: [&c.kept_extent_x, &c.kept_extent_y, &c.kept_extent_z],
            reach: &c.kept_reach,
        };
        boxes.overlap(ends, flags)
    }

    fn turn_page(&mut self) {
        let c = &self.world.columns;
        let page = self.pool.fetch_add(1, Relaxed) as usize;
        if page >= self.world.capacity.pages() {
            self.dropped += 1;
            return;
        }
        if self.first == 0 {
            self.first = page as u32 + 1;
        } else {
            c.page.set(self.page * PAGE_WORDS + NEXT, page as u32 + 1);
        }
        self.page = page;
        self.used = 0;
        c.page.set(page * PAGE_WORDS + NEXT, 0);
    }
}

/// Whether one of two bodies can be moved by the other, or senses it.
fn may_sense([one, other]: [u32; 2]) -> bool {
    let either = one | other;
    if either & flag::SENSOR != 0 {
        let seen = flag::DYNAMIC | flag::KINEMATIC | flag::ASLEEP;
        let both = one & other & flag::SENSOR != 0;
        return !both && (if one & flag::SENSOR != 0 { other } else { one }) & seen != 0;
    }
    either & flag::DYNAMIC != 0 || (either & flag::MOVES != 0 && either & flag::ASLEEP != 0)
}

/// Columns of boxes.
struct Boxes<'a> {
    position: [&'a Column<Real>; 3],
    extent: [&'a Column<Real>; 3],
    reach: &'a Column<Real>,
}

impl Boxes<'_> {
    fn overlap(&self, ends: [usize; 2], flags: [u32; 2]) -> bool {
        let half = |k: usize, axis: usize| -> Real {
            if flags[k] & flag::PLANE != 0 {
                Real::INFINITY
            } else if flags[k] & flag::SHAPED != 0 {
                self.extent[axis].get(ends[k])
            } else {
                self.reach.get(ends[k])
            }
        };
        (0..3).all(|axis| (self.position[axis].get(ends[0]) - self.position[axis].get(ends[1])).abs() <= half(0, axis) + half(1, axis))
    }
}

/// Whether a listed pair may touch in this step: no joint keeps it apart, and the boxes of this step overlap.
#[inline(always)]
pub fn stands(world: &World, ends: [u32; 2], flags: [u32; 2]) -> bool {
    (flags[0] | flags[1]) & (flag::SHAPED | flag::JOINTED) == 0 || near(world, ends, flags)
}

#[inline(never)]
fn near(world: &World, ends: [u32; 2], flags: [u32; 2]) -> bool {
    if flags[0] & flags[1] & flag::JOINTED != 0 && joint::joined(world, ends[0], ends[1]) {
        return false;
    }
    let c = &world.columns;
    let boxes =
        Boxes { position: [&c.position_x, &c.position_y, &c.position_z], extent: [&c.extent_x, &c.extent_y, &c.extent_z], reach: &c.reach };
    (flags[0] | flags[1]) & flag::SHAPED == 0 || boxes.overlap(ends.map(|e| e as usize), flags)
}

/// Whether the groups and masks of two bodies let them touch.
#[inline(always)]
pub fn accepts(world: &World, i: usize, j: usize) -> bool {
    let c = &world.columns;
    c.mask.get(i) & c.group.get(j) != 0 && c.mask.get(j) & c.group.get(i) != 0
}
