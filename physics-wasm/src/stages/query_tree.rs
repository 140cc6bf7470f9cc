//! The nodes and leaves of the queries' index.
//!
//! The box around the places of a node's bodies is halved three times, each time along its longest edge: that says which child a body is in. Where this does
//! not divide the bodies well (fewer than four children, or one with more than half of the bodies), the children get equal numbers instead, full
//! leaves and full nodes. Either way n bodies need fewer than n / 5 nodes.

use super::query_bounds::bounds;
use super::query_cells::{longest, Cells};
use super::query_divide::divide;
use super::query_index::{record, Part, CHILDREN, COUNT_SHIFT, GROUPS, LARGE, LEAF, LEAF_BIT, NODE, NOTHING, RECORD, REFERENCES};
use crate::wide::{transpose, Real, Real4, Word4};
use crate::world::{flag, World};

/// Halvings of a node: two to the power of them are its children.
const HALVINGS: usize = 3;
/// Rounding of the corners, in units of the last place.
const ROUNDING: Real = 8.0 * Real::EPSILON;
/// Nodes above the groups: one, eight and sixty-four, and one more for the large bodies.
pub const TOP: usize = 1 + 8 + 64 + 1;

/// Nodes that `bodies` bodies in groups may need.
pub const fn node_capacity(bodies: usize) -> usize {
    bodies / 5 + GROUPS + TOP
}

/// The place of the parts that the groups have become, behind the records.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn part_place(world: &World, group: usize) -> usize {
    record(world, 2, group)
}

/// Builds the tree of one group.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build_group(world: &World, group: usize) {
    let c = &world.columns;
    let [start, end] = [0, 1].map(|k| c.query_start.get(group + k) as usize);
    let part = if start < end { build_range(world, 0, [start, end], &mut (start / 5 + group)) } else { Part::empty() };
    let at = part_place(world, group);
    c.node_moments.store(at, part.low);
    c.node_moments.store(at + 4, part.high);
    c.key.set(group, part.reference);
}

/// Builds the nodes over the groups; gives the root, which is a node unless there are no bodies.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build_top(world: &World, cells: &Cells) -> Part {
    let first = world.capacity.entities / 5 + GROUPS;
    let mut free = first;
    let small = join_groups(world, cells, (cells.halvings, 0), &mut free);
    let large = group_part(world, LARGE);
    if large.reference == NOTHING && small.reference & LEAF_BIT == 0 {
        return small;
    }
    if large.reference == NOTHING && small.reference == NOTHING {
        return small;
    }
    let mut children = [Part::empty(); CHILDREN];
    (children[0], children[1]) = (small, large);
    write_node(world, free, &children, [0; HALVINGS])
}

/// The part over the groups whose numbers begin with `bits`; `left` halvings are below it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn join_groups(world: &World, cells: &Cells, (left, bits): (usize, usize), free: &mut usize) -> Part {
    if left == 0 {
        return group_part(world, bits);
    }
    let mut children = [Part::empty(); CHILDREN];
    for (lane, child) in children.iter_mut().enumerate() {
        *child = join_groups(world, cells, (left - HALVINGS, bits << HALVINGS | lane), free);
    }
    if children.iter().all(|child| child.reference == NOTHING) {
        return Part::empty();
    }
    let from = cells.halvings - left;
    *free += 1;
    write_node(world, *free - 1, &children, core::array::from_fn(|k| cells.axes[from + k]))
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn group_part(world: &World, group: usize) -> Part {
    let c = &world.columns;
    let at = part_place(world, group);
    Part { reference: c.key.get(group), low: c.node_moments.load(at), high: c.node_moments.load(at + 4) }
}

/// Builds the tree over records of a buffer. The other buffer is free in the same places.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn build_range(world: &World, buffer: usize, [start, end]: [usize; 2], free: &mut usize) -> Part {
    if end - start <= LEAF {
        return write_leaf(world, record(world, buffer, start), start, end - start);
    }
    let node = *free;
    *free += 1;
    let halved = Halved::new(world, record(world, buffer, start), end - start);
    let mut cuts = [start; CHILDREN + 1];
    let from = match scatter(world, &halved, buffer, [start, end], &mut cuts) {
        true => 1 - buffer,
        false => {
            pack(world, &halved, record(world, buffer, 0), [start, end], &mut cuts);
            buffer
        }
    };
    let mut children = [Part::empty(); CHILDREN];
    for (lane, child) in children.iter_mut().enumerate() {
        if cuts[lane] < cuts[lane + 1] {
            *child = build_range(world, from, [cuts[lane], cuts[lane + 1]], free);
        }
    }
    write_node(world, node, &children, halved.axes)
}

/// The box around places, and how it is halved.
struct Halved {
    low: Real4,
    /// Cells a metre along each axis.
    inverse: Real4,
    /// Number of the last cell along each axis.
    last: Real4,
    /// Axis of each halving.
    axes: [u8; HALVINGS],
    /// Bit of the cell's number that the halving decides.
    shifts: [u32; HALVINGS],
}

impl Halved {
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn new(world: &World, at: usize, count: usize) -> Self {
        let rows = &world.columns.node_moments;
        let (mut low, mut high) = (rows.load(at), rows.load(at));
        for k in 1..count {
            let row = rows.load(at + k * RECORD);
            low = low.min(row);
            high = high.max(row);
        }
        let extent = (high - low).to_array();
        let mut edge = [extent[0], extent[1], extent[2]];
        let (mut axes, mut count) = ([0; HALVINGS], [0u32; 3]);
        for axis in &mut axes {
            let one = longest(edge);
            edge[one] *= 0.5;
            count[one] += 1;
            *axis = one as u8;
        }
        let mut left = count;
        let shifts = axes.map(|axis| {
            left[axis as usize] -= 1;
            left[axis as usize]
        });
        let inverse = edge.map(|e| if e > 0.0 { (1.0 / e).min(Real::MAX) } else { 0.0 });
        let last = count.map(|bits| ((1u32 << bits) - 1) as Real);
        Self {
            low,
            inverse: Real4::from_array([inverse[0], inverse[1], inverse[2], 0.0]),
            last: Real4::from_array([last[0], last[1], last[2], 0.0]),
            axes,
            shifts,
        }
    }

    /// The child that a place is in.
    #[inline(always)]
    fn child(&self, row: Real4) -> usize {
        let cell = ((row - self.low) * self.inverse).max(Real4::splat(0.0)).min(self.last).floor_to_word().to_array();
        let bit = |k: usize| cell[self.axes[k] as usize & 3] >> self.shifts[k] & 1;
        (bit(0) << 2 | bit(1) << 1 | bit(2)) as usize
    }
}

/// Copies records into the other buffer, child by child. False when that divides them badly, and nothing is copied.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn scatter(world: &World, halved: &Halved, buffer: usize, [start, end]: [usize; 2], cuts: &mut [usize; CHILDREN + 1]) -> bool {
    let rows = &world.columns.node_moments;
    let from = record(world, buffer, start);
    let mut counts = [0usize; CHILDREN];
    for k in 0..end - start {
        let child = halved.child(rows.load(from + k * RECORD));
        rows.set(from + k * RECORD + 5, child as Real);
        counts[child] += 1;
    }
    let used = counts.iter().filter(|count| **count > 0).count();
    if used < 4 || counts.iter().any(|count| 2 * count > end - start) {
        return false;
    }
    let mut places = [start; CHILDREN];
    for lane in 0..CHILDREN {
        places[lane] = cuts[lane];
        cuts[lane + 1] = cuts[lane] + counts[lane];
    }
    for k in 0..end - start {
        let at = from + k * RECORD;
        let (row, rest) = (rows.load(at), rows.load(at + 4));
        let place = &mut places[rest.to_array()[1] as usize & (CHILDREN - 1)];
        let to = record(world, 1 - buffer, *place);
        rows.store(to, row);
        rows.store(to + 4, rest);
        *place += 1;
    }
    true
}

/// Orders records in place so that all children but the last have the same number of bodies: full leaves, full nodes.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn pack(world: &World, halved: &Halved, records: usize, [start, end]: [usize; 2], cuts: &mut [usize; CHILDREN + 1]) {
    let mut room = LEAF;
    while room * CHILDREN < end - start {
        room *= CHILDREN;
    }
    for (lane, cut) in cuts.iter_mut().enumerate() {
        *cut = (start + lane * room).min(end);
    }
    for (k, step) in [8, 4, 2].into_iter().enumerate() {
        for lane in (0..CHILDREN).step_by(step) {
            let range = [cuts[lane], cuts[lane + step], cuts[lane + step / 2]];
            divide(&world.columns.node_moments, records, range, halved.axes[k] as usize);
        }
    }
}

#[inline(never)]
fn write_node(world: &World, node: usize, children: &[Part; CHILDREN], axes: [u8; HALVINGS]) -> Part {
    let c = &world.columns;
    let at = node * NODE;
    for half in [0, 4] {
        let four = [0, 1, 2, 3].map(|k| children[half + k]);
        let (low, high) = (transpose(four.map(|child| child.low)), transpose(four.map(|child| child.high)));
        for axis in 0..3 {
            c.query_node.store(at + axis * 8 + half, low[axis]);
            c.query_node.store(at + 24 + axis * 8 + half, high[axis]);
        }
        let references = four.map(|child| child.reference);
        // SAFETY: the references lie in the node, which this block owns, two groups of four words behind its sides.
        unsafe { Word4::load(references.as_ptr()).store(c.query_node.address(at + REFERENCES).cast::<u32>().add(half)) };
    }
    let word = axes[0] as u32 | (axes[1] as u32) << 8 | (axes[2] as u32) << 16;
    // SAFETY: as above, behind the references.
    unsafe { *c.query_node.address(at + REFERENCES).cast::<u32>().add(CHILDREN) = word };
    let (mut low, mut high) = (children[0].low, children[0].high);
    for child in &children[1..] {
        low = low.min(child.low);
        high = high.max(child.high);
    }
    Part { reference: node as u32, low, high }
}

/// Writes the bodies of `count` records from `from` on as a leaf that begins with number `start`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn write_leaf(world: &World, from: usize, start: usize, count: usize) -> Part {
    let c = &world.columns;
    let mut part = Part::empty();
    part.reference = LEAF_BIT | (count as u32 - 1) << COUNT_SHIFT | start as u32;
    for k in 0..count {
        let row = c.node_moments.load(from + k * RECORD);
        let e = c.node_moments.get(from + k * RECORD + 4) as usize;
        c.query_leaf.store((start + k) * 4, row);
        c.query_id.set(start + k, e as u32);
        let (low, high) = if c.flags.get(e) & flag::SHAPED == 0 {
            let radius = Real4::splat(c.radius.get(e));
            let reach = radius + (row.max(-row) + radius) * Real4::splat(ROUNDING);
            (row - reach, row + reach)
        } else {
            let (low, high) = bounds(world, e);
            (Real4::from_array([low[0], low[1], low[2], 0.0]), Real4::from_array([high[0], high[1], high[2], 0.0]))
        };
        part.low = part.low.min(low);
        part.high = part.high.max(high);
    }
    part
}
