//! Bodies on bodies: sources gathered from near leaves (and cells that act as one body) into one list, four a lane, against a group's targets two
//! at a time.

use core::mem::size_of;

use super::moments::STRIDE;
use super::walker::Walker;
use crate::column::Column;
use crate::wide::{transpose, Real, Real4, Vector4, LANES};
use crate::world::World;

/// Sources of one list; a full one is summed and emptied.
pub const SOURCES: usize = 1024;
/// Columns of the list: x, y, z, G m, k c.
const COLUMNS: usize = 5;
/// Where the list is filled up to a multiple of four: no body is there, and its strength is zero.
const NOWHERE: Real = 1e15;
/// Bytes of a list.
pub const BYTES: usize = COLUMNS * COLUMN * size_of::<Real>();

/// Elements of a column of the list; not a multiple of 4 KB apart, which the caches would take for one another.
const COLUMN: usize = SOURCES + 6 * LANES;

/// The list of one worker: its columns one after the other, so that one address serves all.
#[derive(Clone, Copy)]
pub struct Near {
    list: Column<Real>,
    count: usize,
}

impl Near {
    /// The list over the numbers from `address` on.
    pub fn at(address: usize) -> Self {
        Self { list: Column::at(address, COLUMNS * COLUMN), count: 0 }
    }
}

/// Adds points `start..end` to the list of the group `targets`.
#[inline(always)]
pub fn gather<const FIELDS: usize>(walker: &mut Walker, start: usize, end: usize, targets: (usize, usize)) {
    let mut from = start;
    while from < end {
        let c = &walker.world.columns;
        let at = walker.near.count;
        let to = end.min(from + SOURCES - at);
        let list = walker.near.list;
        for p in (from..to).step_by(LANES) {
            let place = at + p - from;
            list.store(place, c.point_x.load(p));
            list.store(place + COLUMN, c.point_y.load(p));
            list.store(place + 2 * COLUMN, c.point_z.load(p));
            list.store(place + 3 * COLUMN, c.point_gm.load(p));
            if FIELDS > 1 {
                list.store(place + 4 * COLUMN, c.point_kc.load(p));
            }
        }
        walker.near.count += to - from;
        from = to;
        if walker.near.count == SOURCES {
            flush::<FIELDS>(walker, targets);
        }
    }
}

/// Adds up to four nodes to the list, each as one body at its centre of mass (gravity alone).
#[inline(always)]
pub fn gather_cells(walker: &mut Walker, nodes: [u32; LANES], count: usize, targets: (usize, usize)) {
    if walker.near.count + LANES > SOURCES {
        flush::<1>(walker, targets);
    }
    let moments = &walker.world.columns.node_moments;
    let rows = transpose(nodes.map(|node| moments.load(node as usize * STRIDE)));
    for (column, row) in rows.into_iter().enumerate() {
        walker.near.list.store(walker.near.count + column * COLUMN, row);
    }
    walker.near.count += count;
}

/// Sums the list on the targets and empties it.
#[inline(never)]
pub fn flush<const FIELDS: usize>(walker: &mut Walker, targets: (usize, usize)) {
    // Potentials are summed with two fields alone.
    if FIELDS > 1 && walker.potential {
        sum::<FIELDS, true>(walker, targets);
    } else {
        sum::<FIELDS, false>(walker, targets);
    }
}

#[inline(always)]
fn sum<const FIELDS: usize, const POTENTIAL: bool>(walker: &mut Walker, (start, end): (usize, usize)) {
    let count = walker.near.count;
    if count == 0 {
        return;
    }
    let list = walker.near.list;
    let zero = Real4::splat(0.0);
    for column in 0..3 + FIELDS {
        let v = Real4::splat(if column == 0 { NOWHERE } else { 0.0 });
        list.store(count + column * COLUMN, v);
        list.store(count + column * COLUMN + LANES, v);
    }
    for p in (start..end).step_by(2) {
        let pair = [p, (p + 1).min(end - 1)];
        let sums = pull::<FIELDS, POTENTIAL>(walker.world, &list, count, pair);
        for (p, sum) in (p..end).zip(sums) {
            let [a, b, c, d] = transpose([sum.x, sum.y, sum.z, zero]);
            add(walker.world, p, (a + b) + (c + d));
        }
    }
    walker.near.count = 0;
}

/// Adds to what point `p` has.
#[inline(always)]
pub fn add(world: &World, p: usize, v: Real4) {
    let pull = &world.columns.pull;
    pull.store(4 * p, pull.load(4 * p) + v);
}

/// The pull of a list on two points; or with `POTENTIAL` the two potentials there, Σ G m / R and Σ k c / R.
#[inline(always)]
fn pull<const FIELDS: usize, const POTENTIAL: bool>(world: &World, list: &Column<Real>, count: usize, pair: [usize; 2]) -> [Vector4; 2] {
    let c = &world.columns;
    let softening2 = Real4::splat(world.parameters.softening2);
    let least = Real4::splat(world.parameters.min_distance2);
    let one = Real4::splat(1.0);
    let target = pair.map(|p| Vector4::splat([c.point_x.get(p), c.point_y.get(p), c.point_z.get(p)]));
    let ratio = pair.map(|p| Real4::splat(if FIELDS > 1 { c.point_ratio.get(p) } else { 0.0 }));
    let mut sum = [Vector4::zero(); 2];
    for s in (0..count).step_by(2 * LANES) {
        for s in [s, s + LANES] {
            let source = Vector4::new(list.load(s), list.load(s + COLUMN), list.load(s + 2 * COLUMN));
            let gm = list.load(s + 3 * COLUMN);
            let kc = if FIELDS > 1 { list.load(s + 4 * COLUMN) } else { gm };
            for half in 0..2 {
                let d = source - target[half];
                let distance2 = d.dot(d);
                let r2 = distance2 + softening2;
                let felt = distance2.ge(least);
                if POTENTIAL {
                    let inverse = (one / r2.sqrt()).keep(felt);
                    sum[half].x = sum[half].x + gm * inverse;
                    sum[half].y = sum[half].y + kc * inverse;
                } else {
                    let factor = if FIELDS > 1 { gm - kc * ratio[half] } else { gm };
                    let cubed = (factor * (one / (r2 * r2.sqrt()))).keep(felt);
                    sum[half] = sum[half] + d.scale(cubed);
                }
            }
        }
    }
    sum
}
