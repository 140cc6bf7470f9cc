//! The index of the queries: a tree with four children a node over the boxes of all bodies, planes apart.
//!
//! It is built when a query asks for it, from the public columns, and lasts until the next step or until somebody says `forget`.
//!
//! 1. Bodies are scattered into a coarse grid of slabs (at most 8³; the percentiles of a sample say where: outliers fall into the outer slabs).
//!    Bodies larger than a slab have a slab of their own, so that they do not widen the boxes of the small ones.
//! 2. Each slab is divided in up to four, along the longest axis each time, until four bodies are left. All parts but the last hold a power of
//!    four bodies, so almost every node and leaf is full, and the number of nodes follows from the number of bodies.
//! 3. The slabs are divided in the same way.
//!
//! A slab owns its bodies' records, and as many leaves and nodes as it has fours of bodies; nothing depends on the number of threads.

use super::query_bounds::bounds;
use super::query_divide::divide;
use super::query_walk;
use crate::column::Column;
use crate::layout::{BLOCK, MAX_PLANES};
use crate::order;
use crate::wide::{Real, Real4, Word4, LANES};
use crate::world::{flag, setting, World};

/// Slabs along an axis at most.
const SIDE: usize = 8;
/// Slab of the bodies that are larger than a slab.
const LARGE: usize = SIDE * SIDE * SIDE;
/// Slabs, that one included.
pub const GROUPS: usize = LARGE + 1;
/// Slabs that a claim builds.
const GROUPS_A_BLOCK: usize = 8;
/// Bodies of a leaf.
const LEAF: usize = 4;
/// Key of what is not in the tree.
const OUTSIDE: u32 = u32::MAX;
/// Reals of a record: low x, y, z, id or reference | high x, y, z, 0.
pub const RECORD: usize = 8;
/// Bodies that the grid is chosen from.
const SAMPLE: usize = 256;

/// Words of the column `query.state`.
pub mod state {
    /// 1: the index is what the columns say.
    pub const VALID: usize = 0;
    /// Queries since the index was forgotten.
    pub const ASKED: usize = 1;
    /// Reference of the root.
    pub const ROOT: usize = 2;
    /// Planes.
    pub const PLANES: usize = 3;
    /// The first plane's id.
    pub const FIRST_PLANE: usize = 4;
}
/// Length of that column.
pub const STATE: usize = state::FIRST_PLANE + MAX_PLANES;

/// Reals of a node: six sides and the references, four lanes each, and padding to whole cache lines.
pub const NODE: usize = 32;

/// Reference of an empty tree or child.
pub const NOTHING: u32 = u32::MAX;

/// The index no longer holds.
pub fn forget(world: &World) {
    world.columns.query_state.set(state::VALID, 0);
    world.columns.query_state.set(state::ASKED, 0);
}

/// The grid of slabs.
struct Cells {
    low: [Real; 3],
    /// Slabs a metre.
    inverse: [Real; 3],
    /// Bits of the slabs along an axis.
    bits: u32,
    /// Radius from which a body is large.
    large: Real,
}

/// A part of the tree: its reference and its box.
#[derive(Clone, Copy)]
struct Part {
    reference: u32,
    low: Real4,
    high: Real4,
}

impl Part {
    fn empty() -> Self {
        Self { reference: NOTHING, low: Real4::splat(Real::INFINITY), high: Real4::splat(-Real::INFINITY) }
    }
}

/// Where the next node and the next leaf go.
struct Free {
    node: usize,
    leaf: usize,
}

/// Builds the index on the threads of the running call.
pub fn build(world: &World) {
    let high = (world.columns.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    let blocks = high.div_ceil(BLOCK);
    let cells = choose_cells(world, high);
    world.jobs.run(blocks, |block| count(world, &cells, block));
    let bodies = prefix(world, blocks);
    list_planes(world, high);
    world.jobs.run(blocks, |block| scatter(world, block));
    world.jobs.run(GROUPS.div_ceil(GROUPS_A_BLOCK), |block| {
        for group in block * GROUPS_A_BLOCK..((block + 1) * GROUPS_A_BLOCK).min(GROUPS) {
            build_group(world, group);
        }
    });
    let root = if bodies > 0 { build_top(world) } else { Part::empty() };
    world.columns.query_bounds.store(0, root.low);
    world.columns.query_bounds.store(4, root.high);
    world.columns.query_state.set(state::ROOT, root.reference);
    world.columns.query_state.set(state::VALID, 1);
}

/// The records: scratch that the tree of the long-range forces has in its own stage.
fn records(world: &World) -> &Column<Real> {
    &world.columns.node_moments
}

/// Slabs from the places of a sample at even strides: from its 3rd to its 97th percentile, on each axis.
fn choose_cells(world: &World, high: usize) -> Cells {
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
    let bits = [128, 1024, 8192].iter().filter(|&&bodies| count * stride >= bodies).count() as u32;
    let mut cells = Cells { low: [0.0; 3], inverse: [0.0; 3], bits, large: 0.0 };
    for (axis, values) in sample.iter_mut().enumerate().filter(|_| count > 0) {
        let values = &mut values[..count];
        order::sort(values, |a, b| a.total_cmp(b).is_lt());
        let cut = count * 3 / 100;
        let width = (values[count - 1 - cut] - values[cut]) * 1.06;
        cells.low[axis] = values[cut] - width * 0.03;
        let edge = width / (1 << bits) as Real;
        cells.inverse[axis] = if edge > 0.0 { (1.0 / edge).min(Real::MAX) } else { 0.0 };
        cells.large = cells.large.max(edge);
    }
    cells
}

/// Slab of each body of a block, and how many bodies each has.
fn count(world: &World, cells: &Cells, block: usize) {
    let c = &world.columns;
    let mut counts = [0u32; GROUPS];
    let (zero, last) = (Real4::splat(0.0), Real4::splat(((1 << cells.bits) - 1) as Real));
    let large = if cells.bits > 0 { cells.large } else { Real::INFINITY };
    for i in (block * BLOCK..(block + 1) * BLOCK).step_by(LANES) {
        let flags = c.flags.load(i);
        let mut bits = flags.has(flag::BODY).without(flags.has(flag::PLANE)).bits();
        if bits == 0 {
            c.key.store(i, Word4::splat(OUTSIDE));
            continue;
        }
        let cell = |v: Real4, axis: usize| {
            ((v - Real4::splat(cells.low[axis])) * Real4::splat(cells.inverse[axis])).max(zero).min(last).floor_to_word()
        };
        let (x, y, z, radius) = (c.position_x.load(i), c.position_y.load(i), c.position_z.load(i), c.radius.load(i));
        let keys = cell(x, 0) | cell(y, 1).raised(cells.bits) | cell(z, 2).raised(2 * cells.bits);
        let apart = radius.gt(Real4::splat(large)).bits();
        let most = Real4::splat(Real::MAX / 4.0);
        let size = |v: Real4| v.max(-v);
        // What is not finite touches nothing.
        bits &= (size(x).le(most) & size(y).le(most) & size(z).le(most) & size(radius).le(most)).bits();
        for (lane, key) in keys.to_array().into_iter().enumerate() {
            let group = if apart >> lane & 1 != 0 { LARGE as u32 } else { key & (LARGE as u32 - 1) };
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

/// Turns the counts into places: of bodies for each block and slab, of bodies and leaves for each slab. Gives the number of bodies.
fn prefix(world: &World, blocks: usize) -> usize {
    let c = &world.columns;
    let (mut bodies, mut leaves) = (0u32, 0u32);
    for group in 0..GROUPS {
        c.query_start.set(2 * group, bodies);
        c.query_start.set(2 * group + 1, leaves);
        let first = bodies;
        for block in 0..blocks {
            let at = block * GROUPS + group;
            let count = c.query_counts.get(at);
            c.query_counts.set(at, bodies);
            bodies += count;
        }
        leaves += (bodies - first).div_ceil(LEAF as u32);
    }
    c.query_start.set(2 * GROUPS, bodies);
    c.query_start.set(2 * GROUPS + 1, leaves);
    bodies as usize
}

/// Lists the planes: they are in no box.
fn list_planes(world: &World, high: usize) {
    let state = &world.columns.query_state;
    let mut count = 0;
    for i in (0..high).step_by(LANES) {
        let mut bits = world.columns.flags.load(i).has(flag::PLANE).bits();
        while bits != 0 && count < MAX_PLANES {
            state.set(state::FIRST_PLANE + count, i as u32 + bits.trailing_zeros());
            count += 1;
            bits &= bits - 1;
        }
    }
    state.set(state::PLANES, count as u32);
}

/// Writes the records of one block's bodies into their slabs.
fn scatter(world: &World, block: usize) {
    let c = &world.columns;
    let records = records(world);
    for e in block * BLOCK..(block + 1) * BLOCK {
        let group = c.key.get(e);
        if group == OUTSIDE {
            continue;
        }
        let at = block * GROUPS + group as usize;
        let place = c.query_counts.get(at) as usize;
        c.query_counts.set(at, place as u32 + 1);
        let (low, high) = bounds(world, e);
        records.store(place * RECORD, Real4::from_array([low[0], low[1], low[2], e as Real]));
        records.store(place * RECORD + 4, Real4::from_array([high[0], high[1], high[2], 0.0]));
    }
}

/// Builds the tree of one slab; its root becomes a record of the tree above.
fn build_group(world: &World, group: usize) {
    let c = &world.columns;
    let [start, leaf, end] = [0, 1, 2].map(|k| c.query_start.get(2 * group + k) as usize);
    if start == end {
        return;
    }
    let part = build_range(world, start, end, &mut Free { node: leaf, leaf }, LEAF);
    let at = (world.capacity.entities + group) * RECORD;
    records(world).store(at, part.low);
    records(world).store(at + 4, part.high);
    records(world).set(at + 3, part.reference as Real);
}

/// Builds the tree over the slabs.
fn build_top(world: &World) -> Part {
    let c = &world.columns;
    let first = world.capacity.entities;
    let mut used = first;
    for group in 0..GROUPS {
        if c.query_start.get(2 * group) != c.query_start.get(2 * group + 2) {
            let from = (first + group) * RECORD;
            let (low, high) = (records(world).load(from), records(world).load(from + 4));
            records(world).store(used * RECORD, low);
            records(world).store(used * RECORD + 4, high);
            used += 1;
        }
    }
    let node = c.query_start.get(2 * GROUPS + 1) as usize;
    build_range(world, first, used, &mut Free { node, leaf: 0 }, 1)
}

/// Builds the tree over the records `start … end`. `most`: `LEAF`, the records are bodies; 1, they are parts.
fn build_range(world: &World, start: usize, end: usize, free: &mut Free, most: usize) -> Part {
    if end - start <= most {
        return if most == 1 { part_of(world, start) } else { write_leaf(world, start, end, free) };
    }
    let node = free.node;
    free.node += 1;
    // Full nodes: all children but the last have a power of four leaves.
    let leaves = (end - start).div_ceil(most);
    let mut child = 1;
    while child * 4 < leaves {
        child *= 4;
    }
    let room = child * most;
    let half = (start + if leaves > 2 * child { 2 * room } else { room }).min(end);
    divide(records(world), [start, end, half]);
    let [first, second] = [(start + room).min(half), (half + room).min(end)];
    divide(records(world), [start, half, first]);
    divide(records(world), [half, end, second]);
    let mut children = [Part::empty(); 4];
    for (child, (from, to)) in children.iter_mut().zip([(start, first), (first, half), (half, second), (second, end)]) {
        if from < to {
            *child = build_range(world, from, to, free, most);
        }
    }
    write_node(world, node, &children);
    let (low, high) =
        children.iter().skip(1).fold((children[0].low, children[0].high), |(low, high), c| (low.min(c.low), high.max(c.high)));
    Part { reference: (node as u32) << 1, low, high }
}

fn write_node(world: &World, node: usize, children: &[Part; 4]) {
    let c = &world.columns;
    let low = crate::wide::transpose(children.map(|child| child.low));
    let high = crate::wide::transpose(children.map(|child| child.high));
    for axis in 0..3 {
        c.query_node.store(node * NODE + axis * 4, low[axis]);
        c.query_node.store(node * NODE + 12 + axis * 4, high[axis]);
    }
    for (k, child) in children.iter().enumerate() {
        // SAFETY: the references lie in the node, which this block owns.
        unsafe { *query_walk::children(world, node).add(k) = child.reference };
    }
}

fn part_of(world: &World, record: usize) -> Part {
    let records = records(world);
    let (low, high) = (records.load(record * RECORD), records.load(record * RECORD + 4));
    Part { reference: records.get(record * RECORD + 3) as u32, low, high }
}

fn write_leaf(world: &World, start: usize, end: usize, free: &mut Free) -> Part {
    let c = &world.columns;
    let leaf = free.leaf;
    free.leaf += 1;
    let mut part = part_of(world, start);
    part.reference = (leaf as u32) << 1 | 1;
    for k in 0..LEAF {
        let record = start + k;
        if record >= end {
            // Comparisons with NaN are false: an empty place touches nothing.
            (0..4).for_each(|row| c.query_leaf.set(leaf * 16 + row * 4 + k, Real::NAN));
            c.query_id.set(leaf * 4 + k, 0);
            continue;
        }
        let body = part_of(world, record);
        part.low = part.low.min(body.low);
        part.high = part.high.max(body.high);
        let e = body.reference as usize;
        for (row, column) in [&c.position_x, &c.position_y, &c.position_z, &c.radius].into_iter().enumerate() {
            c.query_leaf.set(leaf * 16 + row * 4 + k, column.get(e));
        }
        c.query_id.set(leaf * 4 + k, e as u32);
    }
    part
}

/// How far the index reaches from a point, at most.
pub fn reach(world: &World, from: [Real; 3]) -> Real {
    let side = |k: usize| world.columns.query_bounds.get(k);
    (0..3).map(|axis| (from[axis] - side(axis)).max(side(4 + axis) - from[axis])).fold(0.0, |sum, v: Real| sum + v.max(0.0))
}
