//! `gather`: the sorted working copy. A toroidal uniform grid, filled by a stable counting sort in two passes.
//!
//! - **Cells** are as wide as twice the reach of the bodies in them; which size that is follows from the work it makes. The few larger bodies are
//!   *large*: kept apart, they look into the grid with a box of their own size. Bullets are not in the grid: they sweep through it.
//! - **Toroidal**: a cell's coordinates are taken modulo the grid's size (powers of two), so the world has no bounds, an outlier costs nothing,
//!   and bodies far apart that share a cell only cost a distance test. Each axis has at least four cells, so the neighbours of a cell differ.
//! - **Two passes** (most significant digit first): blocks of entities scatter records into 256 slabs; each slab sorts itself in the cache.
//!   Nothing depends on the number of threads: histograms are a block's, prefix sums run in block order.
//!
//! While the pairs of an earlier step still stand (`keep`), nothing is sorted.
//!
//! Writes `sorted_*`, `cell_start`, `large_*`. A row of cells along x is contiguous, so that a neighbourhood is a few ranges.

use core::mem::{size_of, MaybeUninit};

use super::integrate_velocities::half_octave_end;
use super::keep;
use crate::layout::{BLOCK, MAX_GRID_BITS, OCTAVES, RECORD, SLABS};
use crate::wide::{Real, Real4, Word4, LANES};
use crate::world::{counter, flag, tally, World};

/// Key of a body that is not in the grid.
const OUTSIDE: u32 = u32::MAX;
/// Slabs a claim sorts.
const SLABS_A_BLOCK: usize = 4;
/// Cells of one slab at most.
const SLAB_CELLS: usize = 1 << (MAX_GRID_BITS - 8);
/// Share of the bodies that the extents cover: outliers do not stretch the grid.
const COVERED: Real = 0.98;
/// Cost of finding a row, in wide tests.
const LOOKUP: Real = 2.0;

/// The grid of one step.
#[derive(Clone, Copy, Default)]
pub struct Grid {
    /// Cells a metre.
    pub inverse: Real,
    /// Half a cell: bodies whose reach is above are large.
    pub half: Real,
    /// Bits of each axis.
    pub bits: [u32; 3],
    /// Bodies in the grid.
    pub bodies: usize,
    /// Large bodies.
    pub large: usize,
    /// Whether it is known which bodies touch each cell: `particle_cells`.
    pub listed: bool,
    /// Most bodies in the grid reach no farther: `sweep_reach`. 0 when that is not known.
    pub common: Real,
    /// Low corner of the padded reaches of all bodies of the list.
    pub low: [Real; 3],
    /// High corner.
    pub high: [Real; 3],
}

impl Grid {
    /// Cells along axis `axis`.
    #[inline(always)]
    pub fn cells(&self, axis: usize) -> i32 {
        1 << self.bits[axis]
    }
    /// Unwrapped cell coordinate of a position along an axis.
    #[inline(always)]
    pub fn coordinate(&self, v: Real) -> i32 {
        (v * self.inverse).floor() as i32
    }
    /// First key of the row at (y, z), wrapped.
    #[inline(always)]
    pub fn row(&self, y: i32, z: i32) -> u32 {
        let (y, z) = ((y & (self.cells(1) - 1)) as u32, (z & (self.cells(2) - 1)) as u32);
        ((z << self.bits[1]) | y) << self.bits[0]
    }
    /// Keys of the cells at four positions, wrapped.
    #[inline(always)]
    pub fn keys(&self, x: Real4, y: Real4, z: Real4) -> Word4 {
        let inverse = Real4::splat(self.inverse);
        let cell = |v: Real4, axis: usize| (v * inverse).floor_to_word() & Word4::splat(self.cells(axis) as u32 - 1);
        cell(x, 0) | (cell(y, 1) | cell(z, 2).raised(self.bits[1])).raised(self.bits[0])
    }
    /// Bits of a key.
    #[inline(always)]
    pub fn total_bits(&self) -> u32 {
        self.bits[0] + self.bits[1] + self.bits[2]
    }
    /// Bits of a key below its slab.
    #[inline(always)]
    pub fn low_bits(&self) -> u32 {
        self.total_bits() - 8
    }
}

/// Runs the stage.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    keep::list_bullets(world);
    world.parameters.listed = keep::stands(world);
    if !world.parameters.listed {
        rebuild(world);
    }
}

/// Fills the grid with the bodies as they are now.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn rebuild(world: &mut World) {
    world.kept.strays = 0;
    keep::pad_all(world);
    world.grid = choose_grid(world);
    sort_all(world);
}

/// Sorts the bodies into the grid as it is.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn sort_all(world: &mut World) {
    world.grid.common = 0.0;
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| count_slabs(world, block));
    }
    prefix(world);
    let world = &*world;
    world.jobs.run(blocks, |block| scatter(world, block));
    world.jobs.run(SLABS / SLABS_A_BLOCK, |block| {
        for slab in block * SLABS_A_BLOCK..(block + 1) * SLABS_A_BLOCK {
            sort_slab(world, slab);
        }
    });
}

/// Cell size from the reaches, bits of the axes from the extents; both from the sampled half-octaves.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn choose_grid(world: &World) -> Grid {
    let mut octaves = [[0usize; OCTAVES]; 4];
    for block in 0..world.parameters.blocks {
        for (table, row) in octaves.iter_mut().enumerate() {
            for (octave, sum) in row.iter_mut().enumerate() {
                *sum += world.columns.octaves.get((block * 4 + table) * OCTAVES + octave) as usize;
            }
        }
    }
    // The extent of an axis about the origin is twice the magnitude that covers almost all of the sample.
    let extent = [1, 2, 3].map(|table| 2.0 * half_octave_end(covering(&octaves[table])));
    let half = cheapest_half(&octaves[0], extent, world.count(counter::BULLETS) as Real);
    let bodies = world.acting().max(1);
    let wanted = (usize::BITS - (2 * bodies).leading_zeros()).clamp(8, world.capacity.grid_bits());
    let mut bits = [2u32; 3];
    for _ in 6..wanted {
        let crowding = |axis: usize| extent[axis] / (1u32 << bits[axis]) as Real;
        let axis = (0..3).fold(0, |best, axis| if crowding(axis) > crowding(best) { axis } else { best });
        bits[axis] += 1;
    }
    let [low, high] = keep::bounds(world);
    Grid { inverse: 0.5 / half, half, bits, bodies: 0, large: 0, listed: false, common: 0.0, low, high }
}

/// First half-octave below which `COVERED` of the sample lies.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn covering(octaves: &[usize; OCTAVES]) -> usize {
    let total: usize = octaves.iter().sum();
    let mut sum = 0;
    for (octave, count) in octaves.iter().enumerate() {
        sum += count;
        if sum as Real >= total as Real * COVERED {
            return octave;
        }
    }
    OCTAVES - 1
}

/// Half a cell, chosen among the half-octaves by the work it makes, in wide tests: a small body looks at five rows of three cells, a bullet
/// at about nine, each row a lookup and a test a four bodies; a large body is tested against every other and by every bullet.
/// Small cells make many large bodies, large cells hold many bodies; in a galaxy of gravel, ships and mountains the best is far from both ends.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn cheapest_half(reaches: &[usize; OCTAVES], extent: [Real; 3], bullets: Real) -> Real {
    let sampled: usize = reaches.iter().sum();
    if sampled == 0 {
        return 1.0;
    }
    let bodies = (4 * sampled) as Real;
    let density = bodies / (extent[0] * extent[1] * extent[2]);
    let (mut best, mut small) = ((Real::INFINITY, 1.0), 0);
    for (octave, count) in reaches.iter().enumerate() {
        small += count;
        if *count == 0 {
            continue;
        }
        let half = half_octave_end(octave);
        let cell = 2.0 * half;
        // A flat scene is thinner than a cell: what counts is the volume of the cell that is inside the scene.
        let volume = cell.min(extent[0]) * cell.min(extent[1]) * cell.min(extent[2]);
        let row = LOOKUP + (0.75 * density * volume).max(1.0);
        let large = (4 * (sampled - small)) as Real;
        let work = (5.0 * bodies + 9.0 * bullets) * row + large * (large / 8.0 + bullets / 4.0 + 9.0 * row);
        if work < best.0 {
            best = (work, half);
        }
    }
    best.1
}

/// Keys of one block's bodies and how many fall into each slab.
fn count_slabs(world: &World, block: usize) {
    let c = &world.columns;
    let grid = &world.grid;
    let mut counts = [0u32; SLABS];
    let mut large = 0;
    let shift = grid.low_bits();
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        if !live.any() {
            c.key.store(i, Word4::splat(OUTSIDE));
            continue;
        }
        let solid = live.has(flag::BODY).without(live.has(flag::BULLET | flag::PLANE));
        let small = solid & c.kept_reach.load(i).le(Real4::splat(grid.half));
        large += solid.without(small).bits().count_ones() as usize;
        let outside = Word4::splat(OUTSIDE);
        let keys = grid.keys(c.position_x.load(i), c.position_y.load(i), c.position_z.load(i));
        c.key.store(i, keys.keep(small) | outside.keep(outside.has(1).without(small)));
        let bits = small.bits();
        for (lane, key) in keys.to_array().into_iter().enumerate() {
            if bits >> lane & 1 != 0 {
                counts[(key >> shift) as usize] += 1;
            }
        }
    }
    for (slab, count) in counts.into_iter().enumerate() {
        c.slab_counts.set(block * SLABS + slab, count);
    }
    world.set_tally(block, tally::LARGE, large);
}

/// Turns the blocks' counts into the places where each block writes into each slab.
fn prefix(world: &mut World) {
    let c = &world.columns;
    let blocks = world.parameters.blocks;
    let mut totals = [0u32; SLABS];
    for block in 0..blocks {
        for (slab, total) in totals.iter_mut().enumerate() {
            let at = block * SLABS + slab;
            let count = c.slab_counts.get(at);
            c.slab_counts.set(at, *total);
            *total += count;
        }
    }
    let mut start = 0;
    for (slab, total) in totals.into_iter().enumerate() {
        c.slab_start.set(slab, start);
        start += total;
    }
    c.slab_start.set(SLABS, start);
    let mut large = 0;
    for block in 0..blocks {
        world.set_tally(block, tally::LARGE_START, large);
        large += world.tally(block, tally::LARGE);
    }
    c.cell_start.set(1 << world.grid.total_bits(), start);
    world.set_count(counter::LARGE, large);
    world.set_count(counter::CELLS, 1 << world.grid.total_bits());
    world.grid.bodies = start as usize;
    world.grid.large = large;
}

/// Writes one block's bodies into their slabs, its large bodies into their list, in entity order.
fn scatter(world: &World, block: usize) {
    let c = &world.columns;
    let shift = world.grid.low_bits();
    let mut large = world.tally(block, tally::LARGE_START);
    let mut next = [0u32; SLABS];
    for (slab, place) in next.iter_mut().enumerate() {
        *place = c.slab_start.get(slab) + c.slab_counts.get(block * SLABS + slab);
    }
    for e in block * BLOCK..(block + 1) * BLOCK {
        let key = c.key.get(e);
        if key != OUTSIDE {
            let place = &mut next[(key >> shift) as usize];
            write_record(world, *place as usize, key, e);
            *place += 1;
            continue;
        }
        let flags = c.live.get(e);
        if flags & flag::BODY != 0 && flags & (flag::PLANE | flag::BULLET) == 0 {
            c.large_id.set(large, e as u32);
            c.large_x.set(large, c.position_x.get(e));
            c.large_y.set(large, c.position_y.get(e));
            c.large_z.set(large, c.position_z.get(e));
            c.large_reach.set(large, c.kept_reach.get(e));
            large += 1;
        }
    }
}

#[inline(always)]
fn write_record(world: &World, place: usize, key: u32, e: usize) {
    let c = &world.columns;
    let r = place * RECORD;
    c.record.set(r, key);
    c.record.set(r + 1, e as u32);
    for (k, value) in [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e), c.kept_reach.get(e)].into_iter().enumerate() {
        // SAFETY: `real_of` gives an aligned address inside the record, which this block owns.
        unsafe { *real_of(world, r, k) = value };
    }
}

/// Address of the `k`-th real of the record that begins at word `r`: they follow its key and its id. A record is a whole number of reals long
/// and the column begins on a line, so the address is aligned.
#[inline(always)]
fn real_of(world: &World, r: usize, k: usize) -> *mut Real {
    world.columns.record.address(r + 2 + k * (size_of::<Real>() / 4)).cast()
}

/// Sorts one slab by cell and writes the starts of its cells.
fn sort_slab(world: &World, slab: usize) {
    let c = &world.columns;
    let bits = world.grid.low_bits();
    let (cells, low) = (1usize << bits, (1u32 << bits) - 1);
    let (start, end) = (c.slab_start.get(slab) as usize, c.slab_start.get(slab + 1) as usize);
    // Only the cells of this grid are cleared: the whole table, 256 times a step, would cost 0.1 ms however few the bodies are.
    let mut table = [MaybeUninit::<u32>::uninit(); SLAB_CELLS];
    for count in &mut table[..cells] {
        count.write(0);
    }
    // SAFETY: these elements have just been written.
    let next = unsafe { core::slice::from_raw_parts_mut(table.as_mut_ptr().cast::<u32>(), cells) };
    for place in start..end {
        next[(c.record.get(place * RECORD) & low) as usize] += 1;
    }
    let mut at = start as u32;
    for (cell, count) in next.iter_mut().enumerate() {
        c.cell_start.set((slab << bits) + cell, at);
        at += core::mem::replace(count, at);
    }
    for place in start..end {
        let r = place * RECORD;
        let key = c.record.get(r);
        let to = next[(key & low) as usize] as usize;
        next[(key & low) as usize] += 1;
        c.sorted_key.set(to, key);
        c.sorted_id.set(to, c.record.get(r + 1));
        for (k, column) in [&c.sorted_x, &c.sorted_y, &c.sorted_z, &c.sorted_reach].into_iter().enumerate() {
            // SAFETY: `real_of` gives an aligned address inside the record, which the blocks have written.
            column.set(to, unsafe { *real_of(world, r, k) });
        }
    }
}
