//! `hierarchy`: world matrices of entities with a parent and of their parents, for what changed alone.
//!
//! Two passes, over an order that `node_order` makes when a parent was set or went. `find` compares the public columns with what they were,
//! four entities at a time, where the ids of nodes lie: what differs gets a new local matrix and is marked. `place` goes through the marked nodes,
//! parents before children, makes their world matrix and marks their children, which lie side by side. So what nobody moved costs the comparison
//! alone. Matrices are affine, in three.js's order: four columns of four.
//!
//! A body's pose is the world's, so it is a root whatever its parent says, and its children follow its pose, not its drawn size. `share` is the
//! part of the last step that is not shown yet: bodies, and what hangs on them, are then where `pack` draws them.
//!
//! A block of `find` writes the elements of its own entities' nodes; a block of `place` those of its own nodes and the marks of their children.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::{node_order, shown};
use crate::layout::{MATRIX, NODE_BLOCK, NODE_KEPT, NODE_LOCAL};
use crate::wide::{transpose, Real, Real4, LANES};
use crate::world::{counter, flag, setting, World};

/// Position, rotation and scale.
const VALUES: usize = NODE_KEPT / LANES;

/// Runs the stage.
pub fn run(world: &mut World, share: Real) {
    if world.columns.settings.get(setting::NODES_STALE) != 0.0 {
        node_order::run(world);
        world.columns.settings.set(setting::NODES_STALE, 0.0);
    }
    world.set_count(counter::NODES_MOVED, 0);
    let groups = world.count(counter::NODE_GROUPS);
    if groups == 0 {
        return;
    }
    let count = AtomicU32::new(0);
    {
        let world = &*world;
        let a_block = NODE_BLOCK / LANES;
        world.jobs.run(groups.div_ceil(a_block), |block| {
            let first = block * a_block;
            count.fetch_add(find(world, first, (first + a_block).min(groups), share), Relaxed);
        });
        if count.swap(0, Relaxed) == 0 {
            return;
        }
        for span in 0..world.count(counter::NODE_SPANS) {
            let [start, end] = [span, span + 1].map(|span| (world.columns.node_span.get(span) >> 1) as usize);
            if world.columns.node_span.get(span) & 1 == 0 {
                count.fetch_add(place(world, start, end), Relaxed);
                continue;
            }
            world.jobs.run((end - start).div_ceil(NODE_BLOCK), |block| {
                let first = start + block * NODE_BLOCK;
                count.fetch_add(place(world, first, (first + NODE_BLOCK).min(end)), Relaxed);
            });
        }
    }
    world.set_count(counter::NODES_MOVED, count.into_inner() as usize);
}

/// Gives the nodes among the entities of groups `first` … `end − 1` that changed a new local matrix, and marks them; gives how many.
fn find(world: &World, first: usize, end: usize, share: Real) -> u32 {
    let c = &world.columns;
    let columns = [
        &c.position_x,
        &c.position_y,
        &c.position_z,
        &c.rotation_x,
        &c.rotation_y,
        &c.rotation_z,
        &c.rotation_w,
        &c.scale_x,
        &c.scale_y,
        &c.scale_z,
    ];
    let mut found = 0;
    for group in first..end {
        let record = c.node_group.get(group);
        let at = LANES * (record >> 4) as usize;
        let mut local: [Real4; VALUES] = core::array::from_fn(|k| columns[k].load(at));
        let bodies = c.flags.load(at).has(flag::BODY);
        if bodies.any() {
            for v in &mut local[7..] {
                *v = bodies.select(Real4::splat(1.0), *v);
            }
            if share > 0.0 {
                shown::take_back(world, at, share, &mut local);
            }
        }
        let kept = group * NODE_KEPT;
        let mut same = local[0].eq(c.node_kept.load(kept));
        for (k, v) in local.iter().enumerate().skip(1) {
            same = same & v.eq(c.node_kept.load(kept + LANES * k));
        }
        let mut moved = !same.bits() & record & 15;
        if moved == 0 {
            continue;
        }
        for (k, v) in local.iter().enumerate() {
            c.node_kept.store(kept + LANES * k, *v);
        }
        let m = compose(&local);
        let columns: [[Real4; LANES]; 3] = core::array::from_fn(|k| transpose([m[4 * k], m[4 * k + 1], m[4 * k + 2], m[4 * k + 3]]));
        found += moved.count_ones();
        while moved != 0 {
            let lane = moved.trailing_zeros() as usize;
            let node = c.node_of.get(at + lane) as usize - 1;
            for (k, column) in columns.iter().enumerate() {
                c.node_local.store(node * NODE_LOCAL + LANES * k, column[lane]);
            }
            c.node_moved.set(node, 1);
            moved &= moved - 1;
        }
    }
    found
}

/// Local matrices of four entities: three axes and the place, three numbers each.
#[inline(always)]
fn compose(local: &[Real4; VALUES]) -> [Real4; NODE_LOCAL] {
    let [px, py, pz, x, y, z, w, sx, sy, sz] = *local;
    let one = Real4::splat(1.0);
    let (x2, y2, z2) = (x + x, y + y, z + z);
    let (xx, xy, xz, yy, yz, zz) = (x * x2, x * y2, x * z2, y * y2, y * z2, z * z2);
    let (wx, wy, wz) = (w * x2, w * y2, w * z2);
    [
        (one - (yy + zz)) * sx,
        (xy + wz) * sx,
        (xz - wy) * sx,
        (xy - wz) * sy,
        (one - (xx + zz)) * sy,
        (yz + wx) * sy,
        (xz + wy) * sz,
        (yz - wx) * sz,
        (one - (xx + yy)) * sz,
        px,
        py,
        pz,
    ]
}

/// World matrices of the marked nodes among `first` … `end − 1`, whose parents are placed or come before them; marks their children. Gives how
/// many there were.
fn place(world: &World, first: usize, end: usize) -> u32 {
    let c = &world.columns;
    let mut placed = 0;
    for from in (first..end).step_by(LANES) {
        if !c.node_moved.load(from).any() {
            continue;
        }
        // Read one by one: a node may mark the next.
        for node in from..(from + LANES).min(end) {
            if c.node_moved.get(node) == 0 {
                continue;
            }
            c.node_moved.set(node, 0);
            write(world, node);
            let (child, after) = (c.node_first.get(node) as usize, c.node_first.get(node + 1) as usize);
            c.node_moved.fill(child, after - child, 1);
            placed += 1;
        }
    }
    placed
}

/// The world's matrix of a node: its parent's times its own.
#[inline(always)]
fn write(world: &World, node: usize) {
    let c = &world.columns;
    let (at, local, parent) = (node * MATRIX, node * NODE_LOCAL, c.node_parent.get(node) as usize);
    let number = |k: usize| c.node_local.get(local + k);
    if parent == 0 {
        for column in 0..4 {
            let last = if column == 3 { 1.0 } else { 0.0 };
            let k = 3 * column;
            c.node_matrix.store(at + 4 * column, Real4::from_array([number(k), number(k + 1), number(k + 2), last]));
        }
        return;
    }
    let from = (parent - 1) * MATRIX;
    let [x, y, z, place] = core::array::from_fn(|k| c.node_matrix.load(from + 4 * k));
    for column in 0..4 {
        let turned =
            x * Real4::splat(number(3 * column)) + y * Real4::splat(number(3 * column + 1)) + z * Real4::splat(number(3 * column + 2));
        c.node_matrix.store(at + 4 * column, if column == 3 { turned + place } else { turned });
    }
}
