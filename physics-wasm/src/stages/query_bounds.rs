//! Boxes of bodies, for the index of the queries.

use crate::geometry::vector::*;
use crate::shapes;
use crate::wide::Real;
use crate::world::{flag, World};

/// Rounding of the corners, in units of the last place.
const ROUNDING: Real = 8.0 * Real::EPSILON;

/// A box around body `e` along the world's axes: low and high corner, rounded outwards.
#[inline(always)]
pub fn bounds(world: &World, e: usize) -> (Vec3, Vec3) {
    let c = &world.columns;
    let at = [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)];
    let radius = c.radius.get(e);
    let (middle, half) = if c.flags.get(e) & flag::SHAPED == 0 { (at, [radius; 3]) } else { turned_bounds(world, e) };
    let reach: Vec3 = core::array::from_fn(|axis| half[axis] + (middle[axis].abs() + half[axis]) * ROUNDING);
    (sub(middle, reach), add(middle, reach))
}

/// Middle and half extents of the box around the turned bounds of a shape.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn turned_bounds(world: &World, e: usize) -> (Vec3, Vec3) {
    let (low, high) = shapes::bounds(world, world.columns.shape.get(e) as usize);
    let (pose, half) = (shapes::body_pose(world, e), scale(sub(high, low), 0.5));
    let [x, y, z] = axes(pose.rotation).map(abs);
    (pose.point(scale(add(low, high), 0.5)), core::array::from_fn(|axis| x[axis] * half[0] + y[axis] * half[1] + z[axis] * half[2]))
}
