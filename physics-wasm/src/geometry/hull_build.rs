//! Convex hulls of point clouds: quickhull (Barber, Dobkin, Huhdanpaa 1996) with exact decisions, farthest point first.
//!
//! Points are put on an integer grid of 2³⁸ steps an axis (a power of two per axis, so that 32-bit floats are on it as they are). Whether a
//! point sees a triangle is then the sign of an integer, found in floats and, where they cannot tell, in 128 bits. So what is seen is always
//! one patch with one rim, every triangle has area, and the surface is convex without a tolerance anywhere; tolerances only say which points
//! are worth a corner and, in `hull_merge`, which triangles are one face.
//!
//! The next corner is the point farthest from the plane of any triangle. Stopping at 64 corners is therefore a good approximation.

use super::convex::{HalfEdge, Hull, MAX_HULL_EDGES, MAX_HULL_FACES, MAX_HULL_VERTICES};
use super::hull_grid::{inner, minus, orientation, outer, plane_through, Grid};
use super::hull_merge;
use super::vector::Vec3;
use crate::wide::Real;

/// Most points that `build` takes.
pub const MAX_HULL_POINTS: usize = 4096;
/// A point is worth a corner if it stands out by this part of the largest extent.
const TOLERANCE: f64 = 2.5e-7;
/// Coordinates beyond this count as not finite: their squares do not fit into 32-bit floats.
const LIMIT: f64 = 1e18;
/// No triangle.
pub(super) const NONE: u8 = 255;

/// Why there is no hull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HullError {
    /// Fewer than four points.
    TooFewPoints,
    /// All points lie in a plane, on a line or in one place, to within a millionth of the extent.
    Coplanar,
    /// A coordinate is NaN, infinite or beyond 1e18.
    NotFinite,
    /// More than `MAX_HULL_POINTS` points.
    TooManyPoints,
}

/// Memory for `build`; what is in it does not matter, all zeros are fine.
#[derive(Clone)]
#[repr(C)]
pub struct Scratch {
    /// How far a point stands out over its triangle, m.
    overshoot: [f64; MAX_HULL_POINTS],
    /// Points outside the hull so far.
    open: [u16; MAX_HULL_POINTS],
    /// The triangle over which a point stands out most.
    over: [u8; MAX_HULL_POINTS],
}

impl Scratch {
    /// Memory that is ready.
    pub const fn new() -> Self {
        Self { overshoot: [0.0; MAX_HULL_POINTS], open: [0; MAX_HULL_POINTS], over: [0; MAX_HULL_POINTS] }
    }
}

impl Default for Scratch {
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn default() -> Self {
        Self::new()
    }
}

/// Memory for a hull.
#[derive(Clone)]
#[repr(C)]
pub struct HullBuffer {
    /// Corners, m.
    pub vertices: [Vec3; MAX_HULL_VERTICES],
    /// Outward unit normals and offsets.
    pub planes: [[Real; 4]; MAX_HULL_FACES],
    /// One half-edge of each face.
    pub faces: [u16; MAX_HULL_FACES],
    /// Half-edges, twins side by side.
    pub edges: [HalfEdge; MAX_HULL_EDGES],
    /// Corners in use.
    pub vertex_count: usize,
    /// Faces in use.
    pub face_count: usize,
    /// Half-edges in use.
    pub edge_count: usize,
}

impl HullBuffer {
    /// A buffer without a hull.
    pub const fn new() -> Self {
        Self {
            vertices: [[0.0; 3]; MAX_HULL_VERTICES],
            planes: [[0.0; 4]; MAX_HULL_FACES],
            faces: [0; MAX_HULL_FACES],
            edges: [HalfEdge { next: 0, twin: 0, origin: 0, face: 0 }; MAX_HULL_EDGES],
            vertex_count: 0,
            face_count: 0,
            edge_count: 0,
        }
    }

    /// The hull in the buffer.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn view(&self) -> Hull<'_> {
        Hull {
            vertices: &self.vertices[..self.vertex_count],
            planes: &self.planes[..self.face_count],
            faces: &self.faces[..self.face_count],
            edges: &self.edges[..self.edge_count],
        }
    }

    /// Moves the hull so that `center` becomes its origin.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn recenter(&mut self, center: Vec3) {
        for vertex in &mut self.vertices[..self.vertex_count] {
            *vertex = core::array::from_fn(|axis| vertex[axis] - center[axis]);
        }
        self.support_planes();
    }

    /// Lays each face's plane on the corners that are farthest out.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub(super) fn support_planes(&mut self) {
        for plane in &mut self.planes[..self.face_count] {
            let along = |v: &Vec3| (0..3).map(|axis| plane[axis] as f64 * v[axis] as f64).sum::<f64>();
            plane[3] = self.vertices[..self.vertex_count].iter().map(along).fold(f64::NEG_INFINITY, f64::max) as Real;
        }
    }
}

impl Default for HullBuffer {
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn default() -> Self {
        Self::new()
    }
}

/// A triangle of the hull in the making.
#[derive(Clone, Copy)]
pub(super) struct Facet {
    /// Corners, counter-clockwise seen from outside.
    pub corner: [u8; 3],
    /// Neighbour over the edge from corner k to corner k + 1.
    pub neighbour: [u8; 3],
    /// Whether it is part of the hull.
    pub live: bool,
    /// Unit normal and offset, in floats: a measure, never a decision.
    plane: [f64; 4],
}

/// The hull in the making.
pub(super) struct Work {
    /// Triangles.
    pub facets: [Facet; MAX_HULL_FACES],
    /// Place of each corner on the grid: integers.
    grid_place: [[f64; 3]; MAX_HULL_VERTICES],
    /// Place of each corner about the middle of the cloud, m.
    pub place: [[f64; 3]; MAX_HULL_VERTICES],
    /// Point that each corner is.
    pub point: [u16; MAX_HULL_VERTICES],
    /// Corners in use, a bit each.
    pub corners: u64,
    /// Overshoot that is worth a corner, m.
    pub tolerance: f64,
}

/// Builds the hull of `points` into `out`. The same points in the same order give the same hull, bit for bit.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(points: &[Vec3], scratch: &mut Scratch, out: &mut HullBuffer) -> Result<(), HullError> {
    (out.vertex_count, out.face_count, out.edge_count) = (0, 0, 0);
    if points.iter().flatten().any(|v| (*v as f64).is_nan() || (*v as f64).abs() > LIMIT) {
        return Err(HullError::NotFinite);
    }
    if points.len() < 4 {
        return Err(HullError::TooFewPoints);
    }
    if points.len() > MAX_HULL_POINTS {
        return Err(HullError::TooManyPoints);
    }
    let (grid, extent, largest) = Grid::over(points);
    let dead = Facet { corner: [0; 3], neighbour: [0; 3], live: false, plane: [0.0; 4] };
    let mut work = Work {
        facets: [dead; MAX_HULL_FACES],
        grid_place: [[0.0; 3]; MAX_HULL_VERTICES],
        place: [[0.0; 3]; MAX_HULL_VERTICES],
        point: [0; MAX_HULL_VERTICES],
        corners: 0,
        tolerance: (TOLERANCE * extent + 2.0 * Real::EPSILON as f64 * largest).max(1e-15),
    };
    start(&mut work, points, &grid)?;
    let mut open = 0;
    for (p, point) in points.iter().enumerate() {
        let (over, overshoot) = work.farthest_facet(grid.metres(grid.place(*point)));
        if overshoot > 0.0 {
            (scratch.open[open], scratch.over[p], scratch.overshoot[p]) = (p as u16, over, overshoot);
            open += 1;
        }
    }
    while work.corners != u64::MAX {
        let best = (0..open).fold((usize::MAX, work.tolerance), |best, k| {
            let overshoot = scratch.overshoot[scratch.open[k] as usize];
            if overshoot > best.1 {
                (k, overshoot)
            } else {
                best
            }
        });
        if best.0 == usize::MAX {
            break;
        }
        let p = scratch.open[best.0];
        open -= 1;
        scratch.open.copy_within(best.0 + 1..open + 1, best.0);
        let fresh = work.add(p, grid.place(points[p as usize]), &grid);
        if fresh != 0 {
            open = reassign(&work, &grid, (points, fresh), (scratch, open));
        }
    }
    hull_merge::write(&work, points, out);
    Ok(())
}

/// Finds for each open point the triangle over which it now stands out most, and drops those inside; gives how many stay open.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn reassign(work: &Work, grid: &Grid, (points, fresh): (&[Vec3], u128), (scratch, open): (&mut Scratch, usize)) -> usize {
    let mut kept = 0;
    for k in 0..open {
        let p = scratch.open[k] as usize;
        let place = grid.metres(grid.place(points[p]));
        let over = scratch.over[p] as usize;
        // A triangle of the place of a removed one is new: its old distance is worth nothing.
        let best = if work.facets[over].live && fresh >> over & 1 == 0 {
            let mut best = (over as u8, scratch.overshoot[p]);
            let mut rest = fresh;
            while rest != 0 {
                let f = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let overshoot = work.facets[f].height(place);
                if overshoot > best.1 {
                    best = (f as u8, overshoot);
                }
            }
            best
        } else {
            work.farthest_facet(place)
        };
        if best.1 > 0.0 {
            (scratch.over[p], scratch.overshoot[p]) = best;
            scratch.open[kept] = p as u16;
            kept += 1;
        }
    }
    kept
}

/// The first tetrahedron: ends of the longest axis, the point farthest from their line, the point farthest from that plane.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn start(work: &mut Work, points: &[Vec3], grid: &Grid) -> Result<(), HullError> {
    let place = |p: usize| grid.metres(grid.place(points[p]));
    let farthest = |measure: &dyn Fn([f64; 3]) -> f64| {
        (0..points.len()).fold((0, f64::NEG_INFINITY), |best, p| {
            let value = measure(place(p));
            if value > best.1 {
                (p, value)
            } else {
                best
            }
        })
    };
    let spans: [[(usize, f64); 2]; 3] = core::array::from_fn(|axis| [farthest(&|v| -v[axis]), farthest(&|v| v[axis])]);
    let span = |axis: usize| spans[axis][0].1 + spans[axis][1].1;
    let longest = (1..3).fold(0, |best, axis| if span(axis) > span(best) { axis } else { best });
    let least = 2.0 * work.tolerance;
    let [(a, _), (b, _)] = spans[longest];
    let (pa, pb) = (place(a), place(b));
    let line = minus(pb, pa);
    let length = inner(line, line).sqrt();
    let (c, beside) = farthest(&|v| {
        let off = outer(line, minus(v, pa));
        inner(off, off)
    });
    if span(longest) <= least || beside.sqrt() <= least * length {
        return Err(HullError::Coplanar);
    }
    let plane = plane_through(pa, pb, place(c));
    let height = |v: [f64; 3]| plane[0] * v[0] + plane[1] * v[1] + plane[2] * v[2] - plane[3];
    let (d, above) = farthest(&|v| height(v).abs());
    if above <= least {
        return Err(HullError::Coplanar);
    }
    for (k, p) in [a, b, c, d].into_iter().enumerate() {
        let at = grid.place(points[p]);
        (work.grid_place[k], work.place[k], work.point[k]) = (at, grid.metres(at), p as u16);
    }
    let side = orientation([work.grid_place[0], work.grid_place[1], work.grid_place[2]], work.grid_place[3]);
    if side == 0 {
        return Err(HullError::Coplanar);
    }
    // The last corner has to be behind the first triangle.
    if side > 0 {
        work.grid_place.swap(1, 2);
        work.place.swap(1, 2);
        work.point.swap(1, 2);
    }
    work.corners = 15;
    work.set(0, [0, 1, 2], [1, 2, 3]);
    work.set(1, [1, 0, 3], [0, 3, 2]);
    work.set(2, [2, 1, 3], [0, 1, 3]);
    work.set(3, [0, 2, 3], [0, 2, 1]);
    Ok(())
}

impl Work {
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn set(&mut self, f: usize, corner: [u8; 3], neighbour: [u8; 3]) {
        let [a, b, c] = corner.map(|v| self.place[v as usize]);
        self.facets[f] = Facet { corner, neighbour, live: true, plane: plane_through(a, b, c) };
    }

    /// The triangle over which `place` stands out most, and by how much.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn farthest_facet(&self, place: [f64; 3]) -> (u8, f64) {
        let mut best = (NONE, f64::NEG_INFINITY);
        for (f, facet) in self.facets.iter().enumerate() {
            if facet.live {
                let height = facet.height(place);
                if height > best.1 {
                    best = (f as u8, height);
                }
            }
        }
        best
    }

    /// Adds point `p` as a corner; gives the new triangles, a bit each. None if the point is inside after all.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn add(&mut self, p: u16, at: [f64; 3], grid: &Grid) -> u128 {
        let mut seen = 0u128;
        for (f, facet) in self.facets.iter().enumerate() {
            if facet.live && orientation(facet.corner.map(|v| self.grid_place[v as usize]), at) > 0 {
                seen |= 1 << f;
            }
        }
        // The rim of what is seen: where an edge that begins at a corner goes, and the triangle beyond it.
        let mut rim = [(NONE, NONE); MAX_HULL_VERTICES];
        let (mut first, mut length) = (NONE, 0);
        for (f, facet) in self.facets.iter().enumerate().filter(|(f, _)| seen >> f & 1 != 0) {
            for k in 0..3 {
                let beyond = facet.neighbour[k];
                if seen >> beyond & 1 == 0 {
                    debug_assert!(self.facets[f].live);
                    first = facet.corner[k];
                    rim[first as usize] = (facet.corner[(k + 1) % 3], beyond);
                    length += 1;
                }
            }
        }
        let corner = self.corners.trailing_ones() as usize;
        if length < 3 || corner == MAX_HULL_VERTICES {
            return 0;
        }
        for (f, facet) in self.facets.iter_mut().enumerate() {
            facet.live &= seen >> f & 1 == 0;
        }
        (self.grid_place[corner], self.place[corner], self.point[corner]) = (at, grid.metres(at), p);
        let slots = self.fan(corner as u8, &rim, first, length);
        self.corners = self.facets.iter().filter(|facet| facet.live).flat_map(|facet| facet.corner).fold(0, |all, v| all | 1 << v);
        slots
    }

    /// Joins a new corner to every edge of the rim.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn fan(&mut self, corner: u8, rim: &[(u8, u8); MAX_HULL_VERTICES], first: u8, length: usize) -> u128 {
        let mut slots = [0u8; MAX_HULL_VERTICES];
        let free = self.facets.iter().enumerate().filter(|(_, facet)| !facet.live);
        for (slot, (f, _)) in slots.iter_mut().zip(free).take(length) {
            *slot = f as u8;
        }
        let (mut from, mut fresh) = (first, 0u128);
        for k in 0..length {
            let (to, beyond) = rim[from as usize];
            let slot = slots[k];
            let (after, before) = (slots[(k + 1) % length], slots[(k + length - 1) % length]);
            self.set(slot as usize, [from, to, corner], [beyond, after, before]);
            let outside = &mut self.facets[beyond as usize];
            for j in 0..3 {
                if outside.corner[j] == to && outside.corner[(j + 1) % 3] == from {
                    outside.neighbour[j] = slot;
                }
            }
            fresh |= 1 << slot;
            from = to;
        }
        fresh
    }
}

impl Facet {
    /// Height of a place over the triangle's plane, m.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn height(&self, place: [f64; 3]) -> f64 {
        self.plane[0] * place[0] + self.plane[1] * place[1] + self.plane[2] * place[2] - self.plane[3]
    }
}
