//! The points of the tree: targets and sources at their mid-points, counting-sorted into 8 × 8 × 8 slabs in Morton order.
//!
//! Writes `point_x/y/z/id` and `tree_start` (first point of each slab). Blocks of entities count and scatter; a block owns its elements of
//! `key` and `tree_counts`. The cube that the slabs divide leaves out the extremes of a sixteenth of the blocks at either end of each axis; what lies outside
//! goes into the slabs at its faces, so that one body far away does not put all others into one slab. Slabs only divide the work: the
//! boxes of the tree are those of the bodies.

use crate::layout::BLOCK;
use crate::stages::long_range::{middle, source_mask};
use crate::wide::{Real, Real4, LANES};
use crate::world::{counter, flag, World};

/// Slabs along an axis.
const SIDE: usize = 8;
/// Slabs.
pub const SLABS: usize = SIDE * SIDE * SIDE;
/// Bit of a point that is a source.
pub const SOURCE: u32 = 1 << 31;
/// Bit of a point that is a target.
pub const TARGET: u32 = 1 << 30;
/// The entity of a point.
pub const ID: u32 = TARGET - 1;
/// Slab of an entity that takes no part.
const OUTSIDE: u32 = u32::MAX;
/// A slab coordinate's bits, two apart.
const SPREAD: [u32; SIDE] = [0, 1, 8, 9, 64, 65, 72, 73];

/// Runs the sort; gives the number of points.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) -> usize {
    let blocks = world.parameters.blocks;
    {
        let world = &*world;
        world.jobs.run(blocks, |block| bounds(world, block));
    }
    let cube = choose_cube(world);
    {
        let world = &*world;
        world.jobs.run(blocks, |block| count(world, block, cube));
    }
    let points = prefix(world);
    let world = &*world;
    world.jobs.run(blocks, |block| scatter(world, block));
    points
}

/// Corner of the cube, and slabs a metre.
type Cube = ([Real; 3], Real);

/// Extremes of one block's points on each axis: `[least, greatest]`, three times; the least is above the greatest when there are none.
fn bounds(world: &World, block: usize) {
    let c = &world.columns;
    let mut least = [Real4::splat(Real::INFINITY); 3];
    let mut greatest = [Real4::splat(Real::NEG_INFINITY); 3];
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        let part = live.has(flag::DYNAMIC) | source_mask(world, i, live);
        if !part.any() {
            continue;
        }
        let at = middle(world, i);
        for (axis, v) in [at.x, at.y, at.z].into_iter().enumerate() {
            least[axis] = part.select(least[axis].min(v), least[axis]);
            greatest[axis] = part.select(greatest[axis].max(v), greatest[axis]);
        }
    }
    for axis in 0..3 {
        let low = least[axis].to_array().into_iter().fold(Real::INFINITY, Real::min);
        let high = greatest[axis].to_array().into_iter().fold(Real::NEG_INFINITY, Real::max);
        c.tree_bounds.set(block * 6 + 2 * axis, low);
        c.tree_bounds.set(block * 6 + 2 * axis + 1, high);
    }
}

/// The cube over all but the extreme blocks of each axis.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn choose_cube(world: &World) -> Cube {
    let c = &world.columns;
    let (mut corner, mut size): Cube = ([0.0; 3], 0.0);
    let mut middles = [0.0; 3];
    for (axis, middle) in middles.iter_mut().enumerate() {
        let low = trimmed(world, |block| c.tree_bounds.get(block * 6 + 2 * axis));
        let high = -trimmed(world, |block| -c.tree_bounds.get(block * 6 + 2 * axis + 1));
        *middle = 0.5 * low + 0.5 * high;
        size = size.max(high - low);
    }
    for (low, middle) in corner.iter_mut().zip(middles) {
        *low = middle - 0.5 * size;
    }
    let scale = SIDE as Real / size;
    (corner, if scale.is_finite() { scale } else { 0.0 })
}

/// Blocks whose extremes are left out of the cube at one end of an axis, at most.
const TRIMMED: usize = 64;

/// The least of the blocks' values after a sixteenth of the blocks that have any is left out.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn trimmed(world: &World, value: impl Fn(usize) -> Real) -> Real {
    let blocks = world.parameters.blocks;
    let used = (0..blocks).filter(|block| value(*block).is_finite()).count();
    let keep = (used / 16).min(TRIMMED - 1);
    // The `keep + 1` least values, ascending.
    let mut least = [Real::INFINITY; TRIMMED];
    for block in 0..blocks {
        let mut v = value(block);
        if !v.is_finite() {
            continue;
        }
        for slot in &mut least[..=keep] {
            if v < *slot {
                core::mem::swap(&mut v, slot);
            }
        }
    }
    least[keep]
}

/// Slab of a position.
#[inline(always)]
fn slab(cube: Cube, x: Real, y: Real, z: Real) -> u32 {
    let (corner, scale) = cube;
    // A cast saturates, and takes NaN to 0.
    let cell = |v: Real, axis: usize| SPREAD[(((v - corner[axis]) * scale) as i32).clamp(0, SIDE as i32 - 1) as usize];
    cell(x, 0) | cell(y, 1) << 1 | cell(z, 2) << 2
}

/// Slabs of one block's points, and how many fall into each.
fn count(world: &World, block: usize, cube: Cube) {
    let c = &world.columns;
    let mut counts = [0u32; SLABS];
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        let bits = (live.has(flag::DYNAMIC) | source_mask(world, i, live)).bits();
        let at = middle(world, i);
        let (x, y, z) = (at.x.to_array(), at.y.to_array(), at.z.to_array());
        for lane in 0..LANES {
            let mut key = OUTSIDE;
            if bits >> lane & 1 != 0 {
                key = slab(cube, x[lane], y[lane], z[lane]);
                counts[key as usize] += 1;
            }
            c.key.set(i + lane, key);
        }
    }
    for (slab, count) in counts.into_iter().enumerate() {
        c.tree_counts.set(block * SLABS + slab, count);
    }
}

/// Turns the blocks' counts into the places where each block writes into each slab; gives the number of points.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn prefix(world: &mut World) -> usize {
    let c = &world.columns;
    let mut start = 0;
    let mut totals = [0u32; SLABS];
    for block in 0..world.parameters.blocks {
        for (slab, total) in totals.iter_mut().enumerate() {
            let count = c.tree_counts.get(block * SLABS + slab);
            c.tree_counts.set(block * SLABS + slab, *total);
            *total += count;
        }
    }
    for (slab, total) in totals.into_iter().enumerate() {
        c.tree_start.set(slab, start);
        start += total;
    }
    c.tree_start.set(SLABS, start);
    world.set_count(counter::TREE_POINTS, start as usize);
    start as usize
}

/// Writes one block's points into their slabs, in entity order.
fn scatter(world: &World, block: usize) {
    let c = &world.columns;
    let mut next = [0u32; SLABS];
    for (slab, place) in next.iter_mut().enumerate() {
        *place = c.tree_start.get(slab) + c.tree_counts.get(block * SLABS + slab);
    }
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let live = c.live.load(i);
        let target = live.has(flag::DYNAMIC);
        let source = source_mask(world, i, live);
        if !(target | source).any() {
            continue;
        }
        let at = middle(world, i);
        let (x, y, z) = (at.x.to_array(), at.y.to_array(), at.z.to_array());
        let (targets, sources) = (target.bits(), source.bits());
        for lane in (0..LANES).filter(|lane| (targets | sources) >> lane & 1 != 0) {
            let slot = &mut next[c.key.get(i + lane) as usize];
            let to = *slot as usize;
            *slot += 1;
            c.point_x.set(to, x[lane]);
            c.point_y.set(to, y[lane]);
            c.point_z.set(to, z[lane]);
            let kinds = (sources >> lane & 1) << 31 | (targets >> lane & 1) << 30;
            c.point_id.set(to, (i + lane) as u32 | kinds);
        }
    }
}
