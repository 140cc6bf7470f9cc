//! Polytope against polytope: separating axes (`hull_axes`), then the faces or the two edges that meet.
//!
//! The gap along the best axis is exact for shapes that overlap or meet with a face or with two edges, and never more than the true distance otherwise.

use super::clip::{clip, finish, Corner, Polygon, Reference};
use super::collide::Cache;
use super::convex::{Hull, MAX_HULL_VERTICES};
use super::hull_axes::{edges, Axis, Kind, Side};
use super::manifold::{Manifold, Point, MAX_POINTS};
use super::polytope::{Frame, Polytope};
use super::vector::{add, add_scaled, cross, dot, length, perpendicular, scale, sub, Pose, Vec3};
use crate::wide::Real;

/// As for boxes, in units of the smaller inner radius.
const FACE_BIAS: Real = 0.001;
const EDGE_BIAS: Real = 0.005;
/// As for boxes: an axis that is so nearly (cosine) the normal of a face that is so little deeper (in smaller inner radii) gives way to it.
const FLAT: Real = 0.99;
const FLAT_SLOP: Real = 0.1;
/// A corner so little outside the reference face (in widths of it) stays. Not in lengths: the slack of two sides adds up at a sharp corner.
const SLACK: Real = 0.0005;
/// Name of the first side of a reference face.
const SIDES: u32 = 128;
/// Sides of two faces whose clipping needs little memory.
const FEW: usize = 16;

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
    let (mut one, mut two) = (Side::new(a), Side::new(b));
    one.face(middle);
    two.face(back.point(a.center));
    let front = one.faces(&two, &frame, (Kind::FaceOfA, Axis::face_of(*cache, Kind::FaceOfA), reach));
    let (mut best, mut pair) = (front, Axis::NONE);
    if best.gap <= reach {
        let other = two.faces(&one, &back, (Kind::FaceOfB, Axis::face_of(*cache, Kind::FaceOfB), reach));
        let bias = if active.is_some() { 0.0 } else { one.ball.min(two.ball) };
        let same = |p: Axis, q: Axis| dot(normal(a, b, &frame, p), normal(a, b, &frame, q)) > FLAT;
        let little = |kept: Axis, better: Axis| better.gap <= kept.gap + FLAT_SLOP * bias && same(kept, better);
        if other.gap > reach || other.gap > best.gap + FACE_BIAS * bias {
            best = other;
        }
        if best.gap <= reach {
            pair = edges(&one, &two, &frame, best.gap);
            if pair.gap > reach || (pair.gap > best.gap + EDGE_BIAS * bias && !little(best, pair)) {
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
        Kind::FaceOfA => face_contact((a, best.i), (b, one.lowest), &frame, (false, rescue, reach), out),
        Kind::FaceOfB => {
            face_contact((b, best.i), (a, two.lowest), &back, (true, rescue, reach), out);
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

/// The face of `p` that looks most against `n`, among those around its `deepest` vertex.
fn incident(p: &Polytope, n: Vec3, deepest: usize) -> usize {
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
        let Some(first) = p.hull.edges.iter().position(|e| e.origin as usize == deepest) else { return best };
        let mut edge = first;
        for _ in 0..MAX_HULL_VERTICES {
            consider(p.hull.edge(edge).face as usize);
            edge = p.hull.edge(edge ^ 1).next as usize;
            if edge == first {
                break;
            }
        }
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
fn face_contact((p, f): (&Polytope, usize), (q, deepest): (&Polytope, usize), frame: &Frame, how: (bool, bool, Real), out: &mut Manifold) {
    let g = incident(q, frame.into(p.hull.normal(f)), deepest);
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
        let origin = p.line(first).0;
        let mut polygon = Polygon::empty(memory);
        around(q, g, |k, edge| {
            let d = sub(self.frame.point(q.vertex(q.edge(edge).origin)), origin);
            polygon.push(Corner { x: dot(d, u), y: dot(d, v), z: dot(d, normal), edge: k as u32 });
        });
        let lowest = polygon.lowest();
        let mut cut = Polygon::empty(spare);
        let slack = SLACK * width(p, f, origin, normal);
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

/// Area of a face, a `corner` of which is given, over its longest side, m.
#[inline(always)]
fn width(hull: &Hull, face: usize, corner: Vec3, normal: Vec3) -> Real {
    let (mut area, mut longest) = (0.0, 0.0);
    around(hull, face, |_, edge| {
        let (p, e) = hull.line(edge);
        area += 0.5 * dot(cross(sub(p, corner), e), normal);
        longest = dot(e, e).max(longest);
    });
    if longest > 0.0 {
        area / longest.sqrt()
    } else {
        0.0
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
