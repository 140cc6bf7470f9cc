//! A face against a face: the incident polygon, seen from the reference face, is cut by the planes of its sides (Sutherland and Hodgman 1974), and what
//! lies low enough is brought down to four points.

use super::manifold::{Manifold, Point, MAX_POINTS};
use super::vector::{add_scaled, negate, Vec3};
use crate::wide::Real;

/// A corner counts as the deepest when it is so little (in lengths of the polygon) above the deepest.
const DEPTH_SLACK: Real = 0.001;

/// A corner of the incident polygon in the frame of the reference face.
#[derive(Clone, Copy, Debug, Default)]
pub struct Corner {
    /// In the face, m.
    pub x: Real,
    /// In the face, m.
    pub y: Real,
    /// Height above the face, m: the separation.
    pub z: Real,
    /// Name (below 256) of the edge that begins here: an edge of the incident face or a side of the reference face.
    pub edge: u32,
}

/// A convex polygon in memory that somebody else holds.
pub struct Polygon<'m> {
    count: usize,
    corners: &'m mut [Corner],
}

impl<'m> Polygon<'m> {
    /// Without corners, with room for as many as `corners` has.
    #[inline(always)]
    pub fn empty(corners: &'m mut [Corner]) -> Self {
        Self { count: 0, corners }
    }
    /// Adds a corner; a full polygon stays as it is.
    #[inline(always)]
    pub fn push(&mut self, corner: Corner) {
        if let Some(slot) = self.corners.get_mut(self.count) {
            *slot = corner;
            self.count += 1;
        }
    }
    /// The corners, around.
    #[inline(always)]
    pub fn all(&self) -> &[Corner] {
        self.corners.get(..self.count).unwrap_or(&[])
    }
    /// The lowest corner.
    #[inline]
    pub fn lowest(&self) -> Corner {
        let mut best = self.all().first().copied().unwrap_or_default();
        for corner in self.all() {
            if corner.z < best.z {
                best = *corner;
            }
        }
        best
    }
}

/// The reference face, in the frame of shape a.
pub struct Reference {
    /// A point of the face.
    pub origin: Vec3,
    /// Direction of x in the face.
    pub u: Vec3,
    /// Direction of y in the face.
    pub v: Vec3,
    /// Outward unit normal of the face.
    pub normal: Vec3,
    /// The face belongs to shape b: the contact's normal is the opposite one.
    pub of_b: bool,
    /// Names the two faces (below 2¹⁶).
    pub key: u32,
}

/// Cuts off what lies outside `side` (x·side[0] + y·side[1] ≤ side[2], m) and names the new edge `name`.
#[inline(never)]
pub fn clip(from: &Polygon, into: &mut Polygon, side: [Real; 3], name: u32) {
    into.count = 0;
    let height = |c: &Corner| c.x * side[0] + c.y * side[1] - side[2];
    let Some(&(mut before)) = from.all().last() else { return };
    let mut high = height(&before);
    for &corner in from.all() {
        let h = height(&corner);
        if (h <= 0.0) != (high <= 0.0) {
            let share = high / (high - h);
            let mix = |p: Real, q: Real| p + (q - p) * share;
            let edge = if h > 0.0 { name } else { before.edge };
            into.push(Corner { x: mix(before.x, corner.x), y: mix(before.y, corner.y), z: mix(before.z, corner.z), edge });
        }
        if h <= 0.0 {
            into.push(corner);
        }
        (before, high) = (corner, h);
    }
}

/// Writes the manifold: corners within `reach`, at most four, half-way between the surfaces. `near` is room for as many corners.
#[inline(never)]
pub fn finish(polygon: &Polygon, near: &mut Polygon, (reference, reach): (&Reference, Real), out: &mut Manifold) {
    near.count = 0;
    let mut before = polygon.all().last().map_or(0, |c| c.edge);
    for &corner in polygon.all() {
        if corner.z <= reach {
            // From here on the name of the corner: of both edges that meet in it.
            near.push(Corner { edge: before << 8 | corner.edge, ..corner });
        }
        before = corner.edge;
    }
    let chosen = if near.count > MAX_POINTS { Some(reduce(near.all())) } else { None };
    out.normal = if reference.of_b { negate(reference.normal) } else { reference.normal };
    for (i, corner) in near.all().iter().enumerate() {
        if chosen.is_some_and(|chosen| !chosen.contains(&i)) {
            continue;
        }
        let flat = add_scaled(add_scaled(reference.origin, reference.u, corner.x), reference.v, corner.y);
        let position = add_scaled(flat, reference.normal, 0.5 * corner.z);
        out.push(Point { position, separation: corner.z, id: reference.key << 16 | corner.edge });
    }
}

/// The first whose score is close to the largest (by `slack`, or by a hundredth of it where that is 0): which of nearly equal ones is
/// taken must not change from step to step.
#[inline(always)]
fn pick(near: &[Corner], slack: Real, score: impl Fn(&Corner) -> Real) -> (usize, Corner) {
    let mut most = Real::NEG_INFINITY;
    for corner in near {
        most = most.max(score(corner));
    }
    let enough = if slack > 0.0 { most - slack } else { 0.99 * most };
    for (i, corner) in near.iter().enumerate() {
        if score(corner) >= enough {
            return (i, *corner);
        }
    }
    (0, near.first().copied().unwrap_or_default())
}

/// The four that matter: the deepest, the farthest from it, the one that spans the largest triangle with both, and the one that adds the largest
/// area. Some may be the same.
fn reduce(near: &[Corner]) -> [usize; MAX_POINTS] {
    let area = |a: &Corner, b: &Corner, c: &Corner| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    let square = |a: &Corner, b: &Corner| (b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y);
    let first = near.first().copied().unwrap_or_default();
    let size = near.iter().fold(0.0, |size: Real, c| size.max(square(&first, c)));
    let (i0, p0) = pick(near, DEPTH_SLACK * size.sqrt(), |c| -c.z);
    let (i1, p1) = pick(near, 0.0, |c| square(&p0, c));
    let (i2, p2) = pick(near, 0.0, |c| area(&p0, &p1, c).abs());
    let sign: Real = if area(&p0, &p1, &p2) < 0.0 { -1.0 } else { 1.0 };
    let (i3, _) = pick(near, 0.0, |c| {
        let (a, b, d) = (area(&p0, &p1, c) * sign, area(&p1, &p2, c) * sign, area(&p2, &p0, c) * sign);
        -(a.min(b).min(d))
    });
    [i0, i1, i2, i3]
}
