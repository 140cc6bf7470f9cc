//! The coarse grid of the queries' index: which group each body belongs to, and the bodies' records, group by group.
//!
//! A sample says where the bodies are (percentiles: outliers fall into the outer groups). The box of the sample is halved along its longest edge, up to
//! nine times, so that a flat world gets flat cells. The halvings give the bits of a group's number, first halving highest, so each three bits are
//! a node of eight.

use super::query_index::{record, GROUPS, LARGE, RECORD};
use crate::layout::BLOCK;
use crate::order;
use crate::wide::{Real, Real4, Word4, LANES};
use crate::world::{flag, World};

/// Halvings at most.
const HALVINGS: usize = 9;
/// Bodies that the grid is chosen from.
const SAMPLE: usize = 256;
/// Bodies from which on there are three, six and nine halvings.
const WORTH: [usize; 3] = [128, 1024, 8192];
/// Key of what is not in the tree.
const OUTSIDE: u32 = u32::MAX;

/// The grid.
pub struct Cells {
    low: [Real; 3],
    /// Cells a metre.
    inverse: [Real; 3],
    /// Number of the last cell along an axis.
    last: [Real; 3],
    /// Bits of the group that a cell's number along an axis stands for.
    bits: [[u16; 1 << HALVINGS]; 3],
    /// Axis of each halving.
    pub axes: [u8; HALVINGS],
    /// Halvings: 0, 3, 6 or 9.
    pub halvings: usize,
    /// Radius from which a body is large.
    large: Real,
}

/// The grid for the bodies that there are.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn choose(world: &World, high: usize) -> Cells {
    let c = &world.columns;
    let mut sample = [[0.0 as Real; SAMPLE]; 3];
    let stride = high.div_ceil(SAMPLE).max(1);
    let mut count = 0;
    for e in (0..high).step_by(stride) {
        let at = [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)];
        if c.flags.get(e) & (flag::BODY | flag::PLANE) == flag::BODY && at.iter().all(|v| v.is_finite()) {
            (0..3).for_each(|axis| sample[axis][count] = at[axis]);
            count += 1;
        }
    }
    let halvings = 3 * WORTH.iter().filter(|&&bodies| count * stride >= bodies).count();
    let (mut low, mut edge) = ([0.0 as Real; 3], [0.0 as Real; 3]);
    for (axis, values) in sample.iter_mut().enumerate().filter(|_| count > 0) {
        let values = &mut values[..count];
        order::sort(values, |a, b| a.total_cmp(b).is_lt());
        let cut = count * 3 / 100;
        edge[axis] = (values[count - 1 - cut] - values[cut]) * 1.06;
        low[axis] = values[cut] - edge[axis] * 0.03;
    }
    halve(low, edge, halvings)
}

/// Halves a box along its longest edge, as often as said.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn halve(low: [Real; 3], mut edge: [Real; 3], halvings: usize) -> Cells {
    let mut cells = Cells {
        low,
        inverse: [0.0; 3],
        last: [0.0; 3],
        bits: [[0; 1 << HALVINGS]; 3],
        axes: [0; HALVINGS],
        halvings,
        large: if halvings > 0 { 0.0 } else { Real::INFINITY },
    };
    let mut count = [0usize; 3];
    for k in 0..halvings {
        let axis = longest(edge);
        edge[axis] *= 0.5;
        count[axis] += 1;
        cells.axes[k] = axis as u8;
    }
    for axis in 0..3 {
        cells.last[axis] = ((1usize << count[axis]) - 1) as Real;
        cells.inverse[axis] = if edge[axis] > 0.0 { (1.0 / edge[axis]).min(Real::MAX) } else { 0.0 };
        cells.large = cells.large.max(edge[axis]);
        let mut place = count[axis];
        for k in (0..halvings).filter(|&k| cells.axes[k] as usize == axis) {
            place -= 1;
            for (cell, bits) in cells.bits[axis][..1 << count[axis]].iter_mut().enumerate() {
                *bits |= ((cell >> place & 1) << (halvings - 1 - k)) as u16;
            }
        }
    }
    cells
}

/// The axis with the longest edge.
#[inline(always)]
pub fn longest(edge: [Real; 3]) -> usize {
    (1..3).fold(0, |best, axis| if edge[axis] > edge[best] { axis } else { best })
}

/// Group of each body of a block, and how many bodies each has.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn count(world: &World, cells: &Cells, block: usize) {
    let c = &world.columns;
    let mut counts = [0u32; GROUPS];
    let zero = Real4::splat(0.0);
    let last = cells.last.map(Real4::splat);
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let flags = c.flags.load(i);
        let mut bits = flags.has(flag::BODY).without(flags.has(flag::PLANE)).bits();
        if bits == 0 {
            c.key.store(i, Word4::splat(OUTSIDE));
            continue;
        }
        let cell = |v: Real4, axis: usize| {
            ((v - Real4::splat(cells.low[axis])) * Real4::splat(cells.inverse[axis])).max(zero).min(last[axis]).floor_to_word().to_array()
        };
        let (x, y, z, radius) = (c.position_x.load(i), c.position_y.load(i), c.position_z.load(i), c.radius.load(i));
        let at = [cell(x, 0), cell(y, 1), cell(z, 2)];
        let apart = radius.gt(Real4::splat(cells.large)).bits();
        let most = Real4::splat(Real::MAX / 4.0);
        let size = |v: Real4| v.max(-v);
        // What is not finite touches nothing.
        bits &= (size(x).le(most) & size(y).le(most) & size(z).le(most) & size(radius).le(most)).bits();
        for lane in 0..LANES {
            let part = |axis: usize| cells.bits[axis][at[axis][lane & 3] as usize & ((1 << HALVINGS) - 1)] as u32;
            let group = if apart >> lane & 1 != 0 { LARGE as u32 } else { part(0) | part(1) | part(2) };
            let inside = bits >> lane & 1 != 0;
            c.key.set(i + lane, if inside { group } else { OUTSIDE });
            if inside {
                counts[group as usize] += 1;
            }
        }
    }
    for (group, count) in counts.into_iter().enumerate() {
        c.query_counts.set(block * GROUPS + group, count);
    }
}

/// Turns the counts into places, for each block and group and for each group. Gives the number of bodies.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn prefix(world: &World, blocks: usize) -> usize {
    let c = &world.columns;
    let mut bodies = 0u32;
    for group in 0..GROUPS {
        c.query_start.set(group, bodies);
        for block in 0..blocks {
            let at = block * GROUPS + group;
            let count = c.query_counts.get(at);
            c.query_counts.set(at, bodies);
            bodies += count;
        }
    }
    c.query_start.set(GROUPS, bodies);
    bodies as usize
}

/// Writes the records of one block's bodies into their groups.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn scatter(world: &World, block: usize) {
    let c = &world.columns;
    for e in block * BLOCK..(block + 1) * BLOCK {
        let group = c.key.get(e);
        if group == OUTSIDE {
            continue;
        }
        let at = block * GROUPS + group as usize;
        let place = c.query_counts.get(at) as usize;
        c.query_counts.set(at, place as u32 + 1);
        let row = Real4::from_array([c.position_x.get(e), c.position_y.get(e), c.position_z.get(e), c.radius.get(e)]);
        let to = record(world, 0, place);
        c.node_moments.store(to, row);
        c.node_moments.store(to + RECORD / 2, Real4::from_array([e as Real, 0.0, 0.0, 0.0]));
    }
}
