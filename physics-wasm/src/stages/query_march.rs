//! A ray's way through the grid of the queries, cell by cell (Amanatides and Woo 1987), along all axes at once where it goes through an edge.
//!
//! How far the next cells are is counted in whole parts of the way: that leaves no branch to guess but the last.

use super::query::{Four, Source};
use super::query_grid::{Grid, FOUR, MORE_BITS, WIDE};
use super::query_ray::{inverse, Ray};
use crate::wide::{Real, Real4, Vector4, LANES};
use crate::world::World;

/// Parts of the way through the grid.
const WAY: Real = (1 << 29) as Real;

/// A ray on its way.
struct Way {
    /// Cell in which it begins.
    cell: usize,
    /// Where it leaves that cell along each axis, parts of the way.
    next: [u32; 4],
    /// Length of a cell along each axis, parts.
    step: [u32; 4],
    /// What a step adds to the cell's number.
    stride: [usize; 3],
    /// Where it enters the grid, m, and parts a metre.
    enter: Real,
    scale: Real,
}

impl Way {
    /// The way of a ray that is `bound` long; none where it misses the grid.
    #[inline(always)]
    fn new(grid: &Grid, ray: &Ray, bound: Real) -> Option<Self> {
        let four = |v: [Real; 3]| Real4::from_array([v[0], v[1], v[2], 0.0]);
        let slope = inverse(ray.direction);
        let (low, edge, origin, inverse) = (four(grid.low), four(grid.edge), four(ray.origin), four(slope));
        let size = four(grid.size.map(|n| n as Real));
        let (a, b) = ((low - origin) * inverse, (low + edge * size - origin) * inverse);
        let (near, far) = (a.min(b).to_array().map(Real4::splat), a.max(b).to_array().map(Real4::splat));
        let enter = Real4::splat(0.0).max(near[0]).max(near[1]).max(near[2]);
        let leave = Real4::splat(bound).min(far[0]).min(far[1]).min(far[2]);
        if !enter.le(leave).any() {
            return None;
        }
        let scale = Real4::splat(WAY) / (leave - enter);
        let at = ((origin + four(ray.direction) * enter - low) / edge).max(Real4::splat(0.0)).min(size - Real4::splat(1.0));
        let cell = at.floor_to_word().to_array();
        let side: [Real; 3] = core::array::from_fn(|axis| cell[axis] as Real + (slope[axis] > 0.0) as u32 as Real);
        let next = ((low + four(side) * edge - origin) * inverse - enter) * scale;
        let step = (edge * inverse.max(-inverse) * scale).min(Real4::splat(2.0 * WAY));
        let most = Real4::splat(2.0 * WAY);
        let rows = [1, grid.size[0], grid.size[0] * grid.size[1]];
        Some(Self {
            cell: cell[0] as usize + cell[1] as usize * rows[1] + cell[2] as usize * rows[2],
            next: next.max(Real4::splat(0.0)).min(most).floor_to_word().to_array(),
            step: step.floor_to_word().to_array(),
            stride: core::array::from_fn(|axis| if slope[axis] > 0.0 { rows[axis] } else { rows[axis].wrapping_neg() }),
            enter: enter.to_array()[0],
            scale: scale.to_array()[0],
        })
    }

    /// The parts until a distance, a few more than less.
    fn parts(&self, distance: Real) -> u32 {
        (((distance - self.enter) * self.scale).min(WAY) as u32).saturating_add(64)
    }
}

/// Visits the bodies that a ray comes near, roughly from its origin on, some of them several times; `visit` gives how far the ray goes at most.
#[inline(always)]
pub fn march(world: &World, grid: &Grid, ray: &Ray, bound: Real, mut visit: impl FnMut(&Four) -> Real) {
    let c = &world.columns;
    let Some(way) = Way::new(grid, ray, bound) else { return };
    let (origin, direction) = (Vector4::splat(ray.origin), Vector4::splat(ray.direction));
    let slack = Real4::splat(grid.slack);
    let mut limit = WAY as u32;
    let mut near = |four: usize| {
        let row = |k: usize| c.query_node.load(FOUR * four + LANES * k);
        // The distance from the ray's line, squared.
        let (centre, radius) = (Vector4::new(row(0), row(1), row(2)), row(3));
        let off = (centre - origin).cross(direction);
        let reach = radius + slack;
        let bits = off.dot(off).le(reach * reach).bits();
        if bits != 0 {
            let bound = visit(&Four { centre, radius, used: bits, first: LANES * four, source: Source::Grid });
            limit = limit.min(way.parts(bound));
        }
        limit
    };
    let (mut cell, [mut x, mut y, mut z, _], cells) = (way.cell, way.next, grid.cells());
    // Rounding may lead a step too far; what is there is no harm, but beyond the cells there is nothing.
    while cell < cells {
        let mut limit = 0;
        for k in 0..WIDE {
            limit = near(WIDE * cell + k);
        }
        let more = c.query_id.get(cell) as usize;
        for k in 0..more & ((1 << MORE_BITS) - 1) {
            limit = near((more >> MORE_BITS) + k);
        }
        let next = x.min(y).min(z);
        if next > limit {
            return;
        }
        let along = |t: &mut u32, cell: &mut usize, axis: usize| {
            let here = *t == next;
            *t += if here { way.step[axis] } else { 0 };
            *cell = cell.wrapping_add(if here { way.stride[axis] } else { 0 });
        };
        along(&mut x, &mut cell, 0);
        along(&mut y, &mut cell, 1);
        along(&mut z, &mut cell, 2);
    }
}
