//! Hulls of point clouds: closed convex polyhedra with the input's corners, whatever the cloud; the right error where there is none.

mod common;

use common::Numbers;
use kernel::geometry::convex::{Hull, MAX_HULL_VERTICES};
use kernel::geometry::hull_build::{build, HullBuffer, HullError, Scratch, MAX_HULL_POINTS};
use kernel::geometry::vector::Vec3;
use kernel::geometry::{bounds, mass};
use kernel::wide::Real;

fn hull(points: &[Vec3]) -> Result<Box<HullBuffer>, HullError> {
    let mut out = Box::new(HullBuffer::new());
    build(points, &mut Scratch::new(), &mut out).map(|()| out)
}

fn wide(v: Vec3) -> [f64; 3] {
    v.map(|x| x as f64)
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Largest extent and largest coordinate.
fn size(points: &[Vec3]) -> (f64, f64) {
    let [low, high] = bounds::around(points);
    let extent = (0..3).map(|k| (high[k] - low[k]) as f64).fold(0.0, f64::max);
    (extent, low.into_iter().chain(high).fold(0.0, |m: f64, v| m.max(v.abs() as f64)))
}

/// What is allowed as rounding: the builder's tolerance and that of planes in `Real`.
fn tolerance(points: &[Vec3]) -> f64 {
    let (extent, largest) = size(points);
    1.2e-6 * extent + 10.0 * Real::EPSILON as f64 * largest
}

fn height(plane: &[Real; 4], p: Vec3) -> f64 {
    (0..3).map(|k| plane[k] as f64 * p[k] as f64).sum::<f64>() - plane[3] as f64
}

fn face_corners(hull: &Hull, face: usize) -> Vec<usize> {
    let (mut corners, mut edge) = (vec![], hull.faces[face]);
    loop {
        corners.push(hull.edges[edge as usize].origin as usize);
        edge = hull.edges[edge as usize].next;
        assert!(corners.len() <= hull.edges.len(), "a face does not close");
        if edge == hull.faces[face] {
            return corners;
        }
    }
}

/// Everything that a hull has to be as a surface.
fn check_surface(hull: &Hull, points: &[Vec3]) {
    let eps = tolerance(points);
    let (v, e, f) = (hull.vertices.len(), hull.edges.len(), hull.faces.len());
    assert!((4..=MAX_HULL_VERTICES).contains(&v) && hull.planes.len() == f);
    assert_eq!(v + f, e / 2 + 2, "Euler: {v} corners, {} edges, {f} faces", e / 2);
    let (mut seen, mut used) = (vec![false; e], vec![false; v]);
    for face in 0..f {
        let (start, plane) = (hull.faces[face], hull.planes[face]);
        let n = wide([plane[0], plane[1], plane[2]]);
        assert!((dot(n, n) - 1.0).abs() < 1e-5, "normal {n:?}");
        let corners = face_corners(hull, face);
        assert!(corners.len() >= 3);
        let mut area = [0.0; 3];
        for k in 0..corners.len() {
            let [a, b, c] = [0, k, (k + 1) % corners.len()].map(|k| wide(hull.vertices[corners[k]]));
            area = [0, 1, 2].map(|i| area[i] + cross(minus(b, a), minus(c, a))[i]);
            assert!(height(&plane, hull.vertices[corners[k]]).abs() <= eps, "a corner off its face");
        }
        assert!(dot(area, n) > 0.0, "a face turns the wrong way");
        let mut edge = start;
        loop {
            let half = hull.edges[edge as usize];
            assert_eq!((half.twin, half.face as usize), (edge ^ 1, face));
            let twin = hull.edges[half.twin as usize];
            assert_ne!(twin.face, half.face);
            assert_eq!(twin.origin, hull.edges[half.next as usize].origin);
            assert!(!std::mem::replace(&mut seen[edge as usize], true));
            used[half.origin as usize] = true;
            edge = half.next;
            if edge == start {
                break;
            }
        }
        for p in hull.vertices {
            assert!(height(&plane, *p) <= 0.2 * eps, "a corner {:e} before a face, {eps:e}", height(&plane, *p));
        }
    }
    assert!(seen.iter().all(|s| *s) && used.iter().all(|u| *u));
    assert!(hull.vertices.iter().all(|v| points.contains(v)), "a corner that is no point");
}

fn check(points: &[Vec3]) -> Box<HullBuffer> {
    let built = hull(points).unwrap_or_else(|e| panic!("{e:?} for {points:?}"));
    let hull = built.view();
    check_surface(&hull, points);
    if hull.vertices.len() < MAX_HULL_VERTICES - 8 {
        let eps = tolerance(points);
        for p in points {
            for plane in hull.planes {
                assert!(height(plane, *p) <= eps, "{p:?} is {:e} outside, {eps:e}", height(plane, *p));
            }
        }
    }
    built
}

/// Volume by the definition: every plane of three points that has all others on one side bounds the hull.
fn brute_force_volume(points: &[Vec3]) -> f64 {
    let p: Vec<_> = points.iter().map(|v| wide(*v)).collect();
    let n = p.len();
    let middle = [0, 1, 2].map(|k| p.iter().map(|v| v[k]).sum::<f64>() / n as f64);
    let mut six = 0.0;
    for a in 0..n {
        for b in a + 1..n {
            for c in b + 1..n {
                let normal = cross(minus(p[b], p[a]), minus(p[c], p[a]));
                let sides = (0..n).filter(|k| ![a, b, c].contains(k)).map(|k| dot(normal, minus(p[k], p[a])));
                let (mut before, mut behind) = (false, false);
                sides.for_each(|s| if s > 0.0 { before = true } else { behind = true });
                if before != behind {
                    six += dot(normal, minus(p[a], middle)).abs();
                }
            }
        }
    }
    six / 6.0
}

fn unit(numbers: &mut Numbers) -> Vec3 {
    loop {
        let v: Vec3 = std::array::from_fn(|_| numbers.between(-1.0, 1.0));
        let l = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt();
        if l > 0.1 && l <= 1.0 {
            return v.map(|x| x / l);
        }
    }
}

fn turn(numbers: &mut Numbers) -> impl Fn(Vec3) -> Vec3 {
    use kernel::geometry::vector::{normalize_quat, rotate};
    let q = normalize_quat(std::array::from_fn(|_| numbers.between(-1.0, 1.0)));
    move |v| rotate(q, v)
}

/// Clouds of nine kinds.
fn cloud(kind: usize, n: usize, numbers: &mut Numbers) -> Vec<Vec3> {
    let turned = turn(numbers);
    let mut any = |low: Real, high: Real| -> Vec3 { std::array::from_fn(|_| numbers.between(low, high)) };
    let centres: Vec<Vec3> = (0..5).map(|_| any(-1.0, 1.0)).collect();
    let mut points: Vec<Vec3> = (0..n)
        .map(|k| match kind {
            0 => any(-1.0, 1.0),
            // On a ball, on a box, on a box that is turned.
            1 => {
                let v = any(-1.0, 1.0);
                let l = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt().max(1e-3);
                v.map(|x| x / l)
            }
            2 | 3 => {
                let mut v = any(-1.0, 1.0);
                v[k % 3] = if v[k % 3] < 0.0 { -1.0 } else { 1.0 };
                v
            }
            // Clusters, a coarse lattice with many duplicates, a cylinder with straight edges.
            4 => {
                let c = centres[k % 5];
                let d = any(-1e-4, 1e-4);
                [c[0] + d[0], c[1] + d[1], c[2] + d[2]]
            }
            5 => any(0.0, 4.0).map(|x| x.floor()),
            6 => {
                let angle = (k / 2) as f64 * 0.41;
                [angle.cos() as Real, if k % 2 == 0 { 1.0 } else { -1.0 }, angle.sin() as Real]
            }
            // Needle, slab.
            7 => {
                let v = any(-1.0, 1.0);
                [v[0], 1e-4 * v[1], 1e-4 * v[2]]
            }
            _ => {
                let v = any(-1.0, 1.0);
                [v[0], 1e-4 * v[1], v[2]]
            }
        })
        .collect();
    if kind == 3 || kind > 6 {
        points.iter_mut().for_each(|p| *p = turned(*p));
    }
    points
}

#[test]
fn random_clouds() {
    let mut numbers = Numbers(1);
    for round in 0..2700 {
        let kind = round % 9;
        let n = 30 + (numbers.next() * 60.0) as usize;
        let scale = [1e-3, 1.0, 37.0, 1e5, 1e6][round / 9 % 5] as Real;
        let offset: Vec3 = if round % 4 == 0 { unit(&mut numbers).map(|x| 3.0 * x * scale) } else { [0.0; 3] };
        let points: Vec<Vec3> = cloud(kind, n, &mut numbers).into_iter().map(|p| [0, 1, 2].map(|k| p[k] * scale + offset[k])).collect();
        check(&points);
    }
}

/// Clouds whose details are of the size of the tolerance: sheets with noise, shallow domes, blades, and boxes with noise on their faces.
#[test]
fn clouds_at_the_tolerance() {
    let mut numbers = Numbers(10);
    let mut hulls = 0;
    for round in 0..1500 {
        let turned = turn(&mut numbers);
        let thin = [1e-7, 3e-7, 6e-7, 1e-6, 2e-6, 1e-5][round % 6] as Real;
        let n = 20 + (numbers.next() * 80.0) as usize;
        let points: Vec<Vec3> = (0..n)
            .map(|k| {
                let (mut v, noise) = (std::array::from_fn(|_| numbers.between(-1.0, 1.0)), thin * numbers.between(-1.0, 1.0));
                match round / 6 % 4 {
                    0 => v[1] = noise,
                    1 => v[1] = 4.0 * thin * (1.0 - v[0] * v[0] - v[2] * v[2]),
                    2 => v[1] = v[1] * v[0].abs() * 0.3 + noise,
                    _ => v[k % 3] = if v[k % 3] < 0.0 { -1.0 + noise } else { 1.0 + noise },
                }
                turned(v)
            })
            .collect();
        match hull(&points) {
            Ok(built) => {
                check_surface(&built.view(), &points);
                hulls += 1;
            }
            Err(error) => assert_eq!(error, HullError::Coplanar),
        }
    }
    assert!(hulls > 900, "{hulls}");
}

#[test]
fn volume_of_small_clouds() {
    let mut numbers = Numbers(2);
    for round in 0..300 {
        let n = 4 + round % 13;
        let points: Vec<Vec3> = (0..n).map(|_| std::array::from_fn(|_| numbers.between(-1.0, 1.0))).collect();
        let (built, exact) = (check(&points), brute_force_volume(&points));
        let volume = mass::polytope(&built.view()).volume as f64;
        assert!((volume - exact).abs() <= 1e-5 * exact + 1e-6, "{volume} {exact}");
    }
}

fn corners(half: Vec3) -> Vec<Vec3> {
    (0..8).map(|k| std::array::from_fn(|axis| if k >> axis & 1 != 0 { half[axis] } else { -half[axis] })).collect()
}

#[test]
fn solids_have_their_faces() {
    let shape = |points: &[Vec3]| {
        let built = check(points);
        let h = built.view();
        (h.vertices.len(), h.edges.len() / 2, h.faces.len(), mass::polytope(&h).volume as f64)
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-5 * b, "{a} {b}");
    let (v, e, f, volume) = shape(&corners([1.0, 2.0, 3.0]));
    assert_eq!((v, e, f), (8, 12, 6));
    near(volume, 48.0);
    let (v, e, f, volume) = shape(&[[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    assert_eq!((v, e, f), (4, 6, 4));
    near(volume, 1.0 / 6.0);
    let g = 0.5 * (1.0 + 5f64.sqrt()) as Real;
    let cyclic = |a: Real, b: Real| {
        let signs = [(a, b), (-a, b), (a, -b), (-a, -b)];
        signs.into_iter().flat_map(|(a, b)| [[0.0, a, b], [a, b, 0.0], [b, 0.0, a]]).collect::<Vec<Vec3>>()
    };
    let (v, e, f, volume) = shape(&cyclic(1.0, g));
    assert_eq!((v, e, f), (12, 30, 20));
    near(volume, 5.0 / 12.0 * (3.0 + 5f64.sqrt()) * 8.0);
    // A dodecahedron has twelve pentagons, turned or not.
    let mut points = cyclic(1.0 / g, g);
    points.extend(corners([1.0; 3]));
    let mut numbers = Numbers(3);
    for _ in 0..50 {
        let turned = turn(&mut numbers);
        let (v, e, f, volume) = shape(&points.iter().map(|p| turned(*p)).collect::<Vec<_>>());
        assert_eq!((v, e, f), (20, 30, 12));
        near(volume, (15.0 + 7.0 * 5f64.sqrt()) / 4.0 * (5f64.sqrt() - 1.0).powi(3));
        let mut block = corners([0.3, 1.0, 2.0]);
        block.extend((0..200).map(|k| {
            let mut v: Vec3 = [0.3, 1.0, 2.0].map(|h: Real| numbers.between(-h, h));
            v[k % 3] = [0.3, 1.0, 2.0][k % 3] * if k % 2 == 0 { 1.0 } else { -1.0 };
            // Some on edges.
            if k % 5 == 0 {
                v[(k + 1) % 3] = [0.3, 1.0, 2.0][(k + 1) % 3];
            }
            v
        }));
        let (v, e, f, _) = shape(&block.iter().map(|p| turned(*p)).collect::<Vec<_>>());
        assert_eq!((v, e, f), (8, 12, 6));
    }
}

#[test]
fn many_points_give_a_good_approximation() {
    let mut numbers = Numbers(4);
    let points: Vec<Vec3> = (0..MAX_HULL_POINTS).map(|_| unit(&mut numbers)).collect();
    let built = check(&points);
    let h = built.view();
    assert_eq!(h.vertices.len(), MAX_HULL_VERTICES);
    let depth = bounds::inner_radius(&kernel::geometry::convex::Convex::Hull(h), [0.0; 3]);
    assert!(depth > 0.9, "{depth}");
    let ball = 4.0 / 3.0 * std::f64::consts::PI;
    assert!(mass::polytope(&h).volume as f64 > 0.9 * ball);
    // A cube among 4,096 points in it keeps its corners.
    let mut points: Vec<Vec3> = (0..MAX_HULL_POINTS - 8).map(|_| std::array::from_fn(|_| numbers.between(-1.0, 1.0))).collect();
    points.extend(corners([1.0; 3]));
    assert_eq!(check(&points).view().vertices.len(), 8);
}

#[test]
fn slabs_and_needles() {
    let mut numbers = Numbers(5);
    for thin in [1e-1, 1e-2, 1e-3, 1e-4, 1e-5] {
        for half in [[1.0, thin, 1.0], [thin, thin, 1.0]] {
            for scale in [1e-3, 1.0, 1e6] {
                let turned = turn(&mut numbers);
                let points: Vec<Vec3> =
                    corners(half.map(|h| (h * scale) as Real)).into_iter().map(|p| if thin < 1e-3 { p } else { turned(p) }).collect();
                let built = check(&points);
                assert_eq!(built.view().faces.len(), 6, "{half:?} {scale}");
            }
        }
    }
}

#[test]
fn errors() {
    let error = |points: &[Vec3]| hull(points).err();
    let cube = corners([1.0; 3]);
    assert_eq!(error(&cube[..3]), Some(HullError::TooFewPoints));
    assert_eq!(error(&[]), Some(HullError::TooFewPoints));
    assert_eq!(error(&vec![[0.0; 3]; MAX_HULL_POINTS + 1]), Some(HullError::TooManyPoints));
    for bad in [Real::NAN, Real::INFINITY, Real::NEG_INFINITY, 1e30] {
        let mut points = cube.clone();
        points[5][2] = bad;
        assert_eq!(error(&points), Some(HullError::NotFinite));
    }
    let mut numbers = Numbers(6);
    for round in 0..400 {
        let scale = [1e-3, 1.0, 1e5][round % 3] as Real;
        let turned = turn(&mut numbers);
        let flat: Vec<Vec3> = (0..40).map(|_| turned([numbers.between(-scale, scale), numbers.between(-scale, scale), 0.0])).collect();
        assert_eq!(error(&flat), Some(HullError::Coplanar));
        let line: Vec<Vec3> = (0..40).map(|_| turned([numbers.between(-scale, scale), 0.0, 0.0])).collect();
        assert_eq!(error(&line), Some(HullError::Coplanar));
        let place: Vec3 = std::array::from_fn(|_| numbers.between(-scale, scale));
        assert_eq!(error(&[place; 40]), Some(HullError::Coplanar));
    }
    let tiny = corners([1e-30; 3]);
    assert_eq!(error(&tiny), Some(HullError::Coplanar));
    // An error leaves an empty hull.
    let mut out = HullBuffer::new();
    build(&cube, &mut Scratch::new(), &mut out).unwrap();
    assert!(build(&cube[..3], &mut Scratch::new(), &mut out).is_err());
    assert!(out.view().vertices.is_empty() && out.view().faces.is_empty());
}

#[test]
fn duplicates_and_near_duplicates_change_nothing() {
    let mut numbers = Numbers(7);
    let turned = turn(&mut numbers);
    let cube: Vec<Vec3> = corners([1.0, 0.5, 2.0]).into_iter().map(turned).collect();
    for noise in [0.0, 1e-7, 3e-7] {
        let points: Vec<Vec3> = (0..400).map(|k| cube[k % 8].map(|x| x + numbers.between(-noise, noise))).collect();
        let built = check(&points);
        assert_eq!((built.view().vertices.len(), built.view().faces.len()), (8, 6), "{noise}");
    }
}

#[test]
fn same_points_same_bits() {
    let mut numbers = Numbers(8);
    let points = cloud(1, 500, &mut numbers);
    let (a, b) = (hull(&points).unwrap(), hull(&points).unwrap());
    assert_eq!((a.vertices, a.planes, a.faces), (b.vertices, b.planes, b.faces));
    assert_eq!(a.edges, b.edges);
    // And what the scratch held before does not matter.
    let mut scratch = Scratch::new();
    let mut c = HullBuffer::new();
    build(&cloud(5, 4000, &mut numbers), &mut scratch, &mut c).unwrap();
    build(&points, &mut scratch, &mut c).unwrap();
    assert_eq!((a.vertices.to_vec(), a.planes.to_vec()), (c.vertices.to_vec(), c.planes.to_vec()));
}

#[test]
fn recentred_hull_has_its_planes() {
    let mut numbers = Numbers(9);
    for _ in 0..50 {
        let points: Vec<Vec3> = cloud(0, 40, &mut numbers).into_iter().map(|p| p.map(|x| x + 5.0)).collect();
        let mut built = check(&points);
        let center = mass::polytope(&built.view()).center;
        built.recenter(center);
        let moved: Vec<Vec3> = points.iter().map(|p| [0, 1, 2].map(|k| p[k] - center[k])).collect();
        check_surface(&built.view(), &moved);
        let again = mass::polytope(&built.view());
        assert!(again.center.iter().all(|v| v.abs() < 2e-6), "{:?}", again.center);
    }
}
