//! Contacts that a pile of boxes and a floor of triangles live on; bad numbers.

mod narrow_support;

use kernel::geometry::cast::cast;
use kernel::geometry::collide::{collide, Cache};
use kernel::geometry::convex::{bounds, support, Convex, Triangle};
use kernel::geometry::gjk::nearest;
use kernel::geometry::manifold::Manifold;
use kernel::geometry::ray::{closest_point, ray};
use kernel::geometry::vector::{normalize_quat, Pose, Vec3, IDENTITY};
use kernel::wide::Real;
use narrow_support::*;

fn contact(a: &Convex, b: &Convex, pose: &Pose, reach: Real) -> Manifold {
    let mut out = Manifold::default();
    collide(a, b, pose, reach, &mut Cache::default(), &mut out);
    out
}

const fn at(position: Vec3) -> Pose {
    Pose { position, rotation: IDENTITY }
}

/// An eighth of a turn about an axis.
fn eighth(axis: usize) -> [Real; 4] {
    let half = std::f64::consts::PI / 8.0;
    let mut q = [0.0, 0.0, 0.0, half.cos() as Real];
    q[axis] = half.sin() as Real;
    q
}

/// Places of the points in the plane y, sorted.
fn places(out: &Manifold) -> Vec<[Real; 2]> {
    let mut places: Vec<_> = out.points[..out.count].iter().map(|p| [p.position[0], p.position[2]]).collect();
    places.sort_by_key(|p| p.map(|x| (x * 20.0).round() as i32));
    places
}

fn ids(out: &Manifold) -> Vec<u32> {
    let mut ids: Vec<_> = out.points[..out.count].iter().map(|p| p.id).collect();
    ids.sort_unstable();
    ids
}

fn assert_places(out: &Manifold, expected: &[[Real; 2]], loose: Real) {
    let found = places(out);
    assert_eq!(found.len(), expected.len(), "{out:?}");
    for (p, q) in found.iter().zip(expected) {
        assert!((p[0] - q[0]).abs() <= loose && (p[1] - q[1]).abs() <= loose, "{found:?} for {expected:?}");
    }
}

#[test]
fn stacked_boxes_touch_with_four_corners() {
    let cube = [0.5, 0.5, 0.5];
    let built = Built::prism(4, (0.5 as Real).sqrt(), 0.5);
    let turned = Pose { position: [0.0, 0.99, 0.0], rotation: eighth(1) };
    let square = [[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]];
    let boxes = contact(&Convex::Box(cube), &Convex::Box(cube), &at([0.0, 0.99, 0.0]), 0.02);
    let hulls = contact(&Convex::Hull(built.hull()), &Convex::Hull(built.hull()), &at([0.0, 0.99, 0.0]), 0.02);
    // The prism's corners lie on the axes: turned by 45° it stands on the box squarely.
    let mixed = contact(&Convex::Box(cube), &Convex::Hull(built.hull()), &turned, 0.02);
    assert_places(&boxes, &square, 1e-4);
    let h = (0.5 as Real).sqrt();
    assert_places(&hulls, &[[-h, 0.0], [0.0, -h], [0.0, h], [h, 0.0]], 1e-3);
    assert_places(&mixed, &square, 1e-3);
    for out in [boxes, hulls, mixed] {
        assert!((out.normal[1] - 1.0).abs() < 1e-6, "{out:?}");
        for p in &out.points[..4] {
            assert!((p.separation + 0.01).abs() < 1e-5 && (p.position[1] - 0.495).abs() < 1e-5, "{out:?}");
        }
    }
}

#[test]
fn a_shifted_box_touches_with_the_clipped_rectangle() {
    let out = contact(&Convex::Box([0.5, 0.5, 0.5]), &Convex::Box([0.5, 0.5, 0.5]), &at([0.3, 1.0, -0.2]), 0.01);
    assert_places(&out, &[[-0.2, -0.5], [-0.2, 0.3], [0.5, -0.5], [0.5, 0.3]], 0.001);
    // A large floor below, and a small box on it; then the other way round.
    let (floor, small) = (Convex::Box([50.0, 1.0, 50.0]), Convex::Box([0.25, 0.5, 0.5]));
    let corners = [[9.75, 19.5], [9.75, 20.5], [10.25, 19.5], [10.25, 20.5]];
    assert_places(&contact(&floor, &small, &at([10.0, 1.49, 20.0]), 0.02), &corners, 1e-4);
    let back = contact(&small, &floor, &at([-10.0, -1.49, -20.0]), 0.02);
    // (The reference face lets a thousandth more stand.)
    assert_places(&back, &corners.map(|[x, z]| [x - 10.0, z - 20.0]), 1e-3);
    assert_eq!(back.normal, [0.0, -1.0, 0.0]);
}

#[test]
fn crossed_edges_touch_in_one_point() {
    let s = (0.5 as Real).sqrt();
    // One box stands on an edge along z; the other, turned about x, hangs over it with an edge along x.
    let below = Pose { position: [0.0; 3], rotation: eighth(2) };
    let above = Pose { position: [0.1, 4.0 * s * 0.5 - 0.01, 0.2], rotation: eighth(0) };
    let out = contact(&Convex::Box([0.5, 0.5, 0.5]), &Convex::Box([0.5, 0.5, 0.5]), &below.to_local(&above), 0.0);
    assert_eq!(out.count, 1);
    let p = below.point(out.points[0].position);
    assert!((out.points[0].separation + 0.01).abs() < 1e-5);
    assert!(p[0].abs() < 1e-5 && p[2].abs() < 0.2 + 1e-5 && (p[1] - (s - 0.005)).abs() < 1e-5, "{p:?}");
}

#[test]
fn names_persist_under_small_motion() {
    let mut numbers = Numbers(3);
    let prism = Built::prism(7, 0.6, 0.4);
    let shapes = [Convex::Box([0.5, 0.5, 0.5]), Convex::Hull(prism.hull()), Convex::Capsule { radius: 0.3, half_height: 0.5 }];
    for a in &shapes[..2] {
        for (k, b) in shapes.iter().enumerate() {
            let lie = if k == 2 { normalize_quat([0.0, 0.0, 0.5, 0.5]) } else { IDENTITY };
            let height = bounds(a, IDENTITY).high[1] + bounds(b, lie).high[1];
            let pose = Pose { position: [0.11, height, 0.07], rotation: lie };
            let first = contact(a, b, &pose, 0.02);
            assert_eq!(first.count, if k == 2 { 2 } else { 4 });
            for _ in 0..200 {
                let (d, t) = (numbers.vector(1e-4), numbers.vector(1e-4));
                let moved = [pose.position[0] + d[0], pose.position[1] + d[1], pose.position[2] + d[2]];
                let rotation = normalize_quat([lie[0] + t[0], lie[1] + t[1], lie[2] + t[2], lie[3]]);
                let again = contact(a, b, &Pose { position: moved, rotation }, 0.02);
                assert_eq!(ids(&first), ids(&again), "{k} {first:?} {again:?}");
            }
            let names = ids(&first);
            assert!(names.windows(2).all(|w| w[0] != w[1]), "{names:?}");
        }
    }
}

#[test]
fn an_aligned_stack_keeps_its_names() {
    let mut numbers = Numbers(5);
    let cube = Convex::Box([0.5, 0.5, 0.5]);
    let first = contact(&cube, &cube, &at([0.0, 1.0, 0.0]), 0.02);
    for _ in 0..500 {
        let d = numbers.vector(1e-4);
        let t = numbers.vector(5e-5);
        let pose = Pose { position: [d[0], 1.0 + d[1], d[2]], rotation: normalize_quat([t[0], t[1], t[2], 1.0]) };
        assert_eq!(ids(&first), ids(&contact(&cube, &cube, &pose, 0.02)));
    }
}

#[test]
fn the_cache_changes_nothing() {
    for (one, two) in [("box", "box"), ("box", "hull"), ("hull", "hull"), ("triangle", "hull"), ("box", "triangle")] {
        let mut numbers = Numbers(7);
        let (mut kept, mut without) = (0, 0);
        for _ in 0..200 {
            let (a, b) = (Shape::random(&mut numbers, one), Shape::random(&mut numbers, two));
            let mut pose = pose_near(&mut numbers, &a, &b);
            let drift = numbers.vector(0.02);
            let mut cache = Cache::default();
            for _ in 0..20 {
                pose.position = [0, 1, 2].map(|i| pose.position[i] + drift[i]);
                let mut out = Manifold::default();
                collide(&a.convex(), &b.convex(), &pose, 0.01, &mut cache, &mut out);
                let fresh = contact(&a.convex(), &b.convex(), &pose, 0.01);
                assert_eq!(format!("{:?}", &out.points[..out.count]), format!("{:?}", &fresh.points[..fresh.count]), "{one}-{two}");
                kept += out.count;
                without += (out.count == 0) as usize;
            }
        }
        assert!(kept > 100 && without > 100);
    }
}

/// Two triangles of a floor, with the seam between them not active, from x = −5 to 5.
fn floor(shift: Vec3) -> [Triangle; 2] {
    let c = |x: Real, z: Real| [x + shift[0], shift[1], z + shift[2]];
    [
        Triangle { corners: [c(-5.0, -5.0), c(-5.0, 5.0), c(5.0, 5.0)], active: 0b011 },
        Triangle { corners: [c(-5.0, -5.0), c(5.0, 5.0), c(5.0, -5.0)], active: 0b110 },
    ]
}

#[test]
fn seams_of_a_floor_push_straight_up() {
    let mut numbers = Numbers(11);
    let prism = Built::prism(6, 0.5, 0.5);
    let shapes =
        [Convex::Sphere(0.5), Convex::Capsule { radius: 0.3, half_height: 0.2 }, Convex::Box([0.5, 0.5, 0.5]), Convex::Hull(prism.hull())];
    for shape in &shapes {
        let mut touched = [0; 2];
        for _ in 0..1000 {
            // Everywhere over the floor's middle, most of it near the seam x = z, sunk in by up to 2 cm.
            let along = numbers.between(-3.0, 3.0);
            let height = if matches!(shape, Convex::Sphere(_)) {
                0.5
            } else {
                0.5 - bounds(shape, IDENTITY).high[1] + bounds(shape, IDENTITY).high[1]
            };
            let height = height.min(bounds(shape, IDENTITY).high[1]) - numbers.between(0.0, 0.02);
            let pose = at([along + numbers.between(-0.6, 0.6), height, along]);
            let mut any = 0;
            for (k, triangle) in floor([0.0; 3]).into_iter().enumerate() {
                let out = contact(&Convex::Triangle(triangle), shape, &pose, 0.01);
                if out.count > 0 {
                    assert!(out.normal[1] > 0.9999, "{shape:?} {pose:?} {out:?}");
                    touched[k] += 1;
                    any += 1;
                }
            }
            assert!(any > 0, "falls through: {shape:?} {pose:?}");
        }
        assert!(touched[0] > 200 && touched[1] > 200, "{touched:?}");
    }
}

#[test]
fn an_active_edge_pushes_sideways() {
    let [triangle, _] = floor([0.0; 3]);
    // A sphere beside the border x = −5.
    let out = contact(&Convex::Triangle(triangle), &Convex::Sphere(0.5), &at([-5.4, 0.2, 0.0]), 0.0);
    assert_eq!(out.count, 1);
    assert!(out.normal[0] < -0.8, "{out:?}");
}

#[test]
fn triangles_hold_up_only_what_is_in_front() {
    let [triangle, _] = floor([0.0; 3]);
    let shapes = [Convex::Sphere(0.5), Convex::Capsule { radius: 0.3, half_height: 0.2 }, Convex::Box([0.5, 0.5, 0.5])];
    for shape in &shapes {
        assert!(contact(&Convex::Triangle(triangle), shape, &at([-2.0, 0.1, 2.0]), 0.02).count > 0);
        assert_eq!(contact(&Convex::Triangle(triangle), shape, &at([-2.0, -0.1, 2.0]), 0.02).count, 0);
        // Sunk in by a little more than its middle: still lifted out.
        let out = contact(&Convex::Triangle(triangle), shape, &at([-2.0, -0.01, 2.0]), 0.02);
        assert!(out.count > 0 && out.normal[1] > 0.999, "{shape:?} {out:?}");
    }
}

#[test]
fn a_contact_far_out_in_a_level_is_as_good() {
    let mut numbers = Numbers(13);
    let shift = [1024.0, -512.0, 2048.0];
    for kind in ["sphere", "capsule", "box", "hull"] {
        for _ in 0..500 {
            let shape = Shape::random(&mut numbers, kind);
            let rotation = numbers.rotation();
            let low = -bounds(&shape.convex(), rotation).low[1];
            // Places that 32 bits hold exactly out there too.
            let exact = |x: Real| (x * 1024.0).floor() / 1024.0;
            let here = [exact(numbers.between(-3.0, 0.0)), exact(low - 0.01), exact(numbers.between(0.0, 3.0))];
            let there = [0, 1, 2].map(|i| here[i] + shift[i]);
            let near = contact(&Convex::Triangle(floor([0.0; 3])[0]), &shape.convex(), &Pose { position: here, rotation }, 0.02);
            let far = contact(&Convex::Triangle(floor(shift)[0]), &shape.convex(), &Pose { position: there, rotation }, 0.02);
            assert_eq!(near.count, far.count);
            assert_eq!(near.normal, far.normal);
            for (p, q) in near.points[..near.count].iter().zip(&far.points) {
                assert_eq!((p.separation, p.id), (q.separation, q.id));
            }
        }
    }
}

#[test]
fn bad_numbers_are_harmless() {
    let mut numbers = Numbers(19);
    let odd = [0.0, -0.0, 1e-30, 1e30, Real::MAX, Real::NAN, Real::INFINITY, Real::NEG_INFINITY, 1.0, -1.0, 1e-3, 1e4];
    let good = Built::prism(5, 0.5, 0.5);
    let flat = Built { vertices: vec![[0.0; 3]; good.vertices.len()], ..good.clone() };
    let lost = Built { vertices: good.vertices.iter().map(|v| v.map(|x| x * Real::NAN)).collect(), ..good.clone() };
    let huge = Built { vertices: good.vertices.iter().map(|v| v.map(|x| x * 1e30)).collect(), ..good.clone() };
    let hulls = [&good, &flat, &lost, &huge];
    for _ in 0..60_000 {
        let mut any = || if numbers.next() < 0.5 { odd[(numbers.next() * 12.0) as usize % 12] } else { numbers.between(-1.0, 1.0) };
        let mut shape = |k: usize| match k % 5 {
            0 => Convex::Sphere(any()),
            1 => Convex::Capsule { radius: any(), half_height: any() },
            2 => Convex::Box([any(), any(), any()]),
            3 => Convex::Hull(hulls[(any().abs() * 4.0) as usize % 4].hull()),
            _ => Convex::Triangle(Triangle { corners: [[any(), any(), any()], [any(), any(), any()], [any(), any(), any()]], active: 5 }),
        };
        let k = (shape(0).margin().to_bits() as usize) % 25;
        let (a, b) = (shape(k), shape(k / 5));
        let rotation = if any() > 0.0 { IDENTITY } else { [any(), any(), any(), any()] };
        let pose = Pose { position: [any(), any(), any()], rotation };
        let reach = any();
        let out = contact(&a, &b, &pose, reach);
        for p in &out.points[..out.count] {
            let all = [p.separation, out.normal[0], out.normal[1], out.normal[2], p.position[0], p.position[1], p.position[2]];
            assert!(all.iter().all(|x| x.is_finite()), "{a:?} {b:?} {pose:?} {out:?}");
        }
        // The rest must only come back.
        nearest(&a, &b, &pose);
        cast(&a, &b, &pose, [any(), any(), any()]);
        ray(&a, [any(), any(), any()], [any(), any(), any()], any());
        closest_point(&a, [any(), any(), any()]);
        support(&a, [any(), any(), any()]);
        bounds(&a, rotation);
    }
}
