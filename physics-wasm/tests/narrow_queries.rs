//! Nearest points, casts, rays and supports of convex shapes against slow geometry in 64 bits.

mod narrow_support;

use kernel::geometry::cast::cast;
use kernel::geometry::convex::{bounds, support, Convex};
use kernel::geometry::gjk::nearest;
use kernel::geometry::ray::{closest_point, ray};
use kernel::geometry::vector::Pose;
use kernel::wide::Real;
use narrow_support::*;

const TOLERANCE: f64 = if size_of::<Real>() == 4 { 1e-5 } else { 1e-9 };

fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.into_iter().flat_map(|one| KINDS.into_iter().map(move |two| (one, two)))
}

/// The corner, segment or polytope and its margin: gap at a place of b.
fn gap(a: &Solid, b: &Solid) -> f64 {
    core_distance(a, b) - a.margin - b.margin
}

#[test]
fn nearest_points_are_as_far_apart_as_the_shapes() {
    for (one, two) in kinds() {
        let mut numbers = Numbers(17);
        let mut seen = [0; 2];
        for _ in 0..20_000 / 5 {
            let (a, b) = (Shape::random(&mut numbers, one), Shape::random(&mut numbers, two));
            let mut pose = pose_near(&mut numbers, &a, &b);
            if numbers.next() < 0.3 {
                pose.position = pose.position.map(|x| x * 3.0);
            }
            let (sa, sb) = (a.solid(&Pose::ORIGIN), b.solid(&pose));
            let near = nearest(&a.convex(), &b.convex(), &pose);
            let label = || format!("{one}-{two} {:?} {:?} {pose:?} {near:?}", a.convex(), b.convex());
            let core = core_distance(&sa, &sb);
            let expected = gap(&sa, &sb);
            let n = wide(near.normal);
            assert!((length(n) - 1.0).abs() < 1e-5, "{}", label());
            if core > 1e-6 {
                assert!((near.distance as f64 - expected).abs() < TOLERANCE, "{} for {expected}: {}", near.distance, label());
                let along = sb.range(n).0 - sa.range(n).1 - sa.margin - sb.margin;
                assert!((along - expected).abs() < 2.0 * TOLERANCE, "along {along}: {}", label());
                let between = sub(wide(near.on_b), wide(near.on_a));
                assert!(length(sub(between, scale(n, expected))) < 3.0 * TOLERANCE, "between {between:?}: {}", label());
                for (solid, p) in [(&sa, near.on_a), (&sb, near.on_b)] {
                    assert!((core_distance(solid, &Solid::point(wide(p))) - solid.margin).abs() < 3.0 * TOLERANCE, "{}", label());
                }
                seen[0] += 1;
            } else {
                assert!(near.distance as f64 <= 1e-6, "{}", label());
                seen[1] += 1;
            }
        }
        assert!(
            seen[0] > 1000 && (one == "sphere" || two == "sphere" || one == "capsule" || two == "capsule" || seen[1] > 40),
            "{one}-{two} {seen:?}"
        );
    }
}

/// The least gap on the way, and its share: the distance of convex shapes is convex along a straight path.
fn least(a: &Solid, b: &Solid, path: V) -> (f64, f64) {
    let at = |t: f64| gap(a, &b.moved(scale(path, t)));
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..45 {
        let (p, q) = (low + (high - low) * 0.4, low + (high - low) * 0.6);
        if at(p) <= at(q) {
            high = q;
        } else {
            low = p;
        }
    }
    let t = 0.5 * (low + high);
    (at(t), t)
}

#[test]
fn a_cast_stops_where_the_shapes_meet_and_never_later() {
    for (one, two) in kinds() {
        let mut numbers = Numbers(29);
        let mut seen = [0; 3];
        for round in 0..400 {
            let (a, b) = (Shape::random(&mut numbers, one), Shape::random(&mut numbers, two));
            let mut pose = pose_near(&mut numbers, &a, &b);
            // From near by, from 10 m or from 500 m, more or less towards each other, through and on.
            let far = [1.5, 10.0, 500.0][round % 3] as Real;
            let way = numbers.unit();
            pose.position = [0, 1, 2].map(|i| pose.position[i] * 0.8 - way[i] * far);
            let path = way.map(|x| x * 2.0 * far);
            let (sa, sb) = (a.solid(&Pose::ORIGIN), b.solid(&pose));
            let found = cast(&a.convex(), &b.convex(), &pose, path);
            let (deep, at) = least(&sa, &sb, wide(path));
            let label = || format!("{one}-{two} {:?} {:?} {pose:?} {path:?} {found:?} least {deep} at {at}", a.convex(), b.convex());
            // What the share loses to rounding over the path, and the places of far away things.
            let loose = (1e-5 + if size_of::<Real>() == 4 { 2.5e-7 * 2.0 * far as f64 } else { 0.0 }) * 2.0;
            match found {
                Some(meeting) => {
                    assert!((0.0..=1.0).contains(&meeting.share), "{}", label());
                    assert!(deep < loose, "{}", label());
                    let there = sb.moved(scale(wide(path), meeting.share as f64));
                    let now = gap(&sa, &there);
                    assert!(now < loose && (meeting.share == 0.0 || now > -loose * 0.1), "a gap of {now}: {}", label());
                    if meeting.share == 0.0 {
                        assert!(gap(&sa, &sb) < loose, "{}", label());
                        seen[2] += 1;
                        continue;
                    }
                    // Nothing was passed on the way: the gap falls towards its least.
                    if core_distance(&sa, &there) > 0.0 && sa.margin + sb.margin > 0.0 {
                        assert!(meeting.share as f64 <= at + 1e-6 || deep > -loose, "late: {}", label());
                    }
                    for k in 0..10 {
                        let before = sb.moved(scale(wide(path), meeting.share as f64 * k as f64 / 10.0));
                        assert!(gap(&sa, &before) > -loose, "passed: {}", label());
                    }
                    let n = wide(meeting.normal);
                    assert!((length(n) - 1.0).abs() < 1e-5 && dot(n, wide(path)) < 0.0, "{}", label());
                    for solid in [&sa, &there] {
                        let off = core_distance(solid, &Solid::point(wide(meeting.point))) - solid.margin;
                        assert!(off.abs() < 3.0 * loose, "the point is {off} off: {}", label());
                    }
                    seen[0] += 1;
                }
                None => {
                    // (The least gap of flat things is sharp: the search may end beside it.)
                    assert!(deep > -TOLERANCE && (deep > 0.0 || sa.margin + sb.margin > 0.0), "passed through: {}", label());
                    seen[1] += 1;
                }
            }
        }
        assert!(seen[0] > 50 && seen[1] > 20, "{one}-{two} {seen:?}");
    }
}

#[test]
fn small_and_fast_things_meet_a_thin_plate() {
    let mut numbers = Numbers(31);
    let plate = Convex::Box([500.0, 0.0005, 500.0]);
    for k in 0..2000 {
        let small = 0.0005 + 0.0005 * numbers.next();
        let thing = match k % 3 {
            0 => Convex::Sphere(small),
            1 => Convex::Box([small, small, small]),
            _ => Convex::Capsule { radius: small, half_height: small },
        };
        let from = [numbers.between(-100.0, 100.0), numbers.between(1.0, 500.0), numbers.between(-100.0, 100.0)];
        let pose = Pose { position: from, rotation: numbers.rotation() };
        let to = [numbers.between(-100.0, 100.0), numbers.between(-500.0, -1.0), numbers.between(-100.0, 100.0)];
        let path = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        let meeting = cast(&plate, &thing, &pose, path).expect("passes through");
        let height = from[1] as f64 + path[1] as f64 * meeting.share as f64;
        assert!(height > 0.0005 && height < 0.005, "{height} {thing:?} {from:?} {path:?}");
        assert!((meeting.normal[1] - 1.0).abs() < 1e-4, "{meeting:?}");
    }
}

#[test]
fn overlapping_shapes_meet_at_once() {
    let mut numbers = Numbers(37);
    for (one, two) in kinds() {
        for _ in 0..300 {
            let (a, b) = (Shape::random(&mut numbers, one), Shape::random(&mut numbers, two));
            let pose = pose_near(&mut numbers, &a, &b);
            if gap(&a.solid(&Pose::ORIGIN), &b.solid(&pose)) < -1e-4 {
                let meeting = cast(&a.convex(), &b.convex(), &pose, numbers.vector(5.0)).expect("overlapping");
                assert_eq!(meeting.share, 0.0);
            }
        }
    }
}

#[test]
fn rays_end_on_the_surface() {
    for kind in KINDS {
        let mut numbers = Numbers(41);
        let mut seen = [0; 3];
        for round in 0..4000 {
            let shape = Shape::random(&mut numbers, kind);
            let solid = shape.solid(&Pose::ORIGIN);
            let far: Real = [0.5, 3.0, 1000.0][round % 3];
            let direction = numbers.unit();
            let aim = numbers.vector(0.8);
            let origin = [0, 1, 2].map(|i| aim[i] - direction[i] * far);
            let most = far + 3.0;
            let found = ray(&shape.convex(), origin, direction, most);
            let at = |t: f64| Solid::point(add(wide(origin), scale(wide(direction), t)));
            let path = scale(wide(direction), most as f64);
            let (deep, share) = least(&solid, &at(0.0), path);
            let label = || format!("{kind} {:?} {origin:?} {direction:?} {found:?} least {deep}", shape.convex());
            let loose = 1e-5 + if size_of::<Real>() == 4 { 2e-7 * far as f64 } else { 0.0 };
            let Some((distance, normal)) = found else {
                // A triangle is thin: being near is not enough.
                assert!(deep > -1e-9 || (kind == "triangle" && deep > -1e-6), "missed: {}", label());
                seen[0] += 1;
                continue;
            };
            assert!((length(wide(normal)) - 1.0).abs() < 1e-5, "{}", label());
            assert!(deep < loose, "nothing there: {}", label());
            if distance == 0.0 {
                assert!(gap(&solid, &at(0.0)) < loose && normal == direction.map(|x| -x), "{}", label());
                seen[1] += 1;
                continue;
            }
            let off = gap(&solid, &at(distance as f64));
            assert!(off.abs() < 2.0 * loose, "{off} off: {}", label());
            assert!(distance as f64 <= share * most as f64 + 20.0 * loose || deep > -1e-6, "not the first: {}", label());
            let before = gap(&solid, &at(distance as f64 - 0.01));
            assert!(distance < 0.01 || before > 0.0, "inside before: {}", label());
            if kind != "triangle" {
                let facing = dot(wide(normal), wide(direction));
                assert!(facing < 1e-6, "{}", label());
                // A little out along the normal is outside by as much.
                let out = add(at(distance as f64).corners[0], scale(wide(normal), 0.01));
                assert!((gap(&solid, &Solid::point(out)) - 0.01).abs() < 5.0 * loose, "not the normal: {}", label());
            }
            seen[2] += 1;
        }
        assert!(seen[0] > 100 && seen[2] > 300 && (seen[1] > 50 || kind == "triangle"), "{kind} {seen:?}");
    }
}

#[test]
fn a_ray_ends_at_its_greatest_distance() {
    let shape = Convex::Sphere(1.0);
    assert_eq!(ray(&shape, [0.0, 5.0, 0.0], [0.0, -1.0, 0.0], 3.9), None);
    assert_eq!(ray(&shape, [0.0, 5.0, 0.0], [0.0, -1.0, 0.0], 4.0), Some((4.0, [0.0, 1.0, 0.0])));
    assert_eq!(ray(&shape, [0.0, 5.0, 0.0], [0.0, 1.0, 0.0], 100.0), None);
    assert_eq!(ray(&shape, [0.0, 0.5, 0.0], [0.0, 1.0, 0.0], 100.0), Some((0.0, [0.0, -1.0, 0.0])));
}

#[test]
fn closest_points_lie_on_the_surface() {
    for kind in KINDS {
        let mut numbers = Numbers(43);
        for _ in 0..20_000 {
            let shape = Shape::random(&mut numbers, kind);
            let solid = shape.solid(&Pose::ORIGIN);
            let p = numbers.vector(2.0);
            let (on, distance) = closest_point(&shape.convex(), p);
            let expected = gap(&solid, &Solid::point(wide(p)));
            let label = || format!("{kind} {:?} {p:?} {on:?} {distance} for {expected}", shape.convex());
            if expected > 1e-5 {
                let signed = if kind == "triangle" { distance.abs() } else { distance } as f64;
                assert!((signed - expected).abs() < 2.0 * TOLERANCE, "{}", label());
                assert!((length(sub(wide(p), wide(on))) - expected).abs() < 3.0 * TOLERANCE, "{}", label());
                assert!(gap(&solid, &Solid::point(wide(on))).abs() < 3.0 * TOLERANCE, "{}", label());
            } else if expected < -1e-5 || kind != "triangle" && solid.margin == 0.0 && expected == 0.0 {
                assert!(on == p && distance <= 0.0, "{}", label());
            }
        }
    }
}

#[test]
fn supports_and_bounds_hold_the_shape() {
    let mut numbers = Numbers(47);
    for kind in KINDS {
        for _ in 0..2000 {
            let shape = Shape::random(&mut numbers, kind);
            let d = numbers.unit();
            let solid = shape.solid(&Pose::ORIGIN);
            let far = dot(wide(support(&shape.convex(), d)), wide(d));
            assert!((far - solid.range(wide(d)).1 - solid.margin).abs() < 1e-5, "{kind}");
            let rotation = numbers.rotation();
            let around = bounds(&shape.convex(), rotation);
            let turned = shape.solid(&Pose { position: [0.0; 3], rotation });
            for i in 0..3 {
                let mut axis = [0.0; 3];
                axis[i] = 1.0;
                let (low, high) = turned.range(axis);
                assert!((around.low[i] as f64 - low + turned.margin).abs() < 1e-5, "{kind} {around:?}");
                assert!((around.high[i] as f64 - high - turned.margin).abs() < 1e-5, "{kind} {around:?}");
            }
        }
    }
}
