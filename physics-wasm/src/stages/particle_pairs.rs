//! Which particles of a page may meet which bodies of the grid.
//!
//! A particle looks into the cells that its path crosses, mostly one (`particle_cells`); where that table was not worth making, or the path is long,
//! it walks the rows of the grid as a bullet does. What it finds is written down without asking how much it is, two at a time, and looked at
//! four pairs at a time: a branch for each would be mispredicted half of the time.

use super::find_pairs::{for_each_range, for_each_row};
use super::particle_cells::touching;
use super::particle_pages::{field, Page};
use crate::layout::PARTICLE_PAGE;
use crate::wide::{Float4, Real, Real4, Vector4, Word4, LANES};
use crate::world::World;

/// Pairs that are noted before they are looked at.
const NOTED: usize = 1024;
/// In the place of a range: the path crosses cells.
const ACROSS: [u32; 2] = [u32::MAX, 0];
/// Cells beside the first along an axis that a path's rows may cover: no grid has fewer along any.
const SPAN: u32 = 3;
/// Bits of a pair's body: its place in the sorted list. The particle's are above.
const BODY_BITS: u32 = 24;

/// Pairs noted: particle and place of the body.
struct Notes<'a, F> {
    world: &'a World,
    page: Page,
    radius: Real,
    meet: F,
    pairs: [u32; NOTED],
    count: usize,
}

impl<F: FnMut(usize, u32)> Notes<'_, F> {
    /// Notes bodies for particle `j`: a range of `touch`, or, marked, of the sorted list. Looks at what was noted whenever there is no more room.
    #[inline(always)]
    fn add(&mut self, j: usize, start: usize, end: usize, sorted: bool) {
        if start < end {
            self.copy(j, start, end, sorted);
        }
    }

    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn copy(&mut self, j: usize, start: usize, end: usize, sorted: bool) {
        let touch = &self.world.columns.touch;
        let mark = (j as u32) << BODY_BITS;
        let mut at = start;
        while at < end {
            let count = (end - at).min(NOTED - self.count);
            let room = &mut self.pairs[self.count..self.count + count];
            if sorted {
                room.iter_mut().enumerate().for_each(|(k, pair)| *pair = mark | (at + k) as u32);
            } else {
                room.iter_mut().enumerate().for_each(|(k, pair)| *pair = mark | touch.get(at + k));
            }
            self.count += count;
            at += count;
            if self.count == NOTED {
                self.look();
            }
        }
    }

    /// Looks at what was noted.
    fn look(&mut self) {
        look(self.world, self.page, self.radius, &self.pairs[..self.count], &mut self.meet);
        self.count = 0;
    }
}

/// Hands every particle among the first `count` of a page, and each body of the grid whose reach its path enters, to `meet`.
#[inline(always)]
pub fn each(world: &World, (page, count): (Page, usize), radius: Real, meet: impl FnMut(usize, u32)) {
    let mut notes = Notes { world, page, radius, meet, pairs: [0; NOTED], count: 0 };
    if world.grid.listed {
        from_cells(&mut notes, count);
    } else {
        from_rows(&mut notes, count);
    }
    notes.look();
}

/// The low and the high cells of the paths of four particles along each axis, widened by `wide`.
#[inline(always)]
fn cells(world: &World, page: Page, i: usize, wide: Real) -> [[Word4; 2]; 3] {
    let (c, wide) = (&world.columns, Real4::splat(wide));
    let (inverse, back) = (Real4::splat(world.grid.inverse), Float4::splat(world.parameters.dt as f32));
    core::array::from_fn(|axis| {
        let end = c.particle.load(page.at(field::X + axis, i));
        let start = end - c.particle.load(page.at(field::VX + axis, i)) * back;
        let (low, high) = (Real4::widen(start.min(end)) - wide, Real4::widen(start.max(end)) + wide);
        [low, high].map(|v| (v * inverse).floor_to_word())
    })
}

/// Notes the bodies that touch the cells of the paths. All ranges are found before one is used: what depends on how long they are waits for none.
#[inline(always)]
fn from_cells<F: FnMut(usize, u32)>(notes: &mut Notes<'_, F>, count: usize) {
    let (world, page, grid) = (notes.world, notes.page, &notes.world.grid);
    let mut ranges = [[0u32; 2]; PARTICLE_PAGE];
    for i in (0..count).step_by(LANES) {
        let corners = cells(world, page, i, notes.radius);
        let same = corners.iter().fold(Word4::splat(1).has(1), |same, [low, high]| same & low.eq(*high)).bits();
        let low: [Word4; 3] = core::array::from_fn(|axis| corners[axis][0] & Word4::splat(grid.cells(axis) as u32 - 1));
        let keys = (low[0] | (low[1] | low[2].raised(grid.bits[1])).raised(grid.bits[0])).to_array();
        for (lane, key) in keys.into_iter().enumerate() {
            let (start, end) = touching(world, key as usize);
            ranges[i + lane] = if same >> lane & 1 != 0 { [start as u32, end as u32] } else { ACROSS };
        }
    }
    for (j, range) in ranges.into_iter().enumerate().take(count) {
        if range == ACROSS {
            several(notes, j);
        } else {
            notes.add(j, range[0] as usize, range[1] as usize, false);
        }
    }
}

/// Notes the bodies in the rows of cells about the paths: those that reach a path are up to half a cell beside it.
#[inline(always)]
fn from_rows<F: FnMut(usize, u32)>(notes: &mut Notes<'_, F>, count: usize) {
    let (world, page, grid) = (notes.world, notes.page, &notes.world.grid);
    for i in (0..count).step_by(LANES) {
        let corners = cells(world, page, i, notes.radius + grid.half).map(|corner| corner.map(Word4::to_array));
        for lane in 0..LANES.min(count - i) {
            let low = corners.map(|[low, _]| low[lane] as i32);
            let span = corners.map(|[low, high]| high[lane].wrapping_sub(low[lane]));
            if span[0].max(span[1]).max(span[2]) > SPAN {
                several(notes, i + lane);
                continue;
            }
            let x = low[0] & (grid.cells(0) - 1);
            for z in 0..span[2] as i32 + 1 {
                for y in 0..span[1] as i32 + 1 {
                    let row = grid.row(low[1].wrapping_add(y), low[2].wrapping_add(z)) as usize;
                    for_each_range(world, row, x, x + span[0] as i32, |start, end| notes.add(i + lane, start, end, true));
                }
            }
        }
    }
}

/// Notes the bodies near a path that crosses cells: ranges of `touch`, or of the sorted list when it is long or there is no table.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn several<F: FnMut(usize, u32)>(notes: &mut Notes<'_, F>, j: usize) {
    let (world, radius, grid) = (notes.world, notes.radius, &notes.world.grid);
    let (start, path) = flight(world, notes.page, j);
    if !path.iter().chain(&start).all(|v| v.abs() < 1e18) {
        return;
    }
    let least: [Real; 3] = core::array::from_fn(|axis| start[axis].min(start[axis] + path[axis]) - radius);
    let most: [Real; 3] = core::array::from_fn(|axis| start[axis].max(start[axis] + path[axis]) + radius);
    let [low, high] = [least, most].map(|corner| corner.map(|v| grid.coordinate(v)));
    if !grid.listed || !(0..3).all(|axis| high[axis].wrapping_sub(low[axis]) < 3) {
        let [low, high] = [least.map(|v| v - grid.half), most.map(|v| v + grid.half)];
        return for_each_row(world, low, high, |start, end| notes.copy(j, start, end, true));
    }
    for z in low[2]..=high[2] {
        for y in low[1]..=high[1] {
            let row = grid.row(y, z) as usize;
            for x in low[0]..=high[0] {
                let (start, end) = touching(world, row + (x & (grid.cells(0) - 1)) as usize);
                notes.copy(j, start, end, false);
            }
        }
    }
}

#[inline(always)]
fn flight(world: &World, page: Page, j: usize) -> ([Real; 3], [Real; 3]) {
    let number = |field: usize| world.columns.particle.get(page.at(field, j)) as Real;
    let path: [Real; 3] = core::array::from_fn(|axis| number(field::VX + axis) * world.parameters.dt);
    (core::array::from_fn(|axis| number(field::X + axis) - path[axis]), path)
}

/// Lanes in which a path comes within `reach` of what is at `d` from its start.
#[inline(always)]
pub fn near_path(d: Vector4, path: Vector4, reach: Real4) -> u32 {
    let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
    let length2 = path.dot(path).max(Real4::splat(Real::MIN_POSITIVE));
    let off = d - path.scale((d.dot(path) / length2).max(zero).min(one));
    off.dot(off).le(reach * reach).bits()
}

/// Looks at pairs, four at a time: whether the particle's path comes within the body's reach.
#[inline(never)]
fn look(world: &World, page: Page, radius: Real, pairs: &[u32], meet: &mut impl FnMut(usize, u32)) {
    let c = &world.columns;
    let dt = Real4::splat(world.parameters.dt);
    for first in (0..pairs.len()).step_by(LANES) {
        let pair: [u32; LANES] = core::array::from_fn(|lane| pairs[(first + lane).min(pairs.len() - 1)]);
        let particle = pair.map(|pair| (pair >> BODY_BITS) as usize % PARTICLE_PAGE);
        let body = pair.map(|pair| pair as usize & ((1 << BODY_BITS) - 1));
        let own = |field: usize| Real4::widen(Float4::from_array(particle.map(|j| c.particle.get(page.at(field, j)))));
        let its = |column: &crate::column::Column<Real>| Real4::from_array(body.map(|k| column.get(k)));
        let path = Vector4::new(own(field::VX), own(field::VX + 1), own(field::VX + 2)).scale(dt);
        let start = Vector4::new(own(field::X), own(field::X + 1), own(field::X + 2)) - path;
        let d = Vector4::new(its(&c.sorted_x), its(&c.sorted_y), its(&c.sorted_z)) - start;
        let mut bits = near_path(d, path, its(&c.sorted_reach) + Real4::splat(radius));
        if pairs.len() - first < LANES {
            bits &= (1 << (pairs.len() - first)) - 1;
        }
        while bits != 0 {
            let lane = bits.trailing_zeros() as usize % LANES;
            bits &= bits - 1;
            meet(particle[lane], c.sorted_id.get(body[lane]));
        }
    }
}
