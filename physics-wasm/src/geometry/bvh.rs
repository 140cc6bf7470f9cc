//! A tree of boxes with four children a node, over the triangles of a mesh or the bodies of a world.
//!
//! Items are sorted along a Morton curve (30 bits) and ranges of them split where the highest bit changes (Karras 2012), the largest first,
//! until a node has four children. A child is another node or one item, whose box is exact: what a visit reports overlaps, and nothing has to
//! be tested again. Children lie behind their parents, so that the boxes are joined in one pass backwards.
//!
//! | node | what | elements |
//! |---|---|---|
//! | boxes | low x, low y, low z, high x, high y, high z of four children | 24 |
//! | links | `NOTHING`, `ITEM` + item, or the child node | 4 |

use super::bounds::{join, Aabb, EMPTY};
use super::vector::Vec3;
use crate::wide::{Real, Real4, LANES};

/// Numbers of a node's boxes.
pub const BOX_STRIDE: usize = 24;
/// A link: no child.
pub const NOTHING: u32 = u32::MAX;
/// A link: the rest is an item.
pub const ITEM: u32 = 1 << 31;
/// Most items.
pub const MAX_ITEMS: usize = 1 << 30;
/// Depth below which ranges are halved by count, so that 15 levels more hold any number of items.
const MORTON_DEPTH: u32 = 24;
/// Room of a visit: three brothers wait on each level.
const STACK: usize = 3 * (MORTON_DEPTH as usize + 16) + 4;
/// A direction's component below which the ray does not move along that axis.
const STILL: Real = 1e-20;
/// Bits of a pass of the radix sort.
const RADIX_BITS: u32 = 10;
/// Children of a node.
const CHILDREN: usize = LANES;

/// Nodes that `items` items may need.
pub const fn node_capacity(items: usize) -> usize {
    2 * items / 3 + 1
}

/// A tree over memory that somebody else holds. Without nodes it is empty; the root is node 0.
#[derive(Clone, Copy, Debug)]
pub struct Bvh<'a> {
    /// Boxes of each node's children.
    pub boxes: &'a [Real],
    /// What the children are.
    pub links: &'a [u32],
}

/// Memory that a tree is built in.
pub struct Memory<'a> {
    /// Two words an item, for the build alone.
    pub keys: &'a mut [u64],
    /// `BOX_STRIDE` numbers for each of `node_capacity` nodes.
    pub boxes: &'a mut [Real],
    /// Four links for each of `node_capacity` nodes.
    pub links: &'a mut [u32],
}

/// Builds the tree of items 0 … `count` − 1; gives the number of nodes, 0 without items or where the memory is too small.
/// An item whose box is not a box (NaN, low above high) is in the tree and never found.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn build(count: usize, bounds: impl Fn(u32) -> Aabb, memory: &mut Memory) -> usize {
    let capacity = node_capacity(count);
    let short = memory.keys.len() < 2 * count || memory.links.len() < CHILDREN * capacity || memory.boxes.len() < BOX_STRIDE * capacity;
    if count == 0 || count > MAX_ITEMS || short {
        return 0;
    }
    let (keys, spare) = memory.keys.split_at_mut(count);
    code(keys, &bounds);
    let keys = sort(keys, &mut spare[..count]);
    let nodes = split_all(keys, &mut memory.links[..CHILDREN * capacity]);
    for node in (0..nodes).rev() {
        gather(node, memory.boxes, memory.links, &bounds);
    }
    nodes
}

/// Writes each item's Morton code over its number.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn code(keys: &mut [u64], bounds: &impl Fn(u32) -> Aabb) {
    // Halves before sums: a box may be as large as numbers go.
    let middle = |[low, high]: Aabb| -> Vec3 { core::array::from_fn(|axis| 0.5 * low[axis] + 0.5 * high[axis]) };
    let mut all = EMPTY;
    for item in 0..keys.len() {
        let m = middle(bounds(item as u32));
        if m.iter().all(|v| v.is_finite()) {
            all = join(all, [m, m]);
        }
    }
    let scale: Vec3 = core::array::from_fn(|axis| {
        let extent = all[1][axis] - all[0][axis];
        if extent > 0.0 && extent < Real::INFINITY {
            1023.99 / extent
        } else {
            0.0
        }
    });
    for (item, key) in keys.iter_mut().enumerate() {
        let m = middle(bounds(item as u32));
        // Casts saturate and make NaN 0.
        let cell = |axis: usize| spread((((m[axis] - all[0][axis]) * scale[axis]) as u32).min(1023));
        *key = ((cell(0) << 2 | cell(1) << 1 | cell(2)) as u64) << 32 | item as u64;
    }
}

/// Puts two zeros between the ten bits of `v`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn spread(v: u32) -> u32 {
    let v = (v | v << 16) & 0x0300_00ff;
    let v = (v | v << 8) & 0x0300_f00f;
    let v = (v | v << 4) & 0x030c_30c3;
    (v | v << 2) & 0x0924_9249
}

/// Sorts by code, keeping the order of equals; gives the sorted half.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn sort<'a>(keys: &'a mut [u64], spare: &'a mut [u64]) -> &'a [u64] {
    let (mut from, mut to) = (keys, spare);
    for pass in 0..30 / RADIX_BITS {
        let shift = 32 + pass * RADIX_BITS;
        let digit = |key: u64| (key >> shift) as usize & ((1 << RADIX_BITS) - 1);
        let mut places = [0u32; 1 << RADIX_BITS];
        for key in from.iter() {
            places[digit(*key)] += 1;
        }
        let mut sum = 0;
        for place in &mut places {
            (*place, sum) = (sum, sum + *place);
        }
        for key in from.iter() {
            let place = &mut places[digit(*key)];
            to[*place as usize] = *key;
            *place += 1;
        }
        (from, to) = (to, from);
    }
    from
}

/// Makes the nodes; a node that waits has its range and depth in its links. Gives their number.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn split_all(keys: &[u64], links: &mut [u32]) -> usize {
    links[..3].copy_from_slice(&[0, keys.len() as u32, 0]);
    let (mut node, mut nodes) = (0, 1);
    while node < nodes {
        let at = CHILDREN * node;
        let (start, end, depth) = (links[at], links[at + 1], links[at + 2]);
        let (cuts, children) = cut(keys, start, end, depth);
        for child in 0..CHILDREN {
            links[at + child] = if child >= children {
                NOTHING
            } else if cuts[child + 1] - cuts[child] == 1 {
                ITEM | keys[cuts[child] as usize] as u32
            } else {
                let new = CHILDREN * nodes;
                links[new..new + 3].copy_from_slice(&[cuts[child], cuts[child + 1], depth + 1]);
                nodes += 1;
                (nodes - 1) as u32
            };
        }
        node += 1;
    }
    nodes
}

/// Cuts a range into up to four; gives the cuts and how many parts there are.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn cut(keys: &[u64], start: u32, end: u32, depth: u32) -> ([u32; CHILDREN + 1], usize) {
    let mut cuts = [end; CHILDREN + 1];
    cuts[0] = start;
    let mut parts = 1;
    while parts < CHILDREN {
        let size = |k: usize| cuts[k + 1] - cuts[k];
        let largest = (1..parts).fold(0, |best, k| if size(k) > size(best) { k } else { best });
        if size(largest) < 2 {
            break;
        }
        let middle = split(keys, cuts[largest], cuts[largest + 1], depth);
        cuts.copy_within(largest + 1..parts + 1, largest + 2);
        cuts[largest + 1] = middle;
        parts += 1;
    }
    (cuts, parts)
}

/// Where the highest bit that differs in a range changes; the middle where none does or the tree is deep.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn split(keys: &[u64], start: u32, end: u32, depth: u32) -> u32 {
    let codes = |k: u32| (keys[k as usize] >> 32) as u32;
    let (first, last) = (codes(start), codes(end - 1));
    if first == last || depth >= MORTON_DEPTH {
        return start + (end - start) / 2;
    }
    let bit = 31 - (first ^ last).leading_zeros();
    let (mut low, mut high) = (start, end - 1);
    // The bit is clear at `low` and set at `high`.
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if codes(middle) >> bit & 1 == 0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Writes the boxes of a node's children, which are complete.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn gather(node: usize, boxes: &mut [Real], links: &[u32], bounds: &impl Fn(u32) -> Aabb) {
    for lane in 0..CHILDREN {
        let link = links[CHILDREN * node + lane];
        let [low, high] = if link == NOTHING {
            EMPTY
        } else if link & ITEM != 0 {
            let [low, high] = bounds(link & !ITEM);
            // What is no box is empty: no question meets it.
            if (0..3).all(|axis| low[axis] <= high[axis]) {
                [low, high]
            } else {
                EMPTY
            }
        } else {
            whole(boxes, link as usize)
        };
        for axis in 0..3 {
            boxes[BOX_STRIDE * node + 4 * axis + lane] = low[axis];
            boxes[BOX_STRIDE * node + 12 + 4 * axis + lane] = high[axis];
        }
    }
}

/// The box around all children of a node.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn whole(boxes: &[Real], node: usize) -> Aabb {
    let mut all = EMPTY;
    for lane in 0..CHILDREN {
        let at = |k: usize| boxes[BOX_STRIDE * node + 4 * k + lane];
        all = join(all, [[at(0), at(1), at(2)], [at(3), at(4), at(5)]]);
    }
    all
}

/// The six bounds of a node's children: low x, y, z, high x, y, z.
#[inline(always)]
fn load(boxes: &[Real], node: usize) -> [Real4; 6] {
    let boxes = &boxes[BOX_STRIDE * node..BOX_STRIDE * (node + 1)];
    // SAFETY: six times four of the 24 numbers.
    core::array::from_fn(|k| unsafe { Real4::load(boxes.as_ptr().add(4 * k)) })
}

impl Bvh<'_> {
    /// The box around everything; `EMPTY` where there is nothing.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn bounds(&self) -> Aabb {
        if self.links.is_empty() {
            EMPTY
        } else {
            whole(self.boxes, 0)
        }
    }

    /// Reports each item whose box overlaps or touches the box `low` … `high`, in an order that depends on the tree alone.
    #[inline(always)]
    pub fn visit_box(&self, low: Vec3, high: Vec3, mut visit: impl FnMut(u32)) {
        self.each_in_box(low, high, &mut visit);
    }

    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn each_in_box(&self, low: Vec3, high: Vec3, visit: &mut dyn FnMut(u32)) {
        let (low, high) = (low.map(Real4::splat), high.map(Real4::splat));
        let mut stack = [0u32; STACK];
        let mut waiting = !self.links.is_empty() as usize;
        while waiting > 0 {
            waiting -= 1;
            let node = stack[waiting] as usize;
            let b = load(self.boxes, node);
            let apart = |axis: usize| b[axis].le(high[axis]) & b[axis + 3].ge(low[axis]);
            let mut bits = (apart(0) & apart(1) & apart(2)).bits();
            while bits != 0 {
                let link = self.links[CHILDREN * node + bits.trailing_zeros() as usize];
                bits &= bits - 1;
                if link & ITEM == 0 {
                    if waiting < STACK {
                        stack[waiting] = link;
                        waiting += 1;
                    }
                } else if link != NOTHING {
                    visit(link & !ITEM);
                }
            }
        }
    }

    /// Reports the items whose boxes, grown by `expand` on each side, the ray meets within `max_distance`, nearer boxes first. `direction` has
    /// length one; `visit` gets the item and the distance so far and gives the new one: boxes beyond it are left out.
    #[inline(never)]
    pub fn visit_ray(&self, ray: &Ray, mut visit: impl FnMut(u32, Real) -> Real) {
        // Along an axis on which it does not move, the ray is inside a slab or not, at any distance.
        let still = ray.direction.map(|d| d.abs() < STILL);
        let inverse: [Real4; 3] = core::array::from_fn(|axis| Real4::splat(if still[axis] { 0.0 } else { 1.0 / ray.direction[axis] }));
        let origin = ray.origin.map(Real4::splat);
        let expand = ray.expand.map(Real4::splat);
        // Rounding must not close a box that the ray only just touches.
        let slack = Real4::splat(1.0 + 8.0 * Real::EPSILON);
        self.visit_ordered(ray.max_distance, &mut visit, |node, max| {
            let b = load(self.boxes, node);
            let (mut near, mut far) = (Real4::splat(0.0), Real4::splat(max));
            // An empty box is inside out; the minimum below would turn it around.
            let mut met = b[0].le(b[3]);
            for axis in 0..3 {
                let low = b[axis] - expand[axis] - origin[axis];
                let high = b[axis + 3] + expand[axis] - origin[axis];
                if still[axis] {
                    met = met & low.le(Real4::splat(0.0)) & high.ge(Real4::splat(0.0));
                } else {
                    let (one, two) = (low * inverse[axis], high * inverse[axis]);
                    near = near.max(one.min(two));
                    far = far.min(one.max(two) * slack);
                }
            }
            (near, near.le(far) & met)
        });
    }

    /// Reports the items whose boxes are within `max_distance` of `point`, nearer boxes first; `visit` as in `visit_ray`.
    #[inline(always)]
    pub fn visit_nearest(&self, point: Vec3, max_distance: Real, mut visit: impl FnMut(u32, Real) -> Real) {
        self.each_near(point, max_distance, &mut visit);
    }

    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    fn each_near(&self, point: Vec3, max_distance: Real, visit: &mut dyn FnMut(u32, Real) -> Real) {
        let p = point.map(Real4::splat);
        self.visit_ordered(max_distance, visit, |node, max| {
            let b = load(self.boxes, node);
            let mut square = Real4::splat(0.0);
            for axis in 0..3 {
                let outside = (b[axis] - p[axis]).max(p[axis] - b[axis + 3]);
                let outside = Real4::splat(0.0).max(outside);
                square = square + outside * outside;
            }
            let near = square.sqrt();
            (near, near.le(Real4::splat(max)) & b[0].le(b[3]))
        });
    }

    /// Visits in the order of a distance that `measure` gives for the four children of a node, with the lanes within the distance so far.
    #[inline(always)]
    fn visit_ordered(
        &self,
        max_distance: Real,
        visit: &mut dyn FnMut(u32, Real) -> Real,
        measure: impl Fn(usize, Real) -> (Real4, crate::wide::Mask4),
    ) {
        let mut stack = [(0.0 as Real, 0u32); STACK];
        let mut waiting = !self.links.is_empty() as usize;
        let mut max = max_distance;
        while waiting > 0 {
            waiting -= 1;
            let (near, link) = stack[waiting];
            if near > max {
                continue;
            }
            if link & ITEM != 0 {
                max = visit(link & !ITEM, max);
                continue;
            }
            let node = link as usize;
            let (near, mask) = measure(node, max);
            let (near, mut bits) = (near.to_array(), mask.bits());
            let first = waiting;
            while bits != 0 {
                let lane = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let link = self.links[CHILDREN * node + lane];
                if link == NOTHING || waiting == STACK {
                    continue;
                }
                // Farthest lowest: the nearest is taken next.
                let mut at = waiting;
                while at > first && stack[at - 1].0 < near[lane] {
                    stack[at] = stack[at - 1];
                    at -= 1;
                }
                stack[at] = (near[lane], link);
                waiting += 1;
            }
        }
    }
}

/// A ray, or a box that moves along one.
#[derive(Clone, Copy, Debug)]
pub struct Ray {
    /// Where it begins, m.
    pub origin: Vec3,
    /// Unit vector.
    pub direction: Vec3,
    /// How far it goes, m.
    pub max_distance: Real,
    /// Half extents of what moves along it; zero for a ray.
    pub expand: Vec3,
}
