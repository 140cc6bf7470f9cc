//! Static planes: a half-space whose surface goes through the body's position, with the rotated +y as its normal.

use crate::wide::Real;
use crate::world::World;

/// The unit normal of plane `e`.
#[inline]
pub fn normal(world: &World, e: usize) -> [Real; 3] {
    let c = &world.columns;
    let (x, y, z, w) = (c.rotation_x.get(e), c.rotation_y.get(e), c.rotation_z.get(e), c.rotation_w.get(e));
    let n = [2.0 * (x * y - w * z), w * w - x * x + y * y - z * z, 2.0 * (y * z + w * x)];
    let length = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
    if length > 0.0 {
        n.map(|v| v / length)
    } else {
        [0.0, 1.0, 0.0]
    }
}

/// Height of body `e`'s centre above plane `plane`.
#[inline]
pub fn height(world: &World, plane: usize, e: usize) -> Real {
    let c = &world.columns;
    height_at(world, plane, [c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)])
}

/// Height of a point above plane `plane`.
#[inline]
pub fn height_at(world: &World, plane: usize, at: [Real; 3]) -> Real {
    let c = &world.columns;
    let n = normal(world, plane);
    n[0] * (at[0] - c.position_x.get(plane)) + n[1] * (at[1] - c.position_y.get(plane)) + n[2] * (at[2] - c.position_z.get(plane))
}
