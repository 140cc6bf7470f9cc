//! Box against box: separating axes (Gottschalk, Lin and Manocha 1996), then the faces or the two edges that meet.
//!
//! Axes 0…2 are the faces of a, 3…5 those of b, 6…14 the products of edge i of a and edge j of b (6 + 3 i + j). The gap along the best of them is exact
//! for boxes that overlap or meet with a face or with two edges, and never more than the true distance otherwise.

use super::clip::{clip, finish, Corner, Polygon, Reference};
use super::collide::Cache;
use super::manifold::{Manifold, Point};
use super::vector::{abs, add, add_scaled, axes, dot, negate, rotate, scale, sub, unrotate, Pose, Vec3};
use crate::wide::Real;

/// How much deeper (in smallest half extents) a face of b may be than one of a, and an edge pair than a face, before the better axis is taken: two axes
/// that are nearly as good must not take turns while a stack is at rest.
const FACE_BIAS: Real = 0.001;
const EDGE_BIAS: Real = 0.005;
/// Edges whose directions have a smaller sine than this are parallel; a face's axis separates as well as theirs.
const PARALLEL: Real = 0.005;
/// Cosine between an edges' axis and a face's normal above which the two boxes lie on one another: the face's points say more than the one of the edges.
const FLAT: Real = 0.99;
/// But only while the face is no more than this (in smallest half extents) deeper than the edges.
const FLAT_SLOP: Real = 0.1;
/// A corner so little outside the reference face (in its half extents) stays: aligned stacks keep their ids.
const SLACK: Real = 0.001;

/// The next axis, around.
const NEXT: [usize; 3] = [1, 2, 0];
/// The one after the next.
const LAST: [usize; 3] = [2, 0, 1];

/// Two boxes: half extents, the axes of b and its place in the frame of a, and the magnitudes of the axes' components.
struct Pair {
    ha: Vec3,
    hb: Vec3,
    t: Vec3,
    axis: [Vec3; 3],
    size: [Vec3; 3],
}

impl Pair {
    /// Gap along a face normal of a.
    #[inline(always)]
    fn face_a(&self, i: usize) -> Real {
        self.t[i].abs() - (self.ha[i] + self.hb[0] * self.size[0][i] + self.hb[1] * self.size[1][i] + self.hb[2] * self.size[2][i])
    }
    /// Gap along a face normal of b.
    #[inline(always)]
    fn face_b(&self, j: usize) -> Real {
        dot(self.t, self.axis[j]).abs() - (self.hb[j] + dot(self.ha, self.size[j]))
    }
    /// Gap along the product of edge i of a and edge j of b; −∞ when they are parallel.
    #[inline(always)]
    fn edges(&self, i: usize, j: usize) -> Real {
        let (i1, i2, j1, j2) = (NEXT[i], LAST[i], NEXT[j], LAST[j]);
        let (r, s) = (&self.axis[j], &self.size[j]);
        let square = r[i1] * r[i1] + r[i2] * r[i2];
        let middle = (self.t[i2] * r[i1] - self.t[i1] * r[i2]).abs();
        let around = self.ha[i1] * s[i2] + self.ha[i2] * s[i1] + self.hb[j1] * self.size[j2][i] + self.hb[j2] * self.size[j1][i];
        if square > PARALLEL * PARALLEL {
            (middle - around) / square.sqrt()
        } else {
            Real::NEG_INFINITY
        }
    }
    /// Whether the axis of edge pair `k` is nearly the normal of `face`. A face's gap counts the other box in its whole length, however small the part that
    /// lies on it: crossing planks that are turned by next to nothing would stand on one point, and roll over it.
    fn flat(&self, k: usize, face: usize) -> bool {
        let (i, j) = (k / 3, k % 3);
        let (i1, i2) = (NEXT[i], LAST[i]);
        let r = &self.axis[j];
        let mut axis = [0.0; 3];
        (axis[i1], axis[i2]) = (-r[i2], r[i1]);
        let along = if face < 3 { axis[face] } else { dot(axis, self.axis[face - 3]) };
        along * along > FLAT * FLAT * dot(axis, axis)
    }
    /// Gap along any axis.
    fn gap(&self, k: usize) -> Real {
        match k {
            0..=2 => self.face_a(k),
            3..=5 => self.face_b(k - 3),
            6..=14 => self.edges((k - 6) / 3, (k - 6) % 3),
            _ => Real::NEG_INFINITY,
        }
    }
}

/// The contact of a box at the origin and one at `b_in_a`, both given by their half extents.
pub fn box_box(ha: Vec3, hb: Vec3, b_in_a: &Pose, (reach, cache): (Real, &mut Cache), out: &mut Manifold) {
    out.count = 0;
    let axis = axes(b_in_a.rotation);
    let pair = Pair { ha, hb, t: b_in_a.position, axis, size: axis.map(abs) };
    // The axis that kept them apart in the last step mostly still does.
    if cache.0 != 0 && pair.gap(cache.0 as usize - 1) > reach {
        return;
    }
    let (mut face, mut gap) = (0, Real::NEG_INFINITY);
    let smallest = ha[0].min(ha[1]).min(ha[2]).min(hb[0].min(hb[1]).min(hb[2]));
    for i in 0..3 {
        let g = pair.face_a(i);
        if g > gap {
            (face, gap) = (i, g);
        }
    }
    let bias = FACE_BIAS * smallest;
    let (mut other, mut other_gap) = (0, Real::NEG_INFINITY);
    for j in 0..3 {
        let g = pair.face_b(j);
        if g > other_gap {
            (other, other_gap) = (j, g);
        }
    }
    if gap > reach || other_gap > reach {
        cache.0 = if gap > reach { face as u32 + 1 } else { other as u32 + 4 };
        return;
    }
    if other_gap > gap + bias {
        (face, gap) = (other + 3, other_gap);
    }
    let (mut edge, mut edge_gap) = (0, Real::NEG_INFINITY);
    for i in 0..3 {
        for j in 0..3 {
            let g = pair.edges(i, j);
            if g > edge_gap {
                (edge, edge_gap) = (6 + 3 * i + j, g);
            }
        }
    }
    if edge_gap > reach {
        cache.0 = edge as u32 + 1;
        return;
    }
    // Nothing compares with NaN: no axis, no contact.
    if gap == Real::NEG_INFINITY {
        return;
    }
    let little = edge_gap <= gap + FLAT_SLOP * smallest;
    if edge_gap > gap + EDGE_BIAS * smallest && !(little && pair.flat(edge - 6, face)) {
        cache.0 = edge as u32 + 1;
        edge_contact(&pair, edge - 6, edge_gap, out);
        return;
    }
    cache.0 = face as u32 + 1;
    // Where the bias took a face but the boxes meet beside it, the edges have it after all.
    let rescue = gap <= 0.0 && edge_gap <= gap;
    if face < 3 {
        face_contact(&pair, face, (false, rescue), reach, out);
    } else {
        let [x, y, z] = pair.axis;
        let turned = [[x[0], y[0], z[0]], [x[1], y[1], z[1]], [x[2], y[2], z[2]]];
        let t = negate(unrotate(b_in_a.rotation, pair.t));
        let swapped = Pair { ha: hb, hb: ha, t, axis: turned, size: turned.map(abs) };
        face_contact(&swapped, face - 3, (true, rescue), reach, out);
        out.normal = rotate(b_in_a.rotation, out.normal);
        for point in &mut out.points[..out.count] {
            point.position = b_in_a.point(point.position);
        }
    }
    if out.count == 0 && edge_gap > gap {
        edge_contact(&pair, edge - 6, edge_gap, out);
    }
}

/// The reference face is face ±`i` of the first box of the pair; `of_b`: that one is shape b; `rescue`: the lowest corner counts when all are cut off.
fn face_contact(pair: &Pair, i: usize, (of_b, rescue): (bool, bool), reach: Real, out: &mut Manifold) {
    let (i1, i2) = (NEXT[i], LAST[i]);
    let negative = pair.t[i] < 0.0;
    let sign: Real = if negative { -1.0 } else { 1.0 };
    let mut unit = [[0.0; 3]; 3];
    (unit[0][i], unit[1][i1], unit[2][i2]) = (sign, 1.0, 1.0);

    // The incident face looks most against the reference normal.
    let mut j = 0;
    for k in 1..3 {
        if pair.size[k][i] > pair.size[j][i] {
            j = k;
        }
    }
    let away = pair.axis[j][i] * sign > 0.0;
    let (j1, j2) = (NEXT[j], LAST[j]);
    let center = add_scaled(pair.t, pair.axis[j], if away { -pair.hb[j] } else { pair.hb[j] });
    let (p, q) = (scale(pair.axis[j1], pair.hb[j1]), scale(pair.axis[j2], pair.hb[j2]));
    let (mut memory, mut spare) = ([Corner::default(); 8], [Corner::default(); 8]);
    let (mut first, mut second) = (Polygon::empty(&mut memory), Polygon::empty(&mut spare));
    let corners = [sub(sub(center, p), q), sub(add(center, p), q), add(add(center, p), q), add(sub(center, p), q)];
    for (edge, c) in corners.into_iter().enumerate() {
        first.push(Corner { x: c[i1], y: c[i2], z: c[i] * sign - pair.ha[i], edge: edge as u32 });
    }
    let (dx, dy) = (pair.ha[i1] * (1.0 + SLACK), pair.ha[i2] * (1.0 + SLACK));
    let lowest = first.lowest();
    let within = |c: &Corner| c.x.abs() <= dx && c.y.abs() <= dy;
    if !first.all().iter().all(within) {
        clip(&first, &mut second, [1.0, 0.0, dx], 4);
        clip(&second, &mut first, [0.0, 1.0, dy], 5);
        clip(&first, &mut second, [-1.0, 0.0, dx], 6);
        clip(&second, &mut first, [0.0, -1.0, dy], 7);
        if first.all().is_empty() && rescue {
            first.push(lowest);
        }
    }
    let key = (of_b as u32) << 6 | (i as u32) << 4 | (negative as u32) << 3 | (j as u32) << 1 | away as u32;
    let origin = scale(unit[0], pair.ha[i]);
    let reference = Reference { origin, u: unit[1], v: unit[2], normal: unit[0], of_b, key };
    finish(&first, &mut second, (&reference, reach), out);
}

/// One point between edge i of a and edge j of b (`k` = 3 i + j).
fn edge_contact(pair: &Pair, k: usize, gap: Real, out: &mut Manifold) {
    let (i, j) = (k / 3, k % 3);
    let (i1, i2) = (NEXT[i], LAST[i]);
    let r = pair.axis[j];
    let mut normal = [0.0; 3];
    (normal[i1], normal[i2]) = (-r[i2], r[i1]);
    let over = 1.0 / (r[i1] * r[i1] + r[i2] * r[i2]).sqrt();
    normal = scale(normal, if dot(normal, pair.t) < 0.0 { -over } else { over });

    // The middles of the two edges that are farthest towards each other.
    let mut name = k as u32;
    let (mut on_a, mut on_b) = ([0.0; 3], pair.t);
    for c in [i1, i2] {
        name = name << 1 | (normal[c] < 0.0) as u32;
        on_a[c] = if normal[c] < 0.0 { -pair.ha[c] } else { pair.ha[c] };
    }
    for c in [NEXT[j], LAST[j]] {
        let ahead = dot(normal, pair.axis[c]) > 0.0;
        name = name << 1 | ahead as u32;
        on_b = add_scaled(on_b, pair.axis[c], if ahead { -pair.hb[c] } else { pair.hb[c] });
    }
    // Their closest points.
    let d = sub(on_b, on_a);
    let (c, da, db) = (r[i], d[i], dot(d, r));
    let s = ((da - c * db) / (1.0 - c * c)).max(-pair.ha[i]).min(pair.ha[i]);
    let u = (c * s - db).max(-pair.hb[j]).min(pair.hb[j]);
    on_a[i] = s;
    on_b = add_scaled(on_b, r, u);
    out.normal = normal;
    out.push(Point { position: scale(add(on_a, on_b), 0.5), separation: gap, id: 0x8000_0000 | name });
}
