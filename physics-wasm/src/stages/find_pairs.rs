//! `findPairs`: candidates whose reaches overlap, from the sorted copy.
//!
//! A block is 256 sorted bodies, or one large body. Up to four bodies that follow each other in a row look together at the half of their
//! neighbourhood that comes after them: the rest of their own row up to the next cell, and four more rows, each one contiguous range (two when
//! it wraps).
//! A large body looks at the rows that its box covers, at the large bodies after it, and everything looks at the planes.
//!
//! Pairs go into pages taken from a common pool by an atomic counter. Which page a block gets is a race; what it holds is not: the next stage
//! walks the blocks in order. If the pool runs dry, the search is done again by the caller alone, block by block, and stops at the same pair
//! on every machine.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::pair_pages::{self, accepts, Sink};
use super::{gather, joint, keep, plane};
use crate::column::Column;
use crate::layout::MAX_PLANES;
use crate::wide::{Mask4, Real, Real4, Vector4, LANES};
use crate::world::{counter, flag, World};

/// Sorted bodies a block.
pub const PAIR_BLOCK: usize = 256;
/// Strays a claim searches.
const STRAYS_A_BLOCK: usize = 16;

/// Blocks of the pair search in this step.
pub fn blocks(world: &World) -> usize {
    world.grid.bodies.div_ceil(PAIR_BLOCK) + world.grid.large
}

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    joint::list_pairs(world);
    world.set_count(counter::DROPPED_CONTACTS, 0);
    if !world.parameters.listed {
        search_all(world);
        return;
    }
    world.set_count(counter::PAIRS, world.kept.pairs);
    world.set_count(counter::PAGES, world.kept.pages);
    if world.kept.strays > 0 && !search_strays(world) {
        world.parameters.listed = false;
        gather::rebuild(world);
        search_all(world);
    }
}

/// Adds the pairs of strays that are not in the list; false when there was no room.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn search_strays(world: &mut World) -> bool {
    let (first, strays) = (blocks(world), world.kept.strays);
    let pool = AtomicU32::new(world.kept.pages as u32);
    {
        let world = &*world;
        world.jobs.run(strays.div_ceil(STRAYS_A_BLOCK), |block| {
            let mut sink = Sink::new(world, &pool);
            for k in block * STRAYS_A_BLOCK..((block + 1) * STRAYS_A_BLOCK).min(strays) {
                search_stray(world, k, &mut sink);
            }
            sink.close(first + block);
        });
    }
    let room = pool.load(Relaxed) as usize <= world.capacity.pages();
    if room {
        pair_pages::list(world, first..first + strays.div_ceil(STRAYS_A_BLOCK));
    }
    room
}

/// Offers what stray `k` meets where it is now and did not meet when the list was made.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn search_stray(world: &World, k: usize, sink: &mut Sink) {
    let c = &world.columns;
    let (id, position, reach) = (c.stray_id.get(k), [c.stray_x.get(k), c.stray_y.get(k), c.stray_z.get(k)], c.stray_reach.get(k));
    let e = id as usize;
    let probe = Probe { position: Vector4::splat(position), reach: Real4::splat(reach) };
    let low = position.map(|v| v - reach - world.grid.half);
    let high = position.map(|v| v + reach + world.grid.half);
    if world.grid.bodies > 0 {
        for_each_row(world, low, high, |start, end| {
            probe.visit([&c.sorted_x, &c.sorted_y, &c.sorted_z, &c.sorted_reach], start, end, |k| sink.add(id, c.sorted_id.get(k)));
        });
    }
    probe.visit([&c.large_x, &c.large_y, &c.large_z, &c.large_reach], 0, world.grid.large, |k| sink.add(id, c.large_id.get(k)));
    probe.visit([&c.stray_x, &c.stray_y, &c.stray_z, &c.stray_reach], k + 1, world.kept.strays, |k| {
        let other = c.stray_id.get(k) as usize;
        if accepts(world, e, other) && !keep::met(world, e, other) {
            sink.store(id, c.stray_id.get(k));
        }
    });
    for slot in 0..MAX_PLANES {
        let plane = c.plane_ids.get(slot) as usize;
        if plane == 0 {
            break;
        }
        let before = plane::height_at(world, plane, [c.kept_x.get(e), c.kept_y.get(e), c.kept_z.get(e)]);
        if accepts(world, plane, e) && plane::height(world, plane, e) < reach && before >= c.kept_reach.get(e) {
            sink.store(plane as u32, id);
        }
    }
}

/// Makes the list of pairs anew.
pub fn search_all(world: &mut World) {
    let pool = AtomicU32::new(0);
    search_blocks(world, &pool);
    let dry = |world: &World| pool.load(Relaxed) as usize > world.capacity.pages();
    if dry(world) && keep::give_up(world) {
        gather::rebuild(world);
        pool.store(0, Relaxed);
        search_blocks(world, &pool);
    }
    let blocks = blocks(world);
    let mut dropped = 0;
    if dry(world) {
        world.kept.valid = false;
        pool.store(0, Relaxed);
        for block in 0..blocks {
            dropped += search(world, block, &pool);
        }
    }
    world.set_count(counter::PAIRS, 0);
    world.set_count(counter::PAGES, 0);
    pair_pages::list(world, 0..blocks);
    world.kept.pairs = world.count(counter::PAIRS);
    world.kept.pages = world.count(counter::PAGES);
    world.set_count(counter::DROPPED_CONTACTS, dropped);
}

/// Finds the pairs of a list that was made before: there was room for them.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn search_again(world: &mut World) {
    let pool = AtomicU32::new(0);
    search_blocks(world, &pool);
    world.set_count(counter::PAIRS, 0);
    world.set_count(counter::PAGES, 0);
    if pool.load(Relaxed) as usize <= world.capacity.pages() {
        pair_pages::list(world, 0..blocks(world));
    }
    world.kept.pairs = world.count(counter::PAIRS);
    world.kept.pages = world.count(counter::PAGES);
}

fn search_blocks(world: &World, pool: &AtomicU32) {
    world.jobs.run(blocks(world), |block| {
        search(world, block, pool);
    });
}

/// Finds the pairs of one block; gives how many could not be stored (the search of the block stops there).
fn search(world: &World, block: usize, pool: &AtomicU32) -> usize {
    let mut sink = Sink::new(world, pool);
    let small = world.grid.bodies.div_ceil(PAIR_BLOCK);
    if block < small {
        let start = block * PAIR_BLOCK;
        let end = (start + PAIR_BLOCK).min(world.grid.bodies);
        let mut i = start;
        while i < end && sink.dropped == 0 {
            let group = Group::at(world, i, end);
            search_group(world, &group, &mut sink);
            i += group.count;
        }
    } else {
        search_large(world, block - small, &mut sink);
    }
    sink.close(block);
    sink.dropped
}

/// Four sorted bodies, or a large one in every lane, as the tests want them.
struct Probe {
    position: Vector4,
    reach: Real4,
}

impl Probe {
    /// Lanes among the four bodies from `k` whose reach overlaps this one's.
    #[inline(always)]
    fn overlaps(&self, x: Real4, y: Real4, z: Real4, reach: Real4) -> u32 {
        let d = Vector4::new(x, y, z) - self.position;
        let sum = reach + self.reach;
        d.dot(d).lt(sum * sum).bits()
    }

    /// Visits the places of those bodies of a range that this one overlaps.
    #[inline(always)]
    fn visit(&self, columns: [&Column<Real>; 4], start: usize, end: usize, mut visit: impl FnMut(usize)) {
        for k in (start..end).step_by(LANES) {
            let mut bits = self.overlaps(columns[0].load(k), columns[1].load(k), columns[2].load(k), columns[3].load(k));
            if end - k < LANES {
                bits &= (1 << (end - k)) - 1;
            }
            while bits != 0 {
                visit(k + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }

    /// Offers every body of the sorted range that this one overlaps.
    #[inline(always)]
    fn scan(&self, world: &World, id: u32, start: usize, end: usize, sink: &mut Sink) {
        let c = &world.columns;
        let mut k = start;
        while k < end {
            let mut bits = self.overlaps(c.sorted_x.load(k), c.sorted_y.load(k), c.sorted_z.load(k), c.sorted_reach.load(k));
            if end - k < LANES {
                bits &= (1 << (end - k)) - 1;
            }
            while bits != 0 {
                sink.offer(id, c.sorted_id.get(k + bits.trailing_zeros() as usize));
                bits &= bits - 1;
            }
            k += LANES;
        }
    }

    /// Offers candidate `k` to those of the four bodies from `i` that are in `lanes` and overlap it.
    #[inline(always)]
    fn sift(&self, world: &World, i: usize, k: usize, lanes: u32, sink: &mut Sink) {
        let mut bits = self.reaches(world, k).bits() & lanes;
        while bits != 0 {
            let c = &world.columns;
            sink.offer(c.sorted_id.get(i + bits.trailing_zeros() as usize), c.sorted_id.get(k));
            bits &= bits - 1;
        }
    }

    /// Lanes whose reach overlaps that of sorted body `k`.
    #[inline(always)]
    fn reaches(&self, world: &World, k: usize) -> Mask4 {
        let c = &world.columns;
        let d = Vector4::splat([c.sorted_x.get(k), c.sorted_y.get(k), c.sorted_z.get(k)]) - self.position;
        let sum = self.reach + Real4::splat(c.sorted_reach.get(k));
        d.dot(d).lt(sum * sum)
    }

    /// `sift` over a range; two candidates a turn, since hits are rare.
    #[inline(always)]
    fn sweep(&self, world: &World, i: usize, lanes: u32, start: usize, end: usize, sink: &mut Sink) {
        let mut k = start;
        while k + 1 < end {
            if (self.reaches(world, k) | self.reaches(world, k + 1)).any() {
                self.sift(world, i, k, lanes, sink);
                self.sift(world, i, k + 1, lanes, sink);
            }
            k += 2;
        }
        if k < end {
            self.sift(world, i, k, lanes, sink);
        }
    }
}

/// Offers the planes that a body reaches.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
#[inline(never)]
fn planes(world: &World, id: u32, reach: Real, sink: &mut Sink) {
    for slot in 0..MAX_PLANES {
        let plane = world.columns.plane_ids.get(slot);
        if plane == 0 {
            break;
        }
        if plane::height(world, plane as usize, id as usize) < reach {
            sink.offer(plane, id);
        }
    }
}

/// Up to four sorted bodies that follow each other in one row of cells.
struct Group {
    first: usize,
    count: usize,
    x: [i32; 2],
    y: i32,
    z: i32,
}

impl Group {
    /// The group that begins at `first` and ends at `end` at the latest.
    #[inline(always)]
    fn at(world: &World, first: usize, end: usize) -> Self {
        let (c, grid) = (&world.columns, &world.grid);
        let key = c.sorted_key.get(first);
        let row = key >> grid.bits[0];
        let mut count = 1;
        while count < LANES && first + count < end && c.sorted_key.get(first + count) >> grid.bits[0] == row {
            count += 1;
        }
        let column = |key: u32| (key & (grid.cells(0) - 1) as u32) as i32;
        Self {
            first,
            count,
            x: [column(key), column(c.sorted_key.get(first + count - 1))],
            y: (row & (grid.cells(1) - 1) as u32) as i32,
            z: (row >> grid.bits[1]) as i32,
        }
    }
}

/// Four bodies against one candidate at a time, over the half-neighbourhood of the group.
///
/// One body against four candidates was 1.7 × slower on *field*: with less than one body a cell most ranges of a single body are empty or
/// hold one, and each costs two look-ups and a mispredicted branch; the ranges of a group are found once and are longer.
#[inline(never)]
fn search_group(world: &World, group: &Group, sink: &mut Sink) {
    let (c, grid) = (&world.columns, &world.grid);
    let i = group.first;
    let probe = Probe { position: Vector4::new(c.sorted_x.load(i), c.sorted_y.load(i), c.sorted_z.load(i)), reach: c.sorted_reach.load(i) };
    let lanes = (1u32 << group.count) - 1;
    let own = grid.row(group.y, group.z) as usize;
    let last = grid.cells(0) - 1;
    // Inside the group each pair once: candidate k only for the lanes before it.
    for k in i + 1..i + group.count {
        probe.sift(world, i, k, (1 << (k - i)) - 1, sink);
    }
    let end = c.cell_start.get(own + (group.x[1] + 2).min(last + 1) as usize) as usize;
    // The row's first cell follows its last: such pairs are met from the last cell alone. So lanes in the first cell do not look at the last
    // one, and only lanes in the last look at the first.
    let last_start = c.cell_start.get(own + last as usize) as usize;
    let first_end = c.cell_start.get(own + 1) as usize;
    let members = |end: usize| (1u32 << end.saturating_sub(i).min(group.count)) - 1;
    let in_first = if group.x[0] == 0 { members(first_end) } else { 0 };
    let split = last_start.clamp(i + group.count, end.max(i + group.count));
    probe.sweep(world, i, lanes, i + group.count, split, sink);
    probe.sweep(world, i, lanes & !in_first, split, end, sink);
    if group.x[1] == last {
        probe.sweep(world, i, lanes & !members(last_start), c.cell_start.get(own) as usize, first_end.min(i), sink);
    }
    let (x0, x1) = (group.x[0] - 1, group.x[1] + 1);
    let whole = x1 - x0 > last;
    for (dy, dz) in [(1, 0), (-1, 1), (0, 1), (1, 1)] {
        let row = grid.row(group.y + dy, group.z + dz) as usize;
        if whole {
            probe.sweep(world, i, lanes, c.cell_start.get(row) as usize, c.cell_start.get(row + last as usize + 1) as usize, sink);
        } else {
            for_each_range(world, row, x0, x1, |start, end| probe.sweep(world, i, lanes, start, end, sink));
        }
    }
    if c.plane_ids.get(0) != 0 {
        for k in i..i + group.count {
            planes(world, c.sorted_id.get(k), c.sorted_reach.get(k), sink);
        }
    }
}

#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn search_large(world: &World, i: usize, sink: &mut Sink) {
    let c = &world.columns;
    let id = c.large_id.get(i);
    let position = [c.large_x.get(i), c.large_y.get(i), c.large_z.get(i)];
    let reach = c.large_reach.get(i);
    let probe = Probe { position: Vector4::splat(position), reach: Real4::splat(reach) };
    let shaped = c.live.get(id as usize) & flag::SHAPED != 0;
    let e = id as usize;
    let extent = if shaped { [c.kept_extent_x.get(e), c.kept_extent_y.get(e), c.kept_extent_z.get(e)] } else { [reach; 3] };
    let low = core::array::from_fn(|axis| position[axis] - extent[axis] - world.grid.half);
    let high = core::array::from_fn(|axis| position[axis] + extent[axis] + world.grid.half);
    for_each_row(world, low, high, |start, end| {
        if sink.dropped == 0 {
            probe.scan(world, id, start, end, sink);
        }
    });
    let mut k = i + 1;
    while k < world.grid.large && sink.dropped == 0 {
        let mut bits = probe.overlaps(c.large_x.load(k), c.large_y.load(k), c.large_z.load(k), c.large_reach.load(k));
        if world.grid.large - k < LANES {
            bits &= (1 << (world.grid.large - k)) - 1;
        }
        while bits != 0 {
            sink.offer(id, c.large_id.get(k + bits.trailing_zeros() as usize));
            bits &= bits - 1;
        }
        k += LANES;
    }
    planes(world, id, reach, sink);
}

/// The sorted ranges of the cells `x0 ..= x1` of the row whose first key is `row`: one range, two when it wraps. `x1 − x0` is below the row's length.
#[inline(always)]
pub fn for_each_range(world: &World, row: usize, x0: i32, x1: i32, mut visit: impl FnMut(usize, usize)) {
    let cells = world.grid.cells(0);
    let start = |x: i32| world.columns.cell_start.get(row + x as usize) as usize;
    if x0 < 0 {
        visit(start(x0 + cells), start(cells));
        visit(start(0), start(x1 + 1));
    } else if x1 >= cells {
        visit(start(x0), start(cells));
        visit(start(0), start(x1 + 1 - cells));
    } else {
        visit(start(x0), start(x1 + 1));
    }
}

/// The sorted ranges of every row that a box covers, each cell once.
#[inline(always)]
pub fn for_each_row(world: &World, low: [Real; 3], high: [Real; 3], visit: impl FnMut(usize, usize)) {
    for_each_cell_row(world, cells_of(world, low, high), visit);
}

/// The cells that a box covers, from the first to the last along each axis, unwrapped; all of an axis' cells when it goes round.
#[inline(always)]
pub fn cells_of(world: &World, low: [Real; 3], high: [Real; 3]) -> [[i32; 2]; 3] {
    let grid = &world.grid;
    [0, 1, 2].map(|axis| {
        let (first, last) = (grid.coordinate(low[axis]), grid.coordinate(high[axis]));
        let cells = grid.cells(axis);
        if (last as i64) - (first as i64) >= cells as i64 - 1 {
            [0, cells - 1]
        } else {
            [first, last]
        }
    })
}

/// The sorted ranges of every row of these cells.
#[inline(always)]
pub fn for_each_cell_row(world: &World, [x, y, z]: [[i32; 2]; 3], mut visit: impl FnMut(usize, usize)) {
    let grid = &world.grid;
    let x0 = x[0] & (grid.cells(0) - 1);
    let x1 = x0 + (x[1] - x[0]);
    for z in z[0]..=z[1] {
        for y in y[0]..=y[1] {
            for_each_range(world, grid.row(y, z) as usize, x0, x1, &mut visit);
        }
    }
}
