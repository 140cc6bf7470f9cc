//! The shape that a cast or an overlap asks with, as the caller wrote it.

use super::plane;
use super::query_shape::Probe;
use crate::geometry::convex::{support, Convex};
use crate::geometry::vector::*;
use crate::shapes;
use crate::wide::Real;
use crate::world::World;

/// Kinds of probes.
pub mod kind {
    /// Radius.
    pub const SPHERE: u32 = 0;
    /// Half extents.
    pub const BOX: u32 = 1;
    /// Radius, half height.
    pub const CAPSULE: u32 = 2;
    /// A hull of the shape table.
    pub const HULL: u32 = 3;
}

/// The probe of kind `kind`: position in `query.origin`, rotation in `query.point`, size in `query.normal`; a hull has entry `entry` of the shape
/// table. None when there is no such shape or a number is not finite.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn read(world: &World, kind: u32, entry: usize) -> Option<Probe<'_>> {
    let c = &world.columns;
    let three = |column: &crate::column::Column<Real>| -> Vec3 { core::array::from_fn(|axis| column.get(axis)) };
    let (position, size) = (three(&c.query_origin), three(&c.query_normal));
    let rotation = normalize_quat(core::array::from_fn(|k| c.query_point.get(k)));
    let shape = match kind {
        kind::SPHERE => Convex::Sphere(size[0]),
        kind::BOX => Convex::Box(size),
        kind::CAPSULE => Convex::Capsule { radius: size[0], half_height: size[1] },
        _ => shapes::convex(world, entry)?,
    };
    let finite = position.iter().chain(&size).all(|v| v.is_finite());
    finite.then_some(Probe { shape, pose: Pose { position, rotation } })
}

/// The lowest point of the probe over plane `e`, and its height.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn lowest(world: &World, e: u32, probe: &Probe) -> (Vec3, Real) {
    let normal = plane::normal(world, e as usize);
    let point = probe.pose.point(support(&probe.shape, negate(unrotate(probe.pose.rotation, normal))));
    (point, dot(normal, sub(point, super::collide::position(world, e as usize))))
}
