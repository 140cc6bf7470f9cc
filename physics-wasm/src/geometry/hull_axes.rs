//! The separating axes of two polytopes: the best face of each, and the best pair of edges among those that span a face of the Minkowski difference
//! (D. Gregorius, *The Separating Axis Test between Convex Polyhedra*, GDC 2013).
//!
//! Every point of the other polytope bounds the gap along a normal from above: by its height. So the face that promises most is measured; the corner
//! of the other polytope that it finds lowers what the others promise; and so on until none promises more than was found (as Kelley's cutting planes
//! do): two or three faces instead of all. The corner found last also tells which edges may still be farther apart: those of faces that it is above.

use super::collide::Cache;
use super::convex::{HalfEdge, MAX_HULL_EDGES};
use super::hull_hull::around;
use super::polytope::{heights, Frame, Polytope, Row};
use super::vector::{add, cross, dot, sub, Vec3};
use crate::wide::{Real, Real4};
use core::mem::MaybeUninit;

/// Edges whose directions have a smaller sine than this are parallel.
const PARALLEL: Real = 0.005;
/// Share of a ball's radius that bounds rely on: the rest is for rounding.
const SURE: Real = 0.99;

/// What an axis belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    None,
    FaceOfA,
    FaceOfB,
    Edges,
}

/// A separating axis: what it belongs to (face `i`, or edges `i` of a and `j` of b), and the gap along it, m.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub kind: Kind,
    pub i: usize,
    pub j: usize,
    pub gap: Real,
}

impl Axis {
    pub const NONE: Self = Self { kind: Kind::None, i: 0, j: 0, gap: Real::NEG_INFINITY };
    pub fn pack(self) -> Cache {
        Cache((self.kind as u32) << 30 | (self.i as u32) << 15 | self.j as u32)
    }
    /// The face that was best in the last step, if it was one of `kind`.
    pub fn face_of(cache: Cache, kind: Kind) -> Option<usize> {
        (cache.0 >> 30 == kind as u32).then_some((cache.0 >> 15 & 0x7fff) as usize)
    }
}

/// One of the two polytopes.
pub(super) struct Side<'s> {
    pub shape: &'s Polytope<'s>,
    /// Of the other's center above the faces, m.
    heights: Row,
    /// A ball of this radius around the center is inside, m.
    pub ball: Real,
    /// The other's corner that lies lowest over the best face: which one, and where in the frame of this.
    pub lowest: usize,
    corner: Vec3,
}

impl<'s> Side<'s> {
    #[inline(always)]
    pub fn new(shape: &'s Polytope) -> Self {
        Self { shape, heights: Row::new(), ball: 0.0, lowest: 0, corner: [0.0; 3] }
    }
    /// With the other's center at `other`.
    #[inline(never)]
    pub fn face(&mut self, other: Vec3) {
        let planes = self.shape.hull.planes;
        let mut least = Real4::splat(Real::INFINITY);
        let both = heights(planes, other).map(|(height, offset)| {
            least = least.min(offset);
            height
        });
        self.heights.fill(both, planes.len());
        let least = least.to_array().into_iter().fold(Real::INFINITY, Real::min);
        // (All that are not flat have their center at the origin.)
        self.ball = if self.shape.fronts == self.shape.flats && least > 0.0 && least < Real::INFINITY { least } else { 0.0 };
    }

    /// The face that keeps `other` farthest away, or the first one found that keeps it farther than `reach`. `first`: where to begin.
    #[inline(never)]
    pub fn faces(&mut self, other: &Side, frame: &Frame, (kind, first, reach): (Kind, Option<usize>, Real)) -> Axis {
        let planes = &self.shape.hull.planes[..self.shape.fronts.min(self.shape.hull.planes.len())];
        let mut best = Axis::NONE;
        let mut promise = Row::new();
        let ball = Real4::splat(SURE * other.ball);
        promise.fill(self.heights.fours().iter().map(|h| *h - ball), planes.len());
        let mut at = first.filter(|first| *first < planes.len()).unwrap_or_else(|| promise.most().0);
        for _ in 0..planes.len() {
            let Some(plane) = planes.get(at) else { break };
            let n = [plane[0], plane[1], plane[2]];
            let (lowest, low) = lowest(other.shape.hull.vertices, frame.into(n));
            let gap = low + dot(n, frame.origin) - plane[3];
            let corner = frame.point(other.shape.hull.vertex(lowest as u16));
            if gap > best.gap {
                best = Axis { kind, i: at, j: 0, gap };
                (self.lowest, self.corner) = (lowest, corner);
            }
            if gap > reach {
                break;
            }
            promise.lower(heights(planes, corner).map(|(height, _)| height));
            promise.set(at, Real::NEG_INFINITY);
            let (next, top) = promise.most();
            // Written so that a NaN ends it.
            if !(top > best.gap) {
                break;
            }
            at = next;
        }
        best
    }

    /// Offers the edges that may be farther than `gap` away from the other one (even half-edges), which has a ball of radius `ball` around its
    /// center: a normal of the arc over an edge is s n₁ + t n₂ with s + t at least one and at most one over the cosine of half the angle between
    /// them, so a point's height along it is at most the larger of h₁ and h₂ times that.
    #[inline(never)]
    fn candidates(&self, (gap, ball): (Real, Real), list: &mut List) {
        let hull = &self.shape.hull;
        let mut above = Row::new();
        above.heights(hull.planes, self.corner);
        let floor = gap.min(0.0);
        above.each_above(floor, |face| {
            around(hull, face, |_, i| {
                let pair = [hull.edge(i & !1), hull.edge(i | 1)];
                let other = pair[(i & 1) ^ 1].face as usize;
                // From one of its faces only.
                let met = other < face && above.get(other) > floor;
                if !met && self.facing(&above, &pair, gap) && self.facing(&self.heights, &pair, gap + SURE * ball) {
                    list.push((i & !1) as u16);
                }
            });
        });
    }

    /// Whether a point with these heights may be farther than `bound` away along the arc of normals over an edge.
    #[inline(always)]
    fn facing(&self, heights: &Row, pair: &[HalfEdge; 2], bound: Real) -> bool {
        let (h0, h1) = (heights.get(pair[0].face as usize), heights.get(pair[1].face as usize));
        let high = if h0 > h1 { h0 } else { h1 };
        if high > bound || !(high > 0.0) {
            return high > bound;
        }
        let [n0, n1] = [&pair[0], &pair[1]].map(|e| self.shape.hull.normal(e.face as usize));
        2.0 * high * high > bound * bound * (1.0 + dot(n0, n1))
    }
}

/// Some of the edges of a hull.
struct List {
    count: usize,
    edges: [MaybeUninit<u16>; MAX_HULL_EDGES / 2],
}

impl List {
    #[inline(always)]
    fn new() -> Self {
        Self { count: 0, edges: [const { MaybeUninit::uninit() }; MAX_HULL_EDGES / 2] }
    }
    #[inline(always)]
    fn push(&mut self, edge: u16) {
        if let Some(slot) = self.edges.get_mut(self.count) {
            slot.write(edge);
            self.count += 1;
        }
    }
    #[inline(always)]
    fn all(&self) -> &[u16] {
        // SAFETY: so many are set.
        unsafe { core::slice::from_raw_parts(self.edges.as_ptr().cast::<u16>(), self.count) }
    }
}

/// The vertex with the least `n · v`, and that.
#[inline(always)]
pub(super) fn lowest(vertices: &[Vec3], n: Vec3) -> (usize, Real) {
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
pub(super) fn edges(a: &Side, b: &Side, frame: &Frame, gap: Real) -> Axis {
    let (hull, other) = (&a.shape.hull, &b.shape.hull);
    let (mut of_a, mut of_b) = (List::new(), List::new());
    a.candidates((gap, b.ball), &mut of_a);
    let of_a = of_a.all();
    let mut best = Axis::NONE;
    if of_a.is_empty() {
        return best;
    }
    b.candidates((gap, a.ball), &mut of_b);
    for &j in of_b.all() {
        let j = j as usize;
        let (pb, eb) = other.line(j);
        let (pb, eb) = (frame.point(pb), frame.out(eb));
        let [b0, b1] = other.normals(j).map(|n| frame.out(n));
        let square_b = dot(eb, eb);
        for &i in of_a {
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
                best = Axis { kind: Kind::Edges, i: i as usize, j, gap };
            }
        }
    }
    best
}
