//! Which particles of a page may meet which bodies of the grid.
//!
//! A particle looks into the cells that its path crosses, mostly one (`particle_cells`); where that table was not worth making, or the path is long,
//! it walks the rows of the grid as a bullet does. What it finds is written down without asking how much it is, two at a time, and looked at
//! four pairs at a time: a branch for each would be mispredicted half of the time.

use super::find_pairs::for_each_row;
use super::particle_cells::touching;
use super::particle_pages::{field, Page};
use crate::layout::PARTICLE_PAGE;
use crate::wide::{Float4, Real, Real4, Vector4, Word4, LANES};
use crate::world::World;

/// Pairs that are noted before they are looked at.
const NOTED: usize = 1024;
/// Room behind them, for what is written and not counted.
const SPARE: usize = 8;
/// Bits of a pair's body: its place in the sorted list. The particle's are above.
const BODY_BITS: u32 = 24;

/// Pairs noted: particle and place of the body.
struct Notes {
    pairs: [u32; NOTED + SPARE],
    count: usize,
}

impl Notes {
    /// Notes the bodies `start..end` for particle `j`, as many as there is room for; gives the first that was not noted.
    #[inline(always)]
    fn note(&mut self, j: usize, start: usize, end: usize, body: impl Fn(usize) -> u32) -> usize {
        let mark = (j as u32) << BODY_BITS;
        let count = (end - start).min(NOTED - self.count);
        self.pairs[self.count] = mark | body(start);
        self.pairs[self.count + 1] = mark | body(start + 1);
        for k in 2..count {
            self.pairs[self.count + k] = mark | body(start + k);
        }
        self.count += count;
        start + count
    }
}

/// Hands every particle among the first `count` of a page, and each body of the grid whose reach its path enters, to `meet`.
#[inline(always)]
pub fn each(world: &World, (page, count): (Page, usize), radius: Real, mut meet: impl FnMut(usize, u32)) {
    let c = &world.columns;
    let mut notes = Notes { pairs: [0; NOTED + SPARE], count: 0 };
    for i in (0..count).step_by(LANES) {
        gather(world, (page, i, count), radius, |j, start, end, sorted| {
            let mut at = start;
            loop {
                at = if sorted { notes.note(j, at, end, |k| k as u32) } else { notes.note(j, at, end, |k| c.touch.get(k)) };
                if notes.count < NOTED {
                    break;
                }
                look(world, page, radius, &notes.pairs[..NOTED], &mut meet);
                notes.count = 0;
            }
        });
    }
    look(world, page, radius, &notes.pairs[..notes.count], &mut meet);
}

/// Visits the bodies near four particles: ranges of `touch`, or, marked, of the sorted list.
#[inline(always)]
fn gather(world: &World, (page, i, count): (Page, usize, usize), radius: Real, mut visit: impl FnMut(usize, usize, usize, bool)) {
    let (c, grid) = (&world.columns, &world.grid);
    let (inverse, back) = (Real4::splat(grid.inverse), Float4::splat(world.parameters.dt as f32));
    let wide = Real4::splat(radius);
    let mut same = Word4::splat(1).has(grid.listed as u32);
    let cells: [Word4; 3] = core::array::from_fn(|axis| {
        let end = c.particle.load(page.at(field::X + axis, i));
        let start = end - c.particle.load(page.at(field::VX + axis, i)) * back;
        let (low, high) = (Real4::widen(start.min(end)) - wide, Real4::widen(start.max(end)) + wide);
        let [low, high] = [low, high].map(|v| (v * inverse).floor_to_word());
        same = same & low.eq(high);
        low & Word4::splat(grid.cells(axis) as u32 - 1)
    });
    let keys = (cells[0] | (cells[1] | cells[2].raised(grid.bits[1])).raised(grid.bits[0])).to_array();
    let same = same.bits();
    for (lane, key) in keys.into_iter().enumerate().take(count - i) {
        if same >> lane & 1 != 0 {
            let (start, end) = touching(world, key as usize);
            visit(i + lane, start, end, false);
        } else {
            several(world, (page, i + lane), radius, &mut |start, end, sorted| visit(i + lane, start, end, sorted));
        }
    }
}

/// The bodies near a path that crosses cells: ranges of `touch`, or of the sorted list when it is long or there is no table.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn several(world: &World, (page, j): (Page, usize), radius: Real, visit: &mut dyn FnMut(usize, usize, bool)) {
    let grid = &world.grid;
    let (start, path) = flight(world, page, j);
    if !path.iter().chain(&start).all(|v| v.abs() < 1e18) {
        return;
    }
    let least: [Real; 3] = core::array::from_fn(|axis| start[axis].min(start[axis] + path[axis]) - radius);
    let most: [Real; 3] = core::array::from_fn(|axis| start[axis].max(start[axis] + path[axis]) + radius);
    let [low, high] = [least, most].map(|corner| corner.map(|v| grid.coordinate(v)));
    if !grid.listed || !(0..3).all(|axis| high[axis].wrapping_sub(low[axis]) < 3) {
        let [low, high] = [least.map(|v| v - grid.half), most.map(|v| v + grid.half)];
        return for_each_row(world, low, high, |start, end| visit(start, end, true));
    }
    for z in low[2]..=high[2] {
        for y in low[1]..=high[1] {
            let row = grid.row(y, z) as usize;
            for x in low[0]..=high[0] {
                let (start, end) = touching(world, row + (x & (grid.cells(0) - 1)) as usize);
                visit(start, end, false);
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

/// Looks at pairs, four at a time: whether the particle's path comes within the body's reach.
#[inline(never)]
fn look(world: &World, page: Page, radius: Real, pairs: &[u32], meet: &mut impl FnMut(usize, u32)) {
    let c = &world.columns;
    let (zero, one) = (Real4::splat(0.0), Real4::splat(1.0));
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
        let length2 = path.dot(path).max(Real4::splat(Real::MIN_POSITIVE));
        let along = (d.dot(path) / length2).max(zero).min(one);
        let off = d - path.scale(along);
        let sum = its(&c.sorted_reach) + Real4::splat(radius);
        let mut bits = off.dot(off).le(sum * sum).bits();
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
