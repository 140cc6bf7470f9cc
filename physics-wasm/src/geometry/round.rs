//! A sphere against anything: one point, from the shape's surface nearest to the centre.

use super::convex::{Convex, Hull, Triangle};
use super::double::{narrow, widen};
use super::gjk::{cores, of_triangle};
use super::manifold::{Manifold, Point};
use super::vector::{add_scaled, dot, length, normalize_or, scale, sub, Vec3, IDENTITY};
use crate::wide::Real;

/// The point of a surface nearest to some point.
#[derive(Clone, Copy, Debug)]
pub struct Surface {
    /// On the surface, m.
    pub on: Vec3,
    /// Signed distance, m: negative inside.
    pub distance: Real,
    /// Outward unit normal there.
    pub normal: Vec3,
}

/// The point of a polygon's or a solid's surface nearest to `p`; for a triangle also which edges it lies on (bits; 7: none, it is inside the face).
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn surface(shape: &Convex, p: Vec3) -> (Surface, u32) {
    let around = |center: Vec3, radius: Real, fallback: Vec3| {
        let d = sub(p, center);
        let normal = normalize_or(d, fallback);
        Surface { on: add_scaled(center, normal, radius), distance: length(d) - radius, normal }
    };
    match shape {
        Convex::Sphere(radius) => (around([0.0; 3], *radius, [0.0, 1.0, 0.0]), 7),
        Convex::Capsule { radius, half_height } => {
            let y = p[1].max(-half_height).min(*half_height);
            (around([0.0, y, 0.0], *radius, [1.0, 0.0, 0.0]), 7)
        }
        Convex::Box(half) => (of_box(*half, p), 7),
        Convex::Hull(hull) => (of_hull(shape, hull, p), 7),
        Convex::Triangle(triangle) => of_triangle_face(triangle, p),
    }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn of_box(half: Vec3, p: Vec3) -> Surface {
    let on = [0, 1, 2].map(|i| p[i].max(-half[i]).min(half[i]));
    let d = sub(p, on);
    let distance = length(d);
    if distance > 0.0 {
        return Surface { on, distance, normal: normalize_or(d, [0.0, 1.0, 0.0]) };
    }
    let (mut axis, mut depth) = (0, Real::INFINITY);
    for i in 0..3 {
        let inside = half[i] - p[i].abs();
        if inside < depth {
            (axis, depth) = (i, inside);
        }
    }
    let sign: Real = if p[axis] < 0.0 { -1.0 } else { 1.0 };
    let (mut on, mut normal) = (p, [0.0; 3]);
    on[axis] = sign * half[axis];
    normal[axis] = sign;
    Surface { on, distance: -depth, normal }
}

#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn of_hull(shape: &Convex, hull: &Hull, p: Vec3) -> Surface {
    let over = |plane: &[Real; 4], q: Vec3| dot([plane[0], plane[1], plane[2]], q) - plane[3];
    let (mut face, mut gap) = (0, Real::NEG_INFINITY);
    for (i, plane) in hull.planes.iter().enumerate() {
        let g = over(plane, p);
        if g > gap {
            (face, gap) = (i, g);
        }
    }
    let Some(plane) = hull.planes.get(face) else {
        return Surface { on: [0.0; 3], distance: Real::INFINITY, normal: [0.0, 1.0, 0.0] };
    };
    let normal = [plane[0], plane[1], plane[2]];
    let on = add_scaled(p, normal, -gap);
    // The face's plane is never farther than the hull: the foot on it is the answer when it lies on the hull.
    let tolerance = 4.0 * Real::EPSILON * (plane[3].abs() + gap.abs());
    if gap <= 0.0 || hull.planes.iter().all(|other| over(other, on) <= tolerance) {
        return Surface { on, distance: gap, normal };
    }
    let near = cores(shape, &Convex::Sphere(0.0), IDENTITY, widen(p));
    if near.distance > 0.0 {
        Surface { on: narrow(near.on_a), distance: near.distance as Real, normal: narrow(near.normal) }
    } else {
        Surface { on, distance: gap, normal }
    }
}

/// The normal is the front's where the foot lies inside the face, and points to `p` elsewhere; the distance is signed by the side of the face.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn of_triangle_face(triangle: &Triangle, p: Vec3) -> (Surface, u32) {
    let front = normalize_or(triangle.area_vector(), [0.0; 3]);
    let local = triangle.corners.map(|c| sub(c, p));
    let share = of_triangle(widen(local[0]), widen(local[1]), widen(local[2])).map(|s| s as Real);
    let d = add_scaled(add_scaled(scale(local[0], share[0]), local[1], share[1]), local[2], share[2]);
    let on = [p[0] + d[0], p[1] + d[1], p[2] + d[2]];
    let height = -dot(front, local[0]);
    let edges = match (share[0] > 0.0, share[1] > 0.0, share[2] > 0.0) {
        (true, true, true) => return (Surface { on, distance: height, normal: front }, 7),
        (true, true, false) => 1,
        (false, true, true) => 2,
        (true, false, true) => 4,
        (true, false, false) => 5,
        (false, true, false) => 3,
        _ => 6,
    };
    let distance = length(d);
    let normal = normalize_or(scale(d, -1.0), front);
    (Surface { on, distance: if height < 0.0 { -distance } else { distance }, normal }, edges)
}

/// The contact of a shape at the origin and a sphere at `center`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn sphere(shape: &Convex, (center, radius): (Vec3, Real), reach: Real, out: &mut Manifold) {
    out.count = 0;
    let (mut near, edges) = surface(shape, center);
    if let Convex::Triangle(triangle) = shape {
        let front = normalize_or(triangle.area_vector(), [0.0; 3]);
        let height = dot(front, sub(center, triangle.corners[0]));
        // Behind the face: nothing; what has sunk in a little is still lifted out.
        if front == [0.0; 3] || height < -reach || near.distance.abs() > radius + reach {
            return;
        }
        if edges == 7 || edges & triangle.active == 0 || near.distance <= 0.0 {
            // The seam of a floor: as if the face went on.
            near = Surface { on: add_scaled(center, front, -height), distance: height, normal: front };
        }
    }
    let separation = near.distance - radius;
    if separation <= reach {
        out.normal = near.normal;
        out.push(Point { position: add_scaled(near.on, near.normal, 0.5 * separation), separation, id: 1 });
    }
}
