//! Polytope against polytope: separating axes with the edge pairs thinned out on the Gauss sphere (D. Gregorius, *The Separating Axis Test between Convex
//! Polyhedra*, GDC 2013), then the faces or the two edges that meet.
//!
//! Each polytope holds a ball around its center. A face that the other's ball overlaps by more than the best gap so far cannot be better, and neither
//! can an edge between two such faces: few faces need all vertices of the other, and few pairs of edges are left.
//!
//! The gap along the best axis is exact for shapes that overlap or meet with a face or with two edges, and never more than the true distance otherwise.

use super::clip::{clip, finish, Corner, Polygon, Reference};
use super::collide::Cache;
use super::convex::{HalfEdge, Hull, MAX_HULL_EDGES, MAX_HULL_FACES, MAX_HULL_VERTICES};
use super::manifold::{Manifold, Point, MAX_POINTS};
use super::polytope::{heights, Frame, Heights, Polytope};
use super::vector::{add, add_scaled, cross, dot, length, perpendicular, scale, sub, Pose, Vec3};
use crate::wide::Real;

/// As for boxes, in units of the smaller inner radius.
const FACE_BIAS: Real = 0.001;
const EDGE_BIAS: Real = 0.005;
/// Edges whose directions have a smaller sine than this are parallel.
const PARALLEL: Real = 0.005;
/// A corner so little outside the reference face (in lengths of its first side) stays.
const SLACK: Real = 0.0005;
/// Name of the first side of a reference face.
const SIDES: u32 = 128;
/// Share of a ball's radius that bounds rely on: the rest is for rounding.
const SURE: Real = 0.99;
/// Sides of two faces whose clipping needs little memory.
const FEW: usize = 16;

/// What an axis belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    FaceOfA,
    FaceOfB,
    Edges,
}

/// A separating axis: what it belongs to (face `i`, or edges `i` of a and `j` of b), and the gap along it, m.
#[derive(Clone, Copy)]
struct Axis {
    kind: Kind,
    i: usize,
    j: usize,
    gap: Real,
}

impl Axis {
    const NONE: Self = Self { kind: Kind::None, i: 0, j: 0, gap: Real::NEG_INFINITY };
    fn pack(self) -> Cache {
        Cache((self.kind as u32) << 30 | (self.i as u32) << 15 | self.j as u32)
    }
}

/// One of the two polytopes.
struct Side<'s> {
    shape: &'s Polytope<'s>,
    /// Of the other's center above the faces, m.
    heights: Heights,
    /// A ball of this radius around the center is inside, m.
    ball: Real,
}

impl<'s> Side<'s> {
    fn new(shape: &'s Polytope, other: Vec3) -> Self {
        let mut heights = [0.0; MAX_HULL_FACES];
        let least = self::heights(shape.hull.planes, other, &mut heights);
        // (All that are not flat have their center at the origin.)
        let ball = if shape.fronts == shape.flats && least > 0.0 && least < Real::INFINITY { least } else { 0.0 };
        Self { shape, heights, ball }
    }

    /// The face that keeps `other` farthest away.
    #[inline(never)]
    fn faces(&self, other: &Side, frame: &Frame, kind: Kind) -> Axis {
        let planes = &self.shape.hull.planes[..self.shape.fronts.min(self.shape.hull.planes.len())];
        let gap = |plane: &[Real; 4]| {
            let n = [plane[0], plane[1], plane[2]];
            lowest(other.shape.hull.vertices, frame.into(n)).1 + dot(n, frame.origin) - plane[3]
        };
        let (mut first, mut top) = (0, Real::NEG_INFINITY);
        for (i, &h) in self.heights.iter().enumerate().take(planes.len()) {
            if h > top {
                (first, top) = (i, h);
            }
        }
        let mut best = Axis::NONE;
        if let Some(plane) = planes.get(first) {
            best = Axis { kind, i: first, j: 0, gap: gap(plane) };
        }
        let ball = SURE * other.ball;
        for (i, (&h, plane)) in self.heights.iter().zip(planes).enumerate() {
            if h - ball > best.gap && i != first {
                let gap = gap(plane);
                if gap > best.gap {
                    best = Axis { kind, i, j: 0, gap };
                }
            }
        }
        // Nothing compares with NaN.
        if best.gap > Real::NEG_INFINITY {
            best
        } else {
            Axis::NONE
        }
    }

    /// Whether something may be farther than `bound` away along the arc of normals over an edge. A normal of the arc is s n₁ + t n₂ with
    /// s + t at most one over the cosine of half the angle between them, so the height along it is at most the larger of h₁ and h₂ times that.
    #[inline(always)]
    fn facing(&self, pair: &[HalfEdge], bound: Real) -> bool {
        let height = |e: &HalfEdge| self.heights.get(e.face as usize).copied().unwrap_or(Real::NEG_INFINITY);
        let (h0, h1) = (height(&pair[0]), height(&pair[1]));
        let high = if h0 > h1 { h0 } else { h1 };
        if high > bound || !(high > 0.0) {
            return high > bound;
        }
        let [n0, n1] = [&pair[0], &pair[1]].map(|e| self.shape.hull.normal(e.face as usize));
        2.0 * high * high > bound * bound * (1.0 + dot(n0, n1))
    }
}

/// The vertex with the least `n · v`, and that.
#[inline(always)]
fn lowest(vertices: &[Vec3], n: Vec3) -> (usize, Real) {
    let (mut at, mut low) = (0, Real::INFINITY);
    for (i, &v) in vertices.iter().enumerate() {
        let d = dot(n, v);
        if d < low {
            (at, low) = (i, d);
        }
    }
    (at, low)
}

/// The pair of edges that keeps the two farthest apart, among those that span a face of the Minkowski difference and may be more than `gap` apart.
#[inline(never)]
fn edges(a: &Side, b: &Side, frame: &Frame, gap: Real) -> Axis {
    let (hull, other) = (&a.shape.hull, &b.shape.hull);
    let mut list = [0u16; MAX_HULL_EDGES / 2];
    let mut count = 0;
    for (i, pair) in hull.edges.chunks_exact(2).enumerate() {
        if a.facing(pair, gap + SURE * b.ball) {
            if let Some(slot) = list.get_mut(count) {
                *slot = 2 * i as u16;
                count += 1;
            }
        }
    }
    let list = list.get(..count).unwrap_or(&[]);
    let mut best = Axis::NONE;
    for (j, pair) in other.edges.chunks_exact(2).enumerate() {
        if list.is_empty() || !b.facing(pair, gap + SURE * a.ball) {
            continue;
        }
        let (pb, eb) = other.line(2 * j);
        let (pb, eb) = (frame.point(pb), frame.out(eb));
        let [b0, b1] = other.normals(2 * j).map(|n| frame.out(n));
        let square_b = dot(eb, eb);
        for &i in list {
            // Do the arc of a's edge and the mirrored one of b's cross? (n₁ × n₂ goes along the edge.)
            let (pa, ea) = hull.line(i as usize);
            let (d0, d1) = (dot(b0, ea), dot(b1, ea));
            if d0 * d1 >= 0.0 {
                continue;
            }
            let [a0, a1] = hull.normals(i as usize);
            let (c0, c1) = (dot(a0, eb), dot(a1, eb));
            if c0 * c1 >= 0.0 || d0 * c1 >= 0.0 {
                continue;
            }
            let n = cross(ea, eb);
            let square = dot(n, n);
            if square <= PARALLEL * PARALLEL * (dot(ea, ea) * square_b) {
                continue;
            }
            let sign = if dot(n, add(a0, a1)) < 0.0 { -1.0 } else { 1.0 };
            let gap = sign * dot(n, sub(pb, pa)) / square.sqrt();
            if gap > best.gap {
                best = Axis { kind: Kind::Edges, i: i as usize, j: 2 * j, gap };
            }
        }
    }
    best
}

/// The contact of two polytopes. `active`: `a` is a triangle with these active edges.
pub fn hull_hull(a: &Polytope, b: &Polytope, b_in_a: &Pose, (reach, cache, active): (Real, &mut Cache, Option<u32>), out: &mut Manifold) {
    out.count = 0;
    let frame = Frame::of(b_in_a);
    let back = frame.inverse();
    let middle = frame.point(b.center);
    // A triangle holds up what is in front of it; what has sunk in a little (`reach`) is still lifted out.
    let height = dot(a.hull.normal(0), sub(middle, a.center));
    if active.is_some() && height < -reach {
        return;
    }
    let (one, two) = (Side::new(a, middle), Side::new(b, back.point(a.center)));
    let front = one.faces(&two, &frame, Kind::FaceOfA);
    let (mut best, mut pair) = (front, Axis::NONE);
    if best.gap <= reach {
        let other = two.faces(&one, &back, Kind::FaceOfB);
        let bias = if active.is_some() { 0.0 } else { one.ball.min(two.ball) };
        if other.gap > reach || other.gap > best.gap + FACE_BIAS * bias {
            best = other;
        }
        if best.gap <= reach {
            pair = edges(&one, &two, &frame, best.gap);
            if pair.gap > reach || pair.gap > best.gap + EDGE_BIAS * bias {
                best = pair;
            }
        }
    }
    *cache = best.pack();
    if best.kind == Kind::None || best.gap > reach {
        return;
    }
    // At a seam the face goes on, and what lies beside it is the neighbour's.
    let seam = |axis: Axis| active.is_some_and(|active| !allowed(a, normal(a, b, &frame, axis), (axis.kind, active, height < 0.0)));
    let on_seam = seam(best);
    if on_seam {
        best = front;
    }
    let rescue = !on_seam && best.gap <= 0.0 && pair.gap <= best.gap;
    match best.kind {
        Kind::FaceOfA => face_contact((a, best.i), b, &frame, (false, rescue, reach), out),
        Kind::FaceOfB => {
            face_contact((b, best.i), a, &back, (true, rescue, reach), out);
            out.normal = frame.out(out.normal);
            for point in &mut out.points[..out.count.min(MAX_POINTS)] {
                point.position = frame.point(point.position);
            }
        }
        _ => edge_contact(a, b, &frame, best, out),
    }
    // Where the bias took a face but the shapes meet beside it, the edges have it after all.
    if out.count == 0 && !on_seam && pair.gap > best.gap && !seam(pair) {
        edge_contact(a, b, &frame, pair, out);
    }
}

/// Unit normal of an axis, from a to b.
#[inline(never)]
fn normal(a: &Polytope, b: &Polytope, frame: &Frame, axis: Axis) -> Vec3 {
    match axis.kind {
        Kind::FaceOfA => a.hull.normal(axis.i),
        Kind::FaceOfB => scale(frame.out(b.hull.normal(axis.i)), -1.0),
        _ => {
            let n = cross(a.hull.line(axis.i).1, frame.out(b.hull.line(axis.j).1));
            let [n0, n1] = a.hull.normals(axis.i);
            let l = length(n);
            scale(n, if dot(n, add(n0, n1)) < 0.0 { -1.0 / l } else { 1.0 / l })
        }
    }
}

/// May the triangle push along `n`? With its face always; with an edge or a corner if it is active, and not backwards what has `sunk` in.
fn allowed(a: &Polytope, n: Vec3, (kind, active, sunk): (Kind, u32, bool)) -> bool {
    if kind == Kind::FaceOfA || (active & 7 == 7 && !sunk) {
        return true;
    }
    let corners = [a.hull.vertex(0), a.hull.vertex(1), a.hull.vertex(2)];
    touched(&corners, n) & active != 0 && !(sunk && dot(n, a.hull.normal(0)) < 0.0)
}

/// The edges (bits) of a triangle that touch what lies along `n`: all for its face, one for an edge, two for a corner.
pub(super) fn touched(corners: &[Vec3; 3], n: Vec3) -> u32 {
    let heights = corners.map(|c| dot(sub(c, corners[0]), n));
    let high = heights[0].max(heights[1]).max(heights[2]);
    let size = length(sub(corners[1], corners[0])).max(length(sub(corners[2], corners[0])));
    let at = |k: usize| heights[k] > high - 0.002 * size;
    match (at(0), at(1), at(2)) {
        (true, true, false) => 1,
        (false, true, true) => 2,
        (true, false, true) => 4,
        (true, false, false) => 5,
        (false, true, false) => 3,
        (false, false, true) => 6,
        _ => 7,
    }
}

/// The face of `p` that looks most against `n`, among those around its deepest vertex.
fn incident(p: &Polytope, n: Vec3) -> usize {
    let deepest = lowest(p.hull.vertices, n).0;
    let (mut best, mut least) = (0, Real::INFINITY);
    let mut consider = |f: usize| {
        let d = dot(p.hull.normal(f), n);
        if d < least {
            (best, least) = (f, d);
        }
    };
    if p.flats < p.hull.planes.len() {
        // A triangle: all corners are corners of both faces.
        (0..p.flats).for_each(&mut consider);
    } else {
        p.hull.edges.iter().filter(|e| e.origin as usize == deepest).for_each(|e| consider(e.face as usize));
    }
    best
}

/// Visits the half-edges of a face in turn; gives how many there are.
#[inline(always)]
pub(super) fn around(hull: &Hull, face: usize, mut visit: impl FnMut(usize, usize)) -> usize {
    let first = hull.faces.get(face).map_or(0, |&edge| edge as usize);
    let (mut edge, mut count) = (first, 0);
    loop {
        visit(count, edge);
        count += 1;
        edge = hull.edge(edge).next as usize;
        if edge == first || count == MAX_HULL_VERTICES {
            return count;
        }
    }
}

/// The reference face `f` of one polytope against the face of the other, at `frame`, that looks at it; in the frame of the first. `of_b`: the
/// reference belongs to b; `rescue`: the lowest corner counts when all are cut off.
#[inline(never)]
fn face_contact((p, f): (&Polytope, usize), q: &Polytope, frame: &Frame, how: (bool, bool, Real), out: &mut Manifold) {
    let g = incident(q, frame.into(p.hull.normal(f)));
    let clipping = Clipping { p: (&p.hull, f), q: (&q.hull, g), frame, how };
    if around(&p.hull, f, |_, _| {}) + around(&q.hull, g, |_, _| {}) <= FEW {
        clipping.run(&mut [Corner::default(); FEW], &mut [Corner::default(); FEW], out);
    } else {
        clipping.large(out);
    }
}

/// Two faces that meet.
struct Clipping<'c> {
    p: (&'c Hull<'c>, usize),
    q: (&'c Hull<'c>, usize),
    frame: &'c Frame,
    /// Whether the reference belongs to b, whether the lowest corner counts when all are cut off, the reach.
    how: (bool, bool, Real),
}

impl Clipping<'_> {
    /// With the memory for any two faces.
    #[cold]
    #[inline(never)]
    fn large(&self, out: &mut Manifold) {
        self.run(&mut [Corner::default(); 2 * MAX_HULL_VERTICES], &mut [Corner::default(); 2 * MAX_HULL_VERTICES], out);
    }

    #[inline(never)]
    fn run(&self, memory: &mut [Corner], spare: &mut [Corner], out: &mut Manifold) {
        let ((p, f), (q, g), (of_b, rescue, reach)) = (self.p, self.q, self.how);
        let normal = p.normal(f);
        let u = perpendicular(normal);
        let v = cross(normal, u);
        let first = p.faces.get(f).map_or(0, |&edge| edge as usize);
        let (origin, side) = p.line(first);
        let mut polygon = Polygon::empty(memory);
        around(q, g, |k, edge| {
            let d = sub(self.frame.point(q.vertex(q.edge(edge).origin)), origin);
            polygon.push(Corner { x: dot(d, u), y: dot(d, v), z: dot(d, normal), edge: k as u32 });
        });
        let lowest = polygon.lowest();
        let mut cut = Polygon::empty(spare);
        let slack = SLACK * length(side);
        around(p, f, |k, edge| {
            let (corner, e) = p.line(edge);
            let d = sub(corner, origin);
            let (x, y, ex, ey) = (dot(d, u), dot(d, v), dot(e, u), dot(e, v));
            let l = (ex * ex + ey * ey).sqrt();
            if l > 0.0 {
                let (nx, ny) = (ey / l, -ex / l);
                clip(&polygon, &mut cut, [nx, ny, nx * x + ny * y + slack], SIDES + k as u32);
                core::mem::swap(&mut polygon, &mut cut);
            }
        });
        if polygon.all().is_empty() && rescue {
            polygon.push(lowest);
        }
        let key = (of_b as u32) << 14 | (f as u32) << 7 | g as u32;
        finish(&polygon, &mut cut, (&Reference { origin, u, v, normal, of_b, key }, reach), out);
    }
}

/// One point between two edges.
#[inline(never)]
fn edge_contact(a: &Polytope, b: &Polytope, frame: &Frame, axis: Axis, out: &mut Manifold) {
    let ((pa, da), (pb, db)) = (a.hull.line(axis.i), b.hull.line(axis.j));
    let (pb, db) = (frame.point(pb), frame.out(db));
    let w = sub(pb, pa);
    let (aa, bb, ab, wa, wb) = (dot(da, da), dot(db, db), dot(da, db), dot(w, da), dot(w, db));
    let s = ((wa * bb - wb * ab) / (aa * bb - ab * ab)).max(0.0).min(1.0);
    let u = ((s * ab - wb) / bb).max(0.0).min(1.0);
    out.normal = normal(a, b, frame, axis);
    let position = scale(add(add_scaled(pa, da, s), add_scaled(pb, db, u)), 0.5);
    out.push(Point { position, separation: axis.gap, id: 0x8000_0000 | (axis.i as u32) << 12 | axis.j as u32 });
}
