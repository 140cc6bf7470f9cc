//! Slow and simple geometry in 64 bits to measure the narrow phase against: shapes as corners, edges, triangles and a margin.

#![allow(dead_code)]

mod numbers;

use kernel::geometry::convex::{Convex, HalfEdge, Hull, Triangle};
use kernel::geometry::vector::{Pose, Vec3};
use kernel::wide::Real;
pub use numbers::Numbers;

pub type V = [f64; 3];

pub fn wide(a: Vec3) -> V {
    a.map(f64::from)
}
pub fn add(a: V, b: V) -> V {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}
pub fn sub(a: V, b: V) -> V {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}
pub fn scale(a: V, s: f64) -> V {
    a.map(|x| x * s)
}
pub fn dot(a: V, b: V) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
pub fn cross(a: V, b: V) -> V {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
pub fn length(a: V) -> f64 {
    dot(a, a).sqrt()
}

/// A hull that owns its memory.
#[derive(Clone)]
pub struct Built {
    pub vertices: Vec<Vec3>,
    pub planes: Vec<[Real; 4]>,
    pub faces: Vec<u16>,
    pub edges: Vec<HalfEdge>,
    pub polygons: Vec<Vec<usize>>,
}

impl Built {
    /// From polygons that go counter-clockwise, seen from outside.
    pub fn from_polygons(vertices: Vec<Vec3>, polygons: Vec<Vec<usize>>) -> Self {
        let mut built = Built { vertices, planes: vec![], faces: vec![], edges: vec![], polygons };
        let mut index = std::collections::HashMap::new();
        for (f, polygon) in built.polygons.iter().enumerate() {
            let at = |i: usize| polygon[i % polygon.len()];
            let mut n = [0.0; 3];
            for i in 0..polygon.len() {
                n = add(n, cross(wide(built.vertices[at(i)]), wide(built.vertices[at(i + 1)])));
            }
            let n = scale(n, 1.0 / length(n));
            let d = polygon.iter().map(|&v| dot(n, wide(built.vertices[v]))).sum::<f64>() / polygon.len() as f64;
            built.planes.push([n[0] as Real, n[1] as Real, n[2] as Real, d as Real]);
            let ids: Vec<usize> = (0..polygon.len())
                .map(|i| {
                    let id = match index.get(&(at(i + 1), at(i))) {
                        Some(&twin) => twin ^ 1,
                        None => {
                            built.edges.extend([HalfEdge::default(); 2]);
                            built.edges.len() - 2
                        }
                    };
                    index.insert((at(i), at(i + 1)), id);
                    id
                })
                .collect();
            for (i, &id) in ids.iter().enumerate() {
                let next = ids[(i + 1) % ids.len()] as u16;
                built.edges[id] = HalfEdge { next, twin: id as u16 ^ 1, origin: at(i) as u16, face: f as u16 };
            }
            built.faces.push(ids[0] as u16);
        }
        built
    }
    /// The hull of `count` points of an ellipsoid: every triangle that has all points on one side.
    pub fn random(numbers: &mut Numbers, count: usize) -> Self {
        let size = [0, 1, 2].map(|_| numbers.between(0.2, 1.0));
        let mut vertices: Vec<Vec3> = (0..count)
            .map(|_| {
                let u = numbers.unit();
                [u[0] * size[0], u[1] * size[1], u[2] * size[2]]
            })
            .collect();
        // A hull has its origin inside.
        let middle = [0, 1, 2].map(|i| vertices.iter().map(|v| v[i]).sum::<Real>() / count as Real);
        vertices.iter_mut().for_each(|v| *v = [v[0] - middle[0], v[1] - middle[1], v[2] - middle[2]]);
        let mut polygons = vec![];
        for i in 0..count {
            for j in i + 1..count {
                for k in j + 1..count {
                    let [p, q, r] = [i, j, k].map(|v| wide(vertices[v]));
                    let n = cross(sub(q, p), sub(r, p));
                    let mut others = (0..count).filter(|v| ![i, j, k].contains(v)).map(|v| dot(n, sub(wide(vertices[v]), p)));
                    if others.clone().all(|h| h < 0.0) {
                        polygons.push(vec![i, j, k]);
                    } else if others.all(|h| h > 0.0) {
                        polygons.push(vec![i, k, j]);
                    }
                }
            }
        }
        Self::from_polygons(vertices, polygons)
    }
    /// An upright prism over a regular polygon.
    pub fn prism(sides: usize, radius: Real, half: Real) -> Self {
        let angle = |i: usize| i as f64 * std::f64::consts::TAU / sides as f64;
        let ring =
            |y: Real| (0..sides).map(move |i| [(angle(i).cos() * radius as f64) as Real, y, (-angle(i).sin() * radius as f64) as Real]);
        let vertices = ring(half).chain(ring(-half)).collect();
        let mut polygons = vec![(0..sides).collect::<Vec<_>>(), (0..sides).rev().map(|i| i + sides).collect()];
        polygons.extend((0..sides).map(|i| vec![i, i + sides, (i + 1) % sides + sides, (i + 1) % sides]));
        Self::from_polygons(vertices, polygons)
    }
    pub fn hull(&self) -> Hull<'_> {
        Hull { vertices: &self.vertices, planes: &self.planes, faces: &self.faces, edges: &self.edges }
    }
}

/// A shape of any kind with its memory.
pub enum Shape {
    Plain(Convex<'static>),
    Built(Built),
}

pub const KINDS: [&str; 5] = ["sphere", "capsule", "box", "hull", "triangle"];

impl Shape {
    pub fn random(numbers: &mut Numbers, kind: &str) -> Self {
        Shape::Plain(match kind {
            "sphere" => Convex::Sphere(numbers.between(0.1, 1.0)),
            "capsule" => Convex::Capsule { radius: numbers.between(0.1, 0.5), half_height: numbers.between(0.05, 1.0) },
            "box" => Convex::Box([numbers.between(0.1, 1.0), numbers.between(0.1, 1.0), numbers.between(0.1, 1.0)]),
            "hull" if numbers.next() < 0.3 => {
                let sides = 3 + (numbers.next() * 8.0) as usize;
                return Shape::Built(Built::prism(sides, numbers.between(0.3, 1.0), numbers.between(0.2, 1.0)));
            }
            "hull" => {
                let count = 6 + (numbers.next() * 8.0) as usize;
                return Shape::Built(Built::random(numbers, count));
            }
            _ => loop {
                let corners = [numbers.vector(1.0), numbers.vector(1.0), numbers.vector(1.0)];
                let t = Triangle { corners, active: 7 };
                if length(wide(t.area_vector())) > 0.3 {
                    break Convex::Triangle(t);
                }
            },
        })
    }
    pub fn convex(&self) -> Convex<'_> {
        match self {
            Shape::Plain(convex) => *convex,
            Shape::Built(built) => Convex::Hull(built.hull()),
        }
    }
    /// The same shape in 64 bits, at a pose.
    pub fn solid(&self, pose: &Pose) -> Solid {
        let box_polygons = || Built::prism(4, 1.0, 1.0).polygons;
        let (corners, polygons, margin) = match self {
            Shape::Built(built) => (built.vertices.clone(), built.polygons.clone(), 0.0),
            Shape::Plain(Convex::Sphere(r)) => (vec![[0.0; 3]], vec![], *r),
            Shape::Plain(Convex::Capsule { radius, half_height: h }) => (vec![[0.0, -*h, 0.0], [0.0, *h, 0.0]], vec![], *radius),
            Shape::Plain(Convex::Triangle(t)) => (t.corners.to_vec(), vec![vec![0, 1, 2]], 0.0),
            Shape::Plain(Convex::Box([x, y, z])) => {
                let ring = |y: Real| [[*x, y, *z], [*x, y, -*z], [-*x, y, -*z], [-*x, y, *z]];
                (ring(*y).into_iter().chain(ring(-*y)).collect(), box_polygons(), 0.0)
            }
            Shape::Plain(Convex::Hull(_)) => unreachable!(),
        };
        let mut edges = vec![];
        for polygon in &polygons {
            for i in 0..polygon.len() {
                let (p, q) = (polygon[i], polygon[(i + 1) % polygon.len()]);
                if !edges.contains(&[q, p]) {
                    edges.push([p, q]);
                }
            }
        }
        if corners.len() == 2 {
            edges.push([0, 1]);
        }
        let triangles = polygons.iter().flat_map(|p| (1..p.len() - 1).map(|i| [p[0], p[i], p[i + 1]])).collect();
        let corners = corners.into_iter().map(|c| place(pose, wide(c))).collect();
        Solid { corners, edges, triangles, margin: margin as f64 }
    }
}

/// A point of a frame, seen from outside, in 64 bits.
pub fn place(pose: &Pose, p: V) -> V {
    add(turn(pose.rotation, p), wide(pose.position))
}
pub fn turn(q: [Real; 4], v: V) -> V {
    let q = q.map(f64::from);
    let norm = (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).sqrt();
    let q = q.map(|x| x / norm);
    let u = [q[0], q[1], q[2]];
    let t = scale(cross(u, v), 2.0);
    add(add(v, scale(t, q[3])), cross(u, t))
}

/// Corners, edges, triangles, and what surrounds them.
#[derive(Clone)]
pub struct Solid {
    pub corners: Vec<V>,
    pub edges: Vec<[usize; 2]>,
    pub triangles: Vec<[usize; 3]>,
    pub margin: f64,
}

impl Solid {
    pub fn point(p: V) -> Self {
        Solid { corners: vec![p], edges: vec![], triangles: vec![], margin: 0.0 }
    }
    pub fn moved(&self, by: V) -> Self {
        Solid { corners: self.corners.iter().map(|&c| add(c, by)).collect(), ..self.clone() }
    }
    pub fn range(&self, n: V) -> (f64, f64) {
        let heights = self.corners.iter().map(|&c| dot(c, n));
        (heights.clone().fold(f64::INFINITY, f64::min), heights.fold(f64::NEG_INFINITY, f64::max))
    }
    fn normals(&self) -> Vec<V> {
        self.triangles
            .iter()
            .map(|&[i, j, k]| cross(sub(self.corners[j], self.corners[i]), sub(self.corners[k], self.corners[i])))
            .collect()
    }
    fn ways(&self) -> Vec<V> {
        self.edges.iter().map(|&[i, j]| sub(self.corners[j], self.corners[i])).collect()
    }
}

/// The largest gap of the cores along any normal of a face or product of two edges; −∞ when there are none. `front`: only a's first normal, not its opposite.
pub fn axis_gap(a: &Solid, b: &Solid, front: bool) -> f64 {
    gap_without(a, b, front, 1e-4)
}

/// The same, with edges whose sine is below `parallel` left out.
pub fn gap_without(a: &Solid, b: &Solid, front: bool, parallel: f64) -> f64 {
    let mut best = f64::NEG_INFINITY;
    let mut consider = |n: V, both: bool| {
        let l = length(n);
        if l > 1e-9 {
            let n = scale(n, 1.0 / l);
            let ((a0, a1), (b0, b1)) = (a.range(n), b.range(n));
            best = best.max(b0 - a1);
            if both {
                best = best.max(a0 - b1);
            }
        }
    };
    a.normals().into_iter().for_each(|n| consider(n, !front));
    b.normals().into_iter().for_each(|n| consider(n, true));
    for p in a.ways() {
        for q in b.ways() {
            if length(cross(p, q)) > parallel * length(p) * length(q) {
                consider(cross(p, q), true);
            }
        }
    }
    best
}

fn segment_segment(p: V, q: V, r: V, s: V) -> f64 {
    let (d, e, w) = (sub(q, p), sub(s, r), sub(r, p));
    let (dd, ee, de, wd, we) = (dot(d, d), dot(e, e), dot(d, e), dot(w, d), dot(w, e));
    let at = |t: f64, u: f64| length(sub(add(p, scale(d, t)), add(r, scale(e, u))));
    let clamp = |x: f64| if x.is_nan() { 0.0 } else { x.clamp(0.0, 1.0) };
    let mut best = f64::INFINITY;
    // The middle, and the four ends against the other segment.
    let det = dd * ee - de * de;
    if det > 1e-12 * dd * ee {
        let (t, u) = ((wd * ee - we * de) / det, (wd * de - we * dd) / det);
        if (0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u) {
            best = at(t, u);
        }
    }
    for t in [0.0, 1.0] {
        best = best.min(at(t, clamp((t * de - we) / ee)));
        best = best.min(at(clamp((t * de + wd) / dd), t));
    }
    best
}

fn point_triangle(p: V, [a, b, c]: [V; 3]) -> f64 {
    let n = cross(sub(b, a), sub(c, a));
    let inside = [(a, b), (b, c), (c, a)].iter().all(|&(s, t)| dot(cross(sub(t, s), sub(p, s)), n) >= 0.0);
    if inside {
        dot(n, sub(p, a)).abs() / length(n)
    } else {
        f64::INFINITY
    }
}

/// From the corners of one to the faces of the other.
fn corner_face(a: &Solid, b: &Solid) -> f64 {
    let all = a.corners.iter().flat_map(|&p| b.triangles.iter().map(move |t| point_triangle(p, t.map(|i| b.corners[i]))));
    all.fold(f64::INFINITY, f64::min)
}

/// Distance of the cores; 0 where they overlap.
pub fn core_distance(a: &Solid, b: &Solid) -> f64 {
    if axis_gap(a, b, false) <= 0.0 && !(a.triangles.is_empty() && b.triangles.is_empty()) && (a.corners.len() > 1 && b.corners.len() > 1) {
        return 0.0;
    }
    let mut best = corner_face(a, b).min(corner_face(b, a));
    for (one, two) in [(a, b), (b, a)] {
        for &p in &one.corners {
            for &[i, j] in &two.edges {
                best = best.min(segment_segment(p, p, two.corners[i], two.corners[j]));
            }
            for &q in &two.corners {
                best = best.min(length(sub(p, q)));
            }
        }
    }
    for &[i, j] in &a.edges {
        for &[k, l] in &b.edges {
            best = best.min(segment_segment(a.corners[i], a.corners[j], b.corners[k], b.corners[l]));
        }
    }
    // A point inside a solid.
    for (one, two) in [(a, b), (b, a)] {
        if one.corners.len() == 1 && two.triangles.len() > 1 && axis_gap(two, one, true) <= 0.0 {
            best = 0.0;
        }
    }
    best
}

/// The distance of the cores as far as a face and a corner, or two edges (not their ends), tell it.
pub fn facet_distance(a: &Solid, b: &Solid) -> f64 {
    let mut best = corner_face(a, b).min(corner_face(b, a));
    for &[i, j] in &a.edges {
        for &[k, l] in &b.edges {
            let (p, q, r, s) = (a.corners[i], a.corners[j], b.corners[k], b.corners[l]);
            let whole = segment_segment(p, q, r, s);
            let ends = [(p, p, r, s), (q, q, r, s), (p, q, r, r), (p, q, s, s)].map(|(p, q, r, s)| segment_segment(p, q, r, s));
            if ends.iter().all(|&e| e > whole + 1e-9) {
                best = best.min(whole);
            }
        }
    }
    best
}

/// Random pose of b such that the two shapes about touch.
pub fn pose_near(numbers: &mut Numbers, a: &Shape, b: &Shape) -> Pose {
    let rotation = numbers.rotation();
    let mut pose = Pose { position: [0.0; 3], rotation };
    let n = wide(if numbers.next() < 0.3 { [0.0, 1.0, 0.0] } else { numbers.unit() });
    let (one, two) = (a.solid(&Pose::ORIGIN), b.solid(&pose));
    let touch = one.range(n).1 + one.margin - two.range(n).0 + two.margin;
    let along = touch + numbers.between(-0.3, 0.1) as f64 * numbers.next() as f64;
    let side = wide(numbers.vector(0.7));
    let side = sub(side, scale(n, dot(side, n)));
    pose.position = add(scale(n, along), side).map(|x| x as Real);
    pose
}
