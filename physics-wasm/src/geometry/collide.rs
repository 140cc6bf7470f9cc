//! The contact of two convex shapes: picks the method for the pair.

use super::box_box::box_box;
use super::capsule::{capsule, capsule_capsule, Rod};
use super::convex::{support, Convex, Triangle};
use super::gjk::Nearest;
use super::hull_hull::hull_hull;
use super::manifold::Manifold;
use super::polytope::{Polytope, Workspace};
use super::round::sphere;
use super::vector::{add, add_scaled, length, negate, rotate, sub, Pose};
use crate::wide::Real;

/// What a pair of polytopes remembers from the last step: the axis that was best (0: nothing). It only decides which axis is tried first: a pair that this
/// axis still separates is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cache(pub u32);

/// Which of two shapes is the first in the methods.
fn rank(shape: &Convex) -> u32 {
    match shape {
        Convex::Sphere(_) => 0,
        Convex::Capsule { .. } => 1,
        Convex::Box(_) => 2,
        Convex::Hull(_) => 3,
        Convex::Triangle(_) => 4,
    }
}

/// The contact of `a` at the origin and `b` at `b_in_a`, in the frame of `a`: points whose separation is at most `reach` (≥ 0, m), none when the gap is
/// larger, when two triangles meet, or when a number is bad. A triangle holds up what is in front of it (the origin of the other shape at most `reach`
/// behind) and pushes with its face at edges that are not active.
///
/// For two polytopes the separation is the gap along the best separating axis: exact when they overlap or meet with a face or two edges, else (two
/// corners) less than the distance.
pub fn collide(a: &Convex, b: &Convex, b_in_a: &Pose, reach: Real, cache: &mut Cache, out: &mut Manifold) {
    out.count = 0;
    if rank(a) >= rank(b) {
        ordered(a, b, b_in_a, (reach, cache), out);
    } else {
        ordered(b, a, &b_in_a.inverse(), (reach, cache), out);
        out.normal = negate(rotate(b_in_a.rotation, out.normal));
        for point in &mut out.points[..out.count] {
            point.position = b_in_a.point(point.position);
        }
    }
    let mut sum = out.normal[0] + out.normal[1] + out.normal[2];
    for point in &out.points[..out.count] {
        sum += point.position[0] + point.position[1] + point.position[2] + point.separation;
    }
    if !sum.is_finite() {
        out.count = 0;
    }
}

/// The first shape has the higher rank.
fn ordered(a: &Convex, b: &Convex, b_in_a: &Pose, (reach, cache): (Real, &mut Cache), out: &mut Manifold) {
    match (a, b) {
        (Convex::Box(ha), Convex::Box(hb)) => box_box(*ha, *hb, b_in_a, (reach, cache), out),
        (Convex::Capsule { radius: ra, half_height: la }, Convex::Capsule { radius, half_height }) => {
            let (a, b) = (Rod { radius: *ra, half_height: *la }, Rod { radius: *radius, half_height: *half_height });
            capsule_capsule(a, b, b_in_a, reach, out);
        }
        (Convex::Triangle(_), Convex::Triangle(_)) => {}
        (Convex::Triangle(triangle), _) => {
            // A level is large: work around b, where the numbers are small.
            let shift = b_in_a.position;
            let near = Triangle { corners: triangle.corners.map(|c| sub(c, shift)), active: triangle.active };
            let pose = Pose { position: [0.0; 3], rotation: b_in_a.rotation };
            on_polytope(&Convex::Triangle(near), b, &pose, (reach, cache), out);
            for point in &mut out.points[..out.count] {
                point.position = add(point.position, shift);
            }
        }
        _ => on_polytope(a, b, b_in_a, (reach, cache), out),
    }
}

/// The other pairs: a sphere on anything, a capsule or a polytope on a polytope.
fn on_polytope(a: &Convex, b: &Convex, b_in_a: &Pose, (reach, cache): (Real, &mut Cache), out: &mut Manifold) {
    match *b {
        Convex::Sphere(radius) => sphere(a, (b_in_a.position, radius), reach, out),
        Convex::Capsule { radius, half_height } => capsule(a, Rod { radius, half_height }, b_in_a, reach, out),
        _ => {
            let (mut work_a, mut work_b) = (Workspace::new(), Workspace::new());
            let active = if let Convex::Triangle(triangle) = a { Some(triangle.active) } else { None };
            if let (Some(p), Some(q)) = (Polytope::of(a, &mut work_a), Polytope::of(b, &mut work_b)) {
                hull_hull(&p, &q, b_in_a, (reach, cache, active), out);
            }
        }
    }
}

/// The deepest point of the contact of two shapes whose cores overlap.
pub(super) fn deepest(a: &Convex, b: &Convex, b_in_a: &Pose) -> Option<Nearest> {
    let mut out = Manifold::default();
    let reach = 1e-4 * length(support(b, [1.0, 1.0, 1.0]));
    collide(a, b, b_in_a, reach, &mut Cache::default(), &mut out);
    let mut best = *out.points[..out.count].first()?;
    for point in &out.points[..out.count] {
        if point.separation < best.separation {
            best = *point;
        }
    }
    let distance = best.separation.min(0.0);
    let on = |side: Real| add_scaled(best.position, out.normal, 0.5 * side * distance);
    Some(Nearest { distance, on_a: on(-1.0), on_b: on(1.0), normal: out.normal })
}
