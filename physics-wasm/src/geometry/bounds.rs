//! How far shapes reach: boxes along the axes, radii about a point, and the largest ball inside.

use super::convex::{Convex, Hull};
use super::vector::{abs, add, axes, dot, length, sub, Pose, Vec3};
use crate::wide::Real;

/// Low and high corner of a box along the axes.
pub type Aabb = [Vec3; 2];

/// A box around nothing.
pub const EMPTY: Aabb = [[Real::INFINITY; 3], [Real::NEG_INFINITY; 3]];

/// The box around two boxes.
#[inline(always)]
pub fn join(a: Aabb, b: Aabb) -> Aabb {
    [core::array::from_fn(|axis| a[0][axis].min(b[0][axis])), core::array::from_fn(|axis| a[1][axis].max(b[1][axis]))]
}

/// The box around a few points.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn around(points: &[Vec3]) -> Aabb {
    points.iter().fold(EMPTY, |all, p| join(all, [*p, *p]))
}

/// The box around a shape in its own frame.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn local(shape: &Convex) -> Aabb {
    let half = match shape {
        Convex::Sphere(radius) => [*radius; 3],
        Convex::Capsule { radius, half_height } => [*radius, *radius + *half_height, *radius],
        Convex::Box(half) => *half,
        Convex::Hull(hull) => return around(hull.vertices),
        Convex::Triangle(triangle) => return around(&triangle.corners),
    };
    [half.map(|v| -v), half]
}

/// The box around a shape at a pose: exact for all shapes, to rounding.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn at(shape: &Convex, pose: &Pose) -> Aabb {
    let turned = axes(pose.rotation);
    let half = match shape {
        Convex::Sphere(radius) => [*radius; 3],
        Convex::Capsule { radius, half_height } => abs(turned[1]).map(|v| v * *half_height + *radius),
        Convex::Box(half) => {
            let [x, y, z] = turned.map(abs);
            core::array::from_fn(|axis| x[axis] * half[0] + y[axis] * half[1] + z[axis] * half[2])
        }
        Convex::Hull(hull) => return points_at(hull.vertices, pose),
        Convex::Triangle(triangle) => return points_at(&triangle.corners, pose),
    };
    [sub(pose.position, half), add(pose.position, half)]
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn points_at(points: &[Vec3], pose: &Pose) -> Aabb {
    points.iter().map(|p| pose.point(*p)).fold(EMPTY, |all, p| join(all, [p, p]))
}

/// The box around parts at poses of one frame.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn compound(children: &[(Convex, Pose)]) -> Aabb {
    children.iter().fold(EMPTY, |all, (shape, pose)| join(all, at(shape, pose)))
}

/// Radius of the smallest ball about `center` that holds the shape.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn radius_about(shape: &Convex, center: Vec3) -> Real {
    let farthest = |points: &[Vec3]| points.iter().fold(0.0, |most: Real, p| most.max(length(sub(*p, center))));
    match shape {
        Convex::Sphere(radius) => length(center) + *radius,
        Convex::Capsule { radius, half_height } => farthest(&[[0.0, *half_height, 0.0], [0.0, -*half_height, 0.0]]) + *radius,
        Convex::Box(half) => length(add(abs(center), *half)),
        Convex::Hull(hull) => farthest(hull.vertices),
        Convex::Triangle(triangle) => farthest(&triangle.corners),
    }
}

/// Radius of a ball about `center` that holds all parts: the smallest one, to rounding.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn compound_radius_about(children: &[(Convex, Pose)], center: Vec3) -> Real {
    children.iter().fold(0.0, |most: Real, (shape, pose)| most.max(radius_about(shape, pose.unpoint(center))))
}

/// Radius of the largest ball about `center` inside the shape; 0 where `center` is outside.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn inner_radius(shape: &Convex, center: Vec3) -> Real {
    let depth = match shape {
        Convex::Sphere(radius) => *radius - length(center),
        Convex::Capsule { radius, half_height } => {
            let beyond = (center[1].abs() - *half_height).max(0.0);
            *radius - length([center[0], beyond, center[2]])
        }
        Convex::Box(half) => {
            let [x, y, z] = sub(*half, abs(center));
            x.min(y).min(z)
        }
        Convex::Hull(hull) => hull_depth(hull, center),
        Convex::Triangle(_) => 0.0,
    };
    depth.max(0.0)
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn hull_depth(hull: &Hull, center: Vec3) -> Real {
    let depth = hull.planes.iter().fold(Real::INFINITY, |least, p| least.min(p[3] - dot([p[0], p[1], p[2]], center)));
    if depth < Real::INFINITY {
        depth
    } else {
        0.0
    }
}

/// Radius of a ball about `center` inside the parts: the largest inside one of them, so never too large; 0 where `center` is in none.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn compound_inner_radius(children: &[(Convex, Pose)], center: Vec3) -> Real {
    children.iter().fold(0.0, |most: Real, (shape, pose)| most.max(inner_radius(shape, pose.unpoint(center))))
}
