//! Level geometry with memory of its own, and slow references for what is asked of it.

#![allow(dead_code)]

use super::Numbers;
use kernel::geometry::bvh::{node_capacity, Bvh, Ray, BOX_STRIDE};
use kernel::geometry::mesh::{build, Memory, Mesh, MeshError};
use kernel::geometry::vector::{normalize_or, Vec3};
use kernel::wide::Real;

/// A mesh and the memory that it lies in.
pub struct OwnedMesh {
    pub vertices: Vec<Vec3>,
    pub indices: Vec<[u32; 3]>,
    active: Vec<u8>,
    boxes: Vec<Real>,
    links: Vec<u32>,
}

impl OwnedMesh {
    pub fn new(vertices: Vec<Vec3>, indices: Vec<[u32; 3]>) -> Result<Self, MeshError> {
        let capacity = node_capacity(indices.len());
        let (mut boxes, mut links, mut active) = (vec![0.0; BOX_STRIDE * capacity], vec![0; 4 * capacity], vec![0; indices.len()]);
        let (mut keys, mut words) = (vec![0; 3 * indices.len()], vec![0; 2 * vertices.len()]);
        let mut memory = Memory { keys: &mut keys, words: &mut words, active: &mut active, boxes: &mut boxes, links: &mut links };
        let nodes = build(&vertices, &indices, &mut memory)?;
        boxes.truncate(BOX_STRIDE * nodes);
        links.truncate(4 * nodes);
        Ok(Self { vertices, indices, active, boxes, links })
    }
    pub fn view(&self) -> Mesh<'_> {
        let tree = Bvh { boxes: &self.boxes, links: &self.links };
        Mesh { vertices: &self.vertices, indices: &self.indices, active: &self.active, tree }
    }
    pub fn corners(&self, triangle: usize) -> [[f64; 3]; 3] {
        self.indices[triangle].map(|v| self.vertices[v as usize].map(|x| x as f64))
    }
}

pub fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Distance along a ray to a triangle by barycentric coordinates (Möller, Trumbore), and how far inside the triangle it passes.
pub fn ray_reference([a, b, c]: [[f64; 3]; 3], origin: Vec3, direction: Vec3) -> Option<(f64, f64)> {
    let (o, d) = (origin.map(|x| x as f64), direction.map(|x| x as f64));
    let (e1, e2) = (minus(b, a), minus(c, a));
    let p = cross(d, e2);
    let determinant = dot(e1, p);
    if determinant == 0.0 {
        return None;
    }
    let s = minus(o, a);
    let q = cross(s, e1);
    let (u, v) = (dot(s, p) / determinant, dot(d, q) / determinant);
    Some((dot(e2, q) / determinant, u.min(v).min(1.0 - u - v)))
}

/// Distance of a point and a triangle: to the plane where the foot is inside, else to the nearest edge.
pub fn distance_reference(t: [[f64; 3]; 3], point: Vec3) -> f64 {
    let p = point.map(|x| x as f64);
    let n = cross(minus(t[1], t[0]), minus(t[2], t[0]));
    let inside = (0..3).all(|k| dot(n, cross(minus(t[(k + 1) % 3], t[k]), minus(p, t[k]))) >= 0.0);
    if inside {
        return (dot(n, minus(p, t[0])) / dot(n, n).sqrt()).abs();
    }
    let to_edge = |k: usize| {
        let (a, e) = (t[k], minus(t[(k + 1) % 3], t[k]));
        let s = (dot(e, minus(p, a)) / dot(e, e)).clamp(0.0, 1.0);
        let d = minus(p, [a[0] + s * e[0], a[1] + s * e[1], a[2] + s * e[2]]);
        dot(d, d).sqrt()
    };
    to_edge(0).min(to_edge(1)).min(to_edge(2))
}

/// A ray from somewhere near the geometry; some along axes, from whole coordinates.
pub fn any_ray(round: usize, reach: Real, numbers: &mut Numbers) -> Ray {
    let mut direction: Vec3 = std::array::from_fn(|_| numbers.between(-1.0, 1.0));
    if round % 4 == 0 {
        direction = [0.0; 3];
        direction[round / 4 % 3] = if round / 12 % 2 == 0 { 1.0 } else { -1.0 };
    }
    let origin: Vec3 = std::array::from_fn(|_| numbers.between(-reach, reach));
    Ray {
        origin: if round % 8 == 0 { origin.map(Real::floor) } else { origin },
        direction: normalize_or(direction, [0.0, 1.0, 0.0]),
        max_distance: if round % 3 == 0 { 0.5 * reach } else { 100.0 * reach },
        expand: [0.0; 3],
    }
}

/// Holds the answer of a ray against all triangles.
pub fn check_ray(mesh: &OwnedMesh, ray: &Ray, hit: Option<kernel::geometry::triangle::Hit>) {
    let (mut surely, mut maybe) = (f64::INFINITY, f64::INFINITY);
    let max = ray.max_distance as f64;
    let eps = 1e-5 * (1.0 + ray.origin.iter().map(|v| v.abs() as f64).fold(0.0, f64::max));
    for t in 0..mesh.indices.len() {
        if let Some((distance, margin)) = ray_reference(mesh.corners(t), ray.origin, ray.direction) {
            if margin >= -1e-9 && distance >= -eps && distance <= max + eps {
                maybe = maybe.min(distance);
            }
            if margin >= 1e-9 && distance >= eps && distance <= max - eps {
                surely = surely.min(distance);
            }
        }
    }
    let Some(hit) = hit else {
        assert!(surely == f64::INFINITY, "{ray:?} misses what is at {surely}");
        return;
    };
    let distance = hit.distance as f64;
    assert!(distance <= surely + eps && distance >= maybe - eps, "{ray:?}: {distance}, not {maybe} … {surely}");
    let t = mesh.corners(hit.triangle as usize);
    let n = cross(minus(t[1], t[0]), minus(t[2], t[0]));
    let normal = hit.normal.map(|v| v as f64);
    assert!((dot(normal, n).abs() - dot(n, n).sqrt()).abs() <= 1e-5 * dot(n, n).sqrt());
    assert!(dot(normal, ray.direction.map(|v| v as f64)) <= 0.0);
    let own = ray_reference(t, ray.origin, ray.direction).expect("not along the triangle").0;
    assert!((own - distance).abs() <= eps);
}

/// Holds the nearest point against all triangles.
pub fn check_nearest(mesh: &OwnedMesh, point: Vec3, max: Real, near: Option<kernel::geometry::triangle::Near>) {
    let all = (0..mesh.indices.len()).map(|t| distance_reference(mesh.corners(t), point));
    let expected = all.fold(f64::INFINITY, f64::min);
    let eps = 1e-5 * (1.0 + point.iter().map(|v| v.abs() as f64).fold(0.0, f64::max));
    let Some(near) = near else {
        assert!(expected >= max as f64 - eps, "nothing near {point:?}, but {expected}");
        return;
    };
    assert!((near.distance as f64 - expected).abs() <= eps, "{} {expected}", near.distance);
    let d = minus(near.point.map(|v| v as f64), point.map(|v| v as f64));
    assert!((dot(d, d).sqrt() - expected).abs() <= eps);
    assert!(distance_reference(mesh.corners(near.triangle as usize), near.point) <= eps);
}
