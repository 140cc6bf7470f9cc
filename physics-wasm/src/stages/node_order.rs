//! The order of the hierarchy's nodes, made anew after a parent was set or went: level by level, the children of a node side by side, in the
//! order of their ids. Also where their ids lie in the public columns, and which levels are worth sharing between threads.

use crate::layout::{NODE_BLOCK, NODE_KEPT};
use crate::wide::{Real, Real4, LANES};
use crate::world::{counter, flag, setting, World};

/// A node that no walk has met yet.
const UNKNOWN: u32 = u32::MAX;
/// Levels of fewer nodes than this are placed by the caller, several in one go.
const SHARED: usize = 4 * NODE_BLOCK;

/// Puts the nodes into order.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run(world: &mut World) {
    let c = world.columns;
    let high = (c.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    cut_circles(world, high);
    let (nodes, levels, spans) = by_level(world, high);
    // Nodes that found no room still have their list of children here.
    for e in 0..high {
        let node = c.node_of.get(e) as usize;
        if node > 0 && (node > nodes || c.node_entity.get(node - 1) != e as u32) {
            c.node_of.set(e, 0);
        }
    }
    c.node_moved.fill(0, c.node_moved.len(), 0);
    let groups = group(world, high);
    world.set_count(counter::LEVELS, levels);
    world.set_count(counter::NODES, nodes);
    world.set_count(counter::NODE_GROUPS, groups);
    world.set_count(counter::NODE_SPANS, spans);
}

/// The parent of an entity that has one. Bodies have none, and neither has what names itself or an id that nobody has had.
fn parent_of(world: &World, e: usize, high: usize) -> Option<usize> {
    let c = &world.columns;
    let parent = c.parent.get(e) as usize;
    let sound = parent != 0 && parent != e && parent < high;
    (sound && c.flags.get(e) & flag::BODY == 0).then_some(parent)
}

/// Cuts circles open, which the caller refuses and only a bad write can make. Every entity is walked through once: `node_of` says by whose walk.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn cut_circles(world: &World, high: usize) {
    let c = &world.columns;
    c.node_of.fill(0, world.capacity.entities, UNKNOWN);
    for e in 0..high {
        let mut at = e;
        while c.node_of.get(at) == UNKNOWN {
            c.node_of.set(at, e as u32);
            match parent_of(world, at, high) {
                None => break,
                Some(parent) if c.node_of.get(parent) == e as u32 => c.parent.set(at, 0),
                Some(parent) => at = parent,
            }
        }
    }
}

/// Places roots, then the children of each node that is placed. Gives how many nodes, levels and spans there are.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn by_level(world: &World, high: usize) -> (usize, usize, usize) {
    let c = &world.columns;
    let most = world.capacity.nodes;
    // Until a node is placed its `node_of` is its first child, and `node_next` the next child of its parent.
    c.node_of.fill(0, world.capacity.entities, 0);
    for e in (0..high).rev() {
        if let Some(parent) = parent_of(world, e, high) {
            c.node_next.set(e, c.node_of.get(parent));
            c.node_of.set(parent, e as u32);
        }
    }
    let mut nodes = 0;
    for e in 0..high {
        if c.node_of.get(e) != 0 && parent_of(world, e, high).is_none() && nodes < most {
            c.node_entity.set(nodes, e as u32);
            c.node_parent.set(nodes, 0);
            nodes += 1;
        }
    }
    let (mut start, mut levels, mut spans) = (0, 0, 0);
    let mut joined = false;
    while start < nodes {
        let end = nodes;
        let shared = end - start >= SHARED;
        if shared || !joined {
            c.node_span.set(spans, (start as u32) << 1 | shared as u32);
            spans += 1;
        }
        joined = !shared;
        for node in start..end {
            let e = c.node_entity.get(node) as usize;
            let mut child = c.node_of.get(e);
            c.node_of.set(e, node as u32 + 1);
            c.node_first.set(node, nodes as u32);
            while child != 0 && nodes < most {
                c.node_entity.set(nodes, child);
                c.node_parent.set(nodes, node as u32 + 1);
                nodes += 1;
                child = c.node_next.get(child as usize);
            }
        }
        start = end;
        levels += 1;
    }
    c.node_first.set(nodes, nodes as u32);
    c.node_span.set(spans, (nodes as u32) << 1);
    (nodes, levels, spans)
}

/// Lists the fours of entities that have nodes among them: the number of the four, and a bit for each node. Every matrix will be made anew.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn group(world: &World, high: usize) -> usize {
    let c = &world.columns;
    let mut groups = 0;
    for at in (0..high).step_by(LANES) {
        let nodes = c.node_of.load(at).has(u32::MAX).bits();
        if nodes != 0 && groups < c.node_group.len() {
            c.node_group.set(groups, ((at / LANES) as u32 * 16) | nodes);
            // Differs from everything.
            c.node_kept.store(groups * NODE_KEPT, Real4::splat(Real::NAN));
            groups += 1;
        }
    }
    groups
}
