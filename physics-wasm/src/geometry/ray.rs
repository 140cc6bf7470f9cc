//! Rays and nearest points of one shape, in its frame. Rays are tested in 64 bits: origins may be a kilometre away.

use super::convex::{Convex, Hull, Triangle};
use super::double::{add_scaled, cross, dot, narrow, negate, scale, sub, widen, V};
use super::round::surface;
use super::vector::Vec3;
use crate::wide::Real;

/// Where a ray enters, and the outward normal there.
type Entry = Option<(f64, V)>;

/// The distance along the ray (`direction` of length one) to the shape, at most `max_distance`, and the outward unit normal there; inside a solid 0 and
/// −`direction`. A triangle is hit from both sides; its normal is always the front's.
pub fn ray(shape: &Convex, origin: Vec3, direction: Vec3, max_distance: Real) -> Option<(Real, Vec3)> {
    let (o, d) = (widen(origin), widen(direction));
    let (distance, normal) = match shape {
        Convex::Sphere(radius) => on_sphere([0.0; 3], *radius as f64, o, d),
        Convex::Capsule { radius, half_height } => on_capsule(*radius as f64, *half_height as f64, o, d),
        Convex::Box(half) => on_box(widen(*half), o, d),
        Convex::Hull(hull) => on_hull(hull, o, d),
        Convex::Triangle(triangle) => on_triangle(triangle, o, d),
    }?;
    (distance >= 0.0 && distance <= max_distance as f64).then(|| (distance as Real, narrow(normal)))
}

fn on_sphere(center: V, radius: f64, o: V, d: V) -> Entry {
    let m = sub(o, center);
    let ahead = -dot(m, d);
    // The point of the line nearest to the centre.
    let q = add_scaled(m, d, ahead);
    let inside = radius * radius - dot(q, q);
    if dot(m, m) <= radius * radius {
        return Some((0.0, negate(d)));
    }
    if !(inside >= 0.0) || ahead < 0.0 {
        return None;
    }
    let t = ahead - inside.sqrt();
    let n = add_scaled(m, d, t);
    Some((t.max(0.0), scale(n, 1.0 / dot(n, n).sqrt())))
}

fn on_capsule(radius: f64, half: f64, o: V, d: V) -> Entry {
    let y = o[1].max(-half).min(half);
    let off = [o[0], o[1] - y, o[2]];
    if dot(off, off) <= radius * radius {
        return Some((0.0, negate(d)));
    }
    // The side, where it is met between the ends.
    let across = d[0] * d[0] + d[2] * d[2];
    if across > 0.0 {
        let middle = -(o[0] * d[0] + o[2] * d[2]) / across;
        let (x, z) = (o[0] + d[0] * middle, o[2] + d[2] * middle);
        let inside = radius * radius - (x * x + z * z);
        if !(inside >= 0.0) {
            return None;
        }
        let t = middle - (inside / across).sqrt();
        let p = add_scaled(o, d, t);
        if t >= 0.0 && p[1].abs() <= half {
            return Some((t, scale([p[0], 0.0, p[2]], 1.0 / radius)));
        }
    }
    let (low, high) = (on_sphere([0.0, -half, 0.0], radius, o, d), on_sphere([0.0, half, 0.0], radius, o, d));
    match (low, high) {
        (Some(p), Some(q)) => Some(if q.0 < p.0 { q } else { p }),
        (p, q) => p.or(q),
    }
}

/// Keeps what lies below a plane of normal `n`, `gap` in front of the origin of the ray: false when nothing is left.
fn slab((enter, leave, normal): (&mut f64, &mut f64, &mut V), n: V, (gap, speed): (f64, f64)) -> bool {
    if speed < 0.0 {
        let t = -gap / speed;
        if t > *enter {
            (*enter, *normal) = (t, n);
        }
    } else if speed > 0.0 {
        *leave = leave.min(-gap / speed);
    } else if !(gap <= 0.0) {
        return false;
    }
    *enter <= *leave
}

fn on_box(half: V, o: V, d: V) -> Entry {
    let (mut enter, mut leave, mut normal) = (0.0, f64::INFINITY, negate(d));
    for i in 0..3 {
        for side in [1.0, -1.0] {
            let mut n = [0.0; 3];
            n[i] = side;
            if !slab((&mut enter, &mut leave, &mut normal), n, (side * o[i] - half[i], side * d[i])) {
                return None;
            }
        }
    }
    Some((enter, normal))
}

fn on_hull(hull: &Hull, o: V, d: V) -> Entry {
    let (mut enter, mut leave, mut normal) = (0.0, f64::INFINITY, negate(d));
    for plane in hull.planes {
        let n = widen([plane[0], plane[1], plane[2]]);
        if !slab((&mut enter, &mut leave, &mut normal), n, (dot(n, o) - plane[3] as f64, dot(n, d))) {
            return None;
        }
    }
    (!hull.planes.is_empty()).then_some((enter, normal))
}

/// Möller and Trumbore 1997.
fn on_triangle(triangle: &Triangle, o: V, d: V) -> Entry {
    let [a, b, c] = triangle.corners.map(widen);
    let (ab, ac, w) = (sub(b, a), sub(c, a), sub(o, a));
    let n = cross(ab, ac);
    let (speed, height) = (dot(n, d), dot(n, w));
    let t = -height / speed;
    let turn = cross(w, d);
    // Shares of b and c.
    let (u, v) = (-dot(ac, turn) / speed, dot(ab, turn) / speed);
    if !(t >= 0.0 && u >= 0.0 && v >= 0.0 && u + v <= 1.0) {
        return None;
    }
    Some((t, scale(n, 1.0 / dot(n, n).sqrt())))
}

/// The point of the shape nearest to `p` (on the surface, or `p` itself inside a solid) and the distance, m: negative inside a solid (its depth) and behind
/// a triangle.
pub fn closest_point(shape: &Convex, p: Vec3) -> (Vec3, Real) {
    let near = surface(shape, p).0;
    let solid = !matches!(shape, Convex::Triangle(_));
    (if solid && near.distance <= 0.0 { p } else { near.on }, near.distance)
}
