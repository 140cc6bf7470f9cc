//! Boxes and triangles written down as hulls, so that one method serves all polytopes.
//!
//! A triangle becomes a prism of no height: front, back and three sides. The sides are there for the arcs of the edges on the Gauss sphere; they are never
//! a reference or an incident face.

use super::convex::{Convex, HalfEdge, Hull, Triangle, MAX_HULL_FACES};
use super::vector::{add, axes, cross, dot, negate, normalize_or, scale, sub, Pose, Vec3};
use crate::wide::{transpose, Real, Real4, LANES};
use core::mem::MaybeUninit;

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

/// A number for each face, such as a point's height above it, m. What is behind the last face is not set: a narrow phase that clears half a kilobyte a
/// row spends a tenth of its time on that.
pub(super) struct Row {
    count: usize,
    values: [MaybeUninit<Real4>; MAX_HULL_FACES.div_ceil(LANES)],
}

impl Row {
    /// Without faces.
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self { count: 0, values: [const { MaybeUninit::uninit() }; MAX_HULL_FACES.div_ceil(LANES)] }
    }
    /// The value of a face; −∞ for one that is not there.
    #[inline(always)]
    pub(super) fn get(&self, face: usize) -> Real {
        if face >= self.count {
            return Real::NEG_INFINITY;
        }
        // SAFETY: `face` is below the count, and so many are set; a `Real4` is four reals.
        unsafe { *self.values.as_ptr().cast::<Real>().add(face) }
    }
    /// Sets the value of a face that is there.
    #[inline(always)]
    pub(super) fn set(&mut self, face: usize, value: Real) {
        if face < self.count {
            // SAFETY: as in `get`.
            unsafe { *self.values.as_mut_ptr().cast::<Real>().add(face) = value }
        }
    }
    /// The values that are set, four at a time; those behind the last face are −∞.
    #[inline(always)]
    pub(super) fn fours(&self) -> &[Real4] {
        // SAFETY: so many are set.
        unsafe { core::slice::from_raw_parts(self.values.as_ptr().cast::<Real4>(), self.count.div_ceil(LANES)) }
    }
    /// Makes each value the smaller of it and another.
    #[inline(always)]
    pub(super) fn lower(&mut self, to: impl Iterator<Item = Real4>) {
        let fours = self.count.div_ceil(LANES);
        for (value, to) in self.values[..fours].iter_mut().zip(to) {
            // SAFETY: so many are set.
            value.write(unsafe { value.assume_init() }.min(to));
        }
    }
    /// Visits the faces whose value is above `floor`.
    #[inline(always)]
    pub(super) fn each_above(&self, floor: Real, mut visit: impl FnMut(usize)) {
        for (group, four) in self.fours().iter().enumerate() {
            let mut above = four.gt(Real4::splat(floor)).bits();
            while above != 0 {
                visit(LANES * group + above.trailing_zeros() as usize);
                above &= above - 1;
            }
        }
    }
    /// As many values as there are planes, at most.
    #[inline(always)]
    pub(super) fn fill(&mut self, values: impl Iterator<Item = Real4>, count: usize) {
        let mut fours = 0;
        for (to, value) in self.values.iter_mut().zip(values) {
            to.write(value);
            fours += 1;
        }
        self.count = fours * LANES;
        for face in count..fours * LANES {
            self.set(face, Real::NEG_INFINITY);
        }
        self.count = count.min(fours * LANES);
    }
    /// Heights of a point above the faces.
    #[inline(always)]
    pub(super) fn heights(&mut self, planes: &[[Real; 4]], point: Vec3) {
        self.fill(heights(planes, point).map(|(h, _)| h), planes.len());
    }
    /// The first largest, and where it is.
    #[inline(always)]
    pub(super) fn most(&self) -> (usize, Real) {
        let mut top = Real4::splat(Real::NEG_INFINITY);
        let mut group = Real4::splat(0.0);
        let mut number: Real = 0.0;
        for four in self.fours() {
            let better = four.gt(top);
            top = better.select(*four, top);
            group = better.select(Real4::splat(number), group);
            number += 1.0;
        }
        let (top, group) = (top.to_array(), group.to_array());
        let place = |lane: usize| LANES * group[lane] as usize + lane;
        let mut best = 0;
        for lane in 1..LANES {
            if top[lane] > top[best] || (top[lane] == top[best] && place(lane) < place(best)) {
                best = lane;
            }
        }
        (place(best), top[best])
    }
}

/// Heights of a point above four faces at a time (those of faces that are not there: −∞), and their offsets (∞).
#[inline(always)]
pub(super) fn heights(planes: &[[Real; 4]], point: Vec3) -> impl Iterator<Item = (Real4, Real4)> + '_ {
    let [px, py, pz] = point.map(Real4::splat);
    planes.chunks(LANES).map(move |four| {
        let row = |k: usize| Real4::from_array(four.get(k).copied().unwrap_or([0.0, 0.0, 0.0, Real::INFINITY]));
        let [x, y, z, d] = transpose([row(0), row(1), row(2), row(3)]);
        (x * px + y * py + z * pz - d, d)
    })
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

#[cfg_attr(target_arch = "wasm32", optimize(size))]
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
