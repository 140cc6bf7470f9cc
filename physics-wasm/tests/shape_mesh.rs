//! Triangle meshes: what they refuse, which edges they feel, and what they find against looking at every triangle.

mod common;
#[path = "common/level.rs"]
mod level;

use common::Numbers;
use kernel::geometry::bvh::Ray;
use kernel::geometry::mesh::{build, Memory, MeshError};
use kernel::geometry::vector::{normalize_quat, rotate, Vec3};
use kernel::wide::Real;
use level::{any_ray, check_nearest, check_ray, OwnedMesh};

const CUBE: [[u32; 3]; 12] =
    [[0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4], [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5]];

fn cube() -> Vec<Vec3> {
    (0..8).map(|k| std::array::from_fn(|axis| if k >> axis & 1 != 0 { 1.0 } else { -1.0 })).collect()
}

/// A bumpy sheet of n × n cells; with `soup` every triangle has corners of its own.
fn sheet(n: usize, bumps: Real, soup: bool, numbers: &mut Numbers) -> OwnedMesh {
    let vertices: Vec<Vec3> =
        (0..(n + 1) * (n + 1)).map(|k| [(k % (n + 1)) as Real, bumps * numbers.between(-1.0, 1.0), (k / (n + 1)) as Real]).collect();
    let mut indices = vec![];
    for cell in 0..n * n {
        let a = (cell / n * (n + 1) + cell % n) as u32;
        let (b, c, d) = (a + 1, a + n as u32 + 1, a + n as u32 + 2);
        indices.extend([[a, c, d], [a, d, b]]);
    }
    if soup {
        let corners = indices.iter().flatten().map(|v| vertices[*v as usize]).collect();
        indices = (0..indices.len() as u32).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect();
        return OwnedMesh::new(corners, indices).unwrap();
    }
    OwnedMesh::new(vertices, indices).unwrap()
}

/// Triangles of all sizes anywhere.
fn litter(n: usize, numbers: &mut Numbers) -> OwnedMesh {
    let mut vertices: Vec<Vec3> = vec![];
    for _ in 0..n {
        let size = numbers.next().powi(3) * 4.0 + 0.01;
        let at: Vec3 = std::array::from_fn(|_| numbers.between(-8.0, 8.0));
        (0..3).for_each(|_| vertices.push(at.map(|x| x + numbers.between(-size, size))));
    }
    let indices = (0..n as u32).map(|t| [3 * t, 3 * t + 1, 3 * t + 2]).collect();
    OwnedMesh::new(vertices, indices).expect("random triangles have an area")
}

fn meshes(numbers: &mut Numbers) -> Vec<OwnedMesh> {
    vec![
        OwnedMesh::new(cube(), CUBE.to_vec()).unwrap(),
        OwnedMesh::new(cube(), CUBE[..1].to_vec()).unwrap(),
        sheet(6, 0.0, false, numbers),
        sheet(12, 0.7, true, numbers),
        litter(5, numbers),
        litter(700, numbers),
    ]
}

#[test]
fn rays_meet_the_first_triangle() {
    let mut numbers = Numbers(21);
    for mesh in meshes(&mut numbers) {
        for round in 0..300 {
            let ray = any_ray(round, 10.0, &mut numbers);
            check_ray(&mesh, &ray, mesh.view().ray(&ray));
        }
    }
}

#[test]
fn rays_do_not_slip_through_seams() {
    // Straight at edges and corners of a sheet, from near and from far.
    let mut numbers = Numbers(22);
    let mesh = sheet(12, 0.4, false, &mut numbers);
    let mut met = 0;
    for round in 0..4000 {
        let t = (numbers.next() * mesh.indices.len() as Real) as usize % mesh.indices.len();
        let [a, b, _] = mesh.indices[t].map(|v| mesh.vertices[v as usize]);
        let s = if round % 5 == 0 { 0.0 } else { numbers.next() };
        let target: Vec3 = std::array::from_fn(|k| a[k] + (b[k] - a[k]) * s);
        let border = |v: Real| !(0.001..=11.999).contains(&v);
        if border(target[0]) || border(target[2]) {
            continue;
        }
        let far = [1.0, 30.0, 1000.0][round % 3];
        let d: Vec3 = [numbers.between(-0.5, 0.5), -1.0, numbers.between(-0.5, 0.5)];
        let l = (d[0] * d[0] + 1.0 + d[2] * d[2]).sqrt();
        let ray = Ray {
            origin: std::array::from_fn(|k| target[k] - d[k] * far),
            direction: d.map(|v| v / l),
            max_distance: 1e5,
            expand: [9.0; 3],
        };
        assert!(mesh.view().ray(&ray).is_some(), "{ray:?} at {target:?}");
        met += 1;
    }
    assert!(met > 2000);
}

#[test]
fn nearest_points() {
    let mut numbers = Numbers(23);
    for mesh in meshes(&mut numbers) {
        for round in 0..200 {
            let point: Vec3 = std::array::from_fn(|_| numbers.between(-10.0, 10.0));
            let max = if round % 3 == 0 { 1.5 } else { 1e3 };
            check_nearest(&mesh, point, max, mesh.view().nearest(point, max));
        }
    }
}

#[test]
fn boxes_give_the_triangles_near() {
    let mut numbers = Numbers(24);
    for mesh in meshes(&mut numbers) {
        for round in 0..100 {
            let low: Vec3 = std::array::from_fn(|_| numbers.between(-10.0, 10.0));
            let high = low.map(|v| v + numbers.between(0.0, [0.5, 8.0][round % 2]));
            let mut found = vec![];
            mesh.view().for_each_triangle(low, high, |index, triangle| {
                assert_eq!(triangle.corners, mesh.indices[index as usize].map(|v| mesh.vertices[v as usize]));
                assert_eq!(triangle.active, mesh.view().active[index as usize] as u32);
                found.push(index);
            });
            found.sort_unstable();
            let near = |t: &u32| {
                let corners = mesh.indices[*t as usize].map(|v| mesh.vertices[v as usize]);
                (0..3).all(|k| corners.iter().any(|c| c[k] <= high[k]) && corners.iter().any(|c| c[k] >= low[k]))
            };
            assert_eq!(found, (0..mesh.indices.len() as u32).filter(near).collect::<Vec<_>>());
        }
    }
}

/// Active bits by triangle.
fn active(vertices: Vec<Vec3>, indices: &[[u32; 3]]) -> Vec<u8> {
    OwnedMesh::new(vertices, indices.to_vec()).unwrap().view().active.to_vec()
}

#[test]
fn edges_of_a_cube() {
    // From outside all twelve edges are ridges, the diagonals are not; from inside nothing is.
    let length = |v: &[Vec3], t: &[u32; 3], k: usize| {
        let [a, b] = [v[t[k] as usize], v[t[(k + 1) % 3] as usize]];
        (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<Real>()
    };
    let mut numbers = Numbers(25);
    for round in 0..20 {
        let q = normalize_quat(std::array::from_fn(|_| numbers.between(-1.0, 1.0)));
        let vertices: Vec<Vec3> = if round == 0 { cube() } else { cube().into_iter().map(|v| rotate(q, v)).collect() };
        for (t, bits) in CUBE.iter().zip(active(vertices.clone(), &CUBE)) {
            for k in 0..3 {
                assert_eq!(bits >> k & 1 != 0, length(&vertices, t, k) < 5.0, "{t:?} {k}");
            }
        }
        let inside = CUBE.map(|[a, b, c]| [a, c, b]);
        assert!(active(vertices, &inside).iter().all(|bits| *bits == 0));
    }
}

#[test]
fn seams_of_a_floor() {
    let mut numbers = Numbers(26);
    for soup in [false, true] {
        let mesh = sheet(5, 0.0, soup, &mut numbers);
        for (t, bits) in mesh.view().active.iter().enumerate() {
            let corners = mesh.corners(t);
            for k in 0..3 {
                let (a, b) = (corners[k], corners[(k + 1) % 3]);
                let border = [0, 2].iter().any(|axis| a[*axis] == b[*axis] && (a[*axis] == 0.0 || a[*axis] == 5.0));
                assert_eq!(bits >> k & 1 != 0, border);
            }
        }
    }
    // Shared or not, corners in the same place make the same seams; −0 is 0.
    let (one, two) = (sheet(9, 0.5, false, &mut Numbers(27)), sheet(9, 0.5, true, &mut Numbers(27)));
    assert_eq!(one.view().active, two.view().active);
    let pair = |zero: Real| {
        active(
            vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [zero, zero, 1.0], [1.0, zero, zero], [1.0, 0.0, 1.0]],
            &[[0, 2, 1], [3, 5, 4]],
        )
    };
    assert_eq!(pair(-0.0), pair(0.0));
    assert_eq!(pair(-0.0)[0], 0b101);
}

#[test]
fn ridges_and_valleys() {
    // Two triangles that meet along x, the second bent down by an angle.
    let bent = |degrees: f64, flip: bool, indices: [[u32; 3]; 2]| {
        let (s, c) = degrees.to_radians().sin_cos();
        let z = [0.0, -s as Real, c as Real];
        let mut vertices: Vec<Vec3> = vec![[0.0; 3], [1.0, 0.0, 0.0], [0.5, 0.0, -1.0], z];
        if flip {
            vertices.iter_mut().for_each(|v| v.swap(0, 2));
        }
        active(vertices, &indices)
    };
    let straight = [[0, 1, 2], [1, 0, 3]];
    for (degrees, ridge) in
        [(0.0, false), (4.0, false), (6.0, true), (90.0, true), (179.0, true), (-4.0, false), (-60.0, false), (-170.0, false)]
    {
        let expected = if ridge { 7 } else { 6 };
        assert_eq!(bent(degrees, false, straight), [expected; 2], "{degrees}");
        // Seen from the other side a ridge is a valley.
        let valley = degrees < -5.0;
        assert_eq!(bent(degrees, true, straight), [if valley { 7 } else { 6 }; 2], "{degrees}");
    }
    // Triangles that turn against each other, and three at one edge, have borders there.
    assert_eq!(bent(0.0, false, [[0, 1, 2], [0, 1, 3]]), [7, 7]);
    let fan = vec![[0.0; 3], [1.0, 0.0, 0.0], [0.5, 0.0, -1.0], [0.5, 0.0, 1.0], [0.5, 1.0, 0.0]];
    assert_eq!(active(fan, &[[0, 1, 2], [1, 0, 3], [1, 0, 4]]), [7, 7, 7]);
}

#[test]
fn errors() {
    let error = |vertices: Vec<Vec3>, indices: &[[u32; 3]]| OwnedMesh::new(vertices, indices.to_vec()).err();
    let with = |at: usize, bad: [u32; 3]| {
        let mut indices = CUBE.to_vec();
        indices[at] = bad;
        indices
    };
    assert_eq!(error(cube(), &[]), Some(MeshError::Count));
    assert_eq!(error(cube(), &with(7, [0, 1, 8])), Some(MeshError::OutOfRange(7)));
    assert_eq!(error(cube(), &with(11, [u32::MAX, 1, 2])), Some(MeshError::OutOfRange(11)));
    assert_eq!(error(cube(), &with(3, [1, 1, 2])), Some(MeshError::Degenerate(3)));
    let mut vertices = cube();
    vertices.push([0.0, 0.0, 0.0]);
    vertices.push([0.5, 0.5, 0.5]);
    assert_eq!(error(vertices, &with(4, [7, 8, 9])), Some(MeshError::Degenerate(4)));
    for bad in [Real::NAN, Real::INFINITY, 1e30] {
        let mut vertices = cube();
        vertices[6][1] = bad;
        assert_eq!(error(vertices, &CUBE), Some(MeshError::NotFinite(2)));
    }
    // A vertex that nothing uses may be anything.
    let mut vertices = cube();
    vertices.push([Real::NAN; 3]);
    assert_eq!(error(vertices, &CUBE), None);
    let (vertices, mut short) = (cube(), [0u64; 36]);
    for (keys, words, triangles, nodes) in [(35, 16, 12, 9), (36, 15, 12, 9), (36, 16, 11, 9), (36, 16, 12, 8)] {
        let (mut boxes, mut links) = (vec![0.0; 24 * nodes], vec![0; 4 * nodes]);
        let mut memory = Memory {
            keys: &mut short[..keys],
            words: &mut vec![0; words],
            active: &mut vec![0; triangles],
            boxes: &mut boxes,
            links: &mut links,
        };
        assert_eq!(build(&vertices, &CUBE, &mut memory), Err(MeshError::Memory));
    }
}

#[test]
fn bad_questions_have_no_answer() {
    let mesh = OwnedMesh::new(cube(), CUBE.to_vec()).unwrap();
    for v in [Real::NAN, Real::INFINITY] {
        let ray = Ray { origin: [v; 3], direction: [0.0, 1.0, 0.0], max_distance: 10.0, expand: [0.0; 3] };
        assert!(mesh.view().ray(&ray).is_none());
        assert!(mesh.view().ray(&Ray { origin: [0.0; 3], direction: [v; 3], ..ray }).is_none());
        assert!(mesh.view().ray(&Ray { origin: [0.0; 3], direction: [0.0; 3], ..ray }).is_none());
        assert!(mesh.view().nearest([v; 3], 10.0).is_none());
        mesh.view().for_each_triangle([v; 3], [v; 3], |_, _| panic!("nothing is there"));
    }
    // Without a limit.
    let ray = Ray { origin: [0.2, 5.0, 0.1], direction: [0.0, -1.0, 0.0], max_distance: Real::INFINITY, expand: [0.0; 3] };
    assert_eq!(mesh.view().ray(&ray).map(|hit| (hit.distance, hit.normal)), Some((4.0, [0.0, 1.0, 0.0])));
    assert!(mesh.view().nearest([5.0; 3], Real::INFINITY).is_some());
    assert_eq!(mesh.view().bounds(), [[-1.0; 3], [1.0; 3]]);
}
