//! The tree method of the long-range forces: near bodies one by one, far ones as cells.
//!
//! | file | what |
//! |---|---|
//! | `points` | the bodies that take part, in 512 slabs of space |
//! | `build` | each slab split into an octree of its own, joined by a top of three levels |
//! | `moments`, `leaf` | centre, radius, monopole, dipole and quadrupole of each node |
//! | `walk` | every group of targets meets the nodes: far cells become local expansions, near ones lists of bodies |
//! | `walker` | one worker's frames and lists |
//! | `expansion` | cell to cell, parent to child, cell to body: third order, softened |
//! | `near` | bodies on bodies |
//!
//! Expansions of third order about both cells, after Dehnen 2002 (J. Comput. Phys. 179, 27), but one-sided: targets descend with a list of
//! sources (the parent's undecided ones), so each task writes only its own targets, no two threads meet, and the sum of a body does not depend on
//! the number of threads. The price is that momentum is conserved to the error of the expansion alone.
//!
//! Nothing here is deeper than `MAX_DEPTH` levels below a slab, and every list has a fixed size: what does not fit is summed body by body.

pub mod build;
pub mod expansion;
pub mod leaf;
pub mod moments;
pub mod near;
pub mod points;
pub mod walk;
pub mod walker;

use crate::wide::Real;
use crate::world::{counter, World};

/// Points a block of the last pass writes.
const SPREAD: usize = 1024;

/// When a cell may be taken as a whole.
#[derive(Clone, Copy, Default)]
pub struct Tolerance {
    /// Distance in units of the sum of the radii, at least.
    pub apart: Real,
    /// Error of a local expansion, in units of the field that the target's surroundings suggest (`node_field`), at most.
    pub expansion: Real,
    /// Error of a cell that acts as one body, likewise.
    pub monopole: Real,
}

/// What the tolerances are at θ = 1, set by the accuracy suite: at θ = 0.7 all its rows are met, and none of the three alone could be looser by much.
const APART: Real = 0.88;
const EXPANSION: Real = 0.017;
const MONOPOLE: Real = 0.08;
/// Spheres that all but touch: an expansion would not converge beyond.
const TOUCHING: Real = 1.02;

/// Points below which the tolerances shrink: in a small scene a cell is a larger part of the whole.
const SMALL: Real = 10_000.0;

/// The tolerances of a step. Where charges cancel, the field is that of a few: N^(-1/3) of their sum.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn tolerance<const FIELDS: usize>(theta: Real, points: usize) -> Tolerance {
    let cancelled = if FIELDS > 1 { (points as Real).cbrt() } else { 1.0 };
    let small = (points as Real / SMALL).min(1.0).sqrt();
    let theta2 = theta * theta;
    let expansion = EXPANSION * small * theta2 * theta2 * theta2 / cancelled;
    Tolerance { apart: (APART / theta).max(TOUCHING), expansion, monopole: MONOPOLE * small * theta2 * theta2 }
}

/// Builds the tree over all points; gives their number.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn build<const FIELDS: usize>(world: &mut World) -> usize {
    let points = points::run(world);
    build::run::<FIELDS>(world);
    world.tolerance = tolerance::<FIELDS>(world.parameters.theta, points);
    points
}

/// Adds the long-range acceleration of every target to `acceleration`. `FIELDS`: 1 for gravity alone, 2 with charges.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn run<const FIELDS: usize>(world: &mut World) {
    let points = build::<FIELDS>(world);
    let world = &*world;
    let tasks = world.count(counter::TREE_TASKS);
    world.jobs.run_by_worker(tasks, |task, worker| walk::run::<FIELDS>(world, task, worker, false));
    world.jobs.run(points.div_ceil(SPREAD), |block| {
        let c = &world.columns;
        for p in block * SPREAD..((block + 1) * SPREAD).min(points) {
            let point = c.point_id.get(p);
            if point & points::TARGET != 0 {
                let e = (point & points::ID) as usize;
                for (axis, column) in [&c.acceleration_x, &c.acceleration_y, &c.acceleration_z].into_iter().enumerate() {
                    column.set(e, column.get(e) + c.pull.get(4 * p + axis));
                }
            }
        }
    });
}

/// Writes the potentials Σ G m / R and Σ k c / R at every target into `pull`, the second beside the first; gives the number of points.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn potentials(world: &mut World) -> usize {
    let points = build::<2>(world);
    let world = &*world;
    let tasks = world.count(counter::TREE_TASKS);
    world.jobs.run_by_worker(tasks, |task, worker| walk::run::<2>(world, task, worker, true));
    points
}
