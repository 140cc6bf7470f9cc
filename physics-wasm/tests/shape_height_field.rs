//! Height fields against the mesh of the same triangles and against looking at every triangle.

mod common;
#[path = "common/level.rs"]
mod level;

use common::Numbers;
use kernel::geometry::bvh::Ray;
use kernel::geometry::height_field::{block_capacity, build, HeightField, HeightFieldError, Shape};
use kernel::geometry::vector::Vec3;
use kernel::wide::Real;
use level::{any_ray, check_nearest, check_ray, OwnedMesh};

struct Field {
    shape: Shape,
    heights: Vec<Real>,
    blocks: Vec<Real>,
}

impl Field {
    fn new(rows: usize, columns: usize, spacing: [Real; 2], height: impl FnMut(usize) -> Real) -> Self {
        let shape = Shape { rows, columns, spacing };
        let heights: Vec<Real> = (0..rows * columns).map(height).collect();
        let mut blocks = vec![0.0; block_capacity(rows, columns)];
        build(shape, &heights, &mut blocks).unwrap();
        Self { shape, heights, blocks }
    }
    fn view(&self) -> HeightField<'_> {
        HeightField { shape: self.shape, heights: &self.heights, blocks: &self.blocks }
    }
    /// The same triangles in the same order, made from the description alone.
    fn mesh(&self) -> OwnedMesh {
        let Shape { rows, columns, spacing } = self.shape;
        let vertices = (0..rows * columns)
            .map(|k| {
                let (row, column) = (k / columns, k % columns);
                let x = column as Real - 0.5 * (columns - 1) as Real;
                let z = row as Real - 0.5 * (rows - 1) as Real;
                [x * spacing[0], self.heights[k], z * spacing[1]]
            })
            .collect();
        let mut indices = vec![];
        for row in 0..rows - 1 {
            for column in 0..columns - 1 {
                let p = |r: usize, c: usize| ((row + r) * columns + column + c) as u32;
                indices.extend([[p(0, 0), p(1, 0), p(1, 1)], [p(0, 0), p(1, 1), p(0, 1)]]);
            }
        }
        OwnedMesh::new(vertices, indices).unwrap()
    }
}

fn fields(numbers: &mut Numbers) -> Vec<Field> {
    let mut any = |low: Real, high: Real| numbers.between(low, high);
    vec![
        Field::new(2, 2, [1.0, 1.0], |k| k as Real),
        Field::new(2, 20, [0.5, 3.0], |_| any(-1.0, 1.0)),
        Field::new(9, 9, [1.0, 1.0], |_| 0.0),
        Field::new(17, 10, [1.0, 1.0], |_| any(-1.0, 1.0)),
        Field::new(30, 41, [0.7, 0.4], |k| (0.3 * (k % 41) as Real).sin() + any(-0.1, 0.1)),
        // Cliffs.
        Field::new(12, 25, [1.0, 1.0], |_| any(-1.0, 1.0).signum() * 4.0),
    ]
}

#[test]
fn triangles_and_their_edges() {
    for field in fields(&mut Numbers(31)) {
        let (mesh, view) = (field.mesh(), field.view());
        for index in 0..mesh.indices.len() as u32 {
            let (a, b) = (view.triangle(index), mesh.view().triangle(index));
            assert_eq!(a.corners, b.corners, "{index}");
            assert_eq!(a.active, b.active, "{index}");
            let [p, q, r] = mesh.corners(index as usize);
            assert!(level::cross(level::minus(q, p), level::minus(r, p))[1] > 0.0, "the front is above");
        }
        assert_eq!(view.bounds(), mesh.view().bounds());
    }
}

#[test]
fn boxes_give_the_triangles_near() {
    let mut numbers = Numbers(32);
    for field in fields(&mut numbers) {
        let mesh = field.mesh();
        for round in 0..200 {
            let mut low: Vec3 = std::array::from_fn(|_| numbers.between(-10.0, 10.0));
            if round % 3 == 0 {
                low = low.map(Real::floor);
            }
            let high = low.map(|v| v + [0.0, 0.5, 9.0, 40.0][round % 4] * numbers.next());
            let (mut a, mut b) = (vec![], vec![]);
            field.view().for_each_triangle(low, high, |index, triangle| a.push((index, triangle.corners, triangle.active)));
            mesh.view().for_each_triangle(low, high, |index, triangle| b.push((index, triangle.corners, triangle.active)));
            a.sort_unstable_by_key(|x| x.0);
            b.sort_unstable_by_key(|x| x.0);
            assert_eq!(a, b);
        }
    }
}

#[test]
fn rays() {
    let mut numbers = Numbers(33);
    for field in fields(&mut numbers) {
        let mesh = field.mesh();
        for round in 0..500 {
            let mut ray = any_ray(round, 10.0, &mut numbers);
            if round % 2 == 0 {
                ray.origin[1] *= 0.1;
                ray.direction[1] *= 0.1;
                ray.direction = kernel::geometry::vector::normalize_or(ray.direction, [0.0, -1.0, 0.0]);
            }
            let hit = field.view().ray(&ray);
            check_ray(&mesh, &ray, hit);
            let by_mesh = mesh.view().ray(&ray);
            assert_eq!(hit.map(|h| h.distance), by_mesh.map(|h| h.distance), "{ray:?}");
        }
    }
}

#[test]
fn rays_do_not_slip_through_seams() {
    let mut numbers = Numbers(34);
    let field = Field::new(40, 33, [1.0, 1.0], |k| (0.2 * k as Real).sin());
    for round in 0..4000 {
        // At corners, along lines of the grid, and along diagonals.
        let (column, row) = ((numbers.next() * 30.0).floor() - 15.0, (numbers.next() * 36.0).floor() - 17.5);
        let s = if round % 3 == 0 { 0.0 } else { numbers.next() };
        let target: Vec3 = [column + if round % 2 == 0 { s } else { 0.0 }, 0.0, row + if round % 4 < 2 { s } else { 0.0 }];
        let d: Vec3 = match round % 5 {
            0 => [0.0, -1.0, 0.0],
            1 => [0.6, -0.8, 0.0],
            2 => [0.0, -0.8, -0.6],
            _ => kernel::geometry::vector::normalize_or([numbers.between(-0.1, 0.1), -1.0, numbers.between(-0.1, 0.1)], [0.0; 3]),
        };
        // The steepest of them is still over the field where it passes the heights from 1 to −1.
        let far = [2.0, 50.0, 800.0][round % 3];
        let ray = Ray { origin: std::array::from_fn(|k| target[k] - d[k] * far), direction: d, max_distance: 1e4, expand: [0.0; 3] };
        let over = (0..3).step_by(2).all(|k| (target[k].abs() + (d[k] / d[1]).abs() * 1.1) < [15.9, 0.0, 19.4][k]);
        if over {
            assert!(field.view().ray(&ray).is_some(), "{ray:?} at {target:?}");
        }
    }
}

#[test]
fn nearest_points() {
    let mut numbers = Numbers(35);
    for field in fields(&mut numbers) {
        let mesh = field.mesh();
        for round in 0..200 {
            let point: Vec3 = std::array::from_fn(|_| numbers.between(-12.0, 12.0));
            let max = if round % 3 == 0 { 1.5 } else { 1e3 };
            let near = field.view().nearest(point, max);
            check_nearest(&mesh, point, max, near);
            let by_mesh = mesh.view().nearest(point, max);
            assert_eq!(near.map(|n| n.distance), by_mesh.map(|n| n.distance));
        }
    }
}

#[test]
fn errors() {
    let shape = |rows, columns, spacing| Shape { rows, columns, spacing };
    let mut blocks = [0.0; 64];
    let mut try_build = |shape, heights: &[Real]| build(shape, heights, &mut blocks);
    let good = [1.0, 1.0];
    assert_eq!(try_build(shape(1, 4, good), &[0.0; 4]), Err(HeightFieldError::Count));
    assert_eq!(try_build(shape(4, 0, good), &[]), Err(HeightFieldError::Count));
    assert_eq!(try_build(shape(2, 3, good), &[0.0; 5]), Err(HeightFieldError::Count));
    assert_eq!(try_build(shape(usize::MAX, 3, good), &[0.0; 5]), Err(HeightFieldError::Count));
    for bad in [0.0, -1.0, Real::NAN, Real::INFINITY] {
        assert_eq!(try_build(shape(2, 2, [1.0, bad]), &[0.0; 4]), Err(HeightFieldError::Spacing));
    }
    for bad in [Real::NAN, Real::NEG_INFINITY, 1e30] {
        assert_eq!(try_build(shape(2, 2, good), &[0.0, 0.0, bad, 0.0]), Err(HeightFieldError::NotFinite(2)));
    }
    assert_eq!(build(shape(2, 2, good), &[0.0; 4], &mut []), Err(HeightFieldError::Memory));
    assert_eq!(try_build(shape(2, 2, good), &[0.0; 4]), Ok(()));
}

#[test]
fn bad_questions_have_no_answer() {
    let field = Field::new(9, 9, [1.0, 1.0], |_| 0.0);
    let view = field.view();
    for v in [Real::NAN, Real::INFINITY] {
        let ray = Ray { origin: [v; 3], direction: [0.0, -1.0, 0.0], max_distance: 10.0, expand: [0.0; 3] };
        assert!(view.ray(&ray).is_none());
        assert!(view.ray(&Ray { origin: [0.0, 1.0, 0.0], direction: [v; 3], ..ray }).is_none());
        assert!(view.ray(&Ray { origin: [0.0, 1.0, 0.0], direction: [0.0; 3], ..ray }).is_none());
        assert!(view.nearest([v; 3], 10.0).is_none());
        view.for_each_triangle([v; 3], [v; 3], |_, _| panic!("nothing is there"));
    }
    let ray = Ray { origin: [0.2, 5.0, 0.1], direction: [0.0, -1.0, 0.0], max_distance: Real::INFINITY, expand: [0.0; 3] };
    assert_eq!(view.ray(&ray).map(|hit| (hit.distance, hit.normal)), Some((5.0, [0.0, 1.0, 0.0])));
    assert_eq!(view.nearest([0.2, 5.0, 0.1], Real::INFINITY).map(|n| n.distance), Some(5.0));
}
