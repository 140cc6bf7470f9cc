//! The index of the queries: a tree with eight children a node over the boxes of all bodies, planes apart.
//!
//! It is built when a query asks for it, from the public columns, and lasts until the next step or until somebody says `forget`.
//! For many rays a grid (`query_grid`) may be made in its place.
//!
//! 1. Bodies are scattered into a coarse grid (`query_cells`): at most 8³ groups. Bodies larger than a cell have a group of their own, so that they
//!    do not widen the boxes of the small ones.
//! 2. Each group becomes a tree (`query_tree`), which is a matter of two passes over its bodies where they are spread evenly.
//! 3. Three levels of nodes over the groups are joined from below.
//!
//! A node's children are what three halvings leave, so the lane of a child says on which side it is, and a ray that knows the axes of the halvings
//! knows the order of the children. A leaf is up to eight bodies that follow each other in `query.leaf`; nothing is padded.
//! A group owns its records, leaves and nodes; nothing depends on the number of threads.

use super::{query_cells, query_grid, query_tree};
use crate::layout::{BLOCK, MAX_PLANES};
use crate::wide::{Real, Real4, LANES};
use crate::world::{flag, setting, World};

/// Number of the group of the bodies that are larger than a cell.
pub const LARGE: usize = 512;
/// Groups, that one included.
pub const GROUPS: usize = LARGE + 1;
/// Builds without a grid after one that would have served badly.
const REFUSED: u32 = 64;
/// Groups that a claim builds.
const GROUPS_A_BLOCK: usize = 8;
/// Reals of a record: x, y, z, radius | id, octant, 0, 0.
pub const RECORD: usize = 8;

/// There is a tree.
pub const TREE: u32 = 1;
/// There is a grid (`query_grid`) in its place.
pub const GRID: u32 = 2;

/// Words of the column `query.state`.
pub mod state {
    /// What there is and says what the columns say: nothing, `TREE` or `GRID`.
    pub const VALID: usize = 0;
    /// Queries since the index was forgotten.
    pub const ASKED: usize = 1;
    /// Number of the root, a node.
    pub const ROOT: usize = 2;
    /// Planes.
    pub const PLANES: usize = 3;
    /// Cells of the grid along each axis, seven bits each.
    pub const SIZE: usize = 4;
    /// Builds for which no grid is tried.
    pub const PAUSE: usize = 5;
    /// The first plane's id.
    pub const FIRST_PLANE: usize = 6;
}
/// Length of that column.
pub const STATE: usize = state::FIRST_PLANE + MAX_PLANES;

/// Reals of a node: six sides of eight children; in words behind them their references and the axes of its halvings; padding to whole cache lines.
pub const NODE: usize = 64;
/// Real of a node where the references begin.
pub const REFERENCES: usize = 48;
/// Children of a node.
pub const CHILDREN: usize = 8;

/// A reference: no child; as a root: an empty tree.
pub const NOTHING: u32 = u32::MAX;
/// Bit of a reference: a leaf, not a node.
pub const LEAF_BIT: u32 = 1 << 31;
/// Bit of a leaf's reference from which on its number of bodies less one is; below it, the number of its first body.
pub const COUNT_SHIFT: u32 = 28;
/// Bodies of a leaf at most.
pub const LEAF: usize = 8;

/// The index no longer holds.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn forget(world: &World) {
    world.columns.query_state.set(state::VALID, 0);
    world.columns.query_state.set(state::ASKED, 0);
}

/// Where record `place` of one of the two buffers is: in scratch that the tree of the long-range forces has in its own stage.
#[inline(always)]
pub fn record(world: &World, buffer: usize, place: usize) -> usize {
    (buffer * world.capacity.entities + place) * RECORD
}

/// Builds the grid on the threads of the running call; false where the tree is better.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build_grid(world: &World) -> bool {
    let words = &world.columns.query_state;
    let pause = words.get(state::PAUSE);
    if pause > 0 {
        words.set(state::PAUSE, pause - 1);
        return false;
    }
    let high = (world.columns.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    if !query_grid::build(world, high) {
        words.set(state::PAUSE, REFUSED);
        return false;
    }
    list_planes(world, high);
    words.set(state::VALID, GRID);
    true
}

/// Builds the index on the threads of the running call.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(world: &World) {
    let high = (world.columns.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    let blocks = high.div_ceil(BLOCK);
    let cells = query_cells::choose(world, high);
    world.jobs.run(blocks, |block| query_cells::count(world, &cells, block));
    query_cells::prefix(world, blocks);
    list_planes(world, high);
    world.jobs.run(blocks, |block| query_cells::scatter(world, block));
    world.jobs.run(GROUPS.div_ceil(GROUPS_A_BLOCK), |block| {
        for group in block * GROUPS_A_BLOCK..((block + 1) * GROUPS_A_BLOCK).min(GROUPS) {
            query_tree::build_group(world, group);
        }
    });
    let root = query_tree::build_top(world, &cells);
    world.columns.query_bounds.store(0, root.low);
    world.columns.query_bounds.store(4, root.high);
    world.columns.query_state.set(state::ROOT, root.reference);
    world.columns.query_state.set(state::VALID, TREE);
}

/// Lists the planes: they are in no box.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
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

/// How far the index reaches from a point, at most.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn reach(world: &World, from: [Real; 3]) -> Real {
    let side = |k: usize| world.columns.query_bounds.get(k);
    (0..3).map(|axis| (from[axis] - side(axis)).max(side(4 + axis) - from[axis])).fold(0.0, |sum, v: Real| sum + v.max(0.0))
}

/// A part of the tree: its reference and its box.
#[derive(Clone, Copy)]
pub struct Part {
    /// Node, leaf or nothing.
    pub reference: u32,
    /// Low corner.
    pub low: Real4,
    /// High corner.
    pub high: Real4,
}

impl Part {
    /// No part.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn empty() -> Self {
        Self { reference: NOTHING, low: Real4::splat(Real::INFINITY), high: Real4::splat(-Real::INFINITY) }
    }
}
