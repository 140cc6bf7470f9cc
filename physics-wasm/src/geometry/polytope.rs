//! Boxes and triangles written down as hulls, so that one method serves all polytopes.
//!
//! A triangle becomes a prism of no height: front, back and three sides. The sides are there for the arcs of the edges on the Gauss sphere; they are never
//! a reference or an incident face.

use super::convex::{Convex, HalfEdge, Hull, Triangle, MAX_HULL_FACES};
use super::vector::{add, axes, cross, dot, negate, normalize_or, scale, sub, Pose, Vec3};
use crate::wide::{transpose, Real, Real4};

const fn half(next: u16, twin: u16, origin: u16, face: u16) -> HalfEdge {
    HalfEdge { next, twin, origin, face }
}

/// First half-edges of the faces +x, −x, +y, −y, +z, −z of a box. Corner k has bit 0, 1, 2 of k set where its x, y, z is positive.
const BOX_FACES: [u16; 6] = [0, 8, 11, 7, 21, 19];
#[rustfmt::skip]
const BOX_EDGES: [HalfEdge; 24] = [
    half(2, 1, 1, 0), half(23, 0, 3, 5), half(4, 3, 3, 0), half(18, 2, 7, 2), half(6, 5, 7, 0), half(17, 4, 5, 4), half(0, 7, 5, 0), half(20, 6, 1, 3),
    half(10, 9, 4, 1), half(21, 8, 6, 4), half(12, 11, 6, 1), half(16, 10, 2, 2), half(14, 13, 2, 1), half(19, 12, 0, 5), half(8, 15, 0, 1), half(22, 14, 4, 3),
    half(3, 17, 6, 2), half(9, 16, 7, 4), half(11, 19, 3, 2), half(1, 18, 2, 5), half(15, 21, 5, 3), half(5, 20, 4, 4), half(7, 23, 0, 3), half(13, 22, 1, 5),
];
/// Front, back, and the sides at the three edges. Corners 0…2 are those of the front, 3…5 the same ones for the back.
const PRISM_FACES: [u16; 5] = [0, 6, 1, 3, 5];
#[rustfmt::skip]
const PRISM_EDGES: [HalfEdge; 18] = [
    half(2, 1, 0, 0), half(12, 0, 1, 2), half(4, 3, 1, 0), half(15, 2, 2, 3), half(0, 5, 2, 0), half(17, 4, 0, 4), half(8, 7, 5, 1), half(16, 6, 4, 3),
    half(10, 9, 4, 1), half(14, 8, 3, 2), half(6, 11, 3, 1), half(13, 10, 5, 4), half(9, 13, 0, 2), half(5, 12, 3, 4), half(1, 15, 4, 2), half(7, 14, 1, 3),
    half(3, 17, 5, 3), half(11, 16, 2, 4),
];

/// Memory for a box or a triangle as a hull.
pub struct Workspace {
    vertices: [Vec3; 8],
    planes: [[Real; 4]; 6],
}

impl Workspace {
    /// Nothing yet.
    #[inline(always)]
    pub fn new() -> Self {
        Self { vertices: [[0.0; 3]; 8], planes: [[0.0; 4]; 6] }
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

/// A hull and which of its faces count.
#[derive(Clone, Copy)]
pub struct Polytope<'a> {
    /// The hull.
    pub hull: Hull<'a>,
    /// The first so many faces may be the reference of a contact: a triangle's front only.
    pub fronts: usize,
    /// The first so many faces may be the incident one: a triangle's front and back.
    pub flats: usize,
    /// A point inside, m.
    pub center: Vec3,
}

impl<'a> Polytope<'a> {
    /// The shape as a polytope; none for spheres and capsules, and for a triangle without area.
    #[inline]
    pub fn of(shape: &Convex<'a>, work: &'a mut Workspace) -> Option<Self> {
        match *shape {
            Convex::Box(half) => Some(of_box(half, work)),
            Convex::Hull(hull) if hull.vertices.is_empty() || hull.planes.is_empty() => None,
            Convex::Hull(hull) => Some(Self { hull, fronts: hull.planes.len(), flats: hull.planes.len(), center: [0.0; 3] }),
            Convex::Triangle(triangle) => of_triangle(&triangle, work),
            _ => None,
        }
    }
}

/// Reads that end at zero instead of outside.
impl Hull<'_> {
    #[inline(always)]
    pub(super) fn edge(&self, i: usize) -> HalfEdge {
        self.edges.get(i).copied().unwrap_or_default()
    }
    #[inline(always)]
    pub(super) fn vertex(&self, i: u16) -> Vec3 {
        self.vertices.get(i as usize).copied().unwrap_or_default()
    }
    #[inline(always)]
    pub(super) fn plane(&self, i: usize) -> [Real; 4] {
        self.planes.get(i).copied().unwrap_or_default()
    }
    #[inline(always)]
    pub(super) fn normal(&self, i: usize) -> Vec3 {
        let p = self.plane(i);
        [p[0], p[1], p[2]]
    }
    /// Where a half-edge begins, and along it, m.
    #[inline(always)]
    pub(super) fn line(&self, i: usize) -> (Vec3, Vec3) {
        let edge = self.edge(i);
        let from = self.vertex(edge.origin);
        (from, sub(self.vertex(self.edge(edge.next as usize).origin), from))
    }
    /// The normals on either side of an edge.
    #[inline(always)]
    pub(super) fn normals(&self, i: usize) -> [Vec3; 2] {
        [0, 1].map(|k| self.normal(self.edge(i + k).face as usize))
    }
}

/// A point's height above each face, m.
pub(super) type Heights = [Real; MAX_HULL_FACES];

/// Heights of a point above the faces (those of faces that are not there: −∞), and the least offset of a face.
pub(super) fn heights(planes: &[[Real; 4]], point: Vec3, out: &mut Heights) -> Real {
    let [px, py, pz] = point.map(Real4::splat);
    let mut least = Real4::splat(Real::INFINITY);
    for (four, to) in planes.chunks(4).zip(out.chunks_exact_mut(4)) {
        let row = |k: usize| Real4::from_array(four.get(k).copied().unwrap_or([0.0, 0.0, 0.0, Real::INFINITY]));
        let [x, y, z, d] = transpose([row(0), row(1), row(2), row(3)]);
        to.copy_from_slice(&(x * px + y * py + z * pz - d).to_array());
        least = least.min(d);
    }
    least.to_array().into_iter().fold(Real::INFINITY, Real::min)
}

/// Where one polytope is and how it is turned, seen from the other.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    axes: [Vec3; 3],
    pub(super) origin: Vec3,
}

impl Frame {
    #[inline(always)]
    pub(super) fn of(pose: &Pose) -> Self {
        Self { axes: axes(pose.rotation), origin: pose.position }
    }
    /// The other one, seen from this.
    #[inline(always)]
    pub(super) fn inverse(&self) -> Self {
        let [x, y, z] = self.axes;
        Self { axes: [[x[0], y[0], z[0]], [x[1], y[1], z[1]], [x[2], y[2], z[2]]], origin: negate(self.into(self.origin)) }
    }
    /// A direction of the frame, seen from outside.
    #[inline(always)]
    pub(super) fn out(&self, v: Vec3) -> Vec3 {
        let [x, y, z] = &self.axes;
        [x[0] * v[0] + y[0] * v[1] + z[0] * v[2], x[1] * v[0] + y[1] * v[1] + z[1] * v[2], x[2] * v[0] + y[2] * v[1] + z[2] * v[2]]
    }
    /// A direction outside, seen from the frame.
    #[inline(always)]
    #[allow(clippy::wrong_self_convention)]
    pub(super) fn into(&self, v: Vec3) -> Vec3 {
        self.axes.map(|axis| dot(axis, v))
    }
    /// A point of the frame, seen from outside.
    #[inline(always)]
    pub(super) fn point(&self, p: Vec3) -> Vec3 {
        add(self.out(p), self.origin)
    }
}

fn of_box<'a>(size: Vec3, work: &'a mut Workspace) -> Polytope<'a> {
    for (k, vertex) in work.vertices.iter_mut().enumerate() {
        for i in 0..3 {
            vertex[i] = if k >> i & 1 == 1 { size[i] } else { -size[i] };
        }
    }
    for (f, plane) in work.planes.iter_mut().enumerate() {
        *plane = [0.0, 0.0, 0.0, size[f / 2]];
        plane[f / 2] = if f % 2 == 0 { 1.0 } else { -1.0 };
    }
    let hull = Hull { vertices: &work.vertices, planes: &work.planes, faces: &BOX_FACES, edges: &BOX_EDGES };
    Polytope { hull, fronts: 6, flats: 6, center: [0.0; 3] }
}

fn of_triangle<'a>(triangle: &Triangle, work: &'a mut Workspace) -> Option<Polytope<'a>> {
    let corners = triangle.corners;
    let normal = normalize_or(triangle.area_vector(), [0.0; 3]);
    if normal == [0.0; 3] {
        return None;
    }
    let plane = |n: Vec3, p: Vec3| [n[0], n[1], n[2], dot(n, p)];
    work.planes[0] = plane(normal, corners[0]);
    work.planes[1] = plane(negate(normal), corners[0]);
    for k in 0..3 {
        work.vertices[k] = corners[k];
        work.vertices[k + 3] = corners[k];
        let side = normalize_or(cross(sub(corners[(k + 1) % 3], corners[k]), normal), [0.0; 3]);
        work.planes[k + 2] = plane(side, corners[k]);
    }
    let hull = Hull { vertices: &work.vertices[..6], planes: &work.planes[..5], faces: &PRISM_FACES, edges: &PRISM_EDGES };
    Some(Polytope { hull, fronts: 1, flats: 2, center: scale(add(add(corners[0], corners[1]), corners[2]), 1.0 / 3.0) })
}
