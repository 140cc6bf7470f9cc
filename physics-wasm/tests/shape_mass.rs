//! Mass properties against closed forms, against sums over points, and against each other; bounds against what they bound.

mod common;

use common::Numbers;
use kernel::geometry::bounds;
use kernel::geometry::convex::{Convex, Triangle};
use kernel::geometry::hull_build::{build, HullBuffer, Scratch};
use kernel::geometry::mass::{capsule, combine, cuboid, polytope, properties, sphere, MassProperties};
use kernel::geometry::vector::{normalize_quat, rotate, turned, Pose, Vec3};
use kernel::wide::Real;

const PI: Real = std::f64::consts::PI as Real;

fn near(a: Real, b: Real, scale: Real) {
    assert!((a - b).abs() <= 5e-6 * scale, "{a} {b}");
}

fn same(a: &MassProperties, b: &MassProperties, size: Real) {
    near(a.volume, b.volume, b.volume);
    for k in 0..3 {
        near(a.center[k], b.center[k], size);
    }
    for k in 0..6 {
        near(a.inertia[k], b.inertia[k], size * size);
    }
}

fn hull(points: &[Vec3]) -> Box<HullBuffer> {
    let mut out = Box::new(HullBuffer::new());
    build(points, &mut Scratch::new(), &mut out).expect("a hull");
    out
}

fn block(half: Vec3) -> Vec<Vec3> {
    (0..8).map(|k| std::array::from_fn(|axis| if k >> axis & 1 != 0 { half[axis] } else { -half[axis] })).collect()
}

fn random_pose(numbers: &mut Numbers, reach: Real) -> Pose {
    Pose {
        position: std::array::from_fn(|_| numbers.between(-reach, reach)),
        rotation: normalize_quat(std::array::from_fn(|_| numbers.between(-1.0, 1.0))),
    }
}

/// Volume, centre and inertia of a solid from points in a box that holds it.
fn monte_carlo(inside: impl Fn(Vec3) -> bool, half: Vec3, numbers: &mut Numbers) -> MassProperties {
    let n = 200_000;
    let (mut count, mut first, mut second) = (0.0f64, [0.0f64; 3], [[0.0f64; 3]; 3]);
    for _ in 0..n {
        let p: Vec3 = half.map(|h| numbers.between(-h, h));
        if inside(p) {
            let p = p.map(|v| v as f64);
            count += 1.0;
            for i in 0..3 {
                first[i] += p[i];
                for j in 0..3 {
                    second[i][j] += p[i] * p[j];
                }
            }
        }
    }
    let m = first.map(|v| v / count);
    let c = |i: usize, j: usize| second[i][j] / count - m[i] * m[j];
    MassProperties {
        volume: (8.0 * half.map(|h| h as f64).iter().product::<f64>() * count / n as f64) as Real,
        center: m.map(|v| v as Real),
        inertia: [c(1, 1) + c(2, 2), c(0, 0) + c(2, 2), c(0, 0) + c(1, 1), -c(0, 1), -c(0, 2), -c(1, 2)].map(|v| v as Real),
    }
}

/// Within what 200,000 points can tell.
fn about(a: &MassProperties, b: &MassProperties, size: Real) {
    assert!((a.volume - b.volume).abs() < 0.02 * a.volume, "{} {}", a.volume, b.volume);
    assert!((0..3).all(|k| (a.center[k] - b.center[k]).abs() < 0.01 * size), "{:?} {:?}", a.center, b.center);
    assert!((0..6).all(|k| (a.inertia[k] - b.inertia[k]).abs() < 0.01 * size * size), "{:?} {:?}", a.inertia, b.inertia);
}

#[test]
fn closed_forms() {
    let ball = sphere(2.0);
    near(ball.volume, 4.0 / 3.0 * PI * 8.0, 40.0);
    near(ball.inertia[1], 0.4 * 4.0, 2.0);
    let brick = cuboid([1.0, 2.0, 3.0]);
    assert_eq!(brick.volume, 48.0);
    near(brick.inertia[0], 13.0 / 3.0, 5.0);
    near(brick.inertia[2], 5.0 / 3.0, 5.0);
    // A capsule without a tube is a ball, a long thin one a rod.
    same(&capsule(2.0, 0.0), &ball, 2.0);
    near(capsule(1e-3, 1.0).inertia[0], 1.0 / 3.0, 300.0);
    let pill = capsule(0.5, 1.0);
    near(pill.volume, PI * 0.25 * 2.0 + 4.0 / 3.0 * PI * 0.125, 2.0);
    let inside = |p: Vec3| p[0] * p[0] + p[2] * p[2] + (p[1].abs() - 1.0).max(0.0).powi(2) <= 0.25;
    about(&pill, &monte_carlo(inside, [0.5, 1.5, 0.5], &mut Numbers(1)), 1.5);
    // And slice by slice, by the midpoint rule: discs of radius ρ at height y.
    let (mut volume, mut along, mut across) = (0.0f64, 0.0f64, 0.0f64);
    for k in 0..200_000 {
        let y = 1.5 * (k as f64 + 0.5) / 200_000.0;
        let square = 0.25 - (y - 1.0f64).max(0.0).powi(2);
        volume += square;
        along += square * square / 2.0;
        across += square * (square / 4.0 + y * y);
    }
    near(pill.inertia[1], (along / volume) as Real, 1.0);
    near(pill.inertia[0], (across / volume) as Real, 1.0);
    // Twice the size: eight times the volume, four times the inertia over the mass.
    let large = capsule(1.0, 2.0);
    near(large.volume, 8.0 * pill.volume, 16.0);
    near(large.inertia[0], 4.0 * pill.inertia[0], 4.0);
}

#[test]
fn nothing_weighs_nothing() {
    let none = MassProperties::default();
    for p in [
        sphere(0.0),
        sphere(-1.0),
        sphere(Real::NAN),
        cuboid([1.0, 0.0, 1.0]),
        cuboid([1.0, -2.0, 1.0]),
        capsule(0.0, 1.0),
        capsule(Real::INFINITY, 1.0),
        polytope(&HullBuffer::new().view()),
        properties(&Convex::Triangle(Triangle { corners: [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], active: 7 })),
        combine(&[]),
        combine(&[(none, Pose::ORIGIN)]),
    ] {
        assert_eq!(p, none);
    }
}

#[test]
fn hulls_of_blocks_are_blocks() {
    let mut numbers = Numbers(2);
    for round in 0..200 {
        let scale = [1e-2, 1.0, 1e3][round % 3] as Real;
        let half: Vec3 = std::array::from_fn(|_| scale * numbers.between(0.1, 1.0));
        let pose = random_pose(&mut numbers, 3.0 * scale);
        let built = hull(&block(half).into_iter().map(|p| pose.point(p)).collect::<Vec<_>>());
        let measured = polytope(&built.view());
        let expected = cuboid(half);
        near(measured.volume, expected.volume, 8.0 * scale * scale * scale);
        let size = 4.0 * scale;
        (0..3).for_each(|k| near(measured.center[k], pose.position[k], size));
        let tensor = turned(&expected.inertia, pose.rotation);
        (0..6).for_each(|k| near(measured.inertia[k], tensor[k], size * size));
        assert_eq!(properties(&Convex::Hull(built.view())), measured);
        // The same by putting the block at its pose.
        let placed = combine(&[(expected, pose)]);
        near(placed.volume, expected.volume, expected.volume);
        (0..6).for_each(|k| near(placed.inertia[k], tensor[k], size * size));
    }
}

#[test]
fn random_hulls_against_points() {
    let mut numbers = Numbers(3);
    for _ in 0..12 {
        let points: Vec<Vec3> = (0..25).map(|_| std::array::from_fn(|_| numbers.between(-1.0, 1.0))).collect();
        let built = hull(&points);
        let h = built.view();
        let inside = |p: Vec3| h.planes.iter().all(|n| n[0] * p[0] + n[1] * p[1] + n[2] * p[2] <= n[3]);
        about(&polytope(&h), &monte_carlo(inside, [1.0; 3], &mut numbers), 1.0);
    }
}

#[test]
fn parts_of_a_block_make_the_block() {
    // Cut in eight unequal parts, each turned by half turns, and put together again.
    let mut numbers = Numbers(4);
    let half_turns = [[0.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
    for _ in 0..50 {
        let at: Vec3 = std::array::from_fn(|_| numbers.between(-0.5, 0.5));
        let whole: Vec3 = [1.0, 2.0, 0.7];
        let parts: Vec<_> = (0..8)
            .map(|k| {
                let (mut half, mut position): (Vec3, Vec3) = ([0.0; 3], [0.0; 3]);
                for axis in 0..3 {
                    let (low, high) = if k >> axis & 1 != 0 { (at[axis], whole[axis]) } else { (-whole[axis], at[axis]) };
                    (half[axis], position[axis]) = (0.5 * (high - low), 0.5 * (high + low));
                }
                (cuboid(half), Pose { position, rotation: half_turns[k % 4] })
            })
            .collect();
        same(&combine(&parts), &cuboid(whole), 2.0);
    }
}

#[test]
fn parallel_axes_and_turns() {
    // Two equal balls: a dumb-bell.
    let ball = sphere(0.5);
    let pose = |x: Real| Pose { position: [x, 3.0, 0.0], rotation: [0.0, 0.0, 0.0, 1.0] };
    let bell = combine(&[(ball, pose(-1.0)), (ball, pose(3.0))]);
    (0..3).for_each(|k| near(bell.center[k], [1.0, 3.0, 0.0][k], 1.0));
    near(bell.inertia[0], 0.1, 1.0);
    near(bell.inertia[1], 0.1 + 4.0, 4.0);
    // Turning all parts together turns the sum; nested compounds equal flat ones.
    let mut numbers = Numbers(5);
    for _ in 0..100 {
        let parts: Vec<_> =
            (0..4).map(|_| (cuboid(std::array::from_fn(|_| numbers.between(0.1, 1.0))), random_pose(&mut numbers, 2.0))).collect();
        let outer = random_pose(&mut numbers, 2.0);
        let flat = combine(&parts);
        let moved: Vec<_> = parts.iter().map(|(p, pose)| (*p, outer.compose(pose))).collect();
        let (moved, nested) = (combine(&moved), combine(&[(flat, outer)]));
        let pair = combine(&[(combine(&parts[..2]), Pose::ORIGIN), (combine(&parts[2..]), Pose::ORIGIN)]);
        same(&pair, &flat, 3.0);
        near(moved.volume, flat.volume, flat.volume);
        (0..3).for_each(|k| near(moved.center[k], outer.point(flat.center)[k], 6.0));
        (0..6).for_each(|k| near(moved.inertia[k], turned(&flat.inertia, outer.rotation)[k], 9.0));
        (0..6).for_each(|k| near(moved.inertia[k], nested.inertia[k], 9.0));
    }
}

/// Points of the surface of a shape.
fn surface(shape: &Convex, numbers: &mut Numbers) -> Vec3 {
    let mut any = || -> Vec3 { std::array::from_fn(|_| numbers.between(-1.0, 1.0)) };
    let unit = |v: Vec3| v.map(|x| x / (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt().max(1e-6));
    match shape {
        Convex::Sphere(radius) => unit(any()).map(|x| x * radius),
        Convex::Capsule { radius, half_height } => {
            let (d, s) = (unit(any()), any()[0]);
            let end = if d[1] > 0.0 { *half_height } else { -*half_height };
            let side = (d[0] * d[0] + d[2] * d[2]).sqrt().max(1e-6);
            if s > 0.0 {
                [d[0] * radius, d[1] * radius + end, d[2] * radius]
            } else {
                [d[0] / side * radius, s * 2.0 * half_height + half_height, d[2] / side * radius]
            }
        }
        Convex::Box(half) => {
            let (mut v, k) = (any(), (any()[0].abs() * 2.999) as usize);
            v[k] = v[k].signum();
            std::array::from_fn(|axis| v[axis] * half[axis])
        }
        Convex::Hull(hull) => {
            let [a, b, c] = [0; 3].map(|_| hull.vertices[(any()[0].abs() * 0.999 * hull.vertices.len() as Real) as usize]);
            std::array::from_fn(|axis| (a[axis] + b[axis] + c[axis]) / 3.0)
        }
        Convex::Triangle(t) => {
            let w = any().map(Real::abs);
            let sum = w[0] + w[1] + w[2] + 1e-6;
            std::array::from_fn(|axis| (0..3).map(|k| w[k] / sum * t.corners[k][axis]).sum())
        }
    }
}

#[test]
fn bounds_hold_and_are_tight() {
    let mut numbers = Numbers(6);
    let built = hull(&(0..30).map(|_| std::array::from_fn(|_| numbers.between(-1.0, 1.0))).collect::<Vec<_>>());
    let triangle = Triangle { corners: [[0.0, 0.1, 0.2], [1.0, 0.3, 0.0], [0.5, 1.0, -0.4]], active: 7 };
    let shapes = [
        Convex::Sphere(0.7),
        Convex::Capsule { radius: 0.4, half_height: 0.8 },
        Convex::Box([0.5, 1.0, 0.25]),
        Convex::Hull(built.view()),
        Convex::Triangle(triangle),
    ];
    let reach = |shape: &Convex, pose: &Pose, direction: Vec3, numbers: &mut Numbers| {
        let corners: Vec<Vec3> = match shape {
            Convex::Box(half) => block(*half),
            Convex::Hull(h) => h.vertices.to_vec(),
            Convex::Triangle(t) => t.corners.to_vec(),
            _ => (0..3000).map(|_| surface(shape, numbers)).collect(),
        };
        let along = |p: Vec3| (0..3).map(|k| p[k] * direction[k]).sum::<Real>();
        corners.into_iter().map(|p| along(pose.point(p))).fold(Real::NEG_INFINITY, Real::max)
    };
    for round in 0..40 {
        for shape in &shapes {
            let pose = if round == 0 { Pose::ORIGIN } else { random_pose(&mut numbers, 2.0) };
            let [low, high] = bounds::at(shape, &pose);
            if round == 0 {
                assert_eq!([low, high], bounds::local(shape));
            }
            for axis in 0..3 {
                let mut direction: Vec3 = [0.0; 3];
                direction[axis] = 1.0;
                let top = reach(shape, &pose, direction, &mut numbers);
                direction[axis] = -1.0;
                let bottom = -reach(shape, &pose, direction, &mut numbers);
                assert!(top <= high[axis] + 1e-5 && top >= high[axis] - 0.03, "{top} {}", high[axis]);
                assert!(bottom >= low[axis] - 1e-5 && bottom <= low[axis] + 0.03, "{bottom} {}", low[axis]);
            }
            let center: Vec3 = std::array::from_fn(|_| numbers.between(-0.3, 0.3));
            let (inner, outer) = (bounds::inner_radius(shape, center), bounds::radius_about(shape, center));
            let distance = |p: Vec3| (0..3).map(|k| (p[k] - center[k]).powi(2)).sum::<Real>().sqrt();
            for _ in 0..200 {
                let d = distance(surface(shape, &mut numbers));
                assert!(d <= outer + 1e-5, "{d} {outer}");
                if !matches!(shape, Convex::Hull(_)) {
                    assert!(d >= inner - 1e-5, "{d} {inner}");
                }
            }
            assert!(inner <= outer);
        }
    }
    assert_eq!(bounds::inner_radius(&shapes[2], [0.0; 3]), 0.25);
    assert_eq!(bounds::inner_radius(&shapes[2], [0.0, 3.0, 0.0]), 0.0);
    assert_eq!(bounds::inner_radius(&shapes[1], [0.0, 1.0, 0.0]), 0.4 - (1.0 - 0.8));
    assert!((bounds::radius_about(&shapes[2], [0.5, 1.0, 0.25]) - (1.0 + 4.0 + 0.25 as Real).sqrt()).abs() < 1e-6);
}

#[test]
fn hull_inner_radius_is_the_nearest_face() {
    let built = hull(&block([1.0, 2.0, 3.0]));
    let shape = Convex::Hull(built.view());
    assert!((bounds::inner_radius(&shape, [0.5, 0.0, 0.0]) - 0.5).abs() < 1e-6);
    assert_eq!(bounds::inner_radius(&shape, [1.5, 0.0, 0.0]), 0.0);
}

#[test]
fn compound_bounds() {
    let mut numbers = Numbers(7);
    for _ in 0..50 {
        let children: Vec<(Convex, Pose)> = (0..4)
            .map(|k| {
                let shape = match k {
                    0 => Convex::Sphere(0.5),
                    1 => Convex::Capsule { radius: 0.2, half_height: 0.5 },
                    _ => Convex::Box([0.3, 0.6, 0.2]),
                };
                (shape, random_pose(&mut numbers, 1.0))
            })
            .collect();
        let [low, high] = bounds::compound(&children);
        let radius = bounds::compound_radius_about(&children, [0.1, 0.2, 0.3]);
        for _ in 0..300 {
            let (shape, pose) = &children[(numbers.next() * 3.999) as usize];
            let p = pose.point(surface(shape, &mut numbers));
            assert!((0..3).all(|k| p[k] >= low[k] - 1e-5 && p[k] <= high[k] + 1e-5));
            let d = (0..3).map(|k| (p[k] - [0.1, 0.2, 0.3][k]).powi(2)).sum::<Real>().sqrt();
            assert!(d <= radius + 1e-5);
        }
        let center = children[0].1.position;
        assert!(bounds::compound_inner_radius(&children, center) >= 0.5 - 1e-6);
        assert_eq!(bounds::compound_inner_radius(&children, [9.0; 3]), 0.0);
    }
    assert_eq!(rotate([0.0, 0.0, 0.0, 1.0], [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]);
}
