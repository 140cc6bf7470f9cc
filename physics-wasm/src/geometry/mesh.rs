//! Triangle meshes: level geometry that does not move. Shared corners and indices, a tree of boxes over the triangles, and for each triangle
//! which of its edges can be felt.
//!
//! Neighbours are found by place, not by index: corners that lie in the same place are one, so that a mesh with a corner for each triangle
//! has the same seams as one that shares them.

use super::bounds::{around, Aabb};
use super::bvh::{self, Bvh, Ray};
use super::convex::Triangle;
use super::triangle::{self, Hit, Near};
use super::vector::Vec3;
use crate::order;
use crate::wide::Real;

/// Most triangles: three edges of each have to be counted in 32 bits.
pub const MAX_TRIANGLES: usize = 1 << 28;

/// Why there is no mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeshError {
    /// No triangles, or more than `MAX_TRIANGLES`.
    Count,
    /// The memory handed in is too small.
    Memory,
    /// This triangle has an index beyond the vertices.
    OutOfRange(u32),
    /// This triangle has a corner that is NaN, infinite or beyond 1e18 m.
    NotFinite(u32),
    /// This triangle has no area.
    Degenerate(u32),
}

/// A mesh over memory that somebody else holds.
#[derive(Clone, Copy, Debug)]
pub struct Mesh<'a> {
    /// Corners, m.
    pub vertices: &'a [Vec3],
    /// Corners of each triangle, counter-clockwise seen from its front.
    pub indices: &'a [[u32; 3]],
    /// Active edges of each triangle: see `Triangle::active`.
    pub active: &'a [u8],
    /// Boxes of the triangles.
    pub tree: Bvh<'a>,
}

/// Memory that a mesh is built in.
pub struct Memory<'a> {
    /// Three words a triangle, for the build alone.
    pub keys: &'a mut [u64],
    /// Two words a vertex, for the build alone.
    pub words: &'a mut [u32],
    /// A byte a triangle.
    pub active: &'a mut [u8],
    /// `bvh::BOX_STRIDE` numbers for each of `bvh::node_capacity` nodes.
    pub boxes: &'a mut [Real],
    /// Four links for each of `bvh::node_capacity` nodes.
    pub links: &'a mut [u32],
}

/// Checks the triangles, finds their active edges and builds their tree; gives the number of nodes.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(vertices: &[Vec3], indices: &[[u32; 3]], memory: &mut Memory) -> Result<usize, MeshError> {
    let count = indices.len();
    if count == 0 || count > MAX_TRIANGLES {
        return Err(MeshError::Count);
    }
    if memory.keys.len() < 3 * count || memory.words.len() < 2 * vertices.len() || memory.active.len() < count {
        return Err(MeshError::Memory);
    }
    for (t, triangle) in indices.iter().enumerate() {
        if triangle.iter().any(|v| *v as usize >= vertices.len()) {
            return Err(MeshError::OutOfRange(t as u32));
        }
        let corners = triangle.map(|v| vertices[v as usize]);
        if !corners.iter().flatten().all(|v| v.abs() <= 1e18) {
            return Err(MeshError::NotFinite(t as u32));
        }
        if !triangle::has_area(&corners) {
            return Err(MeshError::Degenerate(t as u32));
        }
    }
    let (order, same) = memory.words.split_at_mut(vertices.len());
    weld(vertices, order, &mut same[..vertices.len()]);
    find_active(&Surface { vertices, indices, same }, &mut memory.keys[..3 * count], memory.active);
    let bounds = |t: u32| around(&indices[t as usize].map(|v| vertices[v as usize]));
    let nodes = bvh::build(count, bounds, &mut bvh::Memory { keys: memory.keys, boxes: memory.boxes, links: memory.links });
    if nodes == 0 {
        return Err(MeshError::Memory);
    }
    Ok(nodes)
}

/// What neighbours are found in: the mesh, and the first vertex in the place of each.
struct Surface<'a> {
    vertices: &'a [Vec3],
    indices: &'a [[u32; 3]],
    same: &'a [u32],
}

/// Finds the first vertex in the place of each.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn weld(vertices: &[Vec3], order: &mut [u32], same: &mut [u32]) {
    // Adding zero makes −0 the same as 0; the order of bits is as good as any.
    let place = |v: u32| vertices[v as usize].map(|x| (x + 0.0).to_bits());
    order.iter_mut().enumerate().for_each(|(k, v)| *v = k as u32);
    order::sort(order, |a, b| (place(*a), *a) < (place(*b), *b));
    let mut first = 0;
    for k in 0..order.len() {
        if k == 0 || place(order[k]) != place(order[k - 1]) {
            first = order[k];
        }
        same[order[k] as usize] = first;
    }
}

impl Surface<'_> {
    /// The two welded ends of an edge (3 · triangle + number), lower first.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn ends(&self, edge: u32) -> [u32; 2] {
        let [a, b] = self.directed(edge);
        [a.min(b), a.max(b)]
    }
    /// The two welded ends of an edge as its triangle goes along it.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn directed(&self, edge: u32) -> [u32; 2] {
        let triangle = self.indices[(edge / 3) as usize];
        let k = (edge % 3) as usize;
        [triangle[k], triangle[(k + 1) % 3]].map(|v| self.same[v as usize])
    }
    /// Corners of an edge's triangle, the edge's two first.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn corners(&self, edge: u32) -> [Vec3; 3] {
        let triangle = self.indices[(edge / 3) as usize];
        core::array::from_fn(|k| self.vertices[triangle[((edge % 3) as usize + k) % 3] as usize])
    }
}

/// Sorts all edges by their ends, and looks at each that exactly two triangles share, going along it in opposite directions.
/// All others are borders, and active.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn find_active(surface: &Surface, keys: &mut [u64], active: &mut [u8]) {
    for (edge, key) in keys.iter_mut().enumerate() {
        *key = (surface.ends(edge as u32)[0] as u64) << 32 | edge as u64;
    }
    let edge = |key: u64| key as u32;
    let rank = |key: u64| (key >> 32, surface.ends(edge(key))[1], edge(key));
    order::sort(keys, |a, b| rank(*a) < rank(*b));
    active[..surface.indices.len()].fill(7);
    let mut start = 0;
    while start < keys.len() {
        let ends = surface.ends(edge(keys[start]));
        let mut end = start + 1;
        while end < keys.len() && surface.ends(edge(keys[end])) == ends {
            end += 1;
        }
        if end - start == 2 {
            let (one, two) = (edge(keys[start]), edge(keys[start + 1]));
            let opposed = surface.directed(one) != surface.directed(two);
            if opposed && !triangle::is_ridge(surface.corners(one), surface.corners(two)[2]) {
                active[(one / 3) as usize] &= !(1 << (one % 3));
                active[(two / 3) as usize] &= !(1 << (two % 3));
            }
        }
        start = end;
    }
}

impl Mesh<'_> {
    /// The box around the mesh.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn bounds(&self) -> Aabb {
        self.tree.bounds()
    }

    /// A triangle; its index has to be below the number of triangles.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn triangle(&self, index: u32) -> Triangle {
        Triangle { corners: self.corners(index), active: self.active[index as usize] as u32 }
    }

    #[inline(always)]
    fn corners(&self, index: u32) -> [Vec3; 3] {
        self.indices[index as usize].map(|v| self.vertices[v as usize])
    }

    /// Gives each triangle whose box overlaps or touches the box `low` … `high`.
    #[inline]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn for_each_triangle(&self, low: Vec3, high: Vec3, mut each: impl FnMut(u32, Triangle)) {
        self.tree.visit_box(low, high, |index| each(index, self.triangle(index)));
    }

    /// The first triangle on a ray, met from either side; of several at the same distance the one with the lowest index. `expand` of the ray
    /// has no part in it.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn ray(&self, ray: &Ray) -> Option<Hit> {
        let mut best: Option<Hit> = None;
        let mut test = |triangle: u32, max: Real| {
            let Some((distance, normal)) = triangle::ray(&self.corners(triangle), ray.origin, ray.direction) else {
                return max;
            };
            let first = best.is_none_or(|hit| triangle < hit.triangle);
            if distance < max || (distance == max && first) {
                best = Some(Hit { distance, normal, triangle });
                return distance;
            }
            max
        };
        // Behind a pointer: moving shapes have the same copy of the walk.
        self.tree.visit_ray(&Ray { expand: [0.0; 3], ..*ray }, &mut test as &mut dyn FnMut(u32, Real) -> Real);
        best
    }

    /// The point of the mesh nearest to `point`, if one is within `max_distance`.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn nearest(&self, point: Vec3, max_distance: Real) -> Option<Near> {
        let mut best: Option<Near> = None;
        self.tree.visit_nearest(point, max_distance, |triangle, max| {
            let on = triangle::nearest(&self.corners(triangle), point);
            let distance = triangle::distance(on, point);
            let first = best.is_none_or(|near| triangle < near.triangle);
            if distance < max || (distance == max && first) {
                best = Some(Near { distance, point: on, triangle });
                return distance;
            }
            max
        });
        best
    }
}
