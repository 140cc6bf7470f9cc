//! Capsules: against capsules (two points where they lie along each other) and against polytopes (two points where the capsule lies on a face or along an
//! edge). While the segment stays outside, its nearest points tell the normal; once it has gone in, separating axes do.

use super::convex::{Convex, HalfEdge, Hull};
use super::double::{narrow, widen};
use super::gjk::{cores, Cores};
use super::hull_hull::{around, touched};
use super::manifold::{Manifold, Point};
use super::polytope::{Polytope, Row, Workspace};
use super::vector::{add, add_scaled, cross, dot, length, normalize_or, scale, sub, Pose, Vec3};
use crate::wide::Real;

/// Squared sine below which two directions count as parallel.
const PARALLEL: Real = 0.0025;
/// The normal is a face's when their cosine is larger.
const FLAT: Real = 0.99995;
/// How much deeper (in radii) a face may be than an edge before the edge is taken.
const EDGE_BIAS: Real = 0.005;

/// A capsule: radius and half the length of its segment along y, m.
#[derive(Clone, Copy)]
pub struct Rod {
    /// m
    pub radius: Real,
    /// m
    pub half_height: Real,
}

/// The contact of two capsules.
pub fn capsule_capsule(a: Rod, b: Rod, b_in_a: &Pose, reach: Real, out: &mut Manifold) {
    out.count = 0;
    let (p, q) = (b_in_a.point([0.0, -b.half_height, 0.0]), b_in_a.point([0.0, b.half_height, 0.0]));
    let d = sub(q, p);
    let clamp = |x: Real, low: Real, high: Real| x.max(low).min(high);
    let (square, across) = (dot(d, d), d[0] * d[0] + d[2] * d[2]);
    // Ericson 2005, 5.1.9, with the first segment along y.
    let mut u = if across > 0.0 { clamp(-(p[0] * d[0] + p[2] * d[2]) / across, 0.0, 1.0) } else { 0.5 };
    let mut s = clamp(p[1] + u * d[1], -a.half_height, a.half_height);
    if square > 0.0 {
        u = clamp(((s - p[1]) * d[1] - p[0] * d[0] - p[2] * d[2]) / square, 0.0, 1.0);
        s = clamp(p[1] + u * d[1], -a.half_height, a.half_height);
    }
    let on_b = add_scaled(p, d, u);
    let between = sub(on_b, [0.0, s, 0.0]);
    let distance = length(between);
    let sum = a.radius + b.radius;
    if !(distance - sum <= reach) {
        return;
    }
    let normal = normalize_or(between, normalize_or(cross([0.0, 1.0, 0.0], d), [1.0, 0.0, 0.0]));
    out.normal = normal;
    let mut emit = |y: Real, on: Vec3, id: u32| {
        let separation = dot(normal, sub(on, [0.0, y, 0.0])) - sum;
        if separation <= reach {
            let position = add_scaled([0.0, y, 0.0], normal, a.radius + 0.5 * separation);
            out.push(Point { position, separation, id });
        }
    };
    // Side by side: where the shorter stretch begins and ends.
    if across < PARALLEL * square {
        let (low, high) = ((-a.half_height).max(p[1].min(q[1])), a.half_height.min(p[1].max(q[1])));
        if high - low > 0.02 * sum {
            let at = |y: Real| add_scaled(p, d, clamp((y - p[1]) / d[1], 0.0, 1.0));
            emit(low, at(low), 1);
            emit(high, at(high), 2);
            return;
        }
    }
    emit(s, on_b, 3);
}

/// A polytope and a capsule in its frame.
struct Scene<'s> {
    shape: Polytope<'s>,
    ends: [Vec3; 2],
    radius: Real,
    reach: Real,
}

/// The contact of a box, a hull or a triangle with a capsule at `b_in_a`.
pub fn capsule(shape: &Convex, rod: Rod, b_in_a: &Pose, reach: Real, out: &mut Manifold) {
    out.count = 0;
    let mut work = Workspace::new();
    let Some(polytope) = Polytope::of(shape, &mut work) else {
        return;
    };
    let end = |y: Real| b_in_a.point([0.0, y, 0.0]);
    let scene = Scene { shape: polytope, ends: [end(-rod.half_height), end(rod.half_height)], radius: rod.radius, reach };
    let triangle = if let Convex::Triangle(t) = shape { Some(t) } else { None };
    if triangle.is_some() && scene.height(0, b_in_a.position) < -reach {
        return;
    }
    let (near, known) = match scene.quick() {
        Found::Apart => return,
        Found::Inside => (Cores { distance: 0.0, on_a: [0.0; 3], on_b: [0.0; 3], normal: [0.0; 3] }, None),
        Found::Near(near, face, cosine) => (near, Some((face, cosine))),
        Found::Unknown => {
            let core = Convex::Capsule { radius: 0.0, half_height: rod.half_height };
            (cores(shape, &core, b_in_a.rotation, widen(b_in_a.position)), None)
        }
    };
    let normal = narrow(near.normal);
    let seam = |n: Vec3| triangle.is_some_and(|t| touched(&t.corners, n) & t.active == 0);
    if !(near.distance > 0.0) {
        scene.deep(&seam, out);
        return;
    }
    if !(near.distance - rod.radius as f64 <= reach as f64) {
        return;
    }
    if seam(normal) {
        scene.flat(0, out);
        if out.count == 0 {
            scene.single(0, narrow(near.on_b), out);
        }
        return;
    }
    let (face, cosine) = known.unwrap_or_else(|| scene.facing(normal));
    if cosine > FLAT {
        scene.flat(face, out);
        // A stretch that misses the nearest point (a capsule that leans over a corner) is no resting one.
        let enough = near.distance as Real - 0.999 * rod.radius;
        if !out.points[..out.count].iter().any(|p| p.separation <= enough) {
            out.count = 0;
        }
    }
    if out.count == 0 {
        scene.beside(&near, normal, out);
    }
}

/// What separating axes tell of the segment's distance.
enum Found {
    /// Too large for a contact.
    Apart,
    /// None: the segment has gone in.
    Inside,
    /// The nearest points, of a face and an end or of two edges, the face that looks most along the normal, and the cosine.
    Near(Cores, usize, Real),
    /// A corner or an end may be nearest.
    Unknown,
}

impl Scene<'_> {
    /// The gap along an axis is the distance where the two features, facing each other along it, lie over each other; no iteration is needed then.
    fn quick(&self) -> Found {
        let (hull, [p, q]) = (&self.shape.hull, self.ends);
        let (mut of_p, mut of_q, mut lower) = (Row::new(), Row::new(), Row::new());
        of_p.heights(hull.planes, p);
        of_q.heights(hull.planes, q);
        lower.fill(of_p.fours().iter().zip(of_q.fours().iter()).map(|(p, q)| p.min(*q)), self.shape.fronts);
        let (face, gap) = lower.most();
        if gap > self.reach + self.radius {
            return Found::Apart;
        }
        let d = sub(q, p);
        let rise = |e: &HalfEdge| of_q.get(e.face as usize) - of_p.get(e.face as usize);
        // Edges farther away than the face, and than nothing: the lower end is above one of their faces, and so is the other end.
        let (mut edge, mut square_gap) = (None, gap.max(0.0) * gap.max(0.0));
        let (low, high) = if of_q.get(face) < of_p.get(face) { (&of_q, &of_p) } else { (&of_p, &of_q) };
        low.each_above(0.0, |f| {
            around(hull, f, |_, half| {
                let i = half & !1;
                let pair = [hull.edge(i), hull.edge(i + 1)];
                let other = pair[(half & 1) ^ 1].face as usize;
                let seen = high.get(f) > 0.0 || high.get(other) > 0.0;
                // From one of its faces only.
                if !seen || (other < f && low.get(other) > 0.0) || !(rise(&pair[0]) * rise(&pair[1]) < 0.0) {
                    return;
                }
                let (corner, e) = hull.line(i);
                let n = cross(e, d);
                let (square, off) = (dot(n, n), dot(n, sub(p, corner)));
                if off * off <= square_gap * square || square <= PARALLEL * 0.01 * dot(e, e) * dot(d, d) {
                    return;
                }
                let [n0, n1] = hull.normals(i);
                if (off < 0.0) == (dot(n, add(n0, n1)) < 0.0) {
                    (edge, square_gap) = (Some((i, scale(n, if off < 0.0 { -1.0 } else { 1.0 } / square.sqrt()))), off * off / square);
                }
            });
        });
        if let Some((i, normal)) = edge {
            self.between_edges(i, normal)
        } else if gap > 0.0 {
            self.over_face(face, gap, if of_q.get(face) < of_p.get(face) { q } else { p })
        } else if self.shape.fronts == self.shape.flats {
            Found::Inside
        } else {
            Found::Unknown
        }
    }
    /// The segment's nearest point when its lower end is over the face.
    fn over_face(&self, face: usize, gap: Real, low: Vec3) -> Found {
        let (hull, normal) = (&self.shape.hull, self.plane(face));
        let mut inside = true;
        around(hull, face, |_, i| {
            let (corner, e) = hull.line(i);
            inside &= dot(cross(e, normal), sub(low, corner)) <= 0.0;
        });
        if !inside {
            return Found::Unknown;
        }
        let foot = add_scaled(low, normal, -gap);
        Found::Near(Cores { distance: gap as f64, on_a: widen(foot), on_b: widen(low), normal: widen(normal) }, face, 1.0)
    }
    /// The nearest points of the segment and an edge when neither is at an end.
    fn between_edges(&self, i: usize, normal: Vec3) -> Found {
        let (hull, [p, q]) = (&self.shape.hull, self.ends);
        let ((corner, e), d) = (hull.line(i), sub(q, p));
        let w = sub(corner, p);
        let (dd, ee, de, wd, we) = (dot(d, d), dot(e, e), dot(d, e), dot(w, d), dot(w, e));
        let over = dd * ee - de * de;
        let (t, s) = ((wd * ee - we * de) / over, (wd * de - we * dd) / over);
        let distance = -dot(normal, w);
        if distance > self.reach + self.radius {
            return Found::Apart;
        }
        if !(t > 0.0 && t < 1.0 && s > 0.0 && s < 1.0 && distance > 0.0) {
            return Found::Unknown;
        }
        let near = Cores {
            distance: distance as f64,
            on_a: widen(add_scaled(corner, e, s)),
            on_b: widen(add_scaled(p, d, t)),
            normal: widen(normal),
        };
        let [n0, n1] = hull.normals(i).map(|n| dot(n, normal));
        let face = hull.edge(if n1 > n0 { i + 1 } else { i }).face as usize;
        let (face, cosine) = if face < self.shape.fronts { (face, n0.max(n1)) } else { self.facing(normal) };
        Found::Near(near, face, cosine)
    }
    fn plane(&self, face: usize) -> Vec3 {
        let p = &self.shape.hull.planes[face];
        [p[0], p[1], p[2]]
    }
    /// Height above a face, m.
    fn height(&self, face: usize, p: Vec3) -> Real {
        dot(self.plane(face), p) - self.shape.hull.planes[face][3]
    }
    /// Where a half-edge begins, and the way to its end.
    fn edge(&self, i: usize) -> (Vec3, Vec3) {
        let hull: &Hull = &self.shape.hull;
        let (from, to) = (hull.edges[i].origin, hull.edges[hull.edges[i].next as usize].origin);
        let from = hull.vertices[from as usize];
        (from, sub(hull.vertices[to as usize], from))
    }
    /// The face that looks most along `n`, and the cosine.
    fn facing(&self, n: Vec3) -> (usize, Real) {
        let mut best = (0, -1.0);
        for face in 0..self.shape.fronts {
            let cosine = dot(self.plane(face), n);
            if cosine > best.1 {
                best = (face, cosine);
            }
        }
        best
    }
    /// Adds the point under `p` (on the segment), `height` above the surface along `normal`.
    fn emit(&self, normal: Vec3, p: Vec3, (height, id): (Real, u32), out: &mut Manifold) {
        let separation = height - self.radius;
        if separation <= self.reach {
            out.normal = normal;
            out.push(Point { position: add_scaled(p, normal, -0.5 * (height + self.radius)), separation, id });
        }
    }
    /// One point over the plane of a face.
    fn single(&self, face: usize, p: Vec3, out: &mut Manifold) {
        self.emit(self.plane(face), p, (self.height(face, p), (face as u32) << 8 | 2), out);
    }
    /// The stretch of the segment over a face: its two ends.
    #[inline(never)]
    fn flat(&self, face: usize, out: &mut Manifold) {
        let [p, q] = self.ends;
        let (d, normal) = (sub(q, p), self.plane(face));
        let (mut from, mut to): (Real, Real) = (0.0, 1.0);
        let first = self.shape.hull.faces[face] as usize;
        let mut i = first;
        for _ in 0..self.shape.hull.vertices.len() {
            let (corner, e) = self.edge(i);
            let outward = cross(e, normal);
            let (here, way) = (dot(outward, sub(p, corner)), dot(outward, d));
            if way > 0.0 {
                to = to.min(-here / way);
            } else if way < 0.0 {
                from = from.max(-here / way);
            } else if here > 0.0 {
                return;
            }
            i = self.shape.hull.edges[i].next as usize;
            if i == first {
                break;
            }
        }
        if !(from <= to) {
            return;
        }
        let (low, high) = (add_scaled(p, d, from), add_scaled(p, d, to));
        let (h0, h1) = (self.height(face, low), self.height(face, high));
        let name = (face as u32) << 8;
        if (to - from) * length(d) > 0.02 * self.radius {
            self.emit(normal, low, (h0, name), out);
            self.emit(normal, high, (h1, name | 1), out);
        } else if h1 < h0 {
            self.emit(normal, high, (h1, name | 1), out);
        } else {
            self.emit(normal, low, (h0, name), out);
        }
    }
    /// No face: the stretch beside an edge along which the capsule lies, or the nearest points.
    #[inline(never)]
    fn beside(&self, near: &Cores, normal: Vec3, out: &mut Manifold) {
        let on_a = narrow(near.on_a);
        let d = sub(self.ends[1], self.ends[0]);
        let square = dot(d, d);
        for i in (0..self.shape.hull.edges.len()).step_by(2) {
            let (corner, e) = self.edge(i);
            let (long, turn, off) = (dot(e, e), cross(e, d), cross(e, sub(on_a, corner)));
            if dot(turn, turn) >= PARALLEL * long * square || dot(off, off) > 1e-6 * long * long || !(long > 0.0) {
                continue;
            }
            // Both ends of the segment in lengths of the edge.
            let at = |p: Vec3| dot(sub(p, corner), e) / long;
            let (s, t) = (at(self.ends[0]), at(self.ends[1]));
            let (low, high) = (s.min(t).max(0.0), s.max(t).min(1.0));
            if (high - low) * long.sqrt() > 0.02 * self.radius {
                for (k, x) in [low, high].into_iter().enumerate() {
                    let p = add_scaled(self.ends[0], d, ((x - s) / (t - s)).max(0.0).min(1.0));
                    let height = dot(normal, sub(p, add_scaled(corner, e, x)));
                    self.emit(normal, p, (height, 0x1_0000 | (i as u32) << 8 | k as u32), out);
                }
                return;
            }
        }
        self.emit(normal, narrow(near.on_b), (near.distance as Real, 0x2_0000), out);
    }
    /// The segment has gone in.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn deep(&self, seam: &dyn Fn(Vec3) -> bool, out: &mut Manifold) {
        let [p, q] = self.ends;
        let d = sub(q, p);
        let (mut face, mut gap) = (0, Real::NEG_INFINITY);
        for f in 0..self.shape.fronts {
            let g = self.height(f, p).min(self.height(f, q));
            if g > gap {
                (face, gap) = (f, g);
            }
        }
        let mut edge = None;
        let mut best = gap + EDGE_BIAS * self.radius;
        for i in (0..self.shape.hull.edges.len()).step_by(2) {
            let side = |k: usize| self.plane(self.shape.hull.edges[i + k].face as usize);
            let (n0, n1) = (side(0), side(1));
            if dot(n0, d) * dot(n1, d) >= 0.0 {
                continue;
            }
            let (corner, e) = self.edge(i);
            let n = cross(e, d);
            let square = dot(n, n);
            if square <= PARALLEL * 0.01 * dot(e, e) * dot(d, d) {
                continue;
            }
            let n = scale(n, if dot(n, add(n0, n1)) < 0.0 { -1.0 } else { 1.0 } / square.sqrt());
            let g = dot(n, sub(p, corner));
            if g > best {
                (edge, best) = (Some((i, n)), g);
            }
        }
        match edge {
            Some((i, n)) if !seam(n) => {
                let (corner, e) = self.edge(i);
                let w = sub(corner, p);
                let (dd, ee, de, wd, we) = (dot(d, d), dot(e, e), dot(d, e), dot(w, d), dot(w, e));
                let t = ((wd * ee - we * de) / (dd * ee - de * de)).max(0.0).min(1.0);
                self.emit(n, add_scaled(p, d, t), (best, 0x3_0000 | i as u32), out);
            }
            _ => {
                self.flat(face, out);
                if out.count == 0 {
                    let low = if self.height(face, q) < self.height(face, p) { q } else { p };
                    self.single(face, low, out);
                }
            }
        }
    }
}
