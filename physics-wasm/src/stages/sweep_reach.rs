//! How far beside its path a bullet has to look for the centres of bodies.
//!
//! Cells are as wide as twice the farthest reach in them, for that is what pairs want: where a few fast ships fly among gravel, a bullet would
//! look at ten cells of which three can hold gravel that reaches its path. So for bullets most bodies have a *common* reach, and what reaches
//! farther, or is not where the list has it, marks the places that it touches, in cells of half the size. Away from the marks a bullet looks no
//! farther than the common reach. What is skipped cannot reach the path, so hits are the same.

use super::gather::Grid;
use crate::wide::{Real, Real4, LANES};
use crate::world::World;

/// The common reach is so many times the mean …
const COMMON: Real = 1.4;
/// … if at most one body of so many reaches farther, and it is below this share of the farthest.
const RARE: usize = 16;
const WORTH: Real = 0.8;
/// Fewer bullets than this are not worth the marks.
const FEW: usize = 64;
/// What flies farther in a step, in half cells, has too many marks: bullets look without any until the next list.
const FARTHEST: Real = 2.0;
/// Share of a place by which rounding may move it, and more: 32 units in the last place of a single float.
const ROUNDING: Real = 1.0 / 262_144.0;

/// Chooses the common reach and marks where others reach, once for each list of pairs.
///
/// The marks lie in `record`, which has nothing to keep once the bodies are sorted: a bit for each cell of half the size.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn find_common(world: &mut World, bullets: usize) {
    let (c, bodies, half) = (world.columns, world.grid.bodies, world.grid.half);
    if world.grid.common != 0.0 || bodies == 0 || bullets < FEW || 8 * bullets < bodies {
        return;
    }
    let mut sum = Real4::splat(0.0);
    for k in (0..bodies / LANES * LANES).step_by(LANES) {
        sum = sum + c.sorted_reach.load(k);
    }
    let common = sum.to_array().into_iter().sum::<Real>() * COMMON / bodies as Real;
    let limit = Real4::splat(common);
    let above = (0..bodies).step_by(LANES).map(|k| c.sorted_reach.load(k).gt(limit).bits().count_ones() as usize).sum::<usize>();
    world.grid.common = if common > WORTH * half || above * RARE > bodies { half } else { common };
    if world.grid.common == half {
        return;
    }
    c.record.fill(0, 8usize << world.grid.total_bits() >> 5, 0);
    for k in 0..bodies {
        if c.sorted_reach.get(k) > common {
            mark(world, [c.sorted_x.get(k), c.sorted_y.get(k), c.sorted_z.get(k)], c.sorted_reach.get(k));
        }
    }
}

/// Marks where what has left its padded reach may be in this step; the marks stay as long as the list.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn add(world: &mut World, place: [Real; 3], reach: Real) {
    let grid = &mut world.grid;
    if grid.common == 0.0 || grid.common == grid.half {
        return;
    }
    if reach > FARTHEST * grid.half {
        grid.common = grid.half;
    } else {
        mark(world, place, reach);
    }
}

/// Marks what a ball may touch.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn mark(world: &World, place: [Real; 3], reach: Real) {
    let (grid, marks) = (&world.grid, &world.columns.record);
    let wide = reach + rounding(place.map(|v| v.abs() + reach));
    let span = |axis: usize| {
        let (first, last) = (coordinate(grid, place[axis] - wide), coordinate(grid, place[axis] + wide));
        // Beyond the integers, or where rounding is metres: all round the grid.
        let count = (last as i64 - first as i64).clamp(0, 2 * grid.cells(axis) as i64 - 1) as i32;
        (0..=count).map(move |k| first.wrapping_add(k))
    };
    for z in span(2) {
        for y in span(1) {
            for x in span(0) {
                let key = key(grid, x, y, z);
                marks.set(key / 32, marks.get(key / 32) | 1 << (key % 32));
            }
        }
    }
}

/// Where four bullets look: the half cells that the boxes of their paths touch, and the cells within the common reach of them.
pub struct Look {
    touched: [[[u32; LANES]; 2]; 3],
    near: [[[u32; LANES]; 2]; 3],
}

impl Look {
    /// That of four boxes, by their low and high corners; none when there is no common reach.
    #[inline(always)]
    pub fn new(world: &World, low: &[Real4; 3], high: &[Real4; 3]) -> Option<Self> {
        let grid = &world.grid;
        if grid.common == 0.0 || grid.common == grid.half {
            return None;
        }
        let common = Real4::splat(grid.common);
        let mut farthest = common;
        for axis in 0..3 {
            farthest = farthest.max(-low[axis]).max(high[axis]);
        }
        let slack = (farthest + common) * Real4::splat(ROUNDING);
        // Never beyond what is looked at without marks: then hits are the same.
        let beside = (common + slack).min(Real4::splat(grid.half));
        let cells = |axis: usize, wide: Real4, inverse: Real| {
            let cell = |v: Real4| (v * Real4::splat(inverse)).floor_to_word().to_array();
            [cell(low[axis] - wide), cell(high[axis] + wide)]
        };
        Some(Self {
            touched: core::array::from_fn(|axis| cells(axis, slack, 2.0 * grid.inverse)),
            near: core::array::from_fn(|axis| cells(axis, beside, grid.inverse)),
        })
    }

    /// The cells where bullet `lane` finds all bodies that it may meet; none when one that reaches far may be among them, or the path is too long
    /// to ask.
    #[inline(always)]
    pub fn cells(&self, world: &World, lane: usize) -> Option<[[i32; 2]; 3]> {
        let (grid, marks) = (&world.grid, &world.columns.record);
        let lane = |spans: &[[[u32; LANES]; 2]; 3]| spans.map(|[first, last]| [first[lane] as i32, last[lane] as i32]);
        let (touched, near) = (lane(&self.touched), lane(&self.near));
        let far = |[first, last]: [i32; 2], most: i32| last.wrapping_sub(first) as u32 > most as u32;
        if (0..3).any(|axis| far(touched[axis], 1) || far(near[axis], grid.cells(axis) - 2)) {
            return None;
        }
        let mut found = 0;
        for z in touched[2] {
            for y in touched[1] {
                for x in touched[0] {
                    let key = key(grid, x, y, z);
                    found |= marks.get(key / 32) >> (key % 32);
                }
            }
        }
        (found & 1 == 0).then_some(near)
    }
}

/// What rounding may move a place by.
#[inline(always)]
fn rounding(place: [Real; 3]) -> Real {
    place.into_iter().fold(0.0, Real::max) * ROUNDING
}

/// Number of the half cell of a position along an axis, unwrapped; grows with the position, so whatever lies between two lies between theirs.
#[inline(always)]
fn coordinate(grid: &Grid, v: Real) -> i32 {
    (v * (2.0 * grid.inverse)).floor() as i32
}

/// Number of a half cell's bit.
#[inline(always)]
fn key(grid: &Grid, x: i32, y: i32, z: i32) -> usize {
    let wrapped = |v: i32, axis: usize| (v & (2 * grid.cells(axis) - 1)) as usize;
    ((wrapped(z, 2) << (grid.bits[1] + 1) | wrapped(y, 1)) << (grid.bits[0] + 1)) | wrapped(x, 0)
}
