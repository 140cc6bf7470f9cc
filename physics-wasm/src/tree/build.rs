//! The nodes: every slab becomes an octree over the boxes of its bodies; three levels above join the slabs.
//!
//! A node is split at the middle of its bodies' box, along the axes that are longer than half the longest, so that thin boxes get four or two
//! children and any cluster, however small or far from the others, is resolved in as many levels as it needs. Children lie side by side, those
//! with sources first. A slab writes its own points, its own nodes (half as many as it has points) and its own root among the top nodes;
//! a node that finds no room for its children stays a leaf, which costs time and nothing else.

use super::points::{ID, SLABS, SOURCE, TARGET};
use super::{moments, walker};
use crate::column::Column;
use crate::wide::{lanes_below, Real, Real4, LANES};
use crate::world::{counter, flag, World};

/// Points above which a node is split.
pub const LEAF: usize = 12;
/// Levels below a slab at most.
pub const MAX_DEPTH: usize = 24;
/// Nodes above the slabs' own: three full levels and the slabs' roots.
pub const TOP: usize = 1 + 8 + 64 + SLABS;
/// Slabs a claim builds.
const SLABS_A_BLOCK: usize = 4;
/// Targets of a task, at most, if its node can be split.
const TASK: usize = 512;

/// Runs the build; afterwards node 0 is the root.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run<const FIELDS: usize>(world: &mut World) {
    let top = join_slabs(world);
    {
        let world = &*world;
        world.jobs.run(SLABS / SLABS_A_BLOCK, |block| {
            for slab in block * SLABS_A_BLOCK..(block + 1) * SLABS_A_BLOCK {
                build_slab::<FIELDS>(world, slab);
            }
        });
    }
    for node in (0..top).rev() {
        moments::gather::<FIELDS>(world, node, false);
    }
    let nodes: usize = (0..SLABS).map(|slab| world.columns.tree_nodes.get(slab) as usize).sum();
    world.set_count(counter::TREE_NODES, nodes + top);
    let tasks = list_tasks(world);
    world.set_count(counter::TREE_TASKS, tasks);
}

/// Children of a node in one word: the first, how many, and how many of those have sources (they come first). 0: a leaf.
pub struct Link;

impl Link {
    /// `count` children from `first`, `giving` of them with sources.
    pub fn pack(first: usize, count: usize, giving: usize) -> u32 {
        (first << 8 | count << 4 | giving) as u32
    }
    /// The first child.
    #[inline(always)]
    pub fn first(link: u32) -> usize {
        (link >> 8) as usize
    }
    /// Children.
    #[inline(always)]
    pub fn count(link: u32) -> usize {
        (link >> 4 & 15) as usize
    }
    /// Children with sources.
    #[inline(always)]
    pub fn giving(link: u32) -> usize {
        (link & 15) as usize
    }
}

/// Makes a node of `start..end`, without children.
fn set_node(world: &World, node: usize, start: usize, end: usize) {
    let c = &world.columns;
    c.node_start.set(node, start as u32);
    c.node_end.set(node, end as u32);
    c.node_link.set(node, 0);
}

/// The levels above the slabs, breadth first, empty cells left out; the slabs' roots come last. Gives the number of nodes above the roots.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn join_slabs(world: &World) -> usize {
    let c = &world.columns;
    // Cells of the level in work, with their place on it; the width of one in slabs.
    let mut cells = [0u16; SLABS];
    let (mut count, mut first, mut end, mut width) = (1, 0, 1, SLABS);
    set_node(world, 0, 0, c.tree_start.get(SLABS) as usize);
    while width > 1 {
        let mut next = [0u16; SLABS];
        let mut found = 0;
        width /= 8;
        for (k, parent) in cells[..count].iter().enumerate() {
            let node = first + k;
            let before = found;
            for child in 0..8 {
                let cell = *parent as usize * 8 + child;
                let (from, to) = (c.tree_start.get(cell * width) as usize, c.tree_start.get((cell + 1) * width) as usize);
                if from < to {
                    set_node(world, end + found, from, to);
                    next[found] = cell as u16;
                    found += 1;
                }
            }
            // Which have sources is not known yet: all are kept as such.
            c.node_link.set(node, Link::pack(end + before, found - before, found - before));
        }
        (cells, first, count) = (next, end, found);
        end += found;
    }
    for (k, slab) in cells[..count].iter().enumerate() {
        c.tree_root.set(*slab as usize, (first + k) as u32);
    }
    first
}

/// Builds one slab.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn build_slab<const FIELDS: usize>(world: &World, slab: usize) {
    let c = &world.columns;
    let (start, end) = (c.tree_start.get(slab) as usize, c.tree_start.get(slab + 1) as usize);
    c.tree_nodes.set(slab, 0);
    if start == end {
        return;
    }
    let (root, first, limit) = (c.tree_root.get(slab) as usize, TOP + start / 2, TOP + end / 2);
    let mut next = split(world, root, first, limit);
    let (mut node, mut level_end) = (first, next);
    for _ in 1..MAX_DEPTH {
        while node < level_end {
            next = split(world, node, next, limit);
            node += 1;
        }
        level_end = next;
    }
    c.tree_nodes.set(slab, (next - first) as u32);
    weigh::<FIELDS>(world, start, end);
    for node in (first..next).rev() {
        moments::gather::<FIELDS>(world, node, true);
    }
    moments::gather::<FIELDS>(world, root, true);
}

/// Strengths of the points, in their final order.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn weigh<const FIELDS: usize>(world: &World, start: usize, end: usize) {
    let c = &world.columns;
    let p = &world.parameters;
    for at in start..end {
        let point = c.point_id.get(at);
        let e = (point & ID) as usize;
        // Without charges every source attracts.
        let attracts = point & SOURCE != 0 && (FIELDS == 1 || c.live.get(e) & flag::ATTRACTS != 0);
        c.point_gm.set(at, if attracts { p.g * c.mass.get(e) } else { 0.0 });
        if FIELDS > 1 {
            c.point_kc.set(at, if point & SOURCE != 0 { p.k * c.charge.get(e) } else { 0.0 });
            c.point_ratio.set(at, if point & TARGET != 0 { c.charge.get(e) / c.mass.get(e) } else { 0.0 });
        }
    }
}

/// The box of a node's points.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn bounds(world: &World, start: usize, end: usize) -> [[Real; 2]; 3] {
    let c = &world.columns;
    [&c.point_x, &c.point_y, &c.point_z].map(|column| {
        let first = Real4::splat(column.get(start));
        let (mut low, mut high) = (first, first);
        for p in (start..end).step_by(LANES) {
            let valid = lanes_below(end - p);
            let v = valid.select(column.load(p), first);
            (low, high) = (low.min(v), high.max(v));
        }
        let low = low.to_array().into_iter().fold(Real::INFINITY, Real::min);
        [low, high.to_array().into_iter().fold(Real::NEG_INFINITY, Real::max)]
    })
}

/// Splits a node if it has more than `LEAF` points and `next..limit` room for its children; gives the next free node.
fn split(world: &World, node: usize, next: usize, limit: usize) -> usize {
    let c = &world.columns;
    let (start, end) = (c.node_start.get(node) as usize, c.node_end.get(node) as usize);
    if end - start <= LEAF {
        return next;
    }
    let extent = bounds(world, start, end);
    let longest = extent.iter().map(|[low, high]| high - low).fold(0.0, Real::max);
    // An axis that is not split has its plane beyond everything.
    let mut plane = extent.map(|[low, high]| if high - low > 0.5 * longest { 0.5 * low + 0.5 * high } else { Real::INFINITY });
    // Few points are split along few axes: leaves are then two thirds full instead of a third.
    let axes = if end - start <= 2 * LEAF {
        1
    } else if end - start <= 4 * LEAF {
        2
    } else {
        3
    };
    for _ in axes..plane.iter().filter(|v| v.is_finite()).count() {
        let size = |axis: usize| if plane[axis].is_finite() { extent[axis][1] - extent[axis][0] } else { Real::INFINITY };
        let shortest = (0..3).fold(0, |least, axis| if size(axis) < size(least) { axis } else { least });
        plane[shortest] = Real::INFINITY;
    }
    let (mut counts, mut sources) = ([0usize; 8], [0usize; 8]);
    for p in (start..end).step_by(LANES) {
        let above = |column: &Column<Real>, axis: usize| column.load(p).gt(Real4::splat(plane[axis])).bits();
        let bits = above(&c.point_x, 0) | above(&c.point_y, 1) << 4 | above(&c.point_z, 2) << 8;
        for lane in 0..LANES.min(end - p) {
            let bits = bits >> lane;
            let octant = (bits & 1 | bits >> 3 & 2 | bits >> 6 & 4) as usize;
            counts[octant] += 1;
            sources[octant] += (c.point_id.get(p + lane) >> 31) as usize;
            c.point_octant.set(p + lane, octant as u32);
        }
    }
    let children = counts.iter().filter(|count| **count > 0).count();
    if children < 2 || next + children > limit {
        return next;
    }
    let mut places = [0usize; 8];
    let (mut at, mut child, mut giving) = (start, next, 0);
    for with_sources in [true, false] {
        for k in (0..8).filter(|k| counts[*k] > 0 && (sources[*k] > 0) == with_sources) {
            places[k] = at;
            set_node(world, child, at, at + counts[k]);
            at += counts[k];
            child += 1;
            giving += with_sources as usize;
        }
    }
    c.node_link.set(node, Link::pack(next, children, giving));
    for p in start..end {
        let place = &mut places[c.point_octant.get(p) as usize];
        c.source_x.set(*place, c.point_x.get(p));
        c.source_y.set(*place, c.point_y.get(p));
        c.source_z.set(*place, c.point_z.get(p));
        c.source_id.set(*place, c.point_id.get(p));
        *place += 1;
    }
    copy(&c.source_x, &c.point_x, start, end);
    copy(&c.source_y, &c.point_y, start, end);
    copy(&c.source_z, &c.point_z, start, end);
    for p in start..end {
        c.point_id.set(p, c.source_id.get(p));
    }
    child
}

/// Copies elements `start..end`.
fn copy(from: &Column<Real>, to: &Column<Real>, start: usize, end: usize) {
    for p in start..end {
        to.set(p, from.get(p));
    }
}

/// The nodes whose targets one task takes: the highest with at most `TASK` targets.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn list_tasks(world: &World) -> usize {
    let c = &world.columns;
    let mut tasks = 0;
    let mut pending = [0u32; walker::FRAMES];
    let mut depth = 1;
    while depth > 0 {
        depth -= 1;
        let node = pending[depth] as usize;
        let link = c.node_link.get(node);
        if c.node_count.get(node) == 0 {
            continue;
        }
        if link == 0 || c.node_count.get(node) as usize <= TASK {
            c.tree_task.set(tasks, node as u32);
            tasks += 1;
            continue;
        }
        for child in 0..Link::count(link) {
            let child = Link::first(link) + child;
            c.node_field.set(child, c.node_field.get(child).max(c.node_field.get(node)));
            pending[depth] = child as u32;
            depth += 1;
        }
    }
    tasks
}
