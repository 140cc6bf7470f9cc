//! From triangles to polygons: coplanar triangles become one face, and corners inside a face or on a straight edge go.
//!
//! Two neighbours are merged where the result is still a plain polygon (they share exactly one chain of edges and no other corner) and a
//! plane that all corners of the hull are behind has all corners of the polygon within twice the tolerance. The surface therefore stays a
//! closed polyhedron and its planes stay supporting planes, whatever the input: what cannot be merged is kept as it is.

use super::convex::{HalfEdge, MAX_HULL_EDGES, MAX_HULL_FACES, MAX_HULL_VERTICES};
use super::hull_build::{HullBuffer, Work};
use super::hull_grid::{inner, minus, outer};
use super::vector::Vec3;
use crate::wide::Real;

/// No half-edge.
const NONE: u16 = u16::MAX;

/// A half-edge with both neighbours along its face.
#[derive(Clone, Copy)]
struct Edge {
    next: u16,
    before: u16,
    origin: u8,
    face: u8,
    live: bool,
}

/// A face in the making.
#[derive(Clone, Copy)]
struct Polygon {
    /// One of its half-edges; `NONE` if the face is gone.
    first: u16,
    /// Its corners, a bit each.
    corners: u64,
    /// Unit normal.
    normal: [f64; 3],
    /// Area, m².
    area: f64,
}

/// The surface as polygons. The twin of half-edge e is e ^ 1.
struct Surface<'a> {
    work: &'a Work,
    edges: [Edge; MAX_HULL_EDGES],
    faces: [Polygon; MAX_HULL_FACES],
}

/// Merges what is coplanar and writes the hull.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub(super) fn write(work: &Work, points: &[Vec3], out: &mut HullBuffer) {
    let mut surface = Surface::new(work);
    surface.merge_all();
    for e in 0..MAX_HULL_EDGES as u16 {
        surface.straighten(e);
    }
    surface.emit(points, out);
}

impl<'a> Surface<'a> {
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn new(work: &'a Work) -> Self {
        let edge = Edge { next: NONE, before: NONE, origin: 0, face: 0, live: false };
        let polygon = Polygon { first: NONE, corners: 0, normal: [0.0; 3], area: 0.0 };
        let mut surface = Self { work, edges: [edge; MAX_HULL_EDGES], faces: [polygon; MAX_HULL_FACES] };
        // Half-edge of each side of each triangle: pairs are numbered as they are met.
        let mut of = [[NONE; 3]; MAX_HULL_FACES];
        let mut count = 0;
        for (f, facet) in work.facets.iter().enumerate().filter(|(_, facet)| facet.live) {
            for k in 0..3 {
                let over = facet.neighbour[k] as usize;
                let back = (0..3).find(|j| work.facets[over].corner[*j] == facet.corner[(k + 1) % 3]).unwrap_or(0);
                if of[f][k] == NONE {
                    (of[f][k], of[over][back]) = (count, count + 1);
                    count += 2;
                }
            }
        }
        for (f, facet) in work.facets.iter().enumerate().filter(|(_, facet)| facet.live) {
            for k in 0..3 {
                let (next, before) = (of[f][(k + 1) % 3], of[f][(k + 2) % 3]);
                surface.edges[of[f][k] as usize] = Edge { next, before, origin: facet.corner[k], face: f as u8, live: true };
                surface.faces[f].corners |= 1 << facet.corner[k];
            }
            surface.faces[f].first = of[f][0];
            let (normal, area) = surface.newell(&[of[f][0]]);
            (surface.faces[f].normal, surface.faces[f].area) = (normal, area);
        }
        surface
    }

    /// Merges until nothing can be merged, the largest faces first.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn merge_all(&mut self) {
        let mut done = 0u128;
        loop {
            let open = (0..MAX_HULL_FACES).filter(|f| self.faces[*f].first != NONE && done >> f & 1 == 0);
            let largest =
                open.fold(
                    MAX_HULL_FACES,
                    |best, f| {
                        if best == MAX_HULL_FACES || self.faces[f].area > self.faces[best].area {
                            f
                        } else {
                            best
                        }
                    },
                );
            if largest == MAX_HULL_FACES {
                return;
            }
            done |= 1 << largest;
            while self.absorb(largest as u8) {}
        }
    }

    /// Merges one neighbour into face `f`; gives false if none can be.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn absorb(&mut self, f: u8) -> bool {
        let first = self.faces[f as usize].first;
        let mut e = first;
        loop {
            if self.try_merge(f, e) {
                return true;
            }
            e = self.edges[e as usize].next;
            if e == first {
                return false;
            }
        }
    }

    /// Merges the face across half-edge `e` into `e`'s face `f`, if that is sound.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn try_merge(&mut self, f: u8, e: u16) -> bool {
        let g = self.edges[(e ^ 1) as usize].face;
        let (ours, theirs) = (self.faces[f as usize], self.faces[g as usize]);
        if f == g || inner(ours.normal, theirs.normal) < 0.0 && theirs.area > 0.01 * ours.area {
            return false;
        }
        // The chain of shared edges around e: from `start` to `end`, along f.
        let across = |s: &Self, e: u16| s.edges[(e ^ 1) as usize].face == g;
        let (mut start, mut end, mut length) = (e, e, 1);
        while across(self, self.edges[start as usize].before) && length < MAX_HULL_EDGES {
            start = self.edges[start as usize].before;
            length += 1;
        }
        while across(self, self.edges[end as usize].next) && length < MAX_HULL_EDGES {
            end = self.edges[end as usize].next;
            length += 1;
        }
        let shared = ours.corners & theirs.corners;
        let size = (ours.corners.count_ones() + theirs.corners.count_ones()) as usize;
        if shared.count_ones() as usize != length + 1 || size < 2 * length + 3 {
            return false;
        }
        let rest = [self.edges[end as usize].next, self.edges[(start ^ 1) as usize].next];
        let ends = 1u64 << self.edges[start as usize].origin | 1u64 << self.edges[rest[0] as usize].origin;
        let corners = (ours.corners | theirs.corners) & !shared | ends;
        let Some((normal, area)) = self.common_plane([rest, [start, end ^ 1]], corners, ours.normal) else {
            return false;
        };
        self.join([self.edges[start as usize].before, rest[1]]);
        self.join([self.edges[(end ^ 1) as usize].before, rest[0]]);
        let mut gone = start;
        for _ in 0..length {
            let next = self.edges[gone as usize].next;
            self.edges[gone as usize].live = false;
            self.edges[(gone ^ 1) as usize].live = false;
            gone = next;
        }
        self.faces[f as usize] = Polygon { first: rest[0], corners, normal, area };
        self.faces[g as usize].first = NONE;
        let mut e = rest[0];
        for _ in 0..MAX_HULL_EDGES {
            self.edges[e as usize].face = f;
            e = self.edges[e as usize].next;
            if e == rest[0] {
                break;
            }
        }
        true
    }

    /// Normal and area of the polygon that merging gives, if a plane that supports the hull has all its corners within the tolerance.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn common_plane(&self, [from, to]: [[u16; 2]; 2], corners: u64, larger: [f64; 3]) -> Option<([f64; 3], f64)> {
        let (mut sum, reference) = ([0.0; 3], self.place(self.edges[from[0] as usize].origin));
        for (first, last) in from.into_iter().zip(to) {
            self.add_fan(first, last, reference, &mut sum);
        }
        let twice = inner(sum, sum).sqrt();
        let own = sum.map(|v| v / twice);
        // The larger face's own plane is the second choice: a sliver can tilt the mean plane beyond the tolerance.
        let sound = |n: &[f64; 3]| inner(*n, larger) > 0.9 && self.supports(*n, corners);
        [own, larger].into_iter().find(sound).map(|normal| (normal, 0.5 * twice))
    }

    /// Whether the plane with normal `n` against the hull has all of `corners` within the tolerance.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn supports(&self, n: [f64; 3], corners: u64) -> bool {
        let (mut highest, mut lowest) = (f64::NEG_INFINITY, f64::INFINITY);
        for v in (0..MAX_HULL_VERTICES).filter(|v| self.work.corners >> v & 1 != 0) {
            let height = inner(n, self.work.place[v]);
            highest = highest.max(height);
            if corners >> v & 1 != 0 {
                lowest = lowest.min(height);
            }
        }
        highest - lowest <= 2.0 * self.work.tolerance
    }

    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn place(&self, corner: u8) -> [f64; 3] {
        self.work.place[corner as usize]
    }

    /// Adds twice the vector area of the fan from `reference` over the half-edges from `first` up to before `last`.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn add_fan(&self, first: u16, last: u16, reference: [f64; 3], sum: &mut [f64; 3]) {
        let mut e = first;
        for _ in 0..MAX_HULL_EDGES {
            let next = self.edges[e as usize].next;
            let ends = [e, next].map(|e| minus(self.place(self.edges[e as usize].origin), reference));
            let n = outer(ends[0], ends[1]);
            *sum = core::array::from_fn(|axis| sum[axis] + n[axis]);
            e = next;
            if e == last {
                return;
            }
        }
    }

    /// Unit normal and area of a whole face.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn newell(&self, first: &[u16; 1]) -> ([f64; 3], f64) {
        let mut sum = [0.0; 3];
        self.add_fan(first[0], first[0], self.place(self.edges[first[0] as usize].origin), &mut sum);
        let twice = inner(sum, sum).sqrt();
        let s = if twice > 0.0 { 1.0 / twice } else { 0.0 };
        (sum.map(|v| v * s), 0.5 * twice)
    }

    /// Makes the second half-edge follow the first.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn join(&mut self, [a, b]: [u16; 2]) {
        self.edges[a as usize].next = b;
        self.edges[b as usize].before = a;
    }

    /// Takes away the corner at the end of half-edge `e` if only two faces meet there and it lies on the straight line between its neighbours.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn straighten(&mut self, e: u16) {
        loop {
            let this = self.edges[e as usize];
            let next = this.next;
            // Two faces meet at the end if the way around it is: e, next, back over its twin, e's twin.
            if !this.live || self.edges[(next ^ 1) as usize].next != e ^ 1 {
                return;
            }
            let [f, g] = [this.face, self.edges[(e ^ 1) as usize].face];
            let [a, v, b] = [this.origin, self.edges[next as usize].origin, self.edges[(next ^ 1) as usize].origin];
            let small = |f: u8| self.faces[f as usize].corners.count_ones() < 4;
            let (line, off) = (minus(self.place(b), self.place(a)), minus(self.place(v), self.place(a)));
            let n = outer(line, off);
            if small(f) || small(g) || inner(n, n) > inner(line, line) * self.work.tolerance * self.work.tolerance {
                return;
            }
            self.join([e, self.edges[next as usize].next]);
            self.join([self.edges[(next ^ 1) as usize].before, e ^ 1]);
            self.edges[(e ^ 1) as usize].origin = b;
            self.edges[next as usize].live = false;
            self.edges[(next ^ 1) as usize].live = false;
            for face in [f, g] {
                self.faces[face as usize].corners &= !(1 << v);
            }
            (self.faces[f as usize].first, self.faces[g as usize].first) = (e, e ^ 1);
        }
    }

    /// Writes what is left, in order of first use.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn emit(&self, points: &[Vec3], out: &mut HullBuffer) {
        let mut edge_at = [NONE; MAX_HULL_EDGES];
        for e in (0..MAX_HULL_EDGES).step_by(2).filter(|e| self.edges[*e].live) {
            (edge_at[e], edge_at[e + 1]) = (out.edge_count as u16, out.edge_count as u16 + 1);
            out.edge_count += 2;
        }
        let used = self.faces.iter().filter(|face| face.first != NONE).fold(0, |all, face| all | face.corners);
        let mut vertex_at = [0u16; MAX_HULL_VERTICES];
        for v in (0..MAX_HULL_VERTICES).filter(|v| used >> v & 1 != 0) {
            vertex_at[v] = out.vertex_count as u16;
            out.vertices[out.vertex_count] = points[self.work.point[v] as usize];
            out.vertex_count += 1;
        }
        for face in self.faces.iter().filter(|face| face.first != NONE) {
            let mut e = face.first;
            for _ in 0..MAX_HULL_EDGES {
                let edge = self.edges[e as usize];
                out.edges[edge_at[e as usize] as usize] = HalfEdge {
                    next: edge_at[edge.next as usize],
                    twin: edge_at[e as usize] ^ 1,
                    origin: vertex_at[edge.origin as usize],
                    face: out.face_count as u16,
                };
                e = edge.next;
                if e == face.first {
                    break;
                }
            }
            let n = face.normal.map(|v| v as Real);
            out.planes[out.face_count] = [n[0], n[1], n[2], 0.0];
            out.faces[out.face_count] = edge_at[face.first as usize];
            out.face_count += 1;
        }
        out.support_planes();
    }
}
