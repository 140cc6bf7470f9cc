//! Walking the index of the queries: nearest part first, with what is beyond the best answer left out.
//!
//! A visit takes no branch that depends on which children are in question: four keys and references are sorted as whole numbers (a float that is
//! not negative orders like its bits) and written to the stack at once, of which only those in question are kept.

use core::mem::MaybeUninit;

use super::query_index::{NODE, NOTHING};
use crate::wide::{Real, Real4, Word4};
use crate::world::World;

/// Most parts that wait: three a level, above the slabs and in one.
const WAITING: usize = 96;
/// Keys are kept in 32 bits, rounded down: this is more than the rounding.
#[cfg(feature = "double")]
const DOWN: Real = 1.0 - f32::EPSILON as Real;

/// Where row `row` of a node begins: low x, y, z, high x, y, z of its four children.
#[inline(always)]
pub fn side(world: &World, node: usize, row: usize) -> Real4 {
    world.columns.query_node.load(node * NODE + row * 4)
}

/// References of the four children of a node: they follow its sides.
#[inline(always)]
pub fn children(world: &World, node: usize) -> *mut u32 {
    world.columns.query_node.address(node * NODE + 24).cast()
}

/// A walk that can be taken step by step, so that several can be under way at once: what one waits for, another uses.
pub struct Walk {
    waiting: [MaybeUninit<u64>; WAITING + 4],
    count: usize,
    next: u32,
}

impl Walk {
    /// A walk that has come to its end.
    pub const IDLE: Self = Self { waiting: [const { MaybeUninit::uninit() }; WAITING + 4], count: 0, next: NOTHING };

    /// Begins a walk from `root`. False when there is nothing to walk.
    #[inline(always)]
    pub fn begin(&mut self, root: u32) -> bool {
        (self.count, self.next) = (0, root);
        root != NOTHING
    }

    /// One node or leaf; gives false at the end. `key(node)`: how far each of the four children is, at least 0, infinite for those that are out of
    /// the question. `visit(leaf)` gives the new bound: what is further is left out. Children are taken in the order of their keys.
    #[inline(always)]
    pub fn step(&mut self, world: &World, mut bound: Real, key: impl FnOnce(usize) -> Real4, visit: impl FnOnce(usize) -> Real) -> bool {
        if self.next & 1 != 0 {
            bound = visit((self.next >> 1) as usize);
        } else {
            let node = (self.next >> 1) as usize;
            let keys = key(node);
            let hits = keys.le(Real4::splat(bound)).bits();
            // SAFETY: the references lie in the node.
            let references = unsafe { Word4::load(children(world, node)) }.to_array();
            let far = packed(keys);
            let part = |lane: usize| if hits >> lane & 1 != 0 { (far[lane] << 32) | references[lane] as u64 } else { 0 };
            let sorted = sort([part(0), part(1), part(2), part(3)]);
            if self.count > WAITING - 4 {
                // Deeper than a tree of 2²⁰ bodies can be.
                return false;
            }
            for (k, part) in sorted.into_iter().enumerate() {
                self.waiting[self.count + k] = MaybeUninit::new(part);
            }
            self.count += hits.count_ones() as usize;
        }
        while self.count > 0 {
            self.count -= 1;
            // SAFETY: everything below `count` has been written.
            let part = unsafe { self.waiting[self.count].assume_init() };
            if f32::from_bits((part >> 32) as u32) as Real <= bound {
                self.next = part as u32;
                return true;
            }
        }
        false
    }
}

/// Walks the whole tree below `root`: `Walk::step` until the end.
#[inline(always)]
pub fn walk(world: &World, root: u32, mut bound: Real, key: impl Fn(usize) -> Real4, mut visit: impl FnMut(usize, Real) -> Real) {
    let mut walk = Walk::IDLE;
    let mut more = walk.begin(root);
    while more {
        let before = bound;
        more = walk.step(world, before, &key, |leaf| {
            bound = visit(leaf, before);
            bound
        });
    }
}

/// The bits of four keys in 32 bits.
#[inline(always)]
fn packed(keys: Real4) -> [u64; 4] {
    #[cfg(feature = "double")]
    let keys = (keys * Real4::splat(DOWN)).narrow();
    keys.to_array().map(|v| v.to_bits() as u64)
}

/// Four numbers in descending order.
#[inline(always)]
fn sort(v: [u64; 4]) -> [u64; 4] {
    let order = |a: u64, b: u64| if a < b { (b, a) } else { (a, b) };
    let ((a, b), (c, d)) = (order(v[0], v[1]), order(v[2], v[3]));
    let ((first, c), (b, last)) = (order(a, c), order(b, d));
    let (second, third) = order(b, c);
    [first, second, third, last]
}
