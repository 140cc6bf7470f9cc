//! A shape that moves along a straight path until it meets another: conservative advancement (Mirtich 1996). Each step goes to the plane that separates
//! the two now, so it can stop short but never pass; with the distance in 64 bits a path of a kilometre is as good as one of a millimetre.

use super::convex::{support, Convex};
use super::double::{add, add_scaled, dot, narrow, scale, widen, V};
use super::gjk::{cores, nearest};
use super::vector::{length, Pose, Vec3};
use crate::wide::Real;

/// Steps at most; some five for flat things, a dozen for grazing round ones.
const STEPS: usize = 96;

/// Where a moving shape first meets another.
#[derive(Clone, Copy, Debug)]
pub struct Meeting {
    /// Share of the path, 0…1.
    pub share: Real,
    /// Unit normal from a to b there.
    pub normal: Vec3,
    /// Point of contact, in the frame of a, m.
    pub point: Vec3,
}

/// The first contact of `a` with `b`, which moves from `b_in_a` by `path` (m, in the frame of a) without turning; none when they do not meet. Shapes that
/// overlap already meet at share 0. Triangles count from both sides. The share is a little early (a hundred-thousandth of the smaller shape), never late.
#[inline(never)]
pub fn cast(a: &Convex, b: &Convex, b_in_a: &Pose, path: Vec3) -> Option<Meeting> {
    let (from, path) = (widen(b_in_a.position), widen(path));
    let margins = a.margin() as f64 + b.margin() as f64;
    let size = |shape: &Convex| length(support(shape, [1.0, 1.0, 1.0])) as f64;
    let (one, two) = (size(a), size(b));
    let near_enough = (1e-5 * one.min(two)).max(4e-9 * (one + two));
    let mut share = 0.0;
    let mut last: Option<(V, V)> = None;
    for step in 0..STEPS {
        let near = cores(a, b, b_in_a.rotation, add_scaled(from, path, share));
        let gap = near.distance - margins;
        if !(gap > 0.0) && step == 0 {
            let now = nearest(a, b, b_in_a);
            let point = scale(add(widen(now.on_a), widen(now.on_b)), 0.5);
            return finite(0.0, widen(now.normal), point);
        }
        if near.distance > 0.0 {
            let on_a = add_scaled(near.on_a, near.normal, a.margin() as f64);
            last = Some((near.normal, add_scaled(on_a, near.normal, 0.5 * gap)));
        }
        let (normal, point) = last?;
        let speed = -dot(path, near.normal);
        if near.distance > 0.0 && !(speed > 0.0) {
            // They part: this plane separates them for the rest of the path.
            return None;
        }
        if !(gap > near_enough) || step == STEPS - 1 {
            return finite(share, normal, point);
        }
        share += (gap - 0.5 * near_enough) / speed;
        if !(share <= 1.0) {
            return None;
        }
    }
    None
}

/// The meeting, unless a number is bad. The share is rounded down.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn finite(share: f64, normal: V, point: V) -> Option<Meeting> {
    let sum = share + normal[0] + normal[1] + normal[2] + point[0] + point[1] + point[2];
    let share = (share * (1.0 - Real::EPSILON as f64)) as Real;
    sum.is_finite().then(|| Meeting { share, normal: narrow(normal), point: narrow(point) })
}
