//! One triangle of level geometry: where a ray meets it, its point nearest to another, whether an edge is a ridge.
//!
//! All of it in 64 bits: the sides of a ray on which edges lie are then told alike from both triangles of an edge, so that no ray slips
//! through a seam, however far away it began.

use super::hull_grid::{inner, minus, outer};
use super::vector::Vec3;
use crate::wide::Real;

/// Cosine of the angle below which a ridge counts as flat: 5°.
const FLAT: f64 = 0.996_194_698_091_745_5;
/// A triangle has no area if its height is below this part of its longest side.
const SLIVER: f64 = 1e-6;

/// Where a ray meets a surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// From the ray's origin, m.
    pub distance: Real,
    /// Unit normal of the triangle, on the side that the ray comes from.
    pub normal: Vec3,
    /// The triangle.
    pub triangle: u32,
}

/// The point of a surface nearest to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// m
    pub distance: Real,
    /// On the surface, m.
    pub point: Vec3,
    /// The triangle.
    pub triangle: u32,
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn wide(v: Vec3) -> [f64; 3] {
    v.map(|x| x as f64)
}

/// Whether three corners span an area.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn has_area(corners: &[Vec3; 3]) -> bool {
    let [a, b, c] = corners.map(wide);
    let sides = [minus(b, a), minus(c, b), minus(a, c)];
    let n = outer(sides[0], sides[1]);
    let longest = sides.iter().map(|s| inner(*s, *s)).fold(0.0, f64::max);
    inner(n, n) > SLIVER * SLIVER * longest * longest
}

/// Distance at which a ray meets the triangle from either side, and the normal on that side. Edges and corners belong to it.
///
/// Corners are sheared so that the ray is an axis (Woop, Benthin, Wald 2013): each then has one place in the plane across the ray, whichever
/// triangle it is seen from, and the sides of the ray on which edges lie fit together around every corner.
#[inline(never)]
pub fn ray(corners: &[Vec3; 3], origin: Vec3, direction: Vec3) -> Option<(Real, Vec3)> {
    let (o, d) = (wide(origin), wide(direction));
    let along = (1..3).fold(0, |most, axis| if d[axis].abs() > d[most].abs() { axis } else { most });
    let (x, y) = ((along + 1) % 3, (along + 2) % 3);
    let (shear_x, shear_y) = (d[x] / d[along], d[y] / d[along]);
    let [a, b, c] = corners.map(|v| minus(wide(v), o));
    let [p, q, r] = [a, b, c].map(|v| [v[x] - shear_x * v[along], v[y] - shear_y * v[along]]);
    let side = |p: [f64; 2], q: [f64; 2]| p[0] * q[1] - p[1] * q[0];
    let sides = [side(p, q), side(q, r), side(r, p)];
    if sides.iter().any(|s| *s < 0.0) && sides.iter().any(|s| *s > 0.0) {
        return None;
    }
    let n = outer(minus(b, a), minus(c, a));
    let (closing, length) = (inner(n, d), inner(n, n).sqrt());
    let distance = inner(n, a) / closing;
    if closing == 0.0 || !(0.0..f64::INFINITY).contains(&distance) {
        return None;
    }
    let s = if closing > 0.0 { -1.0 } else { 1.0 } / length;
    Some((distance as Real, n.map(|v| (v * s) as Real)))
}

/// The point of the triangle nearest to `point` (Ericson 2005, *Real-Time Collision Detection*, 5.1.5).
#[inline(never)]
pub fn nearest(corners: &[Vec3; 3], point: Vec3) -> Vec3 {
    let a = wide(corners[0]);
    let (ab, ac, ap) = (minus(wide(corners[1]), a), minus(wide(corners[2]), a), minus(wide(point), a));
    let (d1, d2) = (inner(ab, ap), inner(ac, ap));
    let (bb, cc, bc) = (inner(ab, ab), inner(ac, ac), inner(ab, ac));
    let (d3, d4, d5, d6) = (d1 - bb, d2 - bc, d1 - bc, d2 - cc);
    let (va, vb, vc) = (d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2);
    let (s, t) = if d1 <= 0.0 && d2 <= 0.0 {
        (0.0, 0.0)
    } else if d3 >= 0.0 && d4 <= d3 {
        (1.0, 0.0)
    } else if d6 >= 0.0 && d5 <= d6 {
        (0.0, 1.0)
    } else if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        (d1 / (d1 - d3), 0.0)
    } else if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        (0.0, d2 / (d2 - d6))
    } else if va <= 0.0 && d4 >= d3 && d5 >= d6 {
        let t = (d4 - d3) / ((d4 - d3) + (d5 - d6));
        (1.0 - t, t)
    } else {
        let sum = va + vb + vc;
        (vb / sum, vc / sum)
    };
    core::array::from_fn(|axis| (a[axis] + ab[axis] * s + ac[axis] * t) as Real)
}

/// Distance of two points, m.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn distance(a: Vec3, b: Vec3) -> Real {
    let d = minus(wide(a), wide(b));
    inner(d, d).sqrt() as Real
}

/// Whether the edge a → b of the triangle a, b, c is a convex ridge of more than 5° against the neighbour b, a, `opposite`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn is_ridge([a, b, c]: [Vec3; 3], opposite: Vec3) -> bool {
    let [a, b, c, d] = [a, b, c, opposite].map(wide);
    let ours = outer(minus(b, a), minus(c, a));
    let theirs = outer(minus(a, b), minus(d, b));
    let flat = inner(ours, theirs) > FLAT * (inner(ours, ours) * inner(theirs, theirs)).sqrt();
    !flat && inner(ours, minus(d, a)) <= 0.0
}
