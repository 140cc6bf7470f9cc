//! Contacts of convex shapes against slow geometry in 64 bits.

mod narrow_support;

use kernel::geometry::collide::{collide, Cache};
use kernel::geometry::convex::{Convex, Triangle};
use kernel::geometry::manifold::Manifold;
use kernel::geometry::vector::Pose;
use kernel::wide::Real;
use narrow_support::*;

const PAIRS: usize = 20_000;
/// Rounding, m, for shapes of about a metre.
const TOLERANCE: f64 = if size_of::<Real>() == 4 { 2e-5 } else { 1e-8 };
/// A second-best axis may be taken when it is so little worse (0.005 of the smaller inner radius, at most 1 m).
const BIAS: f64 = 0.006;

fn contact(a: &Convex, b: &Convex, pose: &Pose, reach: Real) -> Manifold {
    let mut out = Manifold::default();
    collide(a, b, pose, reach, &mut Cache::default(), &mut out);
    out
}

/// Of a ball around the origin inside a box or a hull.
fn inner_radius(shape: &Convex) -> f64 {
    match shape {
        Convex::Box(half) => half.iter().fold(f64::INFINITY, |least, h| least.min(*h as f64)),
        Convex::Hull(hull) => hull.planes.iter().fold(f64::INFINITY, |least, plane| least.min(plane[3] as f64)),
        _ => 0.0,
    }
}

fn deepest(out: &Manifold) -> f64 {
    out.points[..out.count].iter().map(|p| p.separation as f64).fold(f64::INFINITY, f64::min)
}

/// One random pair: count, separations, points and the mirrored order.
fn check(numbers: &mut Numbers, one: &str, two: &str, seen: &mut [usize; 4]) {
    let (a, b) = (Shape::random(numbers, one), Shape::random(numbers, two));
    let pose = pose_near(numbers, &a, &b);
    let reach = if numbers.next() < 0.3 { 0.0 } else { numbers.between(0.0, 0.1) };
    let (sa, sb) = (a.solid(&Pose::ORIGIN), b.solid(&pose));
    let (ca, cb) = (a.convex(), b.convex());
    let out = contact(&ca, &cb, &pose, reach);
    let margins = sa.margin + sb.margin;
    let polytopes = margins == 0.0;
    let distance = core_distance(&sa, &sb);
    let show = |c: &Convex| if let Convex::Hull(h) = c { format!("{:?}", h.vertices) } else { format!("{c:?}") };
    let label = || {
        format!(
            "{one}-{two} {} {} {pose:?} reach {reach} distance {distance} {:?} {:?}",
            show(&ca),
            show(&cb),
            out.normal,
            &out.points[..out.count]
        )
    };

    // A triangle ignores what is behind it.
    let front = |t: &Triangle, pose: &Pose, other: V| {
        let [p, q, r] = t.corners.map(|c| place(pose, wide(c)));
        let n = cross(sub(q, p), sub(r, p));
        dot(n, sub(other, p)) / length(n)
    };
    let height = match (&ca, &cb) {
        (Convex::Triangle(t), _) => Some(front(t, &Pose::ORIGIN, wide(pose.position))),
        (_, Convex::Triangle(t)) => Some(front(t, &pose, [0.0; 3])),
        _ => None,
    };
    if height.is_some_and(|h| h < TOLERANCE) {
        if height.is_some_and(|h| h < -(reach as f64) - TOLERANCE) {
            assert_eq!(out.count, 0, "behind: {}", label());
        }
        return;
    }

    // The gap along axes; for triangles those of the front. Edges that are parallel to 0.006 may be left out.
    let axes = |parallel: f64| match (one, two) {
        (_, "triangle") => gap_without(&sb, &sa, true, parallel),
        _ => gap_without(&sa, &sb, one == "triangle", parallel),
    };
    let (bias, gap) = match (polytopes, distance > 0.0) {
        // (A capsule that lies on a face: a thousandth of its radius.)
        (false, true) => {
            (if margins > 0.0 && sb.triangles.is_empty() != sa.triangles.is_empty() { 0.0005 } else { 0.0 }, distance - margins)
        }
        (false, false) if sa.triangles.is_empty() && sb.triangles.is_empty() => return,
        (false, false) => (BIAS, axes(1e-4) - margins),
        (true, _) => (BIAS, axes(1e-4)),
    };
    // Polytopes that are apart may meet with two corners: then the axes do not tell the distance, and there may be no contact.
    let exact = !polytopes || gap <= 0.0 || facet_distance(&sa, &sb) <= distance;
    if exact && gap > reach as f64 + TOLERANCE {
        assert_eq!(out.count, 0, "a gap of {gap}: {}", label());
        seen[0] += 1;
        return;
    }
    if exact && gap < reach as f64 - TOLERANCE - bias {
        assert!(out.count > 0, "no contact at {gap}: {}", label());
        let least = deepest(&out);
        assert!(least > gap - bias - TOLERANCE && least < gap + bias + TOLERANCE, "{least} for {gap}: {}", label());
        seen[if gap < 0.0 { 1 } else { 2 }] += 1;
    }
    if out.count == 0 {
        return;
    }
    let n = wide(out.normal);
    assert!((length(n) - 1.0).abs() < 1e-5, "length of the normal: {}", label());
    // The gap along the normal is that of the deepest point, or less where two corners or round ends meet.
    let along = sb.range(n).0 - sa.range(n).1 - margins;
    assert!(along < deepest(&out) + TOLERANCE, "along the normal {along}: {}", label());
    // (A capsule that nearly lies on a face takes the face's normal: 0.01 rad over 2 m.)
    // (What nearly lies flat keeps its face while that is no more than a tenth of the smaller inner radius deeper than two edges: its points tell the
    // true depth all the same, as checked above.)
    let turned = match (one, two) {
        ("capsule", _) | (_, "capsule") => 0.02,
        ("box" | "hull", "box" | "hull") => 0.1 * inner_radius(&ca).min(inner_radius(&cb)),
        _ => 0.0,
    };
    let expected = if polytopes { axes(0.006) } else { deepest(&out) };
    assert!(!exact || along > expected - bias - turned - 4.0 * TOLERANCE, "along the normal {along}: {}", label());
    // Every point lies half-way between the surfaces. Capsules that lie nearly along something have parallel normals at both ends.
    let loose = if one == "capsule" || two == "capsule" { 0.06 } else { 0.003 };
    for p in &out.points[..out.count] {
        assert!(p.separation <= reach);
        let (position, half) = (wide(p.position), 0.5 * p.separation as f64);
        for (solid, side) in [(&sa, -half), (&sb, half)] {
            let off = core_distance(solid, &Solid::point(add(position, scale(n, side)))) - solid.margin;
            assert!(!exact || off < loose + TOLERANCE, "a point {off} off: {}", label());
        }
    }
    seen[3] = seen[3].max(out.count);
    // The mirrored order.
    let back = contact(&cb, &ca, &pose.inverse(), reach);
    if gap < reach as f64 - TOLERANCE - bias && exact {
        assert!(back.count > 0, "mirrored: {}", label());
        assert!((deepest(&back) - deepest(&out)).abs() < bias + 2.0 * TOLERANCE, "mirrored {}: {}", deepest(&back), label());
        if !polytopes && distance > 0.01 {
            let m = turn(pose.rotation, wide(back.normal));
            assert!(length(add(m, n)) < 100.0 * TOLERANCE, "mirrored normal {m:?}: {}", label());
        }
    }
}

/// All random pairs of two kinds; fails too when they do not cover apart, overlapping and near.
fn check_pairs(one: &str, two: &str, points: usize) {
    let mut numbers = Numbers(one.len() as u64 * 1000 + two.len() as u64);
    let mut seen = [0; 4];
    for _ in 0..PAIRS {
        check(&mut numbers, one, two, &mut seen);
    }
    assert!(seen[0] > PAIRS / 50 && seen[1] > PAIRS / 50 && seen[2] > PAIRS / 200, "{one}-{two} covers {seen:?}");
    assert_eq!(seen[3], points, "most points of {one}-{two}");
}

macro_rules! pairs {
    ($($name:ident: $one:literal $two:literal $points:literal),* $(,)?) => {
        $(#[test] fn $name() { check_pairs($one, $two, $points); })*
    };
}
pairs! {
    sphere_sphere: "sphere" "sphere" 1,
    sphere_capsule: "sphere" "capsule" 1,
    sphere_box: "sphere" "box" 1,
    sphere_hull: "sphere" "hull" 1,
    sphere_triangle: "sphere" "triangle" 1,
    capsule_capsule: "capsule" "capsule" 2,
    capsule_box: "capsule" "box" 2,
    capsule_hull: "capsule" "hull" 2,
    capsule_triangle: "capsule" "triangle" 2,
    box_box: "box" "box" 4,
    box_hull: "box" "hull" 4,
    box_triangle: "box" "triangle" 4,
    hull_hull: "hull" "hull" 4,
    hull_triangle: "hull" "triangle" 4,
    triangle_box: "triangle" "box" 4,
    triangle_hull: "triangle" "hull" 4,
}
