//! Nearest points of two convex shapes: GJK (Gilbert, Johnson and Keerthi 1988; the regions of the simplex after Ericson, *Real-Time Collision Detection*,
//! 2005) over the cores of the shapes, in 64 bits. Radii come on top; where cores overlap, the separating axes of `collide` answer.

use super::collide::deepest;
use super::convex::Convex;
use super::double::{add, add_scaled, axes, cross, dot, narrow, negate, scale, sub, turn, unturn, widen, V};
use super::vector::{Pose, Quat, Vec3};
use crate::wide::Real;

/// Rounds at most; a dozen do for boxes, some thirty for the largest hulls.
const ROUNDS: usize = 64;
/// Done when the distance is known to this share of its square.
const RELATIVE: f64 = 1e-10;
/// Cores closer than this share of their size overlap.
const TOUCHING: f64 = 1e-9;

/// The nearest points of two shapes.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    /// Gap, m; ≤ 0 where the shapes overlap (then the depth along `normal`, by separating axes, or 0 where none is known).
    pub distance: Real,
    /// On the surface of a, m.
    pub on_a: Vec3,
    /// On the surface of b, m.
    pub on_b: Vec3,
    /// Unit normal from a to b.
    pub normal: Vec3,
}

/// The nearest points of the cores.
#[derive(Clone, Copy, Debug)]
pub struct Cores {
    /// m; 0 where they overlap.
    pub distance: f64,
    /// On the core of a.
    pub on_a: V,
    /// On the core of b.
    pub on_b: V,
    /// Unit normal from a to b; zero where the cores overlap.
    pub normal: V,
}

/// The farthest point of a shape's core along `d`.
fn extreme(shape: &Convex, d: V) -> V {
    let sign = |x: f64, size: Real| if x < 0.0 { -size as f64 } else { size as f64 };
    let farthest = |points: &[Vec3]| {
        let (mut best, mut most) = ([0.0; 3], f64::NEG_INFINITY);
        for &p in points {
            let p = widen(p);
            let h = dot(p, d);
            if h > most {
                (best, most) = (p, h);
            }
        }
        best
    };
    match shape {
        Convex::Sphere(_) => [0.0; 3],
        Convex::Capsule { half_height, .. } => [0.0, sign(d[1], *half_height), 0.0],
        Convex::Box(half) => [sign(d[0], half[0]), sign(d[1], half[1]), sign(d[2], half[2])],
        Convex::Hull(hull) => farthest(hull.vertices),
        Convex::Triangle(triangle) => farthest(&triangle.corners),
    }
}

/// Up to four points of the difference a − b and where they come from.
struct Simplex {
    count: usize,
    w: [V; 4],
    on_a: [V; 4],
    on_b: [V; 4],
    share: [f64; 4],
}

/// Shares of the corners of the point of a segment nearest to the origin.
fn of_segment(a: V, b: V) -> [f64; 2] {
    let ab = sub(b, a);
    let (t, l) = (-dot(a, ab), dot(ab, ab));
    if t <= 0.0 || l <= 0.0 {
        [1.0, 0.0]
    } else if t >= l {
        [0.0, 1.0]
    } else {
        [1.0 - t / l, t / l]
    }
}

/// The same for a triangle; a triangle without area counts as its best side.
pub(super) fn of_triangle(a: V, b: V, c: V) -> [f64; 3] {
    let (ab, ac) = (sub(b, a), sub(c, a));
    let (d1, d2, d3, d4, d5, d6) = (-dot(ab, a), -dot(ac, a), -dot(ab, b), -dot(ac, b), -dot(ab, c), -dot(ac, c));
    let (va, vb, vc) = (d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2);
    let n = cross(ab, ac);
    let flat = dot(n, n) <= 1e-24 * dot(ab, ab) * dot(ac, ac);
    if !flat && va > 0.0 && vb > 0.0 && vc > 0.0 {
        let sum = va + vb + vc;
        return [va / sum, vb / sum, vc / sum];
    }
    let mut best = [1.0, 0.0, 0.0];
    let mut least = f64::INFINITY;
    for (p, q, i, j) in [(a, b, 0, 1), (b, c, 1, 2), (c, a, 2, 0)] {
        let [s, t] = of_segment(p, q);
        let v = add_scaled(scale(p, s), q, t);
        if dot(v, v) < least {
            least = dot(v, v);
            best = [0.0; 3];
            (best[i], best[j]) = (s, t);
        }
    }
    best
}

impl Simplex {
    /// Leaves the corners that carry the point nearest to the origin and gives that point; none where the origin is inside.
    fn reduce(&mut self) -> Option<V> {
        let w = self.w;
        let mut share = [0.0; 4];
        match self.count {
            1 => share[0] = 1.0,
            2 => share[..2].copy_from_slice(&of_segment(w[0], w[1])),
            3 => share[..3].copy_from_slice(&of_triangle(w[0], w[1], w[2])),
            _ => {
                let mut least = f64::INFINITY;
                for [i, j, k, l] in [[0, 1, 2, 3], [0, 3, 1, 2], [0, 2, 3, 1], [1, 3, 2, 0]] {
                    let n = cross(sub(w[j], w[i]), sub(w[k], w[i]));
                    let (here, there) = (-dot(n, w[i]), dot(n, sub(w[l], w[i])));
                    // On the inner side of this face, of a tetrahedron that has a volume.
                    if here * there > 0.0 && there * there > 1e-24 * dot(n, n) * dot(w[l], w[l]) {
                        continue;
                    }
                    let s = of_triangle(w[i], w[j], w[k]);
                    let v = add_scaled(add_scaled(scale(w[i], s[0]), w[j], s[1]), w[k], s[2]);
                    if dot(v, v) < least {
                        least = dot(v, v);
                        share = [0.0; 4];
                        (share[i], share[j], share[k]) = (s[0], s[1], s[2]);
                    }
                }
                if least == f64::INFINITY {
                    return None;
                }
            }
        }
        let mut kept = 0;
        let mut v = [0.0; 3];
        for i in 0..self.count {
            if share[i] > 0.0 {
                v = add_scaled(v, w[i], share[i]);
                (self.w[kept], self.on_a[kept], self.on_b[kept], self.share[kept]) = (w[i], self.on_a[i], self.on_b[i], share[i]);
                kept += 1;
            }
        }
        self.count = kept;
        if kept == 3 {
            // The foot of the perpendicular is better than the sum of shares when the triangle is thin.
            let n = cross(sub(self.w[1], self.w[0]), sub(self.w[2], self.w[0]));
            v = scale(n, dot(n, self.w[0]) / dot(n, n));
        }
        Some(v)
    }
    /// The point that the shares name on either core.
    fn points(&self) -> (V, V) {
        let (mut a, mut b) = ([0.0; 3], [0.0; 3]);
        for i in 0..self.count {
            a = add_scaled(a, self.on_a[i], self.share[i]);
            b = add_scaled(b, self.on_b[i], self.share[i]);
        }
        (a, b)
    }
}

/// The nearest points of the cores of two shapes, in the frame of `a`. Bad numbers end as an overlap.
pub fn cores(a: &Convex, b: &Convex, rotation: Quat, position: V) -> Cores {
    let frame = axes(rotation);
    let pick = |d: V| {
        let p = extreme(a, d);
        let q = add(turn(&frame, extreme(b, unturn(&frame, negate(d)))), position);
        (sub(p, q), p, q)
    };
    let mut simplex = Simplex { count: 1, w: [[0.0; 3]; 4], on_a: [[0.0; 3]; 4], on_b: [[0.0; 3]; 4], share: [1.0, 0.0, 0.0, 0.0] };
    let (w, p, q) = pick(position);
    (simplex.w[0], simplex.on_a[0], simplex.on_b[0]) = (w, p, q);
    let (mut v, mut size) = (w, dot(w, w));
    for _ in 0..ROUNDS {
        let square = dot(v, v);
        // Written so that NaN ends here too.
        if !(square > TOUCHING * TOUCHING * size) {
            let (on_a, on_b) = simplex.points();
            return Cores { distance: 0.0, on_a, on_b, normal: [0.0; 3] };
        }
        let (w, p, q) = pick(negate(v));
        size = size.max(dot(w, w));
        if square - dot(v, w) <= RELATIVE * square || simplex.w[..simplex.count].contains(&w) {
            break;
        }
        let before = (simplex.count, simplex.w, simplex.on_a, simplex.on_b, simplex.share);
        let k = simplex.count;
        (simplex.w[k], simplex.on_a[k], simplex.on_b[k]) = (w, p, q);
        simplex.count = k + 1;
        let Some(next) = simplex.reduce() else {
            let (on_a, on_b) = simplex.points();
            return Cores { distance: 0.0, on_a, on_b, normal: [0.0; 3] };
        };
        if dot(next, next) >= square {
            // Rounding: no progress any more.
            (simplex.count, simplex.w, simplex.on_a, simplex.on_b, simplex.share) = before;
            break;
        }
        v = next;
    }
    let (on_a, on_b) = simplex.points();
    let distance = dot(v, v).sqrt();
    Cores { distance, on_a, on_b, normal: scale(v, -1.0 / distance) }
}

/// The nearest points of two shapes, in the frame of `a`; `b_in_a` is where b is.
pub fn nearest(a: &Convex, b: &Convex, b_in_a: &Pose) -> Nearest {
    let near = cores(a, b, b_in_a.rotation, widen(b_in_a.position));
    let (ra, rb) = (a.margin() as f64, b.margin() as f64);
    if near.distance > 0.0 {
        let distance = near.distance - ra - rb;
        let (on_a, on_b) = (add_scaled(near.on_a, near.normal, ra), add_scaled(near.on_b, near.normal, -rb));
        return Nearest { distance: distance as Real, on_a: narrow(on_a), on_b: narrow(on_b), normal: narrow(near.normal) };
    }
    deepest(a, b, b_in_a).unwrap_or(Nearest { distance: 0.0, on_a: narrow(near.on_a), on_b: narrow(near.on_b), normal: [0.0, 1.0, 0.0] })
}
